/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Reading films. */

#include "config.h"

#include "rafilm-store-private.h"

typedef struct
{
  RafilmFilmQuery query;
  char *genre;
  gint64 id;
  GArray *ids;
  guint limit;
  GPtrArray *films; /* the answer, or */
  GArray *rows;     /* likewise */
  GStrv texts;      /* likewise */
} FilmsRequest;

static void
films_request_free (gpointer data)
{
  FilmsRequest *request = data;

  g_free (request->genre);
  g_clear_pointer (&request->ids, g_array_unref);
  g_clear_pointer (&request->films, g_ptr_array_unref);
  g_clear_pointer (&request->rows, g_array_unref);
  g_strfreev (request->texts);
  g_free (request);
}

static void
films_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  FilmsRequest *request = data;

  dex_promise_resolve_object (promise, rafilm_store_share_films (self, request->films));
}

static void
array_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_ARRAY,
                             g_steal_pointer (&((FilmsRequest *) data)->rows));
}

/* Lists */

static const struct
{
  RafilmFilmFlags flag;
  const char *sql;
} conditions[] = {
  { RAFILM_FILM_WATCHED, " AND f.seen = 1" },
  { RAFILM_FILM_WATCHLIST, " AND f.listed = 1" },
  { RAFILM_FILM_LIKED, " AND f.liked = 1" },
  { RAFILM_FILM_UNFINISHED, " AND f.unfinished = 1" },
  { RAFILM_FILM_KNOWN, " AND f.fetched_at > 0" },
  { RAFILM_FILM_RATED, " AND f.rating IS NOT NULL" },
  { RAFILM_FILM_MINE, " AND (f.seen = 1 OR f.liked = 1 OR f.listed = 1 OR f.rating IS NOT NULL)" },
};

/* In the order of RafilmFilmSort, ascending and descending. */
static const char *const orders[][2] = {
  { "f.last_on ASC NULLS LAST, f.touched_at ASC, f.id",
    "f.last_on DESC NULLS LAST, f.touched_at DESC, f.id" },
  { "f.sort_title ASC NULLS LAST, f.year, f.id", "f.sort_title DESC NULLS LAST, f.year, f.id" },
  { "nullif (f.year, 0) ASC NULLS LAST, f.sort_title, f.id",
    "nullif (f.year, 0) DESC NULLS LAST, f.sort_title, f.id" },
  { "f.rating ASC NULLS LAST, f.sort_title, f.id", "f.rating DESC NULLS LAST, f.sort_title, f.id" },
  { "f.popularity ASC, f.id", "f.popularity DESC, f.id" },
  { "f.listed_at ASC, f.id", "f.listed_at DESC, f.id" },
};

static char *
make_list_sql (const RafilmFilmQuery *query)
{
  GString *sql = NULL;

  sql = g_string_new ("SELECT ");
  g_string_append_printf (sql, "%s FROM film AS f WHERE true", rafilm_film_columns);
  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    if ((query->flags & conditions[i].flag) != 0)
      g_string_append (sql, conditions[i].sql);
  g_string_append (sql, query->genre != NULL ? " AND instr (f.genres, ?1) > 0" : " AND ?1 IS NULL");
  if (query->decade != 0)
    g_string_append (sql, " AND f.year BETWEEN ?2 AND ?2 + 9");
  if (query->min_rating != 0)
    g_string_append (sql, " AND f.rating >= ?3");
  g_string_append_printf (sql, " ORDER BY %s LIMIT ?4 OFFSET ?5",
                          orders[query->sort][query->descending ? 1 : 0]);
  return g_string_free (sql, FALSE);
}

static void
list_films_work (RafilmMirror *mirror, gpointer data)
{
  FilmsRequest *request = data;
  const RafilmFilmQuery *query = &request->query;
  g_autoptr (RafilmStatement) statement = NULL;
  g_autofree char *sql = NULL;

  request->films = g_ptr_array_new_with_free_func (g_object_unref);
  sql = make_list_sql (query);
  statement = rafilm_database_query (
      mirror->db, sql, "tiill", query->genre, query->decade, query->min_rating,
      query->limit != 0 ? (gint64) query->limit : (gint64) -1, (gint64) query->offset);
  while (rafilm_database_next (mirror->db, statement))
    g_ptr_array_add (request->films, rafilm_mirror_read_film (mirror, statement, 0));
}

DexFuture *
rafilm_store_list_films (RafilmStore *self, const RafilmFilmQuery *query)
{
  FilmsRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (query != NULL);
  dex_return_error_if_fail ((gsize) query->sort < G_N_ELEMENTS (orders));

  request = g_new0 (FilmsRequest, 1);
  request->query = *query;
  if (query->genre != NULL)
    request->genre =
        g_strconcat (RAFILM_STORE_SEPARATOR, query->genre, RAFILM_STORE_SEPARATOR, NULL);
  request->query.genre = request->genre;
  return rafilm_store_read (self, list_films_work, films_reply, request, films_request_free);
}

/* Single films */

