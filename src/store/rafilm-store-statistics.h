/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"

G_BEGIN_DECLS

/** A name and how often it comes. */
typedef struct
{
  char *name;
  guint count;
} RafilmCount;

/**
 * RafilmStatistics:
 * @year: the year, by the date watched; 0 for everything
 * @viewings: viewings
 * @films: different films
 * @rewatches: viewings that were not the first
 * @minutes: the running time of all viewings, as far as it is known
 * @reviews: viewings with a review
 * @likes: viewings with a like
 * @mean_rating: of the viewings that have a rating, in half stars; 0 for none
 * @ratings: how many viewings have the rating 1 to 10; [0] has none
 * @months: viewings in January to December (0 to 11)
 * @weekdays: viewings on Mondays to Sundays (0 to 6)
 * @genres: (element-type RafilmCount): most frequent first, at most ten
 * @directors: (element-type RafilmCount): likewise
 * @decades: (element-type RafilmCount): "1990", in order of time
 * @years: (element-type gint): the years that have viewings, newest first, whatever @year is
 * @watchlist: films on the watchlist now
 *
 * The year in review.
 */
typedef struct
{
  int year;
  guint viewings;
  guint films;
  guint rewatches;
  guint minutes;
  guint reviews;
  guint likes;
  double mean_rating;
  guint ratings[11];
  guint months[12];
  guint weekdays[7];
  GArray *genres;
  GArray *directors;
  GArray *decades;
  GArray *years;
  guint watchlist;
} RafilmStatistics;

#define RAFILM_TYPE_STATISTICS (rafilm_statistics_get_type ())
GType rafilm_statistics_get_type (void);
RafilmStatistics *rafilm_statistics_copy (const RafilmStatistics *self);
void rafilm_statistics_free (RafilmStatistics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStatistics, rafilm_statistics_free)

/**
 * rafilm_store_get_statistics:
 * @year: a year, or 0 for everything
 *
 * Returns: (transfer full): resolves to a RafilmStatistics
 */
DexFuture *rafilm_store_get_statistics (RafilmStore *self, int year) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
