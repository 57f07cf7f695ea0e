/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-catalogue-private.h"

#include "rafilm-error.h"
#include "rafilm-film-json.h"
#include "rafilm-spawn.h"

#define MAX_RESULTS 200
#define MAX_TEXT 200

struct _RafilmCatalogue
{
  GObject parent_instance;

  RafilmStore *store;
  RafilmApi *api;
  DexFuture *filling;
  DexPromise *ending; /* resolved at the end, for what still runs */
};

G_DEFINE_FINAL_TYPE (RafilmCatalogue, rafilm_catalogue, G_TYPE_OBJECT)

/* One call: a path with its query, or a film. */
typedef struct
{
  RafilmCatalogue *self;
  char *path;
  char *query;
  gint64 film;
} Call;

static void
free_call (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->self);
  g_clear_pointer (&call->path, g_free);
  g_clear_pointer (&call->query, g_free);
  g_free (call);
}

static Call *
new_call (RafilmCatalogue *self, const char *path, const char *query)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->path = g_strdup (path);
  call->query = g_strdup (query);
  return call;
}

GPtrArray *
_rafilm_catalogue_read_films (JsonObject *object, const char *name)
{
  GPtrArray *films = g_ptr_array_new_with_free_func (g_object_unref);
  JsonNode *member = json_object_get_member (object, name);
  JsonArray *array;

  if (member == NULL || !JSON_NODE_HOLDS_ARRAY (member))
    return films;
  array = json_node_get_array (member);
  for (guint i = 0; i < MIN (json_array_get_length (array), MAX_RESULTS); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      RafilmFilm *film = NULL;

      if (JSON_NODE_HOLDS_OBJECT (element))
        film = rafilm_film_from_json (json_node_get_object (element), NULL);
      if (film != NULL)
        g_ptr_array_add (films, film);
    }
  return films;
}

static gboolean
put_films (RafilmCatalogue *self, GPtrArray *films, GError **error)
{
  if (films->len == 0)
    return TRUE;
  return dex_await_boolean (rafilm_store_put_films (self->store, films), error);
}

static JsonNode *
call_api (RafilmCatalogue *self, const char *path, const char *query, GError **error)
{
  g_autoptr (JsonNode) body = NULL;

  body = dex_await_boxed (rafilm_api_call (self->api, "GET", path, query, NULL, FALSE), error);
  if (body == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (body))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           "The films service's answer makes no sense");
      return NULL;
    }
  return g_steal_pointer (&body);
}

/* Lists of films */

static DexFuture *
list_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (GPtrArray) films = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GError *error = NULL;

  body = call_api (call->self, call->path, call->query, &error);
  if (body == NULL)
    return dex_future_new_for_error (error);
  films = _rafilm_catalogue_read_films (json_node_get_object (body), "results");
  if (!put_films (call->self, films, &error))
    return dex_future_new_for_error (error);
  for (guint i = 0; i < films->len; i++)
    {
      gint64 id = rafilm_film_get_id (films->pdata[i]);

      g_array_append_val (ids, id);
    }
  return rafilm_store_get_films (call->self->store, ids);
}

DexFuture *
rafilm_catalogue_search (RafilmCatalogue *self, const char *text)
{
  g_autofree char *valid = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *query = NULL;

  dex_return_error_if_fail (RAFILM_IS_CATALOGUE (self));
  dex_return_error_if_fail (text != NULL);

  cut = g_strndup (text, MAX_TEXT);
  valid = g_utf8_make_valid (cut, -1);
  escaped = g_uri_escape_string (g_strstrip (valid), NULL, FALSE);
  query = g_strconcat ("query=", escaped, NULL);
  return rafilm_spawn (list_fiber, new_call (self, "v1/films/search", query), free_call);
}

DexFuture *
rafilm_catalogue_trending (RafilmCatalogue *self)
{
  dex_return_error_if_fail (RAFILM_IS_CATALOGUE (self));

  return rafilm_spawn (list_fiber, new_call (self, "v1/films/trending", NULL), free_call);
}

/* One film */

static DexFuture *
fetch_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (GPtrArray) films = NULL;
  RafilmFilm *film;
  GError *error = NULL;

  body = call_api (call->self, call->path, NULL, &error);
  if (body == NULL)
    return dex_future_new_for_error (error);
  film = rafilm_film_from_json (json_node_get_object (body), &error);
  if (film == NULL)
    return dex_future_new_for_error (error);
  films = _rafilm_catalogue_read_films (json_node_get_object (body), "similar");
  g_ptr_array_add (films, film);
  if (rafilm_film_get_id (film) != call->film)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                                  "The films service sent another film");
  if (!put_films (call->self, films, &error))
    return dex_future_new_for_error (error);
  return rafilm_store_get_film (call->self->store, call->film);
}

DexFuture *
rafilm_catalogue_fetch (RafilmCatalogue *self, gint64 id)
{
  g_autofree char *path = NULL;
  Call *call;

  dex_return_error_if_fail (RAFILM_IS_CATALOGUE (self));
  dex_return_error_if_fail (id > 0);

  path = g_strdup_printf ("v1/films/%" G_GINT64_FORMAT, id);
  call = new_call (self, path, NULL);
  call->film = id;
  return rafilm_spawn (fetch_fiber, call, free_call);
}

/* The diary's films without facts */

DexFuture *
rafilm_catalogue_fill (RafilmCatalogue *self)
{
  dex_return_error_if_fail (RAFILM_IS_CATALOGUE (self));

  if (self->filling == NULL || !dex_future_is_pending (self->filling))
    {
      dex_clear (&self->filling);
      self->filling = _rafilm_catalogue_run_fill (self->store, self->api, self->ending);
    }
  return dex_ref (self->filling);
}

static void
rafilm_catalogue_finalize (GObject *object)
{
  RafilmCatalogue *self = RAFILM_CATALOGUE (object);

  dex_promise_resolve_boolean (self->ending, TRUE);
  dex_clear (&self->ending);
  dex_clear (&self->filling);
  g_clear_object (&self->store);
  g_clear_object (&self->api);
  G_OBJECT_CLASS (rafilm_catalogue_parent_class)->finalize (object);
}

static void
rafilm_catalogue_class_init (RafilmCatalogueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_catalogue_finalize;
}

static void
rafilm_catalogue_init (RafilmCatalogue *self)
{
  self->ending = dex_promise_new ();
}

RafilmCatalogue *
rafilm_catalogue_new (RafilmStore *store, RafilmApi *api)
{
  RafilmCatalogue *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (RAFILM_IS_API (api), NULL);

  self = g_object_new (RAFILM_TYPE_CATALOGUE, NULL);
  self->store = g_object_ref (store);
  self->api = g_object_ref (api);
  return self;
}
