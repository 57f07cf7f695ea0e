/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TMDb (API v3) through a cache in DynamoDB: pk T#<key> sk M {body, at, ttl}.
 *
 * An answer is fresh for a time by its kind (a film 7 days, a search 1 day, trending 6 hours, the
 * list of genres 30 days, a film that does not exist 1 day). When TMDb fails or limits us, a stale
 * answer is given, for as long as 30 days past its time; after a 429 TMDb is left alone for as long
 * as it asked, by all sandboxes. rafilm-tmdb-gate.h keeps them together under TMDb's limit, and has
 * one of them fetch what many want.
 * https://developer.themoviedb.org/reference */
#pragma once

#include "rafilm-dynamodb.h"

#define RAFILM_TMDB_MAX_IDS 40
#define RAFILM_TMDB_MAX_PAGE 500

typedef enum
{
  RAFILM_TMDB_OK,
  RAFILM_TMDB_NOT_FOUND,
  RAFILM_TMDB_UNAVAILABLE, /* TMDb fails or limits us, and nothing is in the cache */
} RafilmTmdbStatus;

typedef struct _RafilmTmdb RafilmTmdb;

/* Borrows both. */
RafilmTmdb *rafilm_tmdb_new (RafilmAws *aws, RafilmDynamodb *dynamodb);
void rafilm_tmdb_free (RafilmTmdb *self);

/* FILM with cast, keywords and "similar" (array of short FILM). New reference. */
RafilmTmdbStatus rafilm_tmdb_get_film (RafilmTmdb *self, int64_t id, json_t **ret_film);

/* FILMs of at most RAFILM_TMDB_MAX_IDS ids, in the order asked, without the unknown ones and
 * without those that cannot be had now, whose ids are `*ret_later` (may be NULL). UNAVAILABLE only
 * when none could be had. New references. */
RafilmTmdbStatus rafilm_tmdb_get_films (RafilmTmdb *self, const int64_t *ids, size_t length,
                                        json_t **ret_films, json_t **ret_later);

/* {"page","pages","total","results":[short FILM]}. `year` 0 = any. New references. */
RafilmTmdbStatus rafilm_tmdb_search (RafilmTmdb *self, const char *query, int year, int page,
                                     json_t **ret_page);
/* `genre` by name ("Crime", any case) or NULL; `sort` by popularity. NOT_FOUND: no such genre. */
RafilmTmdbStatus rafilm_tmdb_discover (RafilmTmdb *self, const char *genre, int year, int page,
                                       json_t **ret_page);
/* Array of short FILM: this week's. */
RafilmTmdbStatus rafilm_tmdb_trending (RafilmTmdb *self, json_t **ret_films);
