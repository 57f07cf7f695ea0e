/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-film-json.h"

#include <math.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-date.h"
#include "rafilm-error.h"

#define MAX_ID G_MAXINT32
#define MAX_TITLE 500
#define MAX_NAME 200
#define MAX_OVERVIEW 4000
#define MAX_PATH 200
#define MAX_ITEMS 40
#define MAX_RUNTIME 60000

/* Cuts between characters, so that what remains is valid. */
static char *
dup_bounded (const char *text, gsize max_bytes)
{
  const char *end;

  if (strlen (text) <= max_bytes)
    return g_strdup (text);

  end = g_utf8_find_prev_char (text, text + max_bytes + 1);

  return g_strndup (text, end != NULL ? (gsize) (end - text) : 0);
}

static JsonNode *
get_member (JsonObject *object, const char *name, GType type)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (type == G_TYPE_DOUBLE && json_node_get_value_type (node) == G_TYPE_INT64)
    return node;

  return json_node_get_value_type (node) == type ? node : NULL;
}

static char *
dup_text (JsonObject *object, const char *name, gsize max_bytes)
{
  JsonNode *node = get_member (object, name, G_TYPE_STRING);
  const char *text = node != NULL ? json_node_get_string (node) : NULL;

  return text != NULL && *text != '\0' ? dup_bounded (text, max_bytes) : NULL;
}

/* A picture's name, which becomes part of an address and of a file's name. */
static char *
dup_path (JsonObject *object, const char *name)
{
  g_autofree char *path = dup_text (object, name, MAX_PATH);

  if (path == NULL || path[0] != '/' || path[1] == '\0' || strstr (path, "..") != NULL)
    return NULL;

  for (const char *c = path + 1; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("._-", *c) == NULL)
      return NULL;

  return g_steal_pointer (&path);
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static GStrv
dup_strings (JsonObject *object, const char *name)
{
  JsonArray *array = get_array (object, name);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL)
    return NULL;

  for (guint i = 0; i < json_array_get_length (array) && i < MAX_ITEMS; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

      if (text != NULL)
        g_strv_builder_take (builder, dup_bounded (text, MAX_NAME));
    }

  return g_strv_builder_end (builder);
}

static void
read_cast (JsonObject *object, RafilmFilmFacts *facts)
{
  JsonArray *array = get_array (object, "cast");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) characters = g_strv_builder_new ();

  if (array == NULL)
    return;

  for (guint i = 0; i < json_array_get_length (array) && i < MAX_ITEMS; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      g_autofree char *name = NULL;
      g_autofree char *character = NULL;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      name = dup_text (json_node_get_object (node), "name", MAX_NAME);
      character = dup_text (json_node_get_object (node), "character", MAX_NAME);
      if (name == NULL)
        continue;
      g_strv_builder_take (names, g_steal_pointer (&name));
      g_strv_builder_add (characters, character != NULL ? character : "");
    }

  facts->cast = g_strv_builder_end (names);
  facts->characters = g_strv_builder_end (characters);
}

static gint64
read_id (JsonNode *node)
{
  gint64 id;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;

  id = json_node_get_int (node);

  return id > 0 && id <= MAX_ID ? id : 0;
}

static GArray *
read_similar (JsonObject *object)
{
  JsonArray *array = get_array (object, "similar");
  GArray *ids;

  if (array == NULL)
    return NULL;

  ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint i = 0; i < json_array_get_length (array) && i < MAX_ITEMS; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 id;

      if (JSON_NODE_HOLDS_OBJECT (node))
        node = json_object_get_member (json_node_get_object (node), "id");
      id = read_id (node);
      if (id != 0)
        g_array_append_val (ids, id);
    }

  return ids;
}

