/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Storing the facts of films, which are local to this computer. */

#include "config.h"

#include "rafilm-store-private.h"

#include "rafilm-clock.h"
#include "rafilm-date.h"

char *
rafilm_store_make_sort_title (const char *title)
{
  g_autofree char *folded = NULL;
  g_autofree char *apart = NULL;
  GString *plain = NULL;

  folded = g_utf8_casefold (title, -1);
  apart = g_utf8_normalize (folded, -1, G_NORMALIZE_DEFAULT);
  plain = g_string_new (NULL);
  for (const char *at = apart; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    if (!g_unichar_ismark (g_utf8_get_char (at)))
      g_string_append_unichar (plain, g_utf8_get_char (at));
  return g_string_free (plain, FALSE);
}

static gboolean
has_details (const RafilmFilmFacts *facts)
{
  return facts->cast != NULL || facts->directors != NULL || facts->keywords != NULL;
}

static char *
join_ids (GArray *ids)
{
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) texts = NULL;

  if (ids == NULL)
    return NULL;
  builder = g_strv_builder_new ();
  for (guint i = 0; i < ids->len; i++)
    g_strv_builder_take (builder,
                         g_strdup_printf ("%" G_GINT64_FORMAT, g_array_index (ids, gint64, i)));
  texts = g_strv_builder_end (builder);
  return rafilm_store_join ((const char *const *) texts);
}

static void
put_light (RafilmMirror *self, gint64 id, const RafilmFilmFacts *facts, gboolean detailed)
{
  g_autofree char *sort_title = NULL;
  g_autofree char *genres = NULL;
  g_autofree char *directors = NULL;

  sort_title = rafilm_store_make_sort_title (facts->title);
  genres = rafilm_store_join ((const char *const *) facts->genres);
  directors = rafilm_store_join ((const char *const *) facts->directors);
  /* The time always moves on, so that objects notice that their facts are others. */
  rafilm_database_run (
      self->db,
      "INSERT INTO film (id, title, original_title, sort_title, language, release_date, year,"
      " runtime, genres, directors, poster_path, popularity, fetched_at, detailed)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET title = excluded.title,"
      "  original_title = ifnull (excluded.original_title, original_title),"
      "  sort_title = excluded.sort_title, language = ifnull (excluded.language, language),"
      "  release_date = ifnull (excluded.release_date, release_date),"
      "  year = CASE WHEN excluded.year THEN excluded.year ELSE year END,"
      "  runtime = CASE WHEN excluded.runtime THEN excluded.runtime ELSE runtime END,"
      "  genres = ifnull (excluded.genres, genres),"
      "  directors = ifnull (excluded.directors, directors),"
      "  poster_path = ifnull (excluded.poster_path, poster_path),"
      "  popularity = excluded.popularity,"
      "  fetched_at = max (excluded.fetched_at, fetched_at + 1),"
      "  detailed = max (excluded.detailed, detailed)",
      "lttttti"
      "itttdli",
      id, facts->title, facts->original_title, sort_title, facts->language, facts->release_date,
      rafilm_date_get_year (facts->release_date), facts->runtime, genres, directors,
      facts->poster_path, facts->popularity,
      facts->fetched_at > 0 ? facts->fetched_at : rafilm_clock_now (), (int) detailed);
}

static void
put_details (RafilmMirror *self, gint64 id, const RafilmFilmFacts *facts)
{
  g_autofree char *countries = NULL;
  g_autofree char *actors = NULL;
  g_autofree char *characters = NULL;
  g_autofree char *keywords = NULL;
  g_autofree char *similar = NULL;

  countries = rafilm_store_join ((const char *const *) facts->countries);
  actors = rafilm_store_join ((const char *const *) facts->cast);
  characters = rafilm_store_join ((const char *const *) facts->characters);
  keywords = rafilm_store_join ((const char *const *) facts->keywords);
  similar = join_ids (facts->similar);
  rafilm_database_run (
      self->db,
      "INSERT INTO film_detail (id, overview, backdrop_path, countries, actors, characters,"
      " keywords, similar) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET overview = ifnull (excluded.overview, overview),"
      "  backdrop_path = ifnull (excluded.backdrop_path, backdrop_path),"
      "  countries = ifnull (excluded.countries, countries),"
      "  actors = ifnull (excluded.actors, actors),"
      "  characters = ifnull (excluded.characters, characters),"
      "  keywords = ifnull (excluded.keywords, keywords),"
      "  similar = ifnull (excluded.similar, similar)",
      "ltt"
      "ttttt",
      id, facts->overview, facts->backdrop_path, countries, actors, characters, keywords, similar);
}

static void
put_films_work (RafilmMirror *mirror, gpointer data)
{
  GPtrArray *films = data;

  for (guint i = 0; i < films->len; i++)
    {
      RafilmFilm *film = g_ptr_array_index (films, i);
      const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
      gint64 id = rafilm_film_get_id (film);

      if (facts->title == NULL)
        continue;
      put_light (mirror, id, facts, has_details (facts));
      put_details (mirror, id, facts);
      rafilm_mirror_touch_film (mirror, id, RAFILM_TOUCH_TEXT);
    }
}

static void
put_films_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

DexFuture *
rafilm_store_put_films (RafilmStore *self, GPtrArray *films)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (films != NULL);

  return rafilm_store_write (
      self, put_films_work, put_films_reply,
      g_ptr_array_copy (films, (GCopyFunc) (void (*) (void)) g_object_ref, NULL),
      (GDestroyNotify) g_ptr_array_unref);
}
