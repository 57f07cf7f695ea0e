/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-account.h"
#include "rafilm-bench-wire.h"
#include "rafilm-meter.h"
#include "rafilm-sync-engine.h"

G_BEGIN_DECLS

/* The local cloud over the table's stand-in, with a meter between the two, and computers that use
 * it. All of it is called in fibers, and ends the program where something fails. */

typedef struct
{
  char *folder;
  GSubprocess *process;
  GHashTable *endpoints; /* what the cloud says of itself */
  GSubprocess *table;
  guint tls_port;     /* of a server before it that new computers use; 0 for none */
  RafilmMeter *meter; /* NULL with moto, as is the table */
} BenchCloud;

/** @with_moto: as the tests have it, and with no meter */
BenchCloud *bench_cloud_start (const char *folder, gboolean with_moto);
void bench_cloud_stop (BenchCloud *self);

/** Signs up somebody new. */
void bench_cloud_sign_up (BenchCloud *self, const char *email);

typedef struct
{
  char *folder;
  RafilmBenchWire *wire; /* of requests; the WebSocket is apart */
  RafilmHttp *http;
  RafilmEndpoints *endpoints;
  RafilmKeyring *keyring;
  RafilmAccount *account;
  RafilmApi *api;
  RafilmSocket *socket;
  RafilmStore *store;
  RafilmSyncEngine *engine;
} BenchComputer;

/** A computer with an empty diary on which @email is signed in. */
BenchComputer *bench_computer_new (BenchCloud *cloud, const char *name, const char *email);
void bench_computer_free (BenchComputer *self);

/** Awaits the end of one exchange. */
void bench_computer_sync (BenchComputer *self);

/** Awaits what must not fail. */
void bench_await (DexFuture *future);

G_END_DECLS
