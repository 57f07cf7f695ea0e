/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The operations of a diary that arrives. They stand in the outbox as edits of the number
 * RAFILM_EDIT_ARRIVAL, and can be taken out and made anew until they are in a batch. */

#include "config.h"

#include "rafilm-store-arrival-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-store-codec.h"

/* An operation of the person on the same record, made after the arrival's: none of those follows.
 */
#define EDITED_SINCE(record, target)                                                               \
  "EXISTS (SELECT 1 FROM outbox AS o WHERE o.kind = " record ".kind AND o.id = " record "." target \
  "  AND o.edit NOT IN (0, ?1) AND NOT EXISTS (SELECT 1 FROM outbox AS a WHERE a.kind = o.kind"    \
  "   AND a.id = o.id AND a.edit = ?1 AND a.n > o.n))"

/* A record that the person has edited since: its operation stays as it is, and counts as an
 * ordinary one. */
static void
keep_edited (RafilmMirror *self)
{
  rafilm_database_run (
      self->db,
      "UPDATE arrival SET done = 1 WHERE done = 0 AND " EDITED_SINCE ("arrival", "target"), "l",
      RAFILM_EDIT_ARRIVAL);
  rafilm_database_run (self->db,
                       "UPDATE outbox SET edit = 0 WHERE edit = ?1 AND batch IS NULL"
                       " AND " EDITED_SINCE ("outbox", "id"),
                       "l", RAFILM_EDIT_ARRIVAL);
}

/* Returns the records that were concerned, as kind, id, kind, id… */
static GPtrArray *
take_out (RafilmMirror *self)
{
  g_autoptr (RafilmStatement) query = NULL;
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  gint64 first = 0;

  keep_edited (self);
  query = rafilm_database_query (self->db,
                                 "SELECT DISTINCT kind, id FROM outbox"
                                 " WHERE edit = ? AND batch IS NULL",
                                 "l", RAFILM_EDIT_ARRIVAL);
  while (rafilm_database_next (self->db, query))
    {
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 0)));
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 1)));
    }
  if (keys->len == 0)
    return keys;
  first = rafilm_database_get_int (self->db, 1, "SELECT min (n) FROM outbox", "");
  rafilm_database_run (self->db, "DELETE FROM outbox WHERE edit = ? AND batch IS NULL", "l",
                       RAFILM_EDIT_ARRIVAL);
  rafilm_mirror_renumber (self, first);
  self->kinds |= RAFILM_STORE_CHANGE_OUTBOX;
  return keys;
}

static GPtrArray *
load_arrivals (RafilmMirror *self)
{
  g_autoptr (RafilmStatement) query = NULL;
  GPtrArray *arrivals = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_arrival_free);

  query = rafilm_database_query (self->db,
                                 "SELECT kind, id, 0, 0, body, n FROM arrival AS a WHERE done = 0"
                                 " AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.kind = a.kind"
                                 "  AND o.id = a.target AND o.batch IS NOT NULL) ORDER BY n",
                                 "");
  while (rafilm_database_next (self->db, query))
    {
      RafilmWireRow *row = rafilm_mirror_read_row (self, query);

      if (row != NULL)
        g_ptr_array_add (arrivals, rafilm_arrival_new (rafilm_statement_int (query, 5), row));
    }
  return arrivals;
}

static GHashTable *
load_claims (RafilmMirror *self)
{
  g_autoptr (RafilmStatement) query = NULL;
  GHashTable *claims = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  query = rafilm_database_query (
      self->db,
      "SELECT target FROM arrival AS a WHERE kind = 'd' AND target IS NOT NULL AND (done = 1"
      " OR EXISTS (SELECT 1 FROM outbox AS o WHERE o.kind = a.kind AND o.id = a.target"
      "  AND o.batch IS NOT NULL))",
      "");
  while (rafilm_database_next (self->db, query))
    g_hash_table_add (claims, g_strdup (rafilm_statement_text (query, 0)));
  return claims;
}

static void
append_op (RafilmMirror *self, RafilmWireOp *op)
{
  g_autoptr (RafilmOutboxEntry) entry = rafilm_outbox_entry_new (op, RAFILM_EDIT_ARRIVAL);

  rafilm_mirror_append_entry (self, entry);
}

static gboolean
has_list_named (RafilmMirror *self, const char *name, const char *but)
{
  return rafilm_database_get_int (self->db, 0,
                                  "SELECT 1 FROM list WHERE name = ? AND id <> ?"
                                  " AND deleted_at IS NULL",
                                  "tt", name, but)
         != 0;
}

/* Two lists of one name would be hard to tell apart. */
static void
rename_list (RafilmMirror *self, const RafilmWireRow *row, RafilmWireFields *fields)
{
  const RafilmWireField *name = rafilm_wire_fields_get (fields, "name");
  g_autofree char *other = NULL;
  RafilmWireStamp stamp = { 0 };

  if (strcmp (row->kind, KIND_LIST) != 0 || name == NULL || name->value.type != RAFILM_WIRE_TEXT
      || !has_list_named (self, name->value.text, row->id))
    return;
  other = g_strdup_printf (_ ("%s (from this computer)"), name->value.text);
  stamp = name->stamp;
  rafilm_wire_fields_take (fields, "name", rafilm_wire_text (other), &stamp);
}

