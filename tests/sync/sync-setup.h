/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-sync-engine.h"
#include "sync-pipe.h"

G_BEGIN_DECLS

#define SYNC_SETUP_UID "u_1"

/* A server and one computer, whose engine reaches it through a pipe. All is called in fibers. */
typedef struct
{
  SyncServer *server;
  SyncPipe *pipe;
  char *path; /* of the store */
  RafilmStore *store;
  RafilmSyncEngine *engine;
  gboolean borrows; /* the server is another's */
} SyncSetup;

void sync_setup_init (SyncSetup *self);
/* Another computer at the server of @other, which must be cleared after it. */
void sync_setup_init_beside (SyncSetup *self, const SyncSetup *other);
void sync_setup_clear (SyncSetup *self);

/* The end of the program, and its next start: a new engine over the same file. */
void sync_setup_restart (SyncSetup *self);

/* Likes films, each in an edit of its own. */
void sync_setup_like (SyncSetup *self, gint64 first, gint64 last);
/* Awaits that the engine is in @state, for ten seconds. */
void sync_setup_await (SyncSetup *self, RafilmSyncEngineState state);
/* A sync that must succeed. */
void sync_setup_sync (SyncSetup *self);

G_END_DECLS