static void
get_films_work (RafilmMirror *mirror, gpointer data)
{
  FilmsRequest *request = data;

  request->films = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < request->ids->len; i++)
    g_ptr_array_add (request->films, rafilm_mirror_load_film (
                                         mirror, g_array_index (request->ids, gint64, i), TRUE));
}

static void
get_film_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  FilmsRequest *request = data;

  dex_promise_resolve_object (
      promise, rafilm_store_share_film (self, g_ptr_array_index (request->films, 0)));
}

DexFuture *
rafilm_store_get_film (RafilmStore *self, gint64 id)
{
  FilmsRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (id > 0);

  request = g_new0 (FilmsRequest, 1);
  request->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_array_append_val (request->ids, id);
  return rafilm_store_read (self, get_films_work, get_film_reply, request, films_request_free);
}

DexFuture *
rafilm_store_get_films (RafilmStore *self, GArray *ids)
{
  FilmsRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (ids != NULL);

  request = g_new0 (FilmsRequest, 1);
  request->ids = g_array_copy (ids);
  return rafilm_store_read (self, get_films_work, films_reply, request, films_request_free);
}

/* Summaries */

static void
list_missing_work (RafilmMirror *mirror, gpointer data)
{
  FilmsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  request->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  query = rafilm_database_query (mirror->db,
                                 "SELECT id FROM film WHERE referenced = 1 AND fetched_at = 0"
                                 " ORDER BY last_on DESC, touched_at DESC LIMIT ?",
                                 "l", request->limit != 0 ? (gint64) request->limit : (gint64) -1);
  while (rafilm_database_next (mirror->db, query))
    {
      gint64 id = rafilm_statement_int (query, 0);

      g_array_append_val (request->rows, id);
    }
}

DexFuture *
rafilm_store_list_missing_films (RafilmStore *self, guint limit)
{
  FilmsRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  request = g_new0 (FilmsRequest, 1);
  request->limit = limit;
  return rafilm_store_read (self, list_missing_work, array_reply, request, films_request_free);
}

static void
list_taste_work (RafilmMirror *mirror, gpointer data)
{
  FilmsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  request->rows = g_array_new (FALSE, TRUE, sizeof (RafilmTaste));
  query = rafilm_database_query (mirror->db,
                                 "SELECT id, ifnull (rating, 0), liked, seen, hidden, listed"
                                 " FROM film WHERE referenced = 1 ORDER BY id",
                                 "");
  while (rafilm_database_next (mirror->db, query))
    {
      RafilmTaste taste = { 0 };

      taste.film = rafilm_statement_int (query, 0);
      taste.rating = (int) rafilm_statement_int (query, 1);
      taste.like = rafilm_statement_int (query, 2) != 0;
      taste.seen = rafilm_statement_int (query, 3) != 0;
      taste.hidden = rafilm_statement_int (query, 4) != 0;
      taste.watchlist = rafilm_statement_int (query, 5) != 0;
      if (taste.rating != 0 || taste.like || taste.seen || taste.hidden || taste.watchlist)
        g_array_append_val (request->rows, taste);
    }
}

DexFuture *
rafilm_store_list_taste (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_taste_work, array_reply, g_new0 (FilmsRequest, 1),
                            films_request_free);
}

static int
compare_counts (gconstpointer a, gconstpointer b, gpointer counts)
{
  const char *first = *(const char *const *) a;
  const char *second = *(const char *const *) b;
  int difference = 0;

  difference = GPOINTER_TO_INT (g_hash_table_lookup (counts, second))
               - GPOINTER_TO_INT (g_hash_table_lookup (counts, first));
  return difference != 0 ? difference : g_strcmp0 (first, second);
}

static void
list_genres_work (RafilmMirror *mirror, gpointer data)
{
  FilmsRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autoptr (GHashTable) counts = NULL;
  g_autoptr (GPtrArray) names = NULL;

  counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  query = rafilm_database_query (mirror->db,
                                 "SELECT genres FROM film"
                                 " WHERE genres IS NOT NULL AND referenced = 1",
                                 "");
  while (rafilm_database_next (mirror->db, query))
    {
      g_auto (GStrv) genres = rafilm_store_split (rafilm_statement_text (query, 0));

      for (gsize i = 0; genres != NULL && genres[i] != NULL; i++)
        {
          int count = GPOINTER_TO_INT (g_hash_table_lookup (counts, genres[i]));

          g_hash_table_insert (counts, g_strdup (genres[i]), GINT_TO_POINTER (count + 1));
        }
    }
  names = g_hash_table_get_keys_as_ptr_array (counts);
  g_ptr_array_sort_with_data (names, compare_counts, counts);
  g_ptr_array_add (names, NULL);
  request->texts = g_strdupv ((char **) names->pdata);
}

static void
texts_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_STRV,
                             g_steal_pointer (&((FilmsRequest *) data)->texts));
}

DexFuture *
rafilm_store_list_genres (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_genres_work, texts_reply, g_new0 (FilmsRequest, 1),
                            films_request_free);
}
