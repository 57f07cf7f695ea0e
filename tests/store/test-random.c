/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Random edits, undo, batches and answers on two computers that share a server, which merges by
 * the very code that the cloud runs. After every step the tables that are read must be the overlay
 * of the outbox over the mirror; in the end both computers must hold what the server holds. */

#include "rafilm-store-test.h"

#include "rafilm-clock.h"
#include "rafilm-wire-hlc.h"

#define ACCT "u_random"
#define EPOCH "e_random"
#define N_COMPUTERS 2
#define N_ROUNDS 4
#define N_STEPS 60
#define N_FILMS 6

typedef struct
{
  GHashTable *rows; /* "kind#id" to RafilmWireRow */
  gint64 head;
} Server;

typedef struct
{
  RafilmStore *store;
  GPtrArray *viewings;
  GPtrArray *lists;
  char *answered; /* the last batch that the server merged, and */
  GArray *verdicts;
} Computer;

static GRand *random_source;

static int
pick (int n)
{
  return g_rand_int_range (random_source, 0, n);
}

/* The server */

static char *
make_key (const char *kind, const char *id)
{
  return g_strconcat (kind, "#", id, NULL);
}

static void
put_row (Server *server, RafilmWireRow *row, gint64 seq)
{
  row->q = seq;
  g_hash_table_insert (server->rows, make_key (row->kind, row->id), row);
}

static RafilmWireVerdict
merge_op (Server *server, const RafilmWireOp *op, const RafilmWireMergeContext *context,
          gboolean *changed)
{
  g_autofree char *key = make_key (op->kind, op->id);
  const RafilmWireRow *old = g_hash_table_lookup (server->rows, key);
  RafilmWireRow *row = NULL;
  RafilmWireMerge merge = { 0 };
  RafilmWireVerdict verdict = RAFILM_WIRE_OK;

  g_assert_null (rafilm_wire_op_check (op));
  row = old != NULL ? rafilm_wire_row_copy (old) : rafilm_wire_row_new (op->kind, op->id);
  rafilm_wire_merge (row, op, context, &merge);
  for (size_t i = 0; i < merge.n_copies; i++)
    put_row (server, rafilm_wire_copy_to_row (&merge.copies[i], row, "Other", context),
             context->seq);
  *changed = *changed || merge.changed || merge.n_copies > 0;
  verdict = merge.verdict;
  if (merge.changed)
    put_row (server, row, context->seq);
  else
    rafilm_wire_row_free (row);
  rafilm_wire_merge_clear (&merge);
  return verdict;
}

static void
merge_batch (Server *server, Computer *computer, const RafilmSyncBatch *batch, const char *dev)
{
  RafilmWireMergeContext context = { dev, server->head + 1, rafilm_clock_now (),
                                     rafilm_clock_now () };
  gboolean changed = FALSE;

  if (g_strcmp0 (computer->answered, batch->id) == 0)
    return;
  g_set_str (&computer->answered, batch->id);
  g_array_set_size (computer->verdicts, 0);
  for (guint i = 0; i < batch->ops->len; i++)
    {
      const RafilmWireOp *op = g_ptr_array_index (batch->ops, i);
      RafilmWireVerdict verdict = merge_op (server, op, &context, &changed);

      if (verdict != RAFILM_WIRE_OK)
        {
          RafilmSyncVerdict entry = { op->n, (char *) rafilm_wire_verdict_to_text (verdict) };

          g_array_append_val (computer->verdicts, entry);
        }
    }
  if (changed)
    server->head++;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const RafilmWireRow *first = *(RafilmWireRow *const *) a;
  const RafilmWireRow *second = *(RafilmWireRow *const *) b;

  return first->q < second->q ? -1 : first->q > second->q;
}

static void
add_page (Server *server, RafilmSyncAnswer *answer, gint64 cursor, guint max)
{
  g_autoptr (GPtrArray) rows = g_hash_table_get_values_as_ptr_array (server->rows);

  g_ptr_array_sort (rows, compare_rows);
  answer->cursor = server->head;
  for (guint i = 0; i < rows->len; i++)
    {
      RafilmWireRow *row = g_ptr_array_index (rows, i);
      const RafilmWireRow *last =
          answer->rows->len > 0 ? g_ptr_array_index (answer->rows, answer->rows->len - 1) : NULL;

      if (row->q <= cursor)
        continue;
      if (answer->rows->len >= max && last->q != row->q)
        {
          answer->more = TRUE;
          answer->cursor = last->q;
          break;
        }
      g_ptr_array_add (answer->rows, rafilm_wire_row_copy (row));
    }
}

static void
add_digest (Server *server, RafilmSyncAnswer *answer)
{
  GHashTableIter iter;
  gpointer value = NULL;

  answer->has_digest = !answer->more;
  g_hash_table_iter_init (&iter, server->rows);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const RafilmWireRow *row = value;

      rafilm_wire_digest_toggle (&answer->digest, row->kind, row->id, row->q);
    }
}

