/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which version of the program runs: in some worlds there are computers with an earlier one, which
 * doesn't know some kinds and fields. The server knows all. */

#pragma once

#include <glib.h>

/* From now on one runs that is old or not. */
void sim_version_set_old (gboolean is_old);
