/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-poster-motif.h"

#include <math.h>
#include <pango/pangocairo.h>

void
rafilm_local_motif_orbit (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double x = canvas->width * rafilm_local_canvas_draw (canvas, 0.38, 0.62);
  double y = canvas->top + span * 0.52;
  int rings = 9;

  rafilm_local_canvas_fill (canvas, palette->ground);
  for (int i = 0; i < 90; i++)
    rafilm_local_canvas_disc (canvas, rafilm_local_canvas_draw (canvas, 0, canvas->width),
                              rafilm_local_canvas_draw (canvas, 0, canvas->height),
                              rafilm_local_canvas_draw (canvas, 0.6, 2.2), palette->ink,
                              rafilm_local_canvas_draw (canvas, 0.25, 0.9));
  rafilm_local_canvas_disc (canvas, x, y, span * 0.235, palette->first, 1);
  cairo_save (cr);
  cairo_arc (cr, x, y, span * 0.235, 0, 2 * G_PI);
  cairo_clip (cr);
  rafilm_local_canvas_disc (canvas, x + span * 0.10, y + span * 0.07, span * 0.235, palette->second,
                            1);
  cairo_restore (cr);
  for (int i = 0; i < rings; i++)
    {
      double radius = span * (0.285 + 0.062 * i);
      double angle = rafilm_local_canvas_draw (canvas, 0, 2 * G_PI);

      cairo_new_path (cr);
      cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
      cairo_set_line_width (cr, i % 3 == 0 ? 2.6 : 1.2);
      rafilm_local_palette_set (cr, palette->ink, 0.55);
      cairo_stroke (cr);
      if (i % 2 == 0)
        rafilm_local_canvas_disc (canvas, x + cos (angle) * radius, y + sin (angle) * radius,
                                  i == 2 ? 24 : 6 + rafilm_local_canvas_draw (canvas, 0, 7),
                                  i == 2 ? palette->accent : palette->ink, 1);
    }
}

void
rafilm_local_motif_rays (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double x = canvas->width * rafilm_local_canvas_draw (canvas, 0.3, 0.7);
  double y = canvas->top + span * rafilm_local_canvas_draw (canvas, 0.45, 0.62);
  double far = hypot (canvas->width, canvas->height);
  int rays = 26;
  double turn = rafilm_local_canvas_draw (canvas, 0, 1);

  rafilm_local_canvas_fill (canvas, palette->ground);
  for (int i = 0; i < rays; i++)
    {
      double from = (i + turn) * 2 * G_PI / rays;
      double to = from + G_PI / rays * rafilm_local_canvas_draw (canvas, 0.55, 1.35);

      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + cos (from) * far, y + sin (from) * far);
      cairo_line_to (cr, x + cos (to) * far, y + sin (to) * far);
      cairo_close_path (cr);
      rafilm_local_palette_set (cr, i % 3 == 0 ? palette->second : palette->first, 1);
      cairo_fill (cr);
    }
  rafilm_local_canvas_disc (canvas, x, y, span * 0.245, palette->ground, 1);
  rafilm_local_canvas_disc (canvas, x, y, span * 0.215, palette->accent, 1);
  for (int i = 0; i < 2; i++)
    {
      cairo_new_path (cr);
      cairo_arc (cr, x, y, span * (0.13 - 0.065 * i), 0, 2 * G_PI);
      cairo_set_line_width (cr, 11 - i * 4);
      rafilm_local_palette_set (cr, palette->ground, 1);
      cairo_stroke (cr);
    }
}

void
rafilm_local_motif_spiral (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double x = canvas->width * 0.5;
  double y = canvas->top + span * 0.5;
  int arms = 2 + (int) rafilm_local_canvas_draw (canvas, 0, 2);
  double reach = hypot (canvas->width, canvas->height) * 0.62;

  rafilm_local_canvas_fill (canvas, palette->ground);
  for (int arm = 0; arm < arms; arm++)
    {
      double start = arm * 2 * G_PI / arms;

      for (int side = 0; side < 2; side++)
        {
          for (int i = 0; i <= 220; i++)
            {
              int at = side == 0 ? i : 220 - i;
              double t = at / 220.0;
              double radius = reach * pow (t, 1.25);
              double angle =
                  start + t * 4.2 * G_PI + (side == 0 ? 0 : G_PI / arms * (0.25 + 0.75 * t));

              cairo_line_to (cr, x + cos (angle) * radius, y + sin (angle) * radius);
            }
        }
      cairo_close_path (cr);
      rafilm_local_palette_set (cr, arm == 0 ? palette->first : palette->second, 1);
      cairo_fill (cr);
    }
  rafilm_local_canvas_disc (canvas, x, y, span * 0.06, palette->accent, 1);
}

