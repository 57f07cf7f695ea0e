/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

#define RAFILM_DEMO_VIEWINGS 300
#define RAFILM_DEMO_REVIEWS 90

/**
 * RafilmDemoViewing:
 * @film: index in the catalogue
 * @date: (nullable): "YYYY-MM-DD"
 * @rating: half stars; 0 for none
 * @tags: the viewing's tags
 * @review: (nullable): its text
 *
 * A viewing as the plan has it.
 */
typedef struct
{
  guint film;
  char *date;
  int rating;
  gboolean liked;
  gboolean rewatch;
  gboolean finished;
  GStrv tags;
  char *review;
  gboolean spoiler;
} RafilmDemoViewing;

/**
 * RafilmDemoPlan:
 * @films: (element-type RafilmFilm): the catalogue
 * @scores: how well each film suits the diary's owner: mean 0, standard deviation 1
 * @viewings: (element-type RafilmDemoViewing): in order of time, undated ones first
 * @rand: the source of all chance
 *
 * The years of a person who goes to the pictures: new films while they run, others from the
 * shelves, horror in October, some films again.
 */
typedef struct
{
  GPtrArray *films;
  double *scores;
  GPtrArray *viewings;
  GRand *rand;
} RafilmDemoPlan;

/**
 * rafilm_demo_plan_new:
 * @today: "YYYY-MM-DD", the last day that may have a viewing
 */
RafilmDemoPlan *rafilm_demo_plan_new (GPtrArray *films, const char *today, guint32 seed);
void rafilm_demo_plan_free (RafilmDemoPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmDemoPlan, rafilm_demo_plan_free)

/** Whether a viewing of the film is planned. */
gboolean rafilm_demo_plan_has_film (const RafilmDemoPlan *self, guint film);

G_END_DECLS
