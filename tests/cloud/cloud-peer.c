/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-peer.h"

#include <libsoup/soup.h>

struct _CloudPeer
{
  CloudPeerFunc func;
  gpointer data;

  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  char *url;
  guint port;

  GMutex lock; /* of what follows */
  GCond started;
  gboolean is_started;
  GPtrArray *lines;
  GPtrArray *bodies;
  GHashTable *connections; /* their other ends */
};

static void
note_request (CloudPeer *self, SoupServerMessage *message, const CloudPeerRequest *request)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  g_hash_table_add (self->connections,
                    g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (address)));

  g_ptr_array_add (self->lines, g_strdup_printf ("%s %s%s%s", request->method, request->path,
                                                 request->query != NULL ? "?" : "",
                                                 request->query != NULL ? request->query : ""));
  g_ptr_array_add (self->bodies, g_strndup (request->body, request->body_length));
}

static GHashTable *
copy_headers (SoupServerMessage *message)
{
  GHashTable *headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_hash_table_insert (headers, g_ascii_strdown (name, -1), g_strdup (value));

  return headers;
}

static void
send_answer (SoupServerMessage *message, CloudPeerAnswer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  GHashTableIter iter;
  gpointer name, value;

  soup_server_message_set_status (message, answer->status, NULL);
  if (answer->content_type != NULL)
    soup_message_headers_set_content_type (headers, answer->content_type, NULL);
  g_hash_table_iter_init (&iter, answer->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    soup_message_headers_replace (headers, name, value);

  if (answer->chunks != NULL)
    {
      soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
      for (guint i = 0; i < answer->chunks->len; i++)
        soup_message_body_append_bytes (body, g_ptr_array_index (answer->chunks, i));
      soup_message_body_complete (body);
    }
  else if (answer->body != NULL)
    soup_message_body_append_bytes (body, answer->body);
}

static void
request_received_cb (SoupServer *server, SoupServerMessage *message, const char *path,
                     GHashTable *query, gpointer data)
{
  CloudPeer *self = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);
  g_autoptr (GHashTable) headers = copy_headers (message);
  g_autoptr (GHashTable) answer_headers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  CloudPeerAnswer answer = { .status = 200, .headers = answer_headers };
  CloudPeerRequest request = {
    .method = soup_server_message_get_method (message),
    .path = path,
    .query = g_uri_get_query (soup_server_message_get_uri (message)),
    .headers = headers,
  };

  request.body = g_bytes_get_data (bytes, &request.body_length);
  note_request (self, message, &request);
  self->func (self, &request, &answer, self->data);
  send_answer (message, &answer);
  g_clear_pointer (&answer.body, g_bytes_unref);
  g_clear_pointer (&answer.chunks, g_ptr_array_unref);
}

static gpointer
run_thread (gpointer data)
{
  CloudPeer *self = data;
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_received_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->port = (guint) g_uri_get_port (uris->data);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", self->port);

  g_mutex_lock (&self->lock);
  self->is_started = TRUE;
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->lock);

  g_main_loop_run (self->loop);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

CloudPeer *
cloud_peer_new (CloudPeerFunc func, gpointer data)
{
  CloudPeer *self = g_new0 (CloudPeer, 1);

  self->func = func;
  self->data = data;
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->connections = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->bodies = g_ptr_array_new_with_free_func (g_free);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->started);
  self->thread = g_thread_new ("cloud-peer", run_thread, self);

  g_mutex_lock (&self->lock);
  while (!self->is_started)
    g_cond_wait (&self->started, &self->lock);
  g_mutex_unlock (&self->lock);

  return self;
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

void
cloud_peer_free (CloudPeer *self)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* From inside the loop, which may not have begun to run. */
  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_ptr_array_unref (self->lines);
  g_hash_table_unref (self->connections);
  g_ptr_array_unref (self->bodies);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->started);
  g_free (self->url);
  g_free (self);
}

const char *
cloud_peer_get_url (CloudPeer *self)
{
  return self->url;
}

guint
cloud_peer_get_port (CloudPeer *self)
{
  return self->port;
}

guint
cloud_peer_get_n_connections (CloudPeer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_hash_table_size (self->connections);
}

guint
cloud_peer_get_n_requests (CloudPeer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->lines->len;
}

static GStrv
dup_texts (CloudPeer *self, GPtrArray *texts)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < texts->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (texts, i));

  return g_strv_builder_end (builder);
}

GStrv
cloud_peer_dup_lines (CloudPeer *self)
{
  return dup_texts (self, self->lines);
}

GStrv
cloud_peer_dup_bodies (CloudPeer *self)
{
  return dup_texts (self, self->bodies);
}

void
cloud_peer_forget (CloudPeer *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_ptr_array_set_size (self->lines, 0);
  g_ptr_array_set_size (self->bodies, 0);
}

void
cloud_peer_answer_header (CloudPeerAnswer *answer, const char *name, const char *value)
{
  g_hash_table_replace (answer->headers, g_strdup (name), g_strdup (value));
}

void
cloud_peer_answer_text (CloudPeerAnswer *answer, guint status, const char *text)
{
  answer->status = status;
  answer->content_type = "application/json";
  answer->body = g_bytes_new (text, strlen (text));
}
