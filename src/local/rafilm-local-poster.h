/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-catalogue.h"

#include <cairo.h>

G_BEGIN_DECLS

/* Pictures for films, made from their facts: the samples have no real posters. A palette by
 * genre and decade, a geometric motif by keywords and genre, the title set with care. The same
 * film always gets the same picture. */

typedef enum
{
  RAFILM_LOCAL_PICTURE_POSTER,   /* 2:3, with title, director and year */
  RAFILM_LOCAL_PICTURE_BACKDROP, /* 16:9, without words */
} RafilmLocalPicture;

/**
 * rafilm_local_poster_draw:
 * @width: in pixels, 16 to 2000; the height follows
 *
 * May be called on any thread.
 *
 * Returns: (transfer full): the picture, opaque
 */
cairo_surface_t *rafilm_local_poster_draw (const RafilmLocalFilm *film, RafilmLocalPicture picture,
                                           int width);

G_END_DECLS
