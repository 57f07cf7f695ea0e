/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-wish.h"

#include <string.h>

#define SHORT_MINUTES 95
#define LONG_MINUTES 150
#define MAX_TITLE_WORDS 8

static const struct
{
  const char *word;
  const char *genre;
} genre_words[] = {
  { "action", "Action" },
  { "adventure", "Adventure" },
  { "animated", "Animation" },
  { "animation", "Animation" },
  { "comedy", "Comedy" },
  { "comedies", "Comedy" },
  { "funny", "Comedy" },
  { "crime", "Crime" },
  { "heist", "Crime" },
  { "noir", "Crime" },
  { "gangster", "Crime" },
  { "documentary", "Documentary" },
  { "documentaries", "Documentary" },
  { "drama", "Drama" },
  { "family", "Family" },
  { "fantasy", "Fantasy" },
  { "historical", "History" },
  { "horror", "Horror" },
  { "scary", "Horror" },
  { "musical", "Music" },
  { "mystery", "Mystery" },
  { "romance", "Romance" },
  { "romantic", "Romance" },
  { "science fiction", "Science Fiction" },
  { "sci-fi", "Science Fiction" },
  { "thriller", "Thriller" },
  { "thrillers", "Thriller" },
  { "war film", "War" },
  { "western", "Western" },
  { "westerns", "Western" },
};

static const struct
{
  const char *word;
  const char *language;
} language_words[] = {
  { "french", "fr" }, { "japanese", "ja" }, { "italian", "it" }, { "german", "de" },
  { "korean", "ko" }, { "spanish", "es" },  { "swedish", "sv" }, { "chinese", "zh" },
};

static const char *const film_words[] = { "film",      "films",   "movie",   "movies",  "watch",
                                          "recommend", "suggest", "tonight", "cinema",  "director",
                                          "directed",  "like",    "seen",    "another", "else",
                                          "runtime",   "minutes" };

/* Whole words only. */
static gboolean
has (const char *text, const char *word)
{
  g_autofree char *escaped = g_regex_escape_string (word, -1);
  g_autofree char *pattern = g_strdup_printf ("(?<![\\w-])%s(?![\\w-])", escaped);

  return g_regex_match_simple (pattern, text, G_REGEX_CASELESS, 0);
}

static char *
match_group (const char *pattern, const char *text, GRegexCompileFlags flags)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, flags, 0, NULL);
  g_autoptr (GMatchInfo) info = NULL;

  if (!g_regex_match (regex, text, 0, &info))
    return NULL;

  return g_match_info_fetch (info, 1);
}

/* A title after "like" ends before what narrows it down. */
static char *
trim_title (const char *text)
{
  g_autofree char *title = NULL;
  g_auto (GStrv) words = NULL;

  title =
      match_group ("^(.+?)(?:\\s*[,;.?!]|\\s+(?:but|except|only|from|in the|with|under|over|that|"
                   "which|or|and then|please|if|without)\\b|$)",
                   text, G_REGEX_CASELESS);
  if (title == NULL)
    return NULL;
  words = g_strsplit (g_strstrip (title), " ", -1);
  if (title[0] == '\0' || g_strv_length (words) > MAX_TITLE_WORDS)
    return NULL;

  return g_steal_pointer (&title);
}

static void
find_title (RafilmLocalWish *self, const char *text)
{
  static const char *const liking =
      "\\b(?:like|similar to|reminds me of|in the vein of|as good as)\\s+"
      "(?:the (?:film|movie)\\s+)?([\"“]?[\\p{Lu}\\d].*)$";
  static const char *const naming =
      "\\b(?:about|seen|is|watch(?:ed)?|loved|enjoyed|liked|heard of)\\s+([\\p{Lu}\\d].*)$";
  g_autofree char *quoted = match_group ("[\"“]([^\"”]{1,80})[\"”]", text, 0);
  g_autofree char *after_like = match_group (liking, text, 0);
  g_autofree char *named = match_group (naming, text, 0);

  self->like = after_like != NULL || has (text, "like") || has (text, "similar");
  if (quoted != NULL)
    self->title = g_strdup (quoted);
  else if (after_like != NULL)
    self->title = trim_title (after_like);
  else if (named != NULL)
    self->title = trim_title (named);
}

