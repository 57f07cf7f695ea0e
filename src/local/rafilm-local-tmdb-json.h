/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-catalogue.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Films in the shapes of TMDb's API, version 3 (developer.themoviedb.org). */

/* TMDb's number of a genre, or 0; and the other way. */
int rafilm_local_tmdb_genre_id (const char *name);
const char *rafilm_local_tmdb_genre_name (int id);
JsonObject *rafilm_local_tmdb_genres_to_json (void);

JsonObject *rafilm_local_tmdb_configuration_to_json (const char *address);

/* A film as lists have it, and as its own page has it. */
JsonObject *rafilm_local_tmdb_film_to_item (const RafilmLocalFilm *film);
JsonObject *rafilm_local_tmdb_film_to_details (const RafilmLocalFilm *film);

/**
 * rafilm_local_tmdb_film_append:
 * @part: a name of append_to_response: credits, keywords, similar, recommendations or
 *   release_dates
 *
 * Adds that part to a film's details; unknown names are passed over, as TMDb does.
 */
void rafilm_local_tmdb_film_append (JsonObject *details, const char *part, RafilmLocalFilm *film,
                                    RafilmLocalCatalogue *catalogue);

/**
 * rafilm_local_tmdb_page_to_json:
 * @films: (element-type RafilmLocalFilm)
 * @page: from 1
 * @media_type: (nullable): an extra member of each result
 */
JsonObject *rafilm_local_tmdb_page_to_json (GPtrArray *films, gint64 page, const char *media_type);

G_END_DECLS
