/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sync-peer.h"

#include <string.h>

static double
find_figure (const char *text, const char *name)
{
  g_autofree char *start = g_strconcat ("\n", name, "=", NULL);
  const char *at = strstr (text, start);

  return at != NULL ? g_ascii_strtod (at + strlen (start), NULL) : 0;
}

gboolean
bench_sync_peer (const char *dump, BenchPull *ret_pull)
{
  g_autofree char *node = g_find_program_in_path ("node");
  const char *packages = g_getenv ("RAFILM_NPM");
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL;
  g_autofree char *text = NULL;

  if (node == NULL || packages == NULL)
    {
      g_print (
          "# PouchDB is skipped: there is no node, or RAFILM_NPM does not name its packages\n");
      return FALSE;
    }
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, node, BENCH_PEER, dump, NULL);
  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, &error)
      || !g_subprocess_get_successful (process))
    {
      g_print ("# PouchDB is skipped: %s\n", error != NULL ? error->message : "its script failed");
      return FALSE;
    }
  g_print ("%s", out);
  text = g_strconcat ("\n", out, NULL);
  ret_pull->pull_ms = find_figure (text, "pouchdb_pull_wall_ms");
  ret_pull->cpu_ms = find_figure (text, "pouchdb_pull_cpu_ms");
  ret_pull->pull_bytes = (gsize) find_figure (text, "pouchdb_pull_bytes");
  ret_pull->pull_requests = (guint) find_figure (text, "pouchdb_pull_requests");
  return ret_pull->pull_ms > 0;
}
