/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-moto.h"
#include "rafilm-local-state.h"

G_BEGIN_DECLS

/* DynamoDB with a memory: moto forgets all at its end, and DynamoDB nothing that it has answered.
 * This stands before moto, with an address of its own, and passes all through. What writes goes
 * one after another: into the journal first, to moto then, and only then is it answered. At the
 * next start the saved items are put back and the journal's writes made again, in their order, so
 * that they come out as they did. A write that was never answered may be there or not, as ever. */

typedef struct _RafilmLocalTable RafilmLocalTable;

/**
 * rafilm_local_table_start:
 * @name: of the table; it exists in @moto, and is empty
 *
 * Restores what @state holds, and serves. In a fiber only.
 *
 * Returns: (transfer full) (nullable): %NULL with an error
 */
RafilmLocalTable *rafilm_local_table_start (RafilmLocalMoto *moto, RafilmLocalState *state,
                                            const char *name, GError **error);

/**
 * rafilm_local_table_stop:
 *
 * Serves no more and frees @self.
 */
void rafilm_local_table_stop (RafilmLocalTable *self);

/** Returns: its address, as a DynamoDB client takes it */
const char *rafilm_local_table_get_address (RafilmLocalTable *self);

/** Whether the journal is long enough for saving the table to be worth while. */
gboolean rafilm_local_table_wants_saving (RafilmLocalTable *self);

/**
 * rafilm_local_table_save:
 *
 * Writes all items down, as they are between two writes, and begins a new journal. In a fiber
 * only. Writes wait meanwhile.
 */
gboolean rafilm_local_table_save (RafilmLocalTable *self, GError **error);

G_END_DECLS
