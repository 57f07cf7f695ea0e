/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmSearchPage: what a search finds: the mirror's films at once, and below them
 * what the service finds, when there is one.
 */
#define RAFILM_TYPE_SEARCH_PAGE (rafilm_search_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmSearchPage, rafilm_search_page, RAFILM, SEARCH_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_search_page_set_context (RafilmSearchPage *self, RafilmAppContext *context);

/* Searches for TEXT; an empty one shows what can be searched for. */
void rafilm_search_page_set_text (RafilmSearchPage *self, const char *text);

/* Opens the first film that was found. */
void rafilm_search_page_activate_first (RafilmSearchPage *self);

G_END_DECLS
