/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*RafilmBenchFunc) (gpointer data);

/**
 * rafilm_bench_median:
 * @rounds: how often @func is run and timed, after one run that isn't
 *
 * Returns: the median time of a run in milliseconds
 */
double rafilm_bench_median (RafilmBenchFunc func, gpointer data, guint rounds);

/**
 * rafilm_bench_print:
 *
 * Prints one figure as a line "name=value", as all benchmarks do.
 */
void rafilm_bench_print (const char *name, double value);

G_END_DECLS
