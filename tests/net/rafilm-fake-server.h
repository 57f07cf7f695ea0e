/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "rafilm-endpoints.h"

G_BEGIN_DECLS

/**
 * rafilm_fake_server_new:
 *
 * Returns: (transfer full): a server that listens on a free port of 127.0.0.1
 */
SoupServer *rafilm_fake_server_new (void);

/**
 * rafilm_fake_server_dup_address:
 * @scheme: `http` or `ws`
 *
 * Returns: (transfer full): such as "http://127.0.0.1:4711"
 */
char *rafilm_fake_server_dup_address (SoupServer *server, const char *scheme);

/**
 * rafilm_fake_server_dup_endpoints:
 *
 * Returns: (transfer full): endpoints that all lead to @server: the API at /prod, the socket at
 *   /socket, Cognito at /, the pictures at /pictures
 */
RafilmEndpoints *rafilm_fake_server_dup_endpoints (SoupServer *server);

/**
 * rafilm_fake_server_answer:
 *
 * Answers @message with JSON text.
 */
void rafilm_fake_server_answer (SoupServerMessage *message, guint status, const char *type,
                                const char *text);

/**
 * rafilm_fake_listen_raw:
 * @answer: what every connection gets, once something was read from it; it is closed then
 *
 * Returns: (transfer full): a service that speaks no HTTP of its own; its port is in @ret_port
 */
GSocketService *rafilm_fake_listen_raw (const char *answer, guint16 *ret_port);

G_END_DECLS