static void
draw_tile (RafilmLocalCanvas *canvas, double x, double y, double size)
{
  const guint32 colours[] = { canvas->palette->first, canvas->palette->second,
                              canvas->palette->accent, canvas->palette->ink };
  cairo_t *cr = canvas->cr;
  guint32 colour = colours[(int) rafilm_local_canvas_draw (canvas, 0, 4)];
  guint32 other = colours[(int) rafilm_local_canvas_draw (canvas, 0, 4)];
  int kind = (int) rafilm_local_canvas_draw (canvas, 0, 7);
  double corner = G_PI / 2 * (int) rafilm_local_canvas_draw (canvas, 0, 4);

  cairo_save (cr);
  cairo_rectangle (cr, x, y, size + 0.5, size + 0.5);
  cairo_clip (cr);
  cairo_translate (cr, x + size / 2, y + size / 2);
  cairo_rotate (cr, corner);
  if (kind < 5)
    {
      rafilm_local_palette_set (cr, other != colour ? other : canvas->palette->ground,
                                kind == 4 ? 1 : 0.0);
      cairo_paint (cr);
    }
  rafilm_local_palette_set (cr, colour, 1);
  switch (kind)
    {
    case 0: /* quarter */
    case 1:
      cairo_move_to (cr, -size / 2, -size / 2);
      cairo_arc (cr, -size / 2, -size / 2, size, 0, G_PI / 2);
      break;
    case 2: /* half */
      cairo_arc (cr, 0, -size / 2, size / 2, 0, G_PI);
      break;
    case 3: /* triangle */
      cairo_move_to (cr, -size / 2, -size / 2);
      cairo_line_to (cr, size / 2, -size / 2);
      cairo_line_to (cr, -size / 2, size / 2);
      break;
    case 4: /* disc on a square */
      cairo_arc (cr, 0, 0, size * 0.32, 0, 2 * G_PI);
      break;
    case 5: /* stripes */
      for (int i = 0; i < 4; i++)
        cairo_rectangle (cr, -size / 2, -size / 2 + size / 4 * i, size, size / 8);
      break;
    default: /* ring */
      cairo_set_line_width (cr, size * 0.2);
      cairo_arc (cr, 0, 0, size * 0.4, 0, 2 * G_PI);
      cairo_stroke (cr);
      break;
    }
  cairo_fill (cr);
  cairo_restore (cr);
}

void
rafilm_local_motif_blocks (RafilmLocalCanvas *canvas)
{
  int columns = 4;
  double margin = canvas->width < 1000 ? 48 : 0;
  double size = canvas->width < 1000 ? (canvas->width - margin * 2) / columns : canvas->height / 4;
  int rows = (int) ((canvas->bottom - canvas->top) / size);
  double y = canvas->top + ((canvas->bottom - canvas->top) - rows * size) / 2;

  columns = (int) ceil ((canvas->width - margin * 2) / size - 0.01);
  rafilm_local_canvas_fill (canvas, canvas->palette->ground);
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column++)
      draw_tile (canvas, margin + column * size, y + row * size, size);
}

