/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-suggestions.h"

#include "rafilm-diary.h"
#include "rafilm-log.h"
#include "rafilm-time.h"
#include "rafilm-tmdb-map.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define MAX_CANDIDATES 100
#define MAX_BECAUSE 5
#define POPULAR_PAGES 3

typedef struct
{
  int64_t id;
  double score;
  json_t *because; /* ids, or NULL; owned */
} Candidate;

typedef struct
{
  Candidate items[MAX_CANDIDATES];
  size_t length;
} Candidates;

static void
candidates_clear (Candidates *self)
{
  for (size_t i = 0; i < self->length; i++)
    json_decref (self->items[i].because);
  self->length = 0;
}

#define rafilm_auto_candidates __attribute__ ((cleanup (candidates_clear))) Candidates

/* Takes the reference of `because`. */
static void
candidates_add (Candidates *self, int64_t id, double score, json_t *because)
{
  if (id > 0 && id <= RAFILM_FILM_MAX_ID && self->length < MAX_CANDIDATES)
    self->items[self->length++] = (Candidate) { id, score, because };
  else
    json_decref (because);
}

static int64_t
parse_id (const char *text)
{
  char *end = NULL;
  long long id;

  if (text == NULL || *text == '\0')
    return 0;
  errno = 0;
  id = strtoll (text, &end, 10);
  return errno == 0 && *end == '\0' ? id : 0;
}

/* https://docs.aws.amazon.com/personalize/latest/dg/API_RS_GetRecommendations.html */
static void
ask_campaign (RafilmContext *context, const char *uid, Candidates *candidates)
{
  const RafilmSettings *settings = context->settings;
  json_auto_t *body = json_pack ("{s:s, s:s, s:i}", "campaignArn", settings->campaign_arn, "userId",
                                 uid, "numResults", MAX_CANDIDATES);
  rafilm_autofree char *text = json_dumps (body, JSON_COMPACT);
  rafilm_auto_request request = { .method = "POST" };
  rafilm_auto_response response = { 0 };
  json_auto_t *answer = NULL;
  RafilmHttpStatus status;
  json_t *item;
  size_t i;

  request.url =
      rafilm_printf ("%s/recommendations", settings->endpoints[RAFILM_SERVICE_PERSONALIZE_RUNTIME]);
  request.body = text;
  request.body_length = strlen (text);
  request.timeout_ms = rafilm_aws_time_left (context->aws, 3000);
  rafilm_http_headers_add (&request.headers, "Content-Type", "application/json");
  rafilm_aws_sign (context->aws, &request, "personalize");
  status = rafilm_http_client_send (context->http, &request, &response);
  if (status == RAFILM_HTTP_OK && response.status == 200)
    answer = json_loadb (response.body, response.body_length, 0, NULL);
  else
    rafilm_log_warning ("personalize.failed", "reason", rafilm_http_status_to_string (status),
                        NULL);
  json_array_foreach (json_object_get (answer, "itemList"), i, item)
      candidates_add (candidates, parse_id (json_string_value (json_object_get (item, "itemId"))),
                      json_number_value (json_object_get (item, "score")), NULL);
}

static json_t *
dup_because (const json_t *stored)
{
  json_t *ids = json_array (), *id;
  size_t i;

  json_array_foreach (stored, i, id)
  {
    if (json_is_integer (id) && json_array_size (ids) < MAX_BECAUSE)
      json_array_append (ids, id);
  }
  return ids;
}

static void
read_batch (RafilmContext *context, const char *uid, Candidates *candidates)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_auto_t *item = NULL, *stored = NULL;
  json_t *entry;
  size_t i;

  rafilm_dynamodb_get_item (context->dynamodb, pk, "R", false, &item);
  if (rafilm_item_get_int (item, "ttl", INT64_MAX) <= rafilm_time_now ())
    return;
  stored = rafilm_item_get_json (item, "items");
  json_array_foreach (stored, i, entry)
      candidates_add (candidates, json_integer_value (json_object_get (entry, "id")),
                      json_number_value (json_object_get (entry, "score")),
                      dup_because (json_object_get (entry, "because")));
}

static int
release_year (const json_t *film)
{
  const char *date = json_string_value (json_object_get (film, "release_date"));

  return date != NULL ? atoi (date) : 0;
}

static bool
has_genre (const json_t *film, const char *genre)
{
  json_t *name;
  size_t i;

  json_array_foreach (json_object_get (film, "genres"), i, name)
  {
    if (strcasecmp (json_string_value (name), genre) == 0)
      return true;
  }
  return false;
}

