/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-record.h"

#include "rafilm-wire-hlc.h"
#include "rafilm-wire-memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stamps */

void
rafilm_wire_stamp_format (const RafilmWireStamp *stamp, char buffer[RAFILM_WIRE_STAMP_SIZE])
{
  char h[RAFILM_WIRE_HLC_SIZE];
  int length;

  rafilm_wire_hlc_format (stamp->h, h);
  length =
      snprintf (buffer, RAFILM_WIRE_STAMP_SIZE, "%" PRId64 ".%s.%s", stamp->fseq, h, stamp->dev);
  if (stamp->n != 0)
    snprintf (buffer + length, RAFILM_WIRE_STAMP_SIZE - (size_t) length, ".%" PRId64, stamp->n);
}

/* Reads decimal digits up to @end (exclusive), at most 18 of them. */
static bool
parse_number (const char *text, const char *end, int64_t *ret_number)
{
  int64_t number = 0;

  if (text == end || end - text > 18)
    return false;
  for (; text < end; text++)
    {
      if (*text < '0' || *text > '9')
        return false;
      number = number * 10 + (*text - '0');
    }
  *ret_number = number;
  return true;
}

bool
rafilm_wire_stamp_parse (const char *text, RafilmWireStamp *ret_stamp)
{
  RafilmWireStamp stamp = { 0 };
  char h[RAFILM_WIRE_HLC_SIZE] = { 0 };
  const char *dot = strchr (text, '.');
  size_t length;

  if (dot == NULL || !parse_number (text, dot, &stamp.fseq))
    return false;
  text = dot + 1;
  dot = strchr (text, '.');
  if (dot == NULL || dot - text != 16)
    return false;
  memcpy (h, text, 16);
  if (!rafilm_wire_hlc_parse (h, &stamp.h))
    return false;
  text = dot + 1;
  length = strcspn (text, ".");
  if (length > RAFILM_WIRE_DEV_LENGTH)
    return false;
  memcpy (stamp.dev, text, length);
  if (length > 0 && !rafilm_wire_dev_is_valid (stamp.dev))
    return false;
  text += length;
  if (*text == '.' && !parse_number (text + 1, text + strlen (text), &stamp.n))
    return false;
  *ret_stamp = stamp;
  return true;
}

bool
rafilm_wire_stamp_equal (const RafilmWireStamp *a, const RafilmWireStamp *b)
{
  return a->fseq == b->fseq && a->h == b->h && a->n == b->n && strcmp (a->dev, b->dev) == 0;
}

bool
rafilm_wire_stamp_is_beaten (const RafilmWireStamp *stamp, uint64_t h, const char *dev)
{
  if (h != stamp->h)
    return h > stamp->h;
  return strcmp (dev, stamp->dev) > 0;
}

/* Fields */

