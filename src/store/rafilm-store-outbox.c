/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The outbox: operations in the order of their numbers, which follow each other without a gap.
 * Those of a batch are never changed; the others may be renumbered, completed or put together. */

#include "config.h"

#include "rafilm-store-private.h"

#include <glib/gi18n.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-store-codec.h"

#define COLUMNS "n, kind, id, base, whole, recovery, sets, fill, batch, edit, at"

/* Greater than any number, so that renumbering meets no number that is still in use. */
#define RENUMBER_OFFSET (G_GINT64_CONSTANT (1) << 60)

RafilmOutboxEntry *
rafilm_outbox_entry_new (RafilmWireOp *op, gint64 edit)
{
  RafilmOutboxEntry *self = NULL;

  self = g_new0 (RafilmOutboxEntry, 1);
  self->op = op;
  self->edit = edit;
  self->at = rafilm_clock_now ();
  return self;
}

void
rafilm_outbox_entry_free (RafilmOutboxEntry *self)
{
  if (self == NULL)
    return;
  rafilm_wire_op_free (self->op);
  g_free (self->batch);
  g_free (self);
}

static gboolean
decode_column (RafilmStatement *query, int column, RafilmWireFields *ret_fields)
{
  const void *data = NULL;
  gsize size = 0;

  if (rafilm_statement_is_null (query, column))
    return TRUE;
  data = rafilm_statement_blob (query, column, &size);
  return rafilm_store_codec_decode (data, size, ret_fields);
}

static RafilmOutboxEntry *
read_entry (RafilmMirror *self, RafilmStatement *query)
{
  RafilmOutboxEntry *entry = NULL;
  RafilmWireOp *op = NULL;

  op = rafilm_wire_op_new (rafilm_statement_int (query, 0), rafilm_statement_text (query, 1),
                           rafilm_statement_text (query, 2));
  op->base = rafilm_statement_int (query, 3);
  op->full = rafilm_statement_int (query, 4) != 0;
  op->recovery = rafilm_statement_int (query, 5) != 0;
  if (!decode_column (query, 6, &op->set) || !decode_column (query, 7, &op->fill))
    rafilm_mirror_fail (self, RAFILM_ERROR_DATABASE_UNREADABLE, _ ("A change is damaged."));
  rafilm_store_codec_learn (op->kind, &op->set);
  rafilm_store_codec_learn (op->kind, &op->fill);
  entry = rafilm_outbox_entry_new (op, rafilm_statement_int (query, 9));
  entry->batch = g_strdup (rafilm_statement_text (query, 8));
  entry->at = rafilm_statement_int (query, 10);
  return entry;
}

static GPtrArray *
read_entries (RafilmMirror *self, RafilmStatement *query)
{
  GPtrArray *entries = NULL;

  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_outbox_entry_free);
  while (rafilm_database_next (self->db, query))
    g_ptr_array_add (entries, read_entry (self, query));
  return entries;
}

GPtrArray *
rafilm_mirror_load_entries (RafilmMirror *self, const char *kind, const char *id)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (
      self->db, "SELECT " COLUMNS " FROM outbox WHERE kind = ? AND id = ? ORDER BY n", "tt", kind,
      id);
  return read_entries (self, query);
}

GPtrArray *
rafilm_mirror_load_batch (RafilmMirror *self, const char *batch)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (
      self->db, "SELECT " COLUMNS " FROM outbox WHERE batch = ? ORDER BY n", "t", batch);
  return read_entries (self, query);
}

void
rafilm_mirror_insert_entry (RafilmMirror *self, const RafilmOutboxEntry *entry)
{
  const RafilmWireOp *op = entry->op;
  g_autoptr (GBytes) sets = NULL;
  g_autoptr (GBytes) fill = NULL;

  sets = rafilm_store_codec_encode (&op->set);
  fill = op->fill.n_items > 0 ? rafilm_store_codec_encode (&op->fill) : NULL;
  rafilm_database_run (self->db, "INSERT INTO outbox (" COLUMNS ") VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                       "lttliibbtll", op->n, op->kind, op->id, op->base, op->full ? 1 : 0,
                       op->recovery ? 1 : 0, sets, fill, entry->batch, entry->edit, entry->at);
  self->outbox_known = FALSE;
  self->kinds |= RAFILM_STORE_CHANGE_OUTBOX;
}

