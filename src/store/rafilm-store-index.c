/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words of films for full-text search.
 *
 * Ranking is what makes full-text search slow: a short prefix matches a great part of all films,
 * and each would be scored. So nothing is scored. A film's row in both indexes is its `place`, a
 * number that sorts the diary's own films first and then by popularity; SQLite walks the matches
 * in that order and stops after the first few. The price is that a film whose place changes is
 * indexed anew. When that happens to many films at once, as in a first synchronisation, they are
 * marked in the table `unindexed` instead, and the thread indexes them when it has nothing else to
 * do. Until then a marked film is found by its old words, in its old place. */

#include "config.h"

#include "rafilm-store-private.h"

#include <math.h>

#define PLACE_FOREIGN_SHIFT 42 /* set for films that are not the diary's own */
#define PLACE_RANK_SHIFT 32
#define MAX_RANK 1023 /* the least popular */
#define RANKS_PER_DOUBLING 64.0

/* What one transaction indexes at once: more than an edit touches. */
#define MAX_AT_ONCE 16

/* Small moves of a film's popularity are not worth indexing it anew. */
#define RANK_SLACK 32

gint64
rafilm_film_compute_place (gint64 film, gboolean mine, double popularity, gint64 old)
{
  gint64 rank = 0;
  gint64 old_rank = 0;

  rank = MAX_RANK
         - (gint64) CLAMP (log2 (1.0 + MAX (popularity, 0.0)) * RANKS_PER_DOUBLING, 0.0, MAX_RANK);
  old_rank = (old >> PLACE_RANK_SHIFT) & MAX_RANK;
  if (old != 0 && ABS (old_rank - rank) < RANK_SLACK)
    rank = old_rank;
  return ((gint64) !mine << PLACE_FOREIGN_SHIFT) | (rank << PLACE_RANK_SHIFT) | film;
}

static char *
collect (RafilmMirror *self, gint64 film, const char *sql)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (self->db, sql, "l", film);
  if (!rafilm_database_next (self->db, query))
    return NULL;
  return g_strdup (rafilm_statement_text (query, 0));
}

static void
insert_words (RafilmMirror *self, gint64 film, gint64 place)
{
  g_autofree char *tags = NULL;
  g_autofree char *notes = NULL;

  tags =
      collect (self, film, "SELECT group_concat (tag, char (31)) FROM viewing_tag WHERE film = ?");
  notes = collect (self, film,
                   "SELECT group_concat (text, char (31)) FROM ("
                   " SELECT review AS text FROM viewing"
                   "  WHERE film = ?1 AND deleted_at IS NULL AND review IS NOT NULL"
                   " UNION ALL SELECT note FROM watch"
                   "  WHERE film = ?1 AND listed AND note IS NOT NULL"
                   " UNION ALL SELECT note FROM item"
                   "  WHERE film = ?1 AND listed AND note IS NOT NULL)");
  rafilm_database_run (self->db,
                       "INSERT INTO title_index (rowid, title, original_title)"
                       " SELECT ?2, title, nullif (original_title, title) FROM film WHERE id = ?1",
                       "ll", film, place);
  rafilm_database_run (self->db,
                       "INSERT INTO text_index (rowid, title, director, actor, keyword, tag, note)"
                       " SELECT ?2, concat_ws (char (31), title, nullif (original_title, title)),"
                       "  directors, actors, keywords, ?3, ?4"
                       " FROM film LEFT JOIN film_detail USING (id) WHERE film.id = ?1",
                       "lltt", film, place, tags, notes);
}

void
rafilm_mirror_set_place (RafilmMirror *self, gint64 film, gint64 place)
{
  rafilm_database_run (self->db, "UPDATE film SET place = nullif (?2, 0) WHERE id = ?1", "ll", film,
                       place);
}

static void
index_words (RafilmMirror *self, gint64 film, gint64 old, gint64 place)
{
  if (old != 0)
    {
      rafilm_database_run (self->db, "DELETE FROM title_index WHERE rowid = ?", "l", old);
      rafilm_database_run (self->db, "DELETE FROM text_index WHERE rowid = ?", "l", old);
    }
  if (place != 0)
    insert_words (self, film, place);
  if (place != old)
    rafilm_mirror_set_place (self, film, place);
}

void
rafilm_mirror_index_film (RafilmMirror *self, gint64 film, gint64 old, gint64 place)
{
  if (!self->index_later && self->indexed++ < MAX_AT_ONCE)
    {
      index_words (self, film, old, place);
      return;
    }
  rafilm_database_run (self->db, "INSERT OR IGNORE INTO unindexed (film) VALUES (?)", "l", film);
  self->has_unindexed = TRUE;
}

/* The first film that is marked; 0 when there is none. */
static gint64
unmark_film (RafilmMirror *self)
{
  gint64 film = 0;

  film = rafilm_database_get_int (self->db, 0, "SELECT min (film) FROM unindexed", "");
  rafilm_database_run (self->db, "DELETE FROM unindexed WHERE film = ?", "l", film);
  return film;
}

static void
index_marked_film (RafilmMirror *self, gint64 film)
{
  g_autoptr (RafilmStatement) query = NULL;
  gint64 old = 0;
  gint64 place = 0;

  query = rafilm_database_query (
      self->db,
      "SELECT place, popularity, seen OR liked OR listed OR rating IS NOT NULL,"
      " fetched_at > 0 OR referenced FROM film WHERE id = ?",
      "l", film);
  if (!rafilm_database_next (self->db, query))
    return;
  old = rafilm_statement_int (query, 0);
  if (rafilm_statement_int (query, 3) != 0)
    place = rafilm_film_compute_place (film, rafilm_statement_int (query, 2) != 0,
                                       rafilm_statement_double (query, 1), old);
  index_words (self, film, old, place);
}

void
rafilm_mirror_index_marked (RafilmMirror *self, gint64 until)
{
  gint64 film = 0;

  do
    {
      film = unmark_film (self);
      if (film != 0)
        index_marked_film (self, film);
    }
  while (film != 0 && g_get_monotonic_time () < until && !rafilm_database_has_failed (self->db));
  self->has_unindexed = film != 0;
}
