/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-catalogue.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A stand-in for The Movie Database's API, version 3, over the sample catalogue, since no
 * emulator of it is packaged: configuration, search, details, discover, trending and genres in
 * TMDb's own shapes, its error bodies, and its rate limit. Votes and popular images are not known
 * to the samples: votes are 0. Served at "/3". */

typedef struct _RafilmLocalTmdb RafilmLocalTmdb;

/**
 * rafilm_local_tmdb_new:
 * @key: what a request must carry: as "api_key" in the query, or as a bearer token
 * @address: of the server that has the pictures, e.g. "http://127.0.0.1:4000"
 * @per_second: requests above which the answer is 429
 */
RafilmLocalTmdb *rafilm_local_tmdb_new (SoupServer *server, RafilmLocalCatalogue *catalogue,
                                        const char *key, const char *address, guint per_second);
void rafilm_local_tmdb_free (RafilmLocalTmdb *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalTmdb, rafilm_local_tmdb_free)

G_END_DECLS
