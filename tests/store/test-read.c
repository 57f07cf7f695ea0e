/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists of films and viewings, statistics, tags, taste, and the chat's history. */

#include "rafilm-store-test.h"

#include "rafilm-store-codec.h"

static void
fill (RafilmStore *store)
{
  RafilmEdit *edit = rafilm_edit_new ("Watchlist");

  store_test_put_film (store, 1, "Éclair", 1971, "A", 10);
  store_test_put_film (store, 2, "delta", 1985, "B", 40);
  store_test_put_film (store, 3, "Foxtrot", 1989, "A,C", 30);
  store_test_put_film (store, 4, "Golf", 2004, "D", 20);
  g_free (store_test_log (store, 1, "2025-06-01", 6, NULL));
  g_free (store_test_log (store, 2, "2026-01-05", 9, "Yes."));
  g_free (store_test_log (store, 1, "2026-02-10", 8, NULL));
  g_free (store_test_log (store, 3, NULL, 0, NULL));
  rafilm_edit_set_watchlist (edit, 4, TRUE, NULL);
  store_test_apply (store, edit);
}

static void
assert_listed (RafilmStore *store, RafilmFilmQuery query, const char *wanted)
{
  g_autofree char *found =
      store_test_join_films (store_test_await_object (rafilm_store_list_films (store, &query)));

  g_assert_cmpstr (found, ==, wanted);
}

static void
test_list_films (void)
{
  RafilmStore *store = store_test_open_new ();

  fill (store);
  assert_listed (store, (RafilmFilmQuery) { .sort = RAFILM_FILM_SORT_TITLE }, "2,1,3,4");
  assert_listed (store, (RafilmFilmQuery) { .sort = RAFILM_FILM_SORT_YEAR, .descending = TRUE },
                 "4,3,2,1");
  assert_listed (store,
                 (RafilmFilmQuery) { .flags = RAFILM_FILM_WATCHED,
                                     .sort = RAFILM_FILM_SORT_RECENT,
                                     .descending = TRUE },
                 "1,2,3");
  assert_listed (store, (RafilmFilmQuery) { .flags = RAFILM_FILM_WATCHLIST }, "4");
  assert_listed (store, (RafilmFilmQuery) { .decade = 1980, .sort = RAFILM_FILM_SORT_TITLE },
                 "2,3");
  assert_listed (store, (RafilmFilmQuery) { .genre = "Crime", .sort = RAFILM_FILM_SORT_TITLE },
                 "2,4");
  assert_listed (store, (RafilmFilmQuery) { .genre = "Crim" }, "");
  assert_listed (
      store,
      (RafilmFilmQuery) { .min_rating = 8, .sort = RAFILM_FILM_SORT_RATING, .descending = TRUE },
      "2,1");
  assert_listed (
      store,
      (RafilmFilmQuery) {
          .sort = RAFILM_FILM_SORT_POPULARITY, .descending = TRUE, .limit = 2, .offset = 1 },
      "3,4");
  assert_listed (store,
                 (RafilmFilmQuery) { .flags = RAFILM_FILM_MINE | RAFILM_FILM_RATED,
                                     .sort = RAFILM_FILM_SORT_ADDED },
                 "1,2");
  store_test_close (store);
}

static void
test_one_object_a_film (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmFilm) full = NULL;
  g_autoptr (RafilmFilm) again = NULL;
  g_autoptr (RafilmFilm) listed = NULL;
  g_autoptr (GListModel) films = NULL;
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHLIST };

  fill (store);
  full = store_test_get_film (store, 4);
  g_assert_cmpstr (rafilm_film_get_facts (full)->cast[0], ==, "Al Pacino");
  films = store_test_await_object (rafilm_store_list_films (store, &query));
  listed = g_list_model_get_item (films, 0);
  again = store_test_get_film (store, 4);
  g_assert_true (listed == full);
  g_assert_true (again == full);
  /* What only the film's own page shows stays, though the list doesn't bring it. */
  g_assert_cmpstr (rafilm_film_get_facts (full)->cast[1], ==, "Robert De Niro");
  store_test_close (store);
}

