/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The WebSocket API: handshake, messages, @connections, and API Gateway's limits. */

#include "local-client.h"
#include "rafilm-local-http.h"
#include "rafilm-local-socket.h"

#include "rafilm-test.h"

#define LIMIT (128 * 1024)

typedef struct
{
  SoupServer *server;
  char *address;
  GHashTable *functions;
  RafilmLocalSocket *socket;
} Fixture;

static RafilmLocalFunction *
find (const char *name, gpointer data)
{
  return g_hash_table_lookup (((Fixture *) data)->functions, name);
}

static Fixture *
set_up (RafilmLocalSocketTimes times)
{
  static const char *const names[] = { "authorizer", "connect", "chat" };
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->server = local_server_new (&fixture->address);
  fixture->functions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify) rafilm_local_function_free);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_hash_table_insert (fixture->functions, (gpointer) names[i],
                         rafilm_local_function_new (names[i], FAKE_FUNCTION, NULL, 2));
  fixture->socket = rafilm_local_socket_new (fixture->server, times, find, fixture);

  return fixture;
}

static void
tear_down (Fixture *fixture)
{
  rafilm_local_socket_free (fixture->socket);
  g_hash_table_unref (fixture->functions);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_free (fixture->address);
  g_free (fixture);
  rafilm_test_sleep (50);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DexPromise) promise = data;
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  if (connection != NULL)
    dex_promise_resolve_object (promise, connection);
  else
    dex_promise_reject (promise, g_steal_pointer (&error));
}

/* Returns NULL with the status where the handshake was refused. */
static SoupWebsocketConnection *
open_socket (Fixture *fixture, SoupSession *session, const char *token, guint *ret_status)
{
  g_autofree char *uri = g_strdup_printf ("ws%s/live", fixture->address + 4);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  DexPromise *promise = dex_promise_new ();
  SoupWebsocketConnection *connection;

  if (token != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                  token);
  soup_session_websocket_connect_async (session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                        opened_cb, dex_ref (promise));
  connection = dex_await_object (DEX_FUTURE (promise), NULL);
  *ret_status = soup_message_get_status (message);

  return connection;
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer data)
{
  g_ptr_array_add (data, g_bytes_ref (bytes));
}

static JsonObject *
await_message (GPtrArray *messages, guint index)
{
  for (int i = 0; i < 200 && messages->len <= index; i++)
    rafilm_test_sleep (20);
  g_assert_cmpuint (messages->len, >, index);

  return rafilm_local_json_parse (messages->pdata[index]);
}

static void
await_closed (SoupWebsocketConnection *connection)
{
  for (int i = 0;
       i < 300 && soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_CLOSED;
       i++)
    rafilm_test_sleep (20);
  g_assert_cmpint (soup_websocket_connection_get_state (connection), ==,
                   SOUP_WEBSOCKET_STATE_CLOSED);
}

static void
test_socket_handshake (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  guint status = 0;

  g_assert_null (open_socket (fixture, session, NULL, &status));
  g_assert_cmpuint (status, ==, 401);
  g_assert_null (open_socket (fixture, session, "Bearer bad", &status));
  g_assert_cmpuint (status, ==, 401);
  g_assert_null (open_socket (fixture, session, "Bearer denied", &status));
  g_assert_cmpuint (status, ==, 403);
  tear_down (fixture);
}

