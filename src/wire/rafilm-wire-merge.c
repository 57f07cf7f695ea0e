/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-merge.h"

#include "rafilm-wire-digest.h"
#include "rafilm-wire-hlc.h"
#include "rafilm-wire-memory.h"
#include "rafilm-wire-mutant.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const verdict_texts[] = {
  [RAFILM_WIRE_OK] = "ok",     [RAFILM_WIRE_NOOP] = "noop", [RAFILM_WIRE_LOST] = "lost",
  [RAFILM_WIRE_COPY] = "copy", [RAFILM_WIRE_KEPT] = "kept", [RAFILM_WIRE_NEED_FULL] = "need_full",
  [RAFILM_WIRE_BAD] = "bad",
};

/* One merge under way. */
typedef struct
{
  RafilmWireRow *row;
  const RafilmWireKind *kind;
  const RafilmWireOp *op;
  const RafilmWireMergeContext *context;
  RafilmWireMerge *result;
  bool lost;
} Merge;

const char *
rafilm_wire_verdict_to_text (RafilmWireVerdict verdict)
{
  return verdict_texts[verdict];
}

bool
rafilm_wire_verdict_parse (const char *text, RafilmWireVerdict *ret_verdict)
{
  for (size_t i = 0; i < sizeof verdict_texts / sizeof verdict_texts[0]; i++)
    if (strcmp (text, verdict_texts[i]) == 0)
      {
        *ret_verdict = (RafilmWireVerdict) i;
        return true;
      }
  if (strncmp (text, "bad:", 4) == 0)
    {
      *ret_verdict = RAFILM_WIRE_BAD;
      return true;
    }
  return false;
}

/* The author of the operation can't have seen the field as it is: it changed
 * after the row that they edited, and not by their own hand.  Only sequence
 * numbers count here; no clock is asked. */
static bool
is_concurrent (const Merge *merge, const RafilmWireField *field)
{
  return field != NULL && field->stamp.fseq > merge->op->base
         && (rafilm_mutant ("no_owndev") || strcmp (field->stamp.dev, merge->context->dev) != 0);
}

static bool
is_content_concurrent (const Merge *merge)
{
  const RafilmWireFields *fields = &merge->row->fields;

  for (size_t i = 0; i < fields->n_items; i++)
    if (strcmp (fields->items[i].name, RAFILM_WIRE_DELETED) != 0
        && is_concurrent (merge, &fields->items[i]))
      return true;
  return false;
}

/* When the edit of one field was made, on the server's clock. */
static uint64_t
edit_time (const Merge *merge, const RafilmWireField *edit)
{
  uint64_t h = edit->stamp.h;

  for (size_t i = 0; rafilm_mutant ("op_hlc") && i < merge->op->set.n_items; i++)
    if (merge->op->set.items[i].stamp.h > h)
      h = merge->op->set.items[i].stamp.h;
  return rafilm_wire_hlc_correct (h, merge->context->sender_ms, merge->context->server_ms);
}

static RafilmWireStamp
edit_stamp (const Merge *merge, uint64_t h)
{
  RafilmWireStamp stamp = { .fseq = merge->context->seq, .h = h, .n = merge->op->n };

  snprintf (stamp.dev, sizeof stamp.dev, "%s", merge->context->dev);
  return stamp;
}

/* Writes a value.  The stamp moves past the old one even when the value is
 * the same, or an older opposite edit could win later. */
static void
write_field (Merge *merge, const char *name, const RafilmWireValue *value, uint64_t h)
{
  const RafilmWireField *old = rafilm_wire_row_get (merge->row, name);
  RafilmWireStamp stamp;

  if (old != NULL && old->stamp.h >= h)
    h = old->stamp.h + 1;
  stamp = edit_stamp (merge, h);
  rafilm_wire_row_set (merge->row, name, value, &stamp);
  merge->result->changed = true;
}

static void
keep_copy (Merge *merge, const char *field, const RafilmWireValue *value,
           const RafilmWireStamp *stamp)
{
  RafilmWireMerge *result = merge->result;
  const char *text = rafilm_wire_value_peek_text (value);

  if (text == NULL || *text == '\0' || rafilm_mutant ("no_copy"))
    return;
  result->copies =
      rafilm_wire_realloc (result->copies, result->n_copies + 1, sizeof (RafilmWireCopy));
  result->copies[result->n_copies++] = (RafilmWireCopy) {
    .field = rafilm_wire_strdup (field),
    .value = rafilm_wire_value_copy (value),
    .stamp = *stamp,
  };
}

/* Whether two values differ in their words; marks alone make no version. */
static bool
texts_differ (const RafilmWireValue *a, const RafilmWireValue *b)
{
  const char *one = rafilm_wire_value_peek_text (a);
  const char *other = rafilm_wire_value_peek_text (b);

  return strcmp (one != NULL ? one : "", other != NULL ? other : "") != 0;
}

