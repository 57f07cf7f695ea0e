/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-poster-type.h"

#include <pango/pangocairo.h>

#define MIN_SIZE 11.0
#define MAX_LINES 5

static const struct
{
  const char *font;
  gboolean capitals;
  double tracking; /* part of the size */
  double leading;  /* from line to line, in sizes */
} faces[] = {
  [RAFILM_LOCAL_FACE_BLACK] = { "Cantarell Ultra-Bold", TRUE, -0.012, 0.90 },
  [RAFILM_LOCAL_FACE_THIN] = { "Cantarell Light", TRUE, 0.10, 1.06 },
  [RAFILM_LOCAL_FACE_SERIF] = { "Noto Serif CJK JP, Serif Bold", FALSE, -0.012, 1.08 },
  [RAFILM_LOCAL_FACE_BOLD] = { "Cantarell Bold", FALSE, -0.018, 0.98 },
  [RAFILM_LOCAL_FACE_SMALL] = { "Cantarell Bold", TRUE, 0.13, 1.3 },
  [RAFILM_LOCAL_FACE_NOTE] = { "Cantarell Regular", FALSE, 0.01, 1.2 },
};

static void
set_size (PangoLayout *layout, RafilmLocalFace face, double size)
{
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string (faces[face].font);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  PangoFontMetrics *metrics;

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_attr_list_insert (attributes, pango_attr_letter_spacing_new (
                                          (int) (faces[face].tracking * size * PANGO_SCALE)));
  pango_layout_set_attributes (layout, attributes);
  metrics = pango_context_get_metrics (pango_layout_get_context (layout), font, NULL);
  pango_layout_set_spacing (layout, (int) (faces[face].leading * size * PANGO_SCALE)
                                        - pango_font_metrics_get_height (metrics));
  pango_font_metrics_unref (metrics);
}

static gboolean
fits (PangoLayout *layout, RafilmLocalBox box)
{
  PangoRectangle ink;
  PangoRectangle logical;

  pango_layout_get_pixel_extents (layout, &ink, &logical);

  return ink.width <= box.width && logical.width <= box.width * 1.03 && ink.height <= box.height
         && pango_layout_get_line_count (layout) <= MAX_LINES;
}

/* The narrowest measure that makes no more lines: their lengths come near each other. */
static void
balance (PangoLayout *layout, RafilmLocalBox box)
{
  int lines = pango_layout_get_line_count (layout);
  double good = box.width;

  for (double width = box.width; lines > 1 && width > box.width * 0.3; width -= box.width * 0.02)
    {
      PangoRectangle logical;

      pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
      pango_layout_get_pixel_extents (layout, NULL, &logical);
      if (pango_layout_get_line_count (layout) > lines || logical.width > width)
        break;
      good = width;
    }
  pango_layout_set_width (layout, (int) (good * PANGO_SCALE));
}

RafilmLocalBox
rafilm_local_type_set (cairo_t *cr, const char *text, RafilmLocalFace face, RafilmLocalBox box,
                       RafilmLocalTypeAnchor anchor, double max_size, gboolean draw)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autofree char *shown = faces[face].capitals ? g_utf8_strup (text, -1) : g_strdup (text);
  PangoRectangle ink;
  RafilmLocalBox result;
  double size = max_size;

  pango_layout_set_text (layout, shown, -1);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD);
  pango_layout_set_alignment (layout, anchor.horizontal == 0.5   ? PANGO_ALIGN_CENTER
                                      : anchor.horizontal == 1.0 ? PANGO_ALIGN_RIGHT
                                                                 : PANGO_ALIGN_LEFT);
  for (; size > MIN_SIZE; size *= 0.96)
    {
      set_size (layout, face, size);
      pango_layout_set_width (layout, (int) (box.width * PANGO_SCALE));
      if (fits (layout, box))
        break;
    }
  balance (layout, box);

  pango_layout_get_pixel_extents (layout, &ink, NULL);
  result.width = ink.width;
  result.height = ink.height;
  result.x = box.x + (box.width - ink.width) * anchor.horizontal;
  result.y = box.y + (box.height - ink.height) * anchor.vertical;
  if (draw)
    {
      cairo_move_to (cr, result.x - ink.x, result.y - ink.y);
      pango_cairo_show_layout (cr, layout);
    }

  return result;
}
