/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-sync-transport.h"
#include "sync-server.h"

G_BEGIN_DECLS

/* A way to the server that loses requests, loses answers, and delivers old requests again. */
#define SYNC_TYPE_PIPE (sync_pipe_get_type ())
G_DECLARE_FINAL_TYPE (SyncPipe, sync_pipe, SYNC, PIPE, GObject)

SyncPipe *sync_pipe_new (SyncServer *server, const char *uid, guint32 seed);

/* Each fault meets so many of 100 requests. */
void sync_pipe_set_faults (SyncPipe *self, guint percent);
/* The account is no more, or is again. */
void sync_pipe_set_gone (SyncPipe *self, gboolean gone);
/* The next requests are answered with @status instead; 0 for no more. */
void sync_pipe_set_status (SyncPipe *self, guint status, guint retry_after);
/* Batches of more operations are answered with 413; 0 for any size. */
void sync_pipe_set_max_ops (SyncPipe *self, guint max_ops);
/* Requests that have the word are answered with 400; NULL for none. */
void sync_pipe_set_poison (SyncPipe *self, const char *word);
/* The bytes of a page that is asked for; 0 for as many as the program asks for. */
void sync_pipe_set_page (SyncPipe *self, gint64 bytes);
/* After so many more requests the network is gone; G_MAXUINT for never. */
void sync_pipe_set_allowance (SyncPipe *self, guint requests);
/* The network is gone, or there. */
void sync_pipe_set_offline (SyncPipe *self, gboolean offline);
/* How many requests were sent into it. */
guint sync_pipe_get_sent (SyncPipe *self);

G_END_DECLS
