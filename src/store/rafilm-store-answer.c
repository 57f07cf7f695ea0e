/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Applying an answer of the server: response() of the protocol's model (docs/sync.md, "Answer"),
 * in one transaction. */

#include "config.h"

#include "rafilm-store-sync-private.h"

#include <glib/gi18n.h>

#include "rafilm-clock.h"
#include "rafilm-store-codec.h"
#include "rafilm-wire-hlc.h"
#include "rafilm-wire-mutant.h"

/* What is gathered while an answer is applied. */
typedef struct
{
  RafilmMirror *mirror;
  RafilmWireDigest digest;
  GHashTable *touched; /* "kind#id" of the records to build anew */
  GHashTable *buried;  /* "kind#id" of tombstones that were looked at */
} Answer;

static void
touch (Answer *answer, const char *kind, const char *id)
{
  g_hash_table_add (answer->touched, g_strconcat (kind, "#", id, NULL));
}

static RafilmWireVerdict
find_verdict (const RafilmSyncAnswer *answer, gint64 n, const char **ret_text)
{
  RafilmWireVerdict verdict = RAFILM_WIRE_OK;

  for (guint i = 0; i < answer->verdicts->len; i++)
    {
      const RafilmSyncVerdict *entry = &g_array_index (answer->verdicts, RafilmSyncVerdict, i);

      if (entry->n == n && rafilm_wire_verdict_parse (entry->verdict, &verdict))
        {
          *ret_text = entry->verdict;
          return verdict;
        }
    }
  return RAFILM_WIRE_OK;
}

static void
bury (RafilmMirror *self, const RafilmOutboxEntry *entry, const char *verdict)
{
  g_autoptr (GBytes) sets = NULL;
  g_autoptr (GBytes) fill = NULL;

  sets = rafilm_store_codec_encode (&entry->op->set);
  fill = entry->op->fill.n_items > 0 ? rafilm_store_codec_encode (&entry->op->fill) : NULL;
  rafilm_database_run (self->db,
                       "INSERT INTO dead (kind, id, whole, sets, fill, code, at)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
                       "ttibbtl", entry->op->kind, entry->op->id, entry->op->full ? 1 : 0, sets,
                       fill, g_str_has_prefix (verdict, "bad:") ? verdict + 4 : verdict, entry->at);
}

/* Everything that the view has stands in for fields that the server doesn't have. */
static void
fill_from_view (RafilmMirror *self, RafilmWireOp *op)
{
  rafilm_wire_fields_clear (&op->fill);
  rafilm_mirror_load_view (self, op->kind, op->id, &op->fill);
  rafilm_wire_fields_remove (&op->fill, RAFILM_WIRE_DELETED);
  op->full = true;
}

/* Operations that the server has answered go; those whose record it lacks are sent again, whole.
 * The view is still that from before the answer. */
static void
settle_batch (Answer *context, const RafilmSyncAnswer *answer)
{
  RafilmMirror *self = context->mirror;
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) again = NULL;
  gint64 last = 0;

  entries = rafilm_mirror_load_batch (self, answer->batch);
  again = g_ptr_array_new ();
  for (guint i = 0; i < entries->len; i++)
    {
      RafilmOutboxEntry *entry = g_ptr_array_index (entries, i);
      const char *text = NULL;
      RafilmWireVerdict verdict = find_verdict (answer, entry->op->n, &text);

      last = entry->op->n;
      touch (context, entry->op->kind, entry->op->id);
      if (entry->edit == RAFILM_EDIT_ARRIVAL && verdict == RAFILM_WIRE_NEED_FULL)
        {
          /* It stood for a record that is gone, so it is matched again. */
          rafilm_mirror_set_meta_int (self, META_REMATCH, 1);
          continue;
        }
      if (entry->edit == RAFILM_EDIT_ARRIVAL)
        rafilm_mirror_settle_arrival (self, entry->op->kind, entry->op->id);
      else
        rafilm_mirror_settle_edit (self, entry->op->kind, entry->op->id);
      if (verdict == RAFILM_WIRE_BAD)
        bury (self, entry, text);
      else if (verdict == RAFILM_WIRE_NEED_FULL)
        {
          fill_from_view (self, entry->op);
          g_clear_pointer (&entry->batch, g_free);
          g_ptr_array_add (again, entry);
        }
    }

  rafilm_mirror_delete_batch (self, answer->batch);
  for (guint i = 0; i < again->len; i++)
    rafilm_mirror_insert_entry (self, g_ptr_array_index (again, i));
  rafilm_mirror_set_meta (self, META_BATCH, NULL);
  if (entries->len > 0)
    rafilm_mirror_renumber (self, last + 1);
}

