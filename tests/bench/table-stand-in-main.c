/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stand-in for DynamoDB as a server on loopback. Prints its address, and ends with its standard
 * input. */
#include "table-stand-in.h"

#include <glib-unix.h>
#include <libsoup/soup.h>
#include <unistd.h>

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  json_auto_t *request = json_loadb (body->data, (size_t) body->length, 0, NULL);
  unsigned status = 0;
  char *answer = table_stand_in_call (data, soup_message_headers_get_one (headers, "X-Amz-Target"),
                                      request, &status);

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/x-amz-json-1.0", SOUP_MEMORY_TAKE, answer,
                                    strlen (answer));
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  TableStandIn *table = table_stand_in_new ();
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;

  soup_server_add_handler (server, NULL, request_cb, table, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);
  uris = soup_server_get_uris (server);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, loop);
  g_print ("http://127.0.0.1:%d\n", g_uri_get_port (uris->data));
  g_main_loop_run (loop);
  soup_server_disconnect (server);
  table_stand_in_free (table);
  return 0;
}
