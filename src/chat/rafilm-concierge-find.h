/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-concierge-parse.h"
#include "rafilm-recommender.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * RafilmPick:
 * @film: a film that was found, as the mirror has it
 * @rating: half stars: of the viewing that was asked for, else of the film; 0 for none
 * @date: of that viewing; empty for none
 * @viewings: how many viewings of it were found
 * @minutes: the running time of those
 * @reason: (nullable): why it is recommended
 */
typedef struct
{
  RafilmFilm *film;
  int rating;
  char date[11];
  guint viewings;
  guint minutes;
  char *reason;
} RafilmPick;

/**
 * rafilm_request_allows:
 * @beside: (nullable): the film of the request, to which its relations refer
 * @rating: half stars
 *
 * Whether a film is as the request wants it, leaving aside the scope, the topic and the tag.
 * What is not known of a film doesn't fit.
 */
gboolean rafilm_request_allows (const RafilmRequest *self, RafilmFilm *film, int rating,
                                RafilmFilm *beside);

/**
 * rafilm_concierge_await_picks:
 *
 * For fibers. Finds the films of the mirror that the request is about.
 *
 * Returns: (transfer full) (element-type RafilmPick) (nullable): in the order of the request,
 *   without its limit
 */
GArray *rafilm_concierge_await_picks (RafilmStore *store, const RafilmRequest *request,
                                      RafilmFilm *beside, GError **error);

/**
 * rafilm_concierge_await_recommendations:
 *
 * For fibers. Asks the recommender.
 *
 * Returns: (transfer full) (element-type RafilmPick) (nullable): best first, without the limit
 */
GArray *rafilm_concierge_await_recommendations (RafilmStore *store, RafilmRecommender *recommender,
                                                const RafilmRequest *request, RafilmFilm *beside,
                                                GError **error);

G_END_DECLS
