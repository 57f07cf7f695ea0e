/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What synchronisation costs. First without a network: merging operations, and taking a whole diary
 * into an empty mirror, in our own CPU time, and for how long a question of the window waits
 * meanwhile. Then the real engine, gateway and function over a table that costs nothing, beside
 * PouchDB. RAFILM_BENCH_MAX is the size of the greatest diary, 100,000 viewings unless it says so.
 */

#include <glib/gstdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench-sync-change.h"
#include "bench-sync-first.h"
#include "bench-sync-h2.h"
#include "bench-sync-peer.h"
#include "rafilm-bench.h"
#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "rafilm-store-sync.h"

#define N_MERGES 200000
#define ROUNDS 3
#define MAX_SIZES 3
#define MAX_VIEWINGS 100000
#define PEER_VIEWINGS 10000
#define MOTO_VIEWINGS 1000
#define CHANGES 21
#define FEW_CHANGES 5
#define GOAL_TIMES 10
#define GOAL_MERGES 200000
#define GOAL_APPLY_MS 300
#define SENDER_MS G_GINT64_CONSTANT (1790000000000)

typedef struct
{
  GMainLoop *loop;
  const char *folder;
  guint max;
} Bench;

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
set_fields (RafilmWireFields *fields, int number, const RafilmWireStamp *stamp)
{
  g_autofree char *date =
      g_strdup_printf ("20%02d-%02d-%02d", 5 + number % 20, 1 + number % 12, 1 + number % 28);

  rafilm_wire_fields_take (fields, "film", rafilm_wire_int (1 + number), stamp);
  rafilm_wire_fields_take (fields, "on", rafilm_wire_text (date), stamp);
  rafilm_wire_fields_take (fields, "rating", rafilm_wire_int (1 + number % 10), stamp);
  rafilm_wire_fields_take (fields, "finished", rafilm_wire_bool (true), stamp);
  if (number % 5 == 0)
    rafilm_wire_fields_take (fields, "rv",
                             rafilm_wire_review ("Seen on a rainy evening, and it stays with me: "
                                                 "the streets, the music, the very last shot.",
                                                 false, NULL),
                             stamp);
}

/* Two devices take turns on a diary with @n_rows viewings; every other edit is a concurrent one. */
static void
time_merges (int n_rows)
{
  g_autofree char *name = g_strdup_printf ("merge_%d_rows_ops_per_s", n_rows);
  RafilmWireRow **rows = g_new (RafilmWireRow *, (gsize) n_rows);
  RafilmWireStamp stamp = { 1, 1790000000, "bbbbbbbb", 1 };
  double start = 0;

  for (int i = 0; i < n_rows; i++)
    {
      g_autofree char *id = g_strdup_printf ("viewing%d", i);

      rows[i] = rafilm_wire_row_new ("d", id);
      rows[i]->q = 1;
      set_fields (&rows[i]->fields, i, &stamp);
    }
  start = cpu_ms ();
  for (int i = 0; i < N_MERGES; i++)
    {
      RafilmWireRow *row = rows[i % n_rows];
      RafilmWireMergeContext context = { (i / n_rows) % 2 == 0 ? "aaaaaaaa" : "cccccccc", i + 2,
                                         SENDER_MS, SENDER_MS };
      RafilmWireValue rating = rafilm_wire_int (1 + i % 10);
      RafilmWireMerge merge = { 0 };
      RafilmWireOp *op = rafilm_wire_op_new (i + 1, row->kind, row->id);

      op->base = i % 2 == 0 ? row->fields.items[0].stamp.fseq + i : 0;
      rafilm_wire_op_set (op, "rating", &rating, (guint64) (SENDER_MS + i) << 16);
      rafilm_wire_merge (row, op, &context, &merge);
      rafilm_wire_merge_clear (&merge);
      rafilm_wire_op_free (op);
    }
  rafilm_bench_print_at_least (name, N_MERGES / ((cpu_ms () - start) / 1e3), GOAL_MERGES);
  for (int i = 0; i < n_rows; i++)
    rafilm_wire_row_free (rows[i]);
  g_free (rows);
}

