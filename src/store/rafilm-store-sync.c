/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sending: the state of synchronisation, batches, and whose diary this is. */

#include "config.h"

#include "rafilm-store-sync-private.h"

#include <glib/gi18n.h>

#include "rafilm-id.h"

/* JSON around an operation's fields: number, kind, id, base, clocks. */
#define OP_OVERHEAD 160
#define FIELD_OVERHEAD 32

typedef struct
{
  guint max_ops;
  gsize max_bytes;
  RafilmSyncBatch *batch;
} BatchRequest;

gboolean
rafilm_mirror_is_staged (RafilmMirror *self)
{
  return rafilm_mirror_get_meta_int (self, META_STAGED, 0) != 0;
}

RafilmSyncState *
rafilm_mirror_load_sync_state (RafilmMirror *self)
{
  RafilmSyncState *state = NULL;

  state = g_new0 (RafilmSyncState, 1);
  state->acct = rafilm_mirror_dup_meta (self, META_ACCT);
  state->dev = rafilm_mirror_dup_meta (self, META_DEV);
  state->epoch = rafilm_mirror_dup_meta (self, META_EPOCH);
  state->staged = rafilm_mirror_is_staged (self);
  state->cursor =
      rafilm_mirror_get_meta_int (self, state->staged ? META_STAGE_CURSOR : META_CURSOR, 0);
  state->next_n = rafilm_mirror_get_meta_int (self, "next_n", 1);
  state->synced_at = rafilm_mirror_get_meta_int (self, META_SYNCED_AT, 0);
  state->account_deleted = rafilm_mirror_get_meta_int (self, META_ACCOUNT_DELETED, 0) != 0;
  state->pending = rafilm_mirror_count_pending (self);
  state->dead = (guint) rafilm_database_get_int (self->db, 0, "SELECT count(*) FROM dead", "");
  return state;
}

void
rafilm_sync_request_free (gpointer data)
{
  RafilmSyncRequest *request = data;

  g_clear_pointer (&request->state, rafilm_sync_state_free);
  g_free (request->text);
  g_free (request);
}

void
rafilm_sync_state_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_SYNC_STATE,
                             g_steal_pointer (&((RafilmSyncRequest *) data)->state));
}

static void
state_work (RafilmMirror *mirror, gpointer data)
{
  ((RafilmSyncRequest *) data)->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_sync_state (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, state_work, rafilm_sync_state_reply,
                            g_new0 (RafilmSyncRequest, 1), rafilm_sync_request_free);
}

/* Batches */

static gsize
measure_op (const RafilmWireOp *op)
{
  return OP_OVERHEAD + rafilm_wire_fields_size (&op->set) + rafilm_wire_fields_size (&op->fill)
         + FIELD_OVERHEAD * (op->set.n_items + op->fill.n_items);
}

