/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * RafilmFilmGrid: a scrolled, virtualised grid of film cards.
 *
 * "model" is a GListModel of RafilmFilm.  "poster-width" is the least width of
 * a poster in pixels; posters grow so that they fill the row.  Activating a
 * card (Return, a click) opens the film by the action "win.open-film".
 */
#define RAFILM_TYPE_FILM_GRID (rafilm_film_grid_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmGrid, rafilm_film_grid, RAFILM, FILM_GRID, AdwBin)

GListModel *rafilm_film_grid_get_model (RafilmFilmGrid *self);
void rafilm_film_grid_set_model (RafilmFilmGrid *self, GListModel *model);

G_END_DECLS
