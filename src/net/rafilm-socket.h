/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-account.h"

G_BEGIN_DECLS

/** The largest message that may be sent: a larger one would need several frames. */
#define RAFILM_SOCKET_MAX_SEND ((gsize) 32 * 1024)

/** The largest message that is accepted; the service's own limit. */
#define RAFILM_SOCKET_MAX_RECEIVE ((gsize) 128 * 1024)

/**
 * RafilmSocket:
 *
 * The owner of the WebSocket. While it is wanted and somebody is signed in, it keeps a connection:
 * it reconnects after a failure (1 s, doubled up to 5 min, with jitter), after a planned end (the
 * service ends a connection after two hours, and does not serve it beyond the life of its token),
 * sends `{"action":"ping"}` at once and every nine minutes, and gives a connection up that does not
 * answer.
 *
 * Property `connected` (boolean, read only). Signal `message` (#JsonObject): an object whose member
 * `t`, a string, names it; pongs are signalled too, since they may tell where the diary stands.
 * Anything else that arrives closes the connection as a failure. While the connection changes,
 * messages may be lost: they are hints and numbered parts, never the only copy of something.
 */
#define RAFILM_TYPE_SOCKET (rafilm_socket_get_type ())
G_DECLARE_FINAL_TYPE (RafilmSocket, rafilm_socket, RAFILM, SOCKET, GObject)

RafilmSocket *rafilm_socket_new (RafilmHttp *http, const RafilmEndpoints *endpoints,
                                 RafilmAccount *account);

/** rafilm_socket_set_wanted: whether to keep a connection. Not, to begin with. */
void rafilm_socket_set_wanted (RafilmSocket *self, gboolean wanted);

/**
 * rafilm_socket_set_device:
 * @device: 8 digits of base 62, or %NULL
 *
 * Says in the handshake which device this is, so that the service leaves out hints of its own
 * changes. A connection that said something else is made anew.
 */
void rafilm_socket_set_device (RafilmSocket *self, const char *device);

gboolean rafilm_socket_get_connected (RafilmSocket *self);

/**
 * rafilm_socket_send:
 * @message: (transfer none): an object with the member `action`
 *
 * Hands @message to the connection; where one is being made, it waits for that, ten seconds at
 * most.
 *
 * Returns: (transfer full): a future that resolves to %TRUE once @message is on its way. It
 *   rejects with %RAFILM_ERROR_OFFLINE, %RAFILM_ERROR_TOO_LARGE (above %RAFILM_SOCKET_MAX_SEND)
 */
DexFuture *rafilm_socket_send (RafilmSocket *self, JsonNode *message) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
