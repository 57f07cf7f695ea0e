/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-tmdb-map.h"

#include "rafilm-memory.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_TITLE 500
#define MAX_NAME 200
#define MAX_OVERVIEW 4000
#define MAX_PATH 100
#define MAX_GENRES 10
#define MAX_COUNTRIES 10
#define MAX_DIRECTORS 8
#define MAX_CAST 20
#define MAX_KEYWORDS 40
#define MAX_SIMILAR 20
#define MAX_PAGE_RESULTS 20
#define MAX_PAGES 500
#define MAX_RUNTIME 60000

/* A text cut between characters; NULL when it is none, or empty. jansson has checked the UTF-8. */
static json_t *
bounded_text (const json_t *value, size_t max)
{
  const char *text = json_string_value (value);
  size_t length = json_string_length (value);

  if (text == NULL || length == 0 || strlen (text) != length)
    return NULL;
  if (length > max)
    {
      length = max;
      while (length > 0 && ((unsigned char) text[length] & 0xc0) == 0x80)
        length--;
    }
  return json_stringn (text, length);
}

static void
set_text (json_t *film, const char *name, const json_t *value, size_t max)
{
  json_t *text = bounded_text (value, max);

  if (text != NULL)
    json_object_set_new (film, name, text);
}

/* "/name.jpg": it becomes part of an address and of a file's name. */
static void
set_path (json_t *film, const char *name, const json_t *value)
{
  const char *path = json_string_value (value);
  size_t length = json_string_length (value);

  if (path == NULL || length < 2 || length > MAX_PATH || *path != '/'
      || strstr (path, "..") != NULL)
    return;
  for (size_t i = 1; i < length; i++)
    if (!isalnum ((unsigned char) path[i]) && (path[i] == '\0' || strchr ("._-", path[i]) == NULL))
      return;
  json_object_set_new (film, name, json_string (path));
}

static bool
is_date (const char *text)
{
  static const char pattern[] = "0000-00-00";

  if (text == NULL || strlen (text) != sizeof pattern - 1)
    return false;
  for (size_t i = 0; i < sizeof pattern - 1; i++)
    if (pattern[i] == '0' ? !isdigit ((unsigned char) text[i]) : text[i] != pattern[i])
      return false;
  return atoi (text + 5) >= 1 && atoi (text + 5) <= 12 && atoi (text + 8) >= 1
         && atoi (text + 8) <= 31;
}

static void
set_language (json_t *film, const json_t *value)
{
  const char *text = json_string_value (value);

  if (text != NULL && (strlen (text) == 2 || strlen (text) == 3)
      && strspn (text, "abcdefghijklmnopqrstuvwxyz") == strlen (text))
    json_object_set_new (film, "language", json_string (text));
}

static bool
has_id (const json_t *item)
{
  json_t *id = json_object_get (item, "id");

  return json_is_integer (id) && json_integer_value (id) > 0
         && json_integer_value (id) <= RAFILM_FILM_MAX_ID;
}

json_t *
rafilm_tmdb_map_genres (const json_t *list)
{
  json_t *names = json_object (), *genre;
  size_t i;

  json_array_foreach (json_object_get (list, "genres"), i, genre)
  {
    json_t *name = bounded_text (json_object_get (genre, "name"), MAX_NAME);
    char key[24];

    if (has_id (genre) && name != NULL)
      {
        snprintf (key, sizeof key, "%lld",
                  (long long) json_integer_value (json_object_get (genre, "id")));
        json_object_set (names, key, name);
      }
    json_decref (name);
  }
  return names;
}

/* Details have {"id","name"}, lists only ids. */
static void
set_genres (json_t *film, const json_t *item, const json_t *genres)
{
  json_t *names = json_array (), *element;
  size_t i;

  json_array_foreach (json_object_get (item, "genres"), i, element)
  {
    json_t *name = bounded_text (json_object_get (element, "name"), MAX_NAME);

    if (name != NULL && json_array_size (names) < MAX_GENRES)
      json_array_append (names, name);
    json_decref (name);
  }
  json_array_foreach (json_object_get (item, "genre_ids"), i, element)
  {
    char key[24];
    json_t *name;

    snprintf (key, sizeof key, "%lld", (long long) json_integer_value (element));
    name = json_object_get (genres, key);
    if (name != NULL && json_array_size (names) < MAX_GENRES)
      json_array_append (names, name);
  }
  json_object_set_new (film, "genres", names);
}

json_t *
rafilm_tmdb_map_short (const json_t *item, const json_t *genres)
{
  json_t *film, *title = bounded_text (json_object_get (item, "title"), MAX_TITLE);
  json_t *popularity = json_object_get (item, "popularity");
  const char *date = json_string_value (json_object_get (item, "release_date"));

  if (!has_id (item) || title == NULL)
    {
      json_decref (title);
      return NULL;
    }
  film = json_pack ("{s:O, s:o}", "id", json_object_get (item, "id"), "title", title);
  set_text (film, "original_title", json_object_get (item, "original_title"), MAX_TITLE);
  set_language (film, json_object_get (item, "original_language"));
  set_text (film, "overview", json_object_get (item, "overview"), MAX_OVERVIEW);
  set_path (film, "poster_path", json_object_get (item, "poster_path"));
  set_path (film, "backdrop_path", json_object_get (item, "backdrop_path"));
  set_genres (film, item, genres);
  if (is_date (date))
    json_object_set_new (film, "release_date", json_string (date));
  if (json_is_number (popularity) && json_number_value (popularity) >= 0
      && isfinite (json_number_value (popularity)))
    json_object_set (film, "popularity", popularity);
  return film;
}

