/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-step.h"

#include "rafilm-wire-hlc.h"
#include "rafilm-wire-memory.h"
#include "rafilm-wire-mutant.h"

#include <string.h>

void
rafilm_wire_step_begin (RafilmWireStep *step, RafilmWireRow *row, const RafilmWireOp *op,
                        const RafilmWireMergeContext *context, RafilmWireMerge *result)
{
  *result = (RafilmWireMerge) { .verdict = RAFILM_WIRE_OK };
  *step = (RafilmWireStep) {
    .row = row,
    .op = op,
    .context = context,
    .kind = rafilm_wire_kind_find (op->kind),
    .result = result,
  };
  memcpy (step->dev, context->dev, strnlen (context->dev, RAFILM_WIRE_DEV_LENGTH));
}

void
rafilm_wire_step_end (RafilmWireStep *step)
{
  RafilmWireMerge *result = step->result;

  if (result->changed)
    step->row->purged = rafilm_wire_row_is_deleted (step->row) && step->row->fields.n_items == 1;
  if (result->verdict != RAFILM_WIRE_OK)
    return;
  if (result->n_copies > 0)
    result->verdict = RAFILM_WIRE_COPY;
  else if (step->lost)
    result->verdict = RAFILM_WIRE_LOST;
  else if (!result->changed)
    result->verdict = RAFILM_WIRE_NOOP;
}

/* The operation's edits */

/* When an edit was made, on the server's clock. */
static uint64_t
get_time (const RafilmWireStep *step, const RafilmWireField *edit)
{
  const RafilmWireFields *set = &step->op->set;
  uint64_t h = edit->stamp.h;

  for (size_t i = 0; rafilm_mutant ("op_hlc") && i < set->n_items; i++)
    if (set->items[i].stamp.h > h)
      h = set->items[i].stamp.h;
  return rafilm_wire_hlc_correct (h, step->context->sender_ms, step->context->server_ms);
}

static void
place_edit (RafilmWireStep *step, const RafilmWireField *edit)
{
  RafilmWireStamp *stamp = &step->edit.stamp;
  int64_t server_ms = step->context->server_ms;

  step->edit = *edit;
  if (step->op->recovery)
    {
      /* No server gave a stamp of the future, so none is believed: it would win for ever. */
      stamp->h = rafilm_wire_hlc_correct (stamp->h, server_ms, server_ms);
      return;
    }
  stamp->fseq = step->context->seq;
  stamp->h = get_time (step, edit);
  stamp->n = step->op->n;
  memcpy (stamp->dev, step->dev, sizeof stamp->dev);
}

/* Says that the row is not deleted, as any edit does. */
static bool
says_alive (const RafilmWireStep *step, const RafilmWireField *edit)
{
  return !step->op->recovery && strcmp (edit->name, RAFILM_WIRE_DELETED) == 0
         && !rafilm_wire_value_is_true (&edit->value);
}

const RafilmWireField *
rafilm_wire_step_next_edit (RafilmWireStep *step)
{
  const RafilmWireFields *set = &step->op->set;
  const RafilmWireFields *fill = &step->op->fill;

  while (step->n_edits < set->n_items)
    {
      const RafilmWireField *edit = &set->items[step->n_edits++];

      if (says_alive (step, edit))
        continue;
      place_edit (step, edit);
      return &step->edit;
    }
  while (rafilm_mutant ("fill_is_set") && step->n_edits < set->n_items + fill->n_items)
    {
      RafilmWireField edit = fill->items[step->n_edits++ - set->n_items];

      if (rafilm_wire_fields_get (set, edit.name) != NULL)
        continue;
      edit.stamp = set->items[0].stamp;
      place_edit (step, &edit);
      return &step->edit;
    }
  return NULL;
}

/* Questions */

bool
rafilm_wire_step_is_missing (const RafilmWireStep *step)
{
  return step->row->q == 0 && step->row->fields.n_items == 0 && !step->op->full
         && !step->kind->upsert;
}

bool
rafilm_wire_step_is_purged (const RafilmWireStep *step)
{
  return step->row->purged && !step->op->full;
}

const RafilmWireField *
rafilm_wire_step_find (const RafilmWireStep *step, const char *name)
{
  return rafilm_wire_row_get (step->row, name);
}

bool
rafilm_wire_step_is_concurrent (const RafilmWireStep *step, const RafilmWireField *here)
{
  return here != NULL && here->stamp.fseq > step->op->base
         && (rafilm_mutant ("no_owndev") || strcmp (here->stamp.dev, step->context->dev) != 0);
}

bool
rafilm_wire_step_hides_unseen (const RafilmWireStep *step)
{
  const RafilmWireFields *fields = &step->row->fields;

  for (size_t i = 0; !rafilm_mutant ("del_wins") && i < fields->n_items; i++)
    if (rafilm_wire_step_is_concurrent (step, &fields->items[i])
        && (strcmp (fields->items[i].name, RAFILM_WIRE_DELETED) != 0
            || !rafilm_wire_value_is_true (&fields->items[i].value)))
      return true;
  return false;
}

