/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-tmdb.h"

#include "rafilm-local-http.h"
#include "rafilm-local-tmdb-json.h"

#include <math.h>

#define ROOT "/3"
#define MAX_PAGE 500

struct _RafilmLocalTmdb
{
  SoupServer *server;
  RafilmLocalCatalogue *catalogue;
  char *key;
  char *address;
  guint per_second;
  gint64 second;
  guint requests; /* in that second */
};

typedef struct
{
  int min_year;
  int max_year;
  int min_runtime;
  int max_runtime;
  const char *genres; /* ids: "," is and, "|" is or */
  const char *language;
} Filter;

static void
reply_error (SoupServerMessage *message, guint status, int code, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "success", FALSE);
  json_object_set_int_member (object, "status_code", code);
  json_object_set_string_member (object, "status_message", text);
  rafilm_local_http_reply (message, status, object);
}

static void
reply_not_found (SoupServerMessage *message)
{
  reply_error (message, SOUP_STATUS_NOT_FOUND, 34,
               "The resource you requested could not be found.");
}

static const char *
get_query (GHashTable *query, const char *name)
{
  const char *value = query != NULL ? g_hash_table_lookup (query, name) : NULL;

  return value != NULL && value[0] != '\0' ? value : NULL;
}

static int
get_number (GHashTable *query, const char *name)
{
  const char *value = get_query (query, name);

  return value != NULL ? (int) CLAMP (g_ascii_strtoll (value, NULL, 10), -1, 1000000) : 0;
}

static gboolean
has_key (RafilmLocalTmdb *self, SoupServerMessage *message, GHashTable *query)
{
  const char *header = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Authorization");

  if (g_strcmp0 (get_query (query, "api_key"), self->key) == 0)
    return TRUE;

  return header != NULL && g_str_has_prefix (header, "Bearer ")
         && strcmp (header + strlen ("Bearer "), self->key) == 0;
}

/* TMDb counts requests of an address; here all are of one. */
static gboolean
is_pushed (RafilmLocalTmdb *self, SoupServerMessage *message)
{
  gint64 now = g_get_monotonic_time () / G_USEC_PER_SEC;

  if (now != self->second)
    {
      self->second = now;
      self->requests = 0;
    }
  if (++self->requests <= self->per_second)
    return FALSE;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                "1");
  reply_error (message, 429, 25, "Your request count (#) is over the allowed limit of (40).");

  return TRUE;
}

/* Returns 0 after having refused the page. */
static gint64
read_page (SoupServerMessage *message, GHashTable *query)
{
  gint64 page = get_query (query, "page") != NULL ? get_number (query, "page") : 1;

  if (page >= 1 && page <= MAX_PAGE)
    return page;
  reply_error (
      message, SOUP_STATUS_BAD_REQUEST, 22,
      "Invalid page: Pages start at 1 and max at 500. They are expected to be an integer.");

  return 0;
}

static void
reply_search (RafilmLocalTmdb *self, SoupServerMessage *message, GHashTable *query)
{
  const char *text = get_query (query, "query");
  gint64 page = read_page (message, query);
  int year = get_number (query, "primary_release_year");
  g_autoptr (GPtrArray) films = NULL;

  if (page == 0)
    return;
  if (year == 0)
    year = get_number (query, "year");
  films = rafilm_local_catalogue_search (self->catalogue, text != NULL ? text : "", year);
  rafilm_local_http_reply (message, SOUP_STATUS_OK,
                           rafilm_local_tmdb_page_to_json (films, page, NULL));
}

static void
reply_details (RafilmLocalTmdb *self, SoupServerMessage *message, const char *id_text,
               GHashTable *query)
{
  const char *append = get_query (query, "append_to_response");
  g_auto (GStrv) parts = g_strsplit (append != NULL ? append : "", ",", 20);
  RafilmLocalFilm *film = NULL;
  guint64 id = 0;
  JsonObject *details;

  if (g_ascii_string_to_unsigned (id_text, 10, 1, G_MAXINT32, &id, NULL))
    film = rafilm_local_catalogue_find (self->catalogue, (gint64) id);
  if (film == NULL)
    {
      reply_not_found (message);
      return;
    }

  details = rafilm_local_tmdb_film_to_details (film);
  for (gsize i = 0; parts[i] != NULL; i++)
    rafilm_local_tmdb_film_append (details, parts[i], film, self->catalogue);
  rafilm_local_http_reply (message, SOUP_STATUS_OK, details);
}

static gboolean
matches_genres (const RafilmLocalFilm *film, const char *genres)
{
  gboolean any = strchr (genres, '|') != NULL;
  g_auto (GStrv) ids = g_strsplit (genres, any ? "|" : ",", 20);

  for (gsize i = 0; ids[i] != NULL; i++)
    {
      const char *name = rafilm_local_tmdb_genre_name (atoi (ids[i]));
      gboolean has = name != NULL && g_strv_contains ((const char *const *) film->genres, name);

      if (has == any)
        return any;
    }

  return !any;
}

static gboolean
matches (const RafilmLocalFilm *film, const Filter *filter)
{
  return (filter->min_year == 0 || film->year >= filter->min_year)
         && (filter->max_year == 0 || film->year <= filter->max_year)
         && (filter->min_runtime == 0 || film->runtime >= filter->min_runtime)
         && (filter->max_runtime == 0
             || (film->runtime > 0 && film->runtime <= filter->max_runtime))
         && (filter->language == NULL || strcmp (film->language, filter->language) == 0)
         && (filter->genres == NULL || matches_genres (film, filter->genres));
}

static int
compare_dates (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(RafilmLocalFilm **) a)->release_date, (*(RafilmLocalFilm **) b)->release_date);
}

