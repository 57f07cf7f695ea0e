/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Time as the engine knows it: src/sync/rafilm-sync-alarm.h on the run's clock. */

#pragma once

#include <glib.h>

/* When the next alarm runs out, of sim_now(); G_MAXINT64 when none is set. */
gint64 sim_alarm_get_next (void);
/* Lets the alarms run out that are due. */
void sim_alarm_run (void);

/* The monotonic clock, in place of GLib's. */
gint64 sim_alarm_monotonic_time (void);
