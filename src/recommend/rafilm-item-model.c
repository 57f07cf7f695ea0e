/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-item-model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "RAFILMI1"
#define HEADER 16

struct RafilmItemModel
{
  size_t n_items;
  size_t n_weights;
  uint32_t *ids;
  float *popularity;
  float *scale;
  uint32_t *start;
  uint16_t *column;
  int8_t *weight;
};

static size_t
file_size (size_t n_items, size_t n_weights)
{
  return HEADER + n_items * 12 + (n_items + 1) * 4 + n_weights * 3;
}

/* ---- Writing ---- */

static int
compare_descending (const void *a, const void *b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x < y) - (x > y);
}

/* The size that a weight must exceed so that @keep of them remain. */
static float
find_threshold (const float *weights, size_t n_cells, size_t keep)
{
  float *sizes;
  float threshold;

  if (keep >= n_cells)
    return 0;

  sizes = malloc (n_cells * sizeof *sizes);
  if (sizes == NULL)
    return NAN;
  for (size_t i = 0; i < n_cells; i++)
    sizes[i] = fabsf (weights[i]);
  qsort (sizes, n_cells, sizeof *sizes, compare_descending);
  threshold = sizes[keep];
  free (sizes);

  return threshold;
}

typedef struct
{
  uint8_t *at;
} Writer;

static void
put (Writer *writer, const void *bytes, size_t size)
{
  memcpy (writer->at, bytes, size);
  writer->at += size;
}

static size_t
count_above (const float *row, size_t n, float threshold, float *ret_largest)
{
  size_t count = 0;

  *ret_largest = 0;
  for (size_t j = 0; j < n; j++)
    if (fabsf (row[j]) > threshold)
      {
        count++;
        *ret_largest = fmaxf (*ret_largest, fabsf (row[j]));
      }

  return count;
}

static void
put_rows (Writer *columns, Writer *values, const float *weights, size_t n, float threshold,
          const float *scale)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      {
        float weight = weights[i * n + j];
        uint16_t column = (uint16_t) j;
        int8_t value;

        if (fabsf (weight) <= threshold)
          continue;
        value = (int8_t) lrintf (weight / scale[i]);
        put (columns, &column, sizeof column);
        put (values, &value, sizeof value);
      }
}

uint8_t *
rafilm_item_model_write (const float *weights, size_t n_items, const uint32_t *ids,
                         const float *popularity, size_t per_item, size_t *ret_size)
{
  float threshold;
  float *scale = NULL;
  uint32_t *start = NULL;
  uint8_t *file = NULL;

  if (n_items == 0 || n_items > RAFILM_ITEM_MODEL_MAX_ITEMS)
    return NULL;
  threshold = find_threshold (weights, n_items * n_items, n_items * per_item);
  scale = malloc (n_items * sizeof *scale);
  start = malloc ((n_items + 1) * sizeof *start);
  if (isnan (threshold) || scale == NULL || start == NULL)
    goto out;

  start[0] = 0;
  for (size_t i = 0; i < n_items; i++)
    {
      float largest;

      start[i + 1] =
          start[i] + (uint32_t) count_above (weights + i * n_items, n_items, threshold, &largest);
      scale[i] = largest > 0 ? largest / 127 : 1;
    }

  *ret_size = file_size (n_items, start[n_items]);
  file = malloc (*ret_size);
  if (file != NULL)
    {
      Writer writer = { file };
      Writer values;
      uint32_t counts[2] = { (uint32_t) n_items, start[n_items] };

      put (&writer, MAGIC, 8);
      put (&writer, counts, sizeof counts);
      put (&writer, ids, n_items * sizeof *ids);
      put (&writer, popularity, n_items * sizeof *popularity);
      put (&writer, scale, n_items * sizeof *scale);
      put (&writer, start, (n_items + 1) * sizeof *start);
      values.at = writer.at + (size_t) start[n_items] * 2;
      put_rows (&writer, &values, weights, n_items, threshold, scale);
    }

out:
  free (scale);
  free (start);

  return file;
}

/* ---- Reading ---- */

static void *
take (const uint8_t **at, size_t size)
{
  void *copy = malloc (size > 0 ? size : 1);

  if (copy != NULL)
    memcpy (copy, *at, size);
  *at += size;

  return copy;
}

static bool
is_share (float value)
{
  return isfinite (value) && value >= 0 && value <= 1;
}

