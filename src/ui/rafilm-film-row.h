/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmFilmRow: a film in a list: small poster, title, year and directors,
 * own rating and marks.  "film" may change; the accessible name follows.
 * "rank" is shown before the film when it is not 0.
 */
#define RAFILM_TYPE_FILM_ROW (rafilm_film_row_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmRow, rafilm_film_row, RAFILM, FILM_ROW, GtkBox)

GtkWidget *rafilm_film_row_new (void);
RafilmFilm *rafilm_film_row_get_film (RafilmFilmRow *self);
void rafilm_film_row_set_film (RafilmFilmRow *self, RafilmFilm *film);
void rafilm_film_row_set_rank (RafilmFilmRow *self, guint rank);

/*
 * A factory of such rows for list views of RafilmFilm; with RANKED they are
 * numbered from 1.
 */
GtkListItemFactory *rafilm_film_row_factory_new (gboolean ranked);

G_END_DECLS
