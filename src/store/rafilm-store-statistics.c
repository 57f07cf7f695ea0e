/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-store-private.h"

#define MAX_NAMES 10 /* of genres and of directors */

/* The viewings that count; ?1 and ?2 are the first and the last day, or NULL for everything. */
#define SCOPE                                                                                      \
  " FROM viewing AS v LEFT JOIN film AS f ON f.id = v.film WHERE v.deleted_at IS NULL"             \
  " AND (?1 IS NULL OR v.watched_on BETWEEN ?1 AND ?2)"

typedef struct
{
  int year;
  char *first;
  char *last;
  RafilmStatistics *statistics;
} StatisticsRequest;

G_DEFINE_BOXED_TYPE (RafilmStatistics, rafilm_statistics, rafilm_statistics_copy,
                     rafilm_statistics_free)

static void
count_clear (gpointer data)
{
  g_free (((RafilmCount *) data)->name);
}

static GArray *
counts_new (void)
{
  GArray *counts = NULL;

  counts = g_array_new (FALSE, FALSE, sizeof (RafilmCount));
  g_array_set_clear_func (counts, count_clear);
  return counts;
}

static GArray *
counts_copy (GArray *counts)
{
  GArray *copy = NULL;

  copy = counts_new ();
  for (guint i = 0; i < counts->len; i++)
    {
      RafilmCount count = g_array_index (counts, RafilmCount, i);

      count.name = g_strdup (count.name);
      g_array_append_val (copy, count);
    }
  return copy;
}

static RafilmStatistics *
statistics_new (int year)
{
  RafilmStatistics *self = NULL;

  self = g_new0 (RafilmStatistics, 1);
  self->year = year;
  self->genres = counts_new ();
  self->directors = counts_new ();
  self->decades = counts_new ();
  self->years = g_array_new (FALSE, FALSE, sizeof (int));
  return self;
}

RafilmStatistics *
rafilm_statistics_copy (const RafilmStatistics *self)
{
  RafilmStatistics *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (RafilmStatistics, 1);
  *copy = *self;
  copy->genres = counts_copy (self->genres);
  copy->directors = counts_copy (self->directors);
  copy->decades = counts_copy (self->decades);
  copy->years = g_array_copy (self->years);
  return copy;
}

void
rafilm_statistics_free (RafilmStatistics *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->genres);
  g_array_unref (self->directors);
  g_array_unref (self->decades);
  g_array_unref (self->years);
  g_free (self);
}

static void
statistics_request_free (gpointer data)
{
  StatisticsRequest *request = data;

  g_free (request->first);
  g_free (request->last);
  g_clear_pointer (&request->statistics, rafilm_statistics_free);
  g_free (request);
}

static void
read_totals (RafilmMirror *mirror, StatisticsRequest *request)
{
  RafilmStatistics *statistics = request->statistics;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT count (*), count (DISTINCT v.film), total (v.rewatch),"
                                 " total (f.runtime), count (v.review), total (v.liked),"
                                 " ifnull (avg (v.rating), 0)" SCOPE,
                                 "tt", request->first, request->last);
  if (!rafilm_database_next (mirror->db, query))
    return;
  statistics->viewings = (guint) rafilm_statement_int (query, 0);
  statistics->films = (guint) rafilm_statement_int (query, 1);
  statistics->rewatches = (guint) rafilm_statement_int (query, 2);
  statistics->minutes = (guint) rafilm_statement_int (query, 3);
  statistics->reviews = (guint) rafilm_statement_int (query, 4);
  statistics->likes = (guint) rafilm_statement_int (query, 5);
  statistics->mean_rating = rafilm_statement_double (query, 6);
}

/* Counts by a number from 0 to @n_slots - 1. */
static void
read_slots (RafilmMirror *mirror, StatisticsRequest *request, const char *sql, guint *slots,
            guint n_slots)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db, sql, "tt", request->first, request->last);
  while (rafilm_database_next (mirror->db, query))
    {
      gint64 slot = rafilm_statement_int (query, 0);

      if (!rafilm_statement_is_null (query, 0) && slot >= 0 && slot < n_slots)
        slots[slot] = (guint) rafilm_statement_int (query, 1);
    }
}

static int
compare_counts (gconstpointer a, gconstpointer b)
{
  const RafilmCount *first = a;
  const RafilmCount *second = b;

  if (first->count != second->count)
    return first->count > second->count ? -1 : 1;
  return g_strcmp0 (first->name, second->name);
}