void
rafilm_mirror_append_entry (RafilmMirror *self, RafilmOutboxEntry *entry)
{
  entry->op->n = rafilm_mirror_get_meta_int (self, "next_n", 1);
  rafilm_mirror_insert_entry (self, entry);
  rafilm_mirror_set_meta_int (self, "next_n", entry->op->n + 1);
}

void
rafilm_mirror_update_entry (RafilmMirror *self, const RafilmOutboxEntry *entry)
{
  const RafilmWireOp *op = entry->op;
  g_autoptr (GBytes) sets = NULL;
  g_autoptr (GBytes) fill = NULL;

  g_assert (entry->batch == NULL);
  sets = rafilm_store_codec_encode (&op->set);
  fill = op->fill.n_items > 0 ? rafilm_store_codec_encode (&op->fill) : NULL;
  rafilm_database_run (self->db, "UPDATE outbox SET whole = ?, sets = ?, fill = ? WHERE n = ?",
                       "ibbl", op->full ? 1 : 0, sets, fill, op->n);
  self->kinds |= RAFILM_STORE_CHANGE_OUTBOX;
}

void
rafilm_mirror_delete_batch (RafilmMirror *self, const char *batch)
{
  rafilm_database_run (self->db, "DELETE FROM outbox WHERE batch = ?", "t", batch);
  self->outbox_known = FALSE;
  self->kinds |= RAFILM_STORE_CHANGE_OUTBOX;
}

/* Whether the operations have these numbers already; then only the next one is written. */
static gboolean
are_numbered (RafilmMirror *self, gint64 first)
{
  gint64 count = rafilm_mirror_count_pending (self);

  if (count > 0
      && (rafilm_database_get_int (self->db, 0, "SELECT min (n) FROM outbox", "") != first
          || rafilm_database_get_int (self->db, 0, "SELECT max (n) FROM outbox", "")
                 != first + count - 1))
    return FALSE;
  rafilm_mirror_set_meta_int (self, "next_n", first + count);
  return TRUE;
}

void
rafilm_mirror_renumber (RafilmMirror *self, gint64 first)
{
  g_autoptr (GArray) numbers = NULL;
  g_autoptr (RafilmStatement) query = NULL;

  if (are_numbered (self, first))
    return;
  numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  query = rafilm_database_query (self->db, "SELECT n FROM outbox ORDER BY n", "");
  while (rafilm_database_next (self->db, query))
    {
      gint64 n = rafilm_statement_int (query, 0);

      g_array_append_val (numbers, n);
    }

  for (guint i = 0; i < numbers->len; i++)
    if (g_array_index (numbers, gint64, i) != first + i)
      rafilm_database_run (self->db, "UPDATE outbox SET n = ? WHERE n = ?", "ll",
                           RENUMBER_OFFSET + first + i, g_array_index (numbers, gint64, i));
  rafilm_database_run (self->db, "UPDATE outbox SET n = n - ?1 WHERE n >= ?1", "l",
                       RENUMBER_OFFSET);
  rafilm_mirror_set_meta_int (self, "next_n", first + numbers->len);
}

gboolean
rafilm_mirror_has_pending (RafilmMirror *self, const char *kind, const char *id)
{
  /* Mostly nothing waits at all, and a first synchronisation asks of every row. */
  if (!self->outbox_known)
    {
      self->outbox_empty = rafilm_database_get_int (self->db, 0, "SELECT 1 FROM outbox", "") == 0;
      self->outbox_known = TRUE;
    }
  return !self->outbox_empty
         && rafilm_database_get_int (self->db, 0, "SELECT 1 FROM outbox WHERE kind = ? AND id = ?",
                                     "tt", kind, id)
                != 0;
}

guint
rafilm_mirror_count_pending (RafilmMirror *self)
{
  return (guint) rafilm_database_get_int (self->db, 0, "SELECT count(*) FROM outbox", "");
}
