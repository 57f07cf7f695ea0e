/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading an account page by page, for its archive. */
#pragma once

#include "rafilm-dynamodb.h"
#include "rafilm-zip.h"

typedef struct
{
  RafilmDynamodb *dynamodb;
  RafilmZip *zip;
  const char *uid;
  int64_t now;      /* s of 1970 */
  int64_t deadline; /* ms of 1970 */
  bool is_first;    /* of an array of JSON that is being written */
} RafilmTakeout;

/* Takes a page of items; false when it cannot go on. */
typedef bool (*RafilmTakeoutPageFunc) (RafilmTakeout *self, const json_t *items, void *data);

/* The members of a query: all items of a partition, those whose sort key begins with `prefix`
 * (NULL: all), in the order of `index` (NULL: of the sort key); pages of `limit`, 0 for as many as
 * come. A new reference. */
json_t *rafilm_takeout_query (const char *index, const char *pk, const char *prefix, int limit);

/* Hands all pages to `func`; false when it said so, the table could not be read or time is up.
 * Takes the reference of `query`. */
bool rafilm_takeout_walk (RafilmTakeout *self, json_t *query, RafilmTakeoutPageFunc func,
                          void *data);
