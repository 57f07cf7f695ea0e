/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-tmdb.h"

#include "rafilm-log.h"
#include "rafilm-ssm.h"
#include "rafilm-time.h"
#include "rafilm-tmdb-cache.h"
#include "rafilm-tmdb-gate.h"
#include "rafilm-tmdb-map.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define PARALLEL 6
#define TIMEOUT_MS 4000
#define MAX_ANSWER (2 * 1024 * 1024)
#define MAX_QUERY 200
#define MAX_PAUSE 120 /* seconds */
#define MAX_WAIT 2    /* seconds that one request waits for TMDb, or for who asks it */
#define MAX_ROUNDS 3
#define POLL_MS 150 /* between looks for what another sandbox fetches */

struct _RafilmTmdb
{
  RafilmAws *aws;
  RafilmDynamodb *dynamodb;
  char *key;            /* read at the first request */
  json_t *genres;       /* {"80":"Crime"}; had at the first request that needs it */
  int64_t paused_until; /* seconds of 1970: TMDb asked to be left alone */
};

typedef json_t *(*MapFunc) (const json_t *answer, const json_t *genres);

/* One thing wanted from TMDb, or from the cache. */
typedef struct
{
  RafilmTmdbEntry entry;
  char *path; /* "/movie/949?…" */
  MapFunc map;
} Want;

RafilmTmdb *
rafilm_tmdb_new (RafilmAws *aws, RafilmDynamodb *dynamodb)
{
  RafilmTmdb *self = rafilm_alloc0 (sizeof *self);

  self->aws = aws;
  self->dynamodb = dynamodb;
  return self;
}

void
rafilm_tmdb_free (RafilmTmdb *self)
{
  if (self == NULL)
    return;
  free (self->key);
  json_decref (self->genres);
  free (self);
}

/* A key of version 3 goes into the query, a token of version 4 into a header. */
static bool
prepare_request (RafilmTmdb *self, const char *path, RafilmHttpRequest *request)
{
  const RafilmSettings *settings = rafilm_aws_get_settings (self->aws);
  const char *mark = strchr (path, '?') != NULL ? "&" : "?";

  if (self->key == NULL && settings->tmdb_key_name != NULL)
    {
      self->key = rafilm_ssm_get_parameter (self->aws, settings->tmdb_key_name);
      if (self->key == NULL)
        return false;
    }
  *request = (RafilmHttpRequest) {
    .method = "GET",
    .max_bytes = MAX_ANSWER,
    .timeout_ms = rafilm_aws_time_left (self->aws, TIMEOUT_MS),
  };
  rafilm_http_headers_add (&request->headers, "Accept", "application/json");
  if (self->key == NULL)
    request->url = rafilm_printf ("%s%s", settings->tmdb_url, path);
  else if (strncmp (self->key, "eyJ", 3) == 0)
    {
      rafilm_autofree char *bearer = rafilm_printf ("Bearer %s", self->key);

      request->url = rafilm_printf ("%s%s", settings->tmdb_url, path);
      rafilm_http_headers_add (&request->headers, "Authorization", bearer);
    }
  else
    {
      rafilm_autofree char *escaped = rafilm_http_escape (self->key, false);

      request->url = rafilm_printf ("%s%s%sapi_key=%s", settings->tmdb_url, path, mark, escaped);
    }
  return true;
}

static void
note_refusal (RafilmTmdb *self, RafilmHttpStatus status, const RafilmHttpResponse *response)
{
  rafilm_autofree char *number = rafilm_printf ("%d", response->status);
  const char *wait = rafilm_http_headers_get (&response->headers, "Retry-After");

  rafilm_log_warning ("tmdb.failed", "reason", rafilm_http_status_to_string (status), "status",
                      number, NULL);
  if (response->status == 429)
    {
      int seconds = wait != NULL ? atoi (wait) : 0;

      if (seconds < 1)
        seconds = 1;
      self->paused_until = rafilm_time_now () + (seconds < MAX_PAUSE ? seconds : MAX_PAUSE);
      rafilm_tmdb_gate_pause (self->dynamodb, self->paused_until);
    }
  if (response->status == 401)
    {
      /* The key may have been changed. */
      free (self->key);
      self->key = NULL;
    }
}

