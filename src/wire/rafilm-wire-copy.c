/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The texts that a merge keeps, and the version rows that are made of them. */

#include "rafilm-wire-merge.h"

#include "rafilm-wire-digest.h"
#include "rafilm-wire-hlc.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
