/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TMDb's answers turned into films: bounded, always with id and title, and no more than a film's
 * members. */
#include "fuzz.h"

#include "rafilm-memory.h"
#include "rafilm-tmdb-map.h"

#include <glib.h>
#include <string.h>

static const char genres_text[] =
    "{\"genres\":[{\"id\":80,\"name\":\"Crime\"},{\"id\":18,\"name\":\"Drama\"}]}";

static void
check_film (const json_t *film)
{
  json_int_t id = json_integer_value (json_object_get (film, "id"));
  json_auto_t *shorter = rafilm_film_shorten (film);
  g_autofree char *text = json_dumps (film, JSON_COMPACT);

  g_assert_true (id > 0 && id <= RAFILM_FILM_MAX_ID);
  g_assert_true (json_is_string (json_object_get (film, "title")));
  g_assert_true (json_is_object (shorter));
  g_assert_null (json_object_get (shorter, "cast"));
  g_assert_nonnull (text);
  /* An item of DynamoDB holds 400 KB. */
  g_assert_cmpuint (strlen (text), <, 300 * 1024);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  json_auto_t *json = json_loadb ((const char *) data, size, 0, NULL);
  json_auto_t *list = json_loads (genres_text, 0, NULL);
  json_auto_t *known = rafilm_tmdb_map_genres (list);
  json_auto_t *genres = rafilm_tmdb_map_genres (json);
  json_auto_t *film = rafilm_tmdb_map_film (json, known);
  json_auto_t *odd = rafilm_tmdb_map_film (json, genres);
  json_auto_t *item = rafilm_tmdb_map_short (json, known);
  json_auto_t *page = rafilm_tmdb_map_page (json, known);
  json_t *element;
  size_t i;

  if (film != NULL)
    check_film (film);
  if (item != NULL)
    check_film (item);
  json_array_foreach (json_object_get (page, "results"), i, element) check_film (element);
  return 0;
}
