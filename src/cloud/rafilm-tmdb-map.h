/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TMDb's JSON turned into ours, checked and bounded. Pure.
 *
 * FILM: {"id","title","original_title","language","countries":["US"],"release_date","runtime",
 * "genres":["Crime"],"directors":[…],"cast":[{"name","character"}],"keywords":[…],"overview",
 * "poster_path","backdrop_path","popularity"}; the short form has no countries, runtime, directors,
 * cast and keywords. Only "id" and "title" are always there: what TMDb does not know, or says in a
 * shape that is not TMDb's, is left out. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#define RAFILM_FILM_MAX_ID INT32_MAX

/* {"genres":[{"id":80,"name":"Crime"}…]} -> {"80":"Crime",…}. New reference. */
json_t *rafilm_tmdb_map_genres (const json_t *list);

/* An element of a list of films. `genres` from rafilm_tmdb_map_genres () or NULL. New reference;
 * NULL when it has no proper id or title. */
json_t *rafilm_tmdb_map_short (const json_t *item, const json_t *genres);

/* movie/{id} with append_to_response=credits,keywords,similar -> FILM with "similar":[short].
 * New reference; NULL when it has no proper id or title. */
json_t *rafilm_tmdb_map_film (const json_t *details, const json_t *genres);

/* A pageable list -> {"page","pages","total","results":[short]}. New reference; NULL when it is
 * no such list. */
json_t *rafilm_tmdb_map_page (const json_t *list, const json_t *genres);

/* FILM -> its short form, borrowing values. New reference. */
json_t *rafilm_film_shorten (const json_t *film);
