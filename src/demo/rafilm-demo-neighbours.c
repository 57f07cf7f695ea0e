/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-neighbours.h"

#include <math.h>

#include "rafilm-demo-dice.h"
#include "rafilm-demo-taste.h"

#define MIN_RATINGS 25
#define MAX_RATINGS 120
#define SHARE_OF_SECOND 0.3
#define PRIVATE_NOISE 0.3
#define PICKINESS 1.7

typedef struct
{
  GPtrArray *films;
  GRand *rand;
  double *scores; /* by taste, then by film */
} Neighbours;

static double *
score_all (GPtrArray *films)
{
  double *scores = g_new (double, films->len *rafilm_demo_n_tastes_of_neighbours);

  for (guint t = 0; t < rafilm_demo_n_tastes_of_neighbours; t++)
    for (guint f = 0; f < films->len; f++)
      scores[t * films->len + f] =
          rafilm_demo_taste_score (&rafilm_demo_tastes_of_neighbours[t], films->pdata[f]);

  return scores;
}

/* Scores of one person, with mean 0 and standard deviation 1. */
static void
draw_person (Neighbours *self, guint user, double *ret_scores)
{
  guint n = self->films->len;
  guint first = user % rafilm_demo_n_tastes_of_neighbours;
  guint second = g_rand_int_range (self->rand, 0, rafilm_demo_n_tastes_of_neighbours);
  double mean = 0;
  double variance = 0;

  for (guint i = 0; i < n; i++)
    {
      ret_scores[i] = self->scores[first * n + i] + SHARE_OF_SECOND * self->scores[second * n + i]
                      + PRIVATE_NOISE * rafilm_demo_dice_normal (self->rand);
      mean += ret_scores[i] / n;
    }
  for (guint i = 0; i < n; i++)
    variance += (ret_scores[i] - mean) * (ret_scores[i] - mean) / n;
  for (guint i = 0; i < n; i++)
    ret_scores[i] = (ret_scores[i] - mean) / sqrt (fmax (variance, 1e-9));
}

static void
write_person (Neighbours *self, guint user, GString *csv)
{
  guint n = self->films->len;
  g_autofree double *scores = g_new (double, n);
  g_autofree double *logits = g_new (double, n);
  g_autoptr (GArray) drawn = NULL;
  guint count = g_rand_int_range (self->rand, MIN_RATINGS, MAX_RATINGS + 1);
  double fame = g_rand_double_range (self->rand, 0.3, 1.1);
  double kindness = g_rand_double_range (self->rand, 4.6, 5.8);

  draw_person (self, user, scores);
  for (guint i = 0; i < n; i++)
    logits[i] = PICKINESS * scores[i]
                + fame * log (1 + rafilm_film_get_facts (self->films->pdata[i])->popularity);

  drawn = rafilm_demo_dice_draw (self->rand, logits, n, count);
  for (guint i = 0; i < drawn->len; i++)
    {
      guint film = g_array_index (drawn, guint, i);
      double rating = kindness + 1.6 * scores[film] + 0.8 * rafilm_demo_dice_normal (self->rand);

      g_string_append_printf (csv, "%u,%" G_GINT64_FORMAT ",%d\n", user + 1,
                              rafilm_film_get_id (self->films->pdata[film]),
                              (int) CLAMP (lround (rating), 1, 10));
    }
}

char *
rafilm_demo_neighbours_write (GPtrArray *films, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree double *scores = NULL;
  GString *csv = g_string_new ("user,film,rating\n");
  Neighbours self;

  g_return_val_if_fail (films != NULL && films->len > 0, NULL);

  scores = score_all (films);
  self = (Neighbours) { films, rand, scores };
  for (guint user = 0; user < RAFILM_DEMO_NEIGHBOURS; user++)
    write_person (&self, user, csv);

  return g_string_free_and_steal (csv);
}
