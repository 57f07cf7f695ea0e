/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Long answers, which are applied in parts: the same comes out, nothing waits for all of them, and
 * they may be interrupted anywhere. */

#include "rafilm-store-test.h"

#define ACCT "u_parts"
#define EPOCH "e_parts"
#define N_ROWS 1500
#define GROUP 7 /* rows of one sequence number */
#define N_FILMS 90

static RafilmStore *
open_bound (void)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmSyncState) state =
      store_test_await_boxed (rafilm_store_bind_account (store, ACCT));

  g_assert_cmpint (state->cursor, ==, 0);
  return store;
}

/* The row is the same for the same number, whatever answer it comes in. */
static RafilmWireRow *
make_row (guint number, gint64 q)
{
  g_autofree char *id = g_strdup_printf ("v%u", number * 7919 % N_ROWS);
  g_autofree char *date = g_strdup_printf ("20%02u-03-%02u", number % 26, 1 + number % 28);
  RafilmWireRow *row = rafilm_wire_row_new ("d", id);
  RafilmWireStamp stamp = { .fseq = q, .h = (guint64) number << 24, .dev = "otherdev", .n = 1 };

  row->q = q;
  rafilm_wire_fields_take (&row->fields, "film", rafilm_wire_int (1 + number % N_FILMS), &stamp);
  rafilm_wire_fields_take (&row->fields, "on", rafilm_wire_text (date), &stamp);
  if (number % 5 == 0)
    rafilm_wire_fields_take (&row->fields, "rv", rafilm_wire_review ("A word", false, NULL),
                             &stamp);
  if (number % 11 == 0)
    rafilm_wire_fields_take (&row->fields, "tag:home", rafilm_wire_bool (true), &stamp);
  if (number % 13 == 0)
    rafilm_wire_fields_take (&row->fields, "x", rafilm_wire_bool (true), &stamp);
  return row;
}

static gint64
seq_of (guint number)
{
  return 1 + number / GROUP;
}

static RafilmSyncAnswer *
make_answer (gint64 after, guint end)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();

  answer->acct = g_strdup (ACCT);
  answer->epoch = g_strdup (EPOCH);
  answer->head = seq_of (N_ROWS - 1);
  answer->cursor = seq_of (end - 1);
  answer->more = end < N_ROWS;
  answer->has_digest = !answer->more;
  for (guint i = 0; i < end; i++)
    {
      RafilmWireRow *row = make_row (i, seq_of (i));

      rafilm_wire_digest_toggle (&answer->digest, row->kind, row->id, row->q);
      if (row->q > after)
        g_ptr_array_add (answer->rows, row);
      else
        rafilm_wire_row_free (row);
    }
  return answer;
}

static RafilmSyncState *
apply (RafilmStore *store, RafilmSyncAnswer *answer)
{
  return store_test_await_boxed (rafilm_store_apply_answer (store, answer));
}

/* All that the file says, but for what is its own. */
static void
dump_work (RafilmMirror *mirror, gpointer data)
{
  static const char *const queries[] = {
    "SELECT kind, id, q, hex (body) FROM mirror ORDER BY kind, id",
    "SELECT * FROM viewing ORDER BY id",
    "SELECT * FROM viewing_tag ORDER BY tag, viewing",
    "SELECT * FROM film ORDER BY id",
    "SELECT key, value FROM meta WHERE key IN ('cursor', 'digest') ORDER BY key",
  };
  GString *text = data;

  for (gsize i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (RafilmStatement) query = rafilm_database_query (mirror->db, queries[i], "");

      while (rafilm_database_next (mirror->db, query))
        for (int column = 0; column < sqlite3_column_count (query); column++)
          g_string_append_printf (text, "%s|", rafilm_statement_text (query, column));
    }
}

