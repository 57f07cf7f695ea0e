/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-sample.h"

#include "rafilm-error.h"
#include "rafilm-film-json.h"

static void
rename_member (JsonObject *object, const char *from, const char *to)
{
  if (!json_object_has_member (object, from))
    return;
  json_object_set_member (object, to, json_object_dup_member (object, from));
  json_object_remove_member (object, from);
}

static RafilmFilm *
read_film (JsonNode *node, GError **error)
{
  g_autofree char *poster = NULL;
  g_autofree char *backdrop = NULL;
  JsonObject *object;
  gint64 id;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED, "A film must be an object");
      return NULL;
    }

  object = json_node_get_object (node);
  rename_member (object, "original_language", "language");
  rename_member (object, "synopsis", "overview");
  id = json_object_get_int_member_with_default (object, "id", 0);
  poster = g_strdup_printf ("/%" G_GINT64_FORMAT ".jpg", id);
  backdrop = g_strdup_printf ("/%" G_GINT64_FORMAT "-backdrop.jpg", id);
  json_object_set_string_member (object, "poster_path", poster);
  json_object_set_string_member (object, "backdrop_path", backdrop);

  return rafilm_film_from_json (object, error);
}

static gboolean
read_file (const char *path, GPtrArray *films, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;
  JsonArray *array;

  if (!json_parser_load_from_file (parser, path, error))
    return FALSE;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED, "%s holds no array of films", path);
      return FALSE;
    }

  array = json_node_get_array (root);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      RafilmFilm *film = read_film (json_array_get_element (array, i), error);

      if (film == NULL)
        {
          g_prefix_error (error, "%s, film %u: ", path, i + 1);
          return FALSE;
        }
      g_ptr_array_add (films, film);
    }

  return TRUE;
}

static int
compare_films (gconstpointer a, gconstpointer b)
{
  gint64 x = rafilm_film_get_id (*(RafilmFilm *const *) a);
  gint64 y = rafilm_film_get_id (*(RafilmFilm *const *) b);

  return (x > y) - (x < y);
}

GPtrArray *
rafilm_demo_sample_read (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *path = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  g_return_val_if_fail (folder != NULL, NULL);

  path = g_build_filename (folder, "films", NULL);
  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_str_has_suffix (name, ".json") && !read_file (file, films, error))
        return NULL;
    }
  g_ptr_array_sort (films, compare_films);

  return g_steal_pointer (&films);
}
