/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-poster.h"

G_BEGIN_DECLS

/*
 * RafilmPosterView: a widget that shows a film's poster.
 *
 * "poster-width" is the least width in pixels.  It grows with the room that it
 * is given, and its height is always one and a half times its width.  It has
 * no name of its own for screen readers; what holds it names the film.
 */
#define RAFILM_TYPE_POSTER_VIEW (rafilm_poster_view_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPosterView, rafilm_poster_view, RAFILM, POSTER_VIEW, GtkWidget)

GtkWidget *rafilm_poster_view_new (void);
RafilmFilm *rafilm_poster_view_get_film (RafilmPosterView *self);
void rafilm_poster_view_set_film (RafilmPosterView *self, RafilmFilm *film);
int rafilm_poster_view_get_poster_width (RafilmPosterView *self);
void rafilm_poster_view_set_poster_width (RafilmPosterView *self, int width);

G_END_DECLS
