/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The search's language, apart from the database, and the search itself. */

#include "rafilm-search-query.h"
#include "rafilm-store-test.h"

static void
test_words (void)
{
  g_autoptr (RafilmSearchQuery) query = rafilm_search_query_parse ("  Heat \"al pacino\" l'été ");
  g_autofree char *begins = rafilm_search_query_match_title (query, TRUE);
  g_autofree char *has = rafilm_search_query_match_title (query, FALSE);

  g_assert_cmpuint (query->words->len, ==, 5);
  g_assert_cmpstr (has, ==, "\"Heat\"* AND \"al\"* AND \"pacino\"* AND \"l\"* AND \"été\"*");
  g_assert_cmpstr (begins, ==, "^ \"Heat\" + \"al\" + \"pacino\" + \"l\" + \"été\" *");
}

static void
test_operators (void)
{
  g_autoptr (RafilmSearchQuery) query =
      rafilm_search_query_parse ("director:\"michael mann\" year:1990..1999 rating:>=8"
                                 " TAG:Cinema is:watchlist genre:Crime is:liked");

  g_assert_cmpuint (query->words->len, ==, 0);
  g_assert_cmpuint (query->fields->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (query->fields, 0), ==,
                   "{director} : (\"michael\"* AND \"mann\"*)");
  g_assert_cmpint (query->min_year, ==, 1990);
  g_assert_cmpint (query->max_year, ==, 1999);
  g_assert_cmpint (query->min_rating, ==, 8);
  g_assert_cmpint (query->max_rating, ==, 10);
  g_assert_cmpstr (g_ptr_array_index (query->tags, 0), ==, "cinema");
  g_assert_cmpstr (g_ptr_array_index (query->genres, 0), ==, "crime");
  g_assert_cmpint (query->flags, ==, RAFILM_SEARCH_WATCHLIST | RAFILM_SEARCH_LIKED);
}

static void
test_ranges (void)
{
  static const struct
  {
    const char *text;
    int from;
    int to;
  } cases[] = {
    { "year:1995", 1995, 1995 },  { "year:1995..", 1995, 9999 }, { "year:..1995", 1, 1995 },
    { "year:>1995", 1996, 9999 }, { "year:<=1995", 1, 1995 },    { "year:<1995", 1, 1994 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RafilmSearchQuery) query = rafilm_search_query_parse (cases[i].text);

      g_assert_cmpint (query->min_year, ==, cases[i].from);
      g_assert_cmpint (query->max_year, ==, cases[i].to);
      g_assert_cmpuint (query->words->len, ==, 0);
    }
}

static void
test_bad_operators (void)
{
  static const char *const texts[] = { "year:soon", "rating:11", "rating:", "is:good",    "tag:",
                                       "star:wars", "year:..",   "year:>",  "director:!!" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (RafilmSearchQuery) query = rafilm_search_query_parse (texts[i]);

      g_assert_cmpuint (query->words->len, >=, 1);
      g_assert_cmpint (query->max_year + query->max_rating + (int) query->flags, ==, 0);
    }
}

static void
fill (RafilmStore *store)
{
  RafilmEdit *edit = rafilm_edit_new ("Add");

  store_test_put_film (store, 1, "Heat", 1995, "Michael Mann", 50);
  store_test_put_film (store, 2, "Heathers", 1988, "Michael Lehmann", 20);
  store_test_put_film (store, 3, "The Heat", 2013, "Paul Feig", 30);
  store_test_put_film (store, 4, "Dead Heat", 1988, "Mark Goldblatt", 5);
  store_test_put_film (store, 5, "Amélie", 2001, "Jean-Pierre Jeunet", 60);
  store_test_put_film (store, 6, "Collateral", 2004, "Michael Mann", 40);
  rafilm_edit_set_watchlist (edit, 4, TRUE, "borrow from Zoë");
  store_test_apply (store, edit);
}

static void
assert_found (RafilmStore *store, const char *text, const char *wanted)
{
  g_autofree char *found =
      store_test_join_films (store_test_await_object (rafilm_store_search (store, text, 10)));

  g_assert_cmpstr (found, ==, wanted);
}

static void
test_order (void)
{
  RafilmStore *store = store_test_open_new ();

  fill (store);
  /* The very title; beginning; own film; then by popularity. */
  assert_found (store, "heat", "1,2,4,3");
  assert_found (store, "he", "1,2,4,3");
  assert_found (store, "amelie", "5");
  assert_found (store, "mann", "1,6");
  assert_found (store, "the heat", "3");
  assert_found (store, "zoe", "4");
  assert_found (store, "xyzzy", "");
  assert_found (store, "", "");
  store_test_close (store);
}

static void
test_filters (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = NULL;
  RafilmEdit *edit = rafilm_edit_new ("Tag");

  fill (store);
  id = store_test_log (store, 6, "2026-02-02", 8, "Night in Los Angeles");
  rafilm_edit_set (edit, "d", id, "tag:Cinema", rafilm_wire_bool (true));
  store_test_apply (store, edit);

  assert_found (store, "director:mann", "6,1");
  assert_found (store, "director:mann year:1990..1999", "1");
  assert_found (store, "is:watchlist", "4");
  assert_found (store, "is:watched angeles", "6");
  assert_found (store, "tag:cinema", "6");
  assert_found (store, "cinema", "6");
  assert_found (store, "rating:>=8", "6");
  assert_found (store, "rating:<8", "");
  assert_found (store, "genre:crime year:1988", "4,2");
  assert_found (store, "actor:pacino heat", "4,1,3,2");
  assert_found (store, "\"* OR ( NEAR title:^", "");

  edit = rafilm_edit_new ("Delete");
  rafilm_edit_delete_viewing (edit, id);
  store_test_apply (store, edit);
  assert_found (store, "angeles", "");
  assert_found (store, "tag:cinema", "");
  store_test_close (store);
}

static void
test_new_facts (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = store_test_log (store, 77, "2026-02-02", 8, "wonderful");
  g_autoptr (RafilmFilm) film = store_test_get_film (store, 77);
  g_autoptr (GArray) missing = NULL;
  g_autoptr (GArray) none = NULL;

  g_assert_false (rafilm_film_is_known (film));
  missing = store_test_await_boxed (rafilm_store_list_missing_films (store, 10));
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_cmpint (g_array_index (missing, gint64, 0), ==, 77);
  assert_found (store, "wonderful", "77");
  store_test_put_film (store, 77, "Paprika", 2006, "Satoshi Kon", 20);
  g_assert_cmpstr (rafilm_film_get_title (film), ==, "Paprika");
  g_assert_cmpint (rafilm_film_get_state (film)->rating, ==, 8);
  assert_found (store, "pap", "77");
  store_test_put_film (store, 77, "Papurika", 2006, "Satoshi Kon", 20);
  g_assert_cmpstr (rafilm_film_get_title (film), ==, "Papurika");
  assert_found (store, "paprika", "");
  none = store_test_await_boxed (rafilm_store_list_missing_films (store, 10));
  g_assert_cmpuint (none->len, ==, 0);
  store_test_close (store);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/store/search/words", test_words);
  g_test_add_func ("/store/search/operators", test_operators);
  g_test_add_func ("/store/search/ranges", test_ranges);
  g_test_add_func ("/store/search/bad-operators", test_bad_operators);
  rafilm_test_add_fiber ("/store/search/order", test_order);
  rafilm_test_add_fiber ("/store/search/filters", test_filters);
  rafilm_test_add_fiber ("/store/search/new-facts", test_new_facts);
  return g_test_run ();
}
