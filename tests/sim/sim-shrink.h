/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds a smaller run that fails too, and prints how to replay it. */

#pragma once

#include "sim-world.h"

void sim_shrink (const SimPlan *plan, const char *fault);

/* "3-10,15" to the numbers (element-type guint). */
GArray *sim_shrink_parse_steps (const char *text);
