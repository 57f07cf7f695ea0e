/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What TMDb answered, kept in DynamoDB: pk T#<key> sk M {body, at, ttl, v}.
 * `body` is the JSON text of the answer already in our form; "null" stands for "no such thing". */
#pragma once

#include "rafilm-dynamodb.h"

typedef enum
{
  RAFILM_TMDB_KIND_FILM,
  RAFILM_TMDB_KIND_SEARCH,
  RAFILM_TMDB_KIND_DISCOVER,
  RAFILM_TMDB_KIND_TRENDING,
  RAFILM_TMDB_KIND_GENRES,
} RafilmTmdbKind;

typedef struct
{
  RafilmTmdbKind kind;
  char *key;
  json_t *body; /* json null for a negative answer; NULL when nothing is kept */
  bool fresh;
} RafilmTmdbEntry;

void rafilm_tmdb_entry_clear (RafilmTmdbEntry *self); /* key and body */

/* Fills `body` and `fresh` of all entries. A cache that cannot be read is an empty one. */
void rafilm_tmdb_cache_read (RafilmDynamodb *dynamodb, RafilmTmdbEntry *entries, size_t length,
                             int64_t now);

/* Keeps the entries that are marked in `changed`. A failure is logged, never more. */
void rafilm_tmdb_cache_write (RafilmDynamodb *dynamodb, const char *table,
                              const RafilmTmdbEntry *entries, const bool *changed, size_t length,
                              int64_t now);
