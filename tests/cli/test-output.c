/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-cli-output.h"
#include "rafilm-test.h"

static RafilmFilm *
make_heat (void)
{
  RafilmFilm *film = rafilm_film_new (949);
  const char *directors[] = { "Michael Mann", NULL };
  g_auto (RafilmFilmFacts) facts = { .title = g_strdup ("Heat"),
                                     .release_date = g_strdup ("1995-12-15"),
                                     .directors = g_strdupv ((char **) directors),
                                     .runtime = 170,
                                     .fetched_at = 1 };
  g_auto (RafilmFilmState) state = { .rating = 9, .watchlist = TRUE };

  rafilm_film_take_facts (film, &facts);
  rafilm_film_take_state (film, &state);

  return film;
}

static void
test_film (void)
{
  g_autoptr (RafilmFilm) film = make_heat ();
  g_autoptr (RafilmFilm) unknown = rafilm_film_new (5);
  g_autofree char *line = rafilm_cli_dup_film_line (film);
  g_autofree char *unknown_line = rafilm_cli_dup_film_line (unknown);
  g_autoptr (JsonNode) node = rafilm_cli_film_to_json (film);
  g_autoptr (JsonNode) unknown_node = rafilm_cli_film_to_json (unknown);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpstr (line, ==,
                   "    949  Heat (1995) · Michael Mann · 170 min · ★★★★½ · on the watchlist");
  g_assert_cmpstr (unknown_line, ==, "      5  Film 5");
  g_assert_cmpint (json_object_get_int_member (object, "rating"), ==, 9);
  g_assert_cmpint (json_object_get_int_member (object, "year"), ==, 1995);
  g_assert_true (json_object_get_boolean_member (object, "watchlist"));
  g_assert_true (json_object_get_null_member (json_node_get_object (unknown_node), "title"));
  g_assert_true (json_object_get_null_member (json_node_get_object (unknown_node), "rating"));
}

static void
test_viewing (void)
{
  g_autoptr (RafilmFilm) film = make_heat ();
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new ("Vn3k", film);
  const char *tags[] = { "cinema", NULL };
  g_autofree char *text = NULL;
  g_autofree char *json = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) parsed = NULL;

  g_object_set (viewing, "date", "2026-03-01", "rating", 9, "liked", TRUE, "finished", FALSE,
                "tags", tags, "review", "One \"line\"\nand another", "spoiler", TRUE, NULL);
  text = rafilm_cli_dup_viewing_text (viewing);
  g_assert_cmpstr (text, ==,
                   "2026-03-01  Heat (1995) · ★★★★½ · ♥ · not finished #cinema\n"
                   "            Vn3k\n"
                   "            (spoiler)\n"
                   "            One \"line\"\n"
                   "            and another");

  node = rafilm_cli_viewing_to_json (viewing);
  json = json_to_string (node, FALSE);
  parsed = json_from_string (json, NULL);
  g_assert_true (json_node_equal (node, parsed));
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (parsed), "review"), ==,
                   "One \"line\"\nand another");
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/cli/output/film", test_film);
  g_test_add_func ("/cli/output/viewing", test_viewing);

  return g_test_run ();
}
