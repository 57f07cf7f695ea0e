/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the simulation does to the program (docs/sync.md, "How it is tested"): rules are switched
 * off, to show that it notices, and programs of several versions meet in one world, of which the
 * older one doesn't know some kinds and fields.  Everywhere else this is nothing. */

#pragma once

#ifdef RAFILM_SIM_MUTANTS
#include <stdbool.h>
bool rafilm_mutant (const char *name);
/* Whether the program that runs knows @field (NULL = any) of @kind. */
bool rafilm_sim_knows (const char *kind, const char *field);
#else
#define rafilm_mutant(name) false
#define rafilm_sim_knows(kind, field) true
#endif