static void
test_socket_messages (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint status = 0;
  g_autoptr (SoupWebsocketConnection) connection =
      open_socket (fixture, session, "Bearer good", &status);
  g_autoptr (JsonObject) event = NULL;
  g_autoptr (JsonObject) posted = NULL;
  g_autoptr (JsonObject) other = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *uri = NULL;
  JsonObject *context;
  JsonObject *authorizer;
  g_autoptr (GBytes) text = g_bytes_new_static ("{\"t\":\"pong\"}", 12);
  g_autoptr (LocalAnswer) post = NULL;
  g_autoptr (LocalAnswer) gone = NULL;

  g_assert_nonnull (connection);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), messages);
  soup_websocket_connection_send_text (connection, "{\"action\":\"chat\",\"text\":\"hi\"}");
  event = await_message (messages, 0);
  context = rafilm_local_json_get_object (event, "requestContext");
  authorizer = rafilm_local_json_get_object (context, "authorizer");
  g_assert_cmpstr (rafilm_local_json_get_text (context, "routeKey"), ==, "chat");
  g_assert_cmpstr (rafilm_local_json_get_text (context, "eventType"), ==, "MESSAGE");
  g_assert_cmpstr (rafilm_local_json_get_text (authorizer, "principalId"), ==, "u1");
  g_assert_cmpstr (rafilm_local_json_get_text (authorizer, "exp"), ==, "7");
  g_assert_nonnull (rafilm_local_json_get_text (context, "messageId"));
  g_assert_true (g_str_has_suffix (rafilm_local_json_get_text (context, "connectionId"), "="));
  soup_websocket_connection_send_text (connection, "no JSON");
  other = await_message (messages, 1);
  g_assert_cmpstr (rafilm_local_json_get_text (
                       rafilm_local_json_get_object (other, "requestContext"), "routeKey"),
                   ==, "$default");

  escaped = g_uri_escape_string (rafilm_local_json_get_text (context, "connectionId"), NULL, FALSE);
  uri = g_strconcat (fixture->address, "/live/@connections/", escaped, NULL);
  post = local_client_send ("POST", uri, NULL, text);
  g_assert_cmpuint (post->status, ==, 200);
  posted = await_message (messages, 2);
  g_assert_cmpstr (rafilm_local_json_get_text (posted, "t"), ==, "pong");

  soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  await_closed (connection);
  rafilm_test_sleep (50);
  gone = local_client_send ("POST", uri, NULL, text);
  g_assert_cmpuint (gone->status, ==, 410);
  tear_down (fixture);
}

static void
test_socket_limits (void)
{
  Fixture *fixture = set_up ((RafilmLocalSocketTimes) { .idle = 1, .life = 7200 });
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  g_autofree char *text = g_strnfill (33 * 1024, 'x');
  guint status = 0;
  g_autoptr (SoupWebsocketConnection) idle = open_socket (fixture, session, "Bearer good", &status);
  g_autoptr (SoupWebsocketConnection) large =
      open_socket (fixture, session, "Bearer good", &status);

  g_assert_nonnull (idle);
  g_assert_nonnull (large);
  soup_websocket_connection_send_text (large, text);
  await_closed (large);
  g_assert_cmpint (soup_websocket_connection_get_close_code (large), ==,
                   SOUP_WEBSOCKET_CLOSE_TOO_BIG);
  await_closed (idle);
  g_assert_cmpint (soup_websocket_connection_get_close_code (idle), ==,
                   SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
  tear_down (fixture);
}

/* An open connection, and what came over it. */
typedef struct
{
  SoupSession *session;
  SoupWebsocketConnection *connection;
  GPtrArray *messages;
} Client;

static Client *
client_new (Fixture *fixture)
{
  Client *client = g_new0 (Client, 1);
  guint status = 0;

  client->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  client->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  client->connection = open_socket (fixture, client->session, "Bearer good", &status);
  g_assert_nonnull (client->connection);
  soup_websocket_connection_set_max_incoming_payload_size (client->connection, 2 * LIMIT);
  g_signal_connect (client->connection, "message", G_CALLBACK (message_cb), client->messages);

  return client;
}

static void
client_free (Client *client)
{
  g_signal_handlers_disconnect_by_data (client->connection, client->messages);
  g_object_unref (client->connection);
  g_ptr_array_unref (client->messages);
  g_object_unref (client->session);
  g_free (client);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

/* The path of the connection under @connections, which only its own messages tell. */
static char *
make_uri (Fixture *fixture, Client *client)
{
  guint before = client->messages->len;
  g_autoptr (JsonObject) event = NULL;
  g_autofree char *escaped = NULL;

  soup_websocket_connection_send_text (client->connection, "{\"action\":\"ping\"}");
  event = await_message (client->messages, before);
  escaped = g_uri_escape_string (
      rafilm_local_json_get_text (rafilm_local_json_get_object (event, "requestContext"),
                                  "connectionId"),
      NULL, FALSE);

  return g_strconcat (fixture->address, "/live/@connections/", escaped, NULL);
}

static void
expect (const char *method, const char *uri, const char *body, gsize length, guint status)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, length) : NULL;
  g_autoptr (LocalAnswer) answer = local_client_send (method, uri, NULL, bytes);

  g_assert_cmpuint (answer->status, ==, status);
}