static void
await_checked (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  if (!dex_await (future, &error))
    g_error ("%s", error->message);
}

/* Asks as a window does, again and again, until the answer is applied. */
static double
find_longest_wait (RafilmStore *store, DexFuture *applied)
{
  double longest = 0;

  while (dex_future_is_pending (applied))
    {
      gint64 began = g_get_monotonic_time ();

      await_checked (rafilm_store_sync_state (store));
      longest = MAX (longest, (double) (g_get_monotonic_time () - began) / 1e3);
      dex_await (dex_timeout_new_msec (1), NULL);
    }
  return longest;
}

static double
time_apply (Bench *bench, int n_rows, int round, double *ret_longest)
{
  g_autofree char *path = g_strdup_printf ("%s/%d-%d.db", bench->folder, n_rows, round);
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();
  g_autoptr (RafilmStore) store = NULL;
  g_autoptr (DexFuture) applied = NULL;
  double start = 0;
  double took = 0;

  store = dex_await_object (rafilm_store_open (path), NULL);
  await_checked (rafilm_store_bind_account (store, "u_bench"));
  answer->acct = g_strdup ("u_bench");
  answer->epoch = g_strdup ("e_bench");
  answer->cursor = n_rows;
  answer->head = n_rows;
  for (int i = 0; i < n_rows; i++)
    {
      g_autofree char *id = rafilm_id_new ();
      RafilmWireStamp stamp = { i + 1, 1790000000, "bbbbbbbb", i + 1 };
      RafilmWireRow *row = rafilm_wire_row_new ("d", id);

      row->q = i + 1;
      set_fields (&row->fields, i, &stamp);
      g_ptr_array_add (answer->rows, row);
    }
  start = cpu_ms ();
  applied = rafilm_store_apply_answer (store, answer);
  /* One round with questions between, which cost time themselves. */
  if (round == ROUNDS - 1)
    *ret_longest = find_longest_wait (store, applied);
  await_checked (dex_ref (applied));
  took = cpu_ms () - start;
  await_checked (rafilm_store_close (store));
  return took;
}