static int
compare_dates_down (gconstpointer a, gconstpointer b)
{
  return compare_dates (b, a);
}

static void
reply_discover (RafilmLocalTmdb *self, SoupServerMessage *message, GHashTable *query)
{
  GPtrArray *all = rafilm_local_catalogue_get_films (self->catalogue);
  g_autoptr (GPtrArray) films = g_ptr_array_new ();
  gint64 page = read_page (message, query);
  int year = get_number (query, "primary_release_year");
  const char *sort = get_query (query, "sort_by");
  Filter filter = {
    .min_year = get_number (query, "primary_release_date.gte"),
    .max_year = get_number (query, "primary_release_date.lte"),
    .min_runtime = get_number (query, "with_runtime.gte"),
    .max_runtime = get_number (query, "with_runtime.lte"),
    .genres = get_query (query, "with_genres"),
    .language = get_query (query, "with_original_language"),
  };

  if (page == 0)
    return;
  if (year == 0)
    year = get_number (query, "year");
  if (year != 0)
    filter.min_year = filter.max_year = year;
  for (guint i = 0; i < all->len; i++)
    if (matches (all->pdata[i], &filter))
      g_ptr_array_add (films, all->pdata[i]);

  if (g_strcmp0 (sort, "primary_release_date.desc") == 0)
    g_ptr_array_sort (films, compare_dates_down);
  else if (g_strcmp0 (sort, "primary_release_date.asc") == 0)
    g_ptr_array_sort (films, compare_dates);
  rafilm_local_http_reply (message, SOUP_STATUS_OK,
                           rafilm_local_tmdb_page_to_json (films, page, NULL));
}

typedef struct
{
  RafilmLocalFilm *film;
  double heat;
} Hot;

static int
compare_heat (gconstpointer a, gconstpointer b)
{
  const Hot *first = a;
  const Hot *second = b;

  return first->heat < second->heat ? 1 : first->heat > second->heat ? -1 : 0;
}

/* What trends changes from day to day, and from week to week: popularity times a draw that is
 * the same for everybody. */
static void
reply_trending (RafilmLocalTmdb *self, SoupServerMessage *message, gint64 window, GHashTable *query)
{
  GPtrArray *all = rafilm_local_catalogue_get_films (self->catalogue);
  g_autoptr (GArray) hot = g_array_new (FALSE, FALSE, sizeof (Hot));
  g_autoptr (GPtrArray) films = g_ptr_array_new ();
  gint64 page = read_page (message, query);
  gint64 number = g_get_real_time () / G_USEC_PER_SEC / window;

  if (page == 0)
    return;
  for (guint i = 0; i < all->len; i++)
    {
      RafilmLocalFilm *film = all->pdata[i];
      g_autofree char *seed = g_strdup_printf (
          "%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, window, number, film->id);
      double draw = (g_str_hash (seed) * 2654435761u % 1000) / 1000.0;
      Hot entry = { film, film->popularity * (0.5 + draw) };

      g_array_append_val (hot, entry);
    }
  g_array_sort (hot, compare_heat);
  for (guint i = 0; i < hot->len; i++)
    g_ptr_array_add (films, g_array_index (hot, Hot, i).film);
  rafilm_local_http_reply (message, SOUP_STATUS_OK,
                           rafilm_local_tmdb_page_to_json (films, page, "movie"));
}

static void
api_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
        gpointer data)
{
  RafilmLocalTmdb *self = data;
  const char *rest = path + strlen (ROOT);

  if (is_pushed (self, message))
    return;
  if (!has_key (self, message, query))
    reply_error (message, SOUP_STATUS_UNAUTHORIZED, 7,
                 "Invalid API key: You must be granted a valid key.");
  else if (strcmp (soup_server_message_get_method (message), SOUP_METHOD_GET) != 0)
    reply_not_found (message);
  else if (strcmp (rest, "/configuration") == 0)
    rafilm_local_http_reply (message, SOUP_STATUS_OK,
                             rafilm_local_tmdb_configuration_to_json (self->address));
  else if (strcmp (rest, "/genre/movie/list") == 0)
    rafilm_local_http_reply (message, SOUP_STATUS_OK, rafilm_local_tmdb_genres_to_json ());
  else if (strcmp (rest, "/search/movie") == 0)
    reply_search (self, message, query);
  else if (strcmp (rest, "/discover/movie") == 0)
    reply_discover (self, message, query);
  else if (strcmp (rest, "/trending/movie/day") == 0)
    reply_trending (self, message, 24 * 3600, query);
  else if (strcmp (rest, "/trending/movie/week") == 0)
    reply_trending (self, message, 7 * 24 * 3600, query);
  else if (g_str_has_prefix (rest, "/movie/"))
    reply_details (self, message, rest + strlen ("/movie/"), query);
  else
    reply_not_found (message);
}

RafilmLocalTmdb *
rafilm_local_tmdb_new (SoupServer *server, RafilmLocalCatalogue *catalogue, const char *key,
                       const char *address, guint per_second)
{
  RafilmLocalTmdb *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (catalogue != NULL && key != NULL && address != NULL, NULL);

  self = g_new0 (RafilmLocalTmdb, 1);
  self->server = g_object_ref (server);
  self->catalogue = catalogue;
  self->key = g_strdup (key);
  self->address = g_strdup (address);
  self->per_second = per_second;
  soup_server_add_handler (server, ROOT, api_cb, self, NULL);

  return self;
}

void
rafilm_local_tmdb_free (RafilmLocalTmdb *self)
{
  g_return_if_fail (self != NULL);

  soup_server_remove_handler (self->server, ROOT);
  g_clear_object (&self->server);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->address, g_free);
  g_free (self);
}
