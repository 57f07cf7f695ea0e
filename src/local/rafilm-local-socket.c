/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-socket.h"

#include "rafilm-local-http.h"
#include "rafilm-local-peer.h"
#include "rafilm-local-routes.h"

#include "rafilm-spawn.h"

#define STAGE "/" RAFILM_LOCAL_SOCKET_STAGE
#define CONNECTIONS STAGE "/@connections"
#define PEER_KEY "rafilm-local-peer"

#define MAX_MESSAGE_BYTES (128 * 1024)
/* API Gateway's limit of a frame. libsoup shows messages and not frames, and sends every message
 * as one frame, so it is the limit of a message that comes in. */
#define MAX_FRAME_BYTES (32 * 1024)
#define MAX_PEERS 500
#define INTEGRATION_MS 29000
#define SWEEP_SECONDS 1

struct _RafilmLocalSocket
{
  SoupServer *server;
  RafilmLocalSocketTimes times;
  RafilmLocalFindFunction find;
  gpointer data;
  GHashTable *peers; /* id -> RafilmLocalPeer, those whose handshake is over */
  guint sweep;
};

typedef struct
{
  RafilmLocalSocket *socket;
  RafilmLocalExchange *exchange;
  RafilmLocalPeer *peer;
  char *body;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->exchange, rafilm_local_exchange_end);
  g_clear_pointer (&call->peer, rafilm_local_peer_unref);
  g_clear_pointer (&call->body, g_free);
  g_free (call);
}

static void
refuse (SoupServerMessage *message, guint status, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "message", text);
  rafilm_local_http_reply (message, status, object);
}

static DexFuture *
invoke (RafilmLocalSocket *self, const char *function, GBytes *event)
{
  return rafilm_local_function_invoke (self->find (function, self->data), event, INTEGRATION_MS);
}

/* The policy of the authorizer's answer; its context goes on with every event. */
static gboolean
read_policy (RafilmLocalPeer *peer, GBytes *payload)
{
  g_autoptr (JsonObject) answer = rafilm_local_json_parse (payload);
  JsonObject *policy = rafilm_local_json_get_object (answer, "policyDocument");
  JsonArray *statements = rafilm_local_json_get_array (policy, "Statement");
  JsonObject *context = rafilm_local_json_get_object (answer, "context");
  const char *principal = rafilm_local_json_get_text (answer, "principalId");
  gboolean allowed = FALSE;

  if (principal == NULL)
    return FALSE;
  for (guint i = 0; statements != NULL && i < json_array_get_length (statements); i++)
    {
      JsonNode *node = json_array_get_element (statements, i);
      const char *effect = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        effect = rafilm_local_json_get_text (json_node_get_object (node), "Effect");
      if (g_strcmp0 (effect, "Allow") != 0)
        return FALSE;
      allowed = TRUE;
    }

  peer->authorizer = json_object_new ();
  json_object_set_string_member (peer->authorizer, "principalId", principal);
  if (context != NULL)
    {
      g_autoptr (GList) members = json_object_get_members (context);

      for (GList *l = members; l != NULL; l = l->next)
        {
          JsonNode *node = json_object_get_member (context, l->data);
          g_autofree char *text = NULL;

          if (!JSON_NODE_HOLDS_VALUE (node))
            return FALSE;
          if (json_node_get_value_type (node) == G_TYPE_STRING)
            text = json_node_dup_string (node);
          else
            text = json_to_string (node, FALSE);
          json_object_set_string_member (peer->authorizer, l->data, text);
        }
    }

  return allowed;
}

static gint64
read_status (GBytes *payload)
{
  g_autoptr (JsonObject) answer = rafilm_local_json_parse (payload);

  return rafilm_local_json_get_int (answer, "statusCode", 0);
}

