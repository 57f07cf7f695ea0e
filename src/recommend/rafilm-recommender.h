/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "rafilm-recommendation.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * RafilmRecommender:
 *
 * Recommends films on the device, from the diary and an item-item model that was trained
 * elsewhere; no network is needed. Where there is no model, or it knows none of the diary's films,
 * what films share (people, genres, keywords) and their popularity take its place.
 */
#define RAFILM_TYPE_RECOMMENDER (rafilm_recommender_get_type ())
G_DECLARE_FINAL_TYPE (RafilmRecommender, rafilm_recommender, RAFILM, RECOMMENDER, GObject)

/**
 * rafilm_recommender_new:
 * @model_path: (nullable): a model's file; see rafilm-item-model.h
 */
RafilmRecommender *rafilm_recommender_new (RafilmStore *store, const char *model_path);

/**
 * RafilmRecommenderQuery:
 * @like: id of a film that the answer should resemble; 0 for the whole diary's taste
 * @genre: (nullable): TMDb's English genre name
 * @min_year: 0 for any
 * @max_year: 0 for any
 * @min_runtime: minutes; 0 for any
 * @max_runtime: minutes; 0 for any
 * @include_seen: with @like, films that were seen may be in the answer too
 * @limit: at most 100
 */
typedef struct
{
  gint64 like;
  const char *genre;
  int min_year;
  int max_year;
  int min_runtime;
  int max_runtime;
  gboolean include_seen;
  guint limit;
} RafilmRecommenderQuery;

/**
 * rafilm_recommender_find:
 * @query: copied
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmRecommendation, best first
 */
DexFuture *rafilm_recommender_find (RafilmRecommender *self,
                                    const RafilmRecommenderQuery *query) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_recommender_recommend:
 * @limit: how many films in all
 *
 * What the For You page shows: the best films first, then rows of films that one known film speaks
 * for. A film is in one row only, and no director fills a row.
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmRecommendation, row by row
 */
DexFuture *rafilm_recommender_recommend (RafilmRecommender *self,
                                         guint limit) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
