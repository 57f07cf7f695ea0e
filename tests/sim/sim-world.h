/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One run: computers, the network between them and the server, time, faults; then peace, and the
 * invariants of docs/sync.md. */

#pragma once

#include "sim-device.h"
#include "sim-plan.h"
#include "sim-server.h"

typedef struct
{
  const SimPlan *plan;
  SimServer *server;
  GPtrArray *devices; /* SimDevice */
  GPtrArray *network; /* messages under way */
  gint64 now;
  gboolean calm; /* no fault of clocks or files, so that the later edit must win */
  gboolean may_back_up;
  gboolean may_clone;
  gboolean may_restore;
  gboolean lost; /* a backup was put back: what it had not yet is lost */
} SimWorld;

/* Runs it to the end; ends the process where an invariant does not hold. In a fiber. */
void sim_world_run (const SimPlan *plan);

/* That all have the same and show the same, when all has come to rest. */
void sim_check_agreement (SimWorld *world);
/* All the invariants, likewise. */
void sim_check_world (SimWorld *world);
