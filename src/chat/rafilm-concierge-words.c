/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-concierge-words.h"

#include <string.h>

#include "rafilm-title-index.h"

typedef struct
{
  const char *phrases;
  const char *value;
} Meaning;

static const Meaning genres[] = {
  { "science fiction|sci fi|scifi|sf", "Science Fiction" },
  { "comedy|comedies|funny|hilarious|laugh", "Comedy" },
  { "thriller|thrillers|suspense|suspenseful", "Thriller" },
  { "horror|horrors|scary|frightening|slasher|slashers", "Horror" },
  { "drama|dramas|dramatic", "Drama" },
  { "romance|romances|romantic|love story|love stories", "Romance" },
  { "western|westerns", "Western" },
  { "war film|war films|war movie|war movies|war", "War" },
  { "crime|gangster|gangsters|heist film|heist films", "Crime" },
  { "mystery|mysteries|whodunit|whodunits|whodunnit", "Mystery" },
  { "animation|animations|animated|cartoon|cartoons|anime", "Animation" },
  { "documentary|documentaries", "Documentary" },
  { "family film|family films|family movie|family movies|family|kids|children", "Family" },
  { "fantasy|fantasies", "Fantasy" },
  { "history|historical", "History" },
  { "musical|musicals|music", "Music" },
  { "adventure|adventures", "Adventure" },
  { "action", "Action" },
  { "tv movie|tv movies", "TV Movie" },
};

static const Meaning languages[] = {
  { "english", "en" },    { "french", "fr" },     { "german", "de" },  { "italian", "it" },
  { "spanish", "es" },    { "portuguese", "pt" }, { "dutch", "nl" },   { "danish", "da" },
  { "swedish", "sv" },    { "norwegian", "no" },  { "finnish", "fi" }, { "polish", "pl" },
  { "czech", "cs" },      { "hungarian", "hu" },  { "greek", "el" },   { "turkish", "tr" },
  { "russian", "ru" },    { "japanese", "ja" },   { "korean", "ko" },  { "chinese", "zh" },
  { "mandarin", "zh" },   { "cantonese", "cn" },  { "hindi", "hi" },   { "persian", "fa" },
  { "iranian", "fa" },    { "arabic", "ar" },     { "hebrew", "he" },  { "thai", "th" },
  { "vietnamese", "vi" }, { "romanian", "ro" },   { "bengali", "bn" }, { "tamil", "ta" },
};

static const char *const months[] = { "january|jan", "february|feb", "march|mar",
                                      "april|apr",   "may",          "june|jun",
                                      "july|jul",    "august|aug",   "september|sep|sept",
                                      "october|oct", "november|nov", "december|dec" };

static const char *const numbers[] = { "zero",    "one|an",  "two",       "three",    "four",
                                       "five",    "six",     "seven",     "eight",    "nine",
                                       "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                       "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
                                       "twenty" };

static void
word_clear (RafilmWord *word)
{
  g_clear_pointer (&word->norm, g_free);
}

static gboolean
is_inside (gunichar u)
{
  return g_unichar_isalnum (u) || g_unichar_ismark (u) || u == '\'' || u == 0x2019 || u == '&';
}

static gboolean
is_break (gunichar u)
{
  return u < 0x80 ? strchr (",.;:?!()\n", (int) u) != NULL : g_unichar_ispunct (u);
}

RafilmWords *
rafilm_words_new (const char *text)
{
  RafilmWords *self;
  gboolean after_break = FALSE;
  const char *c;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (RafilmWords, 1);
  self->text = g_utf8_make_valid (text, -1);
  self->words = g_array_new (FALSE, TRUE, sizeof (RafilmWord));
  g_array_set_clear_func (self->words, (GDestroyNotify) word_clear);

  for (c = self->text; *c != '\0' && self->words->len < RAFILM_WORDS_MAX;)
    {
      const char *start = c;
      g_autofree char *piece = NULL;
      RafilmWord word = { 0 };

      if (!is_inside (g_utf8_get_char (c)))
        {
          after_break = after_break || is_break (g_utf8_get_char (c));
          c = g_utf8_next_char (c);
          continue;
        }
      while (*c != '\0' && is_inside (g_utf8_get_char (c)))
        c = g_utf8_next_char (c);

      piece = g_strndup (start, (gsize) (c - start));
      word.norm = rafilm_title_normalise (piece);
      if (*word.norm == '\0')
        {
          g_free (word.norm);
          continue;
        }
      word.start = (gsize) (start - self->text);
      word.end = (gsize) (c - self->text);
      word.after_break = after_break;
      word.capital = g_unichar_isupper (g_utf8_get_char (start));
      after_break = FALSE;
      g_array_append_val (self->words, word);
    }

  return self;
}

void
rafilm_words_free (RafilmWords *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->words, g_array_unref);
  g_free (self);
}

guint
rafilm_words_get_length (RafilmWords *self)
{
  return self->words->len;
}

RafilmWord *
rafilm_words_get (RafilmWords *self, guint i)
{
  return i < self->words->len ? &g_array_index (self->words, RafilmWord, i) : NULL;
}

