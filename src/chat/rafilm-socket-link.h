/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-chat-link.h"
#include "rafilm-socket.h"

G_BEGIN_DECLS

/**
 * RafilmSocketLink:
 *
 * The chat's messages over the WebSocket of the service. Whether a connection is wanted is not
 * changed here.
 */
#define RAFILM_TYPE_SOCKET_LINK (rafilm_socket_link_get_type ())
G_DECLARE_FINAL_TYPE (RafilmSocketLink, rafilm_socket_link, RAFILM, SOCKET_LINK, GObject)

RafilmChatLink *rafilm_socket_link_new (RafilmSocket *socket);

G_END_DECLS
