/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-function.h"
#include "rafilm-local-moto.h"

G_BEGIN_DECLS

/* The event source mapping between the table's stream and the function "publisher": batches of
 * records in order, only of users' items, and those that fail come again. */

typedef struct _RafilmLocalStream RafilmLocalStream;

/**
 * rafilm_local_stream_start:
 * @function: gets the records; must outlive the stream
 *
 * Turns the stream of @table on. In a fiber only. What was written before is not told.
 *
 * Returns: (transfer full) (nullable): the stream, or %NULL with an error
 */
RafilmLocalStream *rafilm_local_stream_start (RafilmLocalMoto *moto, const char *table,
                                              RafilmLocalFunction *function, GError **error);

/**
 * rafilm_local_stream_stop:
 *
 * Reads no more and frees @self.
 */
void rafilm_local_stream_stop (RafilmLocalStream *self);

/**
 * rafilm_local_stream_wake:
 *
 * Says that the table may be written to about now; without it the stream is left alone.
 */
void rafilm_local_stream_wake (RafilmLocalStream *self);

/**
 * rafilm_local_stream_make_event:
 * @records: as the service gave them
 *
 * Returns: (transfer full) (nullable): the function's event, %NULL when no record is for it
 */
GBytes *rafilm_local_stream_make_event (JsonArray *records);

G_END_DECLS
