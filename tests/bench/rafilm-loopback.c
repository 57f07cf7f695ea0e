/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-loopback.h"

struct _RafilmLoopback
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServerCallback answer;
  GDestroyNotify leave;
  gpointer data;
  GMutex lock; /* of what follows */
  GCond started;
  char *address;
};

static void
set_address (RafilmLoopback *self, SoupServer *server)
{
  g_autoslist (GUri) uris = soup_server_get_uris (server);

  g_mutex_lock (&self->lock);
  self->address = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  g_cond_signal (&self->started);
  g_mutex_unlock (&self->lock);
}

static gpointer
run_thread (gpointer data)
{
  RafilmLoopback *self = data;
  g_autoptr (SoupServer) server = NULL;
  g_autoptr (GError) error = NULL;

  g_main_context_push_thread_default (self->context);
  server = soup_server_new (NULL, NULL);
  soup_server_add_handler (server, NULL, self->answer, self->data, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);
  set_address (self, server);
  g_main_loop_run (self->loop);
  if (self->leave != NULL)
    self->leave (self->data);
  soup_server_disconnect (server);
  g_clear_object (&server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

RafilmLoopback *
rafilm_loopback_new (SoupServerCallback answer, GDestroyNotify leave, gpointer data)
{
  RafilmLoopback *self = g_new0 (RafilmLoopback, 1);

  self->answer = answer;
  self->leave = leave;
  self->data = data;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->started);
  self->thread = g_thread_new ("bench-server", run_thread, self);
  g_mutex_lock (&self->lock);
  while (self->address == NULL)
    g_cond_wait (&self->started, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

void
rafilm_loopback_free (RafilmLoopback *self)
{
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->started);
  g_free (self->address);
  g_free (self);
}

const char *
rafilm_loopback_get_address (RafilmLoopback *self)
{
  return self->address;
}

void
rafilm_loopback_invoke (RafilmLoopback *self, GSourceFunc function, gpointer data)
{
  g_main_context_invoke (self->context, function, data);
}
