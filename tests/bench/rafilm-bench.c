/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-bench.h"

#include <stdlib.h>

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

void
rafilm_bench_sort (double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare_doubles);
}

double
rafilm_bench_median (RafilmBenchFunc func, gpointer data, guint rounds)
{
  g_autofree double *times = g_new0 (double, rounds);

  func (data);
  for (guint i = 0; i < rounds; i++)
    {
      gint64 began = g_get_monotonic_time ();

      func (data);
      times[i] = (double) (g_get_monotonic_time () - began) / 1000;
    }
  rafilm_bench_sort (times, rounds);

  return times[rounds / 2];
}

void
rafilm_bench_print (const char *name, double value)
{
  g_print ("%s=%.4g\n", name, value);
}

void
rafilm_bench_print_at_most (const char *name, double value, double goal)
{
  g_print ("%s=%.4g  # goal: at most %g, %s\n", name, value, goal,
           value <= goal ? "met" : "MISSED");
}

void
rafilm_bench_print_at_least (const char *name, double value, double goal)
{
  g_print ("%s=%.4g  # goal: at least %g, %s\n", name, value, goal,
           value >= goal ? "met" : "MISSED");
}
