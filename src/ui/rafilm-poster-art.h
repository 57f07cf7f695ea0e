/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The poster that is drawn when there is no picture yet, or none at all: a
 * plain figure in a small palette with the title set on it.  It depends only
 * on what it is given, so a film always has the same one.
 */
typedef struct
{
  gint64 id;
  const char *title;
  const char *credit; /* the directors, or NULL */
  int year;           /* 0 when unknown */
} RafilmPosterArt;

/* Draws ART over WIDTH by HEIGHT from the origin.  Text is left out where it
 * would be too small to read. */
void rafilm_poster_art_snapshot (const RafilmPosterArt *art, GtkSnapshot *snapshot, double width,
                                 double height);

/* The colours of ART: its ground, and the figure's accent. */
void rafilm_poster_art_get_colors (gint64 id, GdkRGBA *ret_ground, GdkRGBA *ret_accent);

G_END_DECLS
