/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-store-test.h"

static char *
undo (RafilmStore *store)
{
  char *label = store_test_await_string (rafilm_store_undo (store));

  store_test_check_overlay (store);
  return label;
}

static void
test_log (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmFilm) film = store_test_get_film (store, 5);
  RafilmEdit *edit = rafilm_edit_new ("Add");
  g_autofree char *id = NULL;
  g_autofree char *undone = NULL;
  g_autofree char *redone = NULL;

  store_test_await_error (rafilm_store_undo (store), RAFILM_ERROR_NOT_FOUND);
  rafilm_edit_set_watchlist (edit, 5, TRUE, NULL);
  store_test_apply (store, edit);
  id = store_test_log (store, 5, "2026-02-02", 8, "Good");
  g_assert_true (rafilm_store_can_undo (store));
  g_assert_cmpstr (rafilm_store_get_undo_label (store), ==, "Log");

  undone = undo (store);
  g_assert_cmpstr (undone, ==, "Log");
  g_assert_cmpuint (rafilm_film_get_state (film)->viewings, ==, 0);
  g_assert_cmpint (rafilm_film_get_state (film)->rating, ==, 0);
  g_assert_false (rafilm_film_get_state (film)->seen);
  g_assert_true (rafilm_film_get_state (film)->watchlist);
  g_assert_cmpstr (rafilm_store_get_undo_label (store), ==, "Add");
  g_assert_cmpstr (rafilm_store_get_redo_label (store), ==, "Log");

  redone = store_test_await_string (rafilm_store_redo (store));
  g_assert_cmpuint (rafilm_film_get_state (film)->viewings, ==, 1);
  g_assert_cmpint (rafilm_film_get_state (film)->rating, ==, 8);
  g_assert_false (rafilm_film_get_state (film)->watchlist);
  g_assert_false (rafilm_store_can_redo (store));
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_delete (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = store_test_log (store, 5, "2026-02-02", 8, "Good");
  g_autofree char *label = NULL;
  g_autoptr (RafilmViewing) viewing = NULL;
  RafilmEdit *edit = rafilm_edit_new ("Delete");

  rafilm_edit_delete_viewing (edit, id);
  store_test_apply (store, edit);
  label = undo (store);
  viewing = store_test_await_object (rafilm_store_get_viewing (store, id));
  g_assert_false (rafilm_viewing_get_deleted (viewing));
  g_assert_cmpstr (rafilm_viewing_get_review (viewing), ==, "Good");
  store_test_close (store);
}

/* A field that was changed again since is left alone. */
static void
test_changed_since (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *label = NULL;
  RafilmEdit *edit = rafilm_edit_new ("Rate and like");

  rafilm_edit_rate_film (edit, 5, 3);
  rafilm_edit_like_film (edit, 5, TRUE);
  store_test_apply (store, edit);
  {
    RafilmSyncAnswer *answer = rafilm_sync_answer_new ();
    g_autoptr (RafilmSyncState) bound =
        store_test_await_boxed (rafilm_store_bind_account (store, "u_a"));
    g_autoptr (RafilmSyncBatch) batch =
        store_test_await_boxed (rafilm_store_take_batch (store, 90, 100000));
    g_autoptr (RafilmSyncState) state = NULL;
    RafilmWireRow *row = rafilm_wire_row_new ("f", "5");

    row->q = 2;
    rafilm_wire_fields_take (&row->fields, "rating", rafilm_wire_int (9), NULL);
    rafilm_wire_fields_take (&row->fields, "like", rafilm_wire_bool (true), NULL);
    answer->acct = g_strdup ("u_a");
    answer->epoch = g_strdup ("e");
    answer->batch = g_strdup (batch->id);
    answer->cursor = 2;
    g_ptr_array_add (answer->ack_rows, row);
    state = store_test_await_boxed (rafilm_store_apply_answer (store, answer));
  }
  label = undo (store);
  g_assert_cmpint (store_test_get_int (store, "SELECT rating FROM rating WHERE film = 5"), ==, 9);
  g_assert_cmpint (store_test_get_int (store, "SELECT liked FROM rating WHERE film = 5"), ==, 0);
  store_test_close (store);
}

static void
test_new_edit_ends_redo (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = store_test_log (store, 5, "2026-02-02", 8, NULL);
  g_autofree char *label = undo (store);
  RafilmEdit *edit = rafilm_edit_new ("Like");

  g_assert_true (rafilm_store_can_redo (store));
  rafilm_edit_like_film (edit, 5, TRUE);
  store_test_apply (store, edit);
  g_assert_false (rafilm_store_can_redo (store));
  store_test_await_error (rafilm_store_redo (store), RAFILM_ERROR_NOT_FOUND);
  store_test_close (store);
}

static void
test_list (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmEdit *edit = rafilm_edit_new ("List");
  g_autofree char *list = g_strdup (rafilm_edit_create_list (edit, "L", NULL, FALSE, FALSE));
  g_autofree char *moved = NULL;
  g_autofree char *added = NULL;
  g_autofree char *order = NULL;
  g_autofree char *empty = NULL;

  rafilm_edit_add_to_list (edit, list, 1, NULL);
  rafilm_edit_add_to_list (edit, list, 2, NULL);
  store_test_apply (store, edit);
  edit = rafilm_edit_new ("Move");
  rafilm_edit_move_in_list (edit, list, 2, 0);
  store_test_apply (store, edit);
  moved = undo (store);
  order = store_test_join_films (store_test_await_object (rafilm_store_list_entries (store, list)));
  g_assert_cmpstr (order, ==, "1,2");
  added = undo (store);
  store_test_await_error (rafilm_store_get_list (store, list), RAFILM_ERROR_NOT_FOUND);
  empty = store_test_join_films (store_test_await_object (rafilm_store_list_entries (store, list)));
  g_assert_cmpstr (empty, ==, "");
  store_test_close (store);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/undo/log", test_log);
  rafilm_test_add_fiber ("/store/undo/delete", test_delete);
  rafilm_test_add_fiber ("/store/undo/changed-since", test_changed_since);
  rafilm_test_add_fiber ("/store/undo/new-edit-ends-redo", test_new_edit_ends_redo);
  rafilm_test_add_fiber ("/store/undo/list", test_list);
  return g_test_run ();
}
