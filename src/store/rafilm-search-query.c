/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-search-query.h"

#include <string.h>

#define MIN_YEAR 1
#define MAX_YEAR 9999

static const struct
{
  const char *name;
  RafilmSearchFlags flag;
} flags[] = {
  { "watched", RAFILM_SEARCH_WATCHED }, { "watchlist", RAFILM_SEARCH_WATCHLIST },
  { "liked", RAFILM_SEARCH_LIKED },     { "unfinished", RAFILM_SEARCH_UNFINISHED },
  { "rated", RAFILM_SEARCH_RATED },
};

/* The marks that SQLite's tokenizer unicode61 takes as part of a word
 * (sqlite3Fts5UnicodeIsdiacritic of its source); the vowel signs of many scripts are not among
 * them. */
static gboolean
is_diacritic (gunichar c)
{
  static const guint32 masks[] = { 0x08029fdf, 0x000361f8 };
  guint n = c - 0x300;

  return c >= 0x300 && c < 0x332 && (masks[n / 32] & (1u << n % 32)) != 0;
}

/* New Tai Lue vowels and two more became letters after SQLite's tables were made. */
static gboolean
is_letter (gunichar c)
{
  return (g_unichar_isalnum (c) || g_unichar_type (c) == G_UNICODE_PRIVATE_USE)
         && !(c >= 0x19b0 && c <= 0x19c9) && c != 0x1cf2 && c != 0x1cf3;
}

/* Splits at everything that the index's tokenizer splits at: it must see each as one word, since
 * an index without positions refuses phrases. */
static void
split_words (const char *text, GPtrArray *words)
{
  const char *start = NULL;

  for (const char *at = text; words->len < RAFILM_SEARCH_MAX_WORDS; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean inside = is_letter (c) || (start != NULL && is_diacritic (c));

      if (inside && start == NULL)
        start = at;
      else if (!inside && start != NULL)
        {
          g_ptr_array_add (words, g_strndup (start, at - start));
          start = NULL;
        }
      if (c == 0)
        break;
    }
}

/* "a" "b"*: a phrase whose last word is a prefix. NULL when the text has no word. */
static char *
make_phrase (const char *text)
{
  g_autoptr (GPtrArray) words = NULL;
  GString *phrase = NULL;

  words = g_ptr_array_new_with_free_func (g_free);
  split_words (text, words);
  if (words->len == 0)
    return NULL;
  phrase = g_string_new (NULL);
  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (phrase, "%s\"%s\"%s", i > 0 ? " AND " : "",
                            (const char *) g_ptr_array_index (words, i), "*");
  return g_string_free (phrase, FALSE);
}

static gboolean
parse_number (const char *text, gsize length, int min, int max, int *ret_number)
{
  g_autofree char *digits = NULL;
  gint64 number = 0;

  digits = g_strndup (text, length);
  if (!g_ascii_string_to_signed (digits, 10, min, max, &number, NULL))
    return FALSE;
  *ret_number = (int) number;
  return TRUE;
}

/* "5", "3..7", "3..", "..7", ">=3", ">3", "<=7", "<7" */
static gboolean
parse_range (const char *text, int min, int max, int *ret_from, int *ret_to)
{
  const char *dots = NULL;
  int from = min;
  int to = max;
  int number = 0;
  gboolean open_end = FALSE;

  dots = strstr (text, "..");
  if (text[0] == '>' || text[0] == '<')
    {
      open_end = text[1] != '=';
      if (!parse_number (text + (open_end ? 1 : 2), strlen (text), min, max, &number))
        return FALSE;
      if (text[0] == '>')
        from = number + (open_end ? 1 : 0);
      else
        to = number - (open_end ? 1 : 0);
    }
  else if (dots != NULL)
    {
      if (strlen (text) == 2)
        return FALSE;
      if (dots > text && !parse_number (text, dots - text, min, max, &from))
        return FALSE;
      if (dots[2] != '\0' && !parse_number (dots + 2, strlen (dots + 2), min, max, &to))
        return FALSE;
    }
  else
    {
      if (!parse_number (text, strlen (text), min, max, &from))
        return FALSE;
      to = from;
    }
  *ret_from = from;
  *ret_to = to;
  return TRUE;
}

static gboolean
parse_flag (RafilmSearchQuery *self, const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    if (g_ascii_strcasecmp (value, flags[i].name) == 0)
      {
        self->flags |= flags[i].flag;
        return TRUE;
      }
  return FALSE;
}

static gboolean
add_field (RafilmSearchQuery *self, const char *column, const char *value)
{
  g_autofree char *phrase = NULL;

  phrase = make_phrase (value);
  if (phrase == NULL)
    return FALSE;
  g_ptr_array_add (self->fields, g_strdup_printf ("{%s} : (%s)", column, phrase));
  return TRUE;
}

static gboolean
add_text (GPtrArray *texts, const char *value)
{
  if (value[0] == '\0' || texts->len >= RAFILM_SEARCH_MAX_WORDS)
    return FALSE;
  g_ptr_array_add (texts, g_utf8_strdown (value, -1));
  return TRUE;
}

