/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-local-journal.h"

G_BEGIN_DECLS

/* What outlives a run of the local cloud, in a folder: users.json (the user pool), table.json (all
 * items of the table at one moment, and the number of the journal that follows it), journal-N (what
 * was written since) and the mark "running", which a clean stop takes away. Each file but the
 * journal is replaced atomically.
 *
 * A killed program loses nothing. When the machine went down without a clean stop, the end of the
 * journal may be missing though it was answered: then the table is a restored backup. Every diary
 * gets a new epoch, its head jumps, and the clients bring back what is missing (sync protocol,
 * 2.8). The same when the journal is damaged. */

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
 * @items: all items, in DynamoDB's JSON
 *
 * Returns: (transfer full) (nullable): the journal for what is written from now on
 */
RafilmLocalJournal *rafilm_local_state_save_table (RafilmLocalState *self, JsonArray *items,
                                                   GError **error);

/**
 * rafilm_local_state_load_table:
 * @ret_items: (out): the items that were saved
 * @ret_records: (out) (element-type RafilmLocalRecord): what was written after that, in order
 * @ret_lost: (out): whether something that was answered may be missing
 */
gboolean rafilm_local_state_load_table (RafilmLocalState *self, JsonArray **ret_items,
                                        GPtrArray **ret_records, gboolean *ret_lost,
                                        GError **error);

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
