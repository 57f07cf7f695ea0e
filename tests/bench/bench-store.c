/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The mirror with 100,000 films and 10,000 viewings: search as you type, listing films, and a
 * first synchronisation. The peer of the search is FTS5's own ranking on the same index. */

#include <glib/gstdio.h>

#include "rafilm-bench.h"
#include "rafilm-spawn.h"
#include "rafilm-store-private.h"

#define N_FILMS 100000
#define N_VIEWINGS 10000
#define N_SEARCHES 300
#define LIMIT 30
#define CHUNK 5000

typedef struct
{
  const char *path;
  GMainLoop *loop;
  GRand *random;
  GPtrArray *words;
} Bench;

typedef struct
{
  const char *match;
  guint found;
} PeerQuery;

static gpointer
await_checked (DexFuture *future)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = NULL;
  gpointer object = NULL;

  if (!dex_await (dex_ref (future), &error))
    g_error ("%s", error->message);
  value = dex_future_get_value (future, NULL);
  if (G_VALUE_HOLDS_OBJECT (value))
    object = g_value_dup_object (value);
  dex_unref (future);
  return object;
}

static void
await_and_drop (DexFuture *future)
{
  gpointer object = await_checked (future);

  g_clear_object (&object);
}

/* Words whose beginnings are about as unevenly spread as in a language. */
static const char *
pick_word (Bench *bench)
{
  double x = g_rand_double (bench->random);

  return g_ptr_array_index (bench->words, (guint) (x * x * x * bench->words->len));
}

static void
make_words (Bench *bench)
{
  static const char *const syllables[] = { "ma",  "re", "the", "lo",  "ni", "sta", "co", "an", "de",
                                           "ho",  "ki", "be",  "tra", "vi", "su",  "in", "go", "la",
                                           "per", "wi", "ju",  "fa",  "e",  "zo",  "que" };

  bench->words = g_ptr_array_new_with_free_func (g_free);
  for (int i = 0; i < 20000; i++)
    {
      GString *word = g_string_new (NULL);

      for (int s = g_rand_int_range (bench->random, 1, 5); s > 0; s--)
        g_string_append (word,
                         syllables[g_rand_int_range (bench->random, 0, G_N_ELEMENTS (syllables))]);
      g_ptr_array_add (bench->words, g_string_free (word, FALSE));
    }
}

static char *
make_text (Bench *bench, int words)
{
  GString *text = g_string_new (pick_word (bench));

  for (int i = 1; i < words; i++)
    g_string_append_printf (text, " %s", pick_word (bench));
  return g_string_free (text, FALSE);
}

static GStrv
make_texts (Bench *bench, int count)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (int i = 0; i < count; i++)
    g_strv_builder_take (builder, make_text (bench, 2));
  return g_strv_builder_end (builder);
}

static RafilmFilm *
make_film (Bench *bench, gint64 id)
{
  RafilmFilm *film = rafilm_film_new (id);
  g_auto (RafilmFilmFacts) facts = { 0 };

  facts.title = make_text (bench, g_rand_int_range (bench->random, 1, 5));
  facts.release_date = g_strdup_printf ("%d-01-01", g_rand_int_range (bench->random, 1920, 2026));
  facts.overview = make_text (bench, 40);
  facts.genres = g_strsplit ("Drama,Crime", ",", -1);
  facts.directors = make_texts (bench, 1);
  facts.cast = make_texts (bench, 8);
  facts.keywords = make_texts (bench, 5);
  facts.popularity = 100 * g_rand_double (bench->random);
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);
  return film;
}

static void
count_work (RafilmMirror *mirror, gpointer data)
{
  *(gint64 *) data = rafilm_database_get_int (mirror->db, 0, "SELECT count(*) FROM unindexed", "");
}

static void
count_reply (RafilmStore *store, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

/* Many films that change at once are indexed afterwards, a little at a time. */
static void
await_indexed (RafilmStore *store, const char *name)
{
  gint64 start = g_get_monotonic_time ();
  gint64 left = 0;

  for (;;)
    {
      await_and_drop (rafilm_store_read (store, count_work, count_reply, &left, NULL));
      if (left == 0)
        break;
      dex_await (dex_timeout_new_msec (20), NULL);
    }
  rafilm_bench_print (name, (double) (g_get_monotonic_time () - start) / 1e6);
}

static void
fill_films (Bench *bench, RafilmStore *store)
{
  gint64 start = g_get_monotonic_time ();

  for (gint64 id = 1; id <= N_FILMS; id += CHUNK)
    {
      g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);

      for (gint64 i = id; i < id + CHUNK; i++)
        g_ptr_array_add (films, make_film (bench, i));
      await_and_drop (rafilm_store_put_films (store, films));
    }
  rafilm_bench_print ("put_films_s", (double) (g_get_monotonic_time () - start) / 1e6);
  await_indexed (store, "index_films_after_s");
}

