/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-socket-private.h"

#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-fake-cognito.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

typedef struct
{
  RafilmFakeCognito *cognito;
  SoupServer *server;
  RafilmEndpoints *endpoints;
  RafilmHttp *http;
  RafilmAccount *account;
  RafilmSocket *socket;
  char *folder;
  GPtrArray *connections;
  GPtrArray *received; /* but pings */
  GPtrArray *messages; /* but pongs */
  char *greeting;
  char *seen_token;
  char *seen_device;
  guint handshakes;
  guint refusals;
  guint pings;
  guint pongs;
  guint refusal_status;
  gboolean answers_pings;
} Fixture;

static void
server_message_cb (SoupWebsocketConnection *connection, int type, GBytes *bytes, gpointer data)
{
  Fixture *fixture = data;
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  if (!g_str_equal (text, "{\"action\":\"ping\"}"))
    {
      g_ptr_array_add (fixture->received, g_steal_pointer (&text));
      return;
    }
  fixture->pings++;
  if (fixture->answers_pings)
    soup_websocket_connection_send_text (connection, "{\"t\":\"pong\"}");
}

static void
connected_cb (SoupServer *server, SoupServerMessage *message, const char *path,
              SoupWebsocketConnection *connection, gpointer data)
{
  Fixture *fixture = data;

  g_ptr_array_add (fixture->connections, g_object_ref (connection));
  g_signal_connect (connection, "message", G_CALLBACK (server_message_cb), fixture);
  if (fixture->greeting != NULL)
    soup_websocket_connection_send_text (connection, fixture->greeting);
}

/* Runs before the handshake; a status set here refuses it. */
static void
early_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer data)
{
  Fixture *fixture = data;

  fixture->handshakes++;
  g_set_str (&fixture->seen_token,
             soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                           "Authorization"));
  g_set_str (&fixture->seen_device, query != NULL ? g_hash_table_lookup (query, "dev") : NULL);
  if (fixture->refusals > 0)
    {
      fixture->refusals--;
      soup_server_message_set_status (message, fixture->refusal_status, NULL);
    }
}

static void
message_cb (RafilmSocket *socket, JsonObject *object, gpointer data)
{
  Fixture *fixture = data;

  const char *name = json_object_get_string_member (object, "t");

  if (g_str_equal (name, "pong"))
    fixture->pongs++;
  else
    g_ptr_array_add (fixture->messages, g_strdup (name));
}

static void
sign_in (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  dex_await (rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, RAFILM_FAKE_PASSWORD),
             &error);
  g_assert_no_error (error);
}

static void
set_times (Fixture *fixture, guint ping, guint pong, guint life)
{
  const RafilmSocketTimes times = {
    .first_delay = 20, .max_delay = 200, .ping = ping, .pong = pong, .life = life, .quiet = 100
  };

  _rafilm_socket_set_times (fixture->socket, &times);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (RafilmKeyring) keyring = NULL;

  g_setenv ("RAFILM_KEYRING", "session", TRUE);
  fixture->connections = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->received = g_ptr_array_new_with_free_func (g_free);
  fixture->messages = g_ptr_array_new_with_free_func (g_free);
  fixture->answers_pings = TRUE;
  fixture->cognito = rafilm_fake_cognito_new ();
  fixture->server = rafilm_fake_server_new ();
  soup_server_add_handler (fixture->server, NULL, rafilm_fake_cognito_handle, fixture->cognito,
                           NULL);
  soup_server_add_early_handler (fixture->server, "/socket", early_cb, fixture, NULL);
  soup_server_add_websocket_handler (fixture->server, "/socket", NULL, NULL, connected_cb, fixture,
                                     NULL);
  fixture->endpoints = rafilm_fake_server_dup_endpoints (fixture->server);
  fixture->folder = rafilm_test_make_dir ();
  keyring = rafilm_keyring_new (fixture->folder);
  fixture->http = rafilm_http_new ();
  fixture->account = rafilm_account_new (fixture->http, fixture->endpoints, keyring);
  fixture->socket = rafilm_socket_new (fixture->http, fixture->endpoints, fixture->account);
  set_times (fixture, 60000, 60000, 600000);
  g_signal_connect (fixture->socket, "message", G_CALLBACK (message_cb), fixture);
  sign_in (fixture);

  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  rafilm_clock_set_offset (0);
  rafilm_socket_set_wanted (fixture->socket, FALSE);
  rafilm_test_sleep (20);
  g_assert_finalize_object (fixture->socket);
  g_ptr_array_unref (fixture->connections);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_clear_object (&fixture->account);
  g_clear_object (&fixture->http);
  g_ptr_array_unref (fixture->received);
  g_ptr_array_unref (fixture->messages);
  rafilm_fake_cognito_free (fixture->cognito);
  rafilm_endpoints_free (fixture->endpoints);
  g_free (fixture->folder);
  g_free (fixture->greeting);
  g_free (fixture->seen_token);
  g_free (fixture->seen_device);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

/* Waits until the expression holds, five seconds at most. */
#define wait_for(expression)                                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    for (guint turn = 0; turn < 500 && !(expression); turn++)                                      \
      rafilm_test_sleep (10);                                                                      \
    g_assert_true (expression);                                                                    \
  }                                                                                                \
  G_STMT_END