bool
rafilm_wire_step_is_later (const RafilmWireStep *step, const RafilmWireField *edit,
                           const RafilmWireField *here)
{
  if (rafilm_mutant ("lww_arrival") && !step->op->recovery)
    return true;
  return rafilm_wire_stamp_is_beaten (&here->stamp, edit->stamp.h, edit->stamp.dev);
}

bool
rafilm_wire_step_is_since_restore (const RafilmWireField *here, const RafilmWireField *recovered)
{
  return here->stamp.fseq - recovered->stamp.fseq >= RAFILM_WIRE_EPOCH_JUMP / 2;
}

/* What may come of them */

void
rafilm_wire_step_answer (RafilmWireStep *step, RafilmWireVerdict verdict)
{
  step->result->verdict = verdict;
}

static void
write_field (RafilmWireStep *step, const RafilmWireField *field, const RafilmWireStamp *stamp)
{
  rafilm_wire_row_set (step->row, field->name, &field->value, stamp);
  step->result->changed = true;
}

/* Whether a broken rule stops an edit that should be taken. */
static bool
is_stopped (const RafilmWireStep *step, const RafilmWireField *edit, const RafilmWireField *here)
{
  if (rafilm_mutant ("skip_equal"))
    return rafilm_wire_step_is_concurrent (step, here)
           && rafilm_wire_value_equal (&here->value, &edit->value);
  if (rafilm_mutant ("hlc_only"))
    return here != NULL && !rafilm_wire_step_is_concurrent (step, here)
           && !rafilm_wire_step_is_later (step, edit, here)
           && strcmp (edit->name, RAFILM_WIRE_DELETED) != 0;
  return false;
}

void
rafilm_wire_step_take (RafilmWireStep *step, const RafilmWireField *edit,
                       const RafilmWireField *here)
{
  RafilmWireStamp stamp = edit->stamp;

  if (is_stopped (step, edit, here))
    {
      rafilm_wire_step_lose (step, edit, here);
      return;
    }
  if (here != NULL && here->stamp.h >= stamp.h)
    stamp.h = here->stamp.h + 1;
  write_field (step, edit, &stamp);
}

void
rafilm_wire_step_lose (RafilmWireStep *step, const RafilmWireField *edit,
                       const RafilmWireField *here)
{
  if (!rafilm_wire_value_equal (&here->value, &edit->value))
    step->lost = true;
}

void
rafilm_wire_step_give_back (RafilmWireStep *step, const RafilmWireField *recovered)
{
  RafilmWireStamp stamp = recovered->stamp;

  stamp.fseq = step->context->seq;
  write_field (step, recovered, &stamp);
}

void
rafilm_wire_step_fill (RafilmWireStep *step, const RafilmWireField *seen)
{
  RafilmWireField field = *seen;

  place_edit (step, &field);
  step->edit.stamp.h = 1;
  write_field (step, &step->edit, &step->edit.stamp);
}

void
rafilm_wire_step_revive (RafilmWireStep *step)
{
  const RafilmWireFields *set = &step->op->set;
  RafilmWireField alive = { .name = (char *) RAFILM_WIRE_DELETED,
                            .value = rafilm_wire_bool (false) };

  for (size_t i = 0; i < set->n_items; i++)
    if (set->items[i].stamp.h > alive.stamp.h)
      alive.stamp.h = set->items[i].stamp.h;
  place_edit (step, &alive);
  rafilm_wire_step_take (step, &step->edit, rafilm_wire_step_find (step, alive.name));
}

/* The words of prose; marks alone make no version. */
static const char *
get_words (const RafilmWireField *field)
{
  const char *words = rafilm_wire_value_peek_text (&field->value);

  return words != NULL ? words : "";
}

void
rafilm_wire_step_keep_words (RafilmWireStep *step, const RafilmWireField *loser,
                             const RafilmWireField *winner)
{
  const RafilmWireFieldSpec *spec = rafilm_wire_field_find (step->kind, loser->name);
  RafilmWireMerge *result = step->result;

  if ((spec->flags & RAFILM_WIRE_FIELD_KEEP_BOTH) == 0 || *get_words (loser) == '\0'
      || strcmp (get_words (loser), get_words (winner)) == 0 || rafilm_mutant ("no_copy"))
    return;
  result->copies =
      rafilm_wire_realloc (result->copies, result->n_copies + 1, sizeof (RafilmWireCopy));
  result->copies[result->n_copies++] = (RafilmWireCopy) {
    .field = rafilm_wire_strdup (loser->name),
    .value = rafilm_wire_value_copy (&loser->value),
    .stamp = loser->stamp,
  };
}
