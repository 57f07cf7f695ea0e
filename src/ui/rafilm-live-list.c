/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-live-list.h"

#include "rafilm-error.h"
#include "rafilm-spawn.h"
#include "rafilm-viewing.h"

struct _RafilmLiveList
{
  GObject parent_instance;

  RafilmStore *store;
  GType item_type;
  guint kinds;
  RafilmLiveListLoad load;
  gpointer data;
  GDestroyNotify destroy;

  GPtrArray *items;
  DexFuture *loading;
  guint refresh_source;
  guint stamp;
  guint loaded : 1;
};

typedef struct
{
  GWeakRef list;
  guint stamp;
} LoadData;

enum
{
  PROP_0,
  PROP_LOADED,
  PROP_N_ITEMS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void rafilm_live_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmLiveList, rafilm_live_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      rafilm_live_list_model_init))

static GType
rafilm_live_list_get_item_type (GListModel *model)
{
  return RAFILM_LIVE_LIST (model)->item_type;
}

static guint
rafilm_live_list_get_n_items (GListModel *model)
{
  return RAFILM_LIVE_LIST (model)->items->len;
}

static gpointer
rafilm_live_list_get_item (GListModel *model, guint position)
{
  RafilmLiveList *self = RAFILM_LIVE_LIST (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
rafilm_live_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = rafilm_live_list_get_item_type;
  iface->get_n_items = rafilm_live_list_get_n_items;
  iface->get_item = rafilm_live_list_get_item;
}

/* Films are the same object for the same film, so that a film that stays is
 * not announced: its bindings have followed already.  Other records are made
 * anew by each answer and are announced, for any of their fields may differ. */
static void
take_answer (RafilmLiveList *self, GListModel *answer)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) old = NULL;
  guint n_items = g_list_model_get_n_items (answer);
  guint head = 0;
  guint tail = 0;

  for (guint i = 0; i < n_items; i++)
    g_ptr_array_add (items, g_list_model_get_item (answer, i));

  old = g_steal_pointer (&self->items);
  while (head < old->len && head < items->len && old->pdata[head] == items->pdata[head])
    head++;
  while (tail < old->len - head && tail < items->len - head
         && old->pdata[old->len - 1 - tail] == items->pdata[items->len - 1 - tail])
    tail++;

  self->items = g_steal_pointer (&items);
  if (old->len - head - tail > 0 || self->items->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                self->items->len - head - tail);
  if (old->len != self->items->len)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
load_data_free (gpointer user_data)
{
  LoadData *data = user_data;

  g_weak_ref_clear (&data->list);
  g_free (data);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  LoadData *data = user_data;
  g_autoptr (RafilmLiveList) self = g_weak_ref_get (&data->list);
  g_autoptr (GListModel) answer = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *question = NULL;

  if (self == NULL)
    return NULL;
  question = self->load (self->store, self->data);
  g_clear_object (&self);
  answer = dex_await_object (question, &error);

  self = g_weak_ref_get (&data->list);
  if (self == NULL || data->stamp != self->stamp)
    return NULL;

  if (answer != NULL)
    take_answer (self, answer);
  else if (!rafilm_error_is_cancelled (error))
    g_warning ("A list could not be read: %s", error->message);

  if (!self->loaded)
    {
      self->loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
    }

  return NULL;
}

static gboolean
refresh_cb (gpointer user_data)
{
  RafilmLiveList *self = user_data;

  self->refresh_source = 0;
  rafilm_live_list_refresh (self);

  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (RafilmStore *store, RafilmStoreChange *change, RafilmLiveList *self)
{
  if ((change->kinds & self->kinds) != 0 && self->refresh_source == 0)
    self->refresh_source = g_idle_add (refresh_cb, self);
}

static void
rafilm_live_list_dispose (GObject *object)
{
  RafilmLiveList *self = RAFILM_LIVE_LIST (object);

  self->stamp++;
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  dex_clear (&self->loading);
  self->load = NULL;
  g_clear_object (&self->store);
  if (self->destroy != NULL)
    g_clear_pointer (&self->data, self->destroy);
  self->destroy = NULL;

  G_OBJECT_CLASS (rafilm_live_list_parent_class)->dispose (object);
}

static void
rafilm_live_list_finalize (GObject *object)
{
  g_clear_pointer (&RAFILM_LIVE_LIST (object)->items, g_ptr_array_unref);

  G_OBJECT_CLASS (rafilm_live_list_parent_class)->finalize (object);
}

static void
rafilm_live_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmLiveList *self = RAFILM_LIVE_LIST (object);

  switch (prop_id)
    {
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->items->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_live_list_class_init (RafilmLiveListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_live_list_dispose;
  object_class->finalize = rafilm_live_list_finalize;
  object_class->get_property = rafilm_live_list_get_property;

  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_live_list_init (RafilmLiveList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

RafilmLiveList *
rafilm_live_list_new (RafilmStore *store, GType item_type, guint kinds, RafilmLiveListLoad load,
                      gpointer data, GDestroyNotify destroy)
{
  RafilmLiveList *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (load != NULL, NULL);

  self = g_object_new (RAFILM_TYPE_LIVE_LIST, NULL);
  self->store = g_object_ref (store);
  self->item_type = item_type;
  self->kinds = kinds;
  self->load = load;
  self->data = data;
  self->destroy = destroy;
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  rafilm_live_list_refresh (self);

  return self;
}

void
rafilm_live_list_refresh (RafilmLiveList *self)
{
  LoadData *data;

  g_return_if_fail (RAFILM_IS_LIVE_LIST (self));

  /* One whose owner has let it go asks no more, whoever still shows it. */
  if (self->load == NULL)
    return;

  data = g_new0 (LoadData, 1);
  g_weak_ref_init (&data->list, self);
  data->stamp = ++self->stamp;
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (load_fiber, data, load_data_free);
}

gboolean
rafilm_live_list_is_loaded (RafilmLiveList *self)
{
  g_return_val_if_fail (RAFILM_IS_LIVE_LIST (self), FALSE);

  return self->loaded;
}
