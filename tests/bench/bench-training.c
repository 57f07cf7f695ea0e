/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long it takes to train the item-item model for 2,000 films. The floor is the inversion by
 * LAPACK alone, on a matrix that is there already. */

#include <stdlib.h>
#include <string.h>

#include "rafilm-bench.h"
#include "rafilm-ease.h"

#define N_USERS 3000
#define N_ITEMS 2000
#define PER_USER 60
#define ROUNDS 9

void spotrf_ (const char *uplo, const int *n, float *a, const int *lda, int *info, size_t length);
void spotri_ (const char *uplo, const int *n, float *a, const int *lda, int *info, size_t length);

typedef struct
{
  RafilmInteractions interactions;
  float *matrix;
  float *work;
} Bench;

static void
train (gpointer data)
{
  Bench *bench = data;
  float *weights = rafilm_ease_train (&bench->interactions, 100);

  g_assert (weights != NULL);
  free (weights);
}

static void
invert (gpointer data)
{
  Bench *bench = data;
  int n = N_ITEMS;
  int info = 0;

  memcpy (bench->work, bench->matrix, sizeof (float) * N_ITEMS * N_ITEMS);
  spotrf_ ("U", &n, bench->work, &n, &info, 1);
  spotri_ ("U", &n, bench->work, &n, &info, 1);
}

int
main (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autofree gsize *start = g_new0 (gsize, N_USERS + 1);
  g_autofree guint32 *items = g_new0 (guint32, N_USERS * PER_USER);
  g_autofree float *weights = g_new0 (float, N_USERS *PER_USER);
  g_autofree float *matrix = g_new0 (float, (gsize) N_ITEMS *N_ITEMS);
  g_autofree float *work = g_new0 (float, (gsize) N_ITEMS *N_ITEMS);
  Bench bench = { .matrix = matrix, .work = work };
  double our_time;
  double floor_time;

  for (guint user = 0; user < N_USERS; user++)
    {
      start[user + 1] = (gsize) (user + 1) * PER_USER;
      for (guint k = 0; k < PER_USER; k++)
        {
          /* One film of each stretch, so that none comes twice. */
          items[user * PER_USER + k] =
              k * (N_ITEMS / PER_USER) + (guint32) g_rand_int_range (rand, 0, N_ITEMS / PER_USER);
          weights[user * PER_USER + k] = 1;
        }
    }
  bench.interactions = (RafilmInteractions) {
    .n_users = N_USERS, .n_items = N_ITEMS, .start = start, .items = items, .weights = weights
  };
  for (gsize i = 0; i < N_ITEMS; i++)
    matrix[i * N_ITEMS + i] = 100 + (float) g_rand_double (rand);

  our_time = rafilm_bench_median (train, &bench, ROUNDS);
  floor_time = rafilm_bench_median (invert, &bench, ROUNDS);
  rafilm_bench_print ("training_2000_ms", our_time);
  rafilm_bench_print ("training_2000_floor_ms", floor_time);
  rafilm_bench_print ("training_2000_ratio", our_time / floor_time);

  return EXIT_SUCCESS;
}