static RafilmSyncAnswer *
answer_request (Server *server, Computer *computer, const RafilmSyncState *state,
                const RafilmSyncBatch *batch)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();

  answer->acct = g_strdup (ACCT);
  answer->epoch = g_strdup (EPOCH);
  answer->server_now = rafilm_clock_now ();
  if (batch != NULL)
    {
      merge_batch (server, computer, batch, state->dev);
      answer->batch = g_strdup (batch->id);
      for (guint i = 0; i < computer->verdicts->len; i++)
        {
          const RafilmSyncVerdict *entry =
              &g_array_index (computer->verdicts, RafilmSyncVerdict, i);

          rafilm_sync_answer_add_verdict (answer, entry->n, entry->verdict);
        }
      for (guint i = 0; i < batch->ops->len; i++)
        {
          const RafilmWireOp *op = g_ptr_array_index (batch->ops, i);
          g_autofree char *key = make_key (op->kind, op->id);
          const RafilmWireRow *row = g_hash_table_lookup (server->rows, key);

          if (row != NULL)
            g_ptr_array_add (answer->ack_rows, rafilm_wire_row_copy (row));
        }
    }
  answer->head = server->head;
  add_page (server, answer, state->cursor, 1 + pick (20));
  add_digest (server, answer);
  return answer;
}

/* One round trip; the answer may be lost, and then the computer may end and start again. */
static gboolean
synchronise (Server *server, Computer *computer, gboolean faults)
{
  g_autoptr (RafilmSyncBatch) batch =
      store_test_await_boxed (rafilm_store_take_batch (computer->store, 1 + pick (8), 100000));
  g_autoptr (RafilmSyncState) state =
      store_test_await_boxed (rafilm_store_sync_state (computer->store));
  g_autoptr (RafilmSyncState) after = NULL;
  RafilmSyncAnswer *answer = answer_request (server, computer, state, batch);

  if (faults && pick (4) == 0)
    {
      rafilm_sync_answer_free (answer);
      if (pick (2) == 0)
        store_test_reopen (&computer->store);
      return FALSE;
    }
  after = store_test_await_boxed (rafilm_store_apply_answer (computer->store, answer));
  g_assert_false (after->digest_differs);
  return after->pending == 0 && after->cursor == server->head;
}

/* The person */

static const char *
pick_from (GPtrArray *ids)
{
  return ids->len > 0 ? g_ptr_array_index (ids, pick ((int) ids->len)) : NULL;
}

static void
edit_viewing (RafilmEdit *edit, const char *id)
{
  g_autofree char *text = g_strdup_printf ("text %d", pick (1000));

  switch (pick (5))
    {
    case 0:
      rafilm_edit_set (edit, "d", id, "rating", rafilm_wire_int (1 + pick (10)));
      break;
    case 1:
      rafilm_edit_set (edit, "d", id, "rv", rafilm_wire_review (text, pick (2) == 0, NULL));
      break;
    case 2:
      rafilm_edit_delete_viewing (edit, id);
      break;
    case 3:
      rafilm_edit_restore_viewing (edit, id);
      break;
    default:
      rafilm_edit_set (edit, "d", id, pick (2) == 0 ? "tag:plane" : "tag:home",
                       rafilm_wire_bool (pick (2) == 0));
      break;
    }
}

static void
edit_list (RafilmEdit *edit, const char *list)
{
  gint64 film = 1 + pick (N_FILMS);

  switch (pick (5))
    {
    case 0:
      rafilm_edit_update_list (edit, list, "Other name", NULL, pick (2) == 0, FALSE);
      break;
    case 1:
      rafilm_edit_remove_from_list (edit, list, film);
      break;
    case 2:
      rafilm_edit_delete_list (edit, list);
      break;
    case 3:
      rafilm_edit_add_to_list (edit, list, film, pick (2) == 0 ? "note" : NULL);
      break;
    default:
      rafilm_edit_move_in_list (edit, list, film, (guint) pick (N_FILMS));
      break;
    }
}

static void
edit_film (RafilmEdit *edit)
{
  gint64 film = 1 + pick (N_FILMS);

  switch (pick (4))
    {
    case 0:
      rafilm_edit_rate_film (edit, film, pick (11));
      break;
    case 1:
      rafilm_edit_like_film (edit, film, pick (2) == 0);
      break;
    case 2:
      rafilm_edit_hide_film (edit, film, pick (2) == 0);
      break;
    default:
      rafilm_edit_set_watchlist (edit, film, pick (2) == 0, pick (2) == 0 ? "note" : NULL);
      break;
    }
}

static void
apply_or_miss (Computer *computer, RafilmEdit *edit)
{
  g_autoptr (GError) error = NULL;

  /* A record that another computer made may not have come yet. */
  if (!dex_await (rafilm_store_apply (computer->store, edit), &error))
    g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
  rafilm_edit_unref (edit);
}

