/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the file was copied, or the server restored: a new device, a new epoch, and the stage in
 * which everything is fetched anew while the mirror stays as it is. */

#include "config.h"

#include "rafilm-store-sync-private.h"

#include "rafilm-id.h"
#include "rafilm-wire-mutant.h"

void
rafilm_mirror_take_new_device (RafilmMirror *self)
{
  g_autofree char *dev = NULL;

  dev = rafilm_id_new_device ();
  rafilm_mirror_set_meta (self, META_DEV, dev);
  rafilm_mirror_release_batch (self);
  rafilm_mirror_set_meta_int (self, META_REMATCH, 1);
  rafilm_mirror_renumber (self, 1);
  self->kinds |= RAFILM_STORE_CHANGE_OUTBOX;
}

void
rafilm_mirror_begin_stage (RafilmMirror *self)
{
  rafilm_database_run (self->db, "DELETE FROM stage", "");
  rafilm_mirror_set_meta_int (self, META_STAGED, 1);
  rafilm_mirror_set_meta_int (self, META_REMATCH, 1);
  rafilm_mirror_set_meta_int (self, META_STAGE_CURSOR, 0);
}

/* Giving the same row back twice would be harmless, but twice the work. */
static gboolean
is_queued (RafilmMirror *self, const RafilmWireRow *row)
{
  g_autoptr (GPtrArray) entries = NULL;

  entries = rafilm_mirror_load_entries (self, row->kind, row->id);
  for (guint i = 0; i < entries->len; i++)
    {
      const RafilmWireOp *op = ((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op;

      if (op->recovery && rafilm_wire_fields_equal (&op->set, &row->fields))
        return TRUE;
    }
  return FALSE;
}

/* Gives the row back as it was, with the stamps that its fields had. */
static void
queue_recovery (RafilmMirror *self, const RafilmWireRow *row, gint64 n)
{
  g_autoptr (RafilmOutboxEntry) entry = NULL;
  RafilmWireOp *op = NULL;

  op = rafilm_wire_op_new (n, row->kind, row->id);
  op->full = true;
  op->recovery = true;
  rafilm_wire_fields_copy (&row->fields, &op->set);
  entry = rafilm_outbox_entry_new (op, 0);
  rafilm_mirror_insert_entry (self, entry);
}

static void
queue_recoveries (RafilmMirror *self, gint64 low)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (RafilmStatement) query = NULL;
  gint64 n = 0;

  rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);
  query = rafilm_database_query (
      self->db, "SELECT kind, id, q, purged, body FROM mirror WHERE q > ? ORDER BY q, kind, id",
      "l", low);
  while (rafilm_database_next (self->db, query))
    {
      g_autoptr (RafilmWireRow) row = rafilm_mirror_read_row (self, query);

      if (row != NULL && row->fields.n_items > 0 && !is_queued (self, row))
        g_ptr_array_add (rows, g_steal_pointer (&row));
    }

  n = rafilm_database_get_int (self->db, 1, "SELECT min (n) FROM outbox", "") - 1;
  for (guint i = rows->len; i-- > 0;)
    queue_recovery (self, g_ptr_array_index (rows, i), n--);
}

/* The stage becomes the mirror */

static void
rebuild_all (RafilmMirror *self, GPtrArray *keys)
{
  for (guint i = 0; i + 1 < keys->len; i += 2)
    rafilm_mirror_rebuild (self, g_ptr_array_index (keys, i), g_ptr_array_index (keys, i + 1));
}

/* The records that differ between mirror and stage, as kind, id, kind, id… */
static GPtrArray *
list_different (RafilmMirror *self)
{
  g_autoptr (RafilmStatement) query = NULL;
  GPtrArray *keys = NULL;

  keys = g_ptr_array_new_with_free_func (g_free);
  query = rafilm_database_query (
      self->db,
      "SELECT kind, id FROM stage AS s WHERE NOT EXISTS (SELECT 1 FROM mirror AS m"
      "  WHERE m.kind = s.kind AND m.id = s.id AND m.q = s.q AND m.body = s.body)"
      " UNION SELECT kind, id FROM mirror AS m WHERE NOT EXISTS (SELECT 1 FROM stage AS s"
      "  WHERE s.kind = m.kind AND s.id = m.id)"
      " UNION SELECT kind, id FROM outbox",
      "");
  while (rafilm_database_next (self->db, query))
    {
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 0)));
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 1)));
    }
  return keys;
}

static void
swap_stage (RafilmMirror *self, gint64 cursor)
{
  g_autoptr (GPtrArray) keys = NULL;
  RafilmWireDigest digest = { 0 };

  keys = list_different (self);
  rafilm_database_run (self->db, "DELETE FROM mirror", "");
  rafilm_database_run (self->db, "INSERT INTO mirror SELECT * FROM stage", "");
  rafilm_database_run (self->db, "DELETE FROM stage", "");
  rafilm_mirror_set_meta_int (self, META_STAGED, 0);
  rafilm_mirror_set_meta_int (self, META_CURSOR, cursor);
  rafilm_mirror_compute_digest (self, &digest);
  rafilm_mirror_set_digest (self, &digest);
  rebuild_all (self, keys);
}

void
rafilm_mirror_fill_stage (RafilmMirror *self, const RafilmSyncAnswer *answer)
{
  for (guint i = 0; i < answer->rows->len; i++)
    rafilm_mirror_store_row (self, RAFILM_TABLE_STAGE, g_ptr_array_index (answer->rows, i));
  rafilm_mirror_set_meta_int (self, META_STAGE_CURSOR, answer->cursor);
  if (!answer->more)
    swap_stage (self, answer->cursor);
}

/* Requests */

static void
new_device_work (RafilmMirror *mirror, gpointer data)
{
  rafilm_mirror_take_new_device (mirror);
  ((RafilmSyncRequest *) data)->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_new_device (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_write (self, new_device_work, rafilm_sync_state_reply,
                             g_new0 (RafilmSyncRequest, 1), rafilm_sync_request_free);
}

static void
begin_epoch_work (RafilmMirror *mirror, gpointer data)
{
  RafilmSyncRequest *request = data;
  g_autofree char *old = NULL;

  old = rafilm_mirror_dup_meta (mirror, META_EPOCH);
  if (old != NULL && request->number != G_MAXINT64 && !rafilm_mutant ("no_recover"))
    queue_recoveries (mirror, request->number);
  rafilm_mirror_take_new_device (mirror);
  rafilm_mirror_set_meta (mirror, META_EPOCH, request->text);
  rafilm_mirror_begin_stage (mirror);
  request->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_begin_epoch (RafilmStore *self, const char *epoch, gint64 low)
{
  RafilmSyncRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (epoch != NULL && epoch[0] != '\0');

  request = g_new0 (RafilmSyncRequest, 1);
  request->text = g_strdup (epoch);
  request->number = low;
  return rafilm_store_write (self, begin_epoch_work, rafilm_sync_state_reply, request,
                             rafilm_sync_request_free);
}

static void
begin_resync_work (RafilmMirror *mirror, gpointer data)
{
  rafilm_mirror_begin_stage (mirror);
  ((RafilmSyncRequest *) data)->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_begin_resync (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_write (self, begin_resync_work, rafilm_sync_state_reply,
                             g_new0 (RafilmSyncRequest, 1), rafilm_sync_request_free);
}
