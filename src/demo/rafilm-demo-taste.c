/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-taste.h"

#include <math.h>

#define MAX_BY_KEYWORDS 1.2

static double
find_weight (const RafilmDemoLiking *likings, const char *name)
{
  for (guint i = 0; likings != NULL && likings[i].name != NULL; i++)
    if (g_strcmp0 (likings[i].name, name) == 0)
      return likings[i].weight;

  return 0;
}

static double
sum_weights (const RafilmDemoLiking *likings, char **names)
{
  double sum = 0;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    sum += find_weight (likings, names[i]);

  return sum;
}

double
rafilm_demo_taste_score (const RafilmDemoTaste *taste, RafilmFilm *film)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  guint n_genres = facts->genres != NULL ? g_strv_length (facts->genres) : 0;
  double score = 0;

  if (n_genres > 0)
    score += sum_weights (taste->genres, facts->genres) / sqrt (n_genres);
  score += sum_weights (taste->directors, facts->directors);
  score += find_weight (taste->languages, facts->language);
  score += fmin (sum_weights (taste->keywords, facts->keywords), MAX_BY_KEYWORDS);
  if (taste->year != 0)
    {
      double distance = (rafilm_film_get_year (film) - taste->year) / (double) taste->spread;

      score += taste->era * exp (-distance * distance);
    }

  return score;
}
