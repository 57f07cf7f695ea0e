/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sync-h2.h"

#include <stdlib.h>

#include "rafilm-bench.h"

#define CHANGES 11
#define FIRST 50 /* viewing that is changed */
#define GOAL_BYTES 1500

/* The server before the gateway; NULL when there can be none. */
static GSubprocess *
start_front (BenchCloud *cloud, guint *ret_port)
{
  g_autoptr (GUri) api = g_uri_parse (g_hash_table_lookup (cloud->endpoints, "RAFILM_API_URL"),
                                      G_URI_FLAGS_NONE, NULL);
  g_autofree char *port = g_strdup_printf ("%d", g_uri_get_port (api));
  g_autofree char *node = g_find_program_in_path ("node");
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  GSubprocess *process = NULL;

  if (node == NULL)
    return NULL;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                              node, BENCH_H2, cloud->folder, port, NULL);
  if (process == NULL)
    return NULL;
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  if (line != NULL)
    *ret_port = (guint) atoi (line);
  else
    g_clear_object (&process);
  return process;
}

static void
trust (BenchCloud *cloud)
{
  g_autofree char *path = g_build_filename (cloud->folder, "h2-certificate.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database = g_tls_file_database_new (path, &error);

  if (database == NULL)
    g_error ("%s", error->message);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
}

static gsize
change_once (BenchDiary *diary, BenchComputer *computer, guint i)
{
  RafilmBenchWireFigures wire = { 0 };

  bench_diary_rate (diary, computer->store, i, 1, 1 + (int) i % 9);
  bench_computer_sync (computer);
  rafilm_bench_wire_take (computer->wire, &wire);
  return wire.sent + wire.received;
}

static void
measure (BenchDiary *diary, BenchComputer *computer)
{
  RafilmBenchWireFigures wire = { 0 };
  double sizes[CHANGES];

  bench_computer_sync (computer);
  bench_diary_rate (diary, computer->store, FIRST, CHANGES, 10);
  bench_computer_sync (computer);
  rafilm_bench_wire_take (computer->wire, &wire);
  for (guint i = 0; i < CHANGES; i++)
    sizes[i] = (double) change_once (diary, computer, FIRST + i);
  rafilm_bench_sort (sizes, CHANGES);
  bench_diary_print_at_most (diary, "change_bytes_http2_tls", sizes[CHANGES / 2], GOAL_BYTES);
}

void
bench_sync_h2 (BenchDiary *diary)
{
  g_autofree char *name = g_strdup_printf ("h2-%u", diary->n);
  guint port = 0;
  g_autoptr (GSubprocess) front = start_front (diary->cloud, &port);
  BenchComputer *computer = NULL;

  if (front == NULL)
    {
      g_print ("# HTTP/2 is skipped: there is no node, or no openssl\n");
      return;
    }
  trust (diary->cloud);
  diary->cloud->tls_port = port;
  computer = bench_computer_new (diary->cloud, name, diary->email);
  diary->cloud->tls_port = 0;
  measure (diary, computer);
  bench_computer_free (computer);
  g_subprocess_force_exit (front);
}
