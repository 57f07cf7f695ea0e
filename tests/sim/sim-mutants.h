/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the simulation notices of rules that are broken. The rules are the lines of a file, each
 * with a seed whose run notices it; what follows a number sign is a remark. */

#pragma once

#include <glib.h>

/* Breaks each rule with its seed. Returns an exit status: whether one was not noticed. */
int sim_mutants_run (const char *path);

/* Breaks each rule with `rounds` seeds and prints how many notice it. */
int sim_mutants_score (const char *path, guint64 first_seed, guint rounds, guint jobs);
