/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-poster-palette.h"

G_BEGIN_DECLS

/**
 * RafilmLocalCanvas:
 *
 * What a motif draws on: @width by @height units, of which a poster has 600 by 900 and a backdrop
 * 1600 by 900. Between @top and @bottom no words stand.
 */
typedef struct
{
  cairo_t *cr;
  double width;
  double height;
  double top;
  double bottom;
  const RafilmLocalPalette *palette;
  const RafilmLocalFilm *film;
  guint64 random;
} RafilmLocalCanvas;

typedef void (*RafilmLocalMotif) (RafilmLocalCanvas *canvas);

/**
 * rafilm_local_motif_choose:
 * @draw: decides between those that fit
 */
RafilmLocalMotif rafilm_local_motif_choose (const RafilmLocalFilm *film, guint32 draw);

/**
 * rafilm_local_canvas_draw:
 *
 * Returns: the next random number of this canvas, at least @least and below @below
 */
double rafilm_local_canvas_draw (RafilmLocalCanvas *self, double least, double below);

/* Fills the whole canvas; a circle. */
void rafilm_local_canvas_fill (RafilmLocalCanvas *self, guint32 colour);
void rafilm_local_canvas_disc (RafilmLocalCanvas *self, double x, double y, double radius,
                               guint32 colour, double alpha);
void rafilm_local_canvas_box (RafilmLocalCanvas *self, double x, double y, double width,
                              double height, guint32 colour, double alpha);

/* Places: what one could stand in. */
void rafilm_local_motif_sun (RafilmLocalCanvas *canvas);
void rafilm_local_motif_waves (RafilmLocalCanvas *canvas);
void rafilm_local_motif_mountains (RafilmLocalCanvas *canvas);
void rafilm_local_motif_forest (RafilmLocalCanvas *canvas);
void rafilm_local_motif_city (RafilmLocalCanvas *canvas);
void rafilm_local_motif_road (RafilmLocalCanvas *canvas);
void rafilm_local_motif_stairs (RafilmLocalCanvas *canvas);

/* Forms: what one could cut out of paper. */
void rafilm_local_motif_orbit (RafilmLocalCanvas *canvas);
void rafilm_local_motif_rays (RafilmLocalCanvas *canvas);
void rafilm_local_motif_spiral (RafilmLocalCanvas *canvas);
void rafilm_local_motif_blocks (RafilmLocalCanvas *canvas);
void rafilm_local_motif_blinds (RafilmLocalCanvas *canvas);
void rafilm_local_motif_duet (RafilmLocalCanvas *canvas);
void rafilm_local_motif_letter (RafilmLocalCanvas *canvas);
void rafilm_local_motif_eye (RafilmLocalCanvas *canvas);
void rafilm_local_motif_bars (RafilmLocalCanvas *canvas);

G_END_DECLS
