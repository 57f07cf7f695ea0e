/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-concierge-find.h"

#include <string.h>

#define MAX_FOUND 100
#define MAX_SEARCHED 500

static void
pick_clear (RafilmPick *pick)
{
  g_clear_object (&pick->film);
  g_clear_pointer (&pick->reason, g_free);
}

static GArray *
make_picks (void)
{
  GArray *picks = g_array_new (FALSE, TRUE, sizeof (RafilmPick));

  g_array_set_clear_func (picks, (GDestroyNotify) pick_clear);

  return picks;
}

static void
add_pick (GArray *picks, RafilmFilm *film)
{
  const RafilmFilmState *state = rafilm_film_get_state (film);
  RafilmPick pick = { .film = g_object_ref (film), .rating = state->rating };

  if (state->last_watched != NULL)
    g_strlcpy (pick.date, state->last_watched, sizeof pick.date);
  pick.viewings = state->viewings;
  pick.minutes = state->viewings * (guint) rafilm_film_get_facts (film)->runtime;
  g_array_append_val (picks, pick);
}

/* ---- Which films fit ---- */

static gboolean
has_text (GStrv list, const char *text)
{
  return list != NULL && g_strv_contains ((const char *const *) list, text);
}

/* Whether one of @names has all words of @name, which is normalised: "varda" for "Agnès Varda". */
static gboolean
has_name (GStrv names, const char *name)
{
  g_autofree char *wanted = g_strdup_printf (" %s ", name);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *normal = rafilm_title_normalise (names[i]);
      g_autofree char *whole = g_strdup_printf (" %s ", normal);

      if (strstr (whole, wanted) != NULL)
        return TRUE;
    }

  return FALSE;
}

static gboolean
allows_person (const RafilmRequest *self, const RafilmFilmFacts *facts)
{
  g_autofree char *name = NULL;

  if (self->person == NULL)
    return TRUE;

  name = rafilm_title_normalise (self->person);
  if (self->role != RAFILM_PERSON_ACTOR && has_name (facts->directors, name))
    return TRUE;

  return self->role != RAFILM_PERSON_DIRECTOR && has_name (facts->cast, name);
}

static gboolean
allows_kind (const RafilmRequest *self, const RafilmFilmFacts *facts)
{
  for (guint i = 0; i < self->n_genres; i++)
    if (!has_text (facts->genres, self->genres[i]))
      return FALSE;
  if (self->without != NULL && has_text (facts->genres, self->without))
    return FALSE;

  return self->language == NULL || g_strcmp0 (self->language, facts->language) == 0;
}

static gboolean
is_within (int value, int min, int max)
{
  if (min == 0 && max == 0)
    return TRUE;

  return value != 0 && value >= min && (max == 0 || value <= max);
}

static gboolean
allows_beside (const RafilmRequest *self, RafilmFilm *film, RafilmFilm *beside)
{
  int runtime = rafilm_film_get_facts (film)->runtime;
  int year = rafilm_film_get_year (film);
  int other_runtime;
  int other_year;

  if (beside == NULL)
    return TRUE;
  if (rafilm_film_get_id (film) == rafilm_film_get_id (beside))
    return FALSE;

  other_runtime = rafilm_film_get_facts (beside)->runtime;
  other_year = rafilm_film_get_year (beside);
  if ((self->relations & RAFILM_RELATION_SHORTER) != 0 && other_runtime != 0
      && (runtime == 0 || runtime >= other_runtime))
    return FALSE;
  if ((self->relations & RAFILM_RELATION_LONGER) != 0 && runtime <= other_runtime)
    return FALSE;
  if ((self->relations & RAFILM_RELATION_OLDER) != 0 && other_year != 0
      && (year == 0 || year >= other_year))
    return FALSE;

  return (self->relations & RAFILM_RELATION_NEWER) == 0 || year > other_year;
}

gboolean
rafilm_request_allows (const RafilmRequest *self, RafilmFilm *film, int rating, RafilmFilm *beside)
{
  const RafilmFilmFacts *facts;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (RAFILM_IS_FILM (film), FALSE);

  facts = rafilm_film_get_facts (film);

  return rafilm_film_is_known (film) && allows_kind (self, facts) && allows_person (self, facts)
         && is_within (rafilm_film_get_year (film), self->min_year, self->max_year)
         && is_within (facts->runtime, self->min_runtime, self->max_runtime)
         && is_within (rating, self->min_rating, self->max_rating)
         && allows_beside (self, film, beside);
}

