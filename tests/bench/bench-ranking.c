/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long it takes to rank 10,000 films with reasons, for a diary of 200 and one of 3,000 films.
 * The floor is the sum alone, over the same weights in plain arrays. */

#include <stdlib.h>
#include <string.h>

#include "rafilm-bench.h"
#include "rafilm-item-model.h"

#define N_ITEMS 10000
#define PER_ITEM 100
#define ROUNDS 301
#define LIMIT 100

typedef struct
{
  RafilmItemModel *model;
  guint16 *column;
  gint8 *weight;
  float *score;
  RafilmTasteItem *taste;
  guint n_taste;
  RafilmScoredItem items[LIMIT];
} Bench;

/* A model of the right size without the days of training: its bytes are written by hand. */
static void
make_model (Bench *bench, GRand *rand)
{
  gsize n_weights = (gsize) N_ITEMS * PER_ITEM;
  gsize size = 16 + N_ITEMS * 12 + (N_ITEMS + 1) * 4 + n_weights * 3;
  g_autofree guint8 *file = g_malloc (size);
  guint32 counts[2] = { N_ITEMS, (guint32) n_weights };
  guint32 *ids = (guint32 *) (gpointer) (file + 16);
  float *popularity = (float *) (gpointer) (ids + N_ITEMS);
  float *scale = popularity + N_ITEMS;
  guint32 *start = (guint32 *) (gpointer) (scale + N_ITEMS);

  memcpy (file, "RAFILMI1", 8);
  memcpy (file + 8, counts, sizeof counts);
  bench->column = (guint16 *) g_malloc (n_weights * 2);
  bench->weight = (gint8 *) g_malloc (n_weights);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      ids[i] = i + 1;
      popularity[i] = (float) g_rand_double (rand);
      scale[i] = 0.01f;
      start[i] = i * PER_ITEM;
      for (guint k = 0; k < PER_ITEM; k++)
        {
          bench->column[i * PER_ITEM + k] =
              (guint16) (k * (N_ITEMS / PER_ITEM)
                         + (guint) g_rand_int_range (rand, 0, N_ITEMS / PER_ITEM));
          bench->weight[i * PER_ITEM + k] = (gint8) g_rand_int_range (rand, -60, 128);
        }
    }
  start[N_ITEMS] = (guint32) n_weights;
  memcpy (start + N_ITEMS + 1, bench->column, n_weights * 2);
  memcpy ((guint8 *) (start + N_ITEMS + 1) + n_weights * 2, bench->weight, n_weights);

  bench->model = rafilm_item_model_read (file, size);
  g_assert (bench->model != NULL);
}

static void
rank (gpointer data)
{
  Bench *bench = data;

  rafilm_item_model_rank (bench->model, bench->taste, bench->n_taste, bench->items, LIMIT);
}

static void
sum_only (gpointer data)
{
  Bench *bench = data;

  memset (bench->score, 0, N_ITEMS * sizeof (float));
  for (guint t = 0; t < bench->n_taste; t++)
    {
      gsize row = (gsize) (bench->taste[t].id - 1) * PER_ITEM;

      for (gsize k = row; k < row + PER_ITEM; k++)
        bench->score[bench->column[k]] += bench->taste[t].weight * 0.01f * (float) bench->weight[k];
    }
}

static void
measure (Bench *bench, guint n_taste)
{
  g_autofree char *ours = g_strdup_printf ("ranking_%u_ms", n_taste);
  g_autofree char *floor = g_strdup_printf ("ranking_%u_floor_ms", n_taste);
  g_autofree char *ratio = g_strdup_printf ("ranking_%u_ratio", n_taste);
  double our_time;
  double floor_time;

  bench->n_taste = n_taste;
  our_time = rafilm_bench_median (rank, bench, ROUNDS);
  floor_time = rafilm_bench_median (sum_only, bench, ROUNDS);
  rafilm_bench_print (ours, our_time);
  rafilm_bench_print (floor, floor_time);
  rafilm_bench_print (ratio, our_time / floor_time);
}

int
main (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Bench bench = { 0 };

  make_model (&bench, rand);
  bench.score = g_new0 (float, N_ITEMS);
  bench.taste = g_new0 (RafilmTasteItem, 3000);
  for (guint t = 0; t < 3000; t++)
    bench.taste[t] = (RafilmTasteItem) { .id = 1 + t * 3, .weight = 0.8f };
  measure (&bench, 200);
  measure (&bench, 3000);

  rafilm_item_model_free (bench.model);
  g_free (bench.column);
  g_free (bench.weight);
  g_free (bench.score);
  g_free (bench.taste);

  return EXIT_SUCCESS;
}
