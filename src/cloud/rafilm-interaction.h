/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a row of a diary tells Personalize: who saw which film, when, and how much they liked it.
 * Nothing of what somebody wrote is in it. */
#pragma once

#include "rafilm-item.h"

#define RAFILM_INTERACTION_TYPE "watch"

typedef struct
{
  int64_t film;
  int64_t time; /* seconds of 1970, neither before nor in the future of `now` */
  double value; /* the rating, 1 to 10; 9 of what is liked and unrated, 6 of what is neither */
} RafilmInteraction;

/* The attributes that are read of a row, for a ProjectionExpression, and its names. */
#define RAFILM_INTERACTION_PROJECTION                                                              \
  "sk, x, #f.film, #f.#on, #f.rating, #f.liked, #f.#like, #f.seen, #s.#all"
json_t *rafilm_interaction_get_names (void); /* new reference */

/* Of a row as it is in the table (sk "d#…" or "f#…"). A viewing is one, on its day or, without one,
 * when it was written. So is a film that is marked as seen, rated or liked. False for all else:
 * what is deleted, hidden or broken. */
bool rafilm_interaction_from_item (const json_t *item, int64_t now, RafilmInteraction *ret_self);

/* When the row was last written, in seconds of 1970; 0 when that cannot be told. */
int64_t rafilm_interaction_get_written (const json_t *item);

/* Whether an account's number may stand in a file without quotes: A-Z a-z 0-9 - _, at most 128. */
bool rafilm_interaction_uid_is_plain (const char *uid);
