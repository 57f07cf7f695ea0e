/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-tools.h"

#include "rafilm-diary.h"
#include "rafilm-suggestions.h"
#include "rafilm-tmdb-map.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_ROWS 2000
#define MAX_RESULTS 20
#define MAX_OVERVIEW 240
#define MAX_REVIEW 300
#define MAX_CAST 8
#define MAX_FILMS 400 /* that one answer may come to know */

void
rafilm_chat_tools_init (RafilmChatTools *self, RafilmContext *context, const char *uid)
{
  *self = (RafilmChatTools) { .context = context, .uid = uid, .films = json_object () };
}

void
rafilm_chat_tools_clear (RafilmChatTools *self)
{
  json_decref (self->films);
  self->films = NULL;
}

static json_t *
make_tool (const char *name, const char *description, const char *properties, const char *required)
{
  json_t *schema =
      json_pack ("{s:s, s:o, s:o}", "type", "object", "properties",
                 json_loads (properties, 0, NULL), "required", json_loads (required, 0, NULL));

  return json_pack ("{s:{s:s, s:s, s:{s:o}}}", "toolSpec", "name", name, "description", description,
                    "inputSchema", "json", schema);
}

json_t *
rafilm_chat_tools_dup_config (void)
{
  return json_pack (
      "{s:[o,o,o,o]}", "tools",
      make_tool ("search_films", "Find films by title. Give the year when it is known.",
                 "{\"title\":{\"type\":\"string\"},\"year\":{\"type\":\"integer\"}}",
                 "[\"title\"]"),
      make_tool ("recommend",
                 "Films that the user has not seen and would probably like, best first.",
                 "{\"genre\":{\"type\":\"string\"},\"year_from\":{\"type\":\"integer\"},"
                 "\"year_to\":{\"type\":\"integer\"},\"limit\":{\"type\":\"integer\"},"
                 "\"include_seen\":{\"type\":\"boolean\"}}",
                 "[]"),
      make_tool ("diary",
                 "The user's own diary: viewings (newest first, ratings in half stars of 1 to 10), "
                 "or the watchlist.",
                 "{\"what\":{\"type\":\"string\",\"enum\":[\"viewings\",\"watchlist\"]},"
                 "\"min_rating\":{\"type\":\"integer\"},\"limit\":{\"type\":\"integer\"}}",
                 "[\"what\"]"),
      make_tool ("film", "Everything about one film: cast, directors, runtime, story.",
                 "{\"id\":{\"type\":\"integer\"}}", "[\"id\"]"));
}

static void
remember (RafilmChatTools *self, const json_t *film)
{
  char key[24];

  snprintf (key, sizeof key, "%" PRId64,
            (int64_t) json_integer_value (json_object_get (film, "id")));
  if (json_object_size (self->films) < MAX_FILMS)
    json_object_set_new (self->films, key, rafilm_film_shorten (film));
}

json_t *
rafilm_chat_tools_find_film (const RafilmChatTools *self, int64_t id)
{
  char key[24];

  snprintf (key, sizeof key, "%" PRId64, id);
  return json_object_get (self->films, key);
}

void
rafilm_chat_tools_allow (RafilmChatTools *self, const int64_t *ids, size_t length)
{
  json_auto_t *films = NULL;
  json_t *film;
  size_t i;

  if (length > 0)
    rafilm_tmdb_get_films (self->context->tmdb, ids, length, &films, NULL);
  json_array_foreach (films, i, film) remember (self, film);
}

/* Cut between characters. */
static json_t *
cut_text (const json_t *value, size_t max)
{
  const char *text = json_string_value (value);
  size_t length = json_string_length (value);

  if (length > max)
    {
      length = max;
      while (length > 0 && ((unsigned char) text[length] & 0xc0) == 0x80)
        length--;
    }
  return json_stringn (text, length);
}

