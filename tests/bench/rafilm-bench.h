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

/**
 * rafilm_bench_print_at_most:
 *
 * Prints a figure with its goal, and whether it is met. It is said and not asserted: on a machine
 * that has other things to do, times are worth nothing.
 */
void rafilm_bench_print_at_most (const char *name, double value, double goal);

/** rafilm_bench_print_at_least: the same for a figure that had better be great. */
void rafilm_bench_print_at_least (const char *name, double value, double goal);

/**
 * rafilm_bench_sort:
 *
 * Sorts figures, so that the one in the middle is the median.
 */
void rafilm_bench_sort (double *values, gsize n);

G_END_DECLS
