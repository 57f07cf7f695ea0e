/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-recommender.h"

#include <glib/gi18n-lib.h>

#include "rafilm-item-model.h"
#include "rafilm-rating.h"
#include "rafilm-spawn.h"
#include "rafilm-taste.h"

#define MAX_LIMIT 100
/* So many films are looked at closely; the rest of the ranking is not worth a look. */
#define MAX_CANDIDATES 400
#define MAX_BY_DIRECTOR 2
#define TOP_PICKS 12
#define MIN_ROW 3
#define MAX_ROW 12

struct _RafilmRecommender
{
  GObject parent_instance;

  RafilmStore *store;
  char *model_path;
  RafilmItemModel *model;
  gboolean tried_model;
};

G_DEFINE_FINAL_TYPE (RafilmRecommender, rafilm_recommender, G_TYPE_OBJECT)

typedef struct
{
  RafilmRecommender *self;
  RafilmRecommenderQuery query;
  char *genre;
  gboolean rows;
} Request;

/* A film under consideration. */
typedef struct
{
  RafilmFilm *film;
  gint64 because;
  double score;
} Candidate;

static void
request_free (Request *request)
{
  g_clear_object (&request->self);
  g_clear_pointer (&request->genre, g_free);
  g_free (request);
}

static void
candidate_clear (Candidate *candidate)
{
  g_clear_object (&candidate->film);
}

static void
load_model (RafilmRecommender *self)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  if (self->tried_model)
    return;
  self->tried_model = TRUE;
  if (self->model_path == NULL)
    return;

  if (!g_file_get_contents (self->model_path, &bytes, &size, &error))
    {
      g_debug ("No model: %s, ignoring", error->message);
      return;
    }
  self->model = rafilm_item_model_read (bytes, size);
  if (self->model == NULL)
    g_warning ("The model %s is not sound, ignoring", self->model_path);
}

static gboolean
fits (const Request *request, RafilmFilm *film)
{
  const RafilmRecommenderQuery *query = &request->query;
  const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
  const RafilmFilmState *state = rafilm_film_get_state (film);
  int year = rafilm_film_get_year (film);

  if (!rafilm_film_is_known (film) || state->hidden || rafilm_film_get_id (film) == query->like)
    return FALSE;
  if (!query->include_seen && (state->seen || state->rating != RAFILM_RATING_NONE))
    return FALSE;
  if ((query->min_year != 0 && year < query->min_year)
      || (query->max_year != 0 && (year == 0 || year > query->max_year)))
    return FALSE;
  if ((query->min_runtime != 0 && facts->runtime < query->min_runtime)
      || (query->max_runtime != 0 && (facts->runtime == 0 || facts->runtime > query->max_runtime)))
    return FALSE;

  return request->genre == NULL
         || (facts->genres != NULL
             && g_strv_contains ((const char *const *) facts->genres, request->genre));
}

/* ---- Where candidates come from ---- */

static GListModel *
await_films (RafilmRecommender *self, GArray *ids, GError **error)
{
  return dex_await_object (rafilm_store_get_films (self->store, ids), error);
}

/* The films that the model ranks first for @taste. */
static GArray *
rank_by_model (RafilmRecommender *self, GArray *taste, GError **error)
{
  g_autofree RafilmScoredItem *items = g_new0 (RafilmScoredItem, MAX_CANDIDATES);
  g_autoptr (GArray) candidates = g_array_new (FALSE, TRUE, sizeof (Candidate));
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GListModel) films = NULL;
  size_t n;

  g_array_set_clear_func (candidates, (GDestroyNotify) candidate_clear);
  n = rafilm_item_model_rank (self->model, (const RafilmTasteItem *) taste->data, taste->len, items,
                              MAX_CANDIDATES);
  for (size_t i = 0; i < n; i++)
    {
      gint64 id = items[i].id;

      g_array_append_val (ids, id);
    }
  films = await_films (self, ids, error);
  if (films == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      Candidate candidate = { .film = g_list_model_get_item (films, i),
                              .because = items[i].because[0],
                              .score = items[i].score };

      g_array_append_val (candidates, candidate);
    }

  return g_steal_pointer (&candidates);
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a;
  const Candidate *y = b;

  return (x->score < y->score) - (x->score > y->score);
}