static void
read_numbers (JsonObject *object, RafilmFilmFacts *facts)
{
  JsonNode *runtime = get_member (object, "runtime", G_TYPE_INT64);
  JsonNode *popularity = get_member (object, "popularity", G_TYPE_DOUBLE);

  if (runtime != NULL)
    facts->runtime = (int) CLAMP (json_node_get_int (runtime), 0, MAX_RUNTIME);
  if (popularity != NULL && isfinite (json_node_get_double (popularity)))
    facts->popularity = MAX (json_node_get_double (popularity), 0);
}

RafilmFilm *
rafilm_film_from_json (JsonObject *object, GError **error)
{
  g_auto (RafilmFilmFacts) facts = { 0 };
  RafilmFilm *film;
  gint64 id;

  g_return_val_if_fail (object != NULL, NULL);

  id = read_id (json_object_get_member (object, "id"));
  facts.title = dup_text (object, "title", MAX_TITLE);
  if (id == 0 || facts.title == NULL)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           "A film came without a proper id or title");
      return NULL;
    }

  facts.original_title = dup_text (object, "original_title", MAX_TITLE);
  facts.language = dup_text (object, "language", 8);
  facts.release_date = dup_text (object, "release_date", 10);
  if (!rafilm_date_is_valid (facts.release_date))
    g_clear_pointer (&facts.release_date, g_free);
  facts.overview = dup_text (object, "overview", MAX_OVERVIEW);
  facts.poster_path = dup_path (object, "poster_path");
  facts.backdrop_path = dup_path (object, "backdrop_path");
  facts.countries = dup_strings (object, "countries");
  facts.genres = dup_strings (object, "genres");
  facts.directors = dup_strings (object, "directors");
  facts.keywords = dup_strings (object, "keywords");
  facts.similar = read_similar (object);
  read_cast (object, &facts);
  read_numbers (object, &facts);
  facts.fetched_at = rafilm_clock_now ();

  film = rafilm_film_new (id);
  rafilm_film_take_facts (film, &facts);

  return film;
}

static void
add_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

static void
add_strings (JsonObject *object, const char *name, GStrv strings)
{
  JsonArray *array;

  if (strings == NULL)
    return;

  array = json_array_new ();
  for (guint i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, name, array);
}

static void
add_cast (JsonObject *object, const RafilmFilmFacts *facts)
{
  JsonArray *array;

  if (facts->cast == NULL)
    return;

  array = json_array_new ();
  for (guint i = 0; facts->cast[i] != NULL; i++)
    {
      JsonObject *member = json_object_new ();

      json_object_set_string_member (member, "name", facts->cast[i]);
      json_object_set_string_member (member, "character", facts->characters[i]);
      json_array_add_object_element (array, member);
    }
  json_object_set_array_member (object, "cast", array);
}

JsonObject *
rafilm_film_to_json (RafilmFilm *film)
{
  const RafilmFilmFacts *facts;
  JsonObject *object;

  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);

  facts = rafilm_film_get_facts (film);
  object = json_object_new ();
  json_object_set_int_member (object, "id", rafilm_film_get_id (film));
  json_object_set_string_member (object, "title", rafilm_film_get_title (film));
  add_text (object, "original_title", facts->original_title);
  add_text (object, "language", facts->language);
  add_strings (object, "countries", facts->countries);
  add_text (object, "release_date", facts->release_date);
  if (facts->runtime > 0)
    json_object_set_int_member (object, "runtime", facts->runtime);
  add_strings (object, "genres", facts->genres);
  add_strings (object, "directors", facts->directors);
  add_cast (object, facts);
  add_strings (object, "keywords", facts->keywords);
  add_text (object, "overview", facts->overview);
  add_text (object, "poster_path", facts->poster_path);
  add_text (object, "backdrop_path", facts->backdrop_path);
  json_object_set_double_member (object, "popularity", facts->popularity);
  if (facts->similar != NULL)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < facts->similar->len; i++)
        json_array_add_int_element (array, g_array_index (facts->similar, gint64, i));
      json_object_set_array_member (object, "similar", array);
    }

  return object;
}
