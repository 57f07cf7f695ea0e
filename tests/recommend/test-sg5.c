/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The quality of the ranking on real ratings, fold 0 of a deterministic five-fold split: users with
 * at least five ratings of 4 stars or more; a test user's likings are ordered by a hash, the last
 * fifth of them are to be found again from the rest. Films of the training users only. */

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "rafilm-ease.h"
#include "rafilm-item-model.h"
#include "rafilm-test.h"

#define SEED G_GUINT64_CONSTANT (20260101)
#define FOLD 0
#define LAMBDA 100
#define PER_ITEM 200

typedef struct
{
  guint32 user;
  guint32 item;
} Liking;

static guint64
mix64 (guint64 z)
{
  z += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  z = (z ^ z >> 30) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * G_GUINT64_CONSTANT (0x94D049BB133111EB);

  return z ^ z >> 31;
}

static guint64
hash_liking (const Liking *liking)
{
  return mix64 ((SEED ^ 0x5151) ^ ((guint64) liking->user << 32) ^ liking->item);
}

static int
compare_hashes (gconstpointer a, gconstpointer b)
{
  guint64 x = hash_liking (a);
  guint64 y = hash_liking (b);

  return (x > y) - (x < y);
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return (*(const guint32 *) a > *(const guint32 *) b)
         - (*(const guint32 *) a < *(const guint32 *) b);
}

static GArray *
read_likings (const char *path)
{
  GArray *likings = g_array_new (FALSE, FALSE, sizeof (Liking));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++)
    {
      g_auto (GStrv) columns = g_strsplit (lines[i], ",", 4);
      Liking liking;

      if (g_strv_length (columns) < 3 || g_ascii_strtod (columns[2], NULL) < 4)
        continue;
      liking.user = (guint32) atoi (columns[0]);
      liking.item = (guint32) atoi (columns[1]);
      g_array_append_val (likings, liking);
    }

  return likings;
}

typedef struct
{
  GArray *ids;     /* guint32, films of the training users */
  GArray *start;   /* gsize */
  GArray *items;   /* guint32, index into ids */
  GArray *weights; /* float */
  float *popularity;
  GPtrArray *asked; /* GArray of Liking: one a test user */
} Split;

static void
split_users (GArray *likings, Split *split)
{
  g_autoptr (GArray) training = g_array_new (FALSE, FALSE, sizeof (Liking));
  guint n_users = 0;

  split->asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint begin = 0, end; begin < likings->len; begin = end)
    {
      guint32 user = g_array_index (likings, Liking, begin).user;

      for (end = begin; end < likings->len; end++)
        if (g_array_index (likings, Liking, end).user != user)
          break;
      if (end - begin < 5)
        continue;
      if (mix64 ((SEED << 32) ^ user) % 5 == FOLD)
        {
          GArray *asked = g_array_new (FALSE, FALSE, sizeof (Liking));

          g_array_append_vals (asked, &g_array_index (likings, Liking, begin), end - begin);
          g_ptr_array_add (split->asked, asked);
        }
      else
        {
          gsize start = training->len;

          g_array_append_val (split->start, start);
          g_array_append_vals (training, &g_array_index (likings, Liking, begin), end - begin);
          n_users++;
        }
    }
  g_array_append_vals (split->start, &(gsize) { training->len }, 1);

  for (guint i = 0; i < training->len; i++)
    g_array_append_val (split->ids, g_array_index (training, Liking, i).item);
  g_array_sort (split->ids, compare_ids);
  for (guint i = split->ids->len; i-- > 1;)
    if (g_array_index (split->ids, guint32, i) == g_array_index (split->ids, guint32, i - 1))
      g_array_remove_index (split->ids, i);

  split->popularity = g_new0 (float, split->ids->len);
  for (guint i = 0; i < training->len; i++)
    {
      guint32 place = 0;
      float one = 1;

      g_array_binary_search (split->ids, &g_array_index (training, Liking, i).item, compare_ids,
                             &place);
      g_array_append_val (split->items, place);
      g_array_append_val (split->weights, one);
      split->popularity[place] += 1.0f / (float) n_users;
    }
}

typedef struct
{
  double recall20;
  double ndcg100;
  guint users;
} Figures;