static bool
fits (const json_t *film, const RafilmSuggestionsQuery *query)
{
  int year = release_year (film);

  return (query->genre == NULL || has_genre (film, query->genre))
         && (query->year_from == 0 || year >= query->year_from)
         && (query->year_to == 0 || (year > 0 && year <= query->year_to));
}

static bool
is_listed (const json_t *items, int64_t id)
{
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
  {
    if (json_integer_value (json_object_get (json_object_get (item, "film"), "id")) == id)
      return true;
  }
  return false;
}

static void
add_item (json_t *items, const json_t *film, double score, const json_t *because)
{
  json_array_append_new (
      items,
      json_pack ("{s:o, s:f, s:o}", "film", rafilm_film_shorten (film), "score", score, "because",
                 because != NULL ? json_copy ((json_t *) because) : json_array ()));
}

/* Facts are fetched a page at a time, until enough films fit. */
static void
resolve (RafilmContext *context, const Candidates *candidates, const RafilmSuggestionsQuery *query,
         const RafilmFilmSet *seen, json_t *items)
{
  const Candidate *page[RAFILM_TMDB_MAX_IDS];
  int64_t ids[RAFILM_TMDB_MAX_IDS];
  size_t next = 0;

  while (next < candidates->length && json_array_size (items) < query->limit)
    {
      json_auto_t *films = NULL;
      json_t *film;
      size_t n = 0, i;

      for (; next < candidates->length && n < RAFILM_TMDB_MAX_IDS; next++)
        if (query->include_seen || !rafilm_film_set_contains (seen, candidates->items[next].id))
          {
            page[n] = &candidates->items[next];
            ids[n++] = candidates->items[next].id;
          }
      if (n == 0 || rafilm_tmdb_get_films (context->tmdb, ids, n, &films, NULL) != RAFILM_TMDB_OK)
        return;
      json_array_foreach (films, i, film)
      {
        int64_t id = json_integer_value (json_object_get (film, "id"));

        for (size_t j = 0; j < n; j++)
          if (ids[j] == id && json_array_size (items) < query->limit && fits (film, query)
              && !is_listed (items, id))
            add_item (items, film, page[j]->score, page[j]->because);
      }
    }
}

/* Their order is the only thing known of their rank. */
static void
add_popular (const json_t *films, const RafilmSuggestionsQuery *query, const RafilmFilmSet *seen,
             json_t *items)
{
  json_t *film;
  size_t i;

  json_array_foreach (films, i, film)
  {
    int64_t id = json_integer_value (json_object_get (film, "id"));

    if (json_array_size (items) < query->limit && fits (film, query) && !is_listed (items, id)
        && (query->include_seen || !rafilm_film_set_contains (seen, id)))
      add_item (items, film, 1.0 / (1.0 + (double) json_array_size (items)), NULL);
  }
}

static bool
find_popular (RafilmContext *context, const RafilmSuggestionsQuery *query,
              const RafilmFilmSet *seen, json_t *items)
{
  json_auto_t *trending = NULL;
  bool answered = rafilm_tmdb_trending (context->tmdb, &trending) == RAFILM_TMDB_OK;
  int year = query->year_from == query->year_to ? query->year_from : 0;

  add_popular (trending, query, seen, items);
  for (int page = 1; page <= POPULAR_PAGES && json_array_size (items) < query->limit; page++)
    {
      json_auto_t *found = NULL;

      if (rafilm_tmdb_discover (context->tmdb, query->genre, year, page, &found) != RAFILM_TMDB_OK)
        break;
      answered = true;
      add_popular (json_object_get (found, "results"), query, seen, items);
    }
  return answered;
}

json_t *
rafilm_suggestions_get (RafilmContext *context, const char *uid,
                        const RafilmSuggestionsQuery *query)
{
  rafilm_auto_candidates candidates = { .length = 0 };
  json_auto_t *items = json_array ();
  RafilmFilmSet seen = { 0 };
  const char *source = "personalize";

  if (!rafilm_diary_read_seen (context->dynamodb, uid, &seen))
    return NULL;
  if (context->settings->campaign_arn != NULL)
    ask_campaign (context, uid, &candidates);
  if (candidates.length == 0)
    read_batch (context, uid, &candidates);
  resolve (context, &candidates, query, &seen, items);
  if (json_array_size (items) == 0)
    {
      source = "popular";
      if (!find_popular (context, query, &seen, items))
        {
          rafilm_film_set_clear (&seen);
          return NULL;
        }
    }
  rafilm_film_set_clear (&seen);
  return json_pack ("{s:s, s:O}", "source", source, "items", items);
}
