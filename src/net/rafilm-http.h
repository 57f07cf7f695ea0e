/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Statuses that libsoup has no names for. */
#define RAFILM_HTTP_UPGRADE_REQUIRED 426
#define RAFILM_HTTP_TOO_MANY_REQUESTS 429

/**
 * RafilmHttp:
 *
 * The owner of the one SoupSession. Every request of the application goes through here, so that
 * limits, deadlines and errors are the same everywhere. Redirects are not followed, since nothing
 * that Rafilm talks to needs them and a token must not travel to another host.
 */
#define RAFILM_TYPE_HTTP (rafilm_http_get_type ())
G_DECLARE_FINAL_TYPE (RafilmHttp, rafilm_http, RAFILM, HTTP, GObject)

/**
 * RafilmHttpRequest:
 * @method: such as `GET`
 * @uri: an absolute http or https address
 * @headers: (nullable): name, value, name, value, … %NULL
 * @body: (nullable): what is sent; its `Content-Type` is among @headers
 * @max_bytes: the most that the answer's body may hold, after decompression; 0 means 8 MiB
 * @seconds: the deadline for everything, from name lookup to the last byte; 0 means 30
 * @repeatable: whether the request may be sent again on a connection that turned out to be closed,
 *   also when @method is not safe in itself
 *
 * A request. Copied by rafilm_http_send().
 */
typedef struct
{
  const char *method;
  const char *uri;
  const char *const *headers;
  GBytes *body;
  gsize max_bytes;
  guint seconds;
  gboolean repeatable;
} RafilmHttpRequest;

/**
 * RafilmHttpAnswer:
 * @status: the HTTP status, whatever it is
 * @headers: (transfer none): its headers
 * @body: (transfer none): its whole body, decompressed
 *
 * An answer; boxed and counted. Its fields are read only.
 */
typedef struct
{
  guint status;
  SoupMessageHeaders *headers;
  GBytes *body;
} RafilmHttpAnswer;

#define RAFILM_TYPE_HTTP_ANSWER (rafilm_http_answer_get_type ())
GType rafilm_http_answer_get_type (void);

RafilmHttpAnswer *rafilm_http_answer_ref (RafilmHttpAnswer *self);
void rafilm_http_answer_unref (RafilmHttpAnswer *self);

/**
 * rafilm_http_answer_get_header:
 *
 * Returns: (nullable): the value of the header @name
 */
const char *rafilm_http_answer_get_header (RafilmHttpAnswer *self, const char *name);

RafilmHttp *rafilm_http_new (void);

/**
 * rafilm_http_send:
 *
 * Sends @request and reads the answer. Dropping the future cancels the request.
 *
 * Returns: (transfer full): a future that resolves to a #RafilmHttpAnswer for every status.
 *   It rejects with %RAFILM_ERROR_OFFLINE (no name, no route, refused, connection lost),
 *   %RAFILM_ERROR_TIMED_OUT, %RAFILM_ERROR_TLS (the server could not prove who it is),
 *   %RAFILM_ERROR_TOO_LARGE, %RAFILM_ERROR_MALFORMED (not HTTP). A body whose compression is
 * damaged comes as it is
 */
DexFuture *rafilm_http_send (RafilmHttp *self,
                             const RafilmHttpRequest *request) G_GNUC_WARN_UNUSED_RESULT;

/**
 * RafilmHttpSocketFunc:
 *
 * Prepares a new connection before its first frame is read: connects its signals.
 */
typedef void (*RafilmHttpSocketFunc) (SoupWebsocketConnection *connection, GObject *owner);

/**
 * rafilm_http_connect_socket:
 * @uri: a ws or wss address
 * @headers: (nullable): as in #RafilmHttpRequest
 * @max_bytes: the most that one incoming message may hold
 * @seconds: the deadline of the handshake
 * @prepare: called with the connection as soon as there is one, unless the future was dropped
 * @owner: for @prepare; held until then
 *
 * Opens a WebSocket. Dropping the future cancels the handshake.
 *
 * Returns: (transfer full): a future that resolves to a #SoupWebsocketConnection. It rejects as
 *   rafilm_http_send() does, and with %RAFILM_ERROR_NOT_SIGNED_IN where the server answered the
 *   handshake with 401 or 403, %RAFILM_ERROR_REFUSED where it answered with another status
 */
DexFuture *rafilm_http_connect_socket (RafilmHttp *self, const char *uri,
                                       const char *const *headers, gsize max_bytes, guint seconds,
                                       RafilmHttpSocketFunc prepare,
                                       GObject *owner) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmHttpAnswer, rafilm_http_answer_unref)

G_END_DECLS
