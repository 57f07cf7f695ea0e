/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-bench-wire.h"

#include <string.h>

#define MAX_CONNECTIONS 64
#define PIECE 65536

struct _RafilmBenchWire
{
  GSocketService *service;
  guint server;
  guint port;
  GMutex lock; /* of what follows */
  RafilmBenchWireFigures figures;
  gint64 last;
};

typedef struct
{
  RafilmBenchWire *wire;
  GSocketConnection *from;
  GSocketConnection *to;
  gboolean up;
} Pump;

/* Every request of HTTP/1.1 has exactly one Host header, which clients send in one piece with the
 * request's line. */
static guint
count_requests (const char *bytes, gsize size)
{
  guint count = 0;

  for (const char *at = bytes;
       (at = memmem (at, size - (gsize) (at - bytes), "\r\nHost:", 7)) != NULL; at += 7)
    count++;
  return count;
}

static void
note (RafilmBenchWire *self, gboolean up, const char *bytes, gsize size)
{
  guint requests = up ? count_requests (bytes, size) : 0;

  g_mutex_lock (&self->lock);
  self->figures.requests += requests;
  if (requests > 0)
    self->last = g_get_monotonic_time ();
  if (up)
    self->figures.sent += size;
  else
    self->figures.received += size;
  g_mutex_unlock (&self->lock);
}

static gpointer
pump_thread (gpointer data)
{
  Pump *pump = data;
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (pump->from));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (pump->to));
  g_autofree char *piece = g_malloc (PIECE);
  gssize size = 0;

  while ((size = g_input_stream_read (in, piece, PIECE, NULL, NULL)) > 0)
    {
      note (pump->wire, pump->up, piece, (gsize) size);
      if (!g_output_stream_write_all (out, piece, (gsize) size, NULL, NULL, NULL))
        break;
    }
  g_socket_shutdown (g_socket_connection_get_socket (pump->to), FALSE, TRUE, NULL);
  return NULL;
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *client, GObject *source,
        RafilmBenchWire *self)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnection) server =
      g_socket_client_connect_to_host (connector, "127.0.0.1", (guint16) self->server, NULL, NULL);
  Pump up = { self, client, server, TRUE };
  Pump down = { self, server, client, FALSE };
  GThread *thread = NULL;

  if (server == NULL)
    return TRUE;
  thread = g_thread_new ("bench-wire", pump_thread, &up);
  pump_thread (&down);
  g_thread_join (thread);
  return TRUE;
}

RafilmBenchWire *
rafilm_bench_wire_new (guint port)
{
  RafilmBenchWire *self = g_new0 (RafilmBenchWire, 1);
  GError *error = NULL;

  self->server = port;
  self->service = g_threaded_socket_service_new (MAX_CONNECTIONS);
  self->port =
      g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  if (error != NULL)
    g_error ("%s", error->message);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_start (self->service);
  return self;
}

/* Threads of connections that are still open may look at it, so it stays until the end. */
void
rafilm_bench_wire_free (RafilmBenchWire *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
}

guint
rafilm_bench_wire_get_port (RafilmBenchWire *self)
{
  return self->port;
}

gint64
rafilm_bench_wire_get_last (RafilmBenchWire *self)
{
  gint64 last = 0;

  g_mutex_lock (&self->lock);
  last = self->last;
  g_mutex_unlock (&self->lock);
  return last;
}

void
rafilm_bench_wire_take (RafilmBenchWire *self, RafilmBenchWireFigures *ret_figures)
{
  g_mutex_lock (&self->lock);
  *ret_figures = self->figures;
  self->figures = (RafilmBenchWireFigures) { 0 };
  g_mutex_unlock (&self->lock);
}
