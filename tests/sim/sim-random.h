/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Chance. Every step of a run has numbers of its own, which follow from seed and step alone, so
 * that leaving a step out changes nothing in the others. */

#pragma once

#include <glib.h>

void sim_random_begin_step (guint64 seed, guint64 step);
guint64 sim_random_next (void);
/* 0 to n - 1 */
int sim_random_pick (int n);
/* True in so many of 1000 cases. */
gboolean sim_random_strikes (int permille);
void sim_random_fill (guint8 *bytes, gsize size);
