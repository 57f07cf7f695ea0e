/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server on loopback, in a thread of its own, that answers every request with given bytes. */
#pragma once

#include <glib.h>

typedef struct _FuzzPeer FuzzPeer;

FuzzPeer *fuzz_peer_new (void);

guint fuzz_peer_get_port (FuzzPeer *self);

/* Answers with exactly these bytes, in pieces of `piece`, and closes the connection. */
void fuzz_peer_answer_raw (FuzzPeer *self, const guint8 *bytes, gsize size, gsize piece);

/* Answers with this body and status 200, as a peer would that keeps to HTTP. */
void fuzz_peer_answer_body (FuzzPeer *self, const guint8 *body, gsize size);
