/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Indexing later: many films that change at once are found soon after, whatever comes between, by
 * the very words as if each had been indexed at once. And queries that run all the time use
 * indexes. */

#include "rafilm-store-test.h"

#include <string.h>

#define N_FILMS 200
#define ACCT "u_index"

static const char *const words[] = {
  "amber", "birch", "cedar", "delta", "ember", "fjord", "grove"
};

static RafilmFilm *
make_film (gint64 id)
{
  g_autofree char *title =
      g_strdup_printf ("%s %s", words[id % 7], words[(id / 7) % G_N_ELEMENTS (words)]);

  return store_test_make_film (id, title, 1950 + (int) id % 70, id % 3 == 0 ? "Ada Lux" : "Bo Rex",
                               (double) (id % 40));
}

static GPtrArray *
make_films (void)
{
  GPtrArray *films = g_ptr_array_new_with_free_func (g_object_unref);

  for (gint64 id = 1; id <= N_FILMS; id++)
    g_ptr_array_add (films, make_film (id));
  return films;
}

static RafilmSyncAnswer *
make_answer (void)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();

  answer->acct = g_strdup (ACCT);
  answer->epoch = g_strdup ("e");
  answer->cursor = answer->head = N_FILMS;
  for (int i = 1; i <= N_FILMS; i += 2)
    {
      g_autofree char *id = g_strdup_printf ("v%d", i);
      RafilmWireRow *row = rafilm_wire_row_new ("d", id);
      RafilmWireStamp stamp = { i, 1000, "otherdev", 1 };

      row->q = i;
      rafilm_wire_fields_take (&row->fields, "film", rafilm_wire_int (i), &stamp);
      rafilm_wire_fields_take (&row->fields, "tag:home", rafilm_wire_bool (i % 3 == 0), &stamp);
      rafilm_wire_fields_take (&row->fields, "rv", rafilm_wire_review (words[i % 5], false, NULL),
                               &stamp);
      g_ptr_array_add (answer->rows, row);
    }
  return answer;
}

static RafilmStore *
open_bound (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmSyncState) state =
      store_test_await_boxed (rafilm_store_bind_account (store, ACCT));

  return store;
}

static void
pull (RafilmStore *store)
{
  g_autoptr (RafilmSyncState) state =
      store_test_await_boxed (rafilm_store_apply_answer (store, make_answer ()));
}

/* What is found, for all kinds of questions. */
static char *
find_all (RafilmStore *store)
{
  static const char *const texts[] = {
    "amber",      "ced",      "delta fjord", "lux",         "director:bo",
    "is:watched", "tag:home", "home",        "year:1960..", "ember is:watched"
  };
  GString *found = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *films = store_test_join_films (
          store_test_await_object (rafilm_store_search (store, texts[i], 0)));

      g_string_append_printf (found, "%s: %s\n", texts[i], films);
    }
  return g_string_free (found, FALSE);
}

/* Both indexes have exactly the films that have a place and words. */
static void
check_indexes (RafilmStore *store)
{
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM text_index_docsize"), ==,
                   store_test_get_int (store, "SELECT count(*) FROM film WHERE place IS NOT NULL"));
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM text_index_docsize WHERE id"
                                              " NOT IN (SELECT place FROM film)"),
                   ==, 0);
  store_test_run_sql (store, "INSERT INTO text_index (text_index) VALUES ('integrity-check');"
                             "INSERT INTO title_index (title_index) VALUES ('integrity-check')");
}

/* One by one, so that nothing is put off. */
static char *
find_in_slow_store (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();
  char *found = NULL;

  for (guint i = 0; i < films->len; i++)
    {
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      g_ptr_array_add (one, films->pdata[i]);
      store_test_await_boolean (rafilm_store_put_films (store, one));
      g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM unindexed"), ==, 0);
    }
  pull (store);
  store_test_await_indexed (store);
  found = find_all (store);
  store_test_close (store);
  return found;
}