static void
set_countries (json_t *film, const json_t *details)
{
  json_t *codes = json_array (), *country;
  size_t i;

  json_array_foreach (json_object_get (details, "production_countries"), i, country)
  {
    const char *code = json_string_value (json_object_get (country, "iso_3166_1"));

    if (code != NULL && strlen (code) == 2 && isupper ((unsigned char) code[0])
        && isupper ((unsigned char) code[1]) && json_array_size (codes) < MAX_COUNTRIES)
      json_array_append_new (codes, json_string (code));
  }
  json_object_set_new (film, "countries", codes);
}

static void
set_cast (json_t *film, const json_t *credits)
{
  json_t *cast = json_array (), *member;
  size_t i;

  json_array_foreach (json_object_get (credits, "cast"), i, member)
  {
    json_t *name = bounded_text (json_object_get (member, "name"), MAX_NAME);
    json_t *character = bounded_text (json_object_get (member, "character"), MAX_NAME);

    if (name != NULL && json_array_size (cast) < MAX_CAST)
      json_array_append_new (
          cast, json_pack ("{s:O, s:O}", "name", name, "character",
                           character != NULL ? character : (character = json_string (""))));
    json_decref (name);
    json_decref (character);
  }
  json_object_set_new (film, "cast", cast);
}

static void
set_directors (json_t *film, const json_t *credits)
{
  json_t *directors = json_array (), *member;
  size_t i;

  json_array_foreach (json_object_get (credits, "crew"), i, member)
  {
    const char *job = json_string_value (json_object_get (member, "job"));
    json_t *name = bounded_text (json_object_get (member, "name"), MAX_NAME);

    if (name != NULL && job != NULL && strcmp (job, "Director") == 0
        && json_array_size (directors) < MAX_DIRECTORS)
      json_array_append (directors, name);
    json_decref (name);
  }
  json_object_set_new (film, "directors", directors);
}

static void
set_keywords (json_t *film, const json_t *keywords)
{
  json_t *names = json_array (), *keyword;
  size_t i;

  json_array_foreach (json_object_get (keywords, "keywords"), i, keyword)
  {
    json_t *name = bounded_text (json_object_get (keyword, "name"), MAX_NAME);

    if (name != NULL && json_array_size (names) < MAX_KEYWORDS)
      json_array_append (names, name);
    json_decref (name);
  }
  json_object_set_new (film, "keywords", names);
}

static json_t *
map_films (const json_t *list, const json_t *genres, size_t max)
{
  json_t *films = json_array (), *item;
  size_t i;

  json_array_foreach (list, i, item)
  {
    json_t *film = json_array_size (films) < max ? rafilm_tmdb_map_short (item, genres) : NULL;

    if (film != NULL)
      json_array_append_new (films, film);
  }
  return films;
}

json_t *
rafilm_tmdb_map_film (const json_t *details, const json_t *genres)
{
  json_t *film = rafilm_tmdb_map_short (details, genres);
  json_t *runtime = json_object_get (details, "runtime");
  json_t *credits = json_object_get (details, "credits");
  json_t *similar = json_object_get (json_object_get (details, "similar"), "results");

  if (film == NULL)
    return NULL;
  if (json_is_integer (runtime) && json_integer_value (runtime) > 0
      && json_integer_value (runtime) <= MAX_RUNTIME)
    json_object_set (film, "runtime", runtime);
  set_countries (film, details);
  set_cast (film, credits);
  set_directors (film, credits);
  set_keywords (film, json_object_get (details, "keywords"));
  json_object_set_new (film, "similar", map_films (similar, genres, MAX_SIMILAR));
  return film;
}

static json_int_t
bounded_count (const json_t *value, json_int_t least, json_int_t most)
{
  json_int_t count = json_integer_value (value);

  return count < least ? least : count > most ? most : count;
}

json_t *
rafilm_tmdb_map_page (const json_t *list, const json_t *genres)
{
  json_t *results = json_object_get (list, "results");

  if (!json_is_array (results))
    return NULL;
  return json_pack ("{s:I, s:I, s:I, s:o}", "page",
                    bounded_count (json_object_get (list, "page"), 1, MAX_PAGES), "pages",
                    bounded_count (json_object_get (list, "total_pages"), 0, MAX_PAGES), "total",
                    bounded_count (json_object_get (list, "total_results"), 0, INT32_MAX),
                    "results", map_films (results, genres, MAX_PAGE_RESULTS));
}

json_t *
rafilm_film_shorten (const json_t *film)
{
  static const char *const members[] = { "id",        "title",        "original_title",
                                         "language",  "release_date", "genres",
                                         "overview",  "poster_path",  "backdrop_path",
                                         "popularity" };
  json_t *shortened = json_object ();

  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
    {
      json_t *value = json_object_get (film, members[i]);

      if (value != NULL)
        json_object_set (shortened, members[i], value);
    }
  return shortened;
}
