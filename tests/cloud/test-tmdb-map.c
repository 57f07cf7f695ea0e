/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fixture.h"

#include "rafilm-tmdb-map.h"

#include <string.h>

static json_t *
load_shared (const char *name)
{
  const char *shared = g_getenv ("RAFILM_SHARED_DATA");
  g_autofree char *path =
      g_build_filename (shared != NULL ? shared : "", "tmdb-api-responses", "unit", name, NULL);
  json_t *json = json_load_file (path, 0, NULL);

  if (json == NULL)
    g_test_skip ("shared data not found");
  return json;
}

static json_t *
make_genres (void)
{
  json_auto_t *list = json_pack ("{s:[{s:i,s:s},{s:i,s:s},{s:s,s:s},{s:i,s:i}]}", "genres", "id",
                                 80, "name", "Crime", "id", 53, "name", "Thriller", "id", "x",
                                 "name", "Odd", "id", 5, "name", 7);

  return rafilm_tmdb_map_genres (list);
}

static void
test_details (void)
{
  json_auto_t *details = load_shared ("movie-details-append-response.json");
  json_auto_t *genres = make_genres (), *film = NULL;

  if (details == NULL)
    return;
  film = rafilm_tmdb_map_film (details, genres);
  cloud_assert_json (film, "id", "550");
  cloud_assert_json (film, "title", "Fight Club");
  cloud_assert_json (film, "language", "en");
  cloud_assert_json (film, "release_date", "1999-10-12");
  cloud_assert_json (film, "runtime", "139");
  cloud_assert_json (film, "genres", "[\"Drama\"]");
  cloud_assert_json (film, "directors", "[\"David Fincher\"]");
  cloud_assert_json (film, "cast", "[{\"character\":\"The Narrator\",\"name\":\"Edward Norton\"}]");
  cloud_assert_json (film, "keywords", "[\"dual identity\",\"based on novel or book\"]");
  cloud_assert_json (film, "backdrop_path", "/fCayJrkfRaCRCTh8GqN30f8oyQF.jpg");
  cloud_assert_json (film, "poster_path", "");
  cloud_assert_json (film, "similar.0.title", "Se7en");
  cloud_assert_json (film, "similar.0.genres", "[\"Crime\",\"Thriller\"]");
  cloud_assert_json (film, "similar.0.cast", "");
}

static void
test_lists (void)
{
  json_auto_t *list = load_shared ("movie-pageable-list.json");
  json_auto_t *item = load_shared ("movie-list-item.json");
  json_auto_t *blank = load_shared ("movie-blank-homepage-release-date.json");
  json_auto_t *error = load_shared ("error-status-401.json");
  json_auto_t *page = NULL, *film = NULL, *undated = NULL;

  if (list == NULL || item == NULL || blank == NULL || error == NULL)
    return;
  page = rafilm_tmdb_map_page (list, NULL);
  cloud_assert_json (page, "total", "3");
  cloud_assert_json (page, "pages", "1");
  cloud_assert_json (page, "results.2.original_title", "Movie 3 - a");
  g_assert_null (rafilm_tmdb_map_page (error, NULL));
  g_assert_null (rafilm_tmdb_map_film (error, NULL));

  film = rafilm_tmdb_map_short (item, NULL);
  cloud_assert_json (film, "title", "The First Omen");
  cloud_assert_json (film, "poster_path", "/uGyiewQnDHPuiHN9V4k2t9QBPnh.jpg");

  undated = rafilm_tmdb_map_film (blank, NULL);
  cloud_assert_json (undated, "release_date", "");
  cloud_assert_json (undated, "countries", "[\"GB\"]");
}

