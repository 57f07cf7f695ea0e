/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a function costs: its start beside a Node.js function with the AWS SDK and beside the least
 * program that serves the Runtime API, its memory, the size of the package, and synchronisation
 * against moto with moto's own share told apart. Starts take turns, so that all see the same
 * machine. */
#include "bench-cloud-table.h"
#include "rafilm-bench.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define ROUNDS 31

static const char event[] =
    "{\"type\":\"REQUEST\",\"methodArn\":\"arn:aws:execute-api:us-east-1:1:a/prod/$connect\","
    "\"headers\":{}}";

typedef struct
{
  const char *name;
  const char *arguments[3];
  double times[ROUNDS];
  double memory;
} Peer;

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
start_once (Peer *peer, int round)
{
  g_autoptr (RafilmStand) stand = rafilm_stand_new ();
  g_autofree char *npm = g_strconcat ("RAFILM_NPM=", g_getenv ("RAFILM_NPM"), NULL);
  g_autofree char *path = g_strconcat ("PATH=", g_getenv ("PATH"), NULL);
  const char *variables[] = {
    "_HANDLER=authorizer", "AWS_REGION=us-east-1", "NODE_NO_WARNINGS=1", npm, path, NULL
  };
  g_autofree char *answer = NULL;
  GPid pid = rafilm_stand_start (stand, peer->arguments, variables);
  double memory;

  answer = rafilm_stand_invoke (stand, event, &peer->times[round]);
  memory = rafilm_stand_stop (stand, pid);
  peer->memory = MAX (peer->memory, memory);
}

static double
median (Peer *peer)
{
  qsort (peer->times, ROUNDS, sizeof *peer->times, compare);
  return peer->times[ROUNDS / 2];
}

static void
print (const char *name, const char *what, double value)
{
  g_autofree char *line = g_strdup_printf ("start_%s_%s", name, what);

  rafilm_bench_print (line, value);
}

static void
print_starts (Peer *peers, int n)
{
  double medians[3] = { 0 };

  for (int i = 0; i < n; i++)
    {
      medians[i] = median (&peers[i]);
      print (peers[i].name, "ms", medians[i]);
      print (peers[i].name, "memory_mib", peers[i].memory);
    }
  rafilm_bench_print ("start_above_minimal_ms", medians[0] - medians[1]);
  if (n == 3)
    rafilm_bench_print ("start_share_of_node", medians[0] / medians[2]);
  else
    g_print ("no Node.js peer: RAFILM_NPM is not set\n");
}

int
main (void)
{
  Peer peers[] = { { "bootstrap", { BOOTSTRAP } },
                   { "minimal", { MINIMAL } },
                   { "node", { "node", NODE_PEER } } };
  int n = g_getenv ("RAFILM_NPM") != NULL ? 3 : 2;
  const char *zip = g_getenv ("RAFILM_ZIP");
  GStatBuf status;

  for (int round = 0; round < ROUNDS; round++)
    for (int i = 0; i < n; i++)
      start_once (&peers[i], round);
  print_starts (peers, n);
  if (zip != NULL && g_stat (zip, &status) == 0)
    rafilm_bench_print ("zip_mb", (double) status.st_size / 1e6);
  rafilm_bench_table (BOOTSTRAP);
  return 0;
}
