/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one table of what is synchronised: kinds of record, their fields, the
 * fields' types and limits.  Both JSON codecs, the merge, the cloud's checks
 * and docs/sync.md come from it.
 *
 * Rules of growth: entries are only ever added.  A kind or a field that this
 * version doesn't know is carried along as RAW and never dropped. */

#pragma once

#include "rafilm-wire-value.h"

#define RAFILM_WIRE_PROTO 1
#define RAFILM_WIRE_SCHEMA 1

/* What one request and one record may hold. */
#define RAFILM_WIRE_MAX_OPS 90             /* operations in a batch */
#define RAFILM_WIRE_MAX_COST 96            /* rows that a batch may write */
#define RAFILM_WIRE_MAX_BATCH (256 * 1024) /* bytes of JSON of a request */
#define RAFILM_WIRE_MAX_TEXT (64 * 1024)   /* bytes of one text */
#define RAFILM_WIRE_MAX_ROW (300 * 1024)   /* bytes of one row's fields */
#define RAFILM_WIRE_MAX_FIELDS 128         /* fields of a row or operation */
#define RAFILM_WIRE_MAX_RAW (16 * 1024)    /* bytes of an unknown value */
#define RAFILM_WIRE_MAX_NAME 72            /* bytes of a field's name */
#define RAFILM_WIRE_MAX_ID 80              /* bytes of a record's id */
#define RAFILM_WIRE_MAX_TAG 64             /* bytes of a tag */
#define RAFILM_WIRE_PAGE_DEFAULT 700000    /* bytes of a page of the feed */
#define RAFILM_WIRE_PAGE_HARD 2000000      /* what a client may ask at most */
#define RAFILM_WIRE_DEV_LENGTH 8           /* base62 digits of a device id */

/* The reserved field that says "deleted", in every kind. */
#define RAFILM_WIRE_DELETED "x"

typedef enum
{
  RAFILM_WIRE_FIELD_BOOL,
  RAFILM_WIRE_FIELD_INT,    /* min..max is its range */
  RAFILM_WIRE_FIELD_DATE,   /* TEXT "YYYY-MM-DD", a day that exists */
  RAFILM_WIRE_FIELD_TEXT,   /* min..max is its length in bytes */
  RAFILM_WIRE_FIELD_REVIEW, /* REVIEW, min..max as of TEXT */
  RAFILM_WIRE_FIELD_ORDER,  /* TEXT, a position (rafilm-wire-order.h) */
} RafilmWireFieldType;

typedef enum
{
  RAFILM_WIRE_FIELD_NULLABLE = 1 << 0,  /* null clears it */
  RAFILM_WIRE_FIELD_KEEP_BOTH = 1 << 1, /* prose: a concurrent other text is
                                           kept as a version, not dropped */
  RAFILM_WIRE_FIELD_PREFIX = 1 << 2,    /* the name is a prefix: "tag:" */
  RAFILM_WIRE_FIELD_SERVER = 1 << 3,    /* no client may set it */
} RafilmWireFieldFlags;

typedef struct
{
  const char *name;
  RafilmWireFieldType type;
  unsigned flags;
  int64_t min;
  int64_t max;
} RafilmWireFieldSpec;

typedef enum
{
  RAFILM_WIRE_ID_RANDOM, /* 1..64 of [0-9A-Za-z_-] */
  RAFILM_WIRE_ID_FILM,   /* a film's decimal number */
  RAFILM_WIRE_ID_ITEM,   /* "<list>:<film>" */
  RAFILM_WIRE_ID_ME,     /* "me" */
} RafilmWireIdForm;

typedef struct
{
  const char *name;    /* one letter on the wire: "d" */
  const char *meaning; /* the product's word: "viewing" */
  RafilmWireIdForm id_form;
  bool upsert; /* an edit makes the row when it is missing */
  const RafilmWireFieldSpec *fields;
  size_t n_fields;
} RafilmWireKind;

/* All kinds, for codecs and documentation that walk the table. */
const RafilmWireKind *rafilm_wire_kinds (size_t *ret_n_kinds);

/* The version of the table, RAFILM_WIRE_SCHEMA: it grows whenever the table does, and a computer
 * then reads anew what it had kept without knowing it. */
int rafilm_wire_schema (void);

/* NULL when this version doesn't know the kind or the field.  The reserved
 * field "x" is known in every kind, and in unknown kinds (@kind NULL) too. */
const RafilmWireKind *rafilm_wire_kind_find (const char *name);
const RafilmWireFieldSpec *rafilm_wire_field_find (const RafilmWireKind *kind, const char *name);

/* Whether @id has the form of an id of @kind; NULL @kind: of any kind. */
bool rafilm_wire_id_is_valid (const RafilmWireKind *kind, const char *id);

/* Whether @value may stand in the field @spec. */
bool rafilm_wire_field_allows (const RafilmWireFieldSpec *spec, const RafilmWireValue *value);

/* Whether @text is a day of the proleptic Gregorian calendar, "2026-03-01". */
bool rafilm_wire_date_is_valid (const char *text);

/* Whether @text is well-formed UTF-8 without U+0000. */
bool rafilm_wire_utf8_is_valid (const char *text, size_t length);

/* Whether @dev is 8 base62 digits. */
bool rafilm_wire_dev_is_valid (const char *dev);
