/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the files of the engine share: rafilm-sync-engine.c is the object, -run.c asks the service
 * and tells what came of it, -occasions.c decides when. */

#pragma once

#include "rafilm-store-sync.h"
#include "rafilm-sync-alarm.h"
#include "rafilm-sync-engine.h"

G_BEGIN_DECLS

struct _RafilmSyncEngine
{
  GObject parent_instance;

  RafilmStore *store;
  RafilmSyncTransport *transport;
  RafilmAccount *account;     /* NULL: `uid` is signed in */
  RafilmSocket *socket;       /* nullable */
  RafilmCatalogue *catalogue; /* nullable */
  char *uid;

  RafilmSyncAlarm alarm;
  DexFuture *running; /* of run_fiber() */
  GPtrArray *waiters; /* DexPromise, for the end of what runs */
  char *epoch;        /* where the mirror stood when last seen */
  gint64 cursor;
  gint64 hinted_head;
  gint64 last_resync;
  gint64 last_synced;
  guint retry_after;
  guint failures;
  gint64 run_began; /* monotonic ms */
  guint pending;
  guint refused;
  RafilmSyncEngineState state;

  /* Of the running exchange */
  double progress;
  gint64 first_cursor;
  gint64 head; /* the newest that it knows of */
  guint sent;
  guint to_send;

  guint started : 1;
  guint again : 1;    /* something came up while running */
  guint asked : 1;    /* a person wants the run */
  guint counting : 1; /* the store is asked what waits */
};

/** Whose diary is synchronised; %NULL when nobody is signed in. */
const char *rafilm_sync_engine_get_uid (RafilmSyncEngine *self);
void rafilm_sync_engine_set_state (RafilmSyncEngine *self, RafilmSyncEngineState state);
/** What the store says of itself. */
void rafilm_sync_engine_note_state (RafilmSyncEngine *self, const RafilmSyncState *state);

/* Running */

/** Begins to ask, or notes that there is more to ask for. */
void rafilm_sync_engine_begin_run (RafilmSyncEngine *self);
/** Ends what runs; what came to the store is there, and the rest comes again. */
void rafilm_sync_engine_drop_run (RafilmSyncEngine *self);
/** How far the exchange is, by where the store stands. It never goes back. */
void rafilm_sync_engine_show_progress (RafilmSyncEngine *self, const RafilmSyncState *state);
/** @error: (nullable): %NULL when all went well */
void rafilm_sync_engine_answer_waiters (RafilmSyncEngine *self, const GError *error);

/* Occasions */

/** Follows the store, the network, the account and the socket. */
void rafilm_sync_engine_listen (RafilmSyncEngine *self);
/** Has it run after so long at the latest. */
void rafilm_sync_engine_arm (RafilmSyncEngine *self, guint milliseconds);
/** Asks the store what waits, and has that sent. */
void rafilm_sync_engine_count_pending (RafilmSyncEngine *self);

/* A weak reference for callbacks of futures, and its freeing. */
gpointer rafilm_sync_engine_make_weak (RafilmSyncEngine *self);
void rafilm_sync_engine_free_weak (gpointer data);

G_END_DECLS
