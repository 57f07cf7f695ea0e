/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmBackdrop: a film's wide picture with a shade over it, so that white
 * text can be read on its foot and at its start.  It takes any size and fills
 * it; screen readers pass it by.
 */
#define RAFILM_TYPE_BACKDROP (rafilm_backdrop_get_type ())
G_DECLARE_FINAL_TYPE (RafilmBackdrop, rafilm_backdrop, RAFILM, BACKDROP, GtkWidget)

void rafilm_backdrop_set_film (RafilmBackdrop *self, RafilmFilm *film);

G_END_DECLS
