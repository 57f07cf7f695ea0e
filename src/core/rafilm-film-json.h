/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/* The JSON of a film's facts, as the films API sends them and the mirror keeps them:
 *
 * {"id": 949, "title": "Heat", "original_title": "Heat", "language": "en", "countries": ["US"],
 *  "release_date": "1995-12-15", "runtime": 170, "genres": ["Crime"],
 *  "directors": ["Michael Mann"], "cast": [{"name": "Al Pacino", "character": "Vincent Hanna"}],
 *  "keywords": ["heist"], "overview": "…", "poster_path": "/949.jpg", "backdrop_path": "/949b.jpg",
 *  "popularity": 55.2, "similar": [{"id": 1538, …}]}
 *
 * Only "id" and "title" must be there. Members of a wrong type are left out; texts, lists and
 * numbers are cut to their bounds. "similar" may hold ids or films. */

/**
 * rafilm_film_from_json:
 * @object: a film
 * @error: %RAFILM_ERROR_MALFORMED when it has no proper id or title
 *
 * Returns: (transfer full) (nullable): a new film without state, fetched now
 */
RafilmFilm *rafilm_film_from_json (JsonObject *object, GError **error);

/**
 * rafilm_film_to_json:
 *
 * Returns: (transfer full): the facts
 */
JsonObject *rafilm_film_to_json (RafilmFilm *film);

G_END_DECLS
