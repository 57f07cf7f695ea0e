/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A server on loopback in a thread of its own, for programs that wait elsewhere meanwhile. */
typedef struct _RafilmLoopback RafilmLoopback;

/**
 * rafilm_loopback_new:
 * @answer: called in the server's thread, as is @leave at its end
 * @leave: (nullable)
 */
RafilmLoopback *rafilm_loopback_new (SoupServerCallback answer, GDestroyNotify leave,
                                     gpointer data);
void rafilm_loopback_free (RafilmLoopback *self);

/** e.g. "127.0.0.1:40123" */
const char *rafilm_loopback_get_address (RafilmLoopback *self);

/** Calls @function in the server's thread, some time. */
void rafilm_loopback_invoke (RafilmLoopback *self, GSourceFunc function, gpointer data);

G_END_DECLS