void
rafilm_local_motif_blinds (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double x = canvas->width * rafilm_local_canvas_draw (canvas, 0.36, 0.64);
  double y = canvas->top + span * 0.62;
  double head = span * 0.15;

  rafilm_local_canvas_fill (canvas, palette->ground);
  cairo_save (cr);
  cairo_translate (cr, canvas->width / 2, canvas->top + span / 2);
  cairo_rotate (cr, -0.30);
  for (int i = -16; i <= 16; i++)
    {
      guint32 colour =
          rafilm_local_palette_mix (palette->first, palette->accent, CLAMP (0.5 - i * 0.05, 0, 1));

      cairo_rectangle (cr, -canvas->width, i * 46, canvas->width * 2, 25);
      rafilm_local_palette_set (cr, colour, 1);
      cairo_fill (cr);
    }
  cairo_restore (cr);

  /* A hat, a head, two shoulders. */
  rafilm_local_palette_set (cr, rafilm_local_palette_get_shadow (palette), 1);
  cairo_arc (cr, x, y - head * 0.2, head * 0.62, 0, 2 * G_PI);
  cairo_fill (cr);
  cairo_save (cr);
  cairo_translate (cr, x, y - head * 0.62);
  cairo_rotate (cr, 0.09);
  cairo_save (cr);
  cairo_scale (cr, 1.28, 0.17);
  cairo_arc (cr, 0, 0, head, 0, 2 * G_PI);
  cairo_restore (cr);
  cairo_fill (cr);
  cairo_move_to (cr, -head * 0.74, 0);
  cairo_curve_to (cr, -head * 0.70, -head * 0.9, -head * 0.45, -head * 0.95, -head * 0.05,
                  -head * 0.80);
  cairo_curve_to (cr, head * 0.40, -head * 0.98, head * 0.70, -head * 0.85, head * 0.74, 0);
  cairo_fill (cr);
  cairo_restore (cr);
  cairo_move_to (cr, x - head * 0.3, y + head * 0.2);
  cairo_curve_to (cr, x - head * 0.4, y + head * 0.7, x - head * 1.9, y + head * 0.7,
                  x - head * 2.2, y + head * 1.9);
  cairo_line_to (cr, x - head * 2.3, canvas->height);
  cairo_line_to (cr, x + head * 2.3, canvas->height);
  cairo_line_to (cr, x + head * 2.2, y + head * 1.9);
  cairo_curve_to (cr, x + head * 1.9, y + head * 0.7, x + head * 0.4, y + head * 0.7,
                  x + head * 0.3, y + head * 0.2);
  cairo_fill (cr);
}

void
rafilm_local_motif_duet (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double radius = MIN (span * 0.31, canvas->width * 0.31);
  double x = canvas->width * 0.5;
  double y = canvas->top + span * 0.5;
  double apart = radius * rafilm_local_canvas_draw (canvas, 0.50, 0.72);
  double tilt = rafilm_local_canvas_draw (canvas, -0.9, 0.9);
  double dx = cos (tilt) * apart;
  double dy = sin (tilt) * apart;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, x - dx, y - dy, radius, palette->accent, 1);
  rafilm_local_canvas_disc (canvas, x + dx, y + dy, radius, palette->first, 1);
  cairo_save (cr);
  cairo_arc (cr, x - dx, y - dy, radius, 0, 2 * G_PI);
  cairo_clip (cr);
  rafilm_local_canvas_disc (canvas, x + dx, y + dy, radius, palette->second, 1);
  cairo_arc (cr, x + dx, y + dy, radius, 0, 2 * G_PI);
  cairo_clip (cr);
  cairo_set_line_width (cr, 3);
  rafilm_local_palette_set (cr, palette->ground, 0.8);
  for (double at = -radius * 2; at < radius * 2; at += 14)
    {
      cairo_move_to (cr, x - radius * 2, y + at);
      cairo_line_to (cr, x + radius * 2, y + at);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* The title's first letter, larger than the paper. */
void
rafilm_local_motif_letter (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cr);
  g_autoptr (PangoFontDescription) font =
      pango_font_description_from_string ("Cantarell Ultra-Bold");
  double span = canvas->bottom - canvas->top;
  const char *title = canvas->film->title;
  g_autofree char *letter = NULL;
  PangoRectangle ink;
  double x, y, grow;

  if (g_str_has_prefix (title, "The ") && title[4] != '\0')
    title += 4;
  {
    g_autofree char *first = g_utf8_substring (title, 0, 1);

    letter = g_utf8_strup (first, -1);
  }
  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_box (canvas, 0, 0, canvas->width, canvas->top + span * 0.5, palette->first,
                           1);
  pango_font_description_set_absolute_size (font, 400 * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, letter, -1);
  pango_layout_get_pixel_extents (layout, &ink, NULL);
  grow = span * 1.06 / MAX (ink.height, 1);
  x = canvas->width * 0.5 - (ink.x + ink.width / 2.0) * grow;
  y = canvas->top + span * 0.5 - (ink.y + ink.height / 2.0) * grow;

  for (int layer = 0; layer < 3; layer++)
    {
      const guint32 colours[] = { palette->second, palette->accent, palette->ink };

      cairo_save (cr);
      cairo_translate (cr, x + (2 - layer) * 30 - 30, y + (2 - layer) * 22 - 22);
      cairo_scale (cr, grow, grow);
      rafilm_local_palette_set (cr, colours[layer], 1);
      pango_cairo_show_layout (cr, layout);
      cairo_restore (cr);
    }
}