/* The number of the last operation that the next batch takes, or 0. */
static gint64
choose_last (RafilmMirror *mirror, const BatchRequest *request, gboolean *ret_arrives)
{
  g_autoptr (RafilmStatement) query = NULL;
  gint64 last = 0;
  guint ops = 0;
  guint cost = 0;
  gsize bytes = 0;

  query = rafilm_database_query (mirror->db,
                                 "SELECT n, kind, id, edit = ? FROM outbox ORDER BY n"
                                 " LIMIT ?",
                                 "ll", RAFILM_EDIT_ARRIVAL, (gint64) request->max_ops);
  while (rafilm_database_next (mirror->db, query))
    {
      g_autoptr (GPtrArray) entries = NULL;
      gint64 n = rafilm_statement_int (query, 0);
      gboolean arrives = rafilm_statement_int (query, 3) != 0;

      /* Ordinary operations demand no head, so they don't share a batch with others. */
      if (ops > 0 && arrives != *ret_arrives)
        break;
      *ret_arrives = arrives;
      entries = rafilm_mirror_load_entries (mirror, rafilm_statement_text (query, 1),
                                            rafilm_statement_text (query, 2));
      for (guint i = 0; i < entries->len; i++)
        {
          const RafilmWireOp *op = ((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op;

          if (op->n != n)
            continue;
          ops++;
          cost += rafilm_wire_op_cost (op);
          bytes += measure_op (op);
        }
      /* One operation always goes, else nothing ever would. */
      if (ops > 1 && (cost > RAFILM_WIRE_MAX_COST || bytes > request->max_bytes))
        break;
      last = n;
    }
  return last;
}

static char *
mark_batch (RafilmMirror *mirror, const BatchRequest *request)
{
  g_autofree char *random = NULL;
  g_autofree char *id = NULL;
  gboolean arrives = FALSE;
  gint64 last = 0;

  last = choose_last (mirror, request, &arrives);
  if (last == 0 || (arrives && rafilm_mirror_get_meta_int (mirror, META_REMATCH, 0) != 0))
    return NULL;
  random = rafilm_id_new ();
  id = g_strdup_printf ("b_%.12s", random);
  rafilm_database_run (mirror->db, "UPDATE outbox SET batch = ? WHERE n <= ?", "tl", id, last);
  rafilm_mirror_set_meta (mirror, META_BATCH, id);
  rafilm_mirror_set_meta_int (mirror, META_IF_HEAD,
                              arrives ? rafilm_mirror_get_meta_int (mirror, META_CURSOR, 0) : -1);
  return g_steal_pointer (&id);
}

static void
take_batch_work (RafilmMirror *mirror, gpointer data)
{
  BatchRequest *request = data;
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *id = NULL;

  if (rafilm_mirror_is_staged (mirror))
    return;
  id = rafilm_mirror_dup_meta (mirror, META_BATCH);
  if (id == NULL)
    id = mark_batch (mirror, request);
  if (id == NULL)
    return;

  entries = rafilm_mirror_load_batch (mirror, id);
  request->batch = g_new0 (RafilmSyncBatch, 1);
  request->batch->ops = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_op_free);
  for (guint i = 0; i < entries->len; i++)
    g_ptr_array_add (
        request->batch->ops,
        rafilm_wire_op_copy (((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op));
  request->batch->id = g_steal_pointer (&id);
  request->batch->if_head = rafilm_mirror_get_meta_int (mirror, META_IF_HEAD, -1);
}

static void
take_batch_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_SYNC_BATCH,
                             g_steal_pointer (&((BatchRequest *) data)->batch));
}

static void
batch_request_free (gpointer data)
{
  BatchRequest *request = data;

  g_clear_pointer (&request->batch, rafilm_sync_batch_free);
  g_free (request);
}

DexFuture *
rafilm_store_take_batch (RafilmStore *self, guint max_ops, gsize max_bytes)
{
  BatchRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (max_ops > 0);

  request = g_new0 (BatchRequest, 1);
  request->max_ops = MIN (max_ops, RAFILM_WIRE_MAX_OPS);
  request->max_bytes = max_bytes;
  return rafilm_store_write (self, take_batch_work, take_batch_reply, request, batch_request_free);
}

void
rafilm_mirror_release_batch (RafilmMirror *self)
{
  rafilm_mirror_set_meta (self, META_BATCH, NULL);
  rafilm_database_run (self->db, "UPDATE outbox SET batch = NULL WHERE batch IS NOT NULL", "");
}

static void
release_batch_work (RafilmMirror *mirror, gpointer data)
{
  rafilm_mirror_release_batch (mirror);
  ((RafilmSyncRequest *) data)->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_release_batch (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_write (self, release_batch_work, rafilm_sync_state_reply,
                             g_new0 (RafilmSyncRequest, 1), rafilm_sync_request_free);
}

static void
refuse_batch_work (RafilmMirror *mirror, gpointer data)
{
  RafilmSyncRequest *request = data;

  rafilm_mirror_refuse_batch (mirror, request->text);
  request->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_refuse_batch (RafilmStore *self, const char *code)
{
  RafilmSyncRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (code != NULL);

  request = g_new0 (RafilmSyncRequest, 1);
  request->text = g_strdup (code);
  return rafilm_store_write (self, refuse_batch_work, rafilm_sync_state_reply, request,
                             rafilm_sync_request_free);
}

/* The account */

static void
bind_account_work (RafilmMirror *mirror, gpointer data)
{
  RafilmSyncRequest *request = data;
  g_autofree char *acct = NULL;

  acct = rafilm_mirror_dup_meta (mirror, META_ACCT);
  if (acct == NULL)
    rafilm_mirror_set_meta (mirror, META_ACCT, request->text);
  else if (g_strcmp0 (acct, request->text) != 0)
    rafilm_mirror_fail (mirror, RAFILM_ERROR_INVALID, _ ("This diary belongs to another account."));
  request->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_bind_account (RafilmStore *self, const char *acct)
{
  RafilmSyncRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (acct != NULL && acct[0] != '\0');

  request = g_new0 (RafilmSyncRequest, 1);
  request->text = g_strdup (acct);
  return rafilm_store_write (self, bind_account_work, rafilm_sync_state_reply, request,
                             rafilm_sync_request_free);
}

static void
set_account_deleted_work (RafilmMirror *mirror, gpointer data)
{
  RafilmSyncRequest *request = data;

  rafilm_mirror_set_meta_int (mirror, META_ACCOUNT_DELETED, request->number);
  request->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_set_account_deleted (RafilmStore *self, gboolean deleted)
{
  RafilmSyncRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  request = g_new0 (RafilmSyncRequest, 1);
  request->number = deleted;
  return rafilm_store_write (self, set_account_deleted_work, rafilm_sync_state_reply, request,
                             rafilm_sync_request_free);
}