/* However busy it is, a connection ends after two hours. */
static void
test_life (void)
{
  Fixture *fixture = set_up ((RafilmLocalSocketTimes) { .idle = 600, .life = 2 });
  g_autoptr (Client) client = client_new (fixture);
  gint64 begin = g_get_monotonic_time ();

  while (soup_websocket_connection_get_state (client->connection) == SOUP_WEBSOCKET_STATE_OPEN
         && g_get_monotonic_time () - begin < 10 * G_USEC_PER_SEC)
    {
      soup_websocket_connection_send_text (client->connection, "{\"action\":\"ping\"}");
      rafilm_test_sleep (100);
    }
  await_closed (client->connection);
  g_assert_cmpint (soup_websocket_connection_get_close_code (client->connection), ==,
                   SOUP_WEBSOCKET_CLOSE_GOING_AWAY);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 2 * G_USEC_PER_SEC);
  tear_down (fixture);
}

/* Whoever pings is not idle. */
static void
test_pings (void)
{
  Fixture *fixture = set_up ((RafilmLocalSocketTimes) { .idle = 2, .life = 7200 });
  g_autoptr (Client) busy = client_new (fixture);
  g_autoptr (Client) idle = client_new (fixture);

  for (int i = 0; i < 16; i++)
    {
      soup_websocket_connection_send_text (busy->connection, "{\"action\":\"ping\"}");
      rafilm_test_sleep (250);
    }
  g_assert_cmpint (soup_websocket_connection_get_state (busy->connection), ==,
                   SOUP_WEBSOCKET_STATE_OPEN);
  await_closed (idle->connection);
  await_closed (busy->connection);
  tear_down (fixture);
}

/* A frame of 32 KB goes through whole; one byte more closes the connection, and no other one. */
static void
test_frames (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (Client) client = client_new (fixture);
  g_autoptr (Client) other = client_new (fixture);
  g_autofree char *fits = g_strnfill (32 * 1024, ' ');
  g_autofree char *large = g_strnfill (32 * 1024 + 1, ' ');
  g_autofree char *huge = g_strnfill (LIMIT + 2, ' ');
  g_autoptr (JsonObject) event = NULL;
  g_autoptr (JsonObject) again = NULL;

  memcpy (fits, "{\"action\":\"chat\"}", 17);
  soup_websocket_connection_send_text (client->connection, fits);
  event = await_message (client->messages, 0);
  g_assert_cmpuint (strlen (rafilm_local_json_get_text (event, "body")), ==, 32 * 1024);
  soup_websocket_connection_send_text (client->connection, large);
  await_closed (client->connection);
  g_assert_cmpint (soup_websocket_connection_get_close_code (client->connection), ==,
                   SOUP_WEBSOCKET_CLOSE_TOO_BIG);

  soup_websocket_connection_send_text (other->connection, "{\"action\":\"ping\"}");
  again = await_message (other->messages, 0);
  soup_websocket_connection_send_text (other->connection, huge);
  /* The rest of it meets a connection that is closed, which may hide the reason. */
  await_closed (other->connection);
  tear_down (fixture);
}

/* Bytes are no message of the service; text in any form goes to some route. */
static void
test_kinds (void)
{
  static const char *const texts[] = {
    "", "null", "[]", "{\"action\":7}", "{\"action\":\"\"}", "{\"action\":\"frobnicate\"}", "{"
  };
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (Client) client = client_new (fixture);
  g_autoptr (JsonObject) refused = NULL;

  soup_websocket_connection_send_binary (client->connection, "\x00\x01", 2);
  refused = await_message (client->messages, 0);
  g_assert_cmpstr (rafilm_local_json_get_text (refused, "message"), ==, "Forbidden");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonObject) event = NULL;

      soup_websocket_connection_send_text (client->connection, texts[i]);
      event = await_message (client->messages, i + 1);
      g_assert_cmpstr (rafilm_local_json_get_text (
                           rafilm_local_json_get_object (event, "requestContext"), "routeKey"),
                       ==, "$default");
    }
  tear_down (fixture);
}

