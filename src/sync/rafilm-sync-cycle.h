/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-store-sync.h"
#include "rafilm-sync-transport.h"

G_BEGIN_DECLS

/**
 * RafilmSyncMovedFunc:
 * @state: where the mirror and the outbox stand
 * @head: the newest sequence number of the account, as far as it is known
 *
 * Called when an answer came, and when it was applied.
 */
typedef void (*RafilmSyncMovedFunc) (const RafilmSyncState *state, gint64 head, gpointer data);

/**
 * RafilmSyncCycle:
 * @retry_after: (out): seconds that the service asked to wait; 0 when it didn't
 * @max_ops: operations of a batch; fewer after the service found one too large
 * @may_resync: whether a mirror that proves wrong may be fetched anew
 * @did_resync: (out): whether it was
 * @blame: (nullable): why the batch's only operation is suspected, until a request without it
 *   shows whether it is to blame
 * @pace: milliseconds from the beginning of one full batch to that of the next, once several were
 *   sent; 0 for none. The wait after a smaller one is as much shorter
 * @reads_ahead: whether the next page is asked for while one is being applied, when there is
 *   nothing to send
 * @moved, @moved_data: (nullable): is told of each step; must live as long as the run
 * @ahead, @ahead_state: the page that was asked for so, and what was said of this computer
 *
 * One run of synchronisation: as many requests as it takes until nothing waits and the mirror has
 * all that the server has. It knows no time but @pace; RafilmSyncEngine decides when. Boxed and
 * counted.
 */
typedef struct
{
  RafilmStore *store;
  RafilmSyncTransport *transport;
  char *uid;
  char *name;
  guint retry_after;
  guint max_ops;
  gboolean may_resync;
  gboolean did_resync;
  const char *blame;
  guint pace;
  guint batches;     /* that were sent */
  gint64 next_batch; /* not before; monotonic microseconds */
  gboolean reads_ahead;
  RafilmSyncMovedFunc moved;
  gpointer moved_data;
  DexFuture *ahead;
  RafilmSyncState *ahead_state;
} RafilmSyncCycle;

/**
 * rafilm_sync_cycle_new:
 * @uid: the account; the store is bound to it when it belongs to none
 * @name: (nullable): this computer's name
 */
RafilmSyncCycle *rafilm_sync_cycle_new (RafilmStore *store, RafilmSyncTransport *transport,
                                        const char *uid, const char *name);
RafilmSyncCycle *rafilm_sync_cycle_ref (RafilmSyncCycle *self);
void rafilm_sync_cycle_unref (RafilmSyncCycle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSyncCycle, rafilm_sync_cycle_unref)

/**
 * rafilm_sync_cycle_run:
 *
 * Returns: (transfer full): resolves to the RafilmSyncState at the end. Rejects when it can't go on
 *   now: as the transport and the store do, with %RAFILM_ERROR_UPGRADE_NEEDED,
 *   %RAFILM_ERROR_THROTTLED and %RAFILM_ERROR_UNAVAILABLE of the service,
 *   %RAFILM_ERROR_MALFORMED, %RAFILM_ERROR_ACCOUNT_DELETED, which the store remembers, and
 *   %RAFILM_ERROR_REFUSED when the service refuses for good. Whatever
 *   it rejects with, running it again later is right.
 */
DexFuture *rafilm_sync_cycle_run (RafilmSyncCycle *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