static gboolean
allows_scope (const RafilmRequest *request, RafilmFilm *film)
{
  const RafilmFilmState *state = rafilm_film_get_state (film);
  gboolean seen = state->seen || state->rating != 0;

  switch (request->scope)
    {
    case RAFILM_SCOPE_SEEN:
      return seen;
    case RAFILM_SCOPE_WATCHLIST:
      return state->watchlist;
    case RAFILM_SCOPE_LIKED:
      return state->like;
    case RAFILM_SCOPE_UNFINISHED:
      return state->unfinished;
    case RAFILM_SCOPE_UNSEEN:
    case RAFILM_SCOPE_ANY:
    default:
      return !seen;
    }
}

/* ---- Where films come from ---- */

/* Search finds prefixes, too many of them; rafilm_request_allows() has the last word. */
static char *
make_search (const RafilmRequest *request)
{
  const char *words = request->person != NULL ? request->person : request->topic;
  const char *operator= request->person == NULL ? ""
  : request->role == RAFILM_PERSON_DIRECTOR     ? "director:"
  : request->role == RAFILM_PERSON_ACTOR        ? "actor:"
                                                : "";
  g_autofree char *plain = NULL;

  if (request->tag != NULL)
    {
      words = request->tag;
      operator= "tag:";
    }
  plain = g_strdelimit (g_strdup (words), "\":", ' ');

  return *operator!= '\0' ? g_strdup_printf ("%s\"%s\"", operator, plain)
                          : g_steal_pointer (&plain);
}

static GArray *
list_ids (GListModel *films)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      gint64 id = rafilm_film_get_id (film);

      g_array_append_val (ids, id);
    }

  return ids;
}

static GListModel *
await_films (RafilmStore *store, const RafilmRequest *request, GError **error)
{
  RafilmFilmQuery query = { .sort = RAFILM_FILM_SORT_RECENT, .descending = TRUE };
  g_autoptr (GListModel) films = NULL;
  g_autoptr (GArray) ids = NULL;

  if (request->person != NULL || request->topic != NULL || request->tag != NULL)
    {
      g_autofree char *text = make_search (request);

      films = dex_await_object (rafilm_store_search (store, text, MAX_SEARCHED), error);
    }
  else
    {
      switch (request->scope)
        {
        case RAFILM_SCOPE_WATCHLIST:
          query.flags = RAFILM_FILM_WATCHLIST;
          query.sort = RAFILM_FILM_SORT_ADDED;
          break;
        case RAFILM_SCOPE_LIKED:
          query.flags = RAFILM_FILM_LIKED;
          break;
        case RAFILM_SCOPE_UNFINISHED:
          query.flags = RAFILM_FILM_UNFINISHED;
          break;
        case RAFILM_SCOPE_SEEN:
          query.flags = RAFILM_FILM_MINE;
          break;
        case RAFILM_SCOPE_UNSEEN:
        case RAFILM_SCOPE_ANY:
        default:
          query.flags = RAFILM_FILM_KNOWN;
          query.sort = RAFILM_FILM_SORT_POPULARITY;
          break;
        }
      films = dex_await_object (rafilm_store_list_films (store, &query), error);
    }
  if (films == NULL || request->person == NULL)
    return g_steal_pointer (&films);

  /* The cast comes only with all the facts. */
  ids = list_ids (films);

  return dex_await_object (rafilm_store_get_films (store, ids), error);
}

static gboolean
has_tag (RafilmViewing *viewing, const char *tag)
{
  const char *const *tags = rafilm_viewing_get_tags (viewing);

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    if (g_ascii_strcasecmp (tags[i], tag) == 0)
      return TRUE;

  return FALSE;
}

/* Loads the cast of the films of @viewings into them. */
static gboolean
await_casts (RafilmStore *store, GListModel *viewings, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GListModel) films = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      gint64 id = rafilm_film_get_id (rafilm_viewing_get_film (viewing));

      g_array_append_val (ids, id);
    }
  films = dex_await_object (rafilm_store_get_films (store, ids), error);

  return films != NULL;
}

