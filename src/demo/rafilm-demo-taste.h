/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/** How much more somebody likes films that have @name: genre, director, language or keyword. */
typedef struct
{
  const char *name;
  double weight;
} RafilmDemoLiking;

/**
 * RafilmDemoTaste:
 * @genres: TMDb's English genre names; ended by a %NULL name, as the following are
 * @directors: names
 * @languages: ISO 639-1
 * @keywords: the catalogue's
 * @year: around when the favourite films were made; 0 for any time
 * @spread: in years
 * @era: how much that counts
 */
typedef struct
{
  const RafilmDemoLiking *genres;
  const RafilmDemoLiking *directors;
  const RafilmDemoLiking *languages;
  const RafilmDemoLiking *keywords;
  int year;
  int spread;
  double era;
} RafilmDemoTaste;

/**
 * rafilm_demo_taste_score:
 *
 * Returns: how well a film suits: about -1 to 3
 */
double rafilm_demo_taste_score (const RafilmDemoTaste *taste, RafilmFilm *film);

/** Whose diary the demo shows. */
extern const RafilmDemoTaste rafilm_demo_taste_of_diary;

/** What the neighbours are made of. */
extern const RafilmDemoTaste rafilm_demo_tastes_of_neighbours[];
extern const guint rafilm_demo_n_tastes_of_neighbours;

G_END_DECLS
