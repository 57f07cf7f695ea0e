/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a diary whose account is deleted. */
#include "rafilm-profile.h"

#include <glib/gstdio.h>

#include "rafilm-store-sync.h"
#include "rafilm-store-test.h"

#define GONE "0e7f2f2a-8d0e-4f66-9a35-3a1d3b0d3e51"
#define OTHER "1e7f2f2a-8d0e-4f66-9a35-3a1d3b0d3e51"

static guint
count_viewings (const char *folder, const char *uid)
{
  g_autoptr (RafilmStore) store = store_test_await_object (rafilm_profile_open (folder, uid));
  g_autoptr (GListModel) viewings =
      store_test_await_object (rafilm_store_list_viewings (store, 0, 0, 0));
  guint n = g_list_model_get_n_items (viewings);

  store_test_check_overlay (store);
  g_clear_object (&viewings);
  store_test_close (g_steal_pointer (&store));

  return n;
}

static void
log_in_diary (const char *folder, const char *uid, gint64 film, const char *review)
{
  g_autoptr (RafilmStore) store = store_test_await_object (rafilm_profile_open (folder, uid));
  g_autofree char *id = store_test_log (store, film, "2026-03-02", 9, review);

  store_test_put_film (store, film, film == 949 ? "Heat" : "The Matrix", 1995, "Michael Mann", 1);
  g_assert_nonnull (id);
  store_test_close (g_steal_pointer (&store));
}

static void
test_leave_account (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *gone = rafilm_profile_dup_diary_path (folder, GONE);
  g_autofree char *parent = g_build_filename (folder, "aside", NULL);
  g_autoptr (GDir) aside = NULL;
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (RafilmViewing) viewing = NULL;

  log_in_diary (folder, GONE, 949, "Loud and sad.");
  g_assert_true (store_test_await_boolean (rafilm_profile_leave_account (folder, GONE)));
  g_assert_false (g_file_test (gone, G_FILE_TEST_EXISTS));
  aside = g_dir_open (parent, 0, NULL);
  g_assert_nonnull (aside);
  g_assert_nonnull (g_dir_read_name (aside));

  store = store_test_await_object (rafilm_profile_open (folder, NULL));
  viewings = store_test_await_object (rafilm_store_list_viewings (store, 0, 0, 0));
  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, 1);
  viewing = g_list_model_get_item (viewings, 0);
  g_assert_cmpstr (rafilm_viewing_get_review (viewing), ==, "Loud and sad.");
  g_assert_cmpint (rafilm_viewing_get_rating (viewing), ==, 9);
  g_assert_cmpstr (rafilm_film_get_title (rafilm_viewing_get_film (viewing)), ==, "Heat");
  g_clear_object (&viewing);
  g_clear_object (&viewings);
  store_test_close (g_steal_pointer (&store));

  /* It is an ordinary diary without an account: a later account takes it. */
  log_in_diary (folder, NULL, 603, NULL);
  g_assert_cmpuint (count_viewings (folder, OTHER), ==, 2);
}

static void
test_leave_beside_local (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = rafilm_profile_dup_diary_path (folder, GONE);
  g_autofree char *from = g_path_get_dirname (path);
  g_autofree char *kept = g_build_filename (folder, "kept", NULL);

  log_in_diary (folder, GONE, 949, NULL);
  log_in_diary (folder, NULL, 603, NULL);
  log_in_diary (folder, NULL, 949, NULL);

  /* An account without a diary on this computer leaves nothing. */
  g_assert_cmpint (g_rename (from, kept), ==, 0);
  g_assert_true (store_test_await_boolean (rafilm_profile_leave_account (folder, GONE)));
  g_assert_cmpuint (count_viewings (folder, NULL), ==, 2);
  g_assert_cmpint (g_rename (kept, from), ==, 0);
  g_assert_true (store_test_await_boolean (rafilm_profile_leave_account (folder, GONE)));
  /* The same film on the same day in both: neither knew of the other, so both stay. */
  g_assert_cmpuint (count_viewings (folder, NULL), ==, 3);
}

static void
test_leave_nobody (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();

  store_test_await_error (rafilm_profile_leave_account (folder, "../local"), RAFILM_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/profile/leave-account", test_leave_account);
  rafilm_test_add_fiber ("/store/profile/leave-beside-local", test_leave_beside_local);
  rafilm_test_add_fiber ("/store/profile/leave-nobody", test_leave_nobody);

  return g_test_run ();
}
