/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmStatisticsPage: a year in review, by the date watched, or all years.
 */
#define RAFILM_TYPE_STATISTICS_PAGE (rafilm_statistics_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmStatisticsPage, rafilm_statistics_page, RAFILM, STATISTICS_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_statistics_page_set_context (RafilmStatisticsPage *self, RafilmAppContext *context);

G_END_DECLS
