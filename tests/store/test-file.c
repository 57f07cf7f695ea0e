/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The file itself: migrations, and everything that can be wrong with a file. */

#include "rafilm-store-test.h"

#include <glib/gstdio.h>

static char *
make_path (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();

  return g_build_filename (folder, "below", "diary.db", NULL);
}

static void
run_outside (const char *path, const char *sql)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static void
test_reopen (void)
{
  g_autofree char *path = make_path ();
  RafilmStore *store = store_test_open (path);
  g_autofree char *id = store_test_log (store, 5, "2026-02-02", 8, "Good");
  g_autoptr (RafilmViewing) viewing = NULL;

  g_assert_null (rafilm_store_get_recovered_path (store));
  store_test_reopen (&store);
  viewing = store_test_await_object (rafilm_store_get_viewing (store, id));
  g_assert_cmpstr (rafilm_viewing_get_review (viewing), ==, "Good");
  store_test_check_overlay (store);
  store_test_close (store);
}

/* A file of version 1 keeps what it holds; with version 1 the newest, this also pins that opening
 * it migrates nothing twice. */
static void
test_version (void)
{
  g_autofree char *path = make_path ();
  RafilmStore *store = store_test_open (path);
  g_autoptr (RafilmSyncState) before = store_test_await_boxed (rafilm_store_sync_state (store));
  g_autoptr (RafilmSyncState) after = NULL;

  g_assert_cmpint (store_test_get_int (store, "PRAGMA user_version"), ==, 3);
  store_test_reopen (&store);
  after = store_test_await_boxed (rafilm_store_sync_state (store));
  g_assert_cmpstr (after->dev, ==, before->dev);
  g_assert_cmpint (store_test_get_int (store, "PRAGMA user_version"), ==, 3);
  store_test_close (store);
}

static void
test_newer (void)
{
  g_autofree char *path = make_path ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize size_before = 0;
  gsize size_after = 0;

  store_test_close (store_test_open (path));
  run_outside (path, "PRAGMA user_version = 99; PRAGMA journal_mode = DELETE;");
  g_assert_true (g_file_get_contents (path, &before, &size_before, NULL));
  store_test_await_error (rafilm_store_open (path), RAFILM_ERROR_DATABASE_NEWER);
  run_outside (path, "PRAGMA journal_mode = DELETE;");
  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpuint (size_before, ==, size_after);
}

static void
test_unreadable (void)
{
  g_autofree char *path = make_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *kept = NULL;
  g_autofree char *id = NULL;
  RafilmStore *store = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "This is my diary, in plain text.", -1, NULL));
  g_test_expect_message ("rafilm-store", G_LOG_LEVEL_WARNING, "*was moved to*");
  store = store_test_open (path);
  g_test_assert_expected_messages ();
  g_assert_true (g_str_has_prefix (rafilm_store_get_recovered_path (store), path));
  g_assert_true (g_file_get_contents (rafilm_store_get_recovered_path (store), &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "This is my diary, in plain text.");
  id = store_test_log (store, 5, NULL, 0, NULL);
  store_test_close (store);
}

static void
test_disk_full (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autofree char *id = store_test_log (store, 5, "2026-02-02", 8, "Good");
  g_autofree char *text = g_strnfill (60000, 'x');
  g_autofree char *later = NULL;
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                                          store_test_get_int (store, "PRAGMA page_count") + 2);
  gint64 operations = store_test_get_int (store, "SELECT count(*) FROM outbox");
  RafilmEdit *edit = rafilm_edit_new ("Review");

  store_test_get_int (store, sql);
  rafilm_edit_set (edit, "d", id, "rv", rafilm_wire_review (text, false, NULL));
  store_test_await_error (rafilm_store_apply (store, edit), RAFILM_ERROR_DISK_FULL);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM outbox"), ==, operations);
  g_assert_cmpstr (rafilm_store_get_undo_label (store), ==, "Log");
  store_test_check_overlay (store);

  /* With space again, the same edit goes through. */
  store_test_get_int (store, "PRAGMA max_page_count = 1000000");
  store_test_apply (store, edit);
  g_assert_cmpint (store_test_get_int (store, "SELECT length (review) FROM viewing"), ==, 60000);
  later = store_test_log (store, 6, NULL, 0, NULL);
  store_test_check_overlay (store);
  store_test_close (store);
}

static void
test_locked (void)
{
  g_autofree char *path = make_path ();
  RafilmStore *store = store_test_open (path);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Like");
  sqlite3 *other = NULL;

  store_test_get_int (store, "PRAGMA busy_timeout = 10");
  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  rafilm_edit_like_film (edit, 5, TRUE);
  store_test_await_error (rafilm_store_apply (store, edit), RAFILM_ERROR_DATABASE_LOCKED);
  g_assert_cmpint (sqlite3_exec (other, "ROLLBACK", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (store_test_await_int64 (rafilm_store_apply (store, edit)), >, 0);
  sqlite3_close (other);
  store_test_close (store);
}

static void
test_damaged_record (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Like");

  rafilm_edit_like_film (edit, 5, TRUE);
  store_test_run_sql (store, "INSERT INTO mirror VALUES ('f', '5', 1, 0, x'01ff')");
  store_test_await_error (rafilm_store_apply (store, edit), RAFILM_ERROR_DATABASE_UNREADABLE);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM outbox"), ==, 0);
  store_test_close (store);
}

static void
test_closed (void)
{
  RafilmStore *store = store_test_open_new ();

  store_test_await_boolean (rafilm_store_close (store));
  store_test_await_boolean (rafilm_store_close (store));
  store_test_await_error (rafilm_store_list_tags (store), RAFILM_ERROR_DATABASE);
  g_assert_finalize_object (store);
}

static void
test_dropped (void)
{
  g_autofree char *path = make_path ();
  RafilmStore *store = store_test_open (path);
  g_autofree char *id = store_test_log (store, 5, "2026-02-02", 8, "Good");

  g_assert_finalize_object (store);
  store = store_test_open (path);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM viewing"), ==, 1);
  store_test_close (store);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/file/reopen", test_reopen);
  rafilm_test_add_fiber ("/store/file/version", test_version);
  rafilm_test_add_fiber ("/store/file/newer", test_newer);
  rafilm_test_add_fiber ("/store/file/unreadable", test_unreadable);
  rafilm_test_add_fiber ("/store/file/disk-full", test_disk_full);
  rafilm_test_add_fiber ("/store/file/locked", test_locked);
  rafilm_test_add_fiber ("/store/file/damaged-record", test_damaged_record);
  rafilm_test_add_fiber ("/store/file/closed", test_closed);
  rafilm_test_add_fiber ("/store/file/dropped", test_dropped);
  return g_test_run ();
}