static gboolean
is_connected (Fixture *fixture, guint connections)
{
  return rafilm_socket_get_connected (fixture->socket) && fixture->connections->len == connections;
}

static void
start (Fixture *fixture)
{
  rafilm_socket_set_wanted (fixture->socket, TRUE);
  wait_for (is_connected (fixture, 1));
}

static SoupWebsocketConnection *
last_connection (Fixture *fixture)
{
  return g_ptr_array_index (fixture->connections, fixture->connections->len - 1);
}

static void
test_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (JsonNode) message = json_from_string ("{\"action\":\"chat\",\"id\":\"m_1\"}", NULL);
  g_autofree char *bearer = NULL;
  g_autoptr (GError) error = NULL;

  /* The first message comes with the handshake's answer, and is not missed. */
  fixture->greeting = g_strdup ("{\"t\":\"sync.changed\",\"head\":7}");
  start (fixture);
  wait_for (fixture->messages->len == 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->messages, 0), ==, "sync.changed");
  bearer = g_strconcat ("Bearer ", fixture->cognito->access_token, NULL);
  g_assert_cmpstr (fixture->seen_token, ==, bearer);

  g_assert_true (dex_await (rafilm_socket_send (fixture->socket, message), &error));
  g_assert_no_error (error);
  wait_for (fixture->received->len == 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->received, 0), ==,
                   "{\"action\":\"chat\",\"id\":\"m_1\"}");
}

static void
test_large_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *fill = g_strnfill (100 * 1024, 'a');
  g_autofree char *large = g_strdup_printf ("{\"t\":\"large\",\"x\":\"%s\"}", fill);
  g_autofree char *oversize = g_strdup_printf ("{\"t\":\"oversize\",\"x\":\"%s%s\"}", fill, fill);
  g_autofree char *outgoing = g_strdup_printf ("{\"action\":\"%s\"}", fill);
  g_autoptr (JsonNode) message = json_from_string (outgoing, NULL);
  g_autoptr (GError) error = NULL;

  start (fixture);
  soup_websocket_connection_send_text (last_connection (fixture), large);
  wait_for (fixture->messages->len == 1);

  soup_websocket_connection_send_text (last_connection (fixture), oversize);
  wait_for (is_connected (fixture, 2));
  g_assert_cmpuint (fixture->messages->len, ==, 1);

  g_assert_false (dex_await (rafilm_socket_send (fixture->socket, message), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE);
}

