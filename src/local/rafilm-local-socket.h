/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-gateway.h"

G_BEGIN_DECLS

/* Amazon API Gateway's WebSocket API: a REQUEST authorizer and the connect function decide about
 * the handshake, messages go to functions by their "action", functions post back through
 * @connections, and connections end when they are idle for 10 minutes or 2 hours old. */

typedef struct _RafilmLocalSocket RafilmLocalSocket;

/**
 * RafilmLocalSocketTimes:
 *
 * Seconds after which a connection is closed.
 */
typedef struct
{
  guint idle;
  guint life;
} RafilmLocalSocketTimes;

#define RAFILM_LOCAL_SOCKET_TIMES ((RafilmLocalSocketTimes) { .idle = 600, .life = 7200 })

/**
 * rafilm_local_socket_new:
 * @server: where the API's stage appears as "/live"
 */
RafilmLocalSocket *rafilm_local_socket_new (SoupServer *server, RafilmLocalSocketTimes times,
                                            RafilmLocalFindFunction find, gpointer data);
void rafilm_local_socket_free (RafilmLocalSocket *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalSocket, rafilm_local_socket_free)

G_END_DECLS