static void
test_later (void)
{
  g_autofree char *wanted = find_in_slow_store ();
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();
  g_autofree char *found = NULL;

  store_test_await_boolean (rafilm_store_put_films (store, films));
  pull (store);
  store_test_await_indexed (store);
  check_indexes (store);
  found = find_all (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

/* The diary comes before its films' facts, as at a first synchronisation. */
static void
test_facts_later (void)
{
  g_autofree char *wanted = find_in_slow_store ();
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();
  g_autofree char *early = NULL;
  g_autofree char *found = NULL;

  pull (store);
  /* At once, for it needs no words. */
  early =
      store_test_join_films (store_test_await_object (rafilm_store_search (store, "tag:home", 0)));
  g_assert_true (g_str_has_prefix (early, "3,9,15,21,"));
  store_test_await_boolean (rafilm_store_put_films (store, films));
  store_test_await_indexed (store);
  check_indexes (store);
  found = find_all (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

/* On the store's thread, so that the copy is what a crash at this moment would leave. */
static void
copy_work (RafilmMirror *mirror, gpointer data)
{
  static const char *const endings[] = { "", "-wal" };
  const char *from = sqlite3_db_filename (rafilm_database_handle (mirror->db), "main");

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *source = g_strconcat (from, endings[i], NULL);
      g_autofree char *target = g_strconcat (data, endings[i], NULL);
      g_autofree char *bytes = NULL;
      gsize size = 0;

      g_assert_true (g_file_get_contents (source, &bytes, &size, NULL));
      g_assert_true (g_file_set_contents (target, bytes, (gssize) size, NULL));
    }
}

static void
done_reply (RafilmStore *store, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

/* However quick the thread was, half of the films are still to be indexed. */
static void
put_back (const char *path)
{
  sqlite3 *handle = NULL;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (
      sqlite3_exec (handle,
                    "DELETE FROM text_index WHERE rowid IN"
                    " (SELECT place FROM film WHERE id % 2 = 0);"
                    "INSERT OR IGNORE INTO unindexed SELECT id FROM film WHERE id % 2 = 0",
                    NULL, NULL, NULL),
      ==, SQLITE_OK);
  sqlite3_close (handle);
}

static RafilmStore *
crash (RafilmStore *store)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);

  store_test_await_boolean (rafilm_store_read (store, copy_work, done_reply, path, NULL));
  store_test_close (store);
  put_back (path);
  return store_test_open (path);
}

static void
test_crash (void)
{
  g_autofree char *wanted = find_in_slow_store ();
  g_autofree char *found = NULL;
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();

  store_test_await_boolean (rafilm_store_put_films (store, films));
  store = crash (store);
  store = crash (store);
  pull (store);
  store = crash (store);
  store_test_await_indexed (store);
  check_indexes (store);
  found = find_all (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

/* Who opens the file next has nothing left to do. */
static void
test_closed (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();

  store_test_await_boolean (rafilm_store_put_films (store, films));
  store_test_reopen (&store);
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM unindexed"), ==, 0);
  check_indexes (store);
  store_test_close (store);
}

/* A film that was marked changes again, or goes, before its turn comes. */
static void
test_marked_changes (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();
  g_autofree char *found = NULL;
  g_autofree char *gone = NULL;

  store_test_await_boolean (rafilm_store_put_films (store, films));
  store_test_await_indexed (store);
  store_test_run_sql (store, "INSERT INTO unindexed SELECT id FROM film;"
                             "INSERT INTO unindexed VALUES (999999)");
  store = crash (store);
  store_test_put_film (store, 7, "Zebra", 1999, "Ada Lux", 3);
  store_test_await_indexed (store);
  found = store_test_join_films (store_test_await_object (rafilm_store_search (store, "zebra", 0)));
  g_assert_cmpstr (found, ==, "7");
  gone = store_test_join_films (
      store_test_await_object (rafilm_store_search (store, "amber birch year:1999", 0)));
  g_assert_cmpstr (gone, ==, "");
  check_indexes (store);
  store_test_close (store);
}

static void
test_disk_full (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();
  g_autofree char *sql = NULL;
  g_autofree char *wanted = find_in_slow_store ();
  g_autofree char *found = NULL;

  pull (store);
  store_test_await_indexed (store);
  store_test_await_boolean (rafilm_store_put_films (store, films));
  sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                         store_test_get_int (store, "PRAGMA page_count"));
  store_test_get_int (store, sql);
  dex_await (dex_timeout_new_msec (20), NULL);
  store_test_get_int (store, "PRAGMA max_page_count = 1000000");
  store_test_await_indexed (store);
  check_indexes (store);
  found = find_all (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

/* Query plans */

static const char *const whole_tables[] = {
  "SELECT count(*) FROM outbox",
  "SELECT count(*) FROM dead",
  "SELECT 1 FROM outbox",
  "SELECT 1 FROM arrival LIMIT 1",
  "SELECT 1 FROM arrival WHERE done = 0 LIMIT 1",
  "SELECT 1 FROM unindexed LIMIT 1",
  "SELECT count(*) FROM unindexed", /* this test asks it */
  "SELECT count(*) FROM sqlite_schema",
};

static gboolean
may_scan (const char *sql)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whole_tables); i++)
    if (strcmp (sql, whole_tables[i]) == 0)
      return TRUE;
  /* Search walks an index of words, and a batch the oldest operations, each in its order. */
  return strstr (sql, "_index") != NULL || strstr (sql, "FROM outbox ORDER BY n LIMIT ?") != NULL;
}

static void
check_plan (sqlite3 *handle, const char *sql, guint *count)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  sqlite3_stmt *plan = NULL;

  if (may_scan (sql) || g_str_has_prefix (sql, "BEGIN") || g_str_has_prefix (sql, "COMMIT")
      || g_str_has_prefix (sql, "PRAGMA"))
    return;
  g_assert_cmpint (sqlite3_prepare_v2 (handle, explain, -1, &plan, NULL), ==, SQLITE_OK);
  while (sqlite3_step (plan) == SQLITE_ROW)
    {
      const char *step = (const char *) sqlite3_column_text (plan, 3);

      if ((g_str_has_prefix (step, "SCAN") && strcmp (step, "SCAN CONSTANT ROW") != 0
           && strstr (step, "SUBQUERY") == NULL && strstr (step, "USING") == NULL
           && strstr (step, "(subquery") == NULL)
          || strstr (step, "TEMP B-TREE") != NULL)
        g_error ("%s: %s", sql, step);
    }
  sqlite3_finalize (plan);
  (*count)++;
}

static void
check_plans_work (RafilmMirror *mirror, gpointer data)
{
  sqlite3 *handle = rafilm_database_handle (mirror->db);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (sqlite3_stmt *at = sqlite3_next_stmt (handle, NULL); at != NULL;
       at = sqlite3_next_stmt (handle, at))
    g_ptr_array_add (texts, g_strdup (sqlite3_sql (at)));
  for (guint i = 0; i < texts->len; i++)
    check_plan (handle, texts->pdata[i], data);
}

static void
test_plans (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (GPtrArray) films = make_films ();
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmFilm) film = NULL;
  g_autofree char *id = NULL;
  guint count = 0;

  store_test_await_boolean (rafilm_store_put_films (store, films));
  pull (store);
  id = store_test_log (store, 5, "2026-01-01", 8, "Again");
  g_free (store_test_await_string (rafilm_store_undo (store)));
  batch = store_test_await_boxed (rafilm_store_take_batch (store, 90, 100000));
  film = store_test_get_film (store, 5);
  store_test_await_indexed (store);
  store_test_await_boolean (rafilm_store_read (store, check_plans_work, done_reply, &count, NULL));
  g_assert_cmpuint (count, >, 25);
  store_test_close (store);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/index/later", test_later);
  rafilm_test_add_fiber ("/store/index/facts-later", test_facts_later);
  rafilm_test_add_fiber ("/store/index/crash", test_crash);
  rafilm_test_add_fiber ("/store/index/closed", test_closed);
  rafilm_test_add_fiber ("/store/index/marked-changes", test_marked_changes);
  rafilm_test_add_fiber ("/store/index/disk-full", test_disk_full);
  rafilm_test_add_fiber ("/store/index/plans", test_plans);
  return g_test_run ();
}
