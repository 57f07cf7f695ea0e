/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-taste.h"

#include "rafilm-rating.h"

#define GOOD_RATING 6

static float
weigh (const RafilmTaste *taste)
{
  if (taste->hidden)
    return 0;
  if (taste->rating != RAFILM_RATING_NONE)
    return taste->rating >= GOOD_RATING ? (float) taste->rating / RAFILM_RATING_MAX : 0;
  if (taste->like)
    return 0.8f;

  return taste->seen ? 0.6f : 0;
}

GArray *
rafilm_taste_weigh (GArray *taste)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (RafilmTasteItem));

  g_return_val_if_fail (taste != NULL, items);

  for (guint i = 0; i < taste->len; i++)
    {
      const RafilmTaste *from = &g_array_index (taste, RafilmTaste, i);
      RafilmTasteItem item = { .id = (guint32) from->film, .weight = weigh (from) };

      if (from->rating != RAFILM_RATING_NONE || from->like || from->seen || from->hidden)
        g_array_append_val (items, item);
    }

  return items;
}

/* The share of what either has that both have. */
static double
overlap (GStrv a, GStrv b)
{
  guint n_a = a != NULL ? g_strv_length (a) : 0;
  guint n_b = b != NULL ? g_strv_length (b) : 0;
  guint common = 0;

  for (guint i = 0; i < n_a && n_b > 0; i++)
    if (g_strv_contains ((const char *const *) b, a[i]))
      common++;

  return common > 0 ? (double) common / (n_a + n_b - common) : 0;
}

double
rafilm_taste_compare_films (RafilmFilm *a, RafilmFilm *b)
{
  const RafilmFilmFacts *x = rafilm_film_get_facts (a);
  const RafilmFilmFacts *y = rafilm_film_get_facts (b);
  int years = ABS (rafilm_film_get_year (a) - rafilm_film_get_year (b));

  return 0.30 * overlap (x->genres, y->genres) + 0.25 * overlap (x->directors, y->directors)
         + 0.25 * MIN (1, 3 * overlap (x->keywords, y->keywords))
         + 0.10 * MIN (1, 3 * overlap (x->cast, y->cast))
         + 0.05 * (g_strcmp0 (x->language, y->language) == 0) + 0.05 / (1 + years / 10.0);
}