/* A function that fails is told to whoever sent the message, and the connection stays. */
static void
test_failing_route (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (Client) client = client_new (fixture);
  g_autoptr (JsonObject) failure = NULL;
  g_autoptr (JsonObject) event = NULL;

  soup_websocket_connection_send_text (client->connection,
                                       "{\"action\":\"chat\",\"do\":\"crash\"}");
  failure = await_message (client->messages, 0);
  g_assert_cmpstr (rafilm_local_json_get_text (failure, "message"), ==, "Internal server error");
  soup_websocket_connection_send_text (client->connection, "{\"action\":\"chat\"}");
  event = await_message (client->messages, 1);
  g_assert_nonnull (rafilm_local_json_get_object (event, "requestContext"));
  tear_down (fixture);
}

static void
test_connections (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (Client) client = client_new (fixture);
  g_autofree char *uri = make_uri (fixture, client);
  g_autofree char *unknown = g_strconcat (fixture->address, "/live/@connections/none%3D", NULL);
  g_autofree char *nobody = g_strconcat (fixture->address, "/live/@connections/", NULL);
  g_autofree char *bad = g_strconcat (fixture->address, "/live/@connections/%00%ff", NULL);
  g_autofree char *most = g_strnfill (LIMIT, 'x');
  g_autofree char *large = g_strnfill (LIMIT + 1, 'x');
  g_autoptr (LocalAnswer) described = local_client_send ("GET", uri, NULL, NULL);

  g_assert_cmpuint (described->status, ==, 200);
  g_assert_nonnull (rafilm_local_json_get_text (described->object, "connectedAt"));
  expect ("POST", uri, "\xff\xfe", 2, 400);
  expect ("POST", uri, large, LIMIT + 1, 413);
  expect ("POST", uri, most, LIMIT, 200);
  for (int i = 0; i < 200 && client->messages->len < 2; i++)
    rafilm_test_sleep (20);
  g_assert_cmpuint (g_bytes_get_size (client->messages->pdata[1]), ==, LIMIT);
  expect ("PUT", uri, "x", 1, 403);
  expect ("POST", unknown, "x", 1, 410);
  expect ("POST", nobody, "x", 1, 410);
  expect ("POST", bad, "x", 1, 400);
  expect ("DELETE", uri, NULL, 0, 204);
  await_closed (client->connection);
  rafilm_test_sleep (50);
  expect ("DELETE", uri, NULL, 0, 410);
  expect ("GET", uri, NULL, 0, 410);
  tear_down (fixture);
}

/* Clients that open and go, one after another, leave nothing behind. */
static void
test_many (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_SOCKET_TIMES);
  g_autoptr (Client) last = NULL;
  g_autoptr (JsonObject) event = NULL;

  for (int i = 0; i < 20; i++)
    {
      Client *client = client_new (fixture);

      if (i % 2 == 0)
        soup_websocket_connection_send_text (client->connection, "{\"action\":\"chat\"}");
      client_free (client);
    }
  last = client_new (fixture);
  soup_websocket_connection_send_text (last->connection, "{\"action\":\"ping\"}");
  event = await_message (last->messages, 0);
  tear_down (fixture);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/local/socket/handshake", test_socket_handshake);
  rafilm_test_add_fiber ("/local/socket/messages", test_socket_messages);
  rafilm_test_add_fiber ("/local/socket/limits", test_socket_limits);
  rafilm_test_add_fiber ("/local/socket/life", test_life);
  rafilm_test_add_fiber ("/local/socket/pings", test_pings);
  rafilm_test_add_fiber ("/local/socket/frames", test_frames);
  rafilm_test_add_fiber ("/local/socket/kinds", test_kinds);
  rafilm_test_add_fiber ("/local/socket/failing-route", test_failing_route);
  rafilm_test_add_fiber ("/local/socket/connections", test_connections);
  rafilm_test_add_fiber ("/local/socket/many", test_many);

  return g_test_run ();
}
