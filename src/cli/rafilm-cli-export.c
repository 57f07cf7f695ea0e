/* SPDX-License-Identifier: GPL-3.0-or-later */

/* export: everything that is a person's own, in one file */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-cli-list.h"
#include "rafilm-cli-output.h"
#include "rafilm-clock.h"

#define FORMAT "rafilm-export-1"

static gboolean
add_model (JsonObject *object, const char *name, DexFuture *future,
           JsonNode *(*to_json) (gpointer item), GError **error)
{
  g_autoptr (GListModel) model = dex_await_object (future, error);

  if (model == NULL)
    return FALSE;
  json_object_set_member (object, name, rafilm_cli_model_to_json (model, to_json));

  return TRUE;
}

/* Films that carry a mark of the person's: the facts alone are everybody's. */
static gboolean
add_films (RafilmCli *self, JsonObject *object, GError **error)
{
  RafilmFilmQuery query = { .sort = RAFILM_FILM_SORT_TITLE };
  g_autoptr (GListModel) films = NULL;
  JsonArray *array;

  films = dex_await_object (rafilm_store_list_films (self->store, &query), error);
  if (films == NULL)
    return FALSE;
  array = json_array_new ();
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      const RafilmFilmState *state = rafilm_film_get_state (film);

      if (state->rating > 0 || state->like || state->seen || state->hidden || state->watchlist
          || state->note != NULL)
        json_array_add_element (array, rafilm_cli_film_to_json (film));
    }
  json_object_set_array_member (object, "films", array);

  return TRUE;
}

static gboolean
add_lists (RafilmCli *self, JsonObject *object, const char *name, DexFuture *future, GError **error)
{
  g_autoptr (GListModel) lists = dex_await_object (future, error);
  g_autoptr (JsonArray) array = json_array_new ();

  if (lists == NULL || !rafilm_cli_lists_to_json (self, lists, array, error))
    return FALSE;
  json_object_set_array_member (object, name, g_steal_pointer (&array));

  return TRUE;
}

static gboolean
add_profile (RafilmCli *self, JsonObject *object, GError **error)
{
  g_autoptr (RafilmStoreProfile) profile =
      dex_await_boxed (rafilm_store_get_profile (self->store), error);
  JsonObject *member;

  if (profile == NULL)
    return FALSE;
  member = json_object_new ();
  json_object_set_string_member (member, "name", profile->name);
  json_object_set_string_member (member, "bio", profile->bio);
  json_object_set_object_member (object, "profile", member);

  return TRUE;
}

static JsonNode *
make_export (RafilmCli *self, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node;

  json_object_set_string_member (object, "format", FORMAT);
  json_object_set_int_member (object, "exported_at", rafilm_clock_now ());
  if (!add_model (object, "viewings", rafilm_store_list_viewings (self->store, 0, 0, 0),
                  (JsonNode * (*) (gpointer)) rafilm_cli_viewing_to_json, error)
      || !add_films (self, object, error)
      || !add_lists (self, object, "lists", rafilm_store_list_lists (self->store), error)
      || !add_lists (self, object, "deleted_lists", rafilm_store_list_trash_lists (self->store),
                     error)
      || !add_model (object, "trash", rafilm_store_list_trash (self->store),
                     (JsonNode * (*) (gpointer)) rafilm_cli_viewing_to_json, error)
      || !add_model (object, "versions", rafilm_store_list_versions (self->store, NULL),
                     rafilm_cli_version_to_json, error)
      || !add_profile (self, object, error))
    return NULL;

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);

  return node;
}

gboolean
rafilm_cli_run_export (RafilmCli *self, GError **error)
{
  const char *path = self->arguments[0];
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;
  node = make_export (self, error);
  if (node == NULL)
    return FALSE;
  text = json_to_string (node, TRUE);
  line = g_strconcat (text, "\n", NULL);
  if (path == NULL || g_str_equal (path, "-"))
    {
      g_print ("%s", line);
      return TRUE;
    }
  if (!g_file_set_contents_full (path, line, (gssize) strlen (line), G_FILE_SET_CONTENTS_CONSISTENT,
                                 0600, error))
    return FALSE;
  rafilm_cli_say (self, _ ("The diary is in %s"), path);
  rafilm_cli_show_string (self, "exported", path);

  return TRUE;
}