static void
act (Computer *computer)
{
  RafilmEdit *edit = NULL;
  const char *viewing = pick_from (computer->viewings);
  const char *list = pick_from (computer->lists);
  int what = pick (10);

  if (what == 9)
    {
      dex_await (pick (3) > 0 ? rafilm_store_undo (computer->store)
                              : rafilm_store_redo (computer->store),
                 NULL);
      return;
    }
  if (what < 2 || viewing == NULL)
    {
      g_autofree char *date = g_strdup_printf ("2026-01-%02d", 1 + pick (28));

      g_ptr_array_add (computer->viewings, store_test_log (computer->store, 1 + pick (N_FILMS),
                                                           pick (5) > 0 ? date : NULL, pick (11),
                                                           pick (2) == 0 ? "first" : NULL));
      return;
    }
  edit = rafilm_edit_new ("Random");
  if (what < 5)
    edit_viewing (edit, viewing);
  else if (what < 7)
    edit_film (edit);
  else if (list == NULL || pick (8) == 0)
    g_ptr_array_add (computer->lists,
                     g_strdup (rafilm_edit_create_list (edit, "L", NULL, FALSE, FALSE)));
  else
    edit_list (edit, list);
  apply_or_miss (computer, edit);
}

static void
settle (Server *server, Computer *computers)
{
  gboolean done = FALSE;

  for (int turn = 0; turn < 1000 && !done; turn++)
    {
      gint64 head = server->head;

      done = TRUE;
      for (int i = 0; i < N_COMPUTERS; i++)
        done = synchronise (server, &computers[i], FALSE) && done;
      /* What the last one sent has not come to the first one. */
      done = done && server->head == head;
    }
  g_assert_true (done);
}

static void
check_rows_work (RafilmMirror *mirror, gpointer data)
{
  const Server *server = data;
  g_autoptr (RafilmStatement) query =
      rafilm_database_query (mirror->db, "SELECT kind, id, q, purged, body FROM mirror", "");
  guint count = 0;

  for (; rafilm_database_next (mirror->db, query); count++)
    {
      g_autoptr (RafilmWireRow) row = rafilm_mirror_read_row (mirror, query);
      g_autofree char *key = make_key (row->kind, row->id);

      g_assert_true (rafilm_wire_row_equal (row, g_hash_table_lookup (server->rows, key)));
    }
  g_assert_cmpuint (count, ==, g_hash_table_size (server->rows));
}

static void
check_rows_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static void
share_ids (Computer *computers)
{
  for (int i = 0; i < N_COMPUTERS; i++)
    {
      if (computers[i].viewings->len > 0)
        g_ptr_array_add (computers[(i + 1) % N_COMPUTERS].viewings,
                         g_strdup (pick_from (computers[i].viewings)));
      if (computers[i].lists->len > 0)
        g_ptr_array_add (computers[(i + 1) % N_COMPUTERS].lists,
                         g_strdup (pick_from (computers[i].lists)));
    }
}

static void
open_computer (Computer *computer)
{
  g_autoptr (RafilmSyncState) state = NULL;

  computer->store = store_test_open_new ();
  computer->viewings = g_ptr_array_new_with_free_func (g_free);
  computer->lists = g_ptr_array_new_with_free_func (g_free);
  computer->verdicts = g_array_new (FALSE, FALSE, sizeof (RafilmSyncVerdict));
  state = store_test_await_boxed (rafilm_store_bind_account (computer->store, ACCT));
}

static void
close_computer (Computer *computer)
{
  store_test_close (computer->store);
  g_ptr_array_unref (computer->viewings);
  g_ptr_array_unref (computer->lists);
  g_array_unref (computer->verdicts);
  g_free (computer->answered);
}

static void
test_random (void)
{
  Computer computers[N_COMPUTERS] = { 0 };
  Server server = { 0 };

  random_source = g_rand_new_with_seed (rafilm_test_seed ());
  server.rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                       (GDestroyNotify) rafilm_wire_row_free);
  for (int i = 0; i < N_COMPUTERS; i++)
    open_computer (&computers[i]);
  for (int round = 0; round < N_ROUNDS; round++)
    {
      for (int step = 0; step < N_STEPS; step++)
        {
          Computer *computer = &computers[pick (N_COMPUTERS)];

          if (pick (3) > 0)
            act (computer);
          else
            synchronise (&server, computer, TRUE);
          store_test_check_overlay (computer->store);
        }
      settle (&server, computers);
      share_ids (computers);
      for (int i = 0; i < N_COMPUTERS; i++)
        {
          store_test_check_overlay (computers[i].store);
          store_test_await_boolean (rafilm_store_read (computers[i].store, check_rows_work,
                                                       check_rows_reply, &server, NULL));
        }
    }
  for (int i = 0; i < N_COMPUTERS; i++)
    close_computer (&computers[i]);
  g_hash_table_unref (server.rows);
  g_rand_free (random_source);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/store/random", test_random);
  return g_test_run ();
}
