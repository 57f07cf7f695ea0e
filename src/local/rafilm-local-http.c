/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-http.h"

#define TOO_LARGE_KEY "rafilm-local-too-large"

typedef struct
{
  gsize received;
  gsize max_bytes;
} BodyCount;

static void
message_finished_cb (SoupServerMessage *message, gpointer data)
{
  RafilmLocalExchange *self = data;

  self->finished = TRUE;
}

RafilmLocalExchange *
rafilm_local_exchange_begin (SoupServerMessage *message)
{
  RafilmLocalExchange *self;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message), NULL);

  self = g_new0 (RafilmLocalExchange, 1);
  self->message = g_object_ref (message);
  self->finished_handler =
      g_signal_connect (message, "finished", G_CALLBACK (message_finished_cb), self);
  soup_server_message_pause (message);

  return self;
}

void
rafilm_local_exchange_end (RafilmLocalExchange *self)
{
  g_return_if_fail (self != NULL);

  g_clear_signal_handler (&self->finished_handler, self->message);
  if (!self->finished)
    soup_server_message_unpause (self->message);
  g_clear_object (&self->message);
  g_free (self);
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  BodyCount *count = data;

  count->received += g_bytes_get_size (chunk);
  if (count->received <= count->max_bytes)
    return;

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_object_set_data (G_OBJECT (message), TOO_LARGE_KEY, GINT_TO_POINTER (TRUE));
}

static void
body_count_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
request_started_cb (SoupServer *server, SoupServerMessage *message, gpointer data)
{
  BodyCount *count = g_new0 (BodyCount, 1);

  count->max_bytes = GPOINTER_TO_SIZE (data);
  g_signal_connect_data (message, "got-chunk", G_CALLBACK (got_chunk_cb), count, body_count_free,
                         G_CONNECT_DEFAULT);
}

void
rafilm_local_http_bound (SoupServer *server, gsize max_bytes)
{
  g_return_if_fail (SOUP_IS_SERVER (server));

  g_signal_connect (server, "request-started", G_CALLBACK (request_started_cb),
                    GSIZE_TO_POINTER (max_bytes));
}

gboolean
rafilm_local_http_is_too_large (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), TOO_LARGE_KEY) != NULL;
}

GBytes *
rafilm_local_http_dup_body (SoupServerMessage *message)
{
  return soup_message_body_flatten (soup_server_message_get_request_body (message));
}

JsonObject *
rafilm_local_http_parse_body (SoupServerMessage *message)
{
  g_autoptr (GBytes) body = rafilm_local_http_dup_body (message);

  return rafilm_local_json_parse (body);
}

void
rafilm_local_http_reply_bytes (SoupServerMessage *message, guint status, const char *content_type,
                               GBytes *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, status, NULL);
  if (content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  if (body != NULL)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

void
rafilm_local_http_reply (SoupServerMessage *message, guint status, JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;
  g_autoptr (GBytes) body = rafilm_local_json_to_bytes (owned);

  rafilm_local_http_reply_bytes (message, status, "application/json", body);
}

static const char *
get_title (guint status)
{
  /* libsoup has the older name of it. */
  return status == SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE ? "Content Too Large"
                                                        : soup_status_get_phrase (status);
}

void
rafilm_local_http_reply_problem (SoupServerMessage *message, guint status, const char *code,
                                 const char *detail)
{
  g_autoptr (JsonObject) problem = json_object_new ();
  g_autoptr (GBytes) body = NULL;

  json_object_set_string_member (problem, "type", "about:blank");
  json_object_set_string_member (problem, "title", get_title (status));
  json_object_set_int_member (problem, "status", status);
  json_object_set_string_member (problem, "code", code);
  if (detail != NULL)
    json_object_set_string_member (problem, "detail", detail);
  body = rafilm_local_json_to_bytes (problem);
  rafilm_local_http_reply_bytes (message, status, "application/problem+json", body);
}

static void
send_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  if (body == NULL)
    dex_promise_reject (promise, g_steal_pointer (&error));
  else
    dex_promise_resolve_boxed (promise, G_TYPE_BYTES, g_steal_pointer (&body));
}

DexFuture *
rafilm_local_http_send (SoupSession *session, SoupMessage *message, GBytes *body,
                        const char *content_type)
{
  DexPromise *promise;

  dex_return_error_if_fail (SOUP_IS_SESSION (session));
  dex_return_error_if_fail (SOUP_IS_MESSAGE (message));

  if (body != NULL)
    soup_message_set_request_body_from_bytes (message, content_type, body);
  promise = dex_promise_new_cancellable ();
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT,
                                    dex_promise_get_cancellable (promise), send_cb,
                                    dex_ref (promise));

  return DEX_FUTURE (promise);
}

char *
rafilm_local_json_to_text (JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_alloc ();

  json_node_init_object (node, object);

  return json_to_string (node, FALSE);
}

GBytes *
rafilm_local_json_to_bytes (JsonObject *object)
{
  char *text = rafilm_local_json_to_text (object);

  return g_bytes_new_take (text, strlen (text));
}

JsonObject *
rafilm_local_json_parse (GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);
  JsonNode *root;

  if (size == 0 || !json_parser_load_from_data (parser, text, (gssize) size, NULL))
    return NULL;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  return json_node_dup_object (root);
}

static JsonNode *
get_member (JsonObject *object, const char *member)
{
  return object != NULL ? json_object_get_member (object, member) : NULL;
}

const char *
rafilm_local_json_get_text (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

gint64
rafilm_local_json_get_int (JsonObject *object, const char *member, gint64 fallback)
{
  JsonNode *node = get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) == G_TYPE_STRING)
    return fallback;

  return json_node_get_int (node);
}

JsonObject *
rafilm_local_json_get_object (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
rafilm_local_json_get_array (JsonObject *object, const char *member)
{
  JsonNode *node = get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}