static void
score_user (const RafilmItemModel *model, GArray *asked, const Split *split, Figures *figures)
{
  g_autoptr (GArray) known = g_array_new (FALSE, FALSE, sizeof (Liking));
  g_autofree RafilmTasteItem *taste = NULL;
  RafilmScoredItem ranked[100];
  guint n_targets;
  guint n_taste;
  double hits = 0;
  double gain = 0;
  double ideal = 0;
  size_t n;

  for (guint i = 0; i < asked->len; i++)
    if (g_array_binary_search (split->ids, &g_array_index (asked, Liking, i).item, compare_ids,
                               NULL))
      g_array_append_val (known, g_array_index (asked, Liking, i));
  g_array_sort (known, compare_hashes);
  n_targets = known->len / 5;
  n_taste = known->len - n_targets;
  if (n_targets == 0)
    return;

  taste = g_new0 (RafilmTasteItem, n_taste);
  for (guint i = 0; i < n_taste; i++)
    taste[i] = (RafilmTasteItem) { g_array_index (known, Liking, i).item, 1 };
  n = rafilm_item_model_rank (model, taste, n_taste, ranked, 100);
  for (size_t k = 0; k < n; k++)
    for (guint t = n_taste; t < known->len; t++)
      if (g_array_index (known, Liking, t).item == ranked[k].id)
        {
          hits += k < 20;
          gain += 1 / log2 ((double) k + 2);
        }
  for (guint k = 0; k < MIN (100, n_targets); k++)
    ideal += 1 / log2 (k + 2);

  figures->recall20 += hits / MIN (20, n_targets);
  figures->ndcg100 += gain / ideal;
  figures->users++;
}

/* Dense EASE reaches .2990 and .3392 on this fold, popularity alone an NDCG of .1881; the cut
 * model with the popularity share for few ratings must not fall below 98 % of dense EASE. */
static void
test_fold (void)
{
  g_autofree char *path = rafilm_test_shared_data ("ml-latest-small/ratings.csv");
  g_autoptr (GArray) likings = NULL;
  Split split = { .ids = g_array_new (FALSE, FALSE, sizeof (guint32)),
                  .start = g_array_new (FALSE, FALSE, sizeof (gsize)),
                  .items = g_array_new (FALSE, FALSE, sizeof (guint32)),
                  .weights = g_array_new (FALSE, FALSE, sizeof (float)) };
  RafilmInteractions interactions;
  Figures figures = { 0 };
  RafilmItemModel *model;
  float *matrix;
  guint8 *file;
  size_t size = 0;

  g_assert_cmpuint (mix64 (0), ==, G_GUINT64_CONSTANT (0xe220a8397b1dcdaf));
  if (path != NULL)
    {
      likings = read_likings (path);
      split_users (likings, &split);
      g_assert_cmpuint (split.start->len - 1, ==, 461);
      g_assert_cmpuint (split.ids->len, ==, 5762);
      g_assert_cmpuint (split.items->len, ==, 39200);

      interactions = (RafilmInteractions) { .n_users = split.start->len - 1,
                                            .n_items = split.ids->len,
                                            .start = (const size_t *) split.start->data,
                                            .items = (const guint32 *) split.items->data,
                                            .weights = (const float *) split.weights->data };
      matrix = rafilm_ease_train (&interactions, LAMBDA);
      g_assert_nonnull (matrix);
      file = rafilm_item_model_write (matrix, split.ids->len, (const guint32 *) split.ids->data,
                                      split.popularity, PER_ITEM, &size);
      free (matrix);
      model = rafilm_item_model_read (file, size);
      free (file);
      g_assert_nonnull (model);

      for (guint i = 0; i < split.asked->len; i++)
        score_user (model, g_ptr_array_index (split.asked, i), &split, &figures);
      rafilm_item_model_free (model);
      g_test_message ("users %u, Recall@20 %.4f, NDCG@100 %.4f, model %" G_GSIZE_FORMAT " bytes",
                      figures.users, figures.recall20 / figures.users,
                      figures.ndcg100 / figures.users, size);
      g_assert_cmpuint (figures.users, ==, 141);
      g_assert_cmpfloat (figures.recall20 / figures.users, >, 0.98 * 0.2990);
      g_assert_cmpfloat (figures.ndcg100 / figures.users, >, 0.98 * 0.3392);
      g_ptr_array_unref (split.asked);
    }

  g_array_unref (split.ids);
  g_array_unref (split.start);
  g_array_unref (split.items);
  g_array_unref (split.weights);
  g_free (split.popularity);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/recommend/sg5/fold", test_fold);

  return g_test_run ();
}
