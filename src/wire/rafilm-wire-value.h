/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One value of one field, as the computers and the cloud exchange it.
 *
 * Everything in src/wire is plain C over malloc(), free of GLib and of every
 * JSON library, so that the application, the cloud's functions and the
 * simulation run the same source.  A failed allocation ends the process.
 *
 * Every struct here may be zeroed by `= { 0 }`, which is a valid empty value,
 * owns what it points to, and is released by its _clear(), which leaves the
 * zeroed state behind. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum
{
  RAFILM_WIRE_NULL, /* cleared; the zeroed value */
  RAFILM_WIRE_BOOL,
  RAFILM_WIRE_INT,
  RAFILM_WIRE_TEXT,   /* UTF-8 */
  RAFILM_WIRE_REVIEW, /* prose with its spoiler mark and its language */
  RAFILM_WIRE_RAW,    /* the JSON text of something this version doesn't know */
} RafilmWireType;

typedef struct
{
  RafilmWireType type;
  union
  {
    bool boolean;
    int64_t integer;
    char *text; /* TEXT and RAW; never NULL for these types */
    struct
    {
      char *text; /* never NULL */
      char *lang; /* BCP 47 tag, or NULL when unknown */
      bool spoiler;
    } review;
  };
} RafilmWireValue;

/* The makers copy their text.  The result is owned by the caller. */
RafilmWireValue rafilm_wire_null (void);
RafilmWireValue rafilm_wire_bool (bool boolean);
RafilmWireValue rafilm_wire_int (int64_t integer);
RafilmWireValue rafilm_wire_text (const char *text);
RafilmWireValue rafilm_wire_review (const char *text, bool spoiler, const char *lang);
RafilmWireValue rafilm_wire_raw (const char *json);

RafilmWireValue rafilm_wire_value_copy (const RafilmWireValue *value);
void rafilm_wire_value_clear (RafilmWireValue *value);
bool rafilm_wire_value_equal (const RafilmWireValue *a, const RafilmWireValue *b);

/* The value of a BOOL, else false; of an INT, else @fallback. */
bool rafilm_wire_value_is_true (const RafilmWireValue *value);
int64_t rafilm_wire_value_get_int (const RafilmWireValue *value, int64_t fallback);

/* The prose of a TEXT or of a REVIEW, else NULL.  Owned by @value. */
const char *rafilm_wire_value_peek_text (const RafilmWireValue *value);
