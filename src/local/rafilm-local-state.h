/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-moto.h"

G_BEGIN_DECLS

/* What outlives a run of the local cloud, in a folder: users.json (the user pool), table.json
 * (all items of the table) and the mark "running", which a clean stop takes away. Each file is
 * replaced atomically.
 *
 * A table that was saved while it changed may hold half of a transaction, and what came after it
 * is lost: after a stop that was not clean it is a restored backup. Then every diary gets a new
 * epoch, its head jumps, and the clients bring back what is missing (sync protocol, 2.8). */

typedef struct _RafilmLocalState RafilmLocalState;

/**
 * rafilm_local_state_new:
 *
 * Opens or makes the folder and leaves the mark.
 */
RafilmLocalState *rafilm_local_state_new (const char *folder, GError **error);
void rafilm_local_state_free (RafilmLocalState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalState, rafilm_local_state_free)

/**
 * rafilm_local_state_load_users:
 *
 * Returns: (transfer full) (nullable): the user pool that was saved, if any
 */
JsonObject *rafilm_local_state_load_users (RafilmLocalState *self);
gboolean rafilm_local_state_save_users (RafilmLocalState *self, JsonObject *users, GError **error);

/**
 * rafilm_local_state_save_table:
 *
 * Reads the whole table and writes it down. In a fiber only.
 */
gboolean rafilm_local_state_save_table (RafilmLocalState *self, RafilmLocalMoto *moto,
                                        const char *table, GError **error);

/**
 * rafilm_local_state_restore_table:
 *
 * Puts what was saved into the empty table. In a fiber only.
 */
gboolean rafilm_local_state_restore_table (RafilmLocalState *self, RafilmLocalMoto *moto,
                                           const char *table, GError **error);

/**
 * rafilm_local_state_finish:
 *
 * Takes the mark away: everything was saved.
 */
void rafilm_local_state_finish (RafilmLocalState *self);

/**
 * rafilm_local_state_begin_epoch:
 * @item: an item in DynamoDB's JSON, changed in place when it is a diary's META
 * @epoch: the new epoch's id
 * @now: Unix milliseconds
 *
 * Returns: whether it was one
 */
gboolean rafilm_local_state_begin_epoch (JsonObject *item, const char *epoch, gint64 now);

G_END_DECLS