static void
edit_field (Merge *merge, const RafilmWireField *edit)
{
  const RafilmWireField *old = rafilm_wire_row_get (merge->row, edit->name);
  const RafilmWireFieldSpec *spec;
  uint64_t h = edit_time (merge, edit);
  bool wins = true;

  if (is_concurrent (merge, old))
    {
      if (rafilm_mutant ("skip_equal") && rafilm_wire_value_equal (&old->value, &edit->value))
        return;
      wins = rafilm_mutant ("lww_arrival")
             || rafilm_wire_stamp_is_beaten (&old->stamp, h, merge->context->dev);
      spec = rafilm_wire_field_find (merge->kind, edit->name);
      if ((spec->flags & RAFILM_WIRE_FIELD_KEEP_BOTH) != 0
          && texts_differ (&old->value, &edit->value))
        {
          RafilmWireStamp stamp = wins ? old->stamp : edit_stamp (merge, h);

          keep_copy (merge, edit->name, wins ? &old->value : &edit->value, &stamp);
        }
    }
  else if (rafilm_mutant ("hlc_only") && old != NULL)
    wins = rafilm_wire_stamp_is_beaten (&old->stamp, h, merge->context->dev);
  if (wins)
    write_field (merge, edit->name, &edit->value, h);
  else if (!rafilm_wire_value_equal (&old->value, &edit->value))
    merge->lost = true;
}

static void
fill_fields (Merge *merge)
{
  const RafilmWireFields *fill = &merge->op->fill;

  for (size_t i = 0; i < fill->n_items; i++)
    if (rafilm_mutant ("fill_is_set")
        && rafilm_wire_fields_get (&merge->op->set, fill->items[i].name) == NULL)
      {
        RafilmWireField edit = fill->items[i];

        edit.stamp = merge->op->set.items[0].stamp;
        edit_field (merge, &edit);
      }
    else if (rafilm_wire_row_get (merge->row, fill->items[i].name) == NULL
             && rafilm_wire_fields_get (&merge->op->set, fill->items[i].name) == NULL)
      write_field (merge, fill->items[i].name, &fill->items[i].value, 1);
}

/* Whether a value was written after the restore that lost the other one: then
 * nobody can tell whether its author had seen the other. */
static bool
is_since_restore (const RafilmWireField *field, const RafilmWireField *recovered)
{
  return field->stamp.fseq - recovered->stamp.fseq >= RAFILM_WIRE_EPOCH_JUMP / 2;
}

/* A row that a restored server lost comes back field by field, each with the
 * stamp it had, where that is newer than what the server has.  Of two texts
 * from before and after the restore the other one becomes a version.  No server
 * gave a stamp of the future, so none is believed: it would win for ever. */
static void
merge_recovery (Merge *merge)
{
  const RafilmWireFields *set = &merge->op->set;
  int64_t server_ms = merge->context->server_ms;

  for (size_t i = 0; i < set->n_items; i++)
    {
      const RafilmWireField *edit = &set->items[i];
      const RafilmWireField *old = rafilm_wire_row_get (merge->row, edit->name);
      const RafilmWireFieldSpec *spec = rafilm_wire_field_find (merge->kind, edit->name);
      RafilmWireStamp stamp = edit->stamp;
      bool wins;

      stamp.h = rafilm_wire_hlc_correct (stamp.h, server_ms, server_ms);
      wins = old == NULL || rafilm_wire_stamp_is_beaten (&old->stamp, stamp.h, stamp.dev);
      if (old != NULL && (spec->flags & RAFILM_WIRE_FIELD_KEEP_BOTH) != 0
          && is_since_restore (old, edit) && texts_differ (&old->value, &edit->value))
        keep_copy (merge, edit->name, wins ? &old->value : &edit->value,
                   wins ? &old->stamp : &stamp);
      if (!wins)
        continue;
      stamp.fseq = merge->context->seq;
      rafilm_wire_row_set (merge->row, edit->name, &edit->value, &stamp);
      merge->result->changed = true;
    }
}

static void
merge_delete (Merge *merge)
{
  const RafilmWireField *deleted;
  const RafilmWireField *edit;

  deleted = rafilm_wire_row_get (merge->row, RAFILM_WIRE_DELETED);
  edit = rafilm_wire_fields_get (&merge->op->set, RAFILM_WIRE_DELETED);
  if (!rafilm_mutant ("del_wins")
      && (is_content_concurrent (merge)
          || (is_concurrent (merge, deleted) && !rafilm_wire_row_is_deleted (merge->row))))
    merge->result->verdict = RAFILM_WIRE_KEPT;
  else if (!is_concurrent (merge, deleted))
    write_field (merge, RAFILM_WIRE_DELETED, &edit->value, edit_time (merge, edit));
}