/* Takes TMDb's answer to one want; true when the entry is new. */
static bool
take_answer (RafilmTmdb *self, Want *want, RafilmHttpStatus status,
             const RafilmHttpResponse *response)
{
  json_auto_t *answer = NULL;
  json_t *body = NULL;

  if (status == RAFILM_HTTP_OK && response->status == 404)
    body = json_null ();
  else if (status == RAFILM_HTTP_OK && response->status == 200)
    {
      answer = json_loadb (response->body, response->body_length, 0, NULL);
      body = want->map (answer, self->genres);
    }
  if (body == NULL)
    {
      note_refusal (self, status, response);
      return false;
    }
  json_decref (want->entry.body);
  want->entry.body = body;
  want->entry.fresh = true;
  return true;
}

static size_t
count_missing (const Want *wants, size_t length)
{
  size_t n = 0;

  for (size_t i = 0; i < length; i++)
    n += wants[i].entry.fresh ? 0 : 1;
  return n;
}

/* Asks TMDb for the wants that are not fresh, as many as may be asked for now. Those that cannot be
 * had stay as they are. */
static void
fetch (RafilmTmdb *self, Want *wants, bool *changed, size_t length)
{
  rafilm_autofree RafilmHttpRequest *requests = rafilm_alloc0 (length * sizeof *requests);
  rafilm_autofree RafilmHttpResponse *responses = rafilm_alloc0 (length * sizeof *responses);
  rafilm_autofree RafilmHttpStatus *statuses = rafilm_alloc0 (length * sizeof *statuses);
  rafilm_autofree size_t *of = rafilm_alloc0 (length * sizeof *of);
  size_t wanted = count_missing (wants, length), allowed, n = 0;
  int64_t until;

  if (wanted == 0 || rafilm_time_now () < self->paused_until)
    return;
  allowed = rafilm_tmdb_gate_take (self->dynamodb, wanted, rafilm_time_now (), &until);
  if (allowed < wanted)
    self->paused_until = until;
  for (size_t i = 0; i < length && n < allowed; i++)
    if (!wants[i].entry.fresh)
      {
        if (!prepare_request (self, wants[i].path, &requests[n]))
          break;
        of[n++] = i;
      }
  rafilm_http_client_send_many (rafilm_aws_get_http (self->aws), requests, n, PARALLEL, statuses,
                                responses);
  for (size_t i = 0; i < n; i++)
    {
      if (take_answer (self, &wants[of[i]], statuses[i], &responses[i]))
        changed[of[i]] = true;
      rafilm_http_request_clear (&requests[i]);
      rafilm_http_response_clear (&responses[i]);
    }
}

static bool
lacks_any (const Want *wants, size_t length)
{
  for (size_t i = 0; i < length; i++)
    if (wants[i].entry.body == NULL)
      return true;
  return false;
}

/* The limit counts by the second, and a diary's first films come by hundreds: where there is
 * nothing older to serve, a short pause is waited out. */
static void
fetch_patiently (RafilmTmdb *self, Want *wants, bool *changed, size_t length)
{
  fetch (self, wants, changed, length);
  for (int round = 0; round < MAX_ROUNDS && lacks_any (wants, length); round++)
    {
      int64_t wait = self->paused_until - rafilm_time_now ();

      if (wait < 0 || wait > MAX_WAIT || rafilm_aws_time_left (self->aws, TIMEOUT_MS) < TIMEOUT_MS)
        return;
      sleep ((unsigned) wait);
      fetch (self, wants, changed, length);
    }
}

static void
read_cache (RafilmTmdb *self, Want *wants, size_t length, int64_t now)
{
  rafilm_autofree RafilmTmdbEntry *entries = rafilm_alloc0 (length * sizeof *entries);

  for (size_t i = 0; i < length; i++)
    entries[i] = wants[i].entry;
  rafilm_tmdb_cache_read (self->dynamodb, entries, length, now);
  for (size_t i = 0; i < length; i++)
    wants[i].entry = entries[i];
}

static void
write_cache (RafilmTmdb *self, const Want *wants, const bool *changed, size_t length, int64_t now)
{
  rafilm_autofree RafilmTmdbEntry *entries = rafilm_alloc0 (length * sizeof *entries);

  for (size_t i = 0; i < length; i++)
    entries[i] = wants[i].entry;
  rafilm_tmdb_cache_write (self->dynamodb, rafilm_aws_get_settings (self->aws)->table, entries,
                           changed, length, now);
}

/* What another sandbox is fetching: an older answer will do meanwhile, else it is waited for. False
 * when it is to be fetched by us after all. */
