/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-value.h"

#include "rafilm-wire-memory.h"

#include <stdlib.h>
#include <string.h>

static bool
equal_text (const char *a, const char *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return strcmp (a, b) == 0;
}

RafilmWireValue
rafilm_wire_null (void)
{
  return (RafilmWireValue) { .type = RAFILM_WIRE_NULL };
}

RafilmWireValue
rafilm_wire_bool (bool boolean)
{
  return (RafilmWireValue) { .type = RAFILM_WIRE_BOOL, .boolean = boolean };
}

RafilmWireValue
rafilm_wire_int (int64_t integer)
{
  return (RafilmWireValue) { .type = RAFILM_WIRE_INT, .integer = integer };
}

RafilmWireValue
rafilm_wire_text (const char *text)
{
  return (RafilmWireValue) { .type = RAFILM_WIRE_TEXT,
                             .text = rafilm_wire_strdup (text ? text : "") };
}

RafilmWireValue
rafilm_wire_review (const char *text, bool spoiler, const char *lang)
{
  return (RafilmWireValue) {
    .type = RAFILM_WIRE_REVIEW,
    .review = { .text = rafilm_wire_strdup (text ? text : ""),
                .lang = rafilm_wire_strdup (lang),
                .spoiler = spoiler },
  };
}

RafilmWireValue
rafilm_wire_raw (const char *json)
{
  return (RafilmWireValue) { .type = RAFILM_WIRE_RAW,
                             .text = rafilm_wire_strdup (json ? json : "null") };
}

RafilmWireValue
rafilm_wire_value_copy (const RafilmWireValue *value)
{
  switch (value->type)
    {
    case RAFILM_WIRE_TEXT:
      return rafilm_wire_text (value->text);
    case RAFILM_WIRE_RAW:
      return rafilm_wire_raw (value->text);
    case RAFILM_WIRE_REVIEW:
      return rafilm_wire_review (value->review.text, value->review.spoiler, value->review.lang);
    case RAFILM_WIRE_NULL:
    case RAFILM_WIRE_BOOL:
    case RAFILM_WIRE_INT:
      break;
    }
  return *value;
}

void
rafilm_wire_value_clear (RafilmWireValue *value)
{
  switch (value->type)
    {
    case RAFILM_WIRE_TEXT:
    case RAFILM_WIRE_RAW:
      free (value->text);
      break;
    case RAFILM_WIRE_REVIEW:
      free (value->review.text);
      free (value->review.lang);
      break;
    case RAFILM_WIRE_NULL:
    case RAFILM_WIRE_BOOL:
    case RAFILM_WIRE_INT:
      break;
    }
  *value = rafilm_wire_null ();
}

bool
rafilm_wire_value_equal (const RafilmWireValue *a, const RafilmWireValue *b)
{
  if (a->type != b->type)
    return false;

  switch (a->type)
    {
    case RAFILM_WIRE_NULL:
      return true;
    case RAFILM_WIRE_BOOL:
      return a->boolean == b->boolean;
    case RAFILM_WIRE_INT:
      return a->integer == b->integer;
    case RAFILM_WIRE_TEXT:
    case RAFILM_WIRE_RAW:
      return equal_text (a->text, b->text);
    case RAFILM_WIRE_REVIEW:
      return equal_text (a->review.text, b->review.text)
             && equal_text (a->review.lang, b->review.lang)
             && a->review.spoiler == b->review.spoiler;
    }
  return false;
}

bool
rafilm_wire_value_is_true (const RafilmWireValue *value)
{
  return value != NULL && value->type == RAFILM_WIRE_BOOL && value->boolean;
}

int64_t
rafilm_wire_value_get_int (const RafilmWireValue *value, int64_t fallback)
{
  if (value == NULL || value->type != RAFILM_WIRE_INT)
    return fallback;
  return value->integer;
}

const char *
rafilm_wire_value_peek_text (const RafilmWireValue *value)
{
  if (value == NULL)
    return NULL;
  if (value->type == RAFILM_WIRE_TEXT)
    return value->text;
  if (value->type == RAFILM_WIRE_REVIEW)
    return value->review.text;
  return NULL;
}
