/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-ease.h"

#include <stdlib.h>

/* LAPACK's own routines, of whatever library has them: Cholesky's factor, and the inverse from it.
 * A Fortran compiler passes the length of a text last. */
void spotrf_ (const char *uplo, const int *n, float *a, const int *lda, int *info, size_t length);
void spotri_ (const char *uplo, const int *n, float *a, const int *lda, int *info, size_t length);

/* Only the lower triangle of the Gram matrix is filled: that is all that Cholesky reads. */
static void
add_gram (const RafilmInteractions *interactions, float *gram)
{
  size_t n = interactions->n_items;

  for (size_t user = 0; user < interactions->n_users; user++)
    for (size_t a = interactions->start[user]; a < interactions->start[user + 1]; a++)
      for (size_t b = interactions->start[user]; b <= a; b++)
        {
          uint32_t i = interactions->items[a];
          uint32_t j = interactions->items[b];
          size_t cell = i > j ? i * n + j : j * n + i;

          gram[cell] += interactions->weights[a] * interactions->weights[b];
        }
}

/* P[i][j] stands in the lower triangle; both triangles of B come from it. */
static void
weights_from_inverse (float *p, size_t n)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      {
        float value = p[i * n + j];

        p[i * n + j] = -value / p[j * n + j];
        p[j * n + i] = -value / p[i * n + i];
      }

  for (size_t i = 0; i < n; i++)
    p[i * n + i] = 0;
}

float *
rafilm_ease_train (const RafilmInteractions *interactions, float lambda)
{
  size_t n = interactions->n_items;
  int order = (int) n;
  int info = 0;
  float *matrix;

  if (n == 0 || n > INT32_MAX / 2)
    return NULL;
  matrix = calloc (n * n, sizeof *matrix);
  if (matrix == NULL)
    return NULL;

  add_gram (interactions, matrix);
  for (size_t i = 0; i < n; i++)
    matrix[i * n + i] += lambda;

  /* The lower triangle by rows is the upper one by columns, LAPACK's own order: no copy. */
  spotrf_ ("U", &order, matrix, &order, &info, 1);
  if (info == 0)
    spotri_ ("U", &order, matrix, &order, &info, 1);
  if (info != 0)
    {
      free (matrix);
      return NULL;
    }
  weights_from_inverse (matrix, n);

  return matrix;
}