static void
fill_from_mirror (RafilmMirror *self, RafilmWireOp *op)
{
  g_autoptr (RafilmWireRow) row = rafilm_mirror_load_row (self, op->kind, op->id);

  rafilm_wire_fields_clear (&op->fill);
  if (row != NULL)
    rafilm_wire_fields_copy (&row->fields, &op->fill);
  rafilm_wire_fields_remove (&op->fill, RAFILM_WIRE_DELETED);
}
/* A tombstone over a record with a pending edit: the edit will win, so it must carry what was
 * there. Taken from what the person saw before this answer, not from the mirror, which may be
 * older. */
static void
save_from_tombstone (RafilmMirror *self, const RafilmWireRow *row)
{
  g_autoptr (GPtrArray) entries = NULL;
  const RafilmWireField *deleted = NULL;

  deleted = rafilm_wire_row_get (row, RAFILM_WIRE_DELETED);
  entries = rafilm_mirror_load_entries (self, row->kind, row->id);
  for (guint i = 0; i < entries->len; i++)
    {
      RafilmOutboxEntry *entry = g_ptr_array_index (entries, i);

      if (entry->batch != NULL || entry->op->full || rafilm_wire_op_is_delete (entry->op)
          || entry->op->base >= deleted->stamp.fseq)
        continue;
      fill_from_view (self, entry->op);
      if (rafilm_mutant ("fill_mirror"))
        fill_from_mirror (self, entry->op);
      rafilm_mirror_update_entry (self, entry);
      return;
    }
}

static void
toggle_digest (Answer *context, const RafilmWireRow *row, gint64 old_seq)
{
  if (old_seq > 0)
    rafilm_wire_digest_toggle (&context->digest, row->kind, row->id, old_seq);
  rafilm_wire_digest_toggle (&context->digest, row->kind, row->id, row->q);
}

static void
take_row (Answer *context, const RafilmWireRow *row)
{
  RafilmMirror *self = context->mirror;
  gint64 old_seq = 0;

  old_seq = rafilm_mirror_get_row_seq (self, row->kind, row->id);
  if (old_seq >= row->q)
    return;
  toggle_digest (context, row, old_seq);
  rafilm_mirror_store_row (self, RAFILM_TABLE_MIRROR, row);
  if (rafilm_mirror_has_pending (self, row->kind, row->id))
    touch (context, row->kind, row->id);
  else
    {
      g_autofree char *key = g_strconcat (row->kind, "#", row->id, NULL);

      /* Built from the row at hand; building it again from the table would only be slower. */
      g_hash_table_remove (context->touched, key);
      rafilm_mirror_rebuild_from_row (self, row);
    }
}

static void
save_pending_from (Answer *context, GPtrArray *rows)
{
  RafilmMirror *self = context->mirror;

  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (rows, i);
      gint64 old_seq = 0;

      /* The same row may come twice, in the acknowledgement and in the feed. */
      if (!rafilm_wire_row_is_deleted (row) || !rafilm_mirror_has_pending (self, row->kind, row->id)
          || !g_hash_table_add (context->buried, g_strconcat (row->kind, "#", row->id, NULL)))
        continue;
      old_seq = rafilm_mirror_get_row_seq (self, row->kind, row->id);
      if (old_seq > 0 && old_seq < row->q)
        save_from_tombstone (self, row);
    }
}

static void
rebuild_touched (Answer *context)
{
  GHashTableIter iter;
  gpointer key = NULL;

  g_hash_table_iter_init (&iter, context->touched);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const char *hash = strchr (key, '#');
      g_autofree char *kind = g_strndup (key, hash - (char *) key);

      rafilm_mirror_rebuild (context->mirror, kind, hash + 1);
    }
}

static guint64
find_newest_stamp (GPtrArray *rows, guint64 newest)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (rows, i);

      for (size_t f = 0; f < row->fields.n_items; f++)
        newest = MAX (newest, row->fields.items[f].stamp.h);
    }
  return newest;
}

static void
rebase_clock (RafilmMirror *self, const RafilmSyncAnswer *answer)
{
  guint64 seen = 0;
  guint64 hlc = 0;

  seen = find_newest_stamp (answer->rows, find_newest_stamp (answer->ack_rows, 0));
  hlc = rafilm_wire_hlc_rebase ((guint64) rafilm_mirror_get_meta_int (self, "hlc", 0),
                                rafilm_mirror_count_pending (self) > 0, seen, answer->server_now,
                                rafilm_clock_now ());
  rafilm_mirror_set_meta_int (self, "hlc", (gint64) hlc);
}

