/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"
#include "rafilm-wire-digest.h"
#include "rafilm-wire-merge.h"
#include "rafilm-wire-record.h"

G_BEGIN_DECLS

/* The synchronisation's side of the mirror; docs/sync.md tells the protocol. Only src/sync calls
 * these, and lists of pending changes. */

/**
 * RafilmSyncState:
 * @acct: (nullable): the account that the file belongs to; %NULL while it belongs to none
 * @dev: this file's device id
 * @epoch: (nullable): the epoch of the mirror; %NULL before the first answer
 * @cursor: what to ask from: all rows up to this sequence number are there (in the stage, while
 *   one is being filled)
 * @next_n: the number of the next operation
 * @synced_at: when an answer last left nothing more to fetch, milliseconds since 1970; 0 for never
 * @pending: operations that the server has not answered
 * @dead: operations that the server refused for good
 * @staged: everything is being fetched anew beside the mirror; nothing is sent meanwhile
 * @account_deleted: the service said that the account is no more
 * @digest_differs: the answer just applied proved that the mirror is not what the server has;
 *   rafilm_store_begin_resync() heals that
 */
typedef struct
{
  char *acct;
  char *dev;
  char *epoch;
  gint64 cursor;
  gint64 next_n;
  gint64 synced_at;
  guint pending;
  guint dead;
  gboolean staged;
  gboolean account_deleted;
  gboolean digest_differs;
} RafilmSyncState;

#define RAFILM_TYPE_SYNC_STATE (rafilm_sync_state_get_type ())
GType rafilm_sync_state_get_type (void);
RafilmSyncState *rafilm_sync_state_copy (const RafilmSyncState *self);
void rafilm_sync_state_free (RafilmSyncState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSyncState, rafilm_sync_state_free)

/**
 * RafilmSyncBatch:
 * @id: the batch's id
 * @if_head: the account's head that it demands; -1 for any
 * @ops: (element-type RafilmWireOp): its operations, in order
 */
typedef struct
{
  char *id;
  gint64 if_head;
  GPtrArray *ops;
} RafilmSyncBatch;

#define RAFILM_TYPE_SYNC_BATCH (rafilm_sync_batch_get_type ())
GType rafilm_sync_batch_get_type (void);
RafilmSyncBatch *rafilm_sync_batch_copy (const RafilmSyncBatch *self);
void rafilm_sync_batch_free (RafilmSyncBatch *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSyncBatch, rafilm_sync_batch_free)

/**
 * RafilmSyncVerdict:
 * @n: the operation's number
 * @verdict: what became of it, as on the wire: "lost", "copy", "kept", "need_full", "bad:…"
 */
typedef struct
{
  gint64 n;
  char *verdict;
} RafilmSyncVerdict;

/**
 * RafilmSyncAnswer:
 * @acct: whom the answer is for
 * @epoch: the server's epoch
 * @server_now: the server's clock when it answered, milliseconds since 1970
 * @head: the account's newest sequence number
 * @cursor: all rows up to here are in this answer or came before
 * @more: there is another page
 * @batch: (nullable): the batch that was answered
 * @verdicts: (element-type RafilmSyncVerdict): of its operations, those other than "ok"
 * @ack_rows: (element-type RafilmWireRow): the rows that the batch touched, as they are now
 * @rows: (element-type RafilmWireRow): the page of the feed, in order
 * @recent: (element-type RafilmWireRow): the newest rows of a feed that is much longer than them,
 *   to be shown before it
 * @has_digest: whether @digest is given
 * @digest: of all the account's rows
 */
typedef struct
{
  char *acct;
  char *epoch;
  gint64 server_now;
  gint64 head;
  gint64 cursor;
  gboolean more;
  char *batch;
  GArray *verdicts;
  GPtrArray *ack_rows;
  GPtrArray *rows;
  GPtrArray *recent;
  gboolean has_digest;
  RafilmWireDigest digest;
} RafilmSyncAnswer;

/** With empty arrays that own their elements. */
RafilmSyncAnswer *rafilm_sync_answer_new (void);
void rafilm_sync_answer_free (RafilmSyncAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSyncAnswer, rafilm_sync_answer_free)
void rafilm_sync_answer_add_verdict (RafilmSyncAnswer *self, gint64 n, const char *verdict);

