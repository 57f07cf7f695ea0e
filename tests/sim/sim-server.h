/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The function of synchronisation, as many of its requests at once as there are, on one table.
 * Each may be held up before any of its calls, and die there. Called in fibers. */

#pragma once

#include <glib.h>

#include "rafilm-wire-digest.h"
#include "rafilm-wire-record.h"

typedef struct
{
  guint64 request; /* which it was */
  guint status;    /* of HTTP; 0 = it died and answers nobody */
  char *text;      /* nullable */
} SimReply;

typedef struct _SimServer SimServer;

/* Of one account, as the token of every request says. `page`: rows of one answer of the table.
 * `is_punctual`: what takes too long is ended. */
SimServer *sim_server_new (const char *account, guint page, gboolean is_punctual);

/* Begins to serve; `request` is told with the reply. */
void sim_server_begin (SimServer *self, guint64 request, const char *text);
guint sim_server_count_running (SimServer *self);
/* Lets one of those that run go on, until it is held up again or has its reply. */
void sim_server_go_on (SimServer *self, guint which);
/* One of those that run dies where it is. */
void sim_server_kill (SimServer *self, guint which);
/* (transfer full) (nullable): of those that have ended, the next one */
SimReply *sim_server_take_reply (SimServer *self);
void sim_reply_free (SimReply *self);

/* From now on nothing is held up and nothing fails. */
void sim_server_heal (SimServer *self);

/* The Trash's old content is taken away. Returns how many records lost theirs. */
guint sim_server_purge (SimServer *self);
void sim_server_back_up (SimServer *self);
/* Puts a backup back; FALSE when there is none. */
gboolean sim_server_restore (SimServer *self);

const char *sim_server_get_epoch (SimServer *self);
gint64 sim_server_get_head (SimServer *self);
void sim_server_get_digest (SimServer *self, RafilmWireDigest *ret_digest);
/* (element-type RafilmWireRow) (transfer full): all rows by key */
GPtrArray *sim_server_list_rows (SimServer *self);
