/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs, each in a process of its own, so that none leaves anything to the next and a crash is a
 * fault like others. */

#pragma once

#include "sim-report.h"
#include "sim-world.h"

typedef struct
{
  SimPlan plan;
  SimTally tally;
  char *fault; /* nullable: what did not hold */
} SimRun;

/* Before anything else in the program. */
void sim_run_prepare (void);

typedef void (*SimRunDone) (SimRun *run, gpointer data);

/* Runs `plans` (SimPlan), so many at a time, and tells of each in the order in which they end.
 * Stops early when `*stop` becomes true. */
void sim_run_all (const SimPlan *plans, guint n_plans, guint jobs, SimRunDone done, gpointer data,
                  const gboolean *stop);
/* One run; (transfer full) (nullable): its fault. */
char *sim_run_one (const SimPlan *plan);