/* Answers the handshake where it is refused; else leaves the message to libsoup. */
static DexFuture *
handshake_fiber (gpointer data)
{
  Call *call = data;
  SoupServerMessage *message = call->exchange->message;
  RafilmLocalConnection description = rafilm_local_peer_describe (call->peer);
  g_autoptr (GBytes) event = rafilm_local_event_authorizer (&description);
  g_autoptr (GBytes) policy = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  policy = dex_await_boxed (invoke (call->socket, "authorizer", event), &error);
  if (policy == NULL)
    {
      gboolean unauthorized = strstr (error->message, "\"Unauthorized\"") != NULL;

      refuse (message, unauthorized ? SOUP_STATUS_UNAUTHORIZED : SOUP_STATUS_INTERNAL_SERVER_ERROR,
              unauthorized ? "Unauthorized" : "Internal server error");
      return dex_future_new_true ();
    }
  if (!read_policy (call->peer, policy))
    {
      refuse (message, SOUP_STATUS_FORBIDDEN,
              "User is not authorized to access this resource with an explicit deny");
      return dex_future_new_true ();
    }

  g_clear_pointer (&event, g_bytes_unref);
  description = rafilm_local_peer_describe (call->peer);
  event = rafilm_local_event_socket (&description, "CONNECT", "$connect", NULL);
  answer = dex_await_boxed (invoke (call->socket, "connect", event), &error);
  if (answer == NULL || read_status (answer) / 100 != 2)
    {
      gint64 status = answer != NULL ? read_status (answer) : 0;

      refuse (message, status >= 400 && status <= 599 ? (guint) status : SOUP_STATUS_BAD_GATEWAY,
              "The connection was refused");
      return dex_future_new_true ();
    }
  g_object_set_data_full (G_OBJECT (message), PEER_KEY, rafilm_local_peer_ref (call->peer),
                          (GDestroyNotify) rafilm_local_peer_unref);

  return dex_future_new_true ();
}

static void
handshake_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
              gpointer data)
{
  RafilmLocalSocket *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  Call *call;

  if (strcmp (path, STAGE) != 0)
    return;
  if (!soup_message_headers_header_contains (headers, "Upgrade", "websocket"))
    {
      refuse (message, SOUP_STATUS_FORBIDDEN, "Forbidden");
      return;
    }
  /* The authorizer's identity source is that header: without it, it is not even asked. */
  if (soup_message_headers_get_one (headers, "Authorization") == NULL)
    {
      refuse (message, SOUP_STATUS_UNAUTHORIZED, "Unauthorized");
      return;
    }
  if (g_hash_table_size (self->peers) >= MAX_PEERS)
    {
      refuse (message, 429, "Too Many Requests");
      return;
    }

  call = g_new0 (Call, 1);
  call->socket = self;
  call->peer = rafilm_local_peer_new (message);
  call->exchange = rafilm_local_exchange_begin (message);
  dex_future_disown (rafilm_spawn (handshake_fiber, call, call_free));
}

static void
send_object (RafilmLocalPeer *peer, JsonObject *object)
{
  g_autofree char *text = rafilm_local_json_to_text (object);

  if (rafilm_local_peer_is_open (peer))
    soup_websocket_connection_send_text (peer->connection, text);
}

static void
send_failure (RafilmLocalPeer *peer, const char *text)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *request_id = g_uuid_string_random ();

  json_object_set_string_member (object, "message", text);
  json_object_set_string_member (object, "connectionId", peer->id);
  json_object_set_string_member (object, "requestId", request_id);
  send_object (peer, object);
}

/* The routes have a route response: a body that the function returns goes to the client. */
static void
send_answer (RafilmLocalPeer *peer, GBytes *payload)
{
  g_autoptr (JsonObject) answer = rafilm_local_json_parse (payload);
  const char *body = rafilm_local_json_get_text (answer, "body");

  if (rafilm_local_json_get_int (answer, "statusCode", 0) / 100 != 2)
    send_failure (peer, "Internal server error");
  else if (body != NULL && body[0] != '\0' && rafilm_local_peer_is_open (peer))
    soup_websocket_connection_send_text (peer->connection, body);
}

