/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-peer.h"

#define ID_BYTES 11

static char *
make_id (void)
{
  guint8 data[ID_BYTES];
  char *id;

  for (gsize i = 0; i < ID_BYTES; i++)
    data[i] = (guint8) g_random_int ();
  id = g_base64_encode (data, ID_BYTES);
  g_strdelimit (id, "+", '-');
  g_strdelimit (id, "/", '_');

  return id;
}

RafilmLocalPeer *
rafilm_local_peer_new (SoupServerMessage *message)
{
  RafilmLocalPeer *self;
  SoupMessageHeaders *headers;
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message), NULL);

  headers = soup_server_message_get_request_headers (message);
  self = g_atomic_rc_box_new0 (RafilmLocalPeer);
  self->id = make_id ();
  self->connected_at = g_get_real_time () / 1000;
  self->active_at = g_get_monotonic_time ();
  self->host = g_strdup (soup_message_headers_get_one (headers, "Host"));
  self->source_ip = g_strdup (soup_server_message_get_remote_host (message));
  self->user_agent = g_strdup (soup_message_headers_get_one (headers, "User-Agent"));
  self->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    soup_message_headers_append (self->headers, name, value);

  return self;
}

RafilmLocalPeer *
rafilm_local_peer_ref (RafilmLocalPeer *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
peer_clear (gpointer data)
{
  RafilmLocalPeer *self = data;

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->source_ip, g_free);
  g_clear_pointer (&self->user_agent, g_free);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->authorizer, json_object_unref);
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_object (&self->connection);
}

void
rafilm_local_peer_unref (RafilmLocalPeer *self)
{
  g_atomic_rc_box_release_full (self, peer_clear);
}

RafilmLocalConnection
rafilm_local_peer_describe (RafilmLocalPeer *self)
{
  return (RafilmLocalConnection) {
    .id = self->id,
    .connected_at = self->connected_at,
    .host = self->host != NULL ? self->host : "127.0.0.1",
    .source_ip = self->source_ip != NULL ? self->source_ip : "127.0.0.1",
    .user_agent = self->user_agent,
    .authorizer = self->authorizer,
    .headers = self->headers,
    .query = self->query,
  };
}

gboolean
rafilm_local_peer_is_open (RafilmLocalPeer *self)
{
  return self->connection != NULL
         && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}