static gboolean
allows_viewing (const RafilmRequest *request, RafilmViewing *viewing, RafilmFilm *beside)
{
  const char *date = rafilm_viewing_get_date (viewing);

  return date != NULL && strcmp (date, request->from) >= 0 && strcmp (date, request->to) <= 0
         && (request->tag == NULL || has_tag (viewing, request->tag))
         && (request->scope != RAFILM_SCOPE_UNFINISHED || !rafilm_viewing_get_finished (viewing))
         && (request->scope != RAFILM_SCOPE_LIKED || rafilm_viewing_get_liked (viewing))
         && rafilm_request_allows (request, rafilm_viewing_get_film (viewing),
                                   rafilm_viewing_get_rating (viewing), beside);
}

/* One pick a film from the viewings of a time, the newest viewing first. */
static GArray *
await_viewings (RafilmStore *store, const RafilmRequest *request, RafilmFilm *beside,
                GError **error)
{
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) picks = make_picks ();

  viewings = dex_await_object (rafilm_store_list_viewings (store, 0, 0, 0), error);
  if (viewings == NULL)
    return NULL;
  if (request->person != NULL && request->role != RAFILM_PERSON_DIRECTOR
      && !await_casts (store, viewings, error))
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      RafilmFilm *film = rafilm_viewing_get_film (viewing);
      int rating = rafilm_viewing_get_rating (viewing);
      RafilmPick pick = { 0 };
      gpointer place;

      if (!allows_viewing (request, viewing, beside))
        continue;
      if (!g_hash_table_lookup_extended (places, film, NULL, &place))
        {
          pick.film = g_object_ref (film);
          g_strlcpy (pick.date, rafilm_viewing_get_date (viewing), sizeof pick.date);
          place = GUINT_TO_POINTER (picks->len);
          g_hash_table_insert (places, film, place);
          g_array_append_val (picks, pick);
        }
      {
        RafilmPick *found = &g_array_index (picks, RafilmPick, GPOINTER_TO_UINT (place));

        found->viewings++;
        found->minutes += (guint) rafilm_film_get_facts (film)->runtime;
        found->rating = MAX (found->rating, rating);
      }
    }

  return g_steal_pointer (&picks);
}

/* ---- Order ---- */

static int
compare_values (double a, double b)
{
  return (a > b) - (a < b);
}

static int
compare_picks (gconstpointer a, gconstpointer b, gpointer data)
{
  const RafilmPick *x = a;
  const RafilmPick *y = b;
  const RafilmFilmFacts *fx = rafilm_film_get_facts (x->film);
  const RafilmFilmFacts *fy = rafilm_film_get_facts (y->film);

  switch ((RafilmOrder) GPOINTER_TO_INT (data))
    {
    case RAFILM_ORDER_BEST:
      return compare_values (y->rating, x->rating);
    case RAFILM_ORDER_WORST:
      return compare_values (x->rating, y->rating);
    case RAFILM_ORDER_RECENT:
      return strcmp (y->date, x->date);
    case RAFILM_ORDER_OLDEST:
      return strcmp (x->date, y->date);
    case RAFILM_ORDER_LONGEST:
      return compare_values (fy->runtime, fx->runtime);
    case RAFILM_ORDER_SHORTEST:
      return compare_values (fx->runtime, fy->runtime);
    case RAFILM_ORDER_NONE:
    default:
      return 0;
    }
}

/* What cannot be compared is left out: films without a rating are neither best nor worst. */
static void
drop_incomparable (GArray *picks, RafilmOrder order)
{
  for (guint i = picks->len; i > 0; i--)
    {
      const RafilmPick *pick = &g_array_index (picks, RafilmPick, i - 1);
      int runtime = rafilm_film_get_facts (pick->film)->runtime;

      if (((order == RAFILM_ORDER_BEST || order == RAFILM_ORDER_WORST) && pick->rating == 0)
          || ((order == RAFILM_ORDER_LONGEST || order == RAFILM_ORDER_SHORTEST) && runtime == 0)
          || (order == RAFILM_ORDER_OLDEST && pick->date[0] == '\0'))
        g_array_remove_index (picks, i - 1);
    }
}