static DexFuture *
message_fiber (gpointer data)
{
  Call *call = data;
  RafilmLocalConnection description = rafilm_local_peer_describe (call->peer);
  g_autoptr (GBytes) text = g_bytes_new (call->body, strlen (call->body));
  g_autoptr (JsonObject) object = rafilm_local_json_parse (text);
  g_autoptr (GBytes) event = NULL;
  g_autoptr (GBytes) payload = NULL;
  const char *route = NULL;
  const char *function =
      rafilm_local_routes_find_action (rafilm_local_json_get_text (object, "action"), &route);

  event = rafilm_local_event_socket (&description, "MESSAGE", route, call->body);
  payload = dex_await_boxed (invoke (call->socket, function, event), NULL);
  if (payload == NULL)
    send_failure (call->peer, "Internal server error");
  else
    send_answer (call->peer, payload);

  return dex_future_new_true ();
}

static Call *
make_call (RafilmLocalSocket *self, SoupWebsocketConnection *connection)
{
  Call *call = g_new0 (Call, 1);

  call->socket = self;
  call->peer = rafilm_local_peer_ref (g_object_get_data (G_OBJECT (connection), PEER_KEY));

  return call;
}

static void
message_cb (SoupWebsocketConnection *connection, SoupWebsocketDataType type, GBytes *bytes,
            gpointer data)
{
  RafilmLocalPeer *peer = g_object_get_data (G_OBJECT (connection), PEER_KEY);
  Call *call;
  gsize size = 0;
  const char *text = g_bytes_get_data (bytes, &size);

  peer->active_at = g_get_monotonic_time ();
  if (size > MAX_FRAME_BYTES)
    {
      soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_TOO_BIG, NULL);
      return;
    }
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    {
      send_failure (peer, "Forbidden");
      return;
    }

  call = make_call (data, connection);
  call->body = g_strndup (text, size);
  dex_future_disown (rafilm_spawn (message_fiber, call, call_free));
}

static DexFuture *
disconnect_fiber (gpointer data)
{
  Call *call = data;
  RafilmLocalConnection description = rafilm_local_peer_describe (call->peer);
  g_autoptr (GBytes) event = NULL;

  event = rafilm_local_event_socket (&description, "DISCONNECT", "$disconnect", NULL);
  dex_await (invoke (call->socket, "connect", event), NULL);

  return dex_future_new_true ();
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  RafilmLocalSocket *self = data;
  Call *call = make_call (self, connection);

  g_signal_handlers_disconnect_by_data (connection, self);
  g_hash_table_remove (self->peers, call->peer->id);
  dex_future_disown (rafilm_spawn (disconnect_fiber, call, call_free));
}

static void
connected_cb (SoupServer *server, SoupServerMessage *message, const char *path,
              SoupWebsocketConnection *connection, gpointer data)
{
  RafilmLocalSocket *self = data;
  RafilmLocalPeer *peer = g_object_steal_data (G_OBJECT (message), PEER_KEY);

  g_return_if_fail (peer != NULL);

  peer->connection = g_object_ref (connection);
  soup_websocket_connection_set_max_incoming_payload_size (connection, MAX_MESSAGE_BYTES + 1);
  g_object_set_data (G_OBJECT (connection), PEER_KEY, peer);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), self);
  g_hash_table_replace (self->peers, peer->id, peer);
}

static void
describe_peer (SoupServerMessage *message, RafilmLocalPeer *peer)
{
  JsonObject *object = json_object_new ();
  JsonObject *identity = json_object_new ();
  g_autoptr (GDateTime) connected = g_date_time_new_from_unix_utc (peer->connected_at / 1000);
  g_autofree char *text = g_date_time_format_iso8601 (connected);

  json_object_set_string_member (object, "connectedAt", text);
  json_object_set_string_member (identity, "sourceIp", peer->source_ip);
  if (peer->user_agent != NULL)
    json_object_set_string_member (identity, "userAgent", peer->user_agent);
  json_object_set_object_member (object, "identity", identity);
  rafilm_local_http_reply (message, SOUP_STATUS_OK, object);
}

