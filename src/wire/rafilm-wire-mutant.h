/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Rules that the simulation can switch off, to show that it notices (docs/sync.md, "How it is
 * tested").  Everywhere else this is nothing. */

#pragma once

#ifdef RAFILM_SIM_MUTANTS
#include <stdbool.h>
bool rafilm_mutant (const char *name);
#else
#define rafilm_mutant(name) false
#endif
