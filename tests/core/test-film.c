/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-film.h"

static RafilmFilm *
make_heat (void)
{
  RafilmFilm *film = rafilm_film_new (949);
  g_auto (RafilmFilmFacts) facts = { 0 };

  facts.title = g_strdup ("Heat");
  facts.release_date = g_strdup ("1995-12-15");
  facts.directors = g_strsplit ("Michael Mann", ",", -1);
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);
  g_assert_null (facts.title);

  return film;
}

static void
test_facts (void)
{
  g_autoptr (RafilmFilm) film = make_heat ();
  g_autofree char *subtitle = NULL;

  g_object_get (film, "subtitle", &subtitle, NULL);
  g_assert_cmpint (rafilm_film_get_id (film), ==, 949);
  g_assert_cmpstr (rafilm_film_get_title (film), ==, "Heat");
  g_assert_cmpint (rafilm_film_get_year (film), ==, 1995);
  g_assert_cmpstr (subtitle, ==, "1995 · Michael Mann");
  g_assert_true (rafilm_film_is_known (film));
}

static void
test_unknown (void)
{
  g_autoptr (RafilmFilm) film = rafilm_film_new (7);

  g_assert_false (rafilm_film_is_known (film));
  g_assert_cmpstr (rafilm_film_get_title (film), ==, "Film 7");
  g_assert_cmpint (rafilm_film_get_year (film), ==, 0);
}

static void
test_accessible_label (void)
{
  g_autoptr (RafilmFilm) film = make_heat ();
  g_auto (RafilmFilmState) state = { 0 };
  g_autofree char *bare = rafilm_film_dup_accessible_label (film);
  g_autofree char *full = NULL;

  g_assert_cmpstr (bare, ==, "Heat, 1995");

  state.rating = 9;
  state.last_watched = g_strdup ("2026-03-03");
  state.watchlist = TRUE;
  rafilm_film_take_state (film, &state);
  full = rafilm_film_dup_accessible_label (film);
  g_assert_cmpstr (full, ==, "Heat, 1995, rated 4½ of 5, watched 3 March 2026, in watchlist");
}

static void
count_cb (GObject *object, GParamSpec *pspec, guint *count)
{
  (*count)++;
}

/* Bindings follow the object, so only what changed may be announced. */
static void
test_notify (void)
{
  g_autoptr (RafilmFilm) film = make_heat ();
  g_auto (RafilmFilmState) state = { .rating = 8 };
  guint ratings = 0;
  guint likes = 0;

  g_signal_connect (film, "notify::rating", G_CALLBACK (count_cb), &ratings);
  g_signal_connect (film, "notify::like", G_CALLBACK (count_cb), &likes);
  rafilm_film_take_state (film, &state);
  g_assert_cmpuint (ratings, ==, 1);
  g_assert_cmpuint (likes, ==, 0);

  state = (RafilmFilmState) { .rating = 8, .like = TRUE };
  rafilm_film_take_state (film, &state);
  g_assert_cmpuint (ratings, ==, 1);
  g_assert_cmpuint (likes, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/film/facts", test_facts);
  g_test_add_func ("/core/film/unknown", test_unknown);
  g_test_add_func ("/core/film/accessible-label", test_accessible_label);
  g_test_add_func ("/core/film/notify", test_notify);

  return g_test_run ();
}