static void
post_to_peer (SoupServerMessage *message, RafilmLocalPeer *peer)
{
  g_autoptr (GBytes) body = rafilm_local_http_dup_body (message);
  gsize size = g_bytes_get_size (body);
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), size);

  if (size > MAX_MESSAGE_BYTES)
    {
      refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "Payload too large");
      return;
    }
  if (!g_utf8_validate_len (text, size, NULL))
    {
      refuse (message, SOUP_STATUS_BAD_REQUEST, "Not valid UTF-8");
      return;
    }
  soup_websocket_connection_send_text (peer->connection, text);
  rafilm_local_http_reply_bytes (message, SOUP_STATUS_OK, NULL, NULL);
}

static void
connections_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                gpointer data)
{
  RafilmLocalSocket *self = data;
  const char *method = soup_server_message_get_method (message);
  const char *escaped =
      g_str_has_prefix (path, CONNECTIONS "/") ? path + strlen (CONNECTIONS "/") : "";
  g_autofree char *id = g_uri_unescape_string (escaped, NULL);
  RafilmLocalPeer *peer = id != NULL ? g_hash_table_lookup (self->peers, id) : NULL;

  if (peer == NULL || !rafilm_local_peer_is_open (peer))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "x-amzn-ErrorType", "GoneException");
      refuse (message, SOUP_STATUS_GONE, NULL);
    }
  else if (strcmp (method, SOUP_METHOD_POST) == 0)
    {
      post_to_peer (message, peer);
    }
  else if (strcmp (method, SOUP_METHOD_DELETE) == 0)
    {
      soup_websocket_connection_close (peer->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
      rafilm_local_http_reply_bytes (message, SOUP_STATUS_NO_CONTENT, NULL, NULL);
    }
  else if (strcmp (method, SOUP_METHOD_GET) == 0)
    {
      describe_peer (message, peer);
    }
  else
    {
      refuse (message, SOUP_STATUS_FORBIDDEN, "Forbidden");
    }
}

static gboolean
sweep_cb (gpointer data)
{
  RafilmLocalSocket *self = data;
  gint64 now = g_get_monotonic_time ();
  gint64 born_before = g_get_real_time () / 1000 - (gint64) self->times.life * 1000;
  g_autoptr (GPtrArray) peers = g_hash_table_get_values_as_ptr_array (self->peers);

  for (guint i = 0; i < peers->len; i++)
    {
      RafilmLocalPeer *peer = peers->pdata[i];

      if ((now - peer->active_at > (gint64) self->times.idle * G_USEC_PER_SEC
           || peer->connected_at < born_before)
          && rafilm_local_peer_is_open (peer))
        soup_websocket_connection_close (peer->connection, SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                         "Going away");
    }

  return G_SOURCE_CONTINUE;
}

RafilmLocalSocket *
rafilm_local_socket_new (SoupServer *server, RafilmLocalSocketTimes times,
                         RafilmLocalFindFunction find, gpointer data)
{
  RafilmLocalSocket *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (find != NULL, NULL);

  self = g_new0 (RafilmLocalSocket, 1);
  self->server = g_object_ref (server);
  self->times = times;
  self->find = find;
  self->data = data;
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                       (GDestroyNotify) rafilm_local_peer_unref);
  self->sweep = g_timeout_add_seconds (SWEEP_SECONDS, sweep_cb, self);
  soup_server_add_early_handler (server, STAGE, handshake_cb, self, NULL);
  soup_server_add_websocket_handler (server, STAGE, NULL, NULL, connected_cb, self, NULL);
  soup_server_add_handler (server, CONNECTIONS, connections_cb, self, NULL);

  return self;
}

void
rafilm_local_socket_free (RafilmLocalSocket *self)
{
  GHashTableIter iter;
  gpointer peer;

  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->sweep, g_source_remove);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    g_signal_handlers_disconnect_by_data (((RafilmLocalPeer *) peer)->connection, self);
  soup_server_remove_handler (self->server, CONNECTIONS);
  soup_server_remove_handler (self->server, STAGE);
  g_clear_pointer (&self->peers, g_hash_table_unref);
  g_clear_object (&self->server);
  g_free (self);
}
