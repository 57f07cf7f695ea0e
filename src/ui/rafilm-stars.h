/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RAFILM_TYPE_STARS (rafilm_stars_get_type ())
G_DECLARE_FINAL_TYPE (RafilmStars, rafilm_stars, RAFILM, STARS, GtkWidget)

/*
 * RafilmStars: five stars that a person sets in halves.
 *
 * "value" is in half stars, 0 (not rated) to 10.  While "editable" is FALSE it
 * is a picture of a rating that takes no focus and no clicks (a template that
 * shows one so gives it the role "img").  Otherwise it is a slider: digits 1 to 9 and 0 set the
 * half stars (0 sets ten), Left and Right step by a half, Home and End go to none and ten, Delete
 * and Backspace clear.  A click on the value that is set already clears it too.
 *
 * "rated" is emitted when a person (not a program) has changed the value.
 */
GtkWidget *rafilm_stars_new (void);
int rafilm_stars_get_value (RafilmStars *self);
void rafilm_stars_set_value (RafilmStars *self, int value);
gboolean rafilm_stars_get_editable (RafilmStars *self);
void rafilm_stars_set_editable (RafilmStars *self, gboolean editable);

/* The stars are squares of this many pixels; 16 unless told. */
int rafilm_stars_get_star_size (RafilmStars *self);
void rafilm_stars_set_star_size (RafilmStars *self, int size);

G_END_DECLS
