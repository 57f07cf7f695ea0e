/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The state of a film: ratings, watchlist and viewings summed up in its row of the table film, so
 * that a poster grid is read from one table. */

#include "config.h"

#include "rafilm-store-private.h"

/* What is known of a film before it is summed up, and the sum. */
typedef struct
{
  gint64 id;
  gboolean exists;
  gboolean fetched;
  double popularity;
  gint64 place;

  gint64 rating;
  gboolean liked;
  gboolean seen;
  gboolean hidden;
  gboolean listed;
  gint64 listed_at;
  char *note;
  gint64 viewings;
  char *last_on;
  gboolean unfinished;
  gint64 touched_at;
  gboolean referenced;
} Sum;

static void
read_parts (RafilmMirror *self, Sum *sum)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (
      self->db,
      "SELECT f.id, f.fetched_at > 0, f.popularity, f.place,"
      " r.film, r.rating, r.liked, r.seen, r.hidden, r.at, w.film, w.listed, w.at, w.note,"
      " EXISTS (SELECT 1 FROM item WHERE film = ?1 AND listed)"
      " FROM (SELECT 1) LEFT JOIN film AS f ON f.id = ?1"
      " LEFT JOIN rating AS r ON r.film = ?1 LEFT JOIN watch AS w ON w.film = ?1",
      "l", sum->id);
  if (!rafilm_database_next (self->db, query))
    return;
  sum->exists = !rafilm_statement_is_null (query, 0);
  sum->fetched = rafilm_statement_int (query, 1) != 0;
  sum->popularity = rafilm_statement_double (query, 2);
  sum->place = rafilm_statement_int (query, 3);
  sum->rating = rafilm_statement_int (query, 5);
  sum->liked = rafilm_statement_int (query, 6) != 0;
  sum->seen = rafilm_statement_int (query, 7) != 0;
  sum->hidden = rafilm_statement_int (query, 8) != 0;
  sum->touched_at = MAX (rafilm_statement_int (query, 9), rafilm_statement_int (query, 12));
  sum->listed = rafilm_statement_int (query, 11) != 0;
  if (sum->listed)
    {
      sum->listed_at = rafilm_statement_int (query, 12);
      sum->note = g_strdup (rafilm_statement_text (query, 13));
    }
  sum->referenced = !rafilm_statement_is_null (query, 4) || !rafilm_statement_is_null (query, 10)
                    || rafilm_statement_int (query, 14) != 0;
}

/* The newest viewing comes first; of several of one moment, the one with the greatest id counts. */
static void
add_viewings (RafilmMirror *self, Sum *sum)
{
  g_autoptr (RafilmStatement) query = NULL;
  gint64 last_at = 0;

  query = rafilm_database_query (
      self->db,
      "SELECT watched_on, logged_at, deleted_at IS NOT NULL, finished"
      " FROM viewing WHERE film = ? ORDER BY watched_on DESC, logged_at DESC, id",
      "l", sum->id);
  while (rafilm_database_next (self->db, query))
    {
      const char *on = rafilm_statement_text (query, 0);
      gint64 at = rafilm_statement_int (query, 1);

      sum->referenced = TRUE;
      if (rafilm_statement_int (query, 2) != 0)
        continue;
      if (sum->viewings == 0)
        {
          sum->last_on = g_strdup (on);
          last_at = at;
        }
      if (at == last_at && g_strcmp0 (on, sum->last_on) == 0)
        sum->unfinished = rafilm_statement_int (query, 3) == 0;
      sum->touched_at = MAX (sum->touched_at, at);
      sum->viewings++;
      sum->seen = TRUE;
    }
}

static void
write_sum (RafilmMirror *self, const Sum *sum)
{
  rafilm_database_run (
      self->db,
      sum->exists
          ? "UPDATE film SET rating = nullif (?2, 0), liked = ?3, seen = ?4, hidden = ?5,"
            " listed = ?6, listed_at = ?7, note = ?8, viewings = ?9, last_on = ?10,"
            " unfinished = ?11, touched_at = ?12, referenced = ?13 WHERE id = ?1"
          : "INSERT INTO film (id, rating, liked, seen, hidden, listed, listed_at, note, viewings,"
            " last_on, unfinished, touched_at, referenced, place)"
            " VALUES (?1, nullif (?2, 0), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
            "  nullif (?14, 0))",
      sum->exists ? "lliiiiltltili" : "lliiiiltltilil", sum->id, sum->rating, sum->liked, sum->seen,
      sum->hidden, sum->listed, sum->listed_at, sum->note, sum->viewings, sum->last_on,
      sum->unfinished, sum->touched_at, sum->referenced, sum->place);
}

static void
refresh_film (RafilmMirror *self, gint64 film, gboolean text_changed)
{
  Sum sum = { .id = film };
  gint64 place = 0;
  gint64 old = 0;

  read_parts (self, &sum);
  add_viewings (self, &sum);
  old = sum.place;
  if (sum.fetched || sum.referenced)
    place = rafilm_film_compute_place (film, sum.seen || sum.liked || sum.listed || sum.rating != 0,
                                       sum.popularity, old);
  /* Without a place it would not be found at all, and nothing has to move for the first one. */
  if (old == 0)
    sum.place = place;
  write_sum (self, &sum);
  if (sum.exists && sum.place != old)
    rafilm_mirror_set_place (self, film, place);
  if (place != sum.place || (place != 0 && (text_changed || (old == 0 && sum.fetched))))
    rafilm_mirror_index_film (self, film, sum.place, place);
  g_free (sum.note);
  g_free (sum.last_on);
}

void
rafilm_mirror_refresh_films (RafilmMirror *self)
{
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, self->films);
  while (g_hash_table_iter_next (&iter, &key, &value))
    refresh_film (self, *(gint64 *) key, (GPOINTER_TO_INT (value) & RAFILM_TOUCH_TEXT) != 0);
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
