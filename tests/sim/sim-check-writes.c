/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What every write came to, by who had seen what: docs/sync.md, "How it is tested". */

#include "sim-check-merge.h"
#include "sim-check.h"

#include "sim-report.h"

#define FAIR 30000 /* ms within which two edits may be taken for simultaneous */

#define SAID(verdict) (1u << (verdict))

typedef struct
{
  SimWorld *world;
  GHashTable *rows;     /* key to RafilmWireRow */
  GHashTable *records;  /* key to GArray of writes that were answered */
  GHashTable *versions; /* writes + 1 whose text is kept as a version */
} Check;

static gboolean
is_deletion (const SimWrite *write)
{
  return g_str_equal (write->field, RAFILM_WIRE_DELETED);
}

static gboolean
is_version (const Check *check, int write)
{
  return g_hash_table_contains (check->versions, GINT_TO_POINTER (write + 1));
}

static int
written_by (const RafilmWireRow *row, const RafilmWireField *field)
{
  g_autofree char *key = g_strconcat (row->kind, "#", row->id, NULL);

  return sim_history_find_stamp (key, field->name, &field->stamp);
}

/* Gathering */

/* A version that was dismissed was seen by who did it, and may have lost its content since. */
static void
gather_versions (Check *check, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (rows, i);

      if (!g_str_equal (row->kind, "x"))
        continue;
      if (rafilm_wire_row_get (row, "text") == NULL && !rafilm_wire_row_is_deleted (row))
        sim_fail ("I4 the version %s has no text", row->id);
      sim_tally.versions++;
      /* Not found for a text that no edit of this run wrote. */
      g_hash_table_add (check->versions, GINT_TO_POINTER (sim_history_find_kept (row->id) + 1));
    }
}

static void
gather (Check *check, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (rows, i);

      g_hash_table_insert (check->rows, g_strconcat (row->kind, "#", row->id, NULL),
                           (gpointer) row);
    }
  gather_versions (check, rows);
  for (int i = 0; i < (int) sim_history_size (); i++)
    {
      const SimWrite *write = sim_history_get (i);
      GArray *record = g_hash_table_lookup (check->records, write->key);

      if (write->verdicts == 0)
        continue;
      if (record == NULL)
        {
          record = g_array_new (FALSE, FALSE, sizeof (int));
          g_hash_table_insert (check->records, write->key, record);
        }
      g_array_append_val (record, i);
    }
}

/* One record */

typedef struct
{
  const RafilmWireRow *row;
  GArray *writes; /* int: those of the record that were answered */
} Record;

