/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-title-index.h"

#include <string.h>

typedef enum
{
  TITLE_WHOLE,
  TITLE_WITHOUT_ARTICLE,
  TITLE_BEFORE_COLON,
  N_TITLE_KINDS,
} TitleKind;

typedef struct
{
  gint64 film;
  int year;
  double rank; /* higher goes first */
} Entry;

struct _RafilmTitleIndex
{
  GHashTable *titles[N_TITLE_KINDS]; /* normalised title -> GArray of Entry */
};

/* More than any popularity. */
#define OWN_RANK 1e9

#define MAX_OTHERS 5

static void
append_normal (GString *out, gunichar u, gboolean *blank)
{
  gunichar parts[18];
  gsize n = g_unichar_fully_decompose (u, TRUE, parts, G_N_ELEMENTS (parts));

  for (gsize i = 0; i < n; i++)
    {
      if (g_unichar_ismark (parts[i]))
        continue;
      if (!g_unichar_isalnum (parts[i]))
        {
          *blank = TRUE;
          continue;
        }
      if (*blank && out->len > 0)
        g_string_append_c (out, ' ');
      *blank = FALSE;
      g_string_append_unichar (out, parts[i]);
    }
}

char *
rafilm_title_normalise (const char *text)
{
  g_autofree char *valid = NULL;
  g_autofree char *folded = NULL;
  GString *out = NULL;
  gboolean blank = FALSE;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  folded = g_utf8_casefold (valid, -1);
  out = g_string_new (NULL);
  for (const char *c = folded; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar u = g_utf8_get_char (c);

      if (u == '\'' || u == 0x2019 || u == 0x2018 || u == 0x02BC)
        continue;
      if (u == '&')
        {
          g_string_append (out, out->len > 0 ? " and" : "and");
          blank = TRUE;
          continue;
        }
      append_normal (out, u, &blank);
    }

  return g_string_free_and_steal (out);
}

static const char *
skip_article (const char *title)
{
  static const char *const articles[] = { "the ", "a ",   "an ",  "le ", "la ", "les ", "l ",
                                          "der ", "die ", "das ", "el ", "il ", "los ", "las " };

  for (guint i = 0; i < G_N_ELEMENTS (articles); i++)
    if (g_str_has_prefix (title, articles[i]) && title[strlen (articles[i])] != '\0')
      return title + strlen (articles[i]);

  return NULL;
}

static void
insert (RafilmTitleIndex *self, TitleKind kind, const char *title, const Entry *entry)
{
  GArray *entries;

  if (title == NULL || *title == '\0')
    return;

  entries = g_hash_table_lookup (self->titles[kind], title);
  if (entries == NULL)
    {
      entries = g_array_new (FALSE, FALSE, sizeof (Entry));
      g_hash_table_insert (self->titles[kind], g_strdup (title), entries);
    }
  for (guint i = 0; i < entries->len; i++)
    if (g_array_index (entries, Entry, i).film == entry->film)
      return;
  g_array_append_vals (entries, entry, 1);
}

static void
insert_title (RafilmTitleIndex *self, const char *title, const Entry *entry)
{
  g_autofree char *whole = NULL;
  g_autofree char *begin = NULL;
  const char *colon;

  if (title == NULL)
    return;

  whole = rafilm_title_normalise (title);
  insert (self, TITLE_WHOLE, whole, entry);
  insert (self, TITLE_WITHOUT_ARTICLE, skip_article (whole), entry);

  colon = strchr (title, ':');
  if (colon == NULL)
    return;
  {
    g_autofree char *part = g_strndup (title, (gsize) (colon - title));

    begin = rafilm_title_normalise (part);
  }
  if (g_utf8_strlen (begin, -1) >= 4)
    insert (self, TITLE_BEFORE_COLON, begin, entry);
}

RafilmTitleIndex *
rafilm_title_index_new (void)
{
  RafilmTitleIndex *self = g_new0 (RafilmTitleIndex, 1);

  for (guint i = 0; i < N_TITLE_KINDS; i++)
    self->titles[i] =
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  return self;
}

void
rafilm_title_index_free (RafilmTitleIndex *self)
{
  for (guint i = 0; i < N_TITLE_KINDS; i++)
    g_clear_pointer (&self->titles[i], g_hash_table_unref);
  g_free (self);
}

void
rafilm_title_index_add (RafilmTitleIndex *self, RafilmFilm *film)
{
  const RafilmFilmFacts *facts;
  const RafilmFilmState *state;
  Entry entry = { 0 };

  g_return_if_fail (self != NULL);
  g_return_if_fail (RAFILM_IS_FILM (film));

  if (!rafilm_film_is_known (film))
    return;

  facts = rafilm_film_get_facts (film);
  state = rafilm_film_get_state (film);
  entry.film = rafilm_film_get_id (film);
  entry.year = rafilm_film_get_year (film);
  entry.rank = facts->popularity;
  if (state->seen || state->watchlist || state->rating != 0)
    entry.rank += OWN_RANK;
  insert_title (self, facts->title, &entry);
  insert_title (self, facts->original_title, &entry);
}

/* Whether @a fits the year better than @b, or as well with a higher rank. */
static gboolean
goes_before (const Entry *a, const Entry *b, int year)
{
  gboolean a_exact = a->year == year;
  gboolean b_exact = b->year == year;

  if (year != 0 && a_exact != b_exact)
    return a_exact;

  return a->rank > b->rank;
}

static gint64
choose (GArray *entries, int year, GArray **ret_others)
{
  const Entry *best = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (year != 0 && (entry->year < year - 1 || entry->year > year + 1))
        continue;
      if (best == NULL || goes_before (entry, best, year))
        best = entry;
    }
  if (best == NULL)
    return 0;

  for (guint i = 0; ret_others != NULL && year == 0 && i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (entry == best)
        continue;
      if (*ret_others == NULL)
        *ret_others = g_array_new (FALSE, FALSE, sizeof (gint64));
      if ((*ret_others)->len < MAX_OTHERS)
        g_array_append_vals (*ret_others, &entry->film, 1);
    }

  return best->film;
}

gint64
rafilm_title_index_find (RafilmTitleIndex *self, const char *title, int year, GArray **ret_others)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (title != NULL, 0);

  if (ret_others != NULL)
    *ret_others = NULL;

  for (guint i = 0; i < N_TITLE_KINDS; i++)
    {
      GArray *entries = g_hash_table_lookup (self->titles[i], title);
      gint64 film = entries != NULL ? choose (entries, year, ret_others) : 0;

      if (film != 0)
        return film;
    }

  return 0;
}
