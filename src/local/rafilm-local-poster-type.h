/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RAFILM_LOCAL_FACE_BLACK, /* heavy capitals */
  RAFILM_LOCAL_FACE_THIN,  /* thin capitals, wide apart */
  RAFILM_LOCAL_FACE_SERIF, /* a bold roman, as written */
  RAFILM_LOCAL_FACE_BOLD,  /* bold, as written */
  RAFILM_LOCAL_FACE_SMALL, /* small capitals' stand-in for credits */
  RAFILM_LOCAL_FACE_NOTE,  /* a light line */
} RafilmLocalFace;

#define RAFILM_LOCAL_TITLE_FACES 4

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} RafilmLocalBox;

/**
 * RafilmLocalTypeAnchor:
 * @horizontal: 0 left, 0.5 centred, 1 right
 * @vertical: 0 at the top of the box, 1 at its foot
 */
typedef struct
{
  double horizontal;
  double vertical;
} RafilmLocalTypeAnchor;

/**
 * rafilm_local_type_set:
 * @max_size: of the letters, in units
 * @draw: whether to draw, in cairo's present colour, or only to measure
 *
 * Sets @text as large as it fits into @box without breaking a word, in lines of like length.
 *
 * Returns: the box that the letters' ink takes
 */
RafilmLocalBox rafilm_local_type_set (cairo_t *cr, const char *text, RafilmLocalFace face,
                                      RafilmLocalBox box, RafilmLocalTypeAnchor anchor,
                                      double max_size, gboolean draw);

G_END_DECLS
