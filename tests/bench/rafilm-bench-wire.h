/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What goes over the wire: a server on loopback that hands every byte on, both ways, and counts
 * them, headers and all, as well as requests. It runs in threads of its own. */
typedef struct _RafilmBenchWire RafilmBenchWire;

typedef struct
{
  guint requests;
  gsize sent;     /* bytes to the server */
  gsize received; /* and from it */
  /* Of plain HTTP/1.1 that says the length of its bodies: how many of them are in heads, and of
   * those in the line with the token. */
  gsize sent_heads;
  gsize tokens;
  gsize received_heads;
} RafilmBenchWireFigures;

/**
 * rafilm_bench_wire_new:
 * @port: of the server on loopback
 * @encrypted: then bytes are counted, and nothing else
 */
RafilmBenchWire *rafilm_bench_wire_new (guint port, gboolean encrypted);
void rafilm_bench_wire_free (RafilmBenchWire *self);

guint rafilm_bench_wire_get_port (RafilmBenchWire *self);

/** When the last request began, by the monotonic clock; 0 for never. */
gint64 rafilm_bench_wire_get_asked (RafilmBenchWire *self);

/** When the last byte of an answer came, by the monotonic clock; 0 for never. */
gint64 rafilm_bench_wire_get_answered (RafilmBenchWire *self);

/** The figures since the last call, or since the start. */
void rafilm_bench_wire_take (RafilmBenchWire *self, RafilmBenchWireFigures *ret_figures);

G_END_DECLS
