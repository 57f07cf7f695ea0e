/* SPDX-License-Identifier: GPL-3.0-or-later */

/* rafilm-train RATINGS.csv MODEL: trains the item-item model. RATINGS.csv has a header line and
 * then "user,film,rating" with ratings in half stars; the lines of a user follow each other. */

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "rafilm-ease.h"
#include "rafilm-item-model.h"

#define LAMBDA 100
#define PER_ITEM 100

typedef struct
{
  guint32 film;
  float weight;
} Liking;

typedef struct
{
  GArray *likings; /* Liking */
  GArray *start;   /* gsize: where each user's begin */
} Ratings;

/* How much a rating counts in training: measured to do better than all alike. */
static float
weigh (gint64 rating)
{
  if (rating >= 9)
    return 1;
  if (rating == 8)
    return 0.8f;
  if (rating == 7)
    return 0.5f;

  return rating == 6 ? 0.2f : 0;
}

static gboolean
read_ratings (const char *path, Ratings *ratings, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *last_user = g_strdup ("");

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;

  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++)
    {
      g_auto (GStrv) columns = g_strsplit (g_strchomp (lines[i]), ",", 4);
      Liking liking;

      if (g_strv_length (columns) < 3)
        continue;
      liking.film = (guint32) g_ascii_strtoull (columns[1], NULL, 10);
      liking.weight = weigh (g_ascii_strtoll (columns[2], NULL, 10));
      if (g_set_str (&last_user, columns[0]))
        {
          gsize start = ratings->likings->len;

          g_array_append_val (ratings->start, start);
        }
      if (liking.film != 0 && liking.weight > 0)
        g_array_append_val (ratings->likings, liking);
    }
  g_array_append_vals (ratings->start, &(gsize) { ratings->likings->len }, 1);

  return TRUE;
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a;
  guint32 y = *(const guint32 *) b;

  return (x > y) - (x < y);
}

static GArray *
list_films (const Ratings *ratings)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint kept = 0;

  for (guint i = 0; i < ratings->likings->len; i++)
    g_array_append_val (ids, g_array_index (ratings->likings, Liking, i).film);
  g_array_sort (ids, compare_ids);
  for (guint i = 0; i < ids->len; i++)
    if (i == 0 || g_array_index (ids, guint32, i) != g_array_index (ids, guint32, i - 1))
      g_array_index (ids, guint32, kept++) = g_array_index (ids, guint32, i);
  g_array_set_size (ids, kept);

  return ids;
}

static guint8 *
train (const Ratings *ratings, size_t *ret_size)
{
  g_autoptr (GArray) ids = list_films (ratings);
  guint n = ratings->likings->len;
  g_autofree guint32 *items = g_new0 (guint32, n + 1);
  g_autofree float *weights = g_new0 (float, n + 1);
  g_autofree float *popularity = g_new0 (float, ids->len + 1);
  gsize n_users = ratings->start->len - 1;
  RafilmInteractions interactions = { .n_users = n_users,
                                      .n_items = ids->len,
                                      .start = (const size_t *) ratings->start->data,
                                      .items = items,
                                      .weights = weights };
  float *matrix;
  guint8 *file;

  for (guint i = 0; i < n; i++)
    {
      const Liking *liking = &g_array_index (ratings->likings, Liking, i);
      guint place = 0;

      g_array_binary_search (ids, &liking->film, compare_ids, &place);
      items[i] = place;
      weights[i] = liking->weight;
      popularity[place] += 1.0f / (float) n_users;
    }
  for (guint i = 0; i < ids->len; i++)
    popularity[i] = fminf (popularity[i], 1);

  matrix = rafilm_ease_train (&interactions, LAMBDA);
  if (matrix == NULL)
    return NULL;
  file = rafilm_item_model_write (matrix, ids->len, (const guint32 *) ids->data, popularity,
                                  PER_ITEM, ret_size);
  free (matrix);

  return file;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  Ratings ratings = { g_array_new (FALSE, FALSE, sizeof (Liking)),
                      g_array_new (FALSE, FALSE, sizeof (gsize)) };
  guint8 *file;
  size_t size = 0;
  int status = EXIT_SUCCESS;

  if (argc != 3)
    {
      g_printerr ("usage: %s RATINGS.csv MODEL\n", argv[0]);
      return 2;
    }
  if (!read_ratings (argv[1], &ratings, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  file = train (&ratings, &size);
  if (file == NULL || !g_file_set_contents (argv[2], (const char *) file, (gssize) size, &error))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "The model cannot be trained");
      status = EXIT_FAILURE;
    }
  free (file);
  g_array_unref (ratings.likings);
  g_array_unref (ratings.start);

  return status;
}
