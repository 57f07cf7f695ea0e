/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rows, the stamps of their fields, and the operations that change them. */

#pragma once

#include "rafilm-wire-kinds.h"

/* Who wrote a field last, and when.  A zeroed stamp is "never written". */
typedef struct
{
  int64_t fseq;                         /* the account's sequence number when it last changed */
  uint64_t h;                           /* hybrid clock of the edit (rafilm-wire-hlc.h) */
  char dev[RAFILM_WIRE_DEV_LENGTH + 1]; /* the device that wrote it */
  int64_t n;                            /* that device's operation number; 0 when not said */
} RafilmWireStamp;

typedef struct
{
  char *name;
  RafilmWireValue value;
  RafilmWireStamp stamp;
} RafilmWireField;

/* A map from name to value and stamp, sorted by name (strcmp), so that equal
 * maps are equal member by member and nothing depends on a hash's order. */
typedef struct
{
  RafilmWireField *items;
  size_t n_items;
} RafilmWireFields;

/* A record as the cloud holds it and as the client mirrors it. */
typedef struct
{
  char *kind;
  char *id;
  int64_t q;   /* the sequence number of its last change */
  bool purged; /* deleted so long ago that only "x" is left */
  RafilmWireFields fields;
} RafilmWireRow;

/* One edit of one record on one device, in the order of the device's @n.
 * In @set each stamp's h is the hybrid clock of that field's edit, by the
 * device's own clock; the other members of the stamps are unused, except in
 * a recovery, where the whole stamps are what the fields had before. */
typedef struct
{
  int64_t n;
  char *kind;
  char *id;
  int64_t base;  /* the row's q that the user saw when editing; 0 for none */
  bool full;     /* makes the row when it is missing */
  bool recovery; /* gives back what a restored server lost */
  RafilmWireFields set;
  RafilmWireFields fill; /* used only where the row has no such field */
} RafilmWireOp;

/* Text form "fseq.h.dev.n" with h in 16 hex digits: 1043.019b2f3a00010000.
 * k7Qm2xPa.212, without the last member when n is 0. */
#define RAFILM_WIRE_STAMP_SIZE 72
void rafilm_wire_stamp_format (const RafilmWireStamp *stamp, char buffer[RAFILM_WIRE_STAMP_SIZE]);
bool rafilm_wire_stamp_parse (const char *text, RafilmWireStamp *ret_stamp);
bool rafilm_wire_stamp_equal (const RafilmWireStamp *a, const RafilmWireStamp *b);

/* Whether the edit (@h, @dev) comes after the edit of @stamp, among edits
 * that didn't know each other: the later clock, then the greater name. */
bool rafilm_wire_stamp_is_beaten (const RafilmWireStamp *stamp, uint64_t h, const char *dev);

/* Fields.  _get() returns NULL when there is none; the pointer lives until the
 * next change.  _set() copies name and value.  _take() owns @value from then
 * on.  @stamp may be NULL, for a zeroed one. */
RafilmWireField *rafilm_wire_fields_get (const RafilmWireFields *fields, const char *name);
const RafilmWireValue *rafilm_wire_fields_peek (const RafilmWireFields *fields, const char *name);
RafilmWireField *rafilm_wire_fields_set (RafilmWireFields *fields, const char *name,
                                         const RafilmWireValue *value,
                                         const RafilmWireStamp *stamp);
RafilmWireField *rafilm_wire_fields_take (RafilmWireFields *fields, const char *name,
                                          RafilmWireValue value, const RafilmWireStamp *stamp);
bool rafilm_wire_fields_remove (RafilmWireFields *fields, const char *name);
bool rafilm_wire_fields_is_true (const RafilmWireFields *fields, const char *name);
void rafilm_wire_fields_copy (const RafilmWireFields *fields, RafilmWireFields *ret_copy);
void rafilm_wire_fields_clear (RafilmWireFields *fields);
/* Compares names, values and stamps; _equal_values() leaves out the stamps. */
bool rafilm_wire_fields_equal (const RafilmWireFields *a, const RafilmWireFields *b);
bool rafilm_wire_fields_equal_values (const RafilmWireFields *a, const RafilmWireFields *b);
/* Bytes that names and values take, about as much as their JSON. */
size_t rafilm_wire_fields_size (const RafilmWireFields *fields);
/* The stamp that most fields share, for writing it once; zeroed when empty. */
RafilmWireStamp rafilm_wire_fields_common_stamp (const RafilmWireFields *fields);

/* Rows.  _get(), _set() and _is_deleted() look into the fields. */
RafilmWireRow *rafilm_wire_row_new (const char *kind, const char *id);
void rafilm_wire_row_init (RafilmWireRow *row, const char *kind, const char *id);
RafilmWireRow *rafilm_wire_row_copy (const RafilmWireRow *row);
void rafilm_wire_row_clear (RafilmWireRow *row);
void rafilm_wire_row_free (RafilmWireRow *row);
const RafilmWireField *rafilm_wire_row_get (const RafilmWireRow *row, const char *name);
void rafilm_wire_row_set (RafilmWireRow *row, const char *name, const RafilmWireValue *value,
                          const RafilmWireStamp *stamp);
bool rafilm_wire_row_is_deleted (const RafilmWireRow *row);
bool rafilm_wire_row_equal (const RafilmWireRow *a, const RafilmWireRow *b);

/* Operations. */
RafilmWireOp *rafilm_wire_op_new (int64_t n, const char *kind, const char *id);
RafilmWireOp *rafilm_wire_op_copy (const RafilmWireOp *op);
void rafilm_wire_op_clear (RafilmWireOp *op);
void rafilm_wire_op_free (RafilmWireOp *op);
/* Adds a field to @op's set, edited at the hybrid time @h. */
void rafilm_wire_op_set (RafilmWireOp *op, const char *name, const RafilmWireValue *value,
                         uint64_t h);
bool rafilm_wire_op_is_delete (const RafilmWireOp *op);
/* How many rows the operation may write: itself and a version per prose. */
unsigned rafilm_wire_op_cost (const RafilmWireOp *op);
/* NULL when the cloud may merge it, else why not, for the verdict "bad:…":
 * "kind", "id", "form", "field", "value" or "size". */
const char *rafilm_wire_op_check (const RafilmWireOp *op);
