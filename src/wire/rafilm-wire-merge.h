/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The merge of one operation into one row: the whole of the rules by which
 * concurrent edits of one account meet.  Pure: it reads no clock and keeps no
 * state.  docs/sync.md states the rules as a table, rafilm-wire-merge.c as
 * code in the same order, and rafilm-wire-step.c has what they are made of. */

#pragma once

#include "rafilm-wire-record.h"
#include "rafilm-wire-verdict.h"

/* A text that lost its place to another: what the version row is made of. */
typedef struct
{
  char *field;
  RafilmWireValue value;
  RafilmWireStamp stamp; /* of the losing edit, by the server's clock */
} RafilmWireCopy;

typedef struct
{
  RafilmWireVerdict verdict;
  bool changed; /* the row was changed and is to be written with q = seq */
  RafilmWireCopy *copies;
  size_t n_copies;
} RafilmWireMerge;

/* How far the numbers jump when a server was restored (docs/sync.md, "epoch"), far more than were
 * ever given since the state that was put back. */
#define RAFILM_WIRE_EPOCH_JUMP 1000000

typedef struct
{
  const char *dev;   /* the device that sent the operation */
  int64_t seq;       /* the sequence number that the batch will get */
  int64_t sender_ms; /* the sender's wall clock when it sent the batch */
  int64_t server_ms;
} RafilmWireMergeContext;

/* Merges @op into @row in place.  A missing row is one with q 0 and no fields,
 * made by rafilm_wire_row_init().  @row's q is left alone.  When the result
 * is not changed, @row has been left exactly as it was.  @op must have passed
 * rafilm_wire_op_check(). */
void rafilm_wire_merge (RafilmWireRow *row, const RafilmWireOp *op,
                        const RafilmWireMergeContext *context, RafilmWireMerge *ret_merge);
void rafilm_wire_merge_clear (RafilmWireMerge *merge);

/* The version row of @copy, which came from @of, as written by @by (a name to
 * show).  Its id follows from row, field, device and operation number alone,
 * so that a repeated merge makes the same row again. */
RafilmWireRow *rafilm_wire_copy_to_row (const RafilmWireCopy *copy, const RafilmWireRow *of,
                                        const char *by, const RafilmWireMergeContext *context);
