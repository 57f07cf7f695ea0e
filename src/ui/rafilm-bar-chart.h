/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * RafilmBarChart: upright bars with a label below each and its number above.
 * Screen readers get the same as one sentence.
 */
#define RAFILM_TYPE_BAR_CHART (rafilm_bar_chart_get_type ())
G_DECLARE_FINAL_TYPE (RafilmBarChart, rafilm_bar_chart, RAFILM, BAR_CHART, GtkWidget)

GtkWidget *rafilm_bar_chart_new (void);

/* N_BARS counts with their labels; both are copied. */
void rafilm_bar_chart_set_bars (RafilmBarChart *self, const guint *counts,
                                const char *const *labels, guint n_bars);

G_END_DECLS