static void
test_list_viewings (void)
{
  RafilmStore *store = store_test_open_new ();
  static const char *const dates[] = { "2026-02-10", "2026-01-05", "2025-06-01", NULL };
  g_autoptr (GListModel) all = NULL;
  g_autoptr (GListModel) of_film = NULL;
  g_autoptr (GListModel) page = NULL;

  fill (store);
  all = store_test_await_object (rafilm_store_list_viewings (store, 0, 0, 0));
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, G_N_ELEMENTS (dates));
  for (guint i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (all, i);

      g_assert_cmpstr (rafilm_viewing_get_date (viewing), ==, dates[i]);
    }
  of_film = store_test_await_object (rafilm_store_list_viewings (store, 1, 0, 0));
  g_assert_cmpuint (g_list_model_get_n_items (of_film), ==, 2);
  page = store_test_await_object (rafilm_store_list_viewings (store, 0, 2, 3));
  g_assert_cmpuint (g_list_model_get_n_items (page), ==, 1);
  store_test_close (store);
}

static void
test_statistics (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmStatistics) all = NULL;
  g_autoptr (RafilmStatistics) year = NULL;

  fill (store);
  all = store_test_await_boxed (rafilm_store_get_statistics (store, 0));
  g_assert_cmpuint (all->viewings, ==, 4);
  g_assert_cmpuint (all->films, ==, 3);
  g_assert_cmpuint (all->minutes, ==, 400);
  g_assert_cmpuint (all->reviews, ==, 1);
  g_assert_cmpuint (all->watchlist, ==, 1);
  g_assert_cmpuint (all->ratings[0], ==, 1);
  g_assert_cmpuint (all->ratings[9], ==, 1);
  g_assert_cmpuint (all->years->len, ==, 2);
  g_assert_cmpint (g_array_index (all->years, int, 0), ==, 2026);
  g_assert_cmpstr (g_array_index (all->directors, RafilmCount, 0).name, ==, "A");
  g_assert_cmpuint (g_array_index (all->directors, RafilmCount, 0).count, ==, 3);

  year = store_test_await_boxed (rafilm_store_get_statistics (store, 2026));
  g_assert_cmpuint (year->viewings, ==, 2);
  g_assert_cmpfloat (year->mean_rating, ==, 8.5);
  g_assert_cmpuint (year->months[0], ==, 1);
  g_assert_cmpuint (year->months[1], ==, 1);
  /* 5 January 2026 is a Monday, 10 February a Tuesday. */
  g_assert_cmpuint (year->weekdays[0], ==, 1);
  g_assert_cmpuint (year->weekdays[1], ==, 1);
  g_assert_cmpuint (year->decades->len, ==, 2);
  g_assert_cmpstr (g_array_index (year->decades, RafilmCount, 1).name, ==, "1980");
  store_test_close (store);
}

static void
test_tags_and_taste (void)
{
  RafilmStore *store = store_test_open_new ();
  g_auto (GStrv) tags = NULL;
  g_auto (GStrv) genres = NULL;
  g_autoptr (GArray) taste = NULL;
  g_autofree char *first = store_test_log (store, 1, NULL, 6, NULL);
  g_autofree char *second = store_test_log (store, 2, NULL, 0, NULL);
  RafilmEdit *edit = rafilm_edit_new ("Tags");

  store_test_put_film (store, 2, "Two", 1999, "X", 1);
  rafilm_edit_set (edit, "d", first, "tag:a", rafilm_wire_bool (true));
  rafilm_edit_set (edit, "d", first, "tag:b", rafilm_wire_bool (true));
  rafilm_edit_set (edit, "d", second, "tag:b", rafilm_wire_bool (true));
  rafilm_edit_hide_film (edit, 9, TRUE);
  store_test_apply (store, edit);
  tags = store_test_await_boxed (rafilm_store_list_tags (store));
  g_assert_cmpuint (g_strv_length (tags), ==, 2);
  g_assert_cmpstr (tags[0], ==, "b");
  genres = store_test_await_boxed (rafilm_store_list_genres (store));
  g_assert_cmpstr (genres[0], ==, "Crime");
  taste = store_test_await_boxed (rafilm_store_list_taste (store));
  g_assert_cmpuint (taste->len, ==, 3);
  g_assert_cmpint (g_array_index (taste, RafilmTaste, 0).rating, ==, 6);
  g_assert_true (g_array_index (taste, RafilmTaste, 0).seen);
  g_assert_true (g_array_index (taste, RafilmTaste, 2).hidden);
  store_test_close (store);
}

