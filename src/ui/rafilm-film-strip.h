/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * RafilmFilmStrip: one row of film cards under a heading, scrolled sideways.
 *
 * "model" holds RafilmFilm, or RafilmRecommendation, whose reason then stands
 * below the card.  A strip without films is not shown.
 */
#define RAFILM_TYPE_FILM_STRIP (rafilm_film_strip_get_type ())
G_DECLARE_FINAL_TYPE (RafilmFilmStrip, rafilm_film_strip, RAFILM, FILM_STRIP, AdwBin)

GtkWidget *rafilm_film_strip_new (const char *heading);
void rafilm_film_strip_set_model (RafilmFilmStrip *self, GListModel *model);

G_END_DECLS
