/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-history.h"

#include <inttypes.h>
#include <string.h>

#include "sim-report.h"

#define WORDS (SIM_MAX_WRITES / 64)

static struct
{
  GPtrArray *writes;
  GHashTable *by_clock;   /* key, field, clock and value to write + 1 */
  GHashTable *by_stamp;   /* key, field, device and operation to write + 1 */
  GHashTable *by_value;   /* key, field and value to the latest write + 1 */
  GHashTable *by_version; /* a version's id to write + 1 */
} history;

void
sim_history_begin (void)
{
  history.writes = g_ptr_array_new ();
  history.by_clock = g_hash_table_new (g_str_hash, g_str_equal);
  history.by_stamp = g_hash_table_new (g_str_hash, g_str_equal);
  history.by_value = g_hash_table_new (g_str_hash, g_str_equal);
  history.by_version = g_hash_table_new (g_str_hash, g_str_equal);
}

guint
sim_history_size (void)
{
  return history.writes->len;
}

SimWrite *
sim_history_get (int write)
{
  return g_ptr_array_index (history.writes, write);
}

static gboolean
has_bit (const guint64 *bits, int write)
{
  return (bits[write / 64] >> (write % 64) & 1) != 0;
}

static void
set_bit (guint64 *bits, int write)
{
  if (write >= 0)
    bits[write / 64] |= G_GUINT64_CONSTANT (1) << (write % 64);
}

gboolean
sim_history_has_seen (int write, int earlier)
{
  return has_bit (sim_history_get (write)->seen, earlier);
}

gboolean
sim_history_was_shown (int write, int earlier)
{
  return has_bit (sim_history_get (write)->shown, earlier);
}

char *
sim_history_tell (int write)
{
  const SimWrite *self = sim_history_get (write);

  return g_strdup_printf ("write %d (%s %s = %s, computer %u)", write, self->key, self->field,
                          self->value, self->device);
}

char *
sim_history_describe (const RafilmWireValue *value)
{
  switch (value->type)
    {
    case RAFILM_WIRE_BOOL:
      return g_strdup (value->boolean ? "true" : "false");
    case RAFILM_WIRE_INT:
      return g_strdup_printf ("%" PRId64, value->integer);
    case RAFILM_WIRE_TEXT:
    case RAFILM_WIRE_REVIEW:
      return g_strdup_printf ("\"%s\"", rafilm_wire_value_peek_text (value));
    case RAFILM_WIRE_RAW:
      return g_strdup (value->text);
    case RAFILM_WIRE_NULL:
      break;
    }
  return g_strdup ("null");
}

static int
look_up (GHashTable *table, const char *name)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (table, name)) - 1;
}

static void
note (GHashTable *table, char *name, int write)
{
  g_hash_table_insert (table, name, GINT_TO_POINTER (write + 1));
}

static char *
clock_name (const char *key, const RafilmWireField *field)
{
  g_autofree char *value = sim_history_describe (&field->value);

  return g_strdup_printf ("%s|%s|%" PRIx64 "|%s", key, field->name, field->stamp.h, value);
}

static char *
stamp_name (const char *key, const char *field, const char *dev, gint64 n)
{
  return g_strdup_printf ("%s|%s|%s|%" PRId64, key, field, dev, n);
}

static char *
value_name (const char *key, const RafilmWireField *field)
{
  g_autofree char *value = sim_history_describe (&field->value);

  return g_strdup_printf ("%s|%s|%s", key, field->name, value);
}

int
sim_history_find_pending (const char *key, const RafilmWireField *field)
{
  g_autofree char *name = clock_name (key, field);

  return look_up (history.by_clock, name);
}

int
sim_history_find_stamp (const char *key, const char *field, const RafilmWireStamp *stamp)
{
  g_autofree char *name = stamp_name (key, field, stamp->dev, stamp->n);

  return look_up (history.by_stamp, name);
}

static int
find_value (const char *key, const RafilmWireField *field)
{
  g_autofree char *name = value_name (key, field);

  return look_up (history.by_value, name);
}

/* What was seen */

static void
see (SimWrite *self, int write)
{
  const SimWrite *other;

  if (write < 0)
    return;
  other = sim_history_get (write);
  for (int i = 0; i < WORDS; i++)
    self->seen[i] |= other->seen[i];
  set_bit (self->seen, write);
}

/* The write that a field shows: the last pending one, else the server's. */
static int
find_shown (const char *key, const char *field, const SimRecordState *state)
{
  const RafilmWireField *found;

  for (guint i = state->ops->len; i-- > 0;)
    {
      found = rafilm_wire_fields_get (
          &((const RafilmWireOp *) g_ptr_array_index (state->ops, i))->set, field);
      if (found != NULL && ((const RafilmWireOp *) g_ptr_array_index (state->ops, i))->recovery)
        return sim_history_find_stamp (key, field, &found->stamp);
      if (found != NULL)
        return sim_history_find_pending (key, found);
    }
  found = state->row != NULL ? rafilm_wire_row_get (state->row, field) : NULL;
  if (found != NULL)
    return sim_history_find_stamp (key, field, &found->stamp);
  for (guint i = 0; i < state->ops->len; i++)
    {
      found = rafilm_wire_fields_get (
          &((const RafilmWireOp *) g_ptr_array_index (state->ops, i))->fill, field);
      if (found != NULL)
        return find_value (key, found);
    }
  return SIM_NO_WRITE;
}