/* Makes the operations of one record; none when the account has all of it. */
static void
write_arrival (RafilmMirror *self, const RafilmArrival *arrival)
{
  const char *target = arrival->partner != NULL ? arrival->partner->id : arrival->row->id;
  g_auto (RafilmWireFields) lacking = { 0 };
  g_auto (RafilmWireFields) texts = { 0 };
  RafilmWireOp *op = NULL;

  rafilm_arrival_compare (arrival, &lacking, &texts);
  if (arrival->partner == NULL)
    rename_list (self, arrival->row, &lacking);
  if (lacking.n_items > 0)
    {
      op = rafilm_wire_op_new (0, arrival->row->kind, target);
      op->full = arrival->partner == NULL;
      op->base = arrival->partner != NULL ? arrival->partner->q : 0;
      rafilm_wire_fields_copy (&lacking, &op->set);
      append_op (self, op);
    }
  if (texts.n_items > 0)
    {
      /* As one who has not seen the other text: so both are kept. */
      op = rafilm_wire_op_new (0, arrival->row->kind, target);
      rafilm_wire_fields_copy (&texts, &op->set);
      append_op (self, op);
    }
  rafilm_database_run (self->db, "UPDATE arrival SET target = ?, done = ? WHERE n = ?", "til",
                       target, lacking.n_items == 0 && texts.n_items == 0 ? 1 : 0, arrival->number);
  rafilm_mirror_rebuild (self, arrival->row->kind, target);
}

static gboolean
is_written_by (const RafilmWireRow *row, const RafilmWireFields *fields, const char *dev)
{
  for (size_t i = 0; i < fields->n_items; i++)
    {
      const RafilmWireField *field = rafilm_wire_row_get (row, fields->items[i].name);

      if (field != NULL && strcmp (field->stamp.dev, dev) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A text that arrives where this very computer has written another one: an earlier diary of it, or
 * the person while they were signed in. To the server a computer has seen what it wrote itself, and
 * the other text would be overwritten. */
static gboolean
meets_own_text (RafilmMirror *self, GPtrArray *arrivals)
{
  g_autofree char *dev = rafilm_mirror_dup_meta (self, META_DEV);
  gboolean found = FALSE;

  for (guint i = 0; i < arrivals->len && !found; i++)
    {
      const RafilmArrival *arrival = arrivals->pdata[i];
      g_auto (RafilmWireFields) lacking = { 0 };
      g_auto (RafilmWireFields) texts = { 0 };

      if (arrival->partner == NULL)
        continue;
      rafilm_arrival_compare (arrival, &lacking, &texts);
      found = is_written_by (arrival->partner, &texts, dev);
    }
  return found;
}

void
rafilm_mirror_rematch (RafilmMirror *self)
{
  g_autoptr (GPtrArray) keys = take_out (self);
  g_autoptr (GPtrArray) arrivals = NULL;
  g_autoptr (GHashTable) claims = NULL;

  for (guint i = 0; i + 1 < keys->len; i += 2)
    rafilm_mirror_rebuild (self, keys->pdata[i], keys->pdata[i + 1]);
  arrivals = load_arrivals (self);
  claims = load_claims (self);
  rafilm_mirror_match_arrivals (self, arrivals, claims);
  if (meets_own_text (self, arrivals))
    rafilm_mirror_take_new_device (self);
  for (guint i = 0; i < arrivals->len && !rafilm_database_has_failed (self->db); i++)
    write_arrival (self, arrivals->pdata[i]);
}

void
rafilm_mirror_settle_arrival (RafilmMirror *self, const char *kind, const char *target)
{
  /* Some have two operations, and those may go in two batches. */
  rafilm_database_run (self->db,
                       "UPDATE arrival SET done = 1 WHERE kind = ?1 AND target = ?2 AND NOT EXISTS"
                       " (SELECT 1 FROM outbox WHERE kind = ?1 AND id = ?2 AND edit = ?3"
                       "  AND batch IS NULL)",
                       "ttl", kind, target, RAFILM_EDIT_ARRIVAL);
}

void
rafilm_mirror_settle_edit (RafilmMirror *self, const char *kind, const char *id)
{
  if (rafilm_database_get_int (self->db, 0,
                               "SELECT 1 FROM arrival WHERE kind = ? AND target = ? AND done = 0",
                               "tt", kind, id)
      != 0)
    rafilm_mirror_set_meta_int (self, META_REMATCH, 1);
}

static gboolean
brings_news (const RafilmSyncAnswer *answer)
{
  for (guint i = 0; i < answer->rows->len; i++)
    if (strcmp (((RafilmWireRow *) answer->rows->pdata[i])->kind, KIND_VERSION) != 0)
      return TRUE;
  return FALSE;
}

void
rafilm_mirror_follow_arrival (RafilmMirror *self, const RafilmSyncAnswer *answer)
{
  if (rafilm_database_get_int (self->db, 0, "SELECT 1 FROM arrival LIMIT 1", "") == 0)
    return;
  if (brings_news (answer))
    rafilm_mirror_set_meta_int (self, META_REMATCH, 1);
  if (!answer->more && rafilm_mirror_get_meta_int (self, META_REMATCH, 0) != 0)
    {
      rafilm_mirror_rematch (self);
      rafilm_mirror_set_meta (self, META_REMATCH, NULL);
    }
  if (rafilm_database_get_int (self->db, 0, "SELECT 1 FROM arrival WHERE done = 0 LIMIT 1", "")
      == 0)
    rafilm_database_run (self->db, "DELETE FROM arrival", "");
}
