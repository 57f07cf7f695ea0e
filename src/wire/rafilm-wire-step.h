/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the rules of the merge are made of: questions about an operation and
 * the row that it meets, and what may come of them.  The rules themselves are
 * in rafilm-wire-merge.c, which alone uses this. */

#pragma once

#include "rafilm-wire-merge.h"

/* One operation meeting one row. */
typedef struct
{
  RafilmWireRow *row;
  const RafilmWireOp *op;
  const RafilmWireMergeContext *context;
  const RafilmWireKind *kind;
  RafilmWireMerge *result;
  char dev[RAFILM_WIRE_DEV_LENGTH + 1];
  bool lost;            /* an edit came to nothing */
  size_t n_edits;       /* handed out so far */
  RafilmWireField edit; /* the last one; the operation owns its name and value */
} RafilmWireStep;

void rafilm_wire_step_begin (RafilmWireStep *step, RafilmWireRow *row, const RafilmWireOp *op,
                             const RafilmWireMergeContext *context, RafilmWireMerge *result);
/* Tells the verdict, unless one was answered. */
void rafilm_wire_step_end (RafilmWireStep *step);

/* The operation's edits, one after the other, each with the stamp that the row would get, on the
 * server's clock; of a recovery, with the stamp that the field had.  An edit that says "not
 * deleted" is passed over: any edit says so.  NULL after the last one; else it lives until the
 * next call. */
const RafilmWireField *rafilm_wire_step_next_edit (RafilmWireStep *step);

/* Questions. */

/* The row isn't there, and the operation is none that makes it. */
bool rafilm_wire_step_is_missing (const RafilmWireStep *step);
/* The row's content was taken away, and the operation doesn't bring it along. */
bool rafilm_wire_step_is_purged (const RafilmWireStep *step);
/* The row's field; NULL when it has none. */
const RafilmWireField *rafilm_wire_step_find (const RafilmWireStep *step, const char *name);
/* The operation's author can't have seen @here as it is: it changed after the row that they
 * edited, and not by their own hand.  Only sequence numbers count; no clock is asked.  A field
 * that isn't there (NULL) isn't concurrent. */
bool rafilm_wire_step_is_concurrent (const RafilmWireStep *step, const RafilmWireField *here);
/* A deletion would hide what its author hadn't seen: some content or a restoration of the row. */
bool rafilm_wire_step_hides_unseen (const RafilmWireStep *step);
/* @edit comes after what is @here, among edits that didn't know each other: by (h, dev). */
bool rafilm_wire_step_is_later (const RafilmWireStep *step, const RafilmWireField *edit,
                                const RafilmWireField *here);
/* What is @here was written after the restore that lost the @recovered field: then nobody can tell
 * whether its author had seen that. */
bool rafilm_wire_step_is_since_restore (const RafilmWireField *here,
                                        const RafilmWireField *recovered);

/* What may come of them. */

void rafilm_wire_step_answer (RafilmWireStep *step, RafilmWireVerdict verdict);
/* The row gets @edit in place of what is @here (NULL = nothing).  Its clock moves past the one
 * before, also when the value is the same, or an older opposite edit could win later. */
void rafilm_wire_step_take (RafilmWireStep *step, const RafilmWireField *edit,
                            const RafilmWireField *here);
/* Nothing comes of @edit.  That is no loss when the same is @here. */
void rafilm_wire_step_lose (RafilmWireStep *step, const RafilmWireField *edit,
                            const RafilmWireField *here);
/* The row gets a field that a restored server lost, with the clock that it had. */
void rafilm_wire_step_give_back (RafilmWireStep *step, const RafilmWireField *recovered);
/* The row gets a field that its author saw and didn't edit, older than any edit. */
void rafilm_wire_step_fill (RafilmWireStep *step, const RafilmWireField *seen);
/* The row isn't deleted any more, since the latest of the edits. */
void rafilm_wire_step_revive (RafilmWireStep *step);
/* Of prose, the words of @loser become a version, unless it has none or @winner has the same. */
void rafilm_wire_step_keep_words (RafilmWireStep *step, const RafilmWireField *loser,
                                  const RafilmWireField *winner);