GArray *
rafilm_concierge_await_picks (RafilmStore *store, const RafilmRequest *request, RafilmFilm *beside,
                              GError **error)
{
  g_autoptr (GListModel) films = NULL;
  g_autoptr (GArray) picks = NULL;
  RafilmOrder order = request->order;

  if (request->from[0] != '\0')
    {
      picks = await_viewings (store, request, beside, error);
      if (picks == NULL)
        return NULL;
    }
  else
    {
      films = await_films (store, request, error);
      if (films == NULL)
        return NULL;
      picks = make_picks ();
      for (guint i = 0; i < g_list_model_get_n_items (films); i++)
        {
          g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

          if (allows_scope (request, film)
              && rafilm_request_allows (request, film, rafilm_film_get_state (film)->rating,
                                        beside))
            add_pick (picks, film);
        }
    }

  if (request->kind == RAFILM_REQUEST_LIST || request->kind == RAFILM_REQUEST_RECOMMEND)
    {
      /* Nobody has rated what was not seen. */
      if (request->scope == RAFILM_SCOPE_ANY || request->scope == RAFILM_SCOPE_UNSEEN)
        order = order == RAFILM_ORDER_LONGEST || order == RAFILM_ORDER_SHORTEST ? order
                                                                                : RAFILM_ORDER_NONE;
      drop_incomparable (picks, order);
      g_array_sort_with_data (picks, compare_picks, GINT_TO_POINTER (order));
    }

  return g_steal_pointer (&picks);
}

static int
get_lower (int a, int b)
{
  return a == 0 ? b : b == 0 ? a : MIN (a, b);
}

/* The recommender gives its best films only, so it must know what is wanted. */
static void
narrow_beside (RafilmRecommenderQuery *query, RafilmRelations relations, RafilmFilm *beside)
{
  int runtime = beside != NULL ? rafilm_film_get_facts (beside)->runtime : 0;
  int year = beside != NULL ? rafilm_film_get_year (beside) : 0;

  if (runtime != 0 && (relations & RAFILM_RELATION_SHORTER) != 0)
    query->max_runtime = get_lower (query->max_runtime, runtime - 1);
  if (runtime != 0 && (relations & RAFILM_RELATION_LONGER) != 0)
    query->min_runtime = MAX (query->min_runtime, runtime + 1);
  if (year != 0 && (relations & RAFILM_RELATION_OLDER) != 0)
    query->max_year = get_lower (query->max_year, year - 1);
  if (year != 0 && (relations & RAFILM_RELATION_NEWER) != 0)
    query->min_year = MAX (query->min_year, year + 1);
}

GArray *
rafilm_concierge_await_recommendations (RafilmStore *store, RafilmRecommender *recommender,
                                        const RafilmRequest *request, RafilmFilm *beside,
                                        GError **error)
{
  RafilmRecommenderQuery query = {
    .like = (request->relations & RAFILM_RELATION_LIKE) != 0 ? request->film : 0,
    .genre = request->n_genres > 0 ? request->genres[0] : NULL,
    .min_year = request->min_year,
    .max_year = request->max_year,
    .min_runtime = request->min_runtime,
    .max_runtime = request->max_runtime,
    .include_seen = request->scope == RAFILM_SCOPE_SEEN,
    .limit = MAX_FOUND,
  };
  g_autoptr (GListModel) found = NULL;
  g_autoptr (GArray) picks = NULL;

  if (request->topic != NULL || (request->scope == RAFILM_SCOPE_SEEN && query.like == 0))
    return rafilm_concierge_await_picks (store, request, beside, error);

  narrow_beside (&query, request->relations, beside);
  found = dex_await_object (rafilm_recommender_find (recommender, &query), error);
  if (found == NULL)
    return NULL;

  picks = make_picks ();
  for (guint i = 0; i < g_list_model_get_n_items (found); i++)
    {
      g_autoptr (RafilmRecommendation) item = g_list_model_get_item (found, i);
      RafilmFilm *film = rafilm_recommendation_get_film (item);

      if (!allows_scope (request, film)
          || !rafilm_request_allows (request, film, rafilm_film_get_state (film)->rating, beside))
        continue;
      add_pick (picks, film);
      g_array_index (picks, RafilmPick, picks->len - 1).reason =
          g_strdup (rafilm_recommendation_get_reason (item));
    }
  /* What the recommender doesn't rank may still fit. */
  if (picks->len == 0 && query.like == 0)
    return rafilm_concierge_await_picks (store, request, beside, error);

  return g_steal_pointer (&picks);
}
