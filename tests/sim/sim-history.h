/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who wrote what, and what they had seen then. A write is one field of one edit. It is known on
 * its computer by record, field, clock and value, and on the server by the stamp that it got. */

#pragma once

#include <glib.h>

#include "rafilm-wire-merge.h"

#define SIM_MAX_WRITES 8192
#define SIM_NO_WRITE (-1)

typedef struct
{
  char *key; /* "kind#id" */
  char *field;
  char *value;
  guint device;
  gint64 at;         /* true time */
  guint64 *seen;     /* bits of the writes that its author had seen, of this field */
  guint64 *shown;    /* bits of the writes whose values the record showed then */
  guint verdicts;    /* bits of RafilmWireVerdict of its answers; 0 = none yet */
  gboolean kept;     /* a version has its text */
  gboolean replaced; /* by a later edit before it was sent */
} SimWrite;

/* (transfer full): a write in words */
char *sim_history_tell (int write);

/* What a computer has in its mirror and outbox of one record. */
typedef struct
{
  const RafilmWireRow *row; /* nullable */
  GPtrArray *ops;           /* RafilmWireOp, pending, in order */
} SimRecordState;

void sim_history_begin (void);
guint sim_history_size (void);
SimWrite *sim_history_get (int write);
gboolean sim_history_has_seen (int write, int earlier);
gboolean sim_history_was_shown (int write, int earlier);

/* "7", "true", "\"text\"": what makes two values equal. */
char *sim_history_describe (const RafilmWireValue *value);

/* The write that a pending field, or a field of a row, comes from. */
int sim_history_find_pending (const char *key, const RafilmWireField *field);
int sim_history_find_stamp (const char *key, const char *field, const RafilmWireStamp *stamp);

/* Notes a pending field that is new, and what its author saw in `before`, the record as it was. */
int sim_history_add (guint device, gint64 at, const char *key, const RafilmWireField *field,
                     const SimRecordState *before);

/* An operation waited, and an edit was made: each of its fields must still wait in `now`, the
 * operations of its record, or have been written over there. */
void sim_history_compare (const RafilmWireOp *op, GPtrArray *now);

/* The server took an operation. */
void sim_history_answer (const char *dev, const RafilmWireOp *op, RafilmWireVerdict verdict);

/* The server made a version, which keeps the text of a write. */
void sim_history_keep (const RafilmWireRow *version);
/* The write that a version keeps, whether its content is there still or not. */
int sim_history_find_kept (const char *id);
