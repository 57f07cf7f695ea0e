/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What must hold for every row that the server writes, at once, so that nothing that happens later
 * can cover it up: I3 and I4 of docs/sync.md. */

#pragma once

#include "sim-history.h"

/* A transaction made the row `after` of `before`; its versions are known to the history already. */
void sim_check_merge (const RafilmWireRow *before, const RafilmWireRow *after);

/* Whether the field is prose, which is never overwritten unseen. */
gboolean sim_check_is_prose (const char *kind, const char *field);
