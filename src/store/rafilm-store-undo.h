/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store-private.h"

G_BEGIN_DECLS

/** How many edits can be undone. */
#define RAFILM_UNDO_MAX_STEPS 100

/** One field before and after an edit. "Deleted" is a field too (RAFILM_WIRE_DELETED). */
typedef struct
{
  char *kind;
  char *id;
  char *field;
  RafilmWireValue before;
  RafilmWireValue after;
} RafilmUndoField;

/** One edit, so that it can be taken back: (element-type RafilmUndoField) @fields. */
typedef struct _RafilmUndoStep
{
  char *label;
  GPtrArray *fields;
} RafilmUndoStep;

RafilmUndoStep *rafilm_undo_step_new (const char *label);
void rafilm_undo_step_free (gpointer step);
void rafilm_undo_step_add (RafilmUndoStep *self, const char *kind, const char *id,
                           const char *field, const RafilmWireValue *before,
                           const RafilmWireValue *after);

/** Moves the steps as the committed transaction says (RafilmMirror's step and reason). */
void rafilm_mirror_commit_step (RafilmMirror *self);
/** Forgets what the transaction would have added. */
void rafilm_mirror_drop_step (RafilmMirror *self);

/**
 * rafilm_mirror_revert:
 * @reason: UNDO or REDO
 *
 * Returns: (transfer full) (nullable): the label of what was taken back or done again; %NULL, and
 *   the transaction fails, when there is nothing
 */
char *rafilm_mirror_revert (RafilmMirror *self, RafilmEditReason reason);

G_END_DECLS