/* A film as the model sees it; from now on it may be named. */
static json_t *
present (RafilmChatTools *self, const json_t *film)
{
  int64_t id = json_integer_value (json_object_get (film, "id"));
  rafilm_autofree char *handle = rafilm_printf ("[[tmdb:%" PRId64 "]]", id);
  const char *date = json_string_value (json_object_get (film, "release_date"));
  json_t *shown = json_pack ("{s:I, s:s, s:O}", "id", (json_int_t) id, "handle", handle, "title",
                             json_object_get (film, "title"));
  json_t *overview = json_object_get (film, "overview");
  json_t *directors = json_object_get (film, "directors");

  remember (self, film);
  if (date != NULL)
    json_object_set_new (shown, "year", json_integer (atoi (date)));
  json_object_set (shown, "genres", json_object_get (film, "genres"));
  if (directors != NULL)
    json_object_set (shown, "directors", directors);
  if (overview != NULL)
    json_object_set_new (shown, "overview", cut_text (overview, MAX_OVERVIEW));
  return shown;
}

static json_t *
failure (const char *message, bool *ret_failed)
{
  *ret_failed = true;
  return json_pack ("{s:s}", "error", message);
}

static int
get_int (const json_t *input, const char *name, int least, int most, int fallback)
{
  json_t *value = json_object_get (input, name);

  if (!json_is_integer (value) || json_integer_value (value) < least)
    return fallback;
  return json_integer_value (value) > most ? most : (int) json_integer_value (value);
}

static json_t *
search_films (RafilmChatTools *self, const json_t *input, bool *ret_failed)
{
  const char *title = json_string_value (json_object_get (input, "title"));
  json_auto_t *page = NULL, *films = json_array ();
  json_t *film;
  size_t i;

  if (title == NULL || *title == '\0' || strlen (title) > 200)
    return failure ("title must be a text of at most 200 bytes", ret_failed);
  if (rafilm_tmdb_search (self->context->tmdb, title, get_int (input, "year", 1870, 2200, 0), 1,
                          &page)
      == RAFILM_TMDB_UNAVAILABLE)
    return failure ("the catalogue does not answer", ret_failed);
  json_array_foreach (json_object_get (page, "results"), i, film)
      json_array_append_new (films, present (self, film));
  return json_pack ("{s:O}", "films", films);
}

static json_t *
recommend (RafilmChatTools *self, const json_t *input, bool *ret_failed)
{
  RafilmSuggestionsQuery query = {
    .limit = (size_t) get_int (input, "limit", 1, MAX_RESULTS, 10),
    .genre = json_string_value (json_object_get (input, "genre")),
    .year_from = get_int (input, "year_from", 1870, 2200, 0),
    .year_to = get_int (input, "year_to", 1870, 2200, 0),
    .include_seen = json_is_true (json_object_get (input, "include_seen")),
  };
  json_auto_t *found = NULL, *films = json_array ();
  json_t *item;
  size_t i;

  if (query.genre != NULL && *query.genre == '\0')
    query.genre = NULL;
  found = rafilm_suggestions_get (self->context, self->uid, &query);
  if (found == NULL)
    return failure ("recommendations cannot be had now", ret_failed);
  json_array_foreach (json_object_get (found, "items"), i, item)
      json_array_append_new (films, present (self, json_object_get (item, "film")));
  return json_pack ("{s:O, s:O}", "source", json_object_get (found, "source"), "films", films);
}

typedef struct
{
  int64_t film;
  json_t *fields; /* borrowed */
} Entry;

static int
compare_entries (const void *a, const void *b)
{
  const char *x = json_string_value (json_object_get (((const Entry *) a)->fields, "on"));
  const char *y = json_string_value (json_object_get (((const Entry *) b)->fields, "on"));

  return strcmp (y != NULL ? y : "", x != NULL ? x : "");
}

/* The entries that are asked for, newest first. */
static size_t
choose_entries (const json_t *rows, bool watchlist, int min_rating, Entry *entries, size_t limit)
{
  rafilm_autofree Entry *all = rafilm_alloc0 (json_array_size (rows) * sizeof *all);
  json_t *row;
  size_t n = 0, i;

  json_array_foreach (rows, i, row)
  {
    json_t *fields = json_object_get (row, "f");
    int64_t film = watchlist ? strtoll (json_string_value (json_object_get (row, "id")), NULL, 10)
                             : json_integer_value (json_object_get (fields, "film"));

    if (film > 0 && (!watchlist || json_is_true (json_object_get (fields, "on")))
        && (watchlist || json_integer_value (json_object_get (fields, "rating")) >= min_rating))
      all[n++] = (Entry) { film, fields };
  }
  qsort (all, n, sizeof all[0], compare_entries);
  if (n > limit)
    n = limit;
  if (n > 0)
    memcpy (entries, all, n * sizeof all[0]);
  return n;
}

