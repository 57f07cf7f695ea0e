/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-recommender.h"

#include <stdlib.h>

#include "rafilm-item-model.h"
#include "rafilm-taste.h"
#include "rafilm-test.h"

#define N_FILMS 60

/* Films 1 to 30 are crime films by ten directors, 31 to 60 comedies; the lengths differ. */
static RafilmFilm *
make_film (gint64 id)
{
  RafilmFilm *film = rafilm_film_new (id);
  g_auto (RafilmFilmFacts) facts = { 0 };
  g_autofree char *director = g_strdup_printf ("Director %d", (int) (id % 10));

  facts.title = g_strdup_printf ("Title %d", (int) id);
  facts.release_date = g_strdup_printf ("%d-05-05", (int) (1960 + id));
  facts.directors = g_strsplit (director, ",", -1);
  facts.genres = g_strsplit (id <= 30 ? "Crime,Thriller" : "Comedy", ",", -1);
  facts.keywords = g_strsplit (id <= 30 ? "heist,police" : "wedding", ",", -1);
  facts.runtime = (int) (80 + id);
  facts.popularity = (double) id;
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);

  return film;
}

static RafilmStore *
open_store (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  RafilmStore *store = dex_await_object (rafilm_store_open (path), &error);

  g_assert_no_error (error);
  for (gint64 id = 1; id <= N_FILMS; id++)
    g_ptr_array_add (films, make_film (id));
  dex_await (rafilm_store_put_films (store, films), &error);
  g_assert_no_error (error);

  return store;
}

/* A model in which each crime film speaks for all other ones, film 7 most. */
static char *
write_model (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  char *path = g_build_filename (folder, "model", NULL);
  g_autofree float *weights = g_new0 (float, N_FILMS *N_FILMS);
  guint32 ids[N_FILMS];
  float popularity[N_FILMS] = { 0 };
  guint8 *file;
  size_t size = 0;

  for (guint i = 0; i < N_FILMS; i++)
    {
      ids[i] = i + 1;
      for (guint j = 0; j < 30 && i < 30; j++)
        weights[i * N_FILMS + j] = i == j ? 0 : (j + 1 == 7 ? 0.9f : 0.3f);
    }
  file = rafilm_item_model_write (weights, N_FILMS, ids, popularity, N_FILMS, &size);
  g_assert_true (g_file_set_contents (path, (const char *) file, (gssize) size, NULL));
  free (file);

  return path;
}

static void
rate (RafilmStore *store, gint64 film, int rating)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Rate");
  g_autoptr (GError) error = NULL;

  rafilm_edit_rate_film (edit, film, rating);
  dex_await_int64 (rafilm_store_apply (store, edit), &error);
  g_assert_no_error (error);
}

static GListModel *
find (RafilmRecommender *recommender, const RafilmRecommenderQuery *query)
{
  g_autoptr (GError) error = NULL;
  GListModel *list = dex_await_object (rafilm_recommender_find (recommender, query), &error);

  g_assert_no_error (error);

  return list;
}

static gint64
film_at (GListModel *list, guint position)
{
  g_autoptr (RafilmRecommendation) item = g_list_model_get_item (list, position);

  return rafilm_film_get_id (rafilm_recommendation_get_film (item));
}

static void
test_reason (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autofree char *model = write_model ();
  g_autoptr (RafilmRecommender) recommender = rafilm_recommender_new (store, model);
  g_autoptr (GListModel) list = NULL;
  g_autoptr (RafilmRecommendation) first = NULL;

  rate (store, 3, 9);
  list = find (recommender, &(RafilmRecommenderQuery) { .limit = 5 });
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 5);
  first = g_list_model_get_item (list, 0);
  g_assert_cmpint (rafilm_film_get_id (rafilm_recommendation_get_film (first)), ==, 7);
  g_assert_cmpint (rafilm_film_get_id (rafilm_recommendation_get_because (first)), ==, 3);
  g_assert_cmpstr (rafilm_recommendation_get_reason (first), ==, "Because you rated Title 3 ★★★★½");
}

/* What was rated is never recommended, however low, and what was hidden neither. */
static void
test_seen (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autofree char *model = write_model ();
  g_autoptr (RafilmRecommender) recommender = rafilm_recommender_new (store, model);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Hide");
  g_autoptr (GListModel) list = NULL;

  rate (store, 3, 9);
  rate (store, 7, 2);
  rafilm_edit_hide_film (edit, 8, TRUE);
  dex_await_int64 (rafilm_store_apply (store, edit), NULL);
  list = find (recommender, &(RafilmRecommenderQuery) { .limit = 100 });
  g_assert_cmpuint (g_list_model_get_n_items (list), >, 10);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_assert_cmpint (film_at (list, i), !=, 3);
      g_assert_cmpint (film_at (list, i), !=, 7);
      g_assert_cmpint (film_at (list, i), !=, 8);
    }
}

