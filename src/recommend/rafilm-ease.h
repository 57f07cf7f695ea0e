/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* EASE, the closed-form item-item model of H. Steck, "Embarrassingly Shallow Autoencoders for
 * Sparse Data" (WWW 2019): with the interactions X (users by films), G = XᵀX + λI and P = G⁻¹, the
 * weight of film i for film j is B[i][j] = -P[i][j] / P[j][j], and 0 on the diagonal. A person
 * with the weights w over films seen gets the score s[j] = Σ w[i] B[i][j] for each film. */

/**
 * RafilmInteractions:
 * @n_users: how many people
 * @n_items: how many films
 * @start: (array length=n_users+1): where in the arrays below each person begins, and the end
 * @items: index of a film, below @n_items
 * @weights: how much it counts, 0 to 1
 *
 * Who liked what, person by person. A film may stand only once for a person.
 */
typedef struct
{
  size_t n_users;
  size_t n_items;
  const size_t *start;
  const uint32_t *items;
  const float *weights;
} RafilmInteractions;

/**
 * rafilm_ease_train:
 * @interactions: the training data
 * @lambda: the regularisation, above 0; 100 suits some hundred thousand ratings
 *
 * Memory and time grow with the square and the cube of the number of films: 10,000 films need
 * 400 MB.
 *
 * Returns: the weights as a row-major matrix of n_items × n_items, row i being what film i gives
 *   to the others, to be freed with free(); %NULL when memory is short or @lambda too small for a
 *   positive definite matrix
 */
float *rafilm_ease_train (const RafilmInteractions *interactions, float lambda);