/* Any edit of a deleted row takes the deletion back: either its author didn't
 * know of it, or they edited in spite of it. */
static void
revive (Merge *merge)
{
  const RafilmWireFields *set = &merge->op->set;
  RafilmWireValue alive = rafilm_wire_bool (false);
  uint64_t latest = 0;

  for (size_t i = 0; i < set->n_items; i++)
    {
      uint64_t h = edit_time (merge, &set->items[i]);

      latest = h > latest ? h : latest;
    }
  write_field (merge, RAFILM_WIRE_DELETED, &alive, latest);
}

static void
merge_edit (Merge *merge)
{
  const RafilmWireFields *set = &merge->op->set;

  if (rafilm_wire_row_is_deleted (merge->row))
    {
      if (merge->row->purged && !merge->op->full)
        {
          merge->result->verdict = RAFILM_WIRE_NEED_FULL;
          return;
        }
      revive (merge);
    }
  fill_fields (merge);
  for (size_t i = 0; i < set->n_items; i++)
    if (strcmp (set->items[i].name, RAFILM_WIRE_DELETED) != 0)
      edit_field (merge, &set->items[i]);
}

void
rafilm_wire_merge (RafilmWireRow *row, const RafilmWireOp *op,
                   const RafilmWireMergeContext *context, RafilmWireMerge *ret_merge)
{
  Merge merge = { .row = row,
                  .kind = rafilm_wire_kind_find (op->kind),
                  .op = op,
                  .context = context,
                  .result = ret_merge };
  bool missing = row->q == 0 && row->fields.n_items == 0;

  *ret_merge = (RafilmWireMerge) { .verdict = RAFILM_WIRE_OK };
  if (missing && !op->full && !merge.kind->upsert)
    ret_merge->verdict = RAFILM_WIRE_NEED_FULL;
  else if (op->recovery)
    merge_recovery (&merge);
  else if (rafilm_wire_op_is_delete (op))
    merge_delete (&merge);
  else
    merge_edit (&merge);

  if (ret_merge->changed)
    row->purged = rafilm_wire_row_is_deleted (row) && row->fields.n_items == 1;
  if (ret_merge->verdict != RAFILM_WIRE_OK)
    return;
  if (ret_merge->n_copies > 0)
    ret_merge->verdict = RAFILM_WIRE_COPY;
  else if (merge.lost)
    ret_merge->verdict = RAFILM_WIRE_LOST;
  else if (!ret_merge->changed)
    ret_merge->verdict = RAFILM_WIRE_NOOP;
}

void
rafilm_wire_merge_clear (RafilmWireMerge *merge)
{
  for (size_t i = 0; i < merge->n_copies; i++)
    {
      free (merge->copies[i].field);
      rafilm_wire_value_clear (&merge->copies[i].value);
    }
  free (merge->copies);
  *merge = (RafilmWireMerge) { 0 };
}

/* Versions */

static void
set_version_text (RafilmWireRow *row, const char *name, const char *text,
                  const RafilmWireStamp *stamp)
{
  rafilm_wire_fields_take (&row->fields, name, rafilm_wire_text (text), stamp);
}

RafilmWireRow *
rafilm_wire_copy_to_row (const RafilmWireCopy *copy, const RafilmWireRow *of, const char *by,
                         const RafilmWireMergeContext *context)
{
  static const uint8_t key[16] = "rafilm version 1";
  char source[RAFILM_WIRE_MAX_ID + RAFILM_WIRE_MAX_NAME + 64];
  char name[RAFILM_WIRE_MAX_ID + 8];
  uint8_t hash[16];
  char id[33];
  RafilmWireStamp stamp = copy->stamp;
  RafilmWireRow *row;

  snprintf (name, sizeof name, "%s#%s", of->kind, of->id);
  snprintf (source, sizeof source, "%s#%s#%s#%" PRId64, name, copy->field, stamp.dev, stamp.n);
  rafilm_wire_siphash (key, source, strlen (source), hash);
  for (size_t i = 0; i < sizeof hash; i++)
    snprintf (id + 2 * i, 3, "%02x", hash[i]);

  row = rafilm_wire_row_new ("x", id);
  stamp.fseq = context->seq;
  set_version_text (row, "of", name, &stamp);
  set_version_text (row, "field", copy->field, &stamp);
  set_version_text (row, "by", by, &stamp);
  rafilm_wire_fields_take (&row->fields, "at",
                           rafilm_wire_int (rafilm_wire_hlc_to_ms (copy->stamp.h)), &stamp);
  if (copy->value.type == RAFILM_WIRE_REVIEW)
    rafilm_wire_fields_set (&row->fields, "text", &copy->value, &stamp);
  else
    rafilm_wire_fields_take (&row->fields, "text",
                             rafilm_wire_review (copy->value.text, false, NULL), &stamp);
  return row;
}
