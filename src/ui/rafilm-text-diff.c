/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-text-diff.h"

#include <string.h>

/* Pairs of words that are compared at the most; about two reviews of 1500 words. */
#define MAX_PAIRS 2500000

typedef struct
{
  const char *text;
  GArray *words; /* RafilmTextRange */
  GArray *ranges;
} Side;

static void
split (Side *side)
{
  const char *place = side->text;

  while (*place != '\0')
    {
      RafilmTextRange word;

      while (g_unichar_isspace (g_utf8_get_char (place)))
        place = g_utf8_next_char (place);
      word.start = (guint) (place - side->text);
      while (*place != '\0' && !g_unichar_isspace (g_utf8_get_char (place)))
        place = g_utf8_next_char (place);
      word.end = (guint) (place - side->text);
      if (word.end > word.start)
        g_array_append_val (side->words, word);
    }
}

static const RafilmTextRange *
get_word (const Side *side, guint index)
{
  return &g_array_index (side->words, RafilmTextRange, index);
}

static gboolean
same_word (const Side *a, guint i, const Side *b, guint j)
{
  const RafilmTextRange *x = get_word (a, i);
  const RafilmTextRange *y = get_word (b, j);

  return x->end - x->start == y->end - y->start
         && memcmp (a->text + x->start, b->text + y->start, x->end - x->start) == 0;
}

/* Words that follow each other become one range, with the space between. */
static void
mark (Side *side, guint index)
{
  const RafilmTextRange *word = get_word (side, index);
  RafilmTextRange *last = NULL;

  if (side->ranges->len > 0)
    last = &g_array_index (side->ranges, RafilmTextRange, side->ranges->len - 1);
  if (last != NULL && index > 0 && last->end == get_word (side, index - 1)->end)
    last->end = word->end;
  else
    g_array_append_val (side->ranges, *word);
}

/* The longest common subsequence of the words between FROM and the two ends. */
static void
compare (Side *a, guint a_end, Side *b, guint b_end, guint from)
{
  guint rows = a_end - from;
  guint columns = b_end - from;
  g_autofree guint16 *lengths = g_new0 (guint16, (gsize) (rows + 1) * (columns + 1));
  guint i = 0;
  guint j = 0;

#define LENGTH(i, j) lengths[(gsize) (i) * (columns + 1) + (j)]
  for (i = rows; i-- > 0;)
    for (j = columns; j-- > 0;)
      LENGTH (i, j) = same_word (a, from + i, b, from + j)
                          ? (guint16) (LENGTH (i + 1, j + 1) + 1)
                          : MAX (LENGTH (i + 1, j), LENGTH (i, j + 1));

  i = j = 0;
  while (i < rows || j < columns)
    {
      if (i < rows && j < columns && same_word (a, from + i, b, from + j))
        {
          i++;
          j++;
        }
      else if (j == columns || (i < rows && LENGTH (i + 1, j) >= LENGTH (i, j + 1)))
        mark (a, from + i++);
      else
        mark (b, from + j++);
    }
#undef LENGTH
}

void
rafilm_text_diff (const char *a, const char *b, GArray **ret_a, GArray **ret_b)
{
  Side sides[2] = { { .text = a }, { .text = b } };
  guint from = 0;
  guint ends[2];

  g_return_if_fail (a != NULL && g_utf8_validate (a, -1, NULL));
  g_return_if_fail (b != NULL && g_utf8_validate (b, -1, NULL));

  for (guint s = 0; s < 2; s++)
    {
      sides[s].words = g_array_new (FALSE, FALSE, sizeof (RafilmTextRange));
      sides[s].ranges = g_array_new (FALSE, FALSE, sizeof (RafilmTextRange));
      split (&sides[s]);
      ends[s] = sides[s].words->len;
    }

  while (from < MIN (ends[0], ends[1]) && same_word (&sides[0], from, &sides[1], from))
    from++;
  while (ends[0] > from && ends[1] > from
         && same_word (&sides[0], ends[0] - 1, &sides[1], ends[1] - 1))
    {
      ends[0]--;
      ends[1]--;
    }

  if ((guint64) (ends[0] - from) * (ends[1] - from) <= MAX_PAIRS
      && MIN (ends[0], ends[1]) - from < G_MAXUINT16)
    compare (&sides[0], ends[0], &sides[1], ends[1], from);
  else
    for (guint s = 0; s < 2; s++)
      for (guint i = from; i < ends[s]; i++)
        mark (&sides[s], i);

  for (guint s = 0; s < 2; s++)
    g_array_unref (sides[s].words);
  *ret_a = sides[0].ranges;
  *ret_b = sides[1].ranges;
}