static void
test_constraints (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autofree char *model = write_model ();
  g_autoptr (RafilmRecommender) recommender = rafilm_recommender_new (store, model);
  g_autoptr (GListModel) list = NULL;

  list = find (recommender, &(RafilmRecommenderQuery) {
                                .like = 25, .max_runtime = 95, .genre = "Crime", .limit = 50 });
  g_assert_cmpuint (g_list_model_get_n_items (list), >, 5);
  g_assert_cmpint (film_at (list, 0), ==, 7);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    g_assert_cmpint (film_at (list, i), <=, 15);

  g_clear_object (&list);
  list = find (recommender,
               &(RafilmRecommenderQuery) { .min_year = 2000, .max_year = 2009, .limit = 50 });
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 10);
}

/* Without a model, what films have in common decides. */
static void
test_no_model (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autoptr (RafilmRecommender) recommender = rafilm_recommender_new (store, "/nonexistent");
  g_autoptr (GListModel) alike = NULL;
  g_autoptr (GListModel) popular = NULL;
  g_autoptr (RafilmRecommendation) first = NULL;

  alike = find (recommender, &(RafilmRecommenderQuery) { .like = 12, .limit = 10 });
  g_assert_cmpuint (g_list_model_get_n_items (alike), ==, 10);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (film_at (alike, i), <=, 30);

  popular = find (recommender, &(RafilmRecommenderQuery) { .limit = 3 });
  g_assert_cmpint (film_at (popular, 0), ==, N_FILMS);
  first = g_list_model_get_item (popular, 0);
  g_assert_null (rafilm_recommendation_get_because (first));
}

/* Rows hang together, no film comes twice and no director fills the top. */
static void
test_rows (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autofree char *model = write_model ();
  g_autoptr (RafilmRecommender) recommender = rafilm_recommender_new (store, model);
  g_autoptr (GHashTable) films = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) list = NULL;
  g_autofree char *row = g_strdup ("");

  rate (store, 3, 9);
  rate (store, 4, 10);
  list = dex_await_object (rafilm_recommender_recommend (recommender, 60), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (list), >, 15);
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (RafilmRecommendation) item = g_list_model_get_item (list, i);

      g_assert_true (g_hash_table_add (films, rafilm_recommendation_get_film (item)));
      g_assert_nonnull (rafilm_recommendation_get_reason (item));
      if (g_set_str (&row, rafilm_recommendation_get_row (item)))
        g_assert_true (g_hash_table_add (rows, g_strdup (row)));
    }
  g_assert_cmpuint (g_hash_table_size (rows), >, 1);
}

static void
test_weigh (void)
{
  g_autoptr (GArray) taste = g_array_new (FALSE, TRUE, sizeof (RafilmTaste));
  g_autoptr (GArray) items = NULL;
  const RafilmTaste states[] = {
    { .film = 1, .rating = 10 },      { .film = 2, .rating = 3, .like = TRUE },
    { .film = 3, .like = TRUE },      { .film = 4, .seen = TRUE },
    { .film = 5, .watchlist = TRUE }, { .film = 6, .rating = 10, .hidden = TRUE }
  };

  g_array_append_vals (taste, states, G_N_ELEMENTS (states));
  items = rafilm_taste_weigh (taste);
  g_assert_cmpuint (items->len, ==, 5);
  g_assert_cmpfloat (g_array_index (items, RafilmTasteItem, 0).weight, ==, 1);
  g_assert_cmpfloat (g_array_index (items, RafilmTasteItem, 1).weight, ==, 0);
  g_assert_cmpfloat (g_array_index (items, RafilmTasteItem, 2).weight, ==, 0.8f);
  g_assert_cmpfloat (g_array_index (items, RafilmTasteItem, 3).weight, ==, 0.6f);
  g_assert_cmpfloat (g_array_index (items, RafilmTasteItem, 4).weight, ==, 0);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/recommend/recommender/reason", test_reason);
  rafilm_test_add_fiber ("/recommend/recommender/seen", test_seen);
  rafilm_test_add_fiber ("/recommend/recommender/constraints", test_constraints);
  rafilm_test_add_fiber ("/recommend/recommender/no-model", test_no_model);
  rafilm_test_add_fiber ("/recommend/recommender/rows", test_rows);
  g_test_add_func ("/recommend/taste/weigh", test_weigh);

  return g_test_run ();
}
