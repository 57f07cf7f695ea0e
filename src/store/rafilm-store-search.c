/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Search as you type. Four steps, each of which walks its matches in the order of films' places
 * (rafilm-store-index.c) and stops as soon as there are enough: the very title, titles that begin
 * with the words, titles that have them, anything that has them. */

#include "config.h"

#include "rafilm-store-private.h"

#include "rafilm-search-query.h"

#define ID_MASK "4294967295" /* the film in a place */

typedef struct
{
  RafilmSearchQuery *query;
  char *text;
  guint limit;
  GHashTable *seen;
  GPtrArray *films;
} SearchRequest;

static void
search_request_free (gpointer data)
{
  SearchRequest *request = data;

  rafilm_search_query_free (request->query);
  g_free (request->text);
  g_hash_table_unref (request->seen);
  g_ptr_array_unref (request->films);
  g_free (request);
}

static const struct
{
  RafilmSearchFlags flag;
  const char *sql;
} conditions[] = {
  { RAFILM_SEARCH_WATCHED, " AND f.seen = 1" },
  { RAFILM_SEARCH_WATCHLIST, " AND f.listed = 1" },
  { RAFILM_SEARCH_LIKED, " AND f.liked = 1" },
  { RAFILM_SEARCH_UNFINISHED, " AND f.unfinished = 1" },
  { RAFILM_SEARCH_RATED, " AND f.rating IS NOT NULL" },
};

/* ?1 is the match; ?2 to ?5 the ranges; tags and genres follow. */
static char *
make_conditions (const RafilmSearchQuery *query)
{
  GString *sql = NULL;
  int parameter = 6;

  sql = g_string_new (NULL);
  if (query->max_year != 0)
    g_string_append (sql, " AND f.year BETWEEN ?2 AND ?3");
  if (query->max_rating != 0)
    g_string_append (sql, " AND f.rating BETWEEN ?4 AND ?5");
  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    if ((query->flags & conditions[i].flag) != 0)
      g_string_append (sql, conditions[i].sql);
  for (guint i = 0; i < query->tags->len; i++)
    g_string_append_printf (sql,
                            " AND EXISTS (SELECT 1 FROM viewing_tag AS t WHERE t.film = f.id"
                            " AND lower (t.tag) = ?%d)",
                            parameter++);
  for (guint i = 0; i < query->genres->len; i++)
    g_string_append_printf (sql, " AND instr (lower (f.genres), ?%d) > 0", parameter++);
  return g_string_free (sql, FALSE);
}

static void
run_step (RafilmMirror *mirror, SearchRequest *request, const char *from, const char *order,
          const char *match)
{
  const RafilmSearchQuery *query = request->query;
  g_autoptr (RafilmStatement) statement = NULL;
  g_autofree char *restrictions = NULL;
  g_autofree char *sql = NULL;
  int parameter = 6;

  restrictions = make_conditions (query);
  sql = g_strdup_printf ("SELECT %s FROM %s%s ORDER BY %s", rafilm_film_columns, from, restrictions,
                         order);
  statement = rafilm_database_query (mirror->db, sql, "tiiii", match, query->min_year,
                                     query->max_year, query->min_rating, query->max_rating);
  if (statement == NULL)
    return;
  for (guint i = 0; i < query->tags->len; i++)
    rafilm_statement_bind_text (statement, parameter++, g_ptr_array_index (query->tags, i));
  for (guint i = 0; i < query->genres->len; i++)
    rafilm_statement_bind_text (statement, parameter++, g_ptr_array_index (query->genres, i));

  while (request->films->len < request->limit && rafilm_database_next (mirror->db, statement))
    {
      gint64 id = rafilm_statement_int (statement, 0);

      if (g_hash_table_add (request->seen, g_memdup2 (&id, sizeof id)))
        g_ptr_array_add (request->films, rafilm_mirror_read_film (mirror, statement, 0));
    }
}

#define INDEX_STEP(index)                                                                          \
  index " JOIN film AS f ON f.id = " index ".rowid & " ID_MASK " WHERE " index                     \
        " MATCH ?1 AND ?2 + ?3 + ?4 + ?5 IS NOT NULL"
#define FILTER_STEP                                                                                \
  "film AS f WHERE f.place IS NOT NULL AND ?1 IS NULL AND ?2 + ?3 + ?4 + ?5 IS NOT NULL"
#define TITLE_STEP                                                                                 \
  "film AS f WHERE f.sort_title = ?1 AND f.fetched_at > 0 AND ?2 + ?3 + ?4 + ?5 IS NOT NULL"

static void
search_work (RafilmMirror *mirror, gpointer data)
{
  SearchRequest *request = data;
  const RafilmSearchQuery *query = request->query;
  g_autofree char *begins = NULL;
  g_autofree char *has = NULL;
  g_autofree char *all = NULL;

  if (rafilm_search_query_is_empty (query))
    return;
  all = rafilm_search_query_match_all (query);
  if (all == NULL)
    {
      run_step (mirror, request, FILTER_STEP, "f.place", NULL);
      return;
    }
  /* Titles don't tell whether an operator's column matches, so that the last step must do it. */
  if (query->fields->len == 0)
    {
      begins = rafilm_search_query_match_title (query, TRUE);
      has = rafilm_search_query_match_title (query, FALSE);
      run_step (mirror, request, TITLE_STEP, "f.place", request->text);
      run_step (mirror, request, INDEX_STEP ("title_index"), "title_index.rowid", begins);
      run_step (mirror, request, INDEX_STEP ("title_index"), "title_index.rowid", has);
    }
  run_step (mirror, request, INDEX_STEP ("text_index"), "text_index.rowid", all);
}

static void
search_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_object (promise,
                              rafilm_store_share_films (self, ((SearchRequest *) data)->films));
}

DexFuture *
rafilm_store_search (RafilmStore *self, const char *text, guint limit)
{
  SearchRequest *request = NULL;
  g_autofree char *stripped = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (text != NULL);

  request = g_new0 (SearchRequest, 1);
  request->query = rafilm_search_query_parse (text);
  stripped = g_strstrip (g_utf8_make_valid (text, (gssize) strnlen (text, RAFILM_SEARCH_MAX_TEXT)));
  request->text = rafilm_store_make_sort_title (stripped);
  request->limit = limit != 0 ? limit : G_MAXUINT;
  request->seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  request->films = g_ptr_array_new_with_free_func (g_object_unref);
  return rafilm_store_read (self, search_work, search_reply, request, search_request_free);
}