static bool
is_sound (const RafilmItemModel *model)
{
  if (model->start[0] != 0 || model->start[model->n_items] != model->n_weights)
    return false;

  for (size_t i = 0; i < model->n_items; i++)
    {
      if (model->start[i] > model->start[i + 1] || model->start[i + 1] > model->n_weights)
        return false;
      if (!is_share (model->popularity[i]) || !isfinite (model->scale[i]) || model->scale[i] < 0)
        return false;
      if (i > 0 && model->ids[i] <= model->ids[i - 1])
        return false;
    }
  for (size_t k = 0; k < model->n_weights; k++)
    if (model->column[k] >= model->n_items)
      return false;

  return true;
}

RafilmItemModel *
rafilm_item_model_read (const void *bytes, size_t size)
{
  const uint8_t *at = bytes;
  RafilmItemModel *model;
  uint32_t counts[2];

  if (size < HEADER || size > RAFILM_ITEM_MODEL_MAX_BYTES || memcmp (at, MAGIC, 8) != 0)
    return NULL;
  memcpy (counts, at + 8, sizeof counts);
  if (counts[0] == 0 || counts[0] > RAFILM_ITEM_MODEL_MAX_ITEMS
      || file_size (counts[0], counts[1]) != size)
    return NULL;

  model = calloc (1, sizeof *model);
  if (model == NULL)
    return NULL;
  model->n_items = counts[0];
  model->n_weights = counts[1];
  at += HEADER;
  model->ids = take (&at, model->n_items * 4);
  model->popularity = take (&at, model->n_items * 4);
  model->scale = take (&at, model->n_items * 4);
  model->start = take (&at, (model->n_items + 1) * 4);
  model->column = take (&at, model->n_weights * 2);
  model->weight = take (&at, model->n_weights);

  if (model->ids == NULL || model->popularity == NULL || model->scale == NULL
      || model->start == NULL || model->column == NULL || model->weight == NULL
      || !is_sound (model))
    {
      rafilm_item_model_free (model);
      return NULL;
    }

  return model;
}

void
rafilm_item_model_free (RafilmItemModel *model)
{
  if (model == NULL)
    return;

  free (model->ids);
  free (model->popularity);
  free (model->scale);
  free (model->start);
  free (model->column);
  free (model->weight);
  free (model);
}

size_t
rafilm_item_model_get_n_items (const RafilmItemModel *model)
{
  return model->n_items;
}

/* ---- Ranking ---- */

/* The index of a film, or n_items when the model does not know it. */
static size_t
find (const RafilmItemModel *model, uint32_t id)
{
  size_t low = 0;
  size_t high = model->n_items;

  while (low < high)
    {
      size_t middle = (low + high) / 2;

      if (model->ids[middle] < id)
        low = middle + 1;
      else
        high = middle;
    }

  return low < model->n_items && model->ids[low] == id ? low : model->n_items;
}

bool
rafilm_item_model_knows (const RafilmItemModel *model, uint32_t id)
{
  return find (model, id) < model->n_items;
}

static float
popularity_share (size_t n_liked)
{
  if (n_liked < 10)
    return 0.3f;

  return n_liked < 50 ? 0.1f : 0;
}

typedef struct
{
  float *score;
  uint8_t *known;
  size_t n_liked;
} Scores;

static void
add_scores (const RafilmItemModel *model, const RafilmTasteItem *taste, size_t n_taste,
            Scores *scores)
{
  float alpha;

  for (size_t t = 0; t < n_taste; t++)
    {
      size_t i = find (model, taste[t].id);

      if (i == model->n_items)
        continue;
      scores->known[i] = 1;
      if (taste[t].weight <= 0)
        continue;
      scores->n_liked++;
      for (uint32_t k = model->start[i]; k < model->start[i + 1]; k++)
        scores->score[model->column[k]] +=
            taste[t].weight * model->scale[i] * (float) model->weight[k];
    }

  alpha = popularity_share (scores->n_liked);
  for (size_t j = 0; j < model->n_items; j++)
    scores->score[j] += alpha * model->popularity[j];
}

/* Whether film @a goes before film @b. */
static bool
is_better (const RafilmItemModel *model, const float *score, size_t a, size_t b)
{
  if (score[a] != score[b])
    return score[a] > score[b];
  if (model->popularity[a] != model->popularity[b])
    return model->popularity[a] > model->popularity[b];

  return a < b;
}

