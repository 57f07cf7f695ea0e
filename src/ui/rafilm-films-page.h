/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"

G_BEGIN_DECLS

/*
 * RafilmFilmsPage: every film that the mirror knows, as a grid that can be sorted and
 * filtered.
 */
#define RAFILM_TYPE_FILMS_PAGE (rafilm_films_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmsPage, rafilm_films_page, RAFILM, FILMS_PAGE, AdwBin)

/* Gives the page what it shows.  Call it once. */
void rafilm_films_page_set_context (RafilmFilmsPage *self, RafilmAppContext *context);

G_END_DECLS
