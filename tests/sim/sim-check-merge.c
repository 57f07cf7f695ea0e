/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-check-merge.h"

#include <string.h>

#include "sim-report.h"

gboolean
sim_check_is_prose (const char *kind, const char *field)
{
  const RafilmWireFieldSpec *spec = rafilm_wire_field_find (rafilm_wire_kind_find (kind), field);

  return (spec->flags & RAFILM_WIRE_FIELD_KEEP_BOTH) != 0;
}

/* The write that a field of the row comes from. */
static int
find_write (const RafilmWireRow *row, const RafilmWireField *field)
{
  g_autofree char *key = g_strconcat (row->kind, "#", row->id, NULL);

  return field != NULL ? sim_history_find_stamp (key, field->name, &field->stamp) : SIM_NO_WRITE;
}

static gboolean
differ (int write, int other)
{
  return !g_str_equal (sim_history_get (write)->value, sim_history_get (other)->value);
}

/* I4: a text that is overwritten was seen by who did that, or becomes a version. One that only
 * stood in for a missing field, and whose own operation is still to come, is not lost. */
static void
check_prose (const RafilmWireRow *before, const RafilmWireRow *after, const RafilmWireField *field)
{
  int old = find_write (before, rafilm_wire_row_get (before, field->name));
  int new = find_write (after, field);

  if (old < 0 || new < 0 || old == new || sim_history_has_seen (new, old)
      || sim_history_get (old)->kept || sim_history_get (old)->verdicts == 0 || !differ (old, new)
      || g_str_equal (sim_history_get (old)->value, "null"))
    return;
  sim_fail ("I4 %s was overwritten unseen by %s", sim_history_tell (old), sim_history_tell (new));
}

/* I3: who takes a deletion back brings the record back no older than they had it before them. */
static void
check_revival (const RafilmWireRow *row, const RafilmWireField *field)
{
  int revival = find_write (row, rafilm_wire_row_get (row, RAFILM_WIRE_DELETED));
  int final = find_write (row, field);

  for (int i = 0; revival >= 0 && final >= 0 && i < (int) sim_history_size (); i++)
    if (sim_history_was_shown (revival, i) && sim_history_has_seen (i, final) && differ (i, final)
        && g_str_equal (sim_history_get (i)->field, field->name))
      sim_fail ("I3 %s brought the record back with %s, although it showed %s",
                sim_history_tell (revival), sim_history_tell (final), sim_history_tell (i));
}

void
sim_check_merge (const RafilmWireRow *before, const RafilmWireRow *after)
{
  gboolean revived = rafilm_wire_row_is_deleted (before) && !rafilm_wire_row_is_deleted (after);

  /* There one write may be known by two names, and choices may be unfair. */
  if (sim_tally.copied || sim_tally.restored || rafilm_wire_row_is_deleted (after))
    return;
  for (size_t i = 0; i < after->fields.n_items; i++)
    {
      const RafilmWireField *field = &after->fields.items[i];

      if (g_str_equal (field->name, RAFILM_WIRE_DELETED))
        continue;
      if (revived)
        check_revival (after, field);
      if (sim_check_is_prose (after->kind, field->name))
        check_prose (before, after, field);
    }
}
