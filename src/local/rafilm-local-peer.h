/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-event.h"

G_BEGIN_DECLS

/**
 * RafilmLocalPeer:
 *
 * One WebSocket client, from its handshake on. Reference counted: a message that is being
 * answered keeps its peer.
 */
typedef struct
{
  char *id; /* e.g. "d4NsecoByQ0CH-Q=" */
  gint64 connected_at;
  gint64 active_at; /* monotonic microseconds */
  char *host;
  char *source_ip;
  char *user_agent;
  char *query;
  JsonObject *authorizer;
  SoupMessageHeaders *headers;
  SoupWebsocketConnection *connection; /* NULL until the handshake is over */
} RafilmLocalPeer;

RafilmLocalPeer *rafilm_local_peer_new (SoupServerMessage *message);
RafilmLocalPeer *rafilm_local_peer_ref (RafilmLocalPeer *self);
void rafilm_local_peer_unref (RafilmLocalPeer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalPeer, rafilm_local_peer_unref)

/**
 * rafilm_local_peer_describe:
 *
 * Returns: what the events say about it; valid as long as the peer is
 */
RafilmLocalConnection rafilm_local_peer_describe (RafilmLocalPeer *self);

gboolean rafilm_local_peer_is_open (RafilmLocalPeer *self);

G_END_DECLS