/* How many words at @i are the phrase of @length bytes; 0 when they are not. */
static guint
match_phrase (RafilmWords *self, guint i, const char *phrase, gsize length)
{
  const char *end = phrase + length;
  guint n = 0;

  while (phrase < end)
    {
      RafilmWord *word = rafilm_words_get (self, i + n);
      const char *blank = memchr (phrase, ' ', (gsize) (end - phrase));
      gsize size = (gsize) ((blank != NULL ? blank : end) - phrase);

      if (word == NULL || word->used || strlen (word->norm) != size
          || memcmp (word->norm, phrase, size) != 0)
        return 0;
      n++;
      phrase += size + (blank != NULL ? 1 : 0);
    }

  return n;
}

static guint
count_words (const char *phrase, gsize length)
{
  guint n = 1;

  for (gsize i = 0; i < length; i++)
    n += phrase[i] == ' ' ? 1 : 0;

  return n;
}

static guint
match (RafilmWords *self, guint i, gboolean before, const char *phrases)
{
  while (*phrases != '\0')
    {
      gsize length = strcspn (phrases, "|");
      guint back = before ? count_words (phrases, length) : 0;
      guint n = back <= i ? match_phrase (self, i - back, phrases, length) : 0;

      if (n > 0)
        return n;
      phrases += length + (phrases[length] == '|' ? 1 : 0);
    }

  return 0;
}

guint
rafilm_words_match (RafilmWords *self, guint i, const char *phrases)
{
  return match (self, i, FALSE, phrases);
}

guint
rafilm_words_match_before (RafilmWords *self, guint i, const char *phrases)
{
  return match (self, i, TRUE, phrases);
}

guint
rafilm_words_find (RafilmWords *self, const char *phrases, guint *ret_at)
{
  for (guint i = 0; i < self->words->len; i++)
    {
      guint n = rafilm_words_match (self, i, phrases);

      if (n > 0)
        {
          *ret_at = i;
          return n;
        }
    }

  return 0;
}

gboolean
rafilm_words_take (RafilmWords *self, const char *phrases)
{
  guint at = 0;
  guint n = rafilm_words_find (self, phrases, &at);

  rafilm_words_use (self, at, n);

  return n > 0;
}

void
rafilm_words_use (RafilmWords *self, guint i, guint n)
{
  for (; n > 0 && i < self->words->len; i++, n--)
    g_array_index (self->words, RafilmWord, i).used = TRUE;
}

char *
rafilm_words_dup_text (RafilmWords *self, guint i, guint n)
{
  const RafilmWord *first = rafilm_words_get (self, i);
  const RafilmWord *last = n > 0 ? rafilm_words_get (self, i + n - 1) : NULL;

  g_return_val_if_fail (first != NULL && last != NULL, NULL);

  return g_strndup (self->text + first->start, last->end - first->start);
}

char *
rafilm_words_dup_norm (RafilmWords *self, guint i, guint n)
{
  GString *text = g_string_new (NULL);

  for (; n > 0 && i < self->words->len; i++, n--)
    {
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, g_array_index (self->words, RafilmWord, i).norm);
    }

  return g_string_free_and_steal (text);
}

/* ---- What single words mean ---- */

const char *
rafilm_words_read_genre (RafilmWords *self, guint i, guint *ret_n)
{
  for (guint g = 0; g < G_N_ELEMENTS (genres); g++)
    {
      *ret_n = rafilm_words_match (self, i, genres[g].phrases);
      if (*ret_n > 0)
        return genres[g].value;
    }

  return NULL;
}

const char *
rafilm_words_read_language (RafilmWords *self, guint i)
{
  for (guint l = 0; l < G_N_ELEMENTS (languages); l++)
    if (rafilm_words_match (self, i, languages[l].phrases) > 0)
      return languages[l].value;

  return NULL;
}

int
rafilm_words_read_month (RafilmWords *self, guint i)
{
  for (guint m = 0; m < G_N_ELEMENTS (months); m++)
    if (rafilm_words_match (self, i, months[m]) > 0)
      return (int) m + 1;

  return 0;
}

int
rafilm_words_read_number (RafilmWords *self, guint i)
{
  const RafilmWord *word = rafilm_words_get (self, i);

  if (word == NULL || word->used)
    return -1;
  if (strlen (word->norm) <= 4 && strspn (word->norm, "0123456789") == strlen (word->norm))
    return (int) g_ascii_strtoll (word->norm, NULL, 10);
  for (guint n = 0; n < G_N_ELEMENTS (numbers); n++)
    if (rafilm_words_match (self, i, numbers[n]) > 0)
      return (int) n;

  return -1;
}

int
rafilm_words_read_year (RafilmWords *self, guint i)
{
  const RafilmWord *word = rafilm_words_get (self, i);
  int year = rafilm_words_read_number (self, i);

  return word != NULL && strlen (word->norm) == 4 && year >= 1870 && year <= 2100 ? year : 0;
}
