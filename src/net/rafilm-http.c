/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-http.h"

#include <glib/gi18n-lib.h>

#include "rafilm-error.h"
#include "rafilm-http-error.h"

#define DEFAULT_MAX_BYTES ((gsize) 8 * 1024 * 1024)
#define DEFAULT_SECONDS 30
#define CHUNK_BYTES (64 * 1024)
#define MAX_CONNECTIONS 24
#define MAX_CONNECTIONS_PER_HOST 8

struct _RafilmHttp
{
  GObject parent_instance;

  SoupSession *session;
};

G_DEFINE_FINAL_TYPE (RafilmHttp, rafilm_http, G_TYPE_OBJECT)

G_DEFINE_BOXED_TYPE (RafilmHttpAnswer, rafilm_http_answer, rafilm_http_answer_ref,
                     rafilm_http_answer_unref)

/* One request under way. Callbacks and not a fiber: dropping the future must cancel at any moment,
 * and a fiber of libdex 0.10 that is cancelled in some of them stays runnable for ever. */
typedef struct
{
  DexPromise *promise;
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  gsize max_bytes;
} Transfer;

static void
transfer_free (Transfer *transfer)
{
  dex_clear (&transfer->promise);
  g_clear_object (&transfer->message);
  g_clear_object (&transfer->stream);
  g_clear_pointer (&transfer->body, g_byte_array_unref);
  g_free (transfer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Transfer, transfer_free)

static void
answer_clear (gpointer data)
{
  RafilmHttpAnswer *answer = data;

  g_clear_pointer (&answer->headers, soup_message_headers_unref);
  g_clear_pointer (&answer->body, g_bytes_unref);
}

RafilmHttpAnswer *
rafilm_http_answer_ref (RafilmHttpAnswer *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
rafilm_http_answer_unref (RafilmHttpAnswer *self)
{
  g_atomic_rc_box_release_full (self, answer_clear);
}

const char *
rafilm_http_answer_get_header (RafilmHttpAnswer *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return soup_message_headers_get_one (self->headers, name);
}

static GError *
too_large_error (void)
{
  return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE,
                              _ ("The server sent more than can be right."));
}

static void
transfer_resolve (Transfer *transfer)
{
  RafilmHttpAnswer *answer = g_atomic_rc_box_new0 (RafilmHttpAnswer);

  answer->status = soup_message_get_status (transfer->message);
  answer->headers =
      soup_message_headers_ref (soup_message_get_response_headers (transfer->message));
  answer->body = g_byte_array_free_to_bytes (g_steal_pointer (&transfer->body));
  dex_promise_resolve_boxed (transfer->promise, RAFILM_TYPE_HTTP_ANSWER, answer);
}

static void transfer_read (Transfer *transfer);

static void
transfer_read_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (Transfer) transfer = data;
  g_autoptr (GBytes) chunk = NULL;
  GError *error = NULL;

  chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, &error);
  if (chunk == NULL)
    dex_promise_reject (transfer->promise, error);
  else if (g_bytes_get_size (chunk) == 0)
    transfer_resolve (transfer);
  else if (g_bytes_get_size (chunk) > transfer->max_bytes - transfer->body->len)
    dex_promise_reject (transfer->promise, too_large_error ());
  else
    {
      g_byte_array_append (transfer->body, g_bytes_get_data (chunk, NULL),
                           g_bytes_get_size (chunk));
      transfer_read (g_steal_pointer (&transfer));
    }
}

static void
transfer_read (Transfer *transfer)
{
  g_input_stream_read_bytes_async (transfer->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                   dex_promise_get_cancellable (transfer->promise),
                                   transfer_read_cb, transfer);
}

static void
transfer_sent_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (Transfer) transfer = data;
  SoupMessageHeaders *headers = soup_message_get_response_headers (transfer->message);
  GError *error = NULL;

  transfer->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (transfer->stream == NULL)
    dex_promise_reject (transfer->promise, error);
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
           && soup_message_headers_get_content_length (headers) > (goffset) transfer->max_bytes)
    dex_promise_reject (transfer->promise, too_large_error ());
  else
    transfer_read (g_steal_pointer (&transfer));
}

static DexFuture *
map_error_cb (DexFuture *future, gpointer data)
{
  GError *error = NULL;

  dex_future_get_value (future, &error);

  return dex_future_new_for_error (rafilm_http_error_take (error));
}

static DexFuture *
within_deadline (DexFuture *work, guint seconds)
{
  return dex_future_catch (
      dex_future_first (work, dex_timeout_new_seconds (seconds != 0 ? seconds : DEFAULT_SECONDS),
                        NULL),
      map_error_cb, NULL, NULL);
}

static SoupMessage *
create_message (const char *method, const char *uri, const char *const *headers, GBytes *body)
{
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);

  if (message == NULL)
    return NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, NULL, body);
  for (gsize i = 0; headers != NULL && headers[i] != NULL; i += 2)
    soup_message_headers_replace (soup_message_get_request_headers (message), headers[i],
                                  headers[i + 1]);

  return g_steal_pointer (&message);
}

static DexFuture *
reject_address (void)
{
  return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_INVALID, "%s",
                                _ ("The address of the server is not valid."));
}