static void
test_garbage (void)
{
  const char *const texts[] = { "", "hello", "[]", "{}", "{\"t\":3}", "{\"t\":null}", "{\"t\":" };
  g_autoptr (Fixture) fixture = fixture_new ();
  guint connections = 1;

  start (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      SoupWebsocketConnection *connection = last_connection (fixture);

      g_test_message ("%s", texts[i]);
      soup_websocket_connection_send_text (connection, texts[i]);
      connections++;
      wait_for (is_connected (fixture, connections));
      wait_for (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_CLOSED);
      g_assert_cmpuint (soup_websocket_connection_get_close_code (connection), ==,
                        SOUP_WEBSOCKET_CLOSE_BAD_DATA);
    }

  soup_websocket_connection_send_binary (last_connection (fixture), "{\"t\":\"a\"}", 9);
  wait_for (is_connected (fixture, connections + 1));
  g_assert_cmpuint (fixture->messages->len, ==, 0);
}

/* Bytes that are no frames at all, and a frame that is cut off. */
static void
test_broken_frames (void)
{
  const char *const frames[] = { "\xff\xff\xff\xff\xff\xff\xff\xff", "\x83\x05hello", "\xc1\x02{}",
                                 "\x81\x02\xff\xfe", "\x81\x7e\x10" };
  g_autoptr (Fixture) fixture = fixture_new ();

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      GIOStream *stream = soup_websocket_connection_get_io_stream (last_connection (fixture));
      g_autoptr (GError) error = NULL;

      g_test_message ("frame %u", i);
      g_output_stream_write_all (g_io_stream_get_output_stream (stream), frames[i],
                                 strlen (frames[i]), NULL, NULL, &error);
      g_assert_no_error (error);
      if (i + 1 == G_N_ELEMENTS (frames))
        g_io_stream_close (stream, NULL, NULL);
      wait_for (is_connected (fixture, i + 2));
    }
  g_assert_cmpuint (fixture->messages->len, ==, 0);
}

static void
test_dropped (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  start (fixture);
  soup_websocket_connection_close (last_connection (fixture), SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                   NULL);
  wait_for (!rafilm_socket_get_connected (fixture->socket));
  wait_for (is_connected (fixture, 2));
}

static void
test_refused_handshake (void)
{
  const guint statuses[] = { 401, 403, 429, 500, 200 };
  g_autoptr (Fixture) fixture = fixture_new ();
  guint connections = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      guint refreshes = rafilm_fake_cognito_count (fixture->cognito, "GetTokensFromRefreshToken");

      g_test_message ("%u", statuses[i]);
      fixture->refusals = 3;
      fixture->refusal_status = statuses[i];
      rafilm_socket_set_wanted (fixture->socket, TRUE);
      connections++;
      wait_for (is_connected (fixture, connections));
      g_assert_cmpuint (fixture->refusals, ==, 0);

      /* A token that is refused is renewed, once an attempt. */
      g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, "GetTokensFromRefreshToken")
                            - refreshes,
                        ==, statuses[i] == 401 || statuses[i] == 403 ? 2 : 0);
      rafilm_socket_set_wanted (fixture->socket, FALSE);
    }
}

static void
test_ping (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  set_times (fixture, 50, 200, 600000);
  start (fixture);
  /* The first one goes at once. */
  wait_for (fixture->pongs >= 1);
  wait_for (fixture->pings >= 3);
  g_assert_cmpuint (fixture->connections->len, ==, 1);
  g_assert_cmpuint (fixture->messages->len, ==, 0);

  /* A connection that does not answer is given up. */
  fixture->answers_pings = FALSE;
  wait_for (is_connected (fixture, 2));
}

static void
test_planned_end (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gint64 start_time = g_get_monotonic_time ();

  set_times (fixture, 60000, 60000, 300);
  start (fixture);
  wait_for (is_connected (fixture, 3));
  g_assert_cmpint (g_get_monotonic_time () - start_time, >=, 2 * 280 * 1000);
}