/* Who deletes or restores a record has seen all of it; who edits it has it before them. */
static void
see_fields (SimWrite *self, const RafilmWireFields *fields, const SimRecordState *state)
{
  for (size_t i = 0; i < fields->n_items; i++)
    {
      int write = find_shown (self->key, fields->items[i].name, state);

      set_bit (self->shown, write);
      if (strcmp (self->field, RAFILM_WIRE_DELETED) == 0)
        see (self, write);
    }
}

static void
see_record (SimWrite *self, const SimRecordState *state)
{
  if (state->row != NULL)
    see_fields (self, &state->row->fields, state);
  for (guint i = 0; i < state->ops->len; i++)
    {
      const RafilmWireOp *op = g_ptr_array_index (state->ops, i);

      see_fields (self, &op->set, state);
      see_fields (self, &op->fill, state);
    }
}

int
sim_history_add (guint device, gint64 at, const char *key, const RafilmWireField *field,
                 const SimRecordState *before)
{
  SimWrite *self = g_new0 (SimWrite, 1);
  int write = (int) history.writes->len;

  g_assert (write < SIM_MAX_WRITES);
  self->key = g_strdup (key);
  self->field = g_strdup (field->name);
  self->value = sim_history_describe (&field->value);
  self->device = device;
  self->at = at;
  self->seen = g_new0 (guint64, WORDS);
  self->shown = g_new0 (guint64, WORDS);
  see_record (self, before);
  if (strcmp (field->name, RAFILM_WIRE_DELETED) != 0)
    see (self, find_shown (key, field->name, before));
  g_ptr_array_add (history.writes, self);
  note (history.by_clock, clock_name (key, field), write);
  note (history.by_value, value_name (key, field), write);
  return write;
}

/* Whether the field waits; `*ret_replaced`: another value of it does. */
static gboolean
is_waiting (const RafilmWireField *field, GPtrArray *now, gboolean *ret_replaced)
{
  *ret_replaced = FALSE;
  for (guint i = 0; i < now->len; i++)
    {
      const RafilmWireField *found = rafilm_wire_fields_get (
          &((const RafilmWireOp *) g_ptr_array_index (now, i))->set, field->name);

      if (found == NULL)
        continue;
      if (found->stamp.h == field->stamp.h
          && rafilm_wire_value_equal (&found->value, &field->value))
        return TRUE;
      *ret_replaced = TRUE;
    }
  return FALSE;
}

void
sim_history_compare (const RafilmWireOp *op, GPtrArray *now)
{
  g_autofree char *key = g_strconcat (op->kind, "#", op->id, NULL);

  for (size_t i = 0; i < op->set.n_items && !op->recovery; i++)
    {
      const RafilmWireField *field = &op->set.items[i];
      gboolean is_replaced;
      int write = sim_history_find_pending (key, field);

      if (is_waiting (field, now, &is_replaced))
        continue;
      if (!is_replaced)
        sim_fail ("I15 %s %s = %s waited and is gone", key, field->name,
                  sim_history_describe (&field->value));
      if (write >= 0)
        sim_history_get (write)->replaced = TRUE;
    }
}

/* Answers */

/* Names a field of the record on the server after the write, unless it has a name. */
static void
name_stamp (const char *key, const char *field, const char *dev, gint64 n, int write)
{
  g_autofree char *name = stamp_name (key, field, dev, n);

  if (write >= 0 && look_up (history.by_stamp, name) < 0)
    note (history.by_stamp, g_steal_pointer (&name), write);
}

void
sim_history_answer (const char *dev, const RafilmWireOp *op, RafilmWireVerdict verdict)
{
  g_autofree char *key = g_strconcat (op->kind, "#", op->id, NULL);
  int first = SIM_NO_WRITE;

  for (size_t i = 0; i < op->set.n_items; i++)
    {
      const RafilmWireField *field = &op->set.items[i];
      int write = op->recovery ? sim_history_find_stamp (key, field->name, &field->stamp)
                               : sim_history_find_pending (key, field);

      if (write < 0)
        continue;
      if (first < 0)
        first = write;
      if (verdict != RAFILM_WIRE_NEED_FULL)
        sim_history_get (write)->verdicts |= 1u << verdict;
      if (!op->recovery)
        name_stamp (key, field->name, dev, op->n, write);
    }
  if (op->recovery)
    return;
  for (size_t i = 0; i < op->fill.n_items; i++)
    name_stamp (key, op->fill.items[i].name, dev, op->n, find_value (key, &op->fill.items[i]));
  /* An edit of a deleted record takes the deletion back, without naming that field. */
  name_stamp (key, RAFILM_WIRE_DELETED, dev, op->n, first);
}

void
sim_history_keep (const RafilmWireRow *version)
{
  const RafilmWireField *of = rafilm_wire_row_get (version, "of");
  const RafilmWireField *field = rafilm_wire_row_get (version, "field");
  const RafilmWireField *text = rafilm_wire_row_get (version, "text");
  int write;

  if (of == NULL || field == NULL || text == NULL)
    return;
  write = sim_history_find_stamp (of->value.text, field->value.text, &text->stamp);
  if (write < 0 || sim_history_find_kept (version->id) >= 0)
    return;
  sim_history_get (write)->kept = TRUE;
  note (history.by_version, g_strdup (version->id), write);
}

int
sim_history_find_kept (const char *id)
{
  return look_up (history.by_version, id);
}
