/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-fake-server.h"

#include <string.h>

SoupServer *
rafilm_fake_server_new (void)
{
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);

  soup_server_listen (server, address, 0, &error);
  g_assert_no_error (error);

  return server;
}

char *
rafilm_fake_server_dup_address (SoupServer *server, const char *scheme)
{
  GSList *uris = soup_server_get_uris (server);
  char *address = g_strdup_printf ("%s://127.0.0.1:%d", scheme, g_uri_get_port (uris->data));

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return address;
}

RafilmEndpoints *
rafilm_fake_server_dup_endpoints (SoupServer *server)
{
  g_autofree char *http = rafilm_fake_server_dup_address (server, "http");
  g_autofree char *ws = rafilm_fake_server_dup_address (server, "ws");
  RafilmEndpoints *endpoints = g_new0 (RafilmEndpoints, 1);

  endpoints->api = g_strconcat (http, "/prod", NULL);
  endpoints->socket = g_strconcat (ws, "/socket", NULL);
  endpoints->cognito = g_strdup (http);
  endpoints->cognito_client = g_strdup ("client1");
  endpoints->cognito_pool = g_strdup ("us-east-1_testPool1");
  endpoints->images = g_strconcat (http, "/pictures", NULL);

  return endpoints;
}

void
rafilm_fake_server_answer (SoupServerMessage *message, guint status, const char *type,
                           const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
}

static gboolean
raw_run_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
            gpointer data)
{
  const char *answer = data;
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char buffer[4096];

  if (g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL) > 0)
    g_output_stream_write_all (output, answer, strlen (answer), NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  return TRUE;
}

static void
free_answer_cb (gpointer data, GClosure *closure)
{
  g_free (data);
}

GSocketService *
rafilm_fake_listen_raw (const char *answer, guint16 *ret_port)
{
  GSocketService *service = g_threaded_socket_service_new (4);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) effective = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  *ret_port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (effective));
  g_signal_connect_data (service, "run", G_CALLBACK (raw_run_cb), g_strdup (answer), free_answer_cb,
                         0);
  g_socket_service_start (service);

  return service;
}
