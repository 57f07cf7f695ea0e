/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The state of a film: ratings, watchlist and viewings summed up in its row of the table film, so
 * that a poster grid is read from one table. */

#include "config.h"

#include "rafilm-store-private.h"

static const char *const sum_up_sql =
    "INSERT INTO film (id, rating, liked, seen, hidden, listed, listed_at, note, viewings,"
    " last_on, unfinished, touched_at, referenced)"
    " SELECT ?1, r.rating, ifnull (r.liked, 0), ifnull (r.seen, 0) OR v.viewings > 0,"
    "  ifnull (r.hidden, 0), ifnull (w.listed, 0),"
    "  CASE WHEN w.listed THEN w.at ELSE 0 END, CASE WHEN w.listed THEN w.note END,"
    "  v.viewings, v.last_on,"
    "  ifnull ((SELECT NOT finished FROM viewing WHERE film = ?1 AND deleted_at IS NULL"
    "   ORDER BY watched_on DESC, logged_at DESC, id DESC LIMIT 1), 0),"
    "  max (ifnull (r.at, 0), ifnull (w.at, 0), v.logged_at),"
    "  v.viewings > 0 OR ifnull (r.film, w.film) IS NOT NULL"
    "   OR EXISTS (SELECT 1 FROM item WHERE film = ?1 AND listed)"
    "   OR EXISTS (SELECT 1 FROM viewing WHERE film = ?1)"
    " FROM (SELECT count (*) AS viewings, max (watched_on) AS last_on,"
    "   ifnull (max (logged_at), 0) AS logged_at"
    "   FROM viewing WHERE film = ?1 AND deleted_at IS NULL) AS v"
    " LEFT JOIN rating AS r ON r.film = ?1 LEFT JOIN watch AS w ON w.film = ?1"
    " WHERE true"
    " ON CONFLICT (id) DO UPDATE SET rating = excluded.rating, liked = excluded.liked,"
    "  seen = excluded.seen, hidden = excluded.hidden, listed = excluded.listed,"
    "  listed_at = excluded.listed_at, note = excluded.note, viewings = excluded.viewings,"
    "  last_on = excluded.last_on, unfinished = excluded.unfinished,"
    "  touched_at = excluded.touched_at, referenced = excluded.referenced";

void
rafilm_mirror_refresh_films (RafilmMirror *self)
{
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, self->films);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      gint64 film = *(gint64 *) key;

      rafilm_database_run (self->db, sum_up_sql, "l", film);
      rafilm_mirror_index_film (self, film, (GPOINTER_TO_INT (value) & RAFILM_TOUCH_TEXT) != 0);
    }
}

/* Reading films */

const char *const rafilm_film_columns =
    "f.id, f.title, f.original_title, f.language, f.release_date, f.runtime, f.genres,"
    " f.directors, f.poster_path, f.popularity, f.fetched_at, f.detailed, f.rating, f.liked,"
    " f.seen, f.hidden, f.listed, f.note, f.viewings, f.last_on, f.unfinished";

static void
read_facts (RafilmStatement *query, int first, RafilmFilmFacts *facts)
{
  facts->title = g_strdup (rafilm_statement_text (query, first + 1));
  facts->original_title = g_strdup (rafilm_statement_text (query, first + 2));
  facts->language = g_strdup (rafilm_statement_text (query, first + 3));
  facts->release_date = g_strdup (rafilm_statement_text (query, first + 4));
  facts->runtime = (int) rafilm_statement_int (query, first + 5);
  facts->genres = rafilm_store_split (rafilm_statement_text (query, first + 6));
  facts->directors = rafilm_store_split (rafilm_statement_text (query, first + 7));
  facts->poster_path = g_strdup (rafilm_statement_text (query, first + 8));
  facts->popularity = rafilm_statement_double (query, first + 9);
  facts->fetched_at = rafilm_statement_int (query, first + 10);
}

static void
read_state (RafilmStatement *query, int first, RafilmFilmState *state)
{
  state->rating = (int) rafilm_statement_int (query, first + 12);
  state->like = rafilm_statement_int (query, first + 13) != 0;
  state->seen = rafilm_statement_int (query, first + 14) != 0;
  state->hidden = rafilm_statement_int (query, first + 15) != 0;
  state->watchlist = rafilm_statement_int (query, first + 16) != 0;
  state->note = g_strdup (rafilm_statement_text (query, first + 17));
  state->viewings = (guint) rafilm_statement_int (query, first + 18);
  state->last_watched = g_strdup (rafilm_statement_text (query, first + 19));
  state->unfinished = rafilm_statement_int (query, first + 20) != 0;
}

static GArray *
read_similar (const char *joined)
{
  g_auto (GStrv) ids = NULL;
  GArray *similar = NULL;

  ids = rafilm_store_split (joined);
  if (ids == NULL)
    return NULL;
  similar = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (gsize i = 0; ids[i] != NULL; i++)
    {
      gint64 id = g_ascii_strtoll (ids[i], NULL, 10);

      g_array_append_val (similar, id);
    }
  return similar;
}

static void
read_details (RafilmMirror *self, gint64 film, RafilmFilmFacts *facts)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (self->db,
                                 "SELECT overview, backdrop_path, countries, actors, characters,"
                                 " keywords, similar FROM film_detail WHERE id = ?",
                                 "l", film);
  if (!rafilm_database_next (self->db, query))
    return;
  facts->overview = g_strdup (rafilm_statement_text (query, 0));
  facts->backdrop_path = g_strdup (rafilm_statement_text (query, 1));
  facts->countries = rafilm_store_split (rafilm_statement_text (query, 2));
  facts->cast = rafilm_store_split (rafilm_statement_text (query, 3));
  facts->characters = rafilm_store_split (rafilm_statement_text (query, 4));
  facts->keywords = rafilm_store_split (rafilm_statement_text (query, 5));
  facts->similar = read_similar (rafilm_statement_text (query, 6));
}

static RafilmFilm *
make_film (RafilmMirror *self, gint64 id, gboolean detailed, RafilmFilmFacts *facts,
           RafilmFilmState *state)
{
  RafilmFilm *film = NULL;

  film = rafilm_film_new (id);
  rafilm_film_take_facts (film, facts);
  rafilm_film_take_state (film, state);
  rafilm_film_registry_add (self->registry, film, detailed);
  return film;
}

RafilmFilm *
rafilm_mirror_read_film (RafilmMirror *self, RafilmStatement *statement, int first)
{
  g_auto (RafilmFilmFacts) facts = { 0 };
  g_auto (RafilmFilmState) state = { 0 };

  read_facts (statement, first, &facts);
  read_state (statement, first, &state);
  return make_film (self, rafilm_statement_int (statement, first), FALSE, &facts, &state);
}

RafilmFilm *
rafilm_mirror_load_film (RafilmMirror *self, gint64 film, gboolean details)
{
  g_autofree char *sql = NULL;
  g_autoptr (RafilmStatement) query = NULL;
  g_auto (RafilmFilmFacts) facts = { 0 };
  g_auto (RafilmFilmState) state = { 0 };

  sql = g_strdup_printf ("SELECT %s FROM film AS f WHERE id = ?", rafilm_film_columns);
  query = rafilm_database_query (self->db, sql, "l", film);
  if (rafilm_database_next (self->db, query))
    {
      read_facts (query, 0, &facts);
      read_state (query, 0, &state);
      if (details)
        read_details (self, film, &facts);
    }
  return make_film (self, film, details, &facts, &state);
}
