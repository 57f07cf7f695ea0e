/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-film-json.h"

#include "rafilm-error.h"

static RafilmFilm *
parse (const char *text, GError **error)
{
  g_autoptr (JsonNode) node = json_from_string (text, error);

  g_assert_nonnull (node);

  return rafilm_film_from_json (json_node_get_object (node), error);
}

static void
test_full (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (RafilmFilm) again = NULL;
  const RafilmFilmFacts *facts;

  film = parse ("{\"id\":949,\"title\":\"Heat\",\"language\":\"en\",\"runtime\":170,"
                "\"release_date\":\"1995-12-15\",\"genres\":[\"Crime\",\"Drama\"],"
                "\"cast\":[{\"name\":\"Al Pacino\",\"character\":\"Vincent Hanna\"},"
                "{\"name\":\"Robert De Niro\"}],\"poster_path\":\"/949.jpg\","
                "\"popularity\":55.5,\"similar\":[{\"id\":1538,\"title\":\"Collateral\"},100]}",
                &error);
  g_assert_no_error (error);
  object = rafilm_film_to_json (film);
  again = rafilm_film_from_json (object, &error);
  g_assert_no_error (error);
  facts = rafilm_film_get_facts (again);

  g_assert_cmpstr (facts->title, ==, "Heat");
  g_assert_cmpint (facts->runtime, ==, 170);
  g_assert_cmpstr (facts->genres[1], ==, "Drama");
  g_assert_cmpstr (facts->cast[0], ==, "Al Pacino");
  g_assert_cmpstr (facts->characters[0], ==, "Vincent Hanna");
  g_assert_cmpstr (facts->characters[1], ==, "");
  g_assert_cmpstr (facts->poster_path, ==, "/949.jpg");
  g_assert_cmpfloat (facts->popularity, ==, 55.5);
  g_assert_cmpuint (facts->similar->len, ==, 2);
  g_assert_cmpint (g_array_index (facts->similar, gint64, 0), ==, 1538);
}

static void
test_refused (void)
{
  const char *bad[] = { "{}",
                        "{\"id\":1}",
                        "{\"id\":\"1\",\"title\":\"a\"}",
                        "{\"id\":0,\"title\":\"a\"}",
                        "{\"id\":-3,\"title\":\"a\"}",
                        "{\"id\":99999999999,\"title\":\"a\"}",
                        "{\"id\":1,\"title\":\"\"}",
                        "{\"id\":1,\"title\":[]}",
                        "{\"id\":{\"id\":1},\"title\":\"a\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (bad[i], &error));
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
    }
}

/* A member that makes no sense is left out; the film stays. */
static void
test_tolerant (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmFilm) film = NULL;
  const RafilmFilmFacts *facts;

  film = parse ("{\"id\":5,\"title\":\"T\",\"runtime\":\"long\",\"release_date\":\"soon\","
                "\"genres\":{\"a\":1},\"cast\":[1,null,{\"character\":\"x\"}],\"popularity\":-4,"
                "\"poster_path\":\"/../../etc/passwd\",\"backdrop_path\":\"//evil\","
                "\"keywords\":[1,\"k\",null,[]],\"similar\":[\"a\",{},0]}",
                &error);
  g_assert_no_error (error);
  facts = rafilm_film_get_facts (film);
  g_assert_cmpint (facts->runtime, ==, 0);
  g_assert_null (facts->release_date);
  g_assert_null (facts->genres);
  g_assert_null (facts->cast[0]);
  g_assert_cmpfloat (facts->popularity, ==, 0);
  g_assert_null (facts->poster_path);
  g_assert_null (facts->backdrop_path);
  g_assert_cmpstr (facts->keywords[0], ==, "k");
  g_assert_null (facts->keywords[1]);
  g_assert_cmpuint (facts->similar->len, ==, 0);
}

/* Texts are cut at their bound, and never inside a character. */
static void
test_bounds (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) json = g_string_new ("{\"id\":5,\"title\":\"");
  g_autoptr (RafilmFilm) film = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (json, "é");
  g_string_append (json, "x\",\"overview\":\"\"}");
  film = parse (json->str, &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (rafilm_film_get_title (film), -1, NULL));
  g_assert_cmpuint (strlen (rafilm_film_get_title (film)), <=, 500);
  g_assert_cmpuint (strlen (rafilm_film_get_title (film)), >=, 498);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/film-json/full", test_full);
  g_test_add_func ("/core/film-json/refused", test_refused);
  g_test_add_func ("/core/film-json/tolerant", test_tolerant);
  g_test_add_func ("/core/film-json/bounds", test_bounds);

  return g_test_run ();
}
