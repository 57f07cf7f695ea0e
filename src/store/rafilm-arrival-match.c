/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-arrival-match.h"

#include <stdlib.h>
#include <string.h>

/* An entry with its place, so that sorting doesn't lose it. */
typedef struct
{
  const RafilmMatchEntry *entry;
  guint index;
} Place;

static int
compare_keys (const RafilmMatchEntry *a, const RafilmMatchEntry *b)
{
  if (a->film != b->film)
    return a->film < b->film ? -1 : 1;
  return g_strcmp0 (a->on, b->on);
}

static int
compare_by_key (const void *a, const void *b)
{
  const RafilmMatchEntry *first = ((const Place *) a)->entry;
  const RafilmMatchEntry *second = ((const Place *) b)->entry;
  int order = compare_keys (first, second);

  return order != 0 ? order : strcmp (first->id, second->id);
}

static Place *
sort_free (const RafilmMatchEntry *entries, guint n, const gboolean *taken, guint *ret_n)
{
  Place *places = g_new (Place, n + 1);

  *ret_n = 0;
  for (guint i = 0; i < n; i++)
    if (!taken[i])
      places[(*ret_n)++] = (Place) { &entries[i], i };
  qsort (places, *ret_n, sizeof *places, compare_by_key);
  return places;
}

static void
match_ids (const RafilmMatchEntry *mine, guint n_mine, const RafilmMatchEntry *theirs,
           guint n_theirs, gboolean *mine_taken, gboolean *theirs_taken, guint *ret_matches)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < n_theirs; i++)
    g_hash_table_insert (ids, (gpointer) theirs[i].id, GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < n_mine; i++)
    {
      guint found = GPOINTER_TO_UINT (g_hash_table_lookup (ids, mine[i].id));

      ret_matches[i] = RAFILM_MATCH_NONE;
      if (found == 0 || theirs_taken[found - 1])
        continue;
      ret_matches[i] = found - 1;
      mine_taken[i] = TRUE;
      theirs_taken[found - 1] = TRUE;
    }
}

void
rafilm_arrival_match (const RafilmMatchEntry *mine, guint n_mine, const RafilmMatchEntry *theirs,
                      guint n_theirs, guint *ret_matches)
{
  g_autofree gboolean *mine_taken = g_new0 (gboolean, n_mine + 1);
  g_autofree gboolean *theirs_taken = g_new0 (gboolean, n_theirs + 1);
  g_autofree Place *here = NULL;
  g_autofree Place *there = NULL;
  guint n_here = 0;
  guint n_there = 0;
  guint at = 0;

  match_ids (mine, n_mine, theirs, n_theirs, mine_taken, theirs_taken, ret_matches);
  here = sort_free (mine, n_mine, mine_taken, &n_here);
  there = sort_free (theirs, n_theirs, theirs_taken, &n_there);
  for (guint i = 0; i < n_here; i++)
    {
      while (at < n_there && compare_keys (there[at].entry, here[i].entry) < 0)
        at++;
      if (at < n_there && compare_keys (there[at].entry, here[i].entry) == 0)
        ret_matches[here[i].index] = there[at++].index;
    }
}
