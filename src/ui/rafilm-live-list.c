/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-live-list.h"

#include <string.h>

#include "rafilm-error.h"
#include "rafilm-spawn.h"
#include "rafilm-viewing.h"

/* While changes come without a break, as in a first sync, this is how often
 * they are looked at. */
#define PACE 150

/* Items that may come or go in one place, and places. */
#define FEW 8

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
  GtkWidget *page; /* weak: where it is shown; NULL for anywhere */
  DexFuture *loading;
  guint refresh_source;
  guint stamp;
  guint loaded : 1;
  guint asking : 1;
  guint changed : 1; /* since it was asked last */
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

static gboolean
is_same_viewing (RafilmViewing *a, RafilmViewing *b)
{
  return g_str_equal (rafilm_viewing_get_id (a), rafilm_viewing_get_id (b))
         && rafilm_viewing_get_film (a) == rafilm_viewing_get_film (b)
         && g_strcmp0 (rafilm_viewing_get_date (a), rafilm_viewing_get_date (b)) == 0
         && rafilm_viewing_get_rating (a) == rafilm_viewing_get_rating (b)
         && rafilm_viewing_get_liked (a) == rafilm_viewing_get_liked (b)
         && rafilm_viewing_get_rewatch (a) == rafilm_viewing_get_rewatch (b)
         && rafilm_viewing_get_finished (a) == rafilm_viewing_get_finished (b)
         && g_strcmp0 (rafilm_viewing_get_review (a), rafilm_viewing_get_review (b)) == 0
         && rafilm_viewing_get_spoiler (a) == rafilm_viewing_get_spoiler (b)
         && g_strcmp0 (rafilm_viewing_get_language (a), rafilm_viewing_get_language (b)) == 0
         && rafilm_viewing_get_public (a) == rafilm_viewing_get_public (b)
         && g_strv_equal (rafilm_viewing_get_tags (a), rafilm_viewing_get_tags (b))
         && rafilm_viewing_get_deleted (a) == rafilm_viewing_get_deleted (b)
         && rafilm_viewing_get_versions (a) == rafilm_viewing_get_versions (b)
         && rafilm_viewing_get_pending (a) == rafilm_viewing_get_pending (b);
}

/* Films are the same object for the same film, and their bindings have followed
 * already.  Viewings are made anew by each answer; one that says the same takes
 * the place of its successor.  Other records are taken as changed. */
static gboolean
is_same (gpointer *old, gpointer *new)
{
  if (*old == *new)
    return TRUE;
  if (!RAFILM_IS_VIEWING (*old) || !RAFILM_IS_VIEWING (*new) || !is_same_viewing (*old, *new))
    return FALSE;

  g_set_object ((GObject **) new, *old);

  return TRUE;
}

static void
replace (RafilmLiveList *self, guint position, guint n_removed, GPtrArray *items, guint n_added)
{
  if (n_removed == 0 && n_added == 0)
    return;

  if (n_removed > 0)
    g_ptr_array_remove_range (self->items, position, n_removed);
  for (guint i = 0; i < n_added; i++)
    g_ptr_array_insert (self->items, (int) (position + i),
                        g_object_ref (items->pdata[position + i]));
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
}

/* A few items that came to POSITION, or went from there. */
static gboolean
take_few (RafilmLiveList *self, guint position, GPtrArray *items)
{
  for (guint n = 1; n <= FEW; n++)
    {
      if (position + n < items->len
          && is_same (&self->items->pdata[position], &items->pdata[position + n]))
        {
          replace (self, position, 0, items, n);
          return TRUE;
        }
      if (position + n < self->items->len
          && is_same (&self->items->pdata[position + n], &items->pdata[position]))
        {
          replace (self, position, n, items, 0);
          return TRUE;
        }
    }

  return FALSE;
}

/* What stays is not announced, so that a view keeps its rows.  A few places may
 * differ; after those, what lies before the common end is taken as changed. */
static void
take_items (RafilmLiveList *self, GPtrArray *items)
{
  guint places = FEW;
  guint head = 0;
  guint tail = 0;

  while (head < self->items->len && head < items->len)
    if (is_same (&self->items->pdata[head], &items->pdata[head]))
      head++;
    else if (places-- == 0 || !take_few (self, head, items))
      break;

  while (tail < self->items->len - head && tail < items->len - head
         && is_same (&self->items->pdata[self->items->len - 1 - tail],
                     &items->pdata[items->len - 1 - tail]))
    tail++;
  replace (self, head, self->items->len - head - tail, items, items->len - head - tail);
}

static void
take_answer (RafilmLiveList *self, GListModel *answer)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint before = self->items->len;
  guint n_items = g_list_model_get_n_items (answer);

  for (guint i = 0; i < n_items; i++)
    g_ptr_array_add (items, g_list_model_get_item (answer, i));
  take_items (self, items);
  if (before != n_items)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

/* ---- Asking ---- */

static gboolean refresh_cb (gpointer user_data);

/* Nobody sees a page that another one covers, and one question at a time is
 * enough for the one that is seen. */
static void
refresh_later (RafilmLiveList *self, guint milliseconds)
{
  if (!self->changed || self->asking || self->refresh_source != 0)
    return;
  if (self->page != NULL && !gtk_widget_get_mapped (self->page))
    return;

  if (milliseconds == 0)
    self->refresh_source = g_idle_add (refresh_cb, self);
  else
    self->refresh_source = g_timeout_add (milliseconds, refresh_cb, self);
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
  self->asking = FALSE;

  if (answer != NULL)
    take_answer (self, answer);
  else if (!rafilm_error_is_cancelled (error))
    g_warning ("A list could not be read: %s", error->message);

  if (!self->loaded)
    {
      self->loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
    }
  refresh_later (self, PACE);

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
  if ((change->kinds & self->kinds) == 0)
    return;

  self->changed = TRUE;
  refresh_later (self, 0);
}

static void
page_mapped_cb (GtkWidget *page, RafilmLiveList *self)
{
  refresh_later (self, 0);
}

static void
rafilm_live_list_dispose (GObject *object)
{
  RafilmLiveList *self = RAFILM_LIVE_LIST (object);

  self->stamp++;
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  dex_clear (&self->loading);
  g_clear_weak_pointer (&self->page);
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
  self->asking = TRUE;
  self->changed = FALSE;
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (load_fiber, data, load_data_free);
}

gboolean
rafilm_live_list_is_loaded (RafilmLiveList *self)
{
  g_return_val_if_fail (RAFILM_IS_LIVE_LIST (self), FALSE);

  return self->loaded;
}

void
rafilm_live_list_show_in (RafilmLiveList *self, GtkWidget *page)
{
  g_return_if_fail (RAFILM_IS_LIVE_LIST (self));
  g_return_if_fail (GTK_IS_WIDGET (page));
  g_return_if_fail (self->page == NULL);

  g_set_weak_pointer (&self->page, page);
  g_signal_connect_object (page, "map", G_CALLBACK (page_mapped_cb), self, 0);
}