/* Names that stand several in one column. */
static void
read_names (RafilmMirror *mirror, StatisticsRequest *request, const char *sql, GArray *names)
{
  g_autoptr (RafilmStatement) query = NULL;
  g_autoptr (GHashTable) counts = NULL;
  GHashTableIter iter;
  gpointer key = NULL;
  gpointer value = NULL;

  counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  query = rafilm_database_query (mirror->db, sql, "tt", request->first, request->last);
  while (rafilm_database_next (mirror->db, query))
    {
      g_auto (GStrv) texts = rafilm_store_split (rafilm_statement_text (query, 0));
      gint64 times = rafilm_statement_int (query, 1);

      for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
        {
          gint64 count = GPOINTER_TO_INT (g_hash_table_lookup (counts, texts[i])) + times;

          g_hash_table_insert (counts, g_strdup (texts[i]), GINT_TO_POINTER ((int) count));
        }
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      RafilmCount count = { g_strdup (key), (guint) GPOINTER_TO_INT (value) };

      g_array_append_val (names, count);
    }
  g_array_sort (names, compare_counts);
  if (names->len > MAX_NAMES)
    g_array_set_size (names, MAX_NAMES);
}

static void
read_decades (RafilmMirror *mirror, StatisticsRequest *request)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT f.year / 10 * 10, count (*)" SCOPE
                                 " AND f.year > 0 GROUP BY 1 ORDER BY 1",
                                 "tt", request->first, request->last);
  while (rafilm_database_next (mirror->db, query))
    {
      RafilmCount count = { g_strdup (rafilm_statement_text (query, 0)),
                            (guint) rafilm_statement_int (query, 1) };

      g_array_append_val (request->statistics->decades, count);
    }
}

static void
read_years (RafilmMirror *mirror, RafilmStatistics *statistics)
{
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT DISTINCT CAST (substr (watched_on, 1, 4) AS INTEGER)"
                                 " FROM viewing WHERE deleted_at IS NULL"
                                 " AND watched_on IS NOT NULL ORDER BY 1 DESC",
                                 "");
  while (rafilm_database_next (mirror->db, query))
    {
      int year = (int) rafilm_statement_int (query, 0);

      g_array_append_val (statistics->years, year);
    }
}

static void
statistics_work (RafilmMirror *mirror, gpointer data)
{
  StatisticsRequest *request = data;
  RafilmStatistics *statistics = request->statistics;

  read_totals (mirror, request);
  read_slots (mirror, request, "SELECT ifnull (v.rating, 0), count (*)" SCOPE " GROUP BY 1",
              statistics->ratings, G_N_ELEMENTS (statistics->ratings));
  read_slots (mirror, request,
              "SELECT CAST (substr (v.watched_on, 6, 2) AS INTEGER) - 1, count (*)" SCOPE
              " GROUP BY 1",
              statistics->months, G_N_ELEMENTS (statistics->months));
  read_slots (mirror, request,
              "SELECT (CAST (strftime ('%w', v.watched_on) AS INTEGER) + 6) % 7, count (*)" SCOPE
              " AND v.watched_on IS NOT NULL GROUP BY 1",
              statistics->weekdays, G_N_ELEMENTS (statistics->weekdays));
  read_names (mirror, request, "SELECT f.genres, count (*)" SCOPE " GROUP BY 1",
              statistics->genres);
  read_names (mirror, request, "SELECT f.directors, count (*)" SCOPE " GROUP BY 1",
              statistics->directors);
  read_decades (mirror, request);
  read_years (mirror, statistics);
  statistics->watchlist = (guint) rafilm_database_get_int (
      mirror->db, 0, "SELECT count (*) FROM watch WHERE listed = 1", "");
}

static void
statistics_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_STATISTICS,
                             g_steal_pointer (&((StatisticsRequest *) data)->statistics));
}

DexFuture *
rafilm_store_get_statistics (RafilmStore *self, int year)
{
  StatisticsRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (year >= 0 && year <= 9999);

  request = g_new0 (StatisticsRequest, 1);
  request->statistics = statistics_new (year);
  if (year != 0)
    {
      request->first = g_strdup_printf ("%04d-01-01", year);
      request->last = g_strdup_printf ("%04d-12-31", year);
    }
  return rafilm_store_read (self, statistics_work, statistics_reply, request,
                            statistics_request_free);
}