static void
test_wanted (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (JsonNode) message = json_from_string ("{\"action\":\"ping\"}", NULL);
  g_autoptr (GError) error = NULL;

  rafilm_test_sleep (50);
  g_assert_cmpuint (fixture->handshakes, ==, 0);
  g_assert_false (dex_await (rafilm_socket_send (fixture->socket, message), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_OFFLINE);
  g_clear_error (&error);

  /* A message waits for the connection that is being made. */
  rafilm_socket_set_wanted (fixture->socket, TRUE);
  g_assert_true (dex_await (rafilm_socket_send (fixture->socket, message), &error));
  wait_for (is_connected (fixture, 1));

  rafilm_socket_set_wanted (fixture->socket, FALSE);
  g_assert_false (rafilm_socket_get_connected (fixture->socket));
  wait_for (soup_websocket_connection_get_state (last_connection (fixture))
            == SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (last_connection (fixture)), ==,
                    SOUP_WEBSOCKET_CLOSE_NORMAL);
  rafilm_test_sleep (100);
  g_assert_cmpuint (fixture->handshakes, ==, 1);
}

static void
test_device (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  rafilm_socket_set_device (fixture->socket, "k7Qm2xPa");
  rafilm_socket_set_wanted (fixture->socket, TRUE);
  wait_for (is_connected (fixture, 1));
  g_assert_cmpstr (fixture->seen_device, ==, "k7Qm2xPa");
  rafilm_socket_set_device (fixture->socket, "k7Qm2xPa");
  g_assert_true (rafilm_socket_get_connected (fixture->socket));
  /* A copied file takes another name, and the service must learn it. */
  rafilm_socket_set_device (fixture->socket, "bbbbbbbb");
  wait_for (is_connected (fixture, 2));
  g_assert_cmpstr (fixture->seen_device, ==, "bbbbbbbb");
}

static void
test_sign_out (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  start (fixture);
  dex_await (rafilm_account_sign_out (fixture->account, FALSE), NULL);
  g_assert_false (rafilm_socket_get_connected (fixture->socket));
  rafilm_test_sleep (100);
  g_assert_cmpuint (fixture->handshakes, ==, 1);

  sign_in (fixture);
  wait_for (is_connected (fixture, 2));
}

/* Wanting and not wanting in every phase of a handshake leaves one connection or none. */
static void
test_restless (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  for (guint i = 0; i < 60; i++)
    {
      rafilm_socket_set_wanted (fixture->socket, i % 2 == 0);
      if (i % 3 == 0)
        rafilm_test_sleep (i % 7);
    }
  rafilm_socket_set_wanted (fixture->socket, TRUE);
  wait_for (rafilm_socket_get_connected (fixture->socket));
  rafilm_test_sleep (100);
  for (guint i = 0; i + 1 < fixture->connections->len; i++)
    wait_for (soup_websocket_connection_get_state (g_ptr_array_index (fixture->connections, i))
              == SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpint (soup_websocket_connection_get_state (last_connection (fixture)), ==,
                   SOUP_WEBSOCKET_STATE_OPEN);
}

static void
test_server_gone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  start (fixture);
  soup_server_disconnect (fixture->server);
  soup_websocket_connection_close (last_connection (fixture), SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                   NULL);
  wait_for (!rafilm_socket_get_connected (fixture->socket));
  rafilm_test_sleep (300);
  g_assert_false (rafilm_socket_get_connected (fixture->socket));
  g_assert_cmpint (rafilm_account_get_state (fixture->account), ==, RAFILM_ACCOUNT_SIGNED_IN);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  rafilm_test_add_fiber ("/net/socket/messages", test_messages);
  rafilm_test_add_fiber ("/net/socket/large-messages", test_large_messages);
  rafilm_test_add_fiber ("/net/socket/garbage", test_garbage);
  rafilm_test_add_fiber ("/net/socket/broken-frames", test_broken_frames);
  rafilm_test_add_fiber ("/net/socket/dropped", test_dropped);
  rafilm_test_add_fiber ("/net/socket/refused-handshake", test_refused_handshake);
  rafilm_test_add_fiber ("/net/socket/ping", test_ping);
  rafilm_test_add_fiber ("/net/socket/planned-end", test_planned_end);
  rafilm_test_add_fiber ("/net/socket/wanted", test_wanted);
  rafilm_test_add_fiber ("/net/socket/device", test_device);
  rafilm_test_add_fiber ("/net/socket/sign-out", test_sign_out);
  rafilm_test_add_fiber ("/net/socket/restless", test_restless);
  rafilm_test_add_fiber ("/net/socket/server-gone", test_server_gone);

  return g_test_run ();
}
