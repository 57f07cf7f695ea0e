/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public reviews: what of a diary others may read, and as which items. Nothing here does I/O.
 *
 * A viewing is published while it is public, has a review and its writer has a handle. It is then
 *   pk R#<film>  sk <at>#<id>   to read the reviews of a film, newest first
 *   pk A#<uid>   sk <at>#<id>   to read those of a person
 *   pk V#<id>    sk M           to find a review by its id {uid, v, film, at, q, handle, reports}
 * where `at` is when it was first published (ms of 1970, 13 digits) and `id` names it in public:
 * 22 characters made of account and viewing, which tell neither. */
#pragma once

#include "rafilm-item.h"

#define RAFILM_PUBLICATION_ID_SIZE 23

void rafilm_publication_make_id (const char *uid, const char *viewing,
                                 char id[RAFILM_PUBLICATION_ID_SIZE]);
bool rafilm_publication_id_is_valid (const char *id);

/* Whether a row (an item of sync, or NULL) may be read by others. */
bool rafilm_publication_is_public (const json_t *row);

/* The actions of a transaction that bring what is published in line with the diary; an empty array
 * when it is. `row` is the viewing as it is now, `published` the item V#<id> and `handle` the
 * writer's; each may be NULL. `now` in ms of 1970. A new reference. */
json_t *rafilm_publication_plan (const char *uid, const char *viewing, const json_t *row,
                                 const json_t *published, const char *handle, int64_t now);

/* The removal of all three items. `published` is V#<id>. */
json_t *rafilm_publication_plan_removal (const char *id, const json_t *published);

/* An item of R#… or A#… as clients get it: {"id","film","handle","rating","liked","date","text",
 * "spoiler","lang","at"}; members without a value are left out. */
json_t *rafilm_publication_to_json (const json_t *item);
