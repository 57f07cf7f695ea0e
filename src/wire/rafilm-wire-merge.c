/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of docs/sync.md, "The merge", and nothing else; the numbers are
 * those of its table.  rafilm-wire-step.h says what the words mean. */

#include "rafilm-wire-step.h"

static void
merge_recovered (RafilmWireStep *step, const RafilmWireField *edit)
{
  const RafilmWireField *here = rafilm_wire_step_find (step, edit->name);
  bool wins = here == NULL || rafilm_wire_step_is_later (step, edit, here);

  /* 2 */
  if (here != NULL && rafilm_wire_step_is_since_restore (here, edit))
    rafilm_wire_step_keep_words (step, wins ? here : edit, wins ? edit : here);
  /* 3 */
  if (wins)
    rafilm_wire_step_give_back (step, edit);
}

static void
merge_deletion (RafilmWireStep *step, const RafilmWireField *edit)
{
  const RafilmWireField *here = rafilm_wire_step_find (step, RAFILM_WIRE_DELETED);

  /* 4 */
  if (rafilm_wire_step_hides_unseen (step))
    rafilm_wire_step_answer (step, RAFILM_WIRE_KEPT);
  /* 5 */
  else if (!rafilm_wire_step_is_concurrent (step, here))
    rafilm_wire_step_take (step, edit, here);
}

static void
merge_edit (RafilmWireStep *step, const RafilmWireField *edit)
{
  const RafilmWireField *here = rafilm_wire_step_find (step, edit->name);

  /* 8 */
  if (!rafilm_wire_step_is_concurrent (step, here))
    rafilm_wire_step_take (step, edit, here);
  /* 9 */
  else if (rafilm_wire_step_is_later (step, edit, here))
    {
      rafilm_wire_step_keep_words (step, here, edit);
      rafilm_wire_step_take (step, edit, here);
    }
  /* 10 */
  else
    {
      rafilm_wire_step_keep_words (step, edit, here);
      rafilm_wire_step_lose (step, edit, here);
    }
}

static void
merge_edits (RafilmWireStep *step)
{
  const RafilmWireFields *fill = &step->op->fill;
  const RafilmWireField *edit;

  /* 7 */
  if (rafilm_wire_row_is_deleted (step->row))
    rafilm_wire_step_revive (step);
  while ((edit = rafilm_wire_step_next_edit (step)) != NULL)
    merge_edit (step, edit);
  /* 11 */
  for (size_t i = 0; i < fill->n_items; i++)
    if (rafilm_wire_step_find (step, fill->items[i].name) == NULL)
      rafilm_wire_step_fill (step, &fill->items[i]);
}

void
rafilm_wire_merge (RafilmWireRow *row, const RafilmWireOp *op,
                   const RafilmWireMergeContext *context, RafilmWireMerge *ret_merge)
{
  RafilmWireStep step;
  const RafilmWireField *edit;

  rafilm_wire_step_begin (&step, row, op, context, ret_merge);
  /* 1 */
  if (rafilm_wire_step_is_missing (&step))
    rafilm_wire_step_answer (&step, RAFILM_WIRE_NEED_FULL);
  /* 2, 3 */
  else if (op->recovery)
    while ((edit = rafilm_wire_step_next_edit (&step)) != NULL)
      merge_recovered (&step, edit);
  /* 4, 5 */
  else if (rafilm_wire_op_is_delete (op))
    merge_deletion (&step, rafilm_wire_step_next_edit (&step));
  /* 6 */
  else if (rafilm_wire_step_is_purged (&step))
    rafilm_wire_step_answer (&step, RAFILM_WIRE_NEED_FULL);
  /* 7 to 11 */
  else
    merge_edits (&step);
  rafilm_wire_step_end (&step);
}
