/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs, each in a process of its own, so that none leaves anything to the next and a crash is a
 * fault like others. The processes are programs begun anew, not forks: libdex and GLib open their
 * event descriptors when a program begins, and forks would take each other's wake-ups. */

#pragma once

#include "sim-plan.h"
#include "sim-report.h"

typedef struct
{
  SimPlan plan;
  SimTally tally;
  char *fault; /* nullable: what did not hold */
} SimRun;

/* The process of one run: runs it, writes its tally or its fault to `report`, and ends. */
void sim_run_here (const SimPlan *plan, int report) G_NORETURN;

typedef void (*SimRunDone) (SimRun *run, gpointer data);

/* Runs `plans` (SimPlan), so many at a time, and tells of each in the order in which they end.
 * Stops early when `*stop` becomes true. */
void sim_run_all (const SimPlan *plans, guint n_plans, guint jobs, SimRunDone done, gpointer data,
                  const gboolean *stop);
/* One run; (transfer full) (nullable): its fault. `ret_tally` may be NULL. */
char *sim_run_one (const SimPlan *plan, SimTally *ret_tally);