static void
find_years (RafilmLocalWish *self, const char *text)
{
  static const char *const names[] = { "twenties", "thirties",  "forties",  "fifties",
                                       "sixties",  "seventies", "eighties", "nineties" };
  g_autofree char *decade = match_group ("\\b((?:18|19|20)?\\d0)[’']?s\\b", text, G_REGEX_CASELESS);
  g_autofree char *before =
      match_group ("\\bbefore\\s+((?:18|19|20)\\d\\d)\\b", text, G_REGEX_CASELESS);
  g_autofree char *after =
      match_group ("\\b(?:after|since)\\s+((?:18|19|20)\\d\\d)\\b", text, G_REGEX_CASELESS);

  if (decade != NULL)
    {
      int year = (int) g_ascii_strtoll (decade, NULL, 10);

      if (year < 100)
        year += year >= 20 ? 1900 : 2000;
      self->min_year = year;
      self->max_year = year + 9;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (has (text, names[i]))
      {
        self->min_year = 1920 + (int) i * 10;
        self->max_year = self->min_year + 9;
      }
  if (before != NULL)
    self->max_year = (int) g_ascii_strtoll (before, NULL, 10) - 1;
  if (after != NULL)
    self->min_year = (int) g_ascii_strtoll (after, NULL, 10);
}

static int
read_hours (const char *text)
{
  if (g_ascii_strcasecmp (text, "two") == 0 || text[0] == '2')
    return 2;
  if (g_ascii_strcasecmp (text, "three") == 0 || text[0] == '3')
    return 3;

  return 1;
}

static void
find_runtime (RafilmLocalWish *self, const char *text)
{
  g_autofree char *under = match_group ("\\b(?:under|below|less than|at most|shorter than|no more "
                                        "than)\\s+(\\d{2,3})\\s*(?:min|m\\b)",
                                        text, G_REGEX_CASELESS);
  g_autofree char *over =
      match_group ("\\b(?:over|above|more than|at least|longer than)\\s+(\\d{2,3})\\s*(?:min|m\\b)",
                   text, G_REGEX_CASELESS);
  g_autofree char *hours = match_group (
      "\\b(?:under|less than|at most|shorter than)\\s+(two|2|an|one|three|3)\\s+hours?\\b", text,
      G_REGEX_CASELESS);

  if (under != NULL)
    self->max_runtime = (int) g_ascii_strtoll (under, NULL, 10);
  else if (hours != NULL)
    self->max_runtime = read_hours (hours) * 60;
  else if (has (text, "short") || has (text, "quick"))
    self->max_runtime = SHORT_MINUTES;
  if (over != NULL)
    self->min_runtime = (int) g_ascii_strtoll (over, NULL, 10);
  else if (has (text, "long") || has (text, "epic"))
    self->min_runtime = LONG_MINUTES;
}

RafilmLocalWish *
rafilm_local_wish_new (const char *text)
{
  RafilmLocalWish *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (RafilmLocalWish, 1);
  find_title (self, text);
  find_years (self, text);
  find_runtime (self, text);
  self->shorter = has (text, "shorter");
  self->longer = has (text, "longer");
  self->older = has (text, "older");
  self->newer = has (text, "newer") || has (text, "more recent");
  self->diary = has (text, "my diary") || has (text, "did i") || has (text, "have i")
                || has (text, "i watched") || has (text, "my ratings") || has (text, "i rated")
                || has (text, "my watchlist");
  for (gsize i = 0; i < G_N_ELEMENTS (genre_words) && self->genre == NULL; i++)
    if (has (text, genre_words[i].word))
      self->genre = g_strdup (genre_words[i].genre);
  for (gsize i = 0; i < G_N_ELEMENTS (language_words) && self->language == NULL; i++)
    if (has (text, language_words[i].word))
      self->language = g_strdup (language_words[i].language);

  self->about_film = self->title != NULL || self->genre != NULL || self->language != NULL
                     || self->diary || self->min_year != 0 || self->max_year != 0;
  for (gsize i = 0; i < G_N_ELEMENTS (film_words) && !self->about_film; i++)
    self->about_film = has (text, film_words[i]);

  return self;
}

void
rafilm_local_wish_free (RafilmLocalWish *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->genre, g_free);
  g_clear_pointer (&self->language, g_free);
  g_free (self);
}