static gboolean
parse_operator (RafilmSearchQuery *self, const char *name, const char *value)
{
  if (g_ascii_strcasecmp (name, "year") == 0)
    return parse_range (value, MIN_YEAR, MAX_YEAR, &self->min_year, &self->max_year);
  if (g_ascii_strcasecmp (name, "rating") == 0)
    return parse_range (value, 1, 10, &self->min_rating, &self->max_rating);
  if (g_ascii_strcasecmp (name, "is") == 0)
    return parse_flag (self, value);
  if (g_ascii_strcasecmp (name, "tag") == 0)
    return add_text (self->tags, value);
  if (g_ascii_strcasecmp (name, "genre") == 0)
    return add_text (self->genres, value);
  if (g_ascii_strcasecmp (name, "director") == 0)
    return add_field (self, "director", value);
  if (g_ascii_strcasecmp (name, "actor") == 0)
    return add_field (self, "actor", value);
  if (g_ascii_strcasecmp (name, "keyword") == 0)
    return add_field (self, "keyword", value);
  return FALSE;
}

/* One piece of the text: without white space but for what stands in quotes, which are taken out. */
static char *
take_piece (const char **at)
{
  GString *piece = NULL;
  gboolean quoted = FALSE;

  while (g_ascii_isspace (**at))
    (*at)++;
  if (**at == '\0')
    return NULL;
  piece = g_string_new (NULL);
  for (; **at != '\0' && (quoted || !g_ascii_isspace (**at)); (*at)++)
    if (**at == '"')
      quoted = !quoted;
    else
      g_string_append_c (piece, **at);
  return g_string_free (piece, FALSE);
}

static void
parse_piece (RafilmSearchQuery *self, const char *piece)
{
  const char *colon = NULL;

  colon = strchr (piece, ':');
  if (colon != NULL)
    {
      g_autofree char *name = g_strndup (piece, colon - piece);

      if (parse_operator (self, name, colon + 1))
        return;
    }
  split_words (piece, self->words);
}

RafilmSearchQuery *
rafilm_search_query_parse (const char *text)
{
  RafilmSearchQuery *self = NULL;
  g_autofree char *valid = NULL;
  const char *at = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (RafilmSearchQuery, 1);
  self->words = g_ptr_array_new_with_free_func (g_free);
  self->fields = g_ptr_array_new_with_free_func (g_free);
  self->tags = g_ptr_array_new_with_free_func (g_free);
  self->genres = g_ptr_array_new_with_free_func (g_free);

  valid = g_utf8_make_valid (text, (gssize) strnlen (text, RAFILM_SEARCH_MAX_TEXT));
  at = valid;
  for (char *piece = take_piece (&at); piece != NULL; piece = take_piece (&at))
    {
      if (self->fields->len < RAFILM_SEARCH_MAX_WORDS)
        parse_piece (self, piece);
      g_free (piece);
    }
  return self;
}

void
rafilm_search_query_free (RafilmSearchQuery *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->words);
  g_ptr_array_unref (self->fields);
  g_ptr_array_unref (self->tags);
  g_ptr_array_unref (self->genres);
  g_free (self);
}

gboolean
rafilm_search_query_is_empty (const RafilmSearchQuery *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->words->len == 0 && self->fields->len == 0 && self->tags->len == 0
         && self->genres->len == 0 && self->max_year == 0 && self->max_rating == 0
         && self->flags == 0;
}

static void
append_words (GString *match, const RafilmSearchQuery *self)
{
  for (guint i = 0; i < self->words->len; i++)
    g_string_append_printf (match, "%s\"%s\"*", match->len > 0 ? " AND " : "",
                            (const char *) g_ptr_array_index (self->words, i));
}

char *
rafilm_search_query_match_title (const RafilmSearchQuery *self, gboolean anchored)
{
  GString *match = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->words->len == 0)
    return NULL;
  match = g_string_new (NULL);
  if (!anchored)
    append_words (match, self);
  else
    {
      /* One phrase from the first word of the title on, whose last word is a prefix. */
      g_string_append (match, "^ ");
      for (guint i = 0; i < self->words->len; i++)
        g_string_append_printf (match, "%s\"%s\"", i > 0 ? " + " : "",
                                (const char *) g_ptr_array_index (self->words, i));
      g_string_append (match, " *");
    }
  return g_string_free (match, FALSE);
}

char *
rafilm_search_query_match_all (const RafilmSearchQuery *self)
{
  GString *match = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  match = g_string_new (NULL);
  append_words (match, self);
  for (guint i = 0; i < self->fields->len; i++)
    g_string_append_printf (match, "%s%s", match->len > 0 ? " AND " : "",
                            (const char *) g_ptr_array_index (self->fields, i));
  if (match->len == 0)
    {
      g_string_free (match, TRUE);
      return NULL;
    }
  return g_string_free (match, FALSE);
}
