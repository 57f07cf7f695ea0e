/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The item-item model as it travels to the device: the EASE weights, cut by one threshold over the
 * whole matrix, in one signed byte each with one scale a film.
 *
 * The file, little-endian:
 *   char magic[8] "RAFILMI1" · u32 n_items · u32 n_weights
 *   u32 id[n_items]           TMDb id of each film, ascending
 *   float popularity[n_items] share of the people trained on who liked it, 0 to 1
 *   float scale[n_items]      what one step of a weight of this film's row is worth
 *   u32 start[n_items + 1]    where each row begins in the two arrays below
 *   u16 column[n_weights]     index of the film that the weight is for, ascending in a row
 *   i8  weight[n_weights]
 *
 * A u16 names a film, so a model has at most 65,536 of them. */

#define RAFILM_ITEM_MODEL_MAX_ITEMS 65536
#define RAFILM_ITEM_MODEL_MAX_BYTES (64 * 1024 * 1024)

typedef struct RafilmItemModel RafilmItemModel;

/**
 * RafilmTasteItem:
 * @id: TMDb id of a film that the person knows
 * @weight: how much it was liked, 0 to 1
 *
 * A part of somebody's taste. Films of weight 0 only serve as known: they are not recommended.
 */
typedef struct
{
  uint32_t id;
  float weight;
} RafilmTasteItem;

#define RAFILM_ITEM_MODEL_REASONS 3

/**
 * RafilmScoredItem:
 * @id: TMDb id of a recommended film
 * @score: for comparing within one answer
 * @because: the known films that gave most to the score, most first; 0 where there is none
 */
typedef struct
{
  uint32_t id;
  float score;
  uint32_t because[RAFILM_ITEM_MODEL_REASONS];
} RafilmScoredItem;

/**
 * rafilm_item_model_write:
 * @weights: n_items × n_items, of rafilm_ease_train()
 * @ids: ascending TMDb ids
 * @popularity: shares, 0 to 1
 * @per_item: how many weights to keep for a film on average
 * @ret_size: (out): bytes
 *
 * Returns: the file's bytes, to be freed with free(); %NULL when memory is short or there are too
 *   many films
 */
uint8_t *rafilm_item_model_write (const float *weights, size_t n_items, const uint32_t *ids,
                                  const float *popularity, size_t per_item, size_t *ret_size);

/**
 * rafilm_item_model_read:
 * @bytes: a file; copied
 *
 * Every length, index and number is checked.
 *
 * Returns: a model, or %NULL when @bytes are none
 */
RafilmItemModel *rafilm_item_model_read (const void *bytes, size_t size);

void rafilm_item_model_free (RafilmItemModel *model);

size_t rafilm_item_model_get_n_items (const RafilmItemModel *model);
bool rafilm_item_model_knows (const RafilmItemModel *model, uint32_t id);

/**
 * rafilm_item_model_rank:
 * @taste: what the person knows
 * @ret_items: (out) (array length=limit): the best films first; of equal scores the more popular
 *
 * s[j] = Σ w[i] B[i][j] + α p[j], where α is 0.3 while fewer than 10 films count, 0.1 while fewer
 * than 50 do, and 0 from there on: below some five films, EASE alone is worse than popularity.
 *
 * Returns: how many films were written, at most @limit
 */
size_t rafilm_item_model_rank (const RafilmItemModel *model, const RafilmTasteItem *taste,
                               size_t n_taste, RafilmScoredItem *ret_items, size_t limit);
