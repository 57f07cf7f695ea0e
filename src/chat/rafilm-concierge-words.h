/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** No more words of a request are looked at. */
#define RAFILM_WORDS_MAX 120

/**
 * RafilmWord:
 * @norm: as rafilm_title_normalise() makes it; one word
 * @start: where it begins in the text
 * @end: where it ends
 * @after_break: a comma, a full stop or the like stands before it
 * @capital: it begins with a capital letter
 * @used: its meaning has been found
 */
typedef struct
{
  char *norm;
  gsize start;
  gsize end;
  gboolean after_break;
  gboolean capital;
  gboolean used;
} RafilmWord;

/**
 * RafilmWords:
 * @text: the request
 * @words: (element-type RafilmWord): its words
 */
typedef struct
{
  char *text;
  GArray *words;
} RafilmWords;

RafilmWords *rafilm_words_new (const char *text);
void rafilm_words_free (RafilmWords *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmWords, rafilm_words_free)

guint rafilm_words_get_length (RafilmWords *self);

/* The word at @i, or %NULL beyond the end. */
RafilmWord *rafilm_words_get (RafilmWords *self, guint i);

/**
 * rafilm_words_match:
 * @phrases: phrases separated by "|", each of one or more words
 *
 * Returns: how many unused words at @i are one of @phrases (the first that fits); 0 for none
 */
guint rafilm_words_match (RafilmWords *self, guint i, const char *phrases);

/* As rafilm_words_match(), for the words that end before @i. */
guint rafilm_words_match_before (RafilmWords *self, guint i, const char *phrases);

/* Finds the first of @phrases anywhere. Returns: how many words, with @ret_at set; or 0. */
guint rafilm_words_find (RafilmWords *self, const char *phrases, guint *ret_at);

/* As rafilm_words_find(), and marks the words as used. */
gboolean rafilm_words_take (RafilmWords *self, const char *phrases);

void rafilm_words_use (RafilmWords *self, guint i, guint n);

/* The text from word @i on, @n words, as it was typed. */
char *rafilm_words_dup_text (RafilmWords *self, guint i, guint n);
/* Likewise, as the words are normalised. */
char *rafilm_words_dup_norm (RafilmWords *self, guint i, guint n);

/* ---- What single words mean ---- */

/* TMDb's English name of a genre; %NULL for another word. @ret_n: how many words it took. */
const char *rafilm_words_read_genre (RafilmWords *self, guint i, guint *ret_n);
/* ISO 639-1 code for "French", "Korean", …; %NULL for another word. */
const char *rafilm_words_read_language (RafilmWords *self, guint i);
/* 1 to 12; 0 for another word. */
int rafilm_words_read_month (RafilmWords *self, guint i);
/* A number in digits or one of the words up to twenty; -1 for another word. */
int rafilm_words_read_number (RafilmWords *self, guint i);
/* A year of four digits, 1870 to 2100; 0 for another word. */
int rafilm_words_read_year (RafilmWords *self, guint i);

G_END_DECLS