static void
dump_reply (RafilmStore *store, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static char *
dump (RafilmStore *store)
{
  GString *text = g_string_new (NULL);

  store_test_await_indexed (store);
  store_test_await_boolean (rafilm_store_read (store, dump_work, dump_reply, text, NULL));
  return g_string_free (text, FALSE);
}

/* What comes of the same rows in answers that are too short to be cut. */
static char *
dump_of_short_answers (void)
{
  RafilmStore *store = open_bound ();
  char *text = NULL;

  for (guint end = 60; end < N_ROWS + 60; end += 60)
    {
      guint here = MIN (end / GROUP * GROUP, N_ROWS);
      g_autoptr (RafilmSyncState) before = store_test_await_boxed (rafilm_store_sync_state (store));
      g_autoptr (RafilmSyncState) after =
          apply (store, make_answer (before->cursor, end >= N_ROWS ? N_ROWS : here));

      g_assert_false (after->digest_differs);
    }
  text = dump (store);
  store_test_close (store);
  return text;
}

/* When the rest has come too, the store is what was wanted. It is closed. */
static void
finish (RafilmStore *store, gint64 cursor, const char *wanted)
{
  g_autofree char *found = NULL;
  g_autoptr (RafilmSyncState) end = apply (store, make_answer (cursor, N_ROWS));

  g_assert_false (end->staged);
  g_assert_false (end->digest_differs);
  store_test_check_overlay (store);
  found = dump (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

static void
count_change_cb (RafilmStore *store, RafilmStoreChange *change, guint *count)
{
  (*count)++;
}

static void
test_same (void)
{
  RafilmStore *store = open_bound ();
  g_autofree char *wanted = dump_of_short_answers ();
  g_autofree char *found = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  guint changes = 0;

  g_signal_connect (store, "changed", G_CALLBACK (count_change_cb), &changes);
  state = apply (store, make_answer (0, N_ROWS));
  g_assert_cmpint (state->cursor, ==, seq_of (N_ROWS - 1));
  g_assert_false (state->digest_differs);
  g_assert_cmpint (state->synced_at, >, 0);
  /* What came shows as it comes. */
  g_assert_cmpuint (changes, >=, 5);
  store_test_check_overlay (store);
  found = dump (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

static void
test_reads_between (void)
{
  RafilmStore *store = open_bound ();
  g_autoptr (DexFuture) applied = rafilm_store_apply_answer (store, make_answer (0, N_ROWS));
  gint64 last = -1;
  guint different = 0;

  while (dex_future_is_pending (applied))
    {
      gint64 cursor = store_test_get_int (
          store, "SELECT ifnull ((SELECT value FROM meta WHERE key = 'cursor'), 0)");
      /* Every row up to the cursor is there, and none beyond. */
      gint64 rows = store_test_get_int (store, "SELECT count(*) FROM mirror");

      g_assert_cmpint (cursor, >=, last);
      if (cursor > last && cursor < seq_of (N_ROWS - 1))
        different++;
      if (cursor == store_test_get_int (store, "SELECT value FROM meta WHERE key = 'cursor'"))
        g_assert_cmpint (rows, ==, MIN (cursor * GROUP, N_ROWS));
      last = cursor;
    }
  g_assert_cmpuint (different, >=, 3);
  store_test_close (store);
}

static void
test_interrupted (void)
{
  g_autofree char *wanted = dump_of_short_answers ();

  for (int wait = 0; wait < 8; wait++)
    {
      RafilmStore *store = open_bound ();
      g_autofree char *path = g_strdup (rafilm_store_get_path (store));
      DexFuture *applied = rafilm_store_apply_answer (store, make_answer (0, N_ROWS));
      g_autoptr (RafilmSyncState) state = NULL;

      for (int i = 0; i < wait; i++)
        store_test_get_int (store, "SELECT 1");
      store_test_await_boolean (rafilm_store_close (store));
      dex_await (applied, NULL);
      g_clear_object (&store);

      store = store_test_open (path);
      store_test_check_overlay (store);
      state = store_test_await_boxed (rafilm_store_sync_state (store));
      g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror"), ==,
                       MIN (state->cursor * GROUP, N_ROWS));
      finish (store, state->cursor, wanted);
    }
}

/* Two answers to the same question: whatever becomes of the one, the mirror is whole. */
static void
test_overtaken (void)
{
  RafilmStore *store = open_bound ();
  DexFuture *first = rafilm_store_apply_answer (store, make_answer (0, N_ROWS));
  DexFuture *second = rafilm_store_apply_answer (store, make_answer (0, N_ROWS / 2));
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (RafilmSyncState) end = NULL;

  dex_await (first, NULL);
  dex_await (second, NULL);
  store_test_check_overlay (store);
  state = store_test_await_boxed (rafilm_store_sync_state (store));
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror"), >=,
                   MIN (state->cursor * GROUP, N_ROWS));
  end = apply (store, make_answer (state->cursor, N_ROWS));
  g_assert_false (end->digest_differs);
  store_test_close (store);
}

/* The batch is settled in the first part, with what the person wrote meanwhile kept. */
static void
test_with_batch (void)
{
  RafilmStore *store = open_bound ();
  g_autofree char *id = store_test_log (store, 5, "2026-05-05", 7, "Mine");
  g_autoptr (RafilmSyncBatch) batch =
      store_test_await_boxed (rafilm_store_take_batch (store, 90, 100000));
  RafilmSyncAnswer *answer = make_answer (0, N_ROWS);
  g_autoptr (RafilmSyncState) state = NULL;
  RafilmWireRow *row = make_row (0, seq_of (N_ROWS - 1));

  g_free (row->id);
  row->id = g_strdup (id);
  rafilm_wire_digest_toggle (&answer->digest, row->kind, row->id, row->q);
  g_ptr_array_add (answer->ack_rows, row);
  answer->batch = g_strdup (batch->id);
  for (guint i = 0; i < batch->ops->len; i++)
    if (!g_str_equal (((RafilmWireOp *) batch->ops->pdata[i])->id, id))
      rafilm_sync_answer_add_verdict (answer, ((RafilmWireOp *) batch->ops->pdata[i])->n, "bad:id");
  state = apply (store, answer);
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_cmpuint (state->dead, ==, batch->ops->len - 1);
  g_assert_false (state->digest_differs);
  store_test_check_overlay (store);
  store_test_close (store);
}

/* Rows that are not in order say nothing about a cursor before the last. */
static void
test_unordered (void)
{
  RafilmStore *store = open_bound ();
  RafilmSyncAnswer *answer = make_answer (0, N_ROWS);
  gpointer first = answer->rows->pdata[0];
  guint changes = 0;
  g_autoptr (RafilmSyncState) state = NULL;

  answer->rows->pdata[0] = answer->rows->pdata[N_ROWS - 1];
  answer->rows->pdata[N_ROWS - 1] = first;
  g_signal_connect (store, "changed", G_CALLBACK (count_change_cb), &changes);
  state = apply (store, answer);
  g_assert_cmpuint (changes, ==, 1);
  g_assert_false (state->digest_differs);
  store_test_close (store);
}

static void
test_stage (void)
{
  RafilmStore *store = open_bound ();
  g_autofree char *wanted = NULL;
  g_autofree char *found = NULL;
  g_autoptr (RafilmSyncState) before = apply (store, make_answer (0, N_ROWS));
  g_autoptr (RafilmSyncState) staged = NULL;
  g_autoptr (RafilmSyncState) after = NULL;

  wanted = dump (store);
  staged = store_test_await_boxed (rafilm_store_begin_resync (store));
  g_assert_true (staged->staged);
  after = apply (store, make_answer (0, N_ROWS));
  g_assert_false (after->staged);
  g_assert_false (after->digest_differs);
  store_test_check_overlay (store);
  found = dump (store);
  g_assert_cmpstr (found, ==, wanted);
  store_test_close (store);
}

#define N_RECENT 90

/* The first page of a long feed, and the newest rows of all. */
static RafilmSyncAnswer *
make_first_answer (guint end)
{
  RafilmSyncAnswer *answer = make_answer (0, end);

  for (guint i = N_ROWS; i-- > N_ROWS - N_RECENT;)
    g_ptr_array_add (answer->recent, make_row (i, seq_of (i)));
  return answer;
}

typedef struct
{
  DexFuture *counted;
  gint64 rows;
  gint64 oldest;
} Foretaste;

static void
count_work (RafilmMirror *mirror, gpointer data)
{
  Foretaste *first = data;

  first->rows = rafilm_database_get_int (mirror->db, 0, "SELECT count(*) FROM mirror", "");
  first->oldest = rafilm_database_get_int (mirror->db, 0, "SELECT min (q) FROM mirror", "");
}

/* What is asked while a change is announced comes before the next part. */
static void
count_rows_cb (RafilmStore *store, RafilmStoreChange *change, Foretaste *first)
{
  if (first->counted == NULL)
    first->counted = rafilm_store_read (store, count_work, dump_reply, first, NULL);
}

/* The newest rows are there before the feed begins, and the same comes of it all in the end. */
static void
check_recent (guint end, gboolean in_order)
{
  RafilmStore *store = open_bound ();
  RafilmSyncAnswer *answer = make_first_answer (end);
  g_autofree char *wanted = dump_of_short_answers ();
  g_autoptr (RafilmSyncState) state = NULL;
  Foretaste first = { 0 };

  if (!in_order)
    g_ptr_array_add (answer->rows, g_ptr_array_steal_index (answer->rows, 0));
  g_signal_connect (store, "changed", G_CALLBACK (count_rows_cb), &first);
  state = apply (store, answer);
  store_test_await_boolean (g_steal_pointer (&first.counted));
  g_assert_cmpint (first.rows, ==, N_RECENT);
  g_assert_cmpint (first.oldest, ==, seq_of (N_ROWS - N_RECENT));
  g_signal_handlers_disconnect_by_data (store, &first);
  g_assert_cmpint (state->cursor, ==, seq_of (end - 1));
  store_test_check_overlay (store);
  finish (store, state->cursor, wanted);
}

static void
test_recent (void)
{
  check_recent (140, TRUE);
  check_recent (140, FALSE);
  check_recent (700, TRUE);
  check_recent (N_ROWS, TRUE);
}

/* They settle the batch like any first part, but the cursor stays; what is edited on them before
 * the feed comes is kept over it. */
static void
test_recent_alone (void)
{
  RafilmStore *store = open_bound ();
  RafilmSyncAnswer *answer = make_first_answer (140);
  g_autofree char *id = store_test_log (store, 5, "2026-05-05", 7, NULL);
  g_autoptr (RafilmSyncBatch) batch =
      store_test_await_boxed (rafilm_store_take_batch (store, 90, 100000));
  g_autofree char *path = g_strdup (rafilm_store_get_path (store));
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (RafilmSyncState) last = NULL;
  RafilmEdit *edit = rafilm_edit_new ("Delete");
  DexFuture *applied = NULL;
  const RafilmWireRow *newest = answer->recent->pdata[0];

  rafilm_edit_delete_viewing (edit, newest->id);
  answer->batch = g_strdup (batch->id);
  applied = rafilm_store_apply_answer (store, answer);
  while (store_test_get_int (store, "SELECT count(*) FROM mirror") == 0)
    continue;
  g_assert_cmpint (store_test_apply (store, edit), >, 0);
  store_test_await_boolean (rafilm_store_close (store));
  dex_await (applied, NULL);
  g_clear_object (&store);

  store = store_test_open (path);
  store_test_check_overlay (store);
  state = store_test_await_boxed (rafilm_store_sync_state (store));
  g_assert_cmpint (state->cursor, <=, seq_of (139));
  g_assert_cmpuint (state->pending, ==, 1);
  g_assert_cmpint (store_test_get_int (store, "SELECT base FROM outbox"), ==, seq_of (N_ROWS - 1));
  last = apply (store, make_answer (state->cursor, N_ROWS));
  g_assert_false (last->digest_differs);
  g_assert_cmpuint (last->pending, ==, 1);
  store_test_check_overlay (store);
  store_test_close (store);
}

/* What is fetched anew beside the mirror takes no rows out of turn, also from a service that sends
 * them unasked; nor does a mirror that is further go back. */
static void
test_recent_unasked (void)
{
  RafilmStore *store = open_bound ();
  g_autofree char *wanted = dump_of_short_answers ();
  g_autoptr (RafilmSyncState) before = apply (store, make_answer (0, 700));
  g_autoptr (RafilmSyncState) staged = store_test_await_boxed (rafilm_store_begin_resync (store));
  g_autoptr (RafilmSyncState) first = apply (store, make_first_answer (140));

  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM stage"), ==, 140);
  finish (store, first->cursor, wanted);
}

static void
test_disk_full (void)
{
  RafilmStore *store = open_bound ();
  g_autofree char *wanted = dump_of_short_answers ();
  g_autofree char *sql = g_strdup_printf ("PRAGMA max_page_count = %" G_GINT64_FORMAT,
                                          store_test_get_int (store, "PRAGMA page_count") + 60);
  g_autoptr (RafilmSyncState) state = NULL;

  store_test_get_int (store, sql);
  store_test_await_error (rafilm_store_apply_answer (store, make_answer (0, N_ROWS)),
                          RAFILM_ERROR_DISK_FULL);
  /* The parts that fitted are there, and all is read as before. */
  state = store_test_await_boxed (rafilm_store_sync_state (store));
  g_assert_cmpint (state->cursor, >, 0);
  g_assert_cmpint (state->cursor, <, seq_of (N_ROWS - 1));
  g_assert_cmpint (store_test_get_int (store, "SELECT count(*) FROM mirror"), ==,
                   state->cursor * GROUP);

  store_test_get_int (store, "PRAGMA max_page_count = 1000000");
  store_test_check_overlay (store);
  finish (store, state->cursor, wanted);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/parts/same", test_same);
  rafilm_test_add_fiber ("/store/parts/reads-between", test_reads_between);
  rafilm_test_add_fiber ("/store/parts/interrupted", test_interrupted);
  rafilm_test_add_fiber ("/store/parts/overtaken", test_overtaken);
  rafilm_test_add_fiber ("/store/parts/with-batch", test_with_batch);
  rafilm_test_add_fiber ("/store/parts/unordered", test_unordered);
  rafilm_test_add_fiber ("/store/parts/stage", test_stage);
  rafilm_test_add_fiber ("/store/parts/recent", test_recent);
  rafilm_test_add_fiber ("/store/parts/recent-alone", test_recent_alone);
  rafilm_test_add_fiber ("/store/parts/recent-unasked", test_recent_unasked);
  rafilm_test_add_fiber ("/store/parts/disk-full", test_disk_full);
  return g_test_run ();
}
