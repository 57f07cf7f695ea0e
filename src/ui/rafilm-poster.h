/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-film.h"

G_BEGIN_DECLS

/*
 * RafilmPoster: a film's picture as a paintable.
 *
 * Its proportions are those of a poster (2:3) or of a backdrop (16:9).  The
 * picture is asked for when it is first drawn and not before, and until it has
 * come (or when there is none) the poster draws itself; see RafilmPosterArt.
 * A backdrop without a picture draws the figure alone.
 */
#define RAFILM_TYPE_POSTER (rafilm_poster_get_type ())
G_DECLARE_FINAL_TYPE (RafilmPoster, rafilm_poster, RAFILM, POSTER, GObject)

typedef enum
{
  RAFILM_POSTER_SMALL,    /* a row's, up to 92 pixels wide */
  RAFILM_POSTER_CARD,     /* a card's, up to 342 */
  RAFILM_POSTER_LARGE,    /* a film page's, up to 500 */
  RAFILM_POSTER_BACKDROP, /* the wide picture, up to 1280 */
} RafilmPosterKind;

GdkPaintable *rafilm_poster_new (RafilmFilm *film, RafilmPosterKind kind);
RafilmFilm *rafilm_poster_get_film (RafilmPoster *self);

/* Whether the picture itself is shown, and not the drawn stand-in. */
gboolean rafilm_poster_has_picture (RafilmPoster *self);

G_END_DECLS
