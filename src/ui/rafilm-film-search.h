/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-app-context.h"
#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmFilmSearch: finds films for the search page and the log dialog: in
 * the mirror at once, and after a pause of typing at the service.
 *
 * Its model has two sections, the mirror's films and those that only the
 * service knows.  "changed" is emitted whenever results have come.
 */
#define RAFILM_TYPE_FILM_SEARCH (rafilm_film_search_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmSearch, rafilm_film_search, RAFILM, FILM_SEARCH, GObject)

RafilmFilmSearch *rafilm_film_search_new (RafilmAppContext *context);

/* A section model of RafilmFilm. (transfer none) */
GListModel *rafilm_film_search_get_model (RafilmFilmSearch *self);

void rafilm_film_search_set_text (RafilmFilmSearch *self, const char *text);
gboolean rafilm_film_search_is_empty (RafilmFilmSearch *self);
gboolean rafilm_film_search_is_busy (RafilmFilmSearch *self);

/* Headings for a list view of the model. */
GtkListItemFactory *rafilm_film_search_heading_factory_new (void);

G_END_DECLS
