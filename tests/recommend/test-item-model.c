/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-item-model.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rafilm-test.h"

#define N 30

typedef struct
{
  float weights[N * N];
  guint32 ids[N];
  float popularity[N];
} Matrix;

static void
make_matrix (Matrix *matrix, GRand *rand)
{
  for (guint i = 0; i < N; i++)
    {
      matrix->ids[i] = 10 * (i + 1);
      matrix->popularity[i] = (float) g_rand_double (rand);
      for (guint j = 0; j < N; j++)
        matrix->weights[i * N + j] = i == j ? 0 : (float) g_rand_double_range (rand, -1, 1);
    }
}

static RafilmItemModel *
make_model (const Matrix *matrix, size_t per_item)
{
  size_t size = 0;
  guint8 *file = rafilm_item_model_write (matrix->weights, N, matrix->ids, matrix->popularity,
                                          per_item, &size);
  RafilmItemModel *model = rafilm_item_model_read (file, size);

  g_assert_nonnull (model);
  free (file);

  return model;
}

/* The ranking of the cut and rounded model is the one of the matrix itself, up to the rounding. */
static void
test_rank (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  for (guint round = 0; round < 100; round++)
    {
      Matrix matrix;
      RafilmItemModel *model;
      RafilmTasteItem taste[5];
      RafilmScoredItem items[N];
      float expected[N] = { 0 };
      size_t n;

      make_matrix (&matrix, rand);
      model = make_model (&matrix, N);
      for (guint t = 0; t < 5; t++)
        {
          guint i = t * 6 + (guint) g_rand_int_range (rand, 0, 6);

          taste[t] = (RafilmTasteItem) { matrix.ids[i], (float) g_rand_double (rand) };
          for (guint j = 0; j < N; j++)
            expected[j] += taste[t].weight * matrix.weights[i * N + j];
        }

      n = rafilm_item_model_rank (model, taste, 5, items, N);
      g_assert_cmpuint (n, ==, N - 5);
      for (size_t k = 0; k < n; k++)
        {
          guint j = items[k].id / 10 - 1;

          g_assert_cmpfloat_with_epsilon (items[k].score, expected[j] + 0.3f * matrix.popularity[j],
                                          0.03);
          g_assert_true (k == 0 || items[k - 1].score >= items[k].score);
          for (guint t = 0; t < 5; t++)
            g_assert_cmpuint (items[k].id, !=, taste[t].id);
        }
      rafilm_item_model_free (model);
    }
}

/* The first reason is the film that gave most; films that speak against are none. */
static void
test_because (void)
{
  Matrix matrix = { 0 };
  RafilmItemModel *model;
  const RafilmTasteItem taste[] = { { 10, 1 }, { 20, 1 }, { 30, 1 }, { 40, 0 } };
  RafilmScoredItem item;

  for (guint i = 0; i < N; i++)
    matrix.ids[i] = 10 * (i + 1);
  matrix.weights[0 * N + 9] = 0.2f;
  matrix.weights[1 * N + 9] = 0.9f;
  matrix.weights[2 * N + 9] = -0.1f;
  matrix.weights[3 * N + 9] = 0.9f;
  model = make_model (&matrix, N);

  g_assert_cmpuint (rafilm_item_model_rank (model, taste, 4, &item, 1), ==, 1);
  g_assert_cmpuint (item.id, ==, 100);
  g_assert_cmpuint (item.because[0], ==, 20);
  g_assert_cmpuint (item.because[1], ==, 10);
  g_assert_cmpuint (item.because[2], ==, 0);
  rafilm_item_model_free (model);
}

/* With no taste at all, the most popular come first. */
static void
test_cold (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());
  Matrix matrix;
  RafilmItemModel *model;
  RafilmScoredItem items[3];
  const RafilmTasteItem stranger = { 5, 1 };

  make_matrix (&matrix, rand);
  matrix.popularity[17] = 1;
  model = make_model (&matrix, 3);
  g_assert_cmpuint (rafilm_item_model_rank (model, &stranger, 1, items, 3), ==, 3);
  g_assert_cmpuint (items[0].id, ==, matrix.ids[17]);
  g_assert_false (rafilm_item_model_knows (model, 5));
  g_assert_true (rafilm_item_model_knows (model, matrix.ids[0]));
  rafilm_item_model_free (model);
}

static void
test_cut (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  Matrix matrix;
  size_t small = 0;
  size_t large = 0;

  make_matrix (&matrix, rand);
  free (rafilm_item_model_write (matrix.weights, N, matrix.ids, matrix.popularity, 2, &small));
  free (rafilm_item_model_write (matrix.weights, N, matrix.ids, matrix.popularity, N, &large));
  g_assert_cmpuint (large - small, ==, 3 * (N * (N - 1) - 2 * N));
}

/* Whatever a file holds, reading it and ranking by it stays within its bounds. */
static void
test_malformed (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());
  const RafilmTasteItem taste[] = { { 10, 1 }, { 300, 1 } };
  Matrix matrix;
  size_t size = 0;
  guint8 *file;
  guint accepted = 0;

  make_matrix (&matrix, rand);
  file = rafilm_item_model_write (matrix.weights, N, matrix.ids, matrix.popularity, 5, &size);
  for (size_t cut = 0; cut < size; cut++)
    g_assert_null (rafilm_item_model_read (file, cut));

  for (guint round = 0; round < 20000; round++)
    {
      g_autofree guint8 *broken = g_memdup2 (file, size);
      RafilmItemModel *model;
      RafilmScoredItem items[4];

      for (int flips = g_rand_int_range (rand, 1, 4); flips > 0; flips--)
        broken[g_rand_int_range (rand, 0, (int) size)] ^= (guint8) g_rand_int_range (rand, 1, 256);
      model = rafilm_item_model_read (broken, size);
      if (model != NULL)
        accepted += rafilm_item_model_rank (model, taste, 2, items, 4) <= 4;
      rafilm_item_model_free (model);
    }
  g_assert_cmpuint (accepted, >, 0);
  free (file);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/recommend/item-model/rank", test_rank);
  g_test_add_func ("/recommend/item-model/because", test_because);
  g_test_add_func ("/recommend/item-model/cold", test_cold);
  g_test_add_func ("/recommend/item-model/cut", test_cut);
  g_test_add_func ("/recommend/item-model/malformed", test_malformed);

  return g_test_run ();
}