/** Resolves to a RafilmSyncState. */
DexFuture *rafilm_store_sync_state (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_take_batch:
 * @max_ops: at most so many operations, and at most %RAFILM_WIRE_MAX_COST rows
 * @max_bytes: about so many bytes of JSON
 *
 * Marks the oldest operations as a batch, before they are sent. Until that batch is answered, the
 * same one is returned again, unchanged.
 *
 * Returns: (transfer full): resolves to a RafilmSyncBatch, or to a %NULL boxed when there is
 *   nothing to send or the stage is being filled
 */
DexFuture *rafilm_store_take_batch (RafilmStore *self, guint max_ops,
                                    gsize max_bytes) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_refuse_batch:
 * @code: why, as in a verdict: "size", "form"
 *
 * After the server refused a batch of one operation for good: the operation goes to what was
 * refused, where it is shown with what can be done about it, and the others can be sent.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_refuse_batch (RafilmStore *self,
                                      const char *code) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_release_batch:
 *
 * After the server refused a batch whole, for its size: its operations wait again, and the next
 * batch may be a smaller one. Only when it is certain that the server did not take it.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_release_batch (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_apply_answer:
 * @answer: (transfer full): what it says
 *
 * A long answer is applied in parts that follow each other's sequence numbers, so that what else
 * is asked of the store doesn't wait for all of it. Each part is applied whole or not at all, and
 * after each the mirror is as after an answer that ended there; the batch is settled in the first.
 * @recent is a part of its own, before all others, for which the cursor doesn't move.
 * When it is interrupted or rejected, the cursor tells where to go on.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it. Rejects with
 *   %RAFILM_ERROR_INVALID when the answer is for another account or epoch than the mirror's, or
 *   another one was applied between its parts.
 */
DexFuture *rafilm_store_apply_answer (RafilmStore *self,
                                      RafilmSyncAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_new_device:
 *
 * After "fork", the file was copied or restored: takes a new device id and numbers the pending
 * operations from 1.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_new_device (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_begin_epoch:
 * @epoch: the server's new epoch
 * @low: the server has everything up to this sequence number; what the mirror has above it is
 *   queued to be given back. %G_MAXINT64 gives nothing back (the account was reset).
 *
 * Begins a new device and an empty stage.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_begin_epoch (RafilmStore *self, const char *epoch,
                                     gint64 low) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_begin_resync:
 *
 * Begins an empty stage, to fetch everything anew while the mirror stays as it is.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_begin_resync (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_bind_account:
 *
 * Says whose diary this is. The same account again changes nothing.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it, or rejects with
 *   %RAFILM_ERROR_INVALID when the file belongs to another account
 */
DexFuture *rafilm_store_bind_account (RafilmStore *self,
                                      const char *acct) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_set_account_deleted:
 *
 * Remembers whether the service said that the account is no more.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_set_account_deleted (RafilmStore *self,
                                             gboolean deleted) G_GNUC_WARN_UNUSED_RESULT;

/**
 * RafilmPendingChange:
 * @n: the operation's number; for a refused one, its number in the list of refused ones
 * @kind: of record, as rafilm-wire-kinds.h names it
 * @id: of the record
 * @fields: the names of the fields that it changes
 * @film: the film that it is about; 0 for none
 * @at: when, milliseconds since 1970
 * @sent: it is in a batch on its way
 * @code: (nullable): why it was refused
 * @text: (nullable): the review or other text that it writes
 *
 * A change that waits, or that was refused, to be shown.
 */
typedef struct
{
  gint64 n;
  char *kind;
  char *id;
  GStrv fields;
  gint64 film;
  gint64 at;
  gboolean sent;
  char *code;
  char *text;
} RafilmPendingChange;

void rafilm_pending_change_free (RafilmPendingChange *self);

/** Resolves to a boxed GPtrArray of RafilmPendingChange, oldest first. */
DexFuture *rafilm_store_list_outbox (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;
/** Resolves to a boxed GPtrArray of RafilmPendingChange, oldest first. */
DexFuture *rafilm_store_list_dead (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;
/** Sends a refused change again. Resolves to a boolean. */
DexFuture *rafilm_store_retry_dead (RafilmStore *self, gint64 n) G_GNUC_WARN_UNUSED_RESULT;
/** Drops a refused change for good. Resolves to a boolean. */
DexFuture *rafilm_store_discard_dead (RafilmStore *self, gint64 n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
