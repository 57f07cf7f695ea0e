/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-app-context.h"
#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmFilmPage: all about one film: facts, own rating, viewings, cast and
 * similar films.  It shows at once what the mirror has; missing facts are
 * asked for and appear when they have come.
 */
#define RAFILM_TYPE_FILM_PAGE (rafilm_film_page_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmPage, rafilm_film_page, RAFILM, FILM_PAGE, AdwNavigationPage)

AdwNavigationPage *rafilm_film_page_new (RafilmAppContext *context, RafilmFilm *film);
RafilmFilm *rafilm_film_page_get_film (RafilmFilmPage *self);

G_END_DECLS