DexFuture *
rafilm_http_send (RafilmHttp *self, const RafilmHttpRequest *request)
{
  SoupMessage *message = NULL;
  Transfer *transfer = NULL;
  DexPromise *promise = NULL;

  dex_return_error_if_fail (RAFILM_IS_HTTP (self));
  dex_return_error_if_fail (request != NULL && request->method != NULL && request->uri != NULL);

  message = create_message (request->method, request->uri, request->headers, request->body);
  if (message == NULL)
    return reject_address ();
  if (request->repeatable)
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);

  promise = dex_promise_new_cancellable ();
  transfer = g_new0 (Transfer, 1);
  transfer->promise = dex_ref (promise);
  transfer->message = message;
  transfer->body = g_byte_array_new ();
  transfer->max_bytes = request->max_bytes != 0 ? request->max_bytes : DEFAULT_MAX_BYTES;
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT,
                           dex_promise_get_cancellable (promise), transfer_sent_cb, transfer);

  return within_deadline (DEX_FUTURE (promise), request->seconds);
}

typedef struct
{
  DexPromise *promise;
  gsize max_bytes;
  RafilmHttpSocketFunc prepare;
  GObject *owner;
} Handshake;

static void
handshake_free (Handshake *handshake)
{
  dex_clear (&handshake->promise);
  g_clear_object (&handshake->owner);
  g_free (handshake);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Handshake, handshake_free)

/* The fiber that waits resumes in a later turn of the main loop, when a first frame may have been
 * read already; so the connection is prepared here. */
static void
session_connect_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (Handshake) handshake = data;
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  GError *error = NULL;

  connection = soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);
  if (connection == NULL)
    {
      dex_promise_reject (handshake->promise, error);
      return;
    }

  soup_websocket_connection_set_max_incoming_payload_size (connection, handshake->max_bytes);
  if (!g_cancellable_is_cancelled (dex_promise_get_cancellable (handshake->promise)))
    handshake->prepare (connection, handshake->owner);
  dex_promise_resolve_object (handshake->promise, g_steal_pointer (&connection));
}

static GError *
handshake_error_take (GError *error, guint status)
{
  if (error->domain != SOUP_WEBSOCKET_ERROR || status == SOUP_STATUS_NONE
      || status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    return rafilm_http_error_take (error);

  g_error_free (error);
  if (status == SOUP_STATUS_UNAUTHORIZED || status == SOUP_STATUS_FORBIDDEN)
    return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN,
                                _ ("The server asks for a new sign-in."));
  if (status == RAFILM_HTTP_TOO_MANY_REQUESTS)
    return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_THROTTLED,
                                _ ("Too many connections at once. Please try again later."));
  if (status >= 500)
    return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE,
                                _ ("The server is having a problem. Please try again later."));

  return g_error_new (RAFILM_ERROR, RAFILM_ERROR_REFUSED,
                      _ ("The server refused the connection (%u)."), status);
}

static DexFuture *
handshake_failed_cb (DexFuture *future, gpointer data)
{
  SoupMessage *message = data;
  GError *error = NULL;

  dex_future_get_value (future, &error);

  return dex_future_new_for_error (handshake_error_take (error, soup_message_get_status (message)));
}

DexFuture *
rafilm_http_connect_socket (RafilmHttp *self, const char *uri, const char *const *headers,
                            gsize max_bytes, guint seconds, RafilmHttpSocketFunc prepare,
                            GObject *owner)
{
  g_autoptr (SoupMessage) message = NULL;
  Handshake *handshake = NULL;
  DexPromise *promise = NULL;

  dex_return_error_if_fail (RAFILM_IS_HTTP (self));
  dex_return_error_if_fail (uri != NULL);
  dex_return_error_if_fail (max_bytes > 0);
  dex_return_error_if_fail (prepare != NULL && G_IS_OBJECT (owner));

  message = create_message (SOUP_METHOD_GET, uri, headers, NULL);
  if (message == NULL)
    return reject_address ();

  promise = dex_promise_new_cancellable ();
  handshake = g_new0 (Handshake, 1);
  handshake->promise = dex_ref (promise);
  handshake->max_bytes = max_bytes;
  handshake->prepare = prepare;
  handshake->owner = g_object_ref (owner);
  soup_session_websocket_connect_async (
      self->session, message, /* origin= */ NULL, /* protocols= */ NULL, G_PRIORITY_DEFAULT,
      dex_promise_get_cancellable (promise), session_connect_cb, handshake);

  return within_deadline (dex_future_catch (DEX_FUTURE (promise), handshake_failed_cb,
                                            g_steal_pointer (&message), g_object_unref),
                          seconds);
}

static void
rafilm_http_dispose (GObject *object)
{
  RafilmHttp *self = RAFILM_HTTP (object);

  g_clear_object (&self->session);

  G_OBJECT_CLASS (rafilm_http_parent_class)->dispose (object);
}

static void
rafilm_http_class_init (RafilmHttpClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rafilm_http_dispose;
}

static void
rafilm_http_init (RafilmHttp *self)
{
  /* Deadlines are per request; a time-out of the session would also cut idle WebSockets. */
  self->session = soup_session_new_with_options (
      "user-agent", "Rafilm/" PACKAGE_VERSION, "timeout", 0, "max-conns", MAX_CONNECTIONS,
      "max-conns-per-host", MAX_CONNECTIONS_PER_HOST, NULL);
}

RafilmHttp *
rafilm_http_new (void)
{
  return g_object_new (RAFILM_TYPE_HTTP, NULL);
}
