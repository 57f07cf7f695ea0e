/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmWatchlistPage: the films that somebody wants to watch.
 */
#define RAFILM_TYPE_WATCHLIST_PAGE (rafilm_watchlist_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmWatchlistPage, rafilm_watchlist_page, RAFILM, WATCHLIST_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_watchlist_page_set_context (RafilmWatchlistPage *self, RafilmAppContext *context);

G_END_DECLS
