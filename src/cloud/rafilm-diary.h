/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a user's diary, as sync keeps it in the table (pk U#uid, sk <kind>#<id>, f = fields,
 * x = deleted). Nothing here writes. */
#pragma once

#include "rafilm-dynamodb.h"

/* The rows of one kind ("d" viewings, "f" films, "w" watchlist) that are not deleted, as
 * [{"id":"…","f":{field: value}}…], at most `max`. New reference; NULL when it cannot be read. */
json_t *rafilm_diary_read (RafilmDynamodb *dynamodb, const char *uid, const char *kind, size_t max);

/* Ids of films, in a sorted array without doubles. */
typedef struct
{
  int64_t *ids;
  size_t length;
} RafilmFilmSet;

void rafilm_film_set_clear (RafilmFilmSet *self);
bool rafilm_film_set_contains (const RafilmFilmSet *self, int64_t id);

/* Films that were watched, rated, or hidden from recommendations. */
bool rafilm_diary_read_seen (RafilmDynamodb *dynamodb, const char *uid, RafilmFilmSet *ret_seen);
