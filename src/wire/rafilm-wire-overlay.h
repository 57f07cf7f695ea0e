/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person sees of a record: the row as mirrored from the cloud, and over
 * it, in order, the edits of this computer that the cloud hasn't answered. */

#pragma once

#include "rafilm-wire-record.h"

/* @row may be NULL when the cloud has none.  @ops are the pending operations
 * of this record, oldest first; those of other records are skipped.  Stamps
 * are those of the row; a field that comes from an operation has only h.
 * @ret_view must be empty; empty afterwards means: no such record. */
void rafilm_wire_overlay (const RafilmWireRow *row, const RafilmWireOp *const *ops, size_t n_ops,
                          RafilmWireFields *ret_view);
