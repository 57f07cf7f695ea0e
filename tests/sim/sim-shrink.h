/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finds a smaller run that fails too, and prints how to replay it. */

#pragma once

#include "sim-plan.h"

void sim_shrink (const SimPlan *plan, const char *fault);
