/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-socket.h"

G_BEGIN_DECLS

/**
 * RafilmSocketTimes:
 * @first_delay: the delay after a first failure
 * @max_delay: the longest delay between two attempts
 * @ping: between two pings
 * @pong: how long an answer to a ping may take
 * @life: of a connection
 * @quiet: no traffic for so long lets a planned end happen
 *
 * All in milliseconds.
 */
typedef struct
{
  guint first_delay;
  guint max_delay;
  guint ping;
  guint pong;
  guint life;
  guint quiet;
} RafilmSocketTimes;

/** _rafilm_socket_set_times: for tests, before the socket is wanted. */
void _rafilm_socket_set_times (RafilmSocket *self, const RafilmSocketTimes *times);

G_END_DECLS