static void
print_apply (Bench *bench, int n_rows)
{
  g_autofree char *name = g_strdup_printf ("apply_%d_viewings_cpu_ms", n_rows);
  g_autofree char *wait = g_strdup_printf ("apply_%d_viewings_longest_wait_ms", n_rows);
  double longest = 0;
  double times[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    times[i] = time_apply (bench, n_rows, i, &longest);
  rafilm_bench_sort (times, ROUNDS);
  if (n_rows == PEER_VIEWINGS)
    rafilm_bench_print_at_most (name, times[ROUNDS / 2], GOAL_APPLY_MS);
  else
    rafilm_bench_print (name, times[ROUNDS / 2]);
  rafilm_bench_print (wait, longest);
}

/* On the local cloud */

/* A line of the table of growth. */
typedef struct
{
  guint n;
  BenchPull pull;
  BenchChange change;
} Growth;

static void
print_ratios (const BenchPull *ours, const BenchPull *peer)
{
  rafilm_bench_print_at_least ("pull_time_pouchdb_to_rafilm", peer->pull_ms / ours->pull_ms,
                               GOAL_TIMES);
  rafilm_bench_print ("pull_cpu_time_pouchdb_to_rafilm", peer->cpu_ms / ours->cpu_ms);
  rafilm_bench_print_at_least ("pull_bytes_pouchdb_to_rafilm",
                               (double) peer->pull_bytes / (double) ours->pull_bytes, GOAL_TIMES);
  rafilm_bench_print ("pull_requests_pouchdb_to_rafilm",
                      (double) peer->pull_requests / ours->pull_requests);
}

static void
run_diary (Bench *bench, BenchCloud *cloud, Growth *growth)
{
  g_autofree char *dump = g_build_filename (bench->folder, "viewings", NULL);
  BenchDiary *diary = bench_diary_new (cloud, growth->n);
  BenchPull peer = { 0 };

  bench_sync_push (diary);
  bench_sync_pull (diary, &growth->pull);
  if (growth->n == PEER_VIEWINGS)
    {
      bench_diary_dump (diary, dump);
      if (bench_sync_peer (dump, &peer))
        print_ratios (&growth->pull, &peer);
    }
  bench_sync_change (diary, growth->n == PEER_VIEWINGS ? CHANGES : FEW_CHANGES, &growth->change);
  if (growth->n == PEER_VIEWINGS)
    {
      bench_sync_h2 (diary);
      bench_sync_idle (diary);
    }
  bench_sync_come_back (diary);
  bench_diary_free (diary);
}

static void
print_growth (const Growth *lines, gsize n)
{
  g_print ("# growth: viewings, pull: requests, bytes, CPU ms, ms; "
           "one change: bytes, write units, ms until seen\n");
  for (gsize i = 0; i < n; i++)
    g_print ("# %8u %4u %9" G_GSIZE_FORMAT " %8.0f %8.0f %6.0f %4.1f %6.0f\n", lines[i].n,
             lines[i].pull.pull_requests, lines[i].pull.pull_bytes, lines[i].pull.cpu_ms,
             lines[i].pull.pull_ms, lines[i].change.bytes, lines[i].change.write_units,
             lines[i].change.seen_ms);
}

static void
run_on_stand_in (Bench *bench)
{
  g_autofree char *folder = g_build_filename (bench->folder, "stand-in", NULL);
  BenchCloud *cloud = bench_cloud_start (folder, FALSE);
  Growth lines[MAX_SIZES] = { 0 };
  gsize n = 0;

  g_print ("# the table is table-stand-in, in memory: a floor, and no DynamoDB\n");
  for (guint size = 1000; size <= bench->max && n < MAX_SIZES; size *= 10)
    {
      lines[n].n = size;
      run_diary (bench, cloud, &lines[n++]);
    }
  print_growth (lines, n);
  bench_cloud_stop (cloud);
}

/* How much of a time is the table's may be guessed from one figure with another. */
static void
run_on_moto (Bench *bench)
{
  g_autofree char *folder = g_build_filename (bench->folder, "moto", NULL);
  BenchCloud *cloud = bench_cloud_start (folder, TRUE);
  BenchDiary *diary = bench_diary_new (cloud, MOTO_VIEWINGS);
  BenchPull pull = { 0 };

  g_print ("# the same over moto, for comparison\n");
  bench_sync_push (diary);
  bench_sync_pull (diary, &pull);
  bench_diary_free (diary);
  bench_cloud_stop (cloud);
}

static DexFuture *
bench_fiber (gpointer data)
{
  Bench *bench = data;

  for (guint n_rows = 1000; n_rows <= 100000; n_rows *= 10)
    {
      time_merges ((int) n_rows);
      print_apply (bench, (int) n_rows);
    }
  run_on_stand_in (bench);
  run_on_moto (bench);
  g_main_loop_quit (bench->loop);
  return dex_future_new_for_boolean (TRUE);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) files = g_dir_open (path, 0, NULL);

  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      if (g_file_test (file, G_FILE_TEST_IS_DIR))
        remove_folder (file);
      else
        g_unlink (file);
    }
  g_rmdir (path);
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rafilm-bench-XXXXXX", NULL);
  const char *max = g_getenv ("RAFILM_BENCH_MAX");
  Bench bench = { NULL, folder, max != NULL ? (guint) atoi (max) : MAX_VIEWINGS };

  setvbuf (stdout, NULL, _IOLBF, 0);
  dex_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (rafilm_spawn (bench_fiber, &bench, NULL));
  g_main_loop_run (bench.loop);
  remove_folder (folder);
  g_main_loop_unref (bench.loop);
  return 0;
}