static RafilmWireRow *
make_row (Bench *bench, int number)
{
  g_autofree char *id = g_strdup_printf ("viewing%d", number);
  g_autofree char *date = g_strdup_printf (
      "20%02d-%02d-%02d", g_rand_int_range (bench->random, 5, 26),
      g_rand_int_range (bench->random, 1, 13), g_rand_int_range (bench->random, 1, 29));
  RafilmWireRow *row = rafilm_wire_row_new ("d", id);
  RafilmWireStamp stamp = { number, 1790000000, "bbbbbbbb", number };

  row->q = number;
  rafilm_wire_fields_take (&row->fields, "film",
                           rafilm_wire_int (1 + number * (N_FILMS / N_VIEWINGS) % N_FILMS), &stamp);
  rafilm_wire_fields_take (&row->fields, "on", rafilm_wire_text (date), &stamp);
  rafilm_wire_fields_take (&row->fields, "rating", rafilm_wire_int (1 + number % 10), &stamp);
  rafilm_wire_fields_take (&row->fields, "finished", rafilm_wire_bool (true), &stamp);
  if (number % 5 == 0)
    {
      g_autofree char *text = make_text (bench, 30);

      rafilm_wire_fields_take (&row->fields, "rv", rafilm_wire_review (text, false, NULL), &stamp);
    }
  return row;
}

static void
pull_viewings (Bench *bench, RafilmStore *store, const char *name)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();
  gint64 start = 0;

  await_and_drop (rafilm_store_bind_account (store, "u_bench"));
  answer->acct = g_strdup ("u_bench");
  answer->epoch = g_strdup ("e_bench");
  answer->cursor = N_VIEWINGS;
  for (int i = 1; i <= N_VIEWINGS; i++)
    g_ptr_array_add (answer->rows, make_row (bench, i));
  start = g_get_monotonic_time ();
  await_and_drop (rafilm_store_apply_answer (store, answer));
  rafilm_bench_print (name, (double) (g_get_monotonic_time () - start) / 1e3);
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return first < second ? -1 : first > second;
}

static void
print_times (const char *name, GArray *times)
{
  g_autofree char *median = g_strconcat (name, "_median_ms", NULL);
  g_autofree char *slow = g_strconcat (name, "_p99_ms", NULL);

  g_array_sort (times, compare_times);
  rafilm_bench_print (median, g_array_index (times, double, times->len / 2));
  rafilm_bench_print (slow, g_array_index (times, double, times->len * 99 / 100));
}

static void
peer_work (RafilmMirror *mirror, gpointer data)
{
  PeerQuery *peer = data;
  g_autoptr (RafilmStatement) query = rafilm_database_query (
      mirror->db, "SELECT rowid FROM text_index WHERE text_index MATCH ? ORDER BY rank LIMIT 30",
      "t", peer->match);

  while (rafilm_database_next (mirror->db, query))
    peer->found++;
}

static void
peer_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static void
time_searches (Bench *bench, RafilmStore *store, gsize letters)
{
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (double));
  g_autofree char *name = g_strdup_printf ("search_%" G_GSIZE_FORMAT, letters);
  g_autofree char *peer_name = g_strdup_printf ("bm25_%" G_GSIZE_FORMAT, letters);

  for (int i = 0; i < N_SEARCHES; i++)
    {
      g_autofree char *prefix = g_strndup (pick_word (bench), letters);
      g_autofree char *match = g_strdup_printf ("\"%s\"*", prefix);
      PeerQuery peer = { match, 0 };
      gint64 start = g_get_monotonic_time ();
      double took = 0;

      await_and_drop (rafilm_store_search (store, prefix, LIMIT));
      took = (double) (g_get_monotonic_time () - start) / 1e3;
      g_array_append_val (ours, took);
      start = g_get_monotonic_time ();
      await_and_drop (rafilm_store_read (store, peer_work, peer_reply, &peer, NULL));
      took = (double) (g_get_monotonic_time () - start) / 1e3;
      g_array_append_val (theirs, took);
    }
  print_times (name, ours);
  print_times (peer_name, theirs);
}

static void
time_lists (RafilmStore *store)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHED, .descending = TRUE };

  for (int i = 0; i < 15; i++)
    {
      gint64 start = g_get_monotonic_time ();
      double took = 0;

      await_and_drop (rafilm_store_list_films (store, &query));
      took = (double) (g_get_monotonic_time () - start) / 1e3;
      g_array_append_val (times, took);
    }
  print_times ("list_10000_films", times);
}

static DexFuture *
bench_fiber (gpointer data)
{
  Bench *bench = data;
  g_autofree char *empty_path = g_strconcat (bench->path, ".empty", NULL);
  RafilmStore *store = await_checked (rafilm_store_open (empty_path));

  pull_viewings (bench, store, "first_sync_10000_viewings_ms");
  g_object_unref (store);
  store = await_checked (rafilm_store_open (bench->path));
  fill_films (bench, store);
  pull_viewings (bench, store, "first_sync_films_known_ms");
  await_indexed (store, "first_sync_films_known_index_after_s");
  for (gsize letters = 1; letters <= 5; letters++)
    time_searches (bench, store, letters);
  time_lists (store);
  g_object_unref (store);
  g_main_loop_quit (bench->loop);
  return dex_future_new_for_boolean (TRUE);
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rafilm-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (GDir) files = NULL;
  Bench bench = { path, NULL, NULL, NULL };

  dex_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  bench.random = g_rand_new_with_seed (1);
  make_words (&bench);
  dex_future_disown (rafilm_spawn (bench_fiber, &bench, NULL));
  g_main_loop_run (bench.loop);

  files = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);

      g_unlink (file);
    }
  g_rmdir (folder);
  g_ptr_array_unref (bench.words);
  g_rand_free (bench.random);
  g_main_loop_unref (bench.loop);
  return 0;
}