/* Every other recording of TMDb's: whatever it is, it never becomes a film without id and title. */
static void
test_others (void)
{
  const char *shared = g_getenv ("RAFILM_SHARED_DATA");
  g_autofree char *folder =
      g_build_filename (shared != NULL ? shared : "", "tmdb-api-responses", "unit", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0, films = 0;

  if (dir == NULL)
    {
      g_test_skip ("shared data not found");
      return;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      json_auto_t *json = json_load_file (path, JSON_DECODE_ANY, NULL);
      json_auto_t *film = rafilm_tmdb_map_film (json, NULL);
      json_auto_t *page = rafilm_tmdb_map_page (json, NULL);
      json_t *result;
      size_t i;

      n++;
      if (film != NULL)
        {
          films++;
          g_assert_cmpint (json_integer_value (json_object_get (film, "id")), >, 0);
          g_assert_cmpuint (json_string_length (json_object_get (film, "title")), >, 0);
        }
      json_array_foreach (json_object_get (page, "results"), i, result)
          g_assert_cmpint (json_integer_value (json_object_get (result, "id")), >, 0);
    }
  g_assert_cmpuint (n, ==, 173);
  g_assert_cmpuint (films, >=, 5);
}

static json_t *
map_member (const char *name, json_t *value)
{
  json_auto_t *item = json_pack ("{s:i, s:s}", "id", 1, "title", "A");
  json_t *film;

  json_object_set_new (item, name, value);
  film = rafilm_tmdb_map_film (item, NULL);
  return film;
}

static void
test_bounds (void)
{
  static const struct
  {
    const char *name, *value, *member, *expected;
  } cases[] = {
    { "poster_path", "\"/../../etc/passwd\"", "poster_path", "" },
    { "poster_path", "\"http://evil.example/a.jpg\"", "poster_path", "" },
    { "poster_path", "\"/a b.jpg\"", "poster_path", "" },
    { "poster_path", "5", "poster_path", "" },
    { "release_date", "\"1995-13-01\"", "release_date", "" },
    { "release_date", "\"1995-1-1\"", "release_date", "" },
    { "release_date", "19951215", "release_date", "" },
    { "runtime", "-5", "runtime", "" },
    { "runtime", "0", "runtime", "" },
    { "runtime", "\"170\"", "runtime", "" },
    { "popularity", "-1", "popularity", "" },
    { "original_language", "\"EN\"", "language", "" },
    { "original_language", "\"cn\"", "language", "cn" },
    { "genres", "[{\"name\":5},7,null,{\"name\":\"Crime\"}]", "genres", "[\"Crime\"]" },
    { "production_countries", "[{\"iso_3166_1\":\"us\"},{\"iso_3166_1\":\"US\"}]", "countries",
      "[\"US\"]" },
    { "credits", "{\"cast\":{},\"crew\":[{\"job\":\"Director\"},3]}", "directors", "[]" },
    { "credits", "{\"cast\":[{\"name\":\"B\"}]}", "cast", "[{\"character\":\"\",\"name\":\"B\"}]" },
    { "similar", "{\"results\":[{\"id\":0,\"title\":\"x\"},{\"id\":2}]}", "similar", "[]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      json_auto_t *film =
          map_member (cases[i].name, json_loads (cases[i].value, JSON_DECODE_ANY, NULL));

      g_assert_nonnull (film);
      cloud_assert_json (film, cases[i].member, cases[i].expected);
    }
  g_assert_null (map_member ("id", json_integer (0)));
  g_assert_null (map_member ("id", json_integer (G_MAXINT64)));
  g_assert_null (map_member ("id", json_string ("1")));
  g_assert_null (map_member ("title", json_string ("")));
}

/* Long texts are cut between characters, long lists after so many. */
static void
test_cuts (void)
{
  g_autofree char *a = g_strnfill (499, 'a');
  g_autofree char *title = g_strconcat (a, "éé", NULL);
  json_auto_t *film = map_member ("title", json_string (title));
  json_auto_t *many = json_array ();
  json_auto_t *with_many = NULL;

  cloud_assert_json (film, "title", a);
  for (guint i = 0; i < 500; i++)
    json_array_append_new (many, json_pack ("{s:s, s:s}", "name", "N", "job", "Director"));
  with_many = map_member ("credits", json_pack ("{s:O, s:O}", "cast", many, "crew", many));
  g_assert_cmpuint (json_array_size (json_object_get (with_many, "cast")), ==, 20);
  g_assert_cmpuint (json_array_size (json_object_get (with_many, "directors")), ==, 8);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/tmdb-map/details", test_details);
  g_test_add_func ("/cloud/tmdb-map/lists", test_lists);
  g_test_add_func ("/cloud/tmdb-map/others", test_others);
  g_test_add_func ("/cloud/tmdb-map/bounds", test_bounds);
  g_test_add_func ("/cloud/tmdb-map/cuts", test_cuts);
  return g_test_run ();
}