static void
test_messages (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (GArray) films = g_array_new (FALSE, FALSE, sizeof (gint64));
  RafilmStoreMessage message = { 0 };
  g_autoptr (GPtrArray) newest = NULL;
  g_autoptr (GPtrArray) conversations = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  const RafilmStoreMessage *read = NULL;
  gint64 film = 949;

  g_array_append_val (films, film);
  message.conversation = (char *) "c1";
  message.role = (char *) "user";
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *id = g_strdup_printf ("m%d", i);

      message.id = id;
      message.text = (char *) (i == 2 ? "last" : "text");
      message.films = i == 2 ? films : NULL;
      message.at = 100 + i;
      store_test_await_boolean (rafilm_store_put_message (store, &message));
    }
  newest = store_test_await_boxed (rafilm_store_list_messages (store, "c1", 2));
  g_assert_cmpuint (newest->len, ==, 2);
  read = g_ptr_array_index (newest, 1);
  g_assert_cmpstr (read->text, ==, "last");
  g_assert_cmpint (g_array_index (read->films, gint64, 0), ==, 949);
  conversations = store_test_await_boxed (rafilm_store_list_conversations (store));
  g_assert_cmpuint (conversations->len, ==, 1);
  g_assert_cmpstr (((RafilmStoreMessage *) g_ptr_array_index (conversations, 0))->id, ==, "m0");
  store_test_await_boolean (rafilm_store_delete_message (store, "c1", "m0"));
  rest = store_test_await_boxed (rafilm_store_list_messages (store, "c1", 0));
  g_assert_cmpuint (rest->len, ==, 2);
  store_test_close (store);
}

static void
make_fields (RafilmWireFields *fields)
{
  RafilmWireStamp stamp = { -3, G_MAXUINT64, "abcdefgh", 7 };

  rafilm_wire_fields_take (fields, "a", rafilm_wire_int (G_MININT64), &stamp);
  rafilm_wire_fields_take (fields, "b", rafilm_wire_review ("ß", true, "de"), &stamp);
  rafilm_wire_fields_take (fields, "c", rafilm_wire_review ("", false, NULL), NULL);
  rafilm_wire_fields_take (fields, "d", rafilm_wire_raw ("[1,2]"), &stamp);
  rafilm_wire_fields_take (fields, "e", rafilm_wire_null (), NULL);
  rafilm_wire_fields_take (fields, "f", rafilm_wire_bool (true), NULL);
}

static void
test_codec (void)
{
  g_auto (RafilmWireFields) fields = { 0 };
  g_auto (RafilmWireFields) read = { 0 };
  g_autoptr (GBytes) body = NULL;
  const guint8 *data = NULL;
  gsize size = 0;

  make_fields (&fields);
  body = rafilm_store_codec_encode (&fields);
  data = g_bytes_get_data (body, &size);
  g_assert_true (rafilm_store_codec_decode (data, size, &read));
  g_assert_true (rafilm_wire_fields_equal (&fields, &read));

  /* No part of a body is a body, nor is one with something after it. */
  for (gsize length = 0; length < size; length++)
    {
      g_auto (RafilmWireFields) part = { 0 };
      g_autofree guint8 *copy = g_memdup2 (data, length);

      g_assert_false (rafilm_store_codec_decode (copy, length, &part));
      g_assert_cmpuint (part.n_items, ==, 0);
    }
}

static void
test_codec_noise (void)
{
  g_auto (RafilmWireFields) fields = { 0 };
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (rafilm_test_seed ());
  gsize size = 0;

  make_fields (&fields);
  body = rafilm_store_codec_encode (&fields);
  size = g_bytes_get_size (body);
  for (int i = 0; i < 20000; i++)
    {
      g_auto (RafilmWireFields) read = { 0 };
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (body, NULL), size);

      for (int n = g_rand_int_range (random, 1, 4); n > 0; n--)
        copy[g_rand_int_range (random, 0, (int) size)] = (guint8) g_rand_int (random);
      if (rafilm_store_codec_decode (copy, size, &read))
        g_assert_cmpuint (read.n_items, <=, 6);
    }
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/read/films", test_list_films);
  rafilm_test_add_fiber ("/store/read/one-object-a-film", test_one_object_a_film);
  rafilm_test_add_fiber ("/store/read/viewings", test_list_viewings);
  rafilm_test_add_fiber ("/store/read/statistics", test_statistics);
  rafilm_test_add_fiber ("/store/read/tags-and-taste", test_tags_and_taste);
  rafilm_test_add_fiber ("/store/read/messages", test_messages);
  g_test_add_func ("/store/codec/round-trip", test_codec);
  g_test_add_func ("/store/codec/noise", test_codec_noise);
  return g_test_run ();
}
