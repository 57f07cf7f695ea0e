/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_REQUEST (1024 * 1024)

struct _FuzzPeer
{
  int listener;
  guint port;
  GMutex lock; /* of what follows */
  GBytes *answer;
  gsize piece;
  gboolean keeps;
};

/* The next request, head and body; false when the client closed. */
static gboolean
read_request (int client)
{
  g_autoptr (GString) request = g_string_new (NULL);
  gsize wanted = 0;

  while (wanted == 0 || request->len < wanted)
    {
      char block[16384];
      ssize_t n = read (client, block, sizeof block);
      const char *end, *length;

      if (n <= 0 || request->len > MAX_REQUEST)
        return FALSE;
      g_string_append_len (request, block, n);
      end = wanted == 0 ? strstr (request->str, "\r\n\r\n") : NULL;
      if (end != NULL)
        {
          length = strcasestr (request->str, "\r\nContent-Length:");
          wanted = (gsize) (end - request->str) + 4
                   + (length != NULL && length < end ? (gsize) atoi (length + 17) : 0);
        }
    }
  return TRUE;
}

static gboolean
answer_request (FuzzPeer *self, int client)
{
  g_autoptr (GBytes) answer = NULL;
  gsize piece, size;
  gboolean keeps;
  const guint8 *bytes;

  g_mutex_lock (&self->lock);
  answer = g_bytes_ref (self->answer);
  piece = self->piece;
  keeps = self->keeps;
  g_mutex_unlock (&self->lock);
  bytes = g_bytes_get_data (answer, &size);
  for (gsize at = 0; at < size; at += piece)
    if (send (client, bytes + at, MIN (piece, size - at), MSG_NOSIGNAL) < 0)
      return FALSE;
  return keeps;
}

/* A connection that is kept needs a thread, since the client may hold several. */
static gpointer
run_client (gpointer data)
{
  FuzzPeer *self = ((gpointer *) data)[0];
  int client = GPOINTER_TO_INT (((gpointer *) data)[1]);
  int on = 1;

  setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  while (read_request (client) && answer_request (self, client))
    ;
  close (client);
  g_free (data);
  return NULL;
}

static gpointer
run_listener (gpointer data)
{
  FuzzPeer *self = data;

  for (;;)
    {
      gpointer *client = g_new (gpointer, 2);
      int connection = accept (self->listener, NULL, NULL);

      client[0] = self;
      client[1] = GINT_TO_POINTER (connection);
      if (connection < 0)
        g_free (client);
      else
        g_thread_unref (g_thread_new ("peer-client", run_client, client));
    }
  return NULL;
}

FuzzPeer *
fuzz_peer_new (void)
{
  FuzzPeer *self = g_new0 (FuzzPeer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (self->listener, 64), ==, 0);
  g_assert_cmpint (getsockname (self->listener, (struct sockaddr *) &address, &length), ==, 0);
  self->port = ntohs (address.sin_port);
  g_mutex_init (&self->lock);
  fuzz_peer_answer_body (self, (const guint8 *) "{}", 2);
  g_thread_unref (g_thread_new ("peer", run_listener, self));
  return self;
}

guint
fuzz_peer_get_port (FuzzPeer *self)
{
  return self->port;
}

static void
set_answer (FuzzPeer *self, GBytes *answer, gsize piece, gboolean keeps)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = answer;
  self->piece = piece;
  self->keeps = keeps;
  g_mutex_unlock (&self->lock);
}

void
fuzz_peer_answer_raw (FuzzPeer *self, const guint8 *bytes, gsize size, gsize piece)
{
  set_answer (self, g_bytes_new (bytes, size), piece, FALSE);
}

void
fuzz_peer_answer_body (FuzzPeer *self, const guint8 *body, gsize size)
{
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT
      "\r\n\r\n",
      size);
  GByteArray *answer = g_byte_array_new ();

  g_byte_array_append (answer, (const guint8 *) head, (guint) strlen (head));
  g_byte_array_append (answer, body, (guint) size);
  set_answer (self, g_byte_array_free_to_bytes (answer), 65536, TRUE);
}