static json_t *
present_entry (RafilmChatTools *self, const Entry *entry)
{
  static const char *const shown[] = { "on", "rating", "liked", "rewatch", "finished", "note" };
  json_t *film = rafilm_chat_tools_find_film (self, entry->film);
  json_t *review = json_object_get (entry->fields, "rv");
  json_t *result = json_object ();

  if (film != NULL)
    json_object_set_new (result, "film", present (self, film));
  for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
    {
      json_t *value = json_object_get (entry->fields, shown[i]);

      if (value != NULL && !json_is_null (value))
        json_object_set (result, shown[i], value);
    }
  if (json_is_object (review))
    review = json_object_get (review, "text");
  if (json_is_string (review) && json_string_length (review) > 0)
    json_object_set_new (result, "review", cut_text (review, MAX_REVIEW));
  return result;
}

static json_t *
read_diary (RafilmChatTools *self, const json_t *input, bool *ret_failed)
{
  const char *what = json_string_value (json_object_get (input, "what"));
  bool watchlist = what != NULL && strcmp (what, "watchlist") == 0;
  size_t limit = (size_t) get_int (input, "limit", 1, MAX_RESULTS, 15), n;
  json_auto_t *rows =
      rafilm_diary_read (self->context->dynamodb, self->uid, watchlist ? "w" : "d", MAX_ROWS);
  json_auto_t *entries = json_array ();
  Entry chosen[MAX_RESULTS];
  int64_t ids[MAX_RESULTS];

  if (rows == NULL)
    return failure ("the diary cannot be read now", ret_failed);
  n = choose_entries (rows, watchlist, get_int (input, "min_rating", 1, 10, 0), chosen, limit);
  for (size_t i = 0; i < n; i++)
    ids[i] = chosen[i].film;
  rafilm_chat_tools_allow (self, ids, n);
  for (size_t i = 0; i < n; i++)
    json_array_append_new (entries, present_entry (self, &chosen[i]));
  return json_pack ("{s:I, s:O}", "total", (json_int_t) json_array_size (rows), "entries", entries);
}

static json_t *
describe_film (RafilmChatTools *self, const json_t *input, bool *ret_failed)
{
  json_auto_t *film = NULL;
  json_t *shown, *cast = json_array (), *member;
  size_t i;

  switch (rafilm_tmdb_get_film (self->context->tmdb,
                                json_integer_value (json_object_get (input, "id")), &film))
    {
    case RAFILM_TMDB_OK:
      break;
    case RAFILM_TMDB_NOT_FOUND:
      json_decref (cast);
      return failure ("there is no such film", ret_failed);
    case RAFILM_TMDB_UNAVAILABLE:
      json_decref (cast);
      return failure ("the catalogue does not answer", ret_failed);
    }
  shown = present (self, film);
  if (json_object_get (film, "overview") != NULL)
    json_object_set_new (shown, "overview", cut_text (json_object_get (film, "overview"), 1000));
  if (json_object_get (film, "runtime") != NULL)
    json_object_set (shown, "runtime", json_object_get (film, "runtime"));
  json_array_foreach (json_object_get (film, "cast"), i, member)
  {
    if (i < MAX_CAST)
      json_array_append (cast, member);
  }
  json_object_set_new (shown, "cast", cast);
  return json_pack ("{s:o}", "film", shown);
}

json_t *
rafilm_chat_tools_call (RafilmChatTools *self, const char *name, const json_t *input,
                        bool *ret_failed)
{
  *ret_failed = false;
  if (strcmp (name, "search_films") == 0)
    return search_films (self, input, ret_failed);
  if (strcmp (name, "recommend") == 0)
    return recommend (self, input, ret_failed);
  if (strcmp (name, "diary") == 0)
    return read_diary (self, input, ret_failed);
  if (strcmp (name, "film") == 0)
    return describe_film (self, input, ret_failed);
  return failure ("there is no such tool", ret_failed);
}
