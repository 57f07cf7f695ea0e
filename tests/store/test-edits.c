/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every kind of record edited by the product's words and read back. */

#include "rafilm-store-test.h"

static void
test_log_viewing (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autofree char *id = NULL;
  RafilmEdit *edit = NULL;

  store_test_put_film (store, 949, "Heat", 1995, "Michael Mann", 50);
  edit = rafilm_edit_new ("Add");
  rafilm_edit_set_watchlist (edit, 949, TRUE, "with Ana");
  store_test_apply (store, edit);
  film = store_test_get_film (store, 949);
  g_assert_true (rafilm_film_get_state (film)->watchlist);
  g_assert_cmpstr (rafilm_film_get_state (film)->note, ==, "with Ana");

  id = store_test_log (store, 949, "2026-03-01", 9, "Great.");
  /* The object that we hold has followed. */
  g_assert_false (rafilm_film_get_state (film)->watchlist);
  g_assert_true (rafilm_film_get_state (film)->seen);
  g_assert_cmpint (rafilm_film_get_state (film)->rating, ==, 9);
  g_assert_cmpuint (rafilm_film_get_state (film)->viewings, ==, 1);
  g_assert_cmpstr (rafilm_film_get_state (film)->last_watched, ==, "2026-03-01");

  viewing = store_test_await_object (rafilm_store_get_viewing (store, id));
  g_assert_true (rafilm_viewing_get_film (viewing) == film);
  g_assert_cmpstr (rafilm_viewing_get_date (viewing), ==, "2026-03-01");
  g_assert_cmpstr (rafilm_viewing_get_review (viewing), ==, "Great.");
  g_assert_cmpint (rafilm_viewing_get_rating (viewing), ==, 9);
  g_assert_true (rafilm_viewing_get_finished (viewing));
  g_assert_true (rafilm_viewing_get_pending (viewing));
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_update_viewing (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = store_test_log (store, 5, "2026-03-01", 4, NULL);
  g_autoptr (RafilmViewing) before = store_test_await_object (rafilm_store_get_viewing (store, id));
  g_autoptr (RafilmViewing) after = rafilm_viewing_copy (before);
  g_autoptr (RafilmViewing) read = NULL;
  g_autoptr (GPtrArray) entries = NULL;
  const char *tags[] = { "cinema", "35mm", NULL };
  RafilmEdit *edit = rafilm_edit_new ("Edit");

  g_object_set (after, "date", NULL, "review", "Texto", "spoiler", TRUE, "language", "es", "tags",
                tags, "finished", FALSE, NULL);
  rafilm_edit_update_viewing (edit, before, after);
  store_test_apply (store, edit);
  read = store_test_await_object (rafilm_store_get_viewing (store, id));
  g_assert_null (rafilm_viewing_get_date (read));
  g_assert_cmpstr (rafilm_viewing_get_review (read), ==, "Texto");
  g_assert_true (rafilm_viewing_get_spoiler (read));
  g_assert_cmpstr (rafilm_viewing_get_language (read), ==, "es");
  g_assert_false (rafilm_viewing_get_finished (read));
  g_assert_cmpuint (g_strv_length ((GStrv) rafilm_viewing_get_tags (read)), ==, 2);

  /* Everything of one record that waits is one operation: the viewing's and the film's. */
  entries = store_test_list_entries (store);
  g_assert_cmpuint (entries->len, ==, 2);
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_no_change (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmEdit *edit = rafilm_edit_new ("Nothing");

  rafilm_edit_like_film (edit, 7, FALSE);
  rafilm_edit_rate_film (edit, 7, 0);
  rafilm_edit_set_watchlist (edit, 7, FALSE, "");
  g_assert_cmpint (store_test_apply (store, edit), ==, 0);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM outbox"), ==, 0);
  g_assert_false (rafilm_store_can_undo (store));
  store_test_close (store);
}

static void
test_refused (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmEdit) rating = rafilm_edit_new ("Bad rating");
  g_autoptr (RafilmEdit) half = rafilm_edit_new ("Half good");
  g_autoptr (RafilmEdit) missing = rafilm_edit_new ("Missing");

  rafilm_edit_rate_film (rating, 7, 11);
  store_test_await_error (rafilm_store_apply (store, rating), RAFILM_ERROR_INVALID);
  rafilm_edit_like_film (half, 7, TRUE);
  rafilm_edit_set (half, "d", "abc", "rating", rafilm_wire_int (3));
  store_test_await_error (rafilm_store_apply (store, half), RAFILM_ERROR_NOT_FOUND);
  rafilm_edit_delete_viewing (missing, "nothing");
  store_test_await_error (rafilm_store_apply (store, missing), RAFILM_ERROR_NOT_FOUND);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM outbox"), ==, 0);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM rating"), ==, 0);
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_trash (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = store_test_log (store, 5, "2026-03-01", 4, "Text");
  g_autoptr (GListModel) trash = NULL;
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (RafilmViewing) deleted = NULL;
  g_autoptr (RafilmViewing) restored = NULL;
  RafilmEdit *edit = rafilm_edit_new ("Delete");

  rafilm_edit_delete_viewing (edit, id);
  store_test_apply (store, edit);
  trash = store_test_await_object (rafilm_store_list_trash (store));
  viewings = store_test_await_object (rafilm_store_list_viewings (store, 0, 0, 0));
  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (trash), ==, 1);
  deleted = g_list_model_get_item (trash, 0);
  g_assert_true (rafilm_viewing_get_deleted (deleted));
  g_assert_cmpstr (rafilm_viewing_get_review (deleted), ==, "Text");

  edit = rafilm_edit_new ("Restore");
  rafilm_edit_restore_viewing (edit, id);
  store_test_apply (store, edit);
  restored = store_test_await_object (rafilm_store_get_viewing (store, id));
  g_assert_false (rafilm_viewing_get_deleted (restored));
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_lists (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmEdit *edit = rafilm_edit_new ("New list");
  g_autofree char *list = g_strdup (rafilm_edit_create_list (edit, "Noir", "Dark", TRUE, FALSE));
  g_autofree char *order = NULL;
  g_autofree char *moved = NULL;
  g_autoptr (RafilmList) object = NULL;
  g_autoptr (GHashTable) notes = NULL;
  gint64 film = 3;

  for (gint64 id = 1; id <= 4; id++)
    rafilm_edit_add_to_list (edit, list, id, id == 3 ? "third" : NULL);
  store_test_apply (store, edit);
  order = store_test_join_films (store_test_await_object (rafilm_store_list_entries (store, list)));
  g_assert_cmpstr (order, ==, "1,2,3,4");

  edit = rafilm_edit_new ("Move");
  rafilm_edit_move_in_list (edit, list, 4, 0);
  rafilm_edit_move_in_list (edit, list, 1, 2);
  rafilm_edit_remove_from_list (edit, list, 2);
  rafilm_edit_add_to_list (edit, list, 3, NULL);
  store_test_apply (store, edit);
  moved = store_test_join_films (store_test_await_object (rafilm_store_list_entries (store, list)));
  g_assert_cmpstr (moved, ==, "4,1,3");

  object = store_test_await_object (rafilm_store_get_list (store, list));
  g_assert_cmpstr (rafilm_list_get_name (object), ==, "Noir");
  g_assert_cmpstr (rafilm_list_get_description (object), ==, "Dark");
  g_assert_true (rafilm_list_get_ranked (object));
  g_assert_cmpuint (rafilm_list_get_count (object), ==, 3);
  notes = store_test_await_boxed (rafilm_store_list_entry_notes (store, list));
  g_assert_cmpstr (g_hash_table_lookup (notes, &film), ==, "third");
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_list_order (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmEdit *edit = rafilm_edit_new ("New list");
  g_autofree char *list = g_strdup (rafilm_edit_create_list (edit, "L", NULL, FALSE, FALSE));
  g_autoptr (GString) wanted = g_string_new ("1");
  g_autofree char *order = NULL;

  store_test_apply (store, edit);
  /* Always at the same place, until positions are too long and must be spread. */
  for (gint64 id = 1; id <= 120; id++)
    {
      edit = rafilm_edit_new ("Add");
      rafilm_edit_add_to_list (edit, list, id, NULL);
      rafilm_edit_move_in_list (edit, list, id, id > 1 ? 1 : 0);
      store_test_apply (store, edit);
    }
  for (int id = 120; id >= 2; id--)
    g_string_append_printf (wanted, ",%d", id);
  order = store_test_join_films (store_test_await_object (rafilm_store_list_entries (store, list)));
  g_assert_cmpstr (order, ==, wanted->str);
  g_assert_cmpint (store_test_get_int (store, "SELECT max (length (position)) FROM item"), <=, 64);
  store_test_close (store);
}

static void
test_delete_list (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmEdit *edit = rafilm_edit_new ("New list");
  g_autofree char *list = g_strdup (rafilm_edit_create_list (edit, "L", NULL, FALSE, FALSE));
  g_autofree char *order = NULL;
  g_autoptr (GListModel) lists = NULL;
  g_autoptr (GListModel) of_film = NULL;

  rafilm_edit_add_to_list (edit, list, 8, NULL);
  store_test_apply (store, edit);
  of_film = store_test_await_object (rafilm_store_list_lists_of_film (store, 8));
  g_assert_cmpuint (g_list_model_get_n_items (of_film), ==, 1);
  edit = rafilm_edit_new ("Delete");
  rafilm_edit_delete_list (edit, list);
  store_test_apply (store, edit);
  lists = store_test_await_object (rafilm_store_list_lists (store));
  g_assert_cmpuint (g_list_model_get_n_items (lists), ==, 0);
  store_test_await_error (rafilm_store_get_list (store, list), RAFILM_ERROR_NOT_FOUND);

  edit = rafilm_edit_new ("Restore");
  rafilm_edit_restore_list (edit, list);
  store_test_apply (store, edit);
  order = store_test_join_films (store_test_await_object (rafilm_store_list_entries (store, list)));
  g_assert_cmpstr (order, ==, "8");
  store_test_check_overlay (store);
  store_test_close (store);
}

static char *
join_trash_lists (RafilmStore *store)
{
  g_autoptr (GListModel) lists = store_test_await_object (rafilm_store_list_trash_lists (store));
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (lists); i++)
    {
      g_autoptr (RafilmList) list = g_list_model_get_item (lists, i);

      g_string_append_printf (names, "%s:%u ", rafilm_list_get_name (list),
                              rafilm_list_get_count (list));
    }
  return g_string_free (names, FALSE);
}

