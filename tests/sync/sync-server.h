/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The function's own source (src/cloud/handlers/sync-ledger.h) over a table in memory that knows
 * exactly the calls and expressions which the function makes; anything else ends the test. */
typedef struct _SyncServer SyncServer;

SyncServer *sync_server_new (guint32 seed);
void sync_server_free (SyncServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SyncServer, sync_server_free)

/* Serves one request of @uid. Returns the HTTP status. */
guint sync_server_serve (SyncServer *self, const char *uid, const char *request, char **ret_answer);

/* In so many of 100 transactions another writer is faster. */
void sync_server_set_races (SyncServer *self, guint percent);
/* So many of the next queries don't show the newest row yet, as while a transaction lands. */
void sync_server_delay_rows (SyncServer *self, guint queries);

/* Takes the content of deleted rows away, as the Trash does after its time. */
void sync_server_purge (SyncServer *self);

/* Keeps the table as it is now, and puts it back as an operator restores a backup. */
void sync_server_keep (SyncServer *self);
void sync_server_restore (SyncServer *self);

guint sync_server_get_requests (SyncServer *self);
/* How often a transaction was cancelled and planned anew. */
guint sync_server_get_cancelled (SyncServer *self);
/* Rows of an account, deleted ones too. */
guint sync_server_count_rows (SyncServer *self, const char *uid, const char *kind);

G_END_DECLS
