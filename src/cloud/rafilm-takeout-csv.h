/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of CSV (RFC 4180, UTF-8) with the columns that Letterboxd's importer reads:
 * https://letterboxd.com/about/importing-data/ . Texts are as they were written. */
#pragma once

#include "rafilm-memory.h"

#include <jansson.h>

#define RAFILM_TAKEOUT_VIEWING_HEADER "tmdbID,Title,Year,Rating,WatchedDate,Rewatch,Tags,Review\r\n"
#define RAFILM_TAKEOUT_FILM_HEADER "tmdbID,Title,Year,Rating,Liked\r\n"
#define RAFILM_TAKEOUT_WATCHLIST_HEADER "tmdbID,Title,Year,Note\r\n"
#define RAFILM_TAKEOUT_LIST_HEADER "Position,tmdbID,Title,Year,Description\r\n"

/* One value, in quotes where it needs them, and the comma before it unless it begins a line; the
 * first of a line is never empty. */
void rafilm_takeout_csv_add (RafilmBuffer *line, const char *value);
void rafilm_takeout_csv_end (RafilmBuffer *line);

/* "8" of half stars as "4", 9 as "4.5"; "" for what is no rating. */
void rafilm_takeout_csv_add_rating (RafilmBuffer *line, const json_t *rating);

/* Number, title and year. `film` is what the catalogue knows of it, or NULL. */
void rafilm_takeout_csv_add_film (RafilmBuffer *line, int64_t id, const json_t *film);

/* Whole lines of records; `fields` as sync keeps them. */
void rafilm_takeout_csv_add_viewing (RafilmBuffer *line, const json_t *fields, const json_t *film);
void rafilm_takeout_csv_add_rated (RafilmBuffer *line, int64_t id, const json_t *fields,
                                   const json_t *film);
void rafilm_takeout_csv_add_wanted (RafilmBuffer *line, int64_t id, const json_t *fields,
                                    const json_t *film);