/* A heap whose root is the worst of the best: @best holds indexes of films. */
static void
sift_down (const RafilmItemModel *model, const float *score, uint32_t *best, size_t n, size_t at)
{
  for (;;)
    {
      size_t worst = at;
      uint32_t swap;

      for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < n; child++)
        if (is_better (model, score, best[worst], best[child]))
          worst = child;
      if (worst == at)
        return;

      swap = best[at];
      best[at] = best[worst];
      best[worst] = swap;
      at = worst;
    }
}

static size_t
select_best (const RafilmItemModel *model, const Scores *scores, uint32_t *best, size_t limit)
{
  size_t n = 0;

  for (size_t j = 0; j < model->n_items; j++)
    {
      if (scores->known[j])
        continue;
      if (n < limit)
        {
          best[n++] = (uint32_t) j;
          if (n == limit)
            for (size_t at = n / 2; at-- > 0;)
              sift_down (model, scores->score, best, n, at);
        }
      else if (is_better (model, scores->score, j, best[0]))
        {
          best[0] = (uint32_t) j;
          sift_down (model, scores->score, best, n, 0);
        }
    }

  if (n < limit)
    for (size_t at = n / 2; at-- > 0;)
      sift_down (model, scores->score, best, n, at);
  for (size_t end = n; end > 1; end--)
    {
      uint32_t worst = best[0];

      best[0] = best[end - 1];
      best[end - 1] = worst;
      sift_down (model, scores->score, best, end - 1, 0);
    }

  return n;
}

/* Puts a term of an item's sum in its place among the largest. */
static void
insert_reason (RafilmScoredItem *item, float *terms, uint32_t id, float term)
{
  size_t place = RAFILM_ITEM_MODEL_REASONS;

  while (place > 0 && term > terms[place - 1])
    place--;
  for (size_t k = RAFILM_ITEM_MODEL_REASONS; k-- > place + 1;)
    {
      terms[k] = terms[k - 1];
      item->because[k] = item->because[k - 1];
    }
  if (place < RAFILM_ITEM_MODEL_REASONS)
    {
      terms[place] = term;
      item->because[place] = id;
    }
}

/* The known films whose terms of the sum are the largest: one more pass over their rows, since
 * looking up each pair would cost far more. @slot has the place of a film among the best, from 1;
 * 0 when it isn't there. */
static void
explain (const RafilmItemModel *model, const RafilmTasteItem *taste, size_t n_taste,
         const uint32_t *slot, float (*terms)[RAFILM_ITEM_MODEL_REASONS], RafilmScoredItem *items)
{
  for (size_t t = 0; t < n_taste; t++)
    {
      size_t i = taste[t].weight > 0 ? find (model, taste[t].id) : model->n_items;

      if (i == model->n_items)
        continue;
      for (uint32_t k = model->start[i]; k < model->start[i + 1]; k++)
        {
          uint32_t place = slot[model->column[k]];

          if (place != 0 && model->weight[k] > 0)
            insert_reason (&items[place - 1], terms[place - 1], taste[t].id,
                           taste[t].weight * model->scale[i] * (float) model->weight[k]);
        }
    }
}

size_t
rafilm_item_model_rank (const RafilmItemModel *model, const RafilmTasteItem *taste, size_t n_taste,
                        RafilmScoredItem *ret_items, size_t limit)
{
  Scores scores = { 0 };
  float (*terms)[RAFILM_ITEM_MODEL_REASONS] = NULL;
  uint32_t *slot = NULL;
  uint32_t *best = NULL;
  size_t n = 0;

  if (limit > model->n_items)
    limit = model->n_items;
  scores.score = calloc (model->n_items, sizeof *scores.score);
  scores.known = calloc (model->n_items, sizeof *scores.known);
  slot = calloc (model->n_items, sizeof *slot);
  terms = calloc (limit > 0 ? limit : 1, sizeof *terms);
  best = malloc ((limit > 0 ? limit : 1) * sizeof *best);

  if (scores.score != NULL && scores.known != NULL && slot != NULL && terms != NULL && best != NULL
      && limit > 0)
    {
      add_scores (model, taste, n_taste, &scores);
      n = select_best (model, &scores, best, limit);
      for (size_t k = 0; k < n; k++)
        {
          ret_items[k] =
              (RafilmScoredItem) { .id = model->ids[best[k]], .score = scores.score[best[k]] };
          slot[best[k]] = (uint32_t) k + 1;
        }
      explain (model, taste, n_taste, slot, terms, ret_items);
    }
  free (scores.score);
  free (scores.known);
  free (slot);
  free (terms);
  free (best);

  return n;
}
