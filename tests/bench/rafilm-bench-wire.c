/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-bench-wire.h"

#include "rafilm-bench-cpu.h"

#include <pthread.h>
#include <string.h>

#define MAX_CONNECTIONS 64
#define PIECE 65536

struct _RafilmBenchWire
{
  GSocketService *service;
  guint server;
  gboolean encrypted;
  guint port;
  GMutex lock; /* of what follows */
  RafilmBenchWireFigures figures;
  gint64 asked;
  gint64 answered;
};

/* One way of a connection. */
typedef struct
{
  RafilmBenchWire *wire;
  GSocketConnection *from;
  GSocketConnection *to;
  gboolean up;
  GString *head; /* of the message under way, as far as it came */
  gsize left;    /* of its body */
} Pump;

/* The value of a head's line, or NULL. */
static const char *
find_line (const char *head, const char *name)
{
  const char *line = strcasestr (head, name);

  return line != NULL ? line + strlen (name) : NULL;
}

static void
note_head (Pump *pump)
{
  RafilmBenchWireFigures *figures = &pump->wire->figures;
  const char *length = find_line (pump->head->str, "\r\nContent-Length:");
  const char *token = find_line (pump->head->str, "\r\nAuthorization:");

  pump->left = length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0;
  if (!pump->up)
    {
      figures->received_heads += pump->head->len;
      return;
    }
  figures->requests++;
  figures->sent_heads += pump->head->len;
  if (token != NULL)
    figures->tokens += strlen ("Authorization:") + strcspn (token, "\r") + 2;
}

/* Tells heads and bodies apart. */
static void
follow (Pump *pump, const char *bytes, gsize size)
{
  while (size > 0)
    {
      gsize step = MIN (size, pump->left);
      gsize had = pump->head->len;
      const char *end = NULL;

      pump->left -= step;
      bytes += step;
      size -= step;
      g_string_append_len (pump->head, bytes, (gssize) size);
      end = strstr (pump->head->str + (had > 3 ? had - 3 : 0), "\r\n\r\n");
      if (end == NULL)
        return;
      g_string_truncate (pump->head, (gsize) (end - pump->head->str) + 4);
      step = pump->head->len - had;
      bytes += step;
      size -= step;
      note_head (pump);
      g_string_truncate (pump->head, 0);
    }
}

static void
note (Pump *pump, const char *bytes, gsize size)
{
  RafilmBenchWire *self = pump->wire;
  guint requests = 0;

  g_mutex_lock (&self->lock);
  requests = self->figures.requests;
  if (!self->encrypted)
    follow (pump, bytes, size);
  if (self->figures.requests > requests)
    self->asked = g_get_monotonic_time ();
  if (pump->up)
    self->figures.sent += size;
  else
    {
      self->figures.received += size;
      self->answered = g_get_monotonic_time ();
    }
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

  pthread_setname_np (pthread_self (), RAFILM_BENCH_CPU_APART "wire");
  while ((size = g_input_stream_read (in, piece, PIECE, NULL, NULL)) > 0)
    {
      note (pump, piece, (gsize) size);
      if (!g_output_stream_write_all (out, piece, (gsize) size, NULL, NULL, NULL))
        break;
    }
  g_socket_shutdown (g_socket_connection_get_socket (pump->to), FALSE, TRUE, NULL);
  g_string_free (pump->head, TRUE);
  return NULL;
}

static gboolean
run_cb (GThreadedSocketService *service, GSocketConnection *client, GObject *source,
        RafilmBenchWire *self)
{
  g_autoptr (GSocketClient) connector = g_socket_client_new ();
  g_autoptr (GSocketConnection) server =
      g_socket_client_connect_to_host (connector, "127.0.0.1", (guint16) self->server, NULL, NULL);
  Pump up = { self, client, server, TRUE, g_string_new (NULL), 0 };
  Pump down = { self, server, client, FALSE, g_string_new (NULL), 0 };
  GThread *thread = NULL;

  if (server == NULL)
    return TRUE;
  thread = g_thread_new ("bench-wire", pump_thread, &up);
  pump_thread (&down);
  g_thread_join (thread);
  return TRUE;
}

RafilmBenchWire *
rafilm_bench_wire_new (guint port, gboolean encrypted)
{
  RafilmBenchWire *self = g_new0 (RafilmBenchWire, 1);
  GError *error = NULL;

  self->server = port;
  self->encrypted = encrypted;
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

static gint64
read_time (RafilmBenchWire *self, const gint64 *time)
{
  gint64 copy = 0;

  g_mutex_lock (&self->lock);
  copy = *time;
  g_mutex_unlock (&self->lock);
  return copy;
}

gint64
rafilm_bench_wire_get_asked (RafilmBenchWire *self)
{
  return read_time (self, &self->asked);
}

gint64
rafilm_bench_wire_get_answered (RafilmBenchWire *self)
{
  return read_time (self, &self->answered);
}

void
rafilm_bench_wire_take (RafilmBenchWire *self, RafilmBenchWireFigures *ret_figures)
{
  g_mutex_lock (&self->lock);
  *ret_figures = self->figures;
  self->figures = (RafilmBenchWireFigures) { 0 };
  g_mutex_unlock (&self->lock);
}