static bool
leave_to_another (RafilmTmdb *self, Want *want, int64_t now)
{
  const struct timespec pause = { 0, POLL_MS * 1000000L };

  if (rafilm_tmdb_gate_lease (self->dynamodb, want->entry.key, now))
    return false;
  for (int i = 0; want->entry.body == NULL && i < MAX_WAIT * 1000 / POLL_MS; i++)
    {
      nanosleep (&pause, NULL);
      read_cache (self, want, 1, rafilm_time_now ());
    }
  return want->entry.body != NULL;
}

/* Fills the bodies of all wants: from the cache when fresh, else from TMDb, else stale ones. Many
 * films at once are one person's diary, and meet another's by chance only: no lease is had for each
 * of them. */
static void
obtain (RafilmTmdb *self, Want *wants, size_t length)
{
  rafilm_autofree bool *changed = rafilm_alloc0 (length * sizeof *changed);
  int64_t now = rafilm_time_now ();
  size_t missing;

  read_cache (self, wants, length, now);
  missing = count_missing (wants, length);
  rafilm_log_share ("TmdbAsked", (int64_t) length, "TmdbCached", (int64_t) (length - missing));
  if (missing == 0 || (length == 1 && leave_to_another (self, wants, now)))
    return;
  fetch_patiently (self, wants, changed, length);
  write_cache (self, wants, changed, length, now);
  if (length == 1 && !changed[0])
    rafilm_tmdb_gate_give_back (self->dynamodb, wants[0].entry.key, now);
}

static void
want_clear (Want *want)
{
  rafilm_tmdb_entry_clear (&want->entry);
  free (want->path);
}

static RafilmTmdbStatus
want_take (Want *want, json_t **ret_body)
{
  RafilmTmdbStatus status = want->entry.body == NULL          ? RAFILM_TMDB_UNAVAILABLE
                            : json_is_null (want->entry.body) ? RAFILM_TMDB_NOT_FOUND
                                                              : RAFILM_TMDB_OK;

  *ret_body = status == RAFILM_TMDB_OK ? json_incref (want->entry.body) : NULL;
  want_clear (want);
  return status;
}

static json_t *
map_genres (const json_t *answer, const json_t *genres)
{
  return json_is_array (json_object_get (answer, "genres")) ? rafilm_tmdb_map_genres (answer)
                                                            : NULL;
}

/* Lists of films name genres by number. Without their names the lists are still good. */
static void
need_genres (RafilmTmdb *self)
{
  Want want = { .entry = { .kind = RAFILM_TMDB_KIND_GENRES }, .map = map_genres };

  if (self->genres != NULL)
    return;
  want.entry.key = rafilm_strdup ("genres");
  want.path = rafilm_strdup ("/genre/movie/list");
  obtain (self, &want, 1);
  want_take (&want, &self->genres);
}

static Want
want_film (int64_t id)
{
  Want want = { .entry = { .kind = RAFILM_TMDB_KIND_FILM }, .map = rafilm_tmdb_map_film };

  want.entry.key = rafilm_printf ("film/%" PRId64, id);
  want.path = rafilm_printf ("/movie/%" PRId64 "?append_to_response=credits,keywords,similar", id);
  return want;
}

RafilmTmdbStatus
rafilm_tmdb_get_film (RafilmTmdb *self, int64_t id, json_t **ret_film)
{
  Want want;

  *ret_film = NULL;
  if (id <= 0 || id > RAFILM_FILM_MAX_ID)
    return RAFILM_TMDB_NOT_FOUND;
  need_genres (self);
  want = want_film (id);
  obtain (self, &want, 1);
  return want_take (&want, ret_film);
}

static bool
contains (const int64_t *ids, size_t length, int64_t id)
{
  for (size_t i = 0; i < length; i++)
    if (ids[i] == id)
      return true;
  return false;
}

RafilmTmdbStatus
rafilm_tmdb_get_films (RafilmTmdb *self, const int64_t *ids, size_t length, json_t **ret_films,
                       json_t **ret_later)
{
  Want wants[RAFILM_TMDB_MAX_IDS];
  int64_t wanted[RAFILM_TMDB_MAX_IDS];
  bool answered = false;
  size_t n = 0;

  *ret_films = json_array ();
  if (ret_later != NULL)
    *ret_later = json_array ();
  need_genres (self);
  for (size_t i = 0; i < length && n < RAFILM_TMDB_MAX_IDS; i++)
    if (ids[i] > 0 && ids[i] <= RAFILM_FILM_MAX_ID && !contains (ids, i, ids[i]))
      {
        wanted[n] = ids[i];
        wants[n++] = want_film (ids[i]);
      }
  if (n == 0)
    return RAFILM_TMDB_OK;
  obtain (self, wants, n);
  for (size_t i = 0; i < n; i++)
    {
      json_t *film;
      RafilmTmdbStatus status = want_take (&wants[i], &film);

      answered = answered || status != RAFILM_TMDB_UNAVAILABLE;
      if (status == RAFILM_TMDB_OK)
        json_array_append_new (*ret_films, film);
      else if (status == RAFILM_TMDB_UNAVAILABLE && ret_later != NULL)
        json_array_append_new (*ret_later, json_integer (wanted[i]));
    }
  return answered ? RAFILM_TMDB_OK : RAFILM_TMDB_UNAVAILABLE;
}

