/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Dates are text, "YYYY-MM-DD": a day of somebody's life has no time zone, and such text sorts. */

/**
 * rafilm_date_is_valid:
 *
 * Returns: whether @text is a day of the Gregorian calendar in the years 1 to 9999
 */
gboolean rafilm_date_is_valid (const char *text);

/**
 * rafilm_date_format:
 * @text: a valid date
 *
 * Returns: (transfer full): the day as people read it, such as "3 March 2026"
 */
char *rafilm_date_format (const char *text);

/**
 * rafilm_date_format_month:
 * @text: a valid date
 *
 * Returns: (transfer full): its month, such as "March 2026"
 */
char *rafilm_date_format_month (const char *text);

/**
 * rafilm_date_get_year:
 *
 * Returns: the year of a date that may be incomplete or missing; 0 when there is none
 */
int rafilm_date_get_year (const char *text);

G_END_DECLS
