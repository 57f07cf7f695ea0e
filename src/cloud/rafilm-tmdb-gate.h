/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all sandboxes of all functions share of TMDb: its limit, and who fetches what many want.
 *
 * The limit is a count of the running second (pk T#limit sk M {w second, n requests, p pause
 * until}), raised by conditional writes: exact over any number of sandboxes, which a bucket in each
 * times reserved concurrency is not, since three functions ask TMDb and most sandboxes are idle. A
 * miss costs one small write. A lease (pk T#<key> sk L {until, ttl}) is had by one at a time. Where
 * the table does not answer, requests go through: TMDb refuses with 429 what is too much. */
#pragma once

#include "rafilm-dynamodb.h"

#define RAFILM_TMDB_GATE_LIMIT 35 /* requests a second; TMDb's own limit is about 40 */

/* How many of `wanted` requests may be sent now. When there are none, `*ret_until` (s of 1970) is
 * when to ask again; after a pause it may be minutes away. */
size_t rafilm_tmdb_gate_take (RafilmDynamodb *dynamodb, size_t wanted, int64_t now,
                              int64_t *ret_until);

/* TMDb wants to be left alone. */
void rafilm_tmdb_gate_pause (RafilmDynamodb *dynamodb, int64_t until);

/* Whether it is us who fetch; false while somebody else does. What could not be fetched is given
 * back, so that nobody waits for it. */
bool rafilm_tmdb_gate_lease (RafilmDynamodb *dynamodb, const char *key, int64_t now);
void rafilm_tmdb_gate_give_back (RafilmDynamodb *dynamodb, const char *key, int64_t now);