static int
bounded_page (int page)
{
  return page < 1 ? 1 : page > RAFILM_TMDB_MAX_PAGE ? RAFILM_TMDB_MAX_PAGE : page;
}

/* What somebody searched for is not kept as text. */
static char *
search_key (const char *query, int year, int page)
{
  unsigned char hash[SHA256_DIGEST_LENGTH];
  char hex[33];

  SHA256 ((const unsigned char *) query, strlen (query), hash);
  for (int i = 0; i < 16; i++)
    snprintf (hex + 2 * i, 3, "%02x", hash[i]);
  return rafilm_printf ("search/%s/%d/%d", hex, year, page);
}

static char *
year_parameter (const char *name, int year)
{
  return year > 0 ? rafilm_printf ("&%s=%d", name, year) : rafilm_strdup ("");
}

RafilmTmdbStatus
rafilm_tmdb_search (RafilmTmdb *self, const char *query, int year, int page, json_t **ret_page)
{
  Want want = { .entry = { .kind = RAFILM_TMDB_KIND_SEARCH }, .map = rafilm_tmdb_map_page };
  rafilm_autofree char *escaped = NULL, *of_year = NULL;

  *ret_page = NULL;
  if (strlen (query) > MAX_QUERY)
    return RAFILM_TMDB_NOT_FOUND;
  need_genres (self);
  page = bounded_page (page);
  escaped = rafilm_http_escape (query, false);
  of_year = year_parameter ("year", year);
  want.entry.key = search_key (query, year, page);
  want.path = rafilm_printf ("/search/movie?query=%s&include_adult=false&page=%d%s", escaped, page,
                             of_year);
  obtain (self, &want, 1);
  return want_take (&want, ret_page);
}

static const char *
find_genre (const json_t *genres, const char *name)
{
  const char *id;
  json_t *value;

  json_object_foreach ((json_t *) genres, id, value)
  {
    if (strcasecmp (json_string_value (value), name) == 0)
      return id;
  }
  return NULL;
}

RafilmTmdbStatus
rafilm_tmdb_discover (RafilmTmdb *self, const char *genre, int year, int page, json_t **ret_page)
{
  Want want = { .entry = { .kind = RAFILM_TMDB_KIND_DISCOVER }, .map = rafilm_tmdb_map_page };
  rafilm_autofree char *of_year = NULL, *of_genre = NULL;
  const char *id = NULL;

  *ret_page = NULL;
  need_genres (self);
  if (genre != NULL && self->genres == NULL)
    return RAFILM_TMDB_UNAVAILABLE;
  if (genre != NULL && (id = find_genre (self->genres, genre)) == NULL)
    return RAFILM_TMDB_NOT_FOUND;
  page = bounded_page (page);
  of_year = year_parameter ("primary_release_year", year);
  of_genre = id != NULL ? rafilm_printf ("&with_genres=%s", id) : rafilm_strdup ("");
  want.entry.key = rafilm_printf ("discover/%s/%d/%d", id != NULL ? id : "", year, page);
  want.path =
      rafilm_printf ("/discover/movie?sort_by=popularity.desc&include_adult=false&page=%d%s%s",
                     page, of_year, of_genre);
  obtain (self, &want, 1);
  return want_take (&want, ret_page);
}

RafilmTmdbStatus
rafilm_tmdb_trending (RafilmTmdb *self, json_t **ret_films)
{
  Want want = { .entry = { .kind = RAFILM_TMDB_KIND_TRENDING }, .map = rafilm_tmdb_map_page };
  json_auto_t *page = NULL;
  RafilmTmdbStatus status;

  need_genres (self);
  want.entry.key = rafilm_strdup ("trending");
  want.path = rafilm_strdup ("/trending/movie/week");
  obtain (self, &want, 1);
  status = want_take (&want, &page);
  *ret_films = status == RAFILM_TMDB_OK ? json_incref (json_object_get (page, "results")) : NULL;
  return status;
}
