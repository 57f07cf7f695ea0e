/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What synchronisation costs without a network: merging operations, and taking a whole diary into
 * an empty mirror, and how both grow with the diary. Times are our own CPU time, of all threads. */

#include <glib/gstdio.h>
#include <time.h>

#include "rafilm-bench.h"
#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "rafilm-store-sync.h"

#define N_MERGES 200000
#define ROUNDS 3
#define SENDER_MS G_GINT64_CONSTANT (1790000000000)

typedef struct
{
  GMainLoop *loop;
  const char *folder;
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
  rafilm_bench_print (name, N_MERGES / ((cpu_ms () - start) / 1e3));
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

static double
time_apply (Bench *bench, int n_rows, int round)
{
  g_autofree char *path = g_strdup_printf ("%s/%d-%d.db", bench->folder, n_rows, round);
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();
  g_autoptr (RafilmStore) store = NULL;
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
  await_checked (rafilm_store_apply_answer (store, answer));
  took = cpu_ms () - start;
  await_checked (rafilm_store_close (store));
  return took;
}

static void
print_apply (Bench *bench, int n_rows)
{
  g_autofree char *name = g_strdup_printf ("apply_%d_viewings_cpu_ms", n_rows);
  double times[ROUNDS];

  for (int i = 0; i < ROUNDS; i++)
    times[i] = time_apply (bench, n_rows, i);
  rafilm_bench_print (name,
                      MAX (MIN (times[0], times[1]), MIN (MAX (times[0], times[1]), times[2])));
}

static DexFuture *
bench_fiber (gpointer data)
{
  Bench *bench = data;

  for (int n_rows = 1000; n_rows <= 100000; n_rows *= 10)
    {
      time_merges (n_rows);
      print_apply (bench, n_rows);
    }
  g_main_loop_quit (bench->loop);
  return dex_future_new_for_boolean (TRUE);
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rafilm-bench-XXXXXX", NULL);
  g_autoptr (GDir) files = NULL;
  Bench bench = { NULL, folder };

  dex_init ();
  bench.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (rafilm_spawn (bench_fiber, &bench, NULL));
  g_main_loop_run (bench.loop);

  files = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (files); name != NULL; name = g_dir_read_name (files))
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);

      g_unlink (file);
    }
  g_rmdir (folder);
  g_main_loop_unref (bench.loop);
  return 0;
}
