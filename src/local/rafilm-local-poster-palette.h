/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-catalogue.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * RafilmLocalPalette:
 *
 * Colours as 0xRRGGBB: @ink is readable on @ground.
 */
typedef struct
{
  guint32 ground;
  guint32 ink;
  guint32 first;
  guint32 second;
  guint32 accent;
} RafilmLocalPalette;

/**
 * rafilm_local_palette_choose:
 * @draw: decides between those that fit
 */
const RafilmLocalPalette *rafilm_local_palette_choose (const RafilmLocalFilm *film, guint32 draw);

void rafilm_local_palette_set (cairo_t *cr, guint32 colour, double alpha);

/**
 * rafilm_local_palette_mix:
 * @part: of @second, 0 to 1
 */
guint32 rafilm_local_palette_mix (guint32 first, guint32 second, double part);

gboolean rafilm_local_palette_is_dark (guint32 colour);

/**
 * rafilm_local_palette_get_shadow:
 *
 * Returns: the colour of what stands before the light
 */
guint32 rafilm_local_palette_get_shadow (const RafilmLocalPalette *palette);

G_END_DECLS