/* Deleted lists are in the trash for their time, the newest first, with what is in them. */
static void
test_trash_lists (void)
{
  static const char *const names[] = { "A", "B", "C" };
  RafilmStore *store = store_test_open_new ();
  g_autofree char *sql = NULL;
  g_autofree char *none = NULL, *both = NULL, *late = NULL, *restored = NULL;
  char *ids[G_N_ELEMENTS (names)] = { 0 };
  RafilmEdit *edit = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      edit = rafilm_edit_new ("New list");
      ids[i] = g_strdup (rafilm_edit_create_list (edit, names[i], NULL, FALSE, FALSE));
      for (guint film = 0; film <= i; film++)
        rafilm_edit_add_to_list (edit, ids[i], 8 + film, NULL);
      store_test_apply (store, edit);
    }
  none = join_trash_lists (store);
  g_assert_cmpstr (none, ==, "");
  for (guint i = 0; i < 2; i++)
    {
      edit = rafilm_edit_new ("Delete");
      rafilm_edit_delete_list (edit, ids[1 - i]);
      store_test_apply (store, edit);
      rafilm_test_sleep (5);
    }
  both = join_trash_lists (store);
  g_assert_cmpstr (both, ==, "A:1 B:2 ");

  sql = g_strdup_printf ("UPDATE list SET deleted_at = deleted_at - %d * 86400000"
                         " WHERE id = '%s'",
                         RAFILM_STORE_TRASH_DAYS, ids[0]);
  store_test_run_sql (store, sql);
  late = join_trash_lists (store);
  g_assert_cmpstr (late, ==, "B:2 ");

  edit = rafilm_edit_new ("Restore");
  rafilm_edit_restore_list (edit, ids[1]);
  store_test_apply (store, edit);
  restored = join_trash_lists (store);
  g_assert_cmpstr (restored, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_clear_pointer (&ids[i], g_free);
  store_test_close (store);
}