void
rafilm_local_motif_eye (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double x = canvas->width * 0.5;
  double y = canvas->top + span * 0.5;
  double wide = MIN (canvas->width * 0.44, 520);
  double high = wide * 0.62;

  rafilm_local_canvas_fill (canvas, palette->ground);
  for (int i = 11; i >= 0; i--)
    {
      double grow = 1 + i * 0.21;

      cairo_move_to (cr, x - wide * grow, y);
      cairo_curve_to (cr, x - wide * 0.45 * grow, y - high * 1.15 * grow, x + wide * 0.45 * grow,
                      y - high * 1.15 * grow, x + wide * grow, y);
      cairo_curve_to (cr, x + wide * 0.45 * grow, y + high * 1.15 * grow, x - wide * 0.45 * grow,
                      y + high * 1.15 * grow, x - wide * grow, y);
      rafilm_local_palette_set (
          cr,
          i == 0       ? palette->ink
          : i % 2 == 0 ? palette->second
                       : rafilm_local_palette_mix (palette->ground, palette->first, 0.75),
          1);
      cairo_fill (cr);
    }
  rafilm_local_canvas_disc (canvas, x, y, high * 0.70, palette->accent, 1);
  for (int i = 0; i < 40; i++)
    {
      double angle = i * 2 * G_PI / 40;

      cairo_move_to (cr, x + cos (angle) * high * 0.36, y + sin (angle) * high * 0.36);
      cairo_line_to (cr, x + cos (angle) * high * 0.64, y + sin (angle) * high * 0.64);
    }
  cairo_set_line_width (cr, 3);
  rafilm_local_palette_set (cr, palette->ground, 0.55);
  cairo_stroke (cr);
  rafilm_local_canvas_disc (canvas, x, y, high * 0.33, palette->ground, 1);
  rafilm_local_canvas_disc (canvas, x + high * 0.17, y - high * 0.2, high * 0.10, palette->ink, 1);
}

/* As the sound track runs beside the pictures. */
void
rafilm_local_motif_bars (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  double span = canvas->bottom - canvas->top;
  double middle = canvas->top + span * 0.5;
  int bars = (int) (canvas->width / 28);
  double wide = canvas->width / bars;
  double phase = rafilm_local_canvas_draw (canvas, 0, 6);

  rafilm_local_canvas_fill (canvas, palette->ground);
  for (int i = 1; i < bars - 1; i++)
    {
      double t = i / (double) bars;
      double swell =
          sin (t * G_PI) * (0.35 + 0.3 * sin (t * 9 + phase) + 0.22 * sin (t * 23 + phase * 2));
      double reach =
          span * (0.05 + 0.40 * fabs (swell) + rafilm_local_canvas_draw (canvas, 0, 0.07));
      guint32 colour = i % 5 == 0 ? palette->accent
                                  : rafilm_local_palette_mix (palette->first, palette->second, t);

      rafilm_local_canvas_box (canvas, i * wide, middle - reach, wide * 0.62, reach * 2, colour, 1);
      rafilm_local_canvas_disc (canvas, i * wide + wide * 0.31, middle - reach, wide * 0.31, colour,
                                1);
      rafilm_local_canvas_disc (canvas, i * wide + wide * 0.31, middle + reach, wide * 0.31, colour,
                                1);
    }
}
