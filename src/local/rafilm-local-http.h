/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What is common to every server and client of the local cloud: bounded bodies, JSON answers,
 * requests that are answered later, and one future-returning way to send a request. */

/**
 * RafilmLocalExchange:
 *
 * A request that is being answered asynchronously. The client may go away meanwhile; the
 * exchange knows, so that answering is always safe.
 */
typedef struct
{
  SoupServerMessage *message;
  gulong finished_handler;
  gboolean finished;
} RafilmLocalExchange;

/**
 * rafilm_local_exchange_begin:
 *
 * Pauses @message until the exchange ends.
 */
RafilmLocalExchange *rafilm_local_exchange_begin (SoupServerMessage *message);

/**
 * rafilm_local_exchange_end:
 *
 * Sends what was set on the message, unless the client has gone, and frees @self.
 */
void rafilm_local_exchange_end (RafilmLocalExchange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalExchange, rafilm_local_exchange_end)

/**
 * rafilm_local_http_bound:
 *
 * Makes @server drop request bodies above @max_bytes while they arrive. Handlers ask
 * rafilm_local_http_is_too_large() before they look at the body.
 */
void rafilm_local_http_bound (SoupServer *server, gsize max_bytes);
gboolean rafilm_local_http_is_too_large (SoupServerMessage *message);

/**
 * rafilm_local_http_dup_body:
 *
 * Returns: (transfer full): the bytes of the request's body
 */
GBytes *rafilm_local_http_dup_body (SoupServerMessage *message);

/**
 * rafilm_local_http_parse_body:
 *
 * Returns: (transfer full) (nullable): the request's body as a JSON object
 */
JsonObject *rafilm_local_http_parse_body (SoupServerMessage *message);

/**
 * rafilm_local_http_reply:
 * @object: (transfer full): the answer's body
 */
void rafilm_local_http_reply (SoupServerMessage *message, guint status, JsonObject *object);

/**
 * rafilm_local_http_reply_bytes:
 * @content_type: of the body; %NULL for none
 */
void rafilm_local_http_reply_bytes (SoupServerMessage *message, guint status,
                                    const char *content_type, GBytes *body);

/**
 * rafilm_local_http_reply_problem:
 * @code: the stable word of it
 * @detail: (nullable): more, for people
 *
 * A problem as infra/openapi.yaml has it.
 */
void rafilm_local_http_reply_problem (SoupServerMessage *message, guint status, const char *code,
                                      const char *detail);

/**
 * rafilm_local_http_send:
 *
 * Returns: (transfer full): a future of the answer's body, a #GBytes, whatever the status is;
 *   rejects with the error of the transport
 */
DexFuture *rafilm_local_http_send (SoupSession *session, SoupMessage *message, GBytes *body,
                                   const char *content_type);

/**
 * rafilm_local_json_to_bytes:
 *
 * Returns: (transfer full): the compact text of @object
 */
GBytes *rafilm_local_json_to_bytes (JsonObject *object);
char *rafilm_local_json_to_text (JsonObject *object);

/**
 * rafilm_local_json_parse:
 *
 * Returns: (transfer full) (nullable): the object that @bytes hold, %NULL when they hold no
 *   object
 */
JsonObject *rafilm_local_json_parse (GBytes *bytes);

/**
 * rafilm_local_json_get_text:
 *
 * Returns: (nullable): the member's text, or %NULL when it is absent or no text
 */
const char *rafilm_local_json_get_text (JsonObject *object, const char *member);
gint64 rafilm_local_json_get_int (JsonObject *object, const char *member, gint64 fallback);
JsonObject *rafilm_local_json_get_object (JsonObject *object, const char *member);
JsonArray *rafilm_local_json_get_array (JsonObject *object, const char *member);

G_END_DECLS
