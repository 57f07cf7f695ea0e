/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/**
 * RafilmDemoOccasion:
 * @film: what was watched
 * @rating: half stars; 0 for none
 * @rewatch: not for the first time
 * @finished: to the end
 * @tags: (nullable): of the viewing
 *
 * What a review is about.
 */
typedef struct
{
  RafilmFilm *film;
  int rating;
  gboolean rewatch;
  gboolean finished;
  const char *const *tags;
} RafilmDemoOccasion;

/**
 * RafilmDemoCritic:
 *
 * Writes reviews out of phrases that suit the film, the rating and the occasion, and of these the
 * ones that were used least.
 */
typedef struct _RafilmDemoCritic RafilmDemoCritic;

/** @rand: lives at least as long as the critic */
RafilmDemoCritic *rafilm_demo_critic_new (GRand *rand);
void rafilm_demo_critic_free (RafilmDemoCritic *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmDemoCritic, rafilm_demo_critic_free)

/**
 * rafilm_demo_critic_write:
 * @ret_spoiler: (out): whether it gives something away
 *
 * Returns: (transfer full): a review: a line, some sentences, or some paragraphs
 */
char *rafilm_demo_critic_write (RafilmDemoCritic *self, const RafilmDemoOccasion *occasion,
                                gboolean *ret_spoiler);

G_END_DECLS
