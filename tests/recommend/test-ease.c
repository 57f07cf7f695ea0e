/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-ease.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "rafilm-test.h"

#define MAX_ITEMS 40
#define MAX_LIKINGS 4000

typedef struct
{
  size_t start[101];
  guint32 items[MAX_LIKINGS];
  float weights[MAX_LIKINGS];
  RafilmInteractions interactions;
} Data;

static void
make_data (Data *data, GRand *rand, size_t n_users, size_t n_items)
{
  size_t n = 0;

  for (size_t user = 0; user < n_users; user++)
    {
      data->start[user] = n;
      for (guint32 item = 0; item < n_items; item++)
        if (g_rand_boolean (rand))
          {
            data->items[n] = item;
            data->weights[n++] = (float) g_rand_double_range (rand, 0.1, 1);
          }
    }
  data->start[n_users] = n;
  data->interactions = (RafilmInteractions) { .n_users = n_users,
                                              .n_items = n_items,
                                              .start = data->start,
                                              .items = data->items,
                                              .weights = data->weights };
}

/* G P = 1 is what the definition asks for; P comes back out of B, whose columns it scaled: the
 * diagonal of G P gives P[j][j]. */
static void
check_definition (const Data *data, const float *b, double lambda)
{
  size_t n = data->interactions.n_items;
  double gram[MAX_ITEMS][MAX_ITEMS] = { { 0 } };

  for (size_t user = 0; user < data->interactions.n_users; user++)
    for (size_t x = data->start[user]; x < data->start[user + 1]; x++)
      for (size_t y = data->start[user]; y < data->start[user + 1]; y++)
        gram[data->items[x]][data->items[y]] += (double) data->weights[x] * data->weights[y];
  for (size_t i = 0; i < n; i++)
    gram[i][i] += lambda;

  /* With P = column-scaled (1 - B): (G (1 - B))[i][j] must be 0 off the diagonal. */
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      {
        double sum = gram[i][j];

        for (size_t k = 0; k < n; k++)
          sum -= gram[i][k] * b[k * n + j];
        if (i == j)
          g_assert_cmpfloat (sum, >, 0);
        else
          g_assert_cmpfloat_with_epsilon (sum, 0, 1e-3);
      }
}

static void
test_definition (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());
  g_autofree Data *data = g_new0 (Data, 1);

  for (guint round = 0; round < 50; round++)
    {
      size_t n_items = (size_t) g_rand_int_range (rand, 1, MAX_ITEMS + 1);
      float *b;

      make_data (data, rand, (size_t) g_rand_int_range (rand, 1, 101), n_items);
      b = rafilm_ease_train (&data->interactions, 2);
      g_assert_nonnull (b);
      for (size_t i = 0; i < n_items; i++)
        g_assert_cmpfloat (b[i * n_items + i], ==, 0);
      check_definition (data, b, 2);
      free (b);
    }
}

/* Two films that are always liked together speak for each other; one that never is does not. */
static void
test_sense (void)
{
  const size_t start[] = { 0, 2, 4, 6, 7 };
  const guint32 items[] = { 0, 1, 0, 1, 0, 1, 2 };
  const float weights[] = { 1, 1, 1, 1, 1, 1, 1 };
  const RafilmInteractions interactions = { 4, 3, start, items, weights };
  float *b = rafilm_ease_train (&interactions, 1);

  g_assert_cmpfloat (b[0 * 3 + 1], >, 0.5);
  g_assert_cmpfloat_with_epsilon (b[0 * 3 + 1], b[1 * 3 + 0], 1e-6);
  g_assert_cmpfloat_with_epsilon (b[0 * 3 + 2], 0, 1e-6);
  free (b);
}

static void
test_refused (void)
{
  const size_t start[] = { 0 };
  const RafilmInteractions none = { 0, 0, start, NULL, NULL };
  const RafilmInteractions empty = { 0, 2, start, NULL, NULL };

  g_assert_null (rafilm_ease_train (&none, 1));
  g_assert_null (rafilm_ease_train (&empty, -1));
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/recommend/ease/definition", test_definition);
  g_test_add_func ("/recommend/ease/sense", test_sense);
  g_test_add_func ("/recommend/ease/refused", test_refused);

  return g_test_run ();
}
