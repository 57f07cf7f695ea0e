/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-sync-engine.h"

G_BEGIN_DECLS

/* How the diary stands towards the server, in words. */

/* A few words, as a title. */
const char *rafilm_sync_words_get_title (RafilmSyncEngineState state);

/* What STATE comes to for UNSENT changes, when everything was on the server at
 * LAST (milliseconds since 1970, 0 for never) and it is NOW.  Transfer full. */
char *rafilm_sync_words_dup_detail (RafilmSyncEngineState state, guint unsent, gint64 last,
                                    gint64 now);

G_END_DECLS
