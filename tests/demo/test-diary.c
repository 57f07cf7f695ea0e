/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-diary.h"
#include "rafilm-demo-lists.h"
#include "rafilm-demo-sample.h"
#include "rafilm-profile.h"
#include "rafilm-test.h"

static RafilmStore *
write_demo (const char *folder)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autoptr (RafilmDemoPlan) plan = rafilm_demo_plan_new (films, "2026-11-20", 1995);
  g_autoptr (GError) error = NULL;
  RafilmStore *store = dex_await_object (rafilm_profile_open (folder, NULL), &error);

  g_assert_no_error (error);
  g_assert_true (dex_await (rafilm_demo_diary_write (store, plan), &error));
  g_assert_no_error (error);

  return store;
}

static void
test_write (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autoptr (RafilmStore) store = write_demo (folder);
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GListModel) listed = NULL;
  g_autoptr (GListModel) lists = NULL;
  g_autoptr (GArray) missing = NULL;
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHLIST };
  guint n_ranked = 0;

  viewings = dex_await_object (rafilm_store_list_viewings (store, 0, 0, 0), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, RAFILM_DEMO_VIEWINGS);
  for (guint i = 0; i < RAFILM_DEMO_VIEWINGS; i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);

      g_assert_true (rafilm_film_is_known (rafilm_viewing_get_film (viewing)));
    }

  listed = dex_await_object (rafilm_store_list_films (store, &query), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (listed), ==, RAFILM_DEMO_WATCHLIST);
  lists = dex_await_object (rafilm_store_list_lists (store), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (lists), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (RafilmList) list = g_list_model_get_item (lists, i);

      n_ranked += rafilm_list_get_ranked (list);
      g_assert_cmpuint (rafilm_list_get_count (list), >=, 10);
    }
  g_assert_cmpuint (n_ranked, ==, 1);
  missing = dex_await_boxed (rafilm_store_list_missing_films (store, 100), NULL);
  g_assert_cmpuint (missing->len, ==, 0);
  g_assert_true (dex_await (rafilm_store_close (store), NULL));
}

/* Signing in takes the diary along; another account gets one of its own. */
static void
test_adopt (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autoptr (RafilmStore) store = write_demo (folder);
  g_autoptr (RafilmStore) own = NULL;
  g_autoptr (RafilmStore) other = NULL;
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GListModel) none = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = rafilm_profile_dup_diary_path (folder, "ab-1");

  g_assert_true (dex_await (rafilm_store_close (store), NULL));
  own = dex_await_object (rafilm_profile_open (folder, "ab-1"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rafilm_store_get_path (own), ==, path);
  viewings = dex_await_object (rafilm_store_list_viewings (own, 0, 0, 0), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, RAFILM_DEMO_VIEWINGS);

  other = dex_await_object (rafilm_profile_open (folder, "cd-2"), &error);
  g_assert_no_error (error);
  none = dex_await_object (rafilm_store_list_viewings (other, 0, 0, 0), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
  g_assert_null (dex_await_object (rafilm_profile_open (folder, "../x"), &error));
  g_assert_nonnull (error);
  g_assert_true (dex_await (rafilm_store_close (own), NULL));
  g_assert_true (dex_await (rafilm_store_close (other), NULL));
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/demo/diary/write", test_write);
  rafilm_test_add_fiber ("/demo/diary/adopt", test_adopt);

  return g_test_run ();
}
