/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-film-card.h"
#include "rafilm-test.h"
#include "rafilm-ui.h"

static RafilmFilm *
make_film (gint64 id, const char *title, const char *date, int rating)
{
  g_auto (RafilmFilmFacts) facts = { 0 };
  g_auto (RafilmFilmState) state = { 0 };
  RafilmFilm *film = rafilm_film_new (id);

  facts.title = g_strdup (title);
  facts.release_date = g_strdup (date);
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);
  state.rating = rating;
  rafilm_film_take_state (film, &state);

  return film;
}

/* A grid gives one card film after film; its name must be the film's that it
 * shows now, and follow what happens to that film only. */
static void
test_reuse (void)
{
  g_autoptr (RafilmFilm) heat = make_film (949, "Heat", "1995-12-15", 9);
  g_autoptr (RafilmFilm) ran = make_film (11645, "Ran", "1985-06-01", 0);
  g_auto (RafilmFilmState) state = { 0 };
  RafilmFilmCard *card = g_object_ref_sink (RAFILM_FILM_CARD (rafilm_film_card_new ()));

  g_assert_null (rafilm_film_card_get_spoken_name (card));
  rafilm_film_card_set_film (card, heat);
  g_assert_cmpstr (rafilm_film_card_get_spoken_name (card), ==, "Heat, 1995, rated 4½ of 5");

  rafilm_film_card_set_film (card, ran);
  g_assert_cmpstr (rafilm_film_card_get_spoken_name (card), ==, "Ran, 1985");

  state.watchlist = TRUE;
  rafilm_film_take_state (heat, &state);
  g_assert_cmpstr (rafilm_film_card_get_spoken_name (card), ==, "Ran, 1985");

  state = (RafilmFilmState) { .watchlist = TRUE };
  rafilm_film_take_state (ran, &state);
  g_assert_cmpstr (rafilm_film_card_get_spoken_name (card), ==, "Ran, 1985, in watchlist");

  rafilm_film_card_set_film (card, NULL);
  g_assert_null (rafilm_film_card_get_spoken_name (card));
  g_assert_finalize_object (card);
}

static void
test_caption (void)
{
  g_autoptr (RafilmFilm) heat = make_film (949, "Heat", "1995-12-15", 0);
  RafilmFilmCard *card = g_object_ref_sink (RAFILM_FILM_CARD (rafilm_film_card_new ()));

  rafilm_film_card_set_film (card, heat);
  rafilm_film_card_set_caption (card, "Because you rated Thief");
  g_assert_cmpstr (rafilm_film_card_get_spoken_name (card), ==,
                   "Heat, 1995, Because you rated Thief");
  rafilm_film_card_set_caption (card, NULL);
  g_assert_cmpstr (rafilm_film_card_get_spoken_name (card), ==, "Heat, 1995");
  g_assert_finalize_object (card);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  adw_init ();
  rafilm_ui_init ();

  g_test_add_func ("/ui/film-card/reuse", test_reuse);
  g_test_add_func ("/ui/film-card/caption", test_caption);

  return g_test_run ();
}