/* The index of @name, or where it would stand. */
static size_t
find_field (const RafilmWireFields *fields, const char *name, bool *ret_found)
{
  size_t low = 0;
  size_t high = fields->n_items;

  while (low < high)
    {
      size_t middle = low + (high - low) / 2;
      int order = strcmp (fields->items[middle].name, name);

      if (order == 0)
        {
          *ret_found = true;
          return middle;
        }
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  *ret_found = false;
  return low;
}

static void
clear_field (RafilmWireField *field)
{
  free (field->name);
  rafilm_wire_value_clear (&field->value);
}

RafilmWireField *
rafilm_wire_fields_get (const RafilmWireFields *fields, const char *name)
{
  bool found;
  size_t at = find_field (fields, name, &found);

  return found ? &fields->items[at] : NULL;
}

const RafilmWireValue *
rafilm_wire_fields_peek (const RafilmWireFields *fields, const char *name)
{
  const RafilmWireField *field = rafilm_wire_fields_get (fields, name);

  return field != NULL ? &field->value : NULL;
}

RafilmWireField *
rafilm_wire_fields_take (RafilmWireFields *fields, const char *name, RafilmWireValue value,
                         const RafilmWireStamp *stamp)
{
  bool found;
  size_t at = find_field (fields, name, &found);
  RafilmWireField *field;

  if (!found)
    {
      fields->items =
          rafilm_wire_realloc (fields->items, fields->n_items + 1, sizeof (RafilmWireField));
      memmove (&fields->items[at + 1], &fields->items[at],
               (fields->n_items - at) * sizeof (RafilmWireField));
      fields->n_items++;
      field = &fields->items[at];
      *field = (RafilmWireField) { .name = rafilm_wire_strdup (name) };
    }
  else
    {
      field = &fields->items[at];
      rafilm_wire_value_clear (&field->value);
    }
  field->value = value;
  field->stamp = stamp != NULL ? *stamp : (RafilmWireStamp) { 0 };
  return field;
}

RafilmWireField *
rafilm_wire_fields_set (RafilmWireFields *fields, const char *name, const RafilmWireValue *value,
                        const RafilmWireStamp *stamp)
{
  /* The copies come first, since all three may point into @fields. */
  RafilmWireValue copy = rafilm_wire_value_copy (value);
  RafilmWireStamp own = stamp != NULL ? *stamp : (RafilmWireStamp) { 0 };

  return rafilm_wire_fields_take (fields, name, copy, &own);
}

bool
rafilm_wire_fields_remove (RafilmWireFields *fields, const char *name)
{
  bool found;
  size_t at = find_field (fields, name, &found);

  if (!found)
    return false;
  clear_field (&fields->items[at]);
  fields->n_items--;
  memmove (&fields->items[at], &fields->items[at + 1],
           (fields->n_items - at) * sizeof (RafilmWireField));
  return true;
}

bool
rafilm_wire_fields_is_true (const RafilmWireFields *fields, const char *name)
{
  return rafilm_wire_value_is_true (rafilm_wire_fields_peek (fields, name));
}

void
rafilm_wire_fields_copy (const RafilmWireFields *fields, RafilmWireFields *ret_copy)
{
  *ret_copy = (RafilmWireFields) { 0 };
  for (size_t i = 0; i < fields->n_items; i++)
    rafilm_wire_fields_set (ret_copy, fields->items[i].name, &fields->items[i].value,
                            &fields->items[i].stamp);
}

void
rafilm_wire_fields_clear (RafilmWireFields *fields)
{
  for (size_t i = 0; i < fields->n_items; i++)
    clear_field (&fields->items[i]);
  free (fields->items);
  *fields = (RafilmWireFields) { 0 };
}

bool
rafilm_wire_fields_equal_values (const RafilmWireFields *a, const RafilmWireFields *b)
{
  if (a->n_items != b->n_items)
    return false;
  for (size_t i = 0; i < a->n_items; i++)
    if (strcmp (a->items[i].name, b->items[i].name) != 0
        || !rafilm_wire_value_equal (&a->items[i].value, &b->items[i].value))
      return false;
  return true;
}

bool
rafilm_wire_fields_equal (const RafilmWireFields *a, const RafilmWireFields *b)
{
  if (!rafilm_wire_fields_equal_values (a, b))
    return false;
  for (size_t i = 0; i < a->n_items; i++)
    if (!rafilm_wire_stamp_equal (&a->items[i].stamp, &b->items[i].stamp))
      return false;
  return true;
}

static size_t
value_size (const RafilmWireValue *value)
{
  const char *text = rafilm_wire_value_peek_text (value);

  if (value->type == RAFILM_WIRE_RAW)
    text = value->text;
  return text != NULL ? strlen (text) + 40 : 20;
}

size_t
rafilm_wire_fields_size (const RafilmWireFields *fields)
{
  size_t size = 0;

  for (size_t i = 0; i < fields->n_items; i++)
    size += strlen (fields->items[i].name) + 4 + value_size (&fields->items[i].value);
  return size;
}

RafilmWireStamp
rafilm_wire_fields_common_stamp (const RafilmWireFields *fields)
{
  RafilmWireStamp common = { 0 };
  size_t most = 0;

  for (size_t i = 0; i < fields->n_items; i++)
    {
      size_t count = 1;

      for (size_t k = i + 1; k < fields->n_items; k++)
        count += rafilm_wire_stamp_equal (&fields->items[i].stamp, &fields->items[k].stamp);
      if (count > most)
        {
          most = count;
          common = fields->items[i].stamp;
        }
    }
  return common;
}

/* Rows */

void
rafilm_wire_row_init (RafilmWireRow *row, const char *kind, const char *id)
{
  *row = (RafilmWireRow) { .kind = rafilm_wire_strdup (kind), .id = rafilm_wire_strdup (id) };
}

RafilmWireRow *
rafilm_wire_row_new (const char *kind, const char *id)
{
  RafilmWireRow *row = rafilm_wire_alloc (sizeof (RafilmWireRow));

  rafilm_wire_row_init (row, kind, id);
  return row;
}

RafilmWireRow *
rafilm_wire_row_copy (const RafilmWireRow *row)
{
  RafilmWireRow *copy = rafilm_wire_row_new (row->kind, row->id);

  copy->q = row->q;
  copy->purged = row->purged;
  rafilm_wire_fields_copy (&row->fields, &copy->fields);
  return copy;
}

void
rafilm_wire_row_clear (RafilmWireRow *row)
{
  free (row->kind);
  free (row->id);
  rafilm_wire_fields_clear (&row->fields);
  *row = (RafilmWireRow) { 0 };
}

void
rafilm_wire_row_free (RafilmWireRow *row)
{
  if (row == NULL)
    return;
  rafilm_wire_row_clear (row);
  free (row);
}

const RafilmWireField *
rafilm_wire_row_get (const RafilmWireRow *row, const char *name)
{
  return rafilm_wire_fields_get (&row->fields, name);
}

void
rafilm_wire_row_set (RafilmWireRow *row, const char *name, const RafilmWireValue *value,
                     const RafilmWireStamp *stamp)
{
  rafilm_wire_fields_set (&row->fields, name, value, stamp);
}

bool
rafilm_wire_row_is_deleted (const RafilmWireRow *row)
{
  return rafilm_wire_fields_is_true (&row->fields, RAFILM_WIRE_DELETED);
}

bool
rafilm_wire_row_equal (const RafilmWireRow *a, const RafilmWireRow *b)
{
  return strcmp (a->kind, b->kind) == 0 && strcmp (a->id, b->id) == 0 && a->q == b->q
         && a->purged == b->purged && rafilm_wire_fields_equal (&a->fields, &b->fields);
}

/* Operations */

RafilmWireOp *
rafilm_wire_op_new (int64_t n, const char *kind, const char *id)
{
  RafilmWireOp *op = rafilm_wire_alloc (sizeof (RafilmWireOp));

  op->n = n;
  op->kind = rafilm_wire_strdup (kind);
  op->id = rafilm_wire_strdup (id);
  return op;
}

RafilmWireOp *
rafilm_wire_op_copy (const RafilmWireOp *op)
{
  RafilmWireOp *copy = rafilm_wire_op_new (op->n, op->kind, op->id);

  copy->base = op->base;
  copy->full = op->full;
  copy->recovery = op->recovery;
  rafilm_wire_fields_copy (&op->set, &copy->set);
  rafilm_wire_fields_copy (&op->fill, &copy->fill);
  return copy;
}

void
rafilm_wire_op_clear (RafilmWireOp *op)
{
  free (op->kind);
  free (op->id);
  rafilm_wire_fields_clear (&op->set);
  rafilm_wire_fields_clear (&op->fill);
  *op = (RafilmWireOp) { 0 };
}

void
rafilm_wire_op_free (RafilmWireOp *op)
{
  if (op == NULL)
    return;
  rafilm_wire_op_clear (op);
  free (op);
}

void
rafilm_wire_op_set (RafilmWireOp *op, const char *name, const RafilmWireValue *value, uint64_t h)
{
  RafilmWireStamp stamp = { .h = h };

  rafilm_wire_fields_set (&op->set, name, value, &stamp);
}

bool
rafilm_wire_op_is_delete (const RafilmWireOp *op)
{
  return !op->recovery && rafilm_wire_fields_is_true (&op->set, RAFILM_WIRE_DELETED);
}

unsigned
rafilm_wire_op_cost (const RafilmWireOp *op)
{
  const RafilmWireKind *kind = rafilm_wire_kind_find (op->kind);
  unsigned cost = 1;

  for (size_t i = 0; i < op->set.n_items; i++)
    {
      const RafilmWireFieldSpec *spec;

      spec = rafilm_wire_field_find (kind, op->set.items[i].name);
      if (spec != NULL && (spec->flags & RAFILM_WIRE_FIELD_KEEP_BOTH) != 0)
        cost++;
    }
  return cost;
}

/* Why @fields of @kind may not be merged, or NULL.  @trusted lets the fields
 * pass that only the server writes, which come back by a recovery or a fill. */
static const char *
check_fields (const RafilmWireFields *fields, const RafilmWireKind *kind, bool trusted)
{
  for (size_t i = 0; i < fields->n_items; i++)
    {
      const RafilmWireField *field = &fields->items[i];
      const RafilmWireFieldSpec *spec;

      spec = rafilm_wire_field_find (kind, field->name);
      if (spec == NULL || !rafilm_wire_utf8_is_valid (field->name, strlen (field->name)))
        return "field";
      if ((spec->flags & RAFILM_WIRE_FIELD_SERVER) != 0 && !trusted)
        return "field";
      if (!rafilm_wire_field_allows (spec, &field->value))
        return "value";
    }
  return NULL;
}

/* A recovery tells who wrote each field; what nobody wrote could not be sent on. */
static bool
has_all_stamps (const RafilmWireFields *fields)
{
  for (size_t i = 0; i < fields->n_items; i++)
    if (!rafilm_wire_dev_is_valid (fields->items[i].stamp.dev))
      return false;
  return true;
}

const char *
rafilm_wire_op_check (const RafilmWireOp *op)
{
  const RafilmWireKind *kind = rafilm_wire_kind_find (op->kind);
  const char *code;

  if (kind == NULL)
    return "kind";
  if (!rafilm_wire_id_is_valid (kind, op->id))
    return "id";
  if (op->n < 1 || op->base < 0 || op->set.n_items == 0)
    return "form";
  if (rafilm_wire_op_is_delete (op) && op->set.n_items > 1)
    return "form";
  if (op->recovery && !has_all_stamps (&op->set))
    return "form";
  if (rafilm_wire_fields_get (&op->fill, RAFILM_WIRE_DELETED) != NULL)
    return "form";
  if (op->set.n_items + op->fill.n_items > RAFILM_WIRE_MAX_FIELDS
      || rafilm_wire_fields_size (&op->set) + rafilm_wire_fields_size (&op->fill)
             > RAFILM_WIRE_MAX_ROW)
    return "size";
  code = check_fields (&op->set, kind, op->recovery);
  return code != NULL ? code : check_fields (&op->fill, kind, true);
}
