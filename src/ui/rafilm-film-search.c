/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-film-search.h"

#include <glib/gi18n.h>

#include "rafilm-catalogue.h"
#include "rafilm-spawn.h"

#define LOCAL_LIMIT 60
#define PAUSE_MS 350
/* One letter finds half of all films; the service is asked from two on. */
#define SHORTEST_REMOTE 2

#define REMOTE_MARK "rafilm-found-remotely"

struct _RafilmFilmSearch
{
  GObject parent_instance;

  RafilmAppContext *context;
  char *text;
  GListStore *local;
  GListStore *remote;
  GtkFlattenListModel *model;
  DexFuture *local_task;
  DexFuture *remote_task;
  guint pause_source;
  guint stamp;
  guint busy;
};

typedef struct
{
  GWeakRef search;
  char *text;
  guint stamp;
  gboolean remote;
} SearchData;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RafilmFilmSearch, rafilm_film_search, G_TYPE_OBJECT)

static void
search_data_free (SearchData *data)
{
  g_weak_ref_clear (&data->search);
  g_free (data->text);
  g_free (data);
}

static gboolean
has_film (GListModel *model, RafilmFilm *film)
{
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (RafilmFilm) other = g_list_model_get_item (model, i);

      if (rafilm_film_get_id (other) == rafilm_film_get_id (film))
        return TRUE;
    }

  return FALSE;
}

/* What the mirror has found is not shown a second time. */
static void
take_results (RafilmFilmSearch *self, GListModel *found, gboolean remote)
{
  GListStore *target = remote ? self->remote : self->local;
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; found != NULL && i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (found, i);

      if (remote && has_film (G_LIST_MODEL (self->local), film))
        continue;
      g_object_set_data (G_OBJECT (film), REMOTE_MARK, GINT_TO_POINTER (remote));
      g_ptr_array_add (films, g_steal_pointer (&film));
    }
  g_list_store_splice (target, 0, g_list_model_get_n_items (G_LIST_MODEL (target)), films->pdata,
                       films->len);
}

static DexFuture *
search_fiber (gpointer user_data)
{
  SearchData *data = user_data;
  g_autoptr (RafilmFilmSearch) self = g_weak_ref_get (&data->search);
  g_autoptr (GListModel) found = NULL;
  DexFuture *question = NULL;

  if (self == NULL)
    return NULL;
  if (data->remote)
    question =
        rafilm_catalogue_search (rafilm_app_context_get_catalogue (self->context), data->text);
  else
    question =
        rafilm_store_search (rafilm_app_context_get_store (self->context), data->text, LOCAL_LIMIT);
  g_clear_object (&self);

  /* Offline the service finds nothing, and that is no error to show. */
  found = dex_await_object (question, NULL);

  self = g_weak_ref_get (&data->search);
  if (self == NULL || self->stamp != data->stamp)
    return NULL;
  self->busy--;
  take_results (self, found, data->remote);
  g_signal_emit (self, signals[CHANGED], 0);

  return NULL;
}

static DexFuture *
start (RafilmFilmSearch *self, gboolean remote)
{
  SearchData *data = g_new0 (SearchData, 1);

  g_weak_ref_init (&data->search, self);
  data->text = g_strdup (self->text);
  data->stamp = self->stamp;
  data->remote = remote;

  return rafilm_spawn (search_fiber, data, (GDestroyNotify) search_data_free);
}

static gboolean
pause_cb (gpointer user_data)
{
  RafilmFilmSearch *self = user_data;

  self->pause_source = 0;
  dex_clear (&self->remote_task);
  self->remote_task = start (self, TRUE);

  return G_SOURCE_REMOVE;
}

static void
rafilm_film_search_dispose (GObject *object)
{
  RafilmFilmSearch *self = RAFILM_FILM_SEARCH (object);

  self->stamp++;
  g_clear_handle_id (&self->pause_source, g_source_remove);
  dex_clear (&self->local_task);
  dex_clear (&self->remote_task);
  g_clear_object (&self->model);
  g_clear_object (&self->local);
  g_clear_object (&self->remote);
  g_clear_object (&self->context);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (rafilm_film_search_parent_class)->dispose (object);
}

static void
rafilm_film_search_class_init (RafilmFilmSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rafilm_film_search_dispose;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
rafilm_film_search_init (RafilmFilmSearch *self)
{
  GListStore *sections = g_list_store_new (G_TYPE_LIST_MODEL);

  self->local = g_list_store_new (RAFILM_TYPE_FILM);
  self->remote = g_list_store_new (RAFILM_TYPE_FILM);
  g_list_store_append (sections, self->local);
  g_list_store_append (sections, self->remote);
  self->model = gtk_flatten_list_model_new (G_LIST_MODEL (sections));
}

RafilmFilmSearch *
rafilm_film_search_new (RafilmAppContext *context)
{
  RafilmFilmSearch *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  self = g_object_new (RAFILM_TYPE_FILM_SEARCH, NULL);
  self->context = g_object_ref (context);

  return self;
}

GListModel *
rafilm_film_search_get_model (RafilmFilmSearch *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_SEARCH (self), NULL);

  return G_LIST_MODEL (self->model);
}

void
rafilm_film_search_set_text (RafilmFilmSearch *self, const char *text)
{
  g_autofree char *stripped = NULL;

  g_return_if_fail (RAFILM_IS_FILM_SEARCH (self));

  stripped = g_strstrip (g_strdup (text != NULL ? text : ""));
  if (g_strcmp0 (stripped, self->text) == 0)
    return;

  g_set_str (&self->text, stripped);
  self->stamp++;
  self->busy = 0;
  g_clear_handle_id (&self->pause_source, g_source_remove);
  dex_clear (&self->local_task);
  dex_clear (&self->remote_task);
  g_list_store_remove_all (self->remote);
  if (*stripped == '\0')
    {
      g_list_store_remove_all (self->local);
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }

  self->busy++;
  self->local_task = start (self, FALSE);
  if (g_utf8_strlen (stripped, -1) >= SHORTEST_REMOTE
      && rafilm_app_context_get_catalogue (self->context) != NULL
      && !rafilm_app_context_is_offline (self->context))
    {
      self->busy++;
      self->pause_source = g_timeout_add (PAUSE_MS, pause_cb, self);
    }
}

gboolean
rafilm_film_search_is_empty (RafilmFilmSearch *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_SEARCH (self), TRUE);

  return self->text == NULL || *self->text == '\0';
}

gboolean
rafilm_film_search_is_busy (RafilmFilmSearch *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_SEARCH (self), FALSE);

  return self->busy > 0;
}

static void
setup_heading_cb (GtkListItemFactory *factory, GtkListHeader *header, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_widget_add_css_class (label, "section");
  gtk_list_header_set_child (header, label);
}

static void
bind_heading_cb (GtkListItemFactory *factory, GtkListHeader *header, gpointer user_data)
{
  GObject *film = gtk_list_header_get_item (header);
  gboolean remote = film != NULL && g_object_get_data (film, REMOTE_MARK) != NULL;

  gtk_label_set_text (GTK_LABEL (gtk_list_header_get_child (header)),
                      remote ? _ ("More at TMDb") : _ ("Known Here"));
}

GtkListItemFactory *
rafilm_film_search_heading_factory_new (void)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_heading_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_heading_cb), NULL);

  return factory;
}