static GArray *
list_popular (RafilmRecommender *self, GError **error)
{
  const RafilmFilmQuery query = { .flags = RAFILM_FILM_KNOWN,
                                  .sort = RAFILM_FILM_SORT_POPULARITY,
                                  .descending = TRUE,
                                  .limit = MAX_CANDIDATES };
  g_autoptr (GListModel) light = NULL;
  g_autoptr (GListModel) films = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) candidates = g_array_new (FALSE, TRUE, sizeof (Candidate));

  g_array_set_clear_func (candidates, (GDestroyNotify) candidate_clear);
  light = dex_await_object (rafilm_store_list_films (self->store, &query), error);
  if (light == NULL)
    return NULL;
  for (guint i = 0; i < g_list_model_get_n_items (light); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (light, i);
      gint64 id = rafilm_film_get_id (film);

      g_array_append_val (ids, id);
    }
  films = await_films (self, ids, error);
  if (films == NULL)
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      Candidate candidate = { .film = g_list_model_get_item (films, i) };

      candidate.score = rafilm_film_get_facts (candidate.film)->popularity / 1000;
      g_array_append_val (candidates, candidate);
    }

  return g_steal_pointer (&candidates);
}

/* Adds what each candidate has in common with @film to its score, and sorts anew. */
static void
favour_likeness (GArray *candidates, RafilmFilm *film)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);

      candidate->because = rafilm_film_get_id (film);
      candidate->score += rafilm_taste_compare_films (candidate->film, film);
    }
  g_array_sort (candidates, compare_candidates);
}

static void
append_new (GArray *candidates, GArray *more)
{
  g_autoptr (GHashTable) there = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < candidates->len; i++)
    g_hash_table_add (there, g_array_index (candidates, Candidate, i).film);
  for (guint i = 0; i < more->len; i++)
    {
      Candidate candidate = g_array_index (more, Candidate, i);

      if (!g_hash_table_add (there, candidate.film))
        continue;
      g_object_ref (candidate.film);
      g_array_append_val (candidates, candidate);
    }
}

/* Only the film to resemble counts as taste; what was seen stays known. */
static void
narrow_taste (GArray *taste, gint64 like)
{
  RafilmTasteItem item = { .id = (guint32) like, .weight = 1 };

  for (guint i = 0; i < taste->len; i++)
    g_array_index (taste, RafilmTasteItem, i).weight = 0;
  g_array_append_val (taste, item);
}

static gboolean
model_knows_any (RafilmRecommender *self, GArray *taste)
{
  if (self->model == NULL)
    return FALSE;
  for (guint i = 0; i < taste->len; i++)
    {
      const RafilmTasteItem *item = &g_array_index (taste, RafilmTasteItem, i);

      if (item->weight > 0 && rafilm_item_model_knows (self->model, item->id))
        return TRUE;
    }

  return FALSE;
}

static GArray *
list_candidates (Request *request, GError **error)
{
  RafilmRecommender *self = request->self;
  g_autoptr (GArray) states = NULL;
  g_autoptr (GArray) taste = NULL;
  g_autoptr (GArray) candidates = NULL;
  g_autoptr (GArray) popular = NULL;

  states = dex_await_boxed (rafilm_store_list_taste (self->store), error);
  if (states == NULL)
    return NULL;
  taste = rafilm_taste_weigh (states);
  if (request->query.include_seen && request->query.like != 0)
    g_array_set_size (taste, 0);
  if (request->query.like != 0)
    narrow_taste (taste, request->query.like);

  load_model (self);
  if (model_knows_any (self, taste))
    {
      candidates = rank_by_model (self, taste, error);
      if (candidates == NULL)
        return NULL;
    }

  popular = list_popular (self, error);
  if (popular == NULL)
    return NULL;
  if (candidates == NULL)
    candidates = g_steal_pointer (&popular);
  else
    append_new (candidates, popular);

  if (request->query.like != 0)
    {
      g_autoptr (RafilmFilm) film =
          dex_await_object (rafilm_store_get_film (self->store, request->query.like), error);

      if (film == NULL)
        return NULL;
      favour_likeness (candidates, film);
    }

  return g_steal_pointer (&candidates);
}

