/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * rafilm_clock_now:
 *
 * The only place that reads the wall clock, so that tests can turn it: by the functions below, or
 * for a whole program by the environment's RAFILM_CLOCK_OFFSET, seconds that may be negative.
 *
 * Returns: milliseconds since 1970-01-01 UTC
 */
gint64 rafilm_clock_now (void);

/**
 * rafilm_clock_set_offset:
 * @milliseconds: how far from the system's clock rafilm_clock_now() is from now on
 *
 * For tests: a device whose clock is wrong.
 */
void rafilm_clock_set_offset (gint64 milliseconds);

/**
 * rafilm_clock_stop_at:
 * @milliseconds: what rafilm_clock_now() says from now on; 0 lets the clock run again
 *
 * For simulations, whose time is their own.
 */
void rafilm_clock_stop_at (gint64 milliseconds);

/**
 * rafilm_clock_dup_today:
 *
 * Returns: (transfer full): the local date as "YYYY-MM-DD"
 */
char *rafilm_clock_dup_today (void);

G_END_DECLS
