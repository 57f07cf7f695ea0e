/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libdex.h>

#include "rafilm-edit.h"
#include "rafilm-store-change.h"

G_BEGIN_DECLS

/**
 * RafilmStore:
 *
 * The mirror: everything that the program shows, in one SQLite file, with full-text search, undo
 * and the outbox of changes that are not on the server yet. docs/store.md tells how it is built.
 *
 * One thread owns the file; the functions here may be called from the main thread only, never
 * block, and return futures that resolve there, in the order of the calls. They reject with
 * %RAFILM_ERROR_DISK_FULL, %RAFILM_ERROR_DATABASE_LOCKED, %RAFILM_ERROR_DATABASE_UNREADABLE or
 * %RAFILM_ERROR_DATABASE when SQLite failed; then nothing was changed.
 *
 * Properties (all read-only): `can-undo`, `can-redo`, `undo-label`, `redo-label`, `path`.
 * Signal `changed` (RafilmStoreChange): after every transaction that changed something.
 */
#define RAFILM_TYPE_STORE (rafilm_store_get_type ())
G_DECLARE_FINAL_TYPE (RafilmStore, rafilm_store, RAFILM, STORE, GObject)

/**
 * rafilm_store_open:
 * @path: the file; it and its folder are made when missing
 *
 * Opens the mirror and brings its tables up to date. A file that cannot be read as a database is
 * moved aside, never deleted, and a new one made; see rafilm_store_get_recovered_path().
 *
 * Returns: (transfer full): resolves to a RafilmStore, or rejects with
 *   %RAFILM_ERROR_DATABASE_NEWER when a newer Rafilm wrote the file, which is left as it is
 */
DexFuture *rafilm_store_open (const char *path) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_close:
 *
 * Finishes what was asked, closes the file and ends the thread. Later calls reject with
 * %RAFILM_ERROR_DATABASE. Dropping the last reference does the same, but waits for it.
 *
 * Returns: (transfer full): resolves to a boolean
 */
DexFuture *rafilm_store_close (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

const char *rafilm_store_get_path (RafilmStore *self);

/** (nullable): where an unreadable file was moved when this store was opened. */
const char *rafilm_store_get_recovered_path (RafilmStore *self);

/**
 * rafilm_store_apply:
 *
 * The one way of a local edit: the tables that are read, the outbox and the clock in one
 * transaction.
 *
 * Returns: (transfer full): resolves to a gint64, the number of the edit; 0 when nothing had to be
 *   changed. Rejects with %RAFILM_ERROR_INVALID or %RAFILM_ERROR_NOT_FOUND when the edit makes no
 *   sense.
 */
DexFuture *rafilm_store_apply (RafilmStore *self, RafilmEdit *edit) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_undo:
 *
 * Takes the newest edit of this session back, by an ordinary edit. Fields that were changed again
 * since then, here or on another device, are left as they are.
 *
 * Returns: (transfer full): resolves to the label of what was undone (a string), or rejects with
 *   %RAFILM_ERROR_NOT_FOUND
 */
DexFuture *rafilm_store_undo (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;
/** Likewise for the edit that was undone last. */
DexFuture *rafilm_store_redo (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

gboolean rafilm_store_can_undo (RafilmStore *self);
gboolean rafilm_store_can_redo (RafilmStore *self);
const char *rafilm_store_get_undo_label (RafilmStore *self);
const char *rafilm_store_get_redo_label (RafilmStore *self);

G_END_DECLS

#include "rafilm-store-films.h"
#include "rafilm-store-lists.h"
#include "rafilm-store-messages.h"
#include "rafilm-store-statistics.h"
#include "rafilm-store-viewings.h"