/* A deletion or restoration of the record had seen it. */
static gboolean
is_gone (const Record *record, int write)
{
  for (guint i = 0; i < record->writes->len; i++)
    {
      int other = g_array_index (record->writes, int, i);

      if (is_deletion (sim_history_get (other)) && sim_history_has_seen (other, write))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_of_field (int write, const char *field)
{
  return g_str_equal (sim_history_get (write)->field, field);
}

/* Another answered write of the same field had seen it. */
static gboolean
has_successor (const Record *record, int write)
{
  for (guint i = 0; i < record->writes->len; i++)
    {
      int other = g_array_index (record->writes, int, i);

      if (other != write && is_of_field (other, sim_history_get (write)->field)
          && sim_history_has_seen (other, write))
        return TRUE;
    }
  return FALSE;
}

static gboolean
has_deletions (const Record *record)
{
  for (guint i = 0; i < record->writes->len; i++)
    if (is_deletion (sim_history_get (g_array_index (record->writes, int, i))))
      return TRUE;
  return FALSE;
}

/* I5: a deletion hides only what its author had seen. */
static gboolean
had_seen_value (int deletion, const RafilmWireField *field, int write)
{
  g_autofree char *value = sim_history_describe (&field->value);

  if (deletion == write || sim_history_has_seen (deletion, write))
    return TRUE;
  for (int i = 0; i < (int) sim_history_size (); i++)
    if (sim_history_has_seen (deletion, i) && is_of_field (i, field->name)
        && g_str_equal (sim_history_get (i)->value, value))
      return TRUE;
  return FALSE;
}

static void
check_deleted (const Check *check, const Record *record)
{
  const RafilmWireRow *row = record->row;
  int deletion = written_by (row, rafilm_wire_row_get (row, RAFILM_WIRE_DELETED));

  for (size_t i = 0; i < row->fields.n_items; i++)
    {
      const RafilmWireField *field = &row->fields.items[i];
      int write = written_by (row, field);

      if (write < 0 || deletion < 0 || is_deletion (sim_history_get (write)))
        continue;
      if (!had_seen_value (deletion, field, write))
        sim_complain ("I5 %s hides %s, which its author had not seen", sim_history_tell (deletion),
                      sim_history_tell (write));
    }
}

/* I3: what stays is not older than what was taken. */
static void
check_not_older (const Check *check, const Record *record, int final)
{
  const SimWrite *stays = sim_history_get (final);

  for (guint i = 0; i < record->writes->len; i++)
    {
      int other = g_array_index (record->writes, int, i);
      const SimWrite *write = sim_history_get (other);

      if (is_of_field (other, stays->field) && sim_history_has_seen (other, final)
          && (write->verdicts & ~SAID (RAFILM_WIRE_KEPT)) != 0
          && !g_str_equal (write->value, stays->value) && !is_gone (record, other))
        sim_complain ("I3 %s stays, but is older than %s", sim_history_tell (final),
                      sim_history_tell (other));
    }
}

/* I12: in a world where clocks are only constantly wrong, the later edit in true time stays. */
static void
check_fair (const Check *check, const Record *record, int final)
{
  const SimWrite *stays = sim_history_get (final);
  gint64 best = 0;

  if (!check->world->calm || has_deletions (record))
    return;
  for (guint i = 0; i < record->writes->len; i++)
    {
      int other = g_array_index (record->writes, int, i);

      if (is_of_field (other, stays->field) && !has_successor (record, other))
        best = MAX (best, sim_history_get (other)->at);
    }
  if (stays->at >= best - FAIR)
    return;
  for (guint i = 0; i < record->writes->len; i++)
    {
      int other = g_array_index (record->writes, int, i);
      const SimWrite *write = sim_history_get (other);

      if (is_of_field (other, stays->field) && write->at == best
          && g_str_equal (write->value, stays->value))
        return;
    }
  sim_fail ("I12 %s of %d s before the latest edit stays", sim_history_tell (final),
            (int) ((best - stays->at) / 1000));
}

/* I4: every text that was taken is there, is kept as a version, or was seen by who replaced it. */
static void
check_text (const Check *check, const Record *record, int write, int final)
{
  const SimWrite *self = sim_history_get (write);

  if (write == final || is_version (check, write) || has_successor (record, write)
      || is_gone (record, write) || g_str_equal (self->value, "null")
      || (final >= 0 && g_str_equal (self->value, sim_history_get (final)->value)))
    return;
  sim_complain ("I4 %s is lost", sim_history_tell (write));
}

/* A field that the row no longer has was seen by a deletion, and its content taken away. */
static void
check_missing (const Check *check, const Record *record, int write)
{
  const SimWrite *self = sim_history_get (write);

  if (is_gone (record, write) || is_version (check, write)
      || (self->verdicts & ~(SAID (RAFILM_WIRE_NOOP) | SAID (RAFILM_WIRE_KEPT))) == 0)
    return;
  sim_complain ("I3 %s is lost with its field", sim_history_tell (write));
}

static void
check_record (const Check *check, const char *key, GArray *writes)
{
  Record record = { g_hash_table_lookup (check->rows, key), writes };

  if (record.row == NULL)
    sim_fail ("I3 the record %s is lost", key);
  if (rafilm_wire_row_is_deleted (record.row))
    {
      check_deleted (check, &record);
      return;
    }
  for (guint i = 0; i < writes->len; i++)
    {
      int write = g_array_index (writes, int, i);
      const SimWrite *self = sim_history_get (write);
      const RafilmWireField *field = rafilm_wire_row_get (record.row, self->field);
      int final = field != NULL ? written_by (record.row, field) : SIM_NO_WRITE;

      if (is_deletion (self))
        continue;
      if (field == NULL)
        {
          check_missing (check, &record, write);
          continue;
        }
      if (final < 0)
        sim_fail ("I3 nobody wrote %s of %s", self->field, key);
      check_not_older (check, &record, final);
      check_fair (check, &record, final);
      if (sim_check_is_prose (record.row->kind, self->field))
        check_text (check, &record, write, final);
    }
}

/* I13: every edit was answered, or written over before it was sent. */
static void
check_answered (const Check *check)
{
  for (int i = 0; i < (int) sim_history_size (); i++)
    {
      const SimWrite *write = sim_history_get (i);

      if (write->verdicts == 0 && !write->replaced)
        sim_fail ("I13 %s was never answered", sim_history_tell (i));
    }
}

void
sim_check_writes (SimWorld *world, GPtrArray *rows)
{
  Check check = { .world = world };
  g_autoptr (GList) keys = NULL;

  check.rows = g_hash_table_new (g_str_hash, g_str_equal);
  check.records = g_hash_table_new (g_str_hash, g_str_equal);
  check.versions = g_hash_table_new (NULL, NULL);
  gather (&check, rows);
  if (!sim_tally.copied)
    check_answered (&check);
  /* With both, only that all agree is promised. */
  if (world->lost && sim_tally.restored)
    return;
  keys = g_list_sort (g_hash_table_get_keys (check.records), (GCompareFunc) strcmp);
  for (GList *key = keys; key != NULL; key = key->next)
    check_record (&check, key->data, g_hash_table_lookup (check.records, key->data));
}
