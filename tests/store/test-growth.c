/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an earlier version of the program kept without knowing it, and a later one knows. */

#include "rafilm-store-test.h"

static void
set_field (RafilmWireRow *row, const char *name, RafilmWireValue value)
{
  RafilmWireStamp stamp = { .fseq = row->q, .h = 1000, .dev = "otherdev", .n = 1 };

  rafilm_wire_fields_take (&row->fields, name, value, &stamp);
}

static void
add_row (RafilmSyncAnswer *answer, const char *kind, const char *id, const char *field,
         RafilmWireValue value)
{
  RafilmWireRow *row = rafilm_wire_row_new (kind, id);

  row->q = 4;
  set_field (row, field, value);
  if (g_str_equal (kind, "d"))
    set_field (row, "film", rafilm_wire_int (5));
  g_ptr_array_add (answer->rows, row);
}

/* A store as a version has left it that didn't know of tags, of notes and of profiles. */
static RafilmStore *
open_earlier (void)
{
  RafilmStore *store = store_test_open_new ();
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();
  g_autoptr (RafilmSyncState) bound =
      store_test_await_boxed (rafilm_store_bind_account (store, "u_test"));
  g_autoptr (RafilmSyncState) state = NULL;

  answer->acct = g_strdup ("u_test");
  answer->epoch = g_strdup ("e_one");
  answer->head = answer->cursor = 4;
  add_row (answer, "d", "v", "tag:plane", rafilm_wire_raw ("true"));
  add_row (answer, "w", "5", "note", rafilm_wire_raw ("\"With Ada\""));
  add_row (answer, "p", "me", "name", rafilm_wire_raw ("\"Grace\""));
  add_row (answer, "q", "later", "shape", rafilm_wire_raw ("{\"a\":[1]}"));
  state = store_test_await_boxed (rafilm_store_apply_answer (store, answer));
  store_test_run_sql (store, "DELETE FROM viewing_tag; UPDATE watch SET note = NULL");
  store_test_run_sql (store, "UPDATE profile SET name = NULL");
  return store;
}

static gint64
count_shown (RafilmStore *store)
{
  return store_test_get_int (store, "SELECT (SELECT count(*) FROM viewing_tag WHERE tag = 'plane')"
                                    " + (SELECT count(*) FROM watch WHERE note = 'With Ada')"
                                    " + (SELECT count(*) FROM profile WHERE name = 'Grace')");
}

static void
test_learn (void)
{
  RafilmStore *store = open_earlier ();

  /* The same version again builds nothing anew. */
  store_test_reopen (&store);
  g_assert_cmpint (count_shown (store), ==, 0);
  store_test_run_sql (store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', 0)");
  store_test_reopen (&store);
  g_assert_cmpint (count_shown (store), ==, 3);
  g_assert_cmpint (store_test_get_int (store, "SELECT value FROM meta WHERE key = 'schema'"), ==,
                   rafilm_wire_schema ());
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror WHERE kind = 'q'"), ==,
                   1);
  store_test_check_overlay (store);
  store_test_close (store);
}

/* The file was opened by a later version, and then by this one: what that built is not believed
 * when the later one comes back. */
static void
test_go_back (void)
{
  RafilmStore *store = store_test_open_new ();

  store_test_run_sql (store, "INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', 99)");
  store_test_reopen (&store);
  g_assert_cmpint (store_test_get_int (store, "SELECT value FROM meta WHERE key = 'schema'"), ==,
                   rafilm_wire_schema ());
  store_test_close (store);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/growth/learn", test_learn);
  rafilm_test_add_fiber ("/store/growth/go-back", test_go_back);

  return g_test_run ();
}