/* ---- What is shown ---- */

static char *
dup_reason (RafilmFilm *because)
{
  const RafilmFilmState *state;
  g_autofree char *stars = NULL;

  if (because == NULL)
    return g_strdup (_ ("Much watched, and not in your diary yet"));

  state = rafilm_film_get_state (because);
  if (state->rating != RAFILM_RATING_NONE)
    {
      stars = rafilm_rating_dup_stars (state->rating);
      /* Translators: a film's title and its stars, such as Heat ★★★★½ */
      return g_strdup_printf (_ ("Because you rated %s %s"), rafilm_film_get_title (because),
                              stars);
    }
  if (state->like)
    return g_strdup_printf (_ ("Because you liked %s"), rafilm_film_get_title (because));
  if (state->seen)
    return g_strdup_printf (_ ("Because you watched %s"), rafilm_film_get_title (because));

  return g_strdup_printf (_ ("Like %s"), rafilm_film_get_title (because));
}

/* Whether a director has had enough places already. */
static gboolean
is_crowded (GHashTable *by_director, RafilmFilm *film)
{
  GStrv directors = rafilm_film_get_facts (film)->directors;
  const char *name = directors != NULL ? directors[0] : NULL;
  guint count;

  if (name == NULL)
    return FALSE;
  count = GPOINTER_TO_UINT (g_hash_table_lookup (by_director, name));
  if (count >= MAX_BY_DIRECTOR)
    return TRUE;
  g_hash_table_insert (by_director, (char *) name, GUINT_TO_POINTER (count + 1));

  return FALSE;
}

/* The known films that candidates are explained by: id -> RafilmFilm. */
static GHashTable *
await_reasons (RafilmRecommender *self, GArray *candidates, GError **error)
{
  g_autoptr (GHashTable) reasons =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GListModel) films = NULL;

  for (guint i = 0; i < candidates->len; i++)
    {
      gint64 id = g_array_index (candidates, Candidate, i).because;

      if (id != 0)
        g_array_append_val (ids, id);
    }
  films = await_films (self, ids, error);
  if (films == NULL)
    return NULL;
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      RafilmFilm *film = g_list_model_get_item (films, i);
      gint64 id = rafilm_film_get_id (film);

      g_hash_table_replace (reasons, g_memdup2 (&id, sizeof id), film);
    }

  return g_steal_pointer (&reasons);
}

static void
append_candidate (GListStore *list, const Candidate *candidate, GHashTable *reasons,
                  const char *row)
{
  RafilmFilm *because = g_hash_table_lookup (reasons, &candidate->because);
  g_autofree char *reason = dup_reason (because);
  g_autoptr (RafilmRecommendation) item = NULL;

  item = rafilm_recommendation_new (candidate->film, because, reason, row != NULL ? row : reason);
  g_list_store_append (list, item);
}

static GListStore *
make_flat (Request *request, GArray *candidates, GHashTable *reasons)
{
  GListStore *list = g_list_store_new (RAFILM_TYPE_RECOMMENDATION);
  g_autoptr (GHashTable) by_director = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (g_list_model_get_n_items (G_LIST_MODEL (list)) == request->query.limit)
        break;
      if (fits (request, candidate->film) && !is_crowded (by_director, candidate->film))
        append_candidate (list, candidate, reasons, NULL);
    }

  return list;
}

/* Moves what belongs into the row of one reason, if it is enough for a row. */
static void
append_row (Request *request, GListStore *list, GArray *left, GHashTable *reasons, gint64 because)
{
  g_autoptr (GHashTable) by_director = g_hash_table_new (g_str_hash, g_str_equal);
  guint picked[MAX_ROW];
  guint n = 0;

  for (guint i = 0; i < left->len && n < MAX_ROW; i++)
    {
      const Candidate *candidate = &g_array_index (left, Candidate, i);

      if (candidate->because == because && !is_crowded (by_director, candidate->film))
        picked[n++] = i;
    }
  if (n < MIN_ROW)
    return;

  for (guint i = 0; i < n; i++)
    if (g_list_model_get_n_items (G_LIST_MODEL (list)) < request->query.limit)
      append_candidate (list, &g_array_index (left, Candidate, picked[i]), reasons, NULL);
  while (n > 0)
    g_array_remove_index (left, picked[--n]);
}