static void
test_profile (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmEdit *edit = rafilm_edit_new ("Profile");
  g_autoptr (RafilmStoreProfile) profile = NULL;

  rafilm_edit_set_profile (edit, "Ana", NULL);
  store_test_apply (store, edit);
  profile = store_test_await_boxed (rafilm_store_get_profile (store));
  g_assert_cmpstr (profile->name, ==, "Ana");
  g_assert_cmpstr (profile->bio, ==, "");
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
changed_cb (RafilmStore *store, RafilmStoreChange *change, gpointer data)
{
  RafilmStoreChange **last = data;

  g_clear_pointer (last, rafilm_store_change_free);
  *last = rafilm_store_change_copy (change);
}

static void
test_changed (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmStoreChange) change = NULL;
  g_autofree char *id = NULL;

  g_signal_connect (store, "changed", G_CALLBACK (changed_cb), &change);
  id = store_test_log (store, 5, "2026-03-01", 4, "Text");
  g_assert_nonnull (change);
  g_assert_true ((change->kinds & RAFILM_STORE_CHANGE_VIEWINGS) != 0);
  g_assert_true ((change->kinds & RAFILM_STORE_CHANGE_OUTBOX) != 0);
  g_assert_false ((change->kinds & RAFILM_STORE_CHANGE_LISTS) != 0);
  g_assert_true (rafilm_store_change_has_film (change, 5));
  g_assert_false (rafilm_store_change_has_film (change, 6));
  store_test_close (store);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/edits/log-viewing", test_log_viewing);
  rafilm_test_add_fiber ("/store/edits/update-viewing", test_update_viewing);
  rafilm_test_add_fiber ("/store/edits/no-change", test_no_change);
  rafilm_test_add_fiber ("/store/edits/refused", test_refused);
  rafilm_test_add_fiber ("/store/edits/trash", test_trash);
  rafilm_test_add_fiber ("/store/edits/lists", test_lists);
  rafilm_test_add_fiber ("/store/edits/list-order", test_list_order);
  rafilm_test_add_fiber ("/store/edits/delete-list", test_delete_list);
  rafilm_test_add_fiber ("/store/edits/trash-lists", test_trash_lists);
  rafilm_test_add_fiber ("/store/edits/profile", test_profile);
  rafilm_test_add_fiber ("/store/edits/changed", test_changed);
  return g_test_run ();
}
