/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The CPU time of processes, which tells what a thing costs however busy the machine is.
 * From /proc/PID/task/TID/schedstat, which counts nanoseconds; threads that ended are not in it. */

/** The first letters of the names of threads that only measure, and are nobody's cost. */
#define RAFILM_BENCH_CPU_APART "bench-"

/** Of all threads of this process but those that measure. */
double rafilm_bench_cpu_own_ms (void);

/** Of a process. */
double rafilm_bench_cpu_ms (const char *pid);

/** Of the children of a process whose program is named @program. */
double rafilm_bench_cpu_children_ms (const char *pid, const char *program);

G_END_DECLS