static gboolean
check_answer (RafilmMirror *self, const RafilmSyncAnswer *answer)
{
  g_autofree char *acct = NULL;
  g_autofree char *epoch = NULL;

  acct = rafilm_mirror_dup_meta (self, META_ACCT);
  epoch = rafilm_mirror_dup_meta (self, META_EPOCH);
  if (acct == NULL || g_strcmp0 (acct, answer->acct) != 0)
    rafilm_mirror_fail (self, RAFILM_ERROR_INVALID, _ ("The answer is for another account."));
  else if (epoch != NULL && g_strcmp0 (epoch, answer->epoch) != 0)
    rafilm_mirror_fail (self, RAFILM_ERROR_INVALID, _ ("The answer is of another epoch."));
  else if (epoch == NULL)
    rafilm_mirror_set_meta (self, META_EPOCH, answer->epoch);
  return !rafilm_database_has_failed (self->db);
}

static void
apply_to_mirror (RafilmMirror *self, const RafilmSyncAnswer *answer)
{
  g_autofree char *batch = NULL;
  Answer context = { 0 };

  context.mirror = self;
  context.touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  context.buried = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rafilm_mirror_get_digest (self, &context.digest);

  batch = rafilm_mirror_dup_meta (self, META_BATCH);
  /* What the view showed before this answer is needed first: it changes with the batch's going. */
  save_pending_from (&context, answer->ack_rows);
  save_pending_from (&context, answer->rows);
  if (answer->batch != NULL && g_strcmp0 (answer->batch, batch) == 0)
    settle_batch (&context, answer);
  for (guint i = 0; i < answer->ack_rows->len; i++)
    take_row (&context, g_ptr_array_index (answer->ack_rows, i));
  for (guint i = 0; i < answer->rows->len; i++)
    take_row (&context, g_ptr_array_index (answer->rows, i));
  rebuild_touched (&context);

  rafilm_mirror_set_meta_int (self, META_CURSOR, answer->cursor);
  rafilm_mirror_set_digest (self, &context.digest);
  g_hash_table_unref (context.touched);
  g_hash_table_unref (context.buried);
}

void
rafilm_mirror_refuse_batch (RafilmMirror *self, const char *code)
{
  g_autofree char *batch = rafilm_mirror_dup_meta (self, META_BATCH);
  g_autoptr (GPtrArray) entries = NULL;

  if (batch == NULL)
    return;
  entries = rafilm_mirror_load_batch (self, batch);
  for (guint i = 0; i < entries->len; i++)
    {
      RafilmOutboxEntry *entry = g_ptr_array_index (entries, i);

      if (entry->edit == RAFILM_EDIT_ARRIVAL)
        rafilm_mirror_settle_arrival (self, entry->op->kind, entry->op->id);
      bury (self, entry, code);
    }
  rafilm_mirror_delete_batch (self, batch);
  rafilm_mirror_set_meta (self, META_BATCH, NULL);
  if (entries->len > 0)
    rafilm_mirror_renumber (self, ((RafilmOutboxEntry *) g_ptr_array_index (entries, 0))->op->n);
  for (guint i = 0; i < entries->len; i++)
    {
      const RafilmWireOp *op = ((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op;

      rafilm_mirror_rebuild (self, op->kind, op->id);
    }
}

void
rafilm_mirror_apply_answer (RafilmMirror *self, const RafilmSyncAnswer *answer,
                            gboolean *ret_digest_differs)
{
  RafilmWireDigest digest = { 0 };

  *ret_digest_differs = FALSE;
  if (!check_answer (self, answer))
    return;
  if (rafilm_mirror_is_staged (self))
    rafilm_mirror_fill_stage (self, answer);
  else
    apply_to_mirror (self, answer);
  rafilm_mirror_follow_arrival (self, answer);
  rebase_clock (self, answer);
  if (!answer->more)
    rafilm_mirror_set_meta_int (self, META_SYNCED_AT, rafilm_clock_now ());

  if (answer->has_digest && !answer->more && !rafilm_database_has_failed (self->db))
    {
      rafilm_mirror_get_digest (self, &digest);
      *ret_digest_differs = !rafilm_wire_digest_equal (&digest, &answer->digest);
    }
}
