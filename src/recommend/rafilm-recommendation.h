/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/**
 * RafilmRecommendation:
 *
 * A film that somebody might like, and why. Properties, all read-only: film (RafilmFilm), reason
 * (a sentence to show), because (RafilmFilm or %NULL: the known film that speaks most for it) and
 * row (the heading under which it belongs; films of one row follow each other).
 */
#define RAFILM_TYPE_RECOMMENDATION (rafilm_recommendation_get_type ())
G_DECLARE_FINAL_TYPE (RafilmRecommendation, rafilm_recommendation, RAFILM, RECOMMENDATION, GObject)

RafilmRecommendation *rafilm_recommendation_new (RafilmFilm *film, RafilmFilm *because,
                                                 const char *reason, const char *row);

RafilmFilm *rafilm_recommendation_get_film (RafilmRecommendation *self);
RafilmFilm *rafilm_recommendation_get_because (RafilmRecommendation *self);
const char *rafilm_recommendation_get_reason (RafilmRecommendation *self);
const char *rafilm_recommendation_get_row (RafilmRecommendation *self);

G_END_DECLS
