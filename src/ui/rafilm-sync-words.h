/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-sync-engine.h"

G_BEGIN_DECLS

/* How the diary stands towards the server, in words. */

typedef struct
{
  RafilmSyncEngineState state;
  guint unsent;  /* changes that the server has not answered */
  guint refused; /* changes that it refused for good */
  gint64 last;   /* when everything was on the server; milliseconds since 1970, 0 for never */
  gint64 now;
  guint sent; /* of the changes of the running exchange, which are TO_SEND */
  guint to_send;
} RafilmSyncFacts;

/* A few words, as a title. */
const char *rafilm_sync_words_get_title (const RafilmSyncFacts *facts);

/* What that comes to, in sentences.  Transfer full. */
char *rafilm_sync_words_dup_detail (const RafilmSyncFacts *facts);

G_END_DECLS
