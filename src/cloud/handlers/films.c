/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Films of TMDb: search, details, batch, trending, discover. Public routes. */
#include "rafilm-handler.h"

#include "rafilm-tmdb-map.h"

#include <errno.h>
#include <string.h>

#define MAX_QUERY 200
#define HOUR 3600

static json_t *
bad_request (const char *detail)
{
  return rafilm_answer_problem (400, "bad_request", detail);
}

static json_t *
answer_status (RafilmTmdbStatus status, json_t *body, int max_age)
{
  switch (status)
    {
    case RAFILM_TMDB_OK:
      return rafilm_answer_json (200, body, max_age);
    case RAFILM_TMDB_NOT_FOUND:
      return rafilm_answer_problem (404, "not_found", "There is no such film.");
    case RAFILM_TMDB_UNAVAILABLE:
      break;
    }
  return rafilm_answer_retry (503, "catalogue_unavailable", "The film catalogue does not answer.",
                              30);
}

/* A number within bounds, in digits only, so that a film has one address; absent gives the
 * fallback. */
static bool
parse_number (const char *text, int64_t least, int64_t most, int64_t fallback, int64_t *ret_number)
{
  long long number;

  *ret_number = fallback;
  if (text == NULL || *text == '\0')
    return true;
  if (*text == '0' || text[strspn (text, "0123456789")] != '\0')
    return false;
  errno = 0;
  number = strtoll (text, NULL, 10);
  if (errno != 0 || number < least || number > most)
    return false;
  *ret_number = number;
  return true;
}

static json_t *
search (RafilmContext *context, const json_t *event)
{
  const char *query = rafilm_event_get_query (event, "query");
  int64_t page, year;
  json_t *body = NULL;
  RafilmTmdbStatus status;

  if (query != NULL)
    query += strspn (query, " ");
  if (query == NULL || *query == '\0' || strlen (query) > MAX_QUERY)
    return bad_request ("query must have 1 to 200 bytes.");
  if (!parse_number (rafilm_event_get_query (event, "page"), 1, RAFILM_TMDB_MAX_PAGE, 1, &page)
      || !parse_number (rafilm_event_get_query (event, "year"), 1870, 2200, 0, &year))
    return bad_request ("page must be 1 to 500, and year a year.");
  status = rafilm_tmdb_search (context->tmdb, query, (int) year, (int) page, &body);
  return answer_status (status, body, HOUR);
}

static json_t *
discover (RafilmContext *context, const json_t *event)
{
  const char *genre = rafilm_event_get_query (event, "genre");
  int64_t page, year;
  json_t *body = NULL;
  RafilmTmdbStatus status;

  if (!parse_number (rafilm_event_get_query (event, "page"), 1, RAFILM_TMDB_MAX_PAGE, 1, &page)
      || !parse_number (rafilm_event_get_query (event, "year"), 1870, 2200, 0, &year))
    return bad_request ("page must be 1 to 500, and year a year.");
  if (genre != NULL && *genre == '\0')
    genre = NULL;
  status = rafilm_tmdb_discover (context->tmdb, genre, (int) year, (int) page, &body);
  if (status == RAFILM_TMDB_NOT_FOUND)
    return bad_request ("There is no such genre.");
  return answer_status (status, body, HOUR);
}

static json_t *
trending (RafilmContext *context)
{
  json_t *films = NULL;
  RafilmTmdbStatus status = rafilm_tmdb_trending (context->tmdb, &films);

  return answer_status (
      status, status == RAFILM_TMDB_OK ? json_pack ("{s:o}", "results", films) : NULL, HOUR);
}

static json_t *
details (RafilmContext *context, const char *text)
{
  int64_t id;
  json_t *film = NULL;
  RafilmTmdbStatus status;

  if (!parse_number (text, 1, RAFILM_FILM_MAX_ID, 0, &id) || id == 0)
    return rafilm_answer_problem (404, "not_found", "There is no such film.");
  status = rafilm_tmdb_get_film (context->tmdb, id, &film);
  return answer_status (status, film, 24 * HOUR);
}

/* "1,2,3" -> numbers; 0 when it is no such list. */
static size_t
parse_ids (const char *text, int64_t ids[RAFILM_TMDB_MAX_IDS])
{
  size_t n = 0;

  for (;;)
    {
      size_t length = strcspn (text, ",");
      rafilm_autofree char *part = rafilm_strndup (text, length);

      if (n == RAFILM_TMDB_MAX_IDS || !parse_number (part, 1, RAFILM_FILM_MAX_ID, 0, &ids[n])
          || ids[n] == 0)
        return 0;
      n++;
      if (text[length] == '\0')
        return n;
      text += length + 1;
    }
}

static json_t *
batch (RafilmContext *context, const json_t *event)
{
  const char *text = rafilm_event_get_query (event, "ids");
  int64_t ids[RAFILM_TMDB_MAX_IDS];
  size_t length = text != NULL ? parse_ids (text, ids) : 0;
  json_auto_t *later = NULL;
  json_t *films = NULL, *film;
  RafilmTmdbStatus status;
  size_t i;

  if (length == 0)
    return bad_request ("ids must be 1 to 40 numbers with commas between.");
  status = rafilm_tmdb_get_films (context->tmdb, ids, length, &films, &later);
  json_array_foreach (films, i, film)
  {
    /* The copy in the cache is not ours to change, but this list is. */
    json_t *copy = json_copy (film);

    json_object_del (copy, "similar");
    json_array_set_new (films, i, copy);
  }
  if (status != RAFILM_TMDB_OK)
    {
      json_decref (films);
      return answer_status (status, NULL, 0);
    }
  if (json_array_size (later) == 0)
    return rafilm_answer_json (200, json_pack ("{s:o}", "results", films), HOUR);
  return rafilm_answer_json (200, json_pack ("{s:o, s:O}", "results", films, "later", later), 0);
}

static json_t *
answer_route (RafilmContext *context, const json_t *event)
{
  const char *resource = rafilm_event_get_resource (event);

  context->route = resource;
  if (strcmp (rafilm_event_get_method (event), "GET") != 0)
    return rafilm_answer_problem (405, "method_not_allowed", NULL);
  if (strcmp (resource, "/v1/films/search") == 0)
    return search (context, event);
  if (strcmp (resource, "/v1/films/trending") == 0)
    return trending (context);
  if (strcmp (resource, "/v1/films/discover") == 0)
    return discover (context, event);
  if (strcmp (resource, "/v1/films") == 0)
    return batch (context, event);
  if (strcmp (resource, "/v1/films/{id}") == 0)
    return details (context, rafilm_event_get_parameter (event, "id"));
  context->route = "unknown";
  return rafilm_answer_problem (404, "not_found", NULL);
}

json_t *
rafilm_films_handler (RafilmContext *context, json_t *event)
{
  return rafilm_answer_to_all_sites (answer_route (context, event));
}
