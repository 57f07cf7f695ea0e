/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-api.h"
#include "rafilm-catalogue.h"
#include "rafilm-socket.h"
#include "rafilm-store.h"
#include "rafilm-sync-transport.h"

G_BEGIN_DECLS

/**
 * RafilmSyncEngineState:
 * @RAFILM_SYNC_OFF: not started, or nobody is signed in
 * @RAFILM_SYNC_SYNCED: nothing waits, and the mirror has what the server had when last asked
 * @RAFILM_SYNC_WAITING: changes wait to be sent soon
 * @RAFILM_SYNC_SENDING: a request is under way
 * @RAFILM_SYNC_OFFLINE: the service can't be reached; it is tried again
 * @RAFILM_SYNC_NEEDS_SIGN_IN: the account must be signed in again
 * @RAFILM_SYNC_UPGRADE: the service needs a newer Rafilm; everything works, here alone
 * @RAFILM_SYNC_FAILED: the service refuses or fails; it is tried again
 * @RAFILM_SYNC_ACCOUNT_DELETED: the account was deleted, on another computer; everything is still
 *   here, and nothing is asked any more but by rafilm_sync_engine_sync_now().
 *   rafilm_profile_leave_account() lets the diary go on without it
 */
typedef enum
{
  RAFILM_SYNC_OFF,
  RAFILM_SYNC_SYNCED,
  RAFILM_SYNC_WAITING,
  RAFILM_SYNC_SENDING,
  RAFILM_SYNC_OFFLINE,
  RAFILM_SYNC_NEEDS_SIGN_IN,
  RAFILM_SYNC_UPGRADE,
  RAFILM_SYNC_FAILED,
  RAFILM_SYNC_ACCOUNT_DELETED,
} RafilmSyncEngineState;

#define RAFILM_TYPE_SYNC_ENGINE_STATE (rafilm_sync_engine_state_get_type ())
GType rafilm_sync_engine_state_get_type (void);

/**
 * RafilmSyncEngine:
 *
 * Decides when to synchronise: soon after a change, when another computer hints at news over the
 * socket, when the network comes, at start, and once an hour to be safe. While changes
 * wait, a timer is always armed, whatever the network monitor says. With nothing to do there are
 * no requests.
 *
 * Properties, all read-only: `state` (RafilmSyncEngineState), `pending` (uint: changes that the
 * server has not answered), `refused` (uint: changes that it refused for good), `last-synced`
 * (int64: milliseconds since 1970, 0 for never), `progress` (double: how far the running exchange
 * is, 0 to 1; 1 while there is none), `sent` and `to-send` (uint: of the changes of the running
 * exchange, how many the server has answered, and how many there are; 0 while there is none).
 */
#define RAFILM_TYPE_SYNC_ENGINE (rafilm_sync_engine_get_type ())
G_DECLARE_FINAL_TYPE (RafilmSyncEngine, rafilm_sync_engine, RAFILM, SYNC_ENGINE, GObject)

/**
 * rafilm_sync_engine_new:
 * @account: whose diary is synchronised while it is signed in
 * @socket: (nullable): brings hints of other computers' changes
 */
RafilmSyncEngine *rafilm_sync_engine_new (RafilmStore *store, RafilmApi *api,
                                          RafilmAccount *account, RafilmSocket *socket);

/**
 * rafilm_sync_engine_new_for_transport:
 * @uid: the account, taken as signed in
 *
 * An engine over another way to the service.
 */
RafilmSyncEngine *rafilm_sync_engine_new_for_transport (RafilmStore *store,
                                                        RafilmSyncTransport *transport,
                                                        const char *uid);

/**
 * rafilm_sync_engine_set_catalogue:
 * @catalogue: (nullable): fetches the facts of films that a sync brought; after each sync it is
 *   asked to
 */
void rafilm_sync_engine_set_catalogue (RafilmSyncEngine *self, RafilmCatalogue *catalogue);

/** Begins to synchronise, and goes on until rafilm_sync_engine_stop(). */
void rafilm_sync_engine_start (RafilmSyncEngine *self);
/** Ends it; what is under way is dropped, which is harmless. */
void rafilm_sync_engine_stop (RafilmSyncEngine *self);

/**
 * rafilm_sync_engine_sync_now:
 *
 * Synchronises at once, started or not, whatever went wrong before.
 *
 * Returns: (transfer full): resolves to %TRUE when nothing waits and the mirror has what the server
 *   has; rejects with why that can't be now (%RAFILM_ERROR_NOT_SIGNED_IN, %RAFILM_ERROR_OFFLINE …)
 */
DexFuture *rafilm_sync_engine_sync_now (RafilmSyncEngine *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_sync_engine_hint:
 * @head: the newest sequence number that another computer is said to have made
 *
 * What a message "sync.changed" over the socket comes to. Older news are ignored.
 */
void rafilm_sync_engine_hint (RafilmSyncEngine *self, const char *epoch, gint64 head);

RafilmSyncEngineState rafilm_sync_engine_get_state (RafilmSyncEngine *self);
guint rafilm_sync_engine_get_pending (RafilmSyncEngine *self);
guint rafilm_sync_engine_get_refused (RafilmSyncEngine *self);
gint64 rafilm_sync_engine_get_last_synced (RafilmSyncEngine *self);
double rafilm_sync_engine_get_progress (RafilmSyncEngine *self);
guint rafilm_sync_engine_get_sent (RafilmSyncEngine *self);
guint rafilm_sync_engine_get_to_send (RafilmSyncEngine *self);

/** Has its waits pass so many times faster, so that tests needn't wait for hours. */
void rafilm_sync_engine_set_speed (RafilmSyncEngine *self, guint speed);

G_END_DECLS