static GListStore *
make_rows (Request *request, GArray *candidates, GHashTable *reasons)
{
  GListStore *list = g_list_store_new (RAFILM_TYPE_RECOMMENDATION);
  g_autoptr (GHashTable) by_director = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) tried = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GArray) left = g_array_new (FALSE, TRUE, sizeof (Candidate));
  guint top = 0;

  g_array_set_clear_func (left, (GDestroyNotify) candidate_clear);
  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate candidate = g_array_index (candidates, Candidate, i);

      if (!fits (request, candidate.film))
        continue;
      if (top < TOP_PICKS && !is_crowded (by_director, candidate.film))
        {
          append_candidate (list, &candidate, reasons, _ ("Top picks for you"));
          top++;
          continue;
        }
      g_object_ref (candidate.film);
      g_array_append_val (left, candidate);
      g_array_append_val (order, candidate.because);
    }

  /* Reasons in the order of the best film that each of them has; no reason comes last. */
  for (guint i = 0; i < order->len; i++)
    {
      gint64 *because = &g_array_index (order, gint64, i);

      if (*because != 0 && g_hash_table_add (tried, because))
        append_row (request, list, left, reasons, *because);
    }
  append_row (request, list, left, reasons, 0);

  return list;
}

static DexFuture *
recommend_fiber (Request *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) candidates = NULL;
  g_autoptr (GHashTable) reasons = NULL;

  candidates = list_candidates (request, &error);
  if (candidates != NULL)
    reasons = await_reasons (request->self, candidates, &error);
  if (reasons == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (request->rows ? make_rows (request, candidates, reasons)
                                                   : make_flat (request, candidates, reasons));
}

static DexFuture *
spawn_request (RafilmRecommender *self, const RafilmRecommenderQuery *query, gboolean rows)
{
  Request *request = g_new0 (Request, 1);

  request->self = g_object_ref (self);
  request->query = *query;
  request->query.limit = MIN (query->limit, rows ? MAX_CANDIDATES : MAX_LIMIT);
  request->genre = g_strdup (query->genre);
  request->query.genre = NULL;
  request->rows = rows;

  return rafilm_spawn ((DexFiberFunc) recommend_fiber, request, (GDestroyNotify) request_free);
}

static void
rafilm_recommender_finalize (GObject *object)
{
  RafilmRecommender *self = RAFILM_RECOMMENDER (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->model_path, g_free);
  g_clear_pointer (&self->model, rafilm_item_model_free);

  G_OBJECT_CLASS (rafilm_recommender_parent_class)->finalize (object);
}

static void
rafilm_recommender_class_init (RafilmRecommenderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_recommender_finalize;
}

static void
rafilm_recommender_init (RafilmRecommender *self)
{
}

RafilmRecommender *
rafilm_recommender_new (RafilmStore *store, const char *model_path)
{
  RafilmRecommender *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);

  self = g_object_new (RAFILM_TYPE_RECOMMENDER, NULL);
  self->store = g_object_ref (store);
  self->model_path = g_strdup (model_path);

  return self;
}

DexFuture *
rafilm_recommender_find (RafilmRecommender *self, const RafilmRecommenderQuery *query)
{
  dex_return_error_if_fail (RAFILM_IS_RECOMMENDER (self));
  dex_return_error_if_fail (query != NULL);

  return spawn_request (self, query, FALSE);
}

DexFuture *
rafilm_recommender_recommend (RafilmRecommender *self, guint limit)
{
  const RafilmRecommenderQuery query = { .limit = limit };

  dex_return_error_if_fail (RAFILM_IS_RECOMMENDER (self));

  return spawn_request (self, &query, TRUE);
}
