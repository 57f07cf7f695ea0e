/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-poster-motif.h"

#include <math.h>

void
rafilm_local_motif_sun (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  double radius = (canvas->bottom - canvas->top) * 0.40;
  double x = canvas->width * 0.5;
  double y = canvas->top + (canvas->bottom - canvas->top) * 0.50;
  double horizon = y + radius * 0.62;
  int stripes = 7;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, x, y, radius, palette->accent, 1);
  for (int i = 0; i < stripes; i++)
    {
      double at = y + radius * (0.02 + 0.15 * i);

      rafilm_local_canvas_box (canvas, 0, at, canvas->width, 3 + i * 3.2, palette->ground, 1);
    }
  rafilm_local_canvas_box (canvas, 0, horizon, canvas->width, canvas->height - horizon,
                           palette->second, 1);
  rafilm_local_canvas_box (canvas, 0, horizon, canvas->width, 10, palette->first, 1);
  for (int i = 0; i < 9; i++)
    {
      double reach = radius * (0.9 - i * 0.09) * (0.7 + rafilm_local_canvas_draw (canvas, 0, 0.5));

      rafilm_local_canvas_box (canvas, x - reach, horizon + 26 + i * 21, reach * 2, 5,
                               palette->accent, 0.85 - i * 0.08);
    }
}

static void
draw_wave (RafilmLocalCanvas *canvas, double y, double swell, double length, double shift,
           guint32 colour)
{
  cairo_t *cr = canvas->cr;

  cairo_move_to (cr, -length, canvas->height);
  cairo_line_to (cr, -length + shift, y);
  for (double x = -length + shift; x < canvas->width + length; x += length)
    {
      cairo_curve_to (cr, x + length * 0.30, y - swell, x + length * 0.55, y - swell,
                      x + length * 0.68, y - swell * 0.1);
      cairo_curve_to (cr, x + length * 0.76, y + swell * 0.35, x + length * 0.9, y + swell * 0.35,
                      x + length, y);
    }
  cairo_line_to (cr, canvas->width + length * 2, canvas->height);
  cairo_close_path (cr);
  rafilm_local_palette_set (cr, colour, 1);
  cairo_fill (cr);
}

void
rafilm_local_motif_waves (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  double span = canvas->bottom - canvas->top;
  int rows = 7;
  double moon = rafilm_local_canvas_draw (canvas, 0.28, 0.72) * canvas->width;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, moon, canvas->top + span * 0.26, span * 0.15, palette->accent,
                            1);
  for (int i = 0; i < rows; i++)
    {
      double part = i / (rows - 1.0);
      guint32 colour = i % 3 == 2
                           ? palette->first
                           : rafilm_local_palette_mix (palette->first, palette->second, part);

      draw_wave (canvas, canvas->top + span * (0.44 + 0.115 * i), span * (0.055 + 0.012 * i),
                 190 + i * 22, rafilm_local_canvas_draw (canvas, 0, 200), colour);
      draw_wave (canvas, canvas->top + span * (0.458 + 0.115 * i), span * (0.050 + 0.012 * i),
                 190 + i * 22, rafilm_local_canvas_draw (canvas, 0, 200),
                 rafilm_local_palette_mix (colour, palette->ground, 0.35));
    }
}

void
rafilm_local_motif_mountains (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  int ranges = 4;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, canvas->width * rafilm_local_canvas_draw (canvas, 0.25, 0.75),
                            canvas->top + span * 0.24, span * 0.105, palette->accent, 1);
  for (int range = 0; range < ranges; range++)
    {
      double part = range / (ranges - 1.0);
      double base = canvas->top + span * (0.72 + 0.16 * range);
      guint32 colour = rafilm_local_palette_mix (palette->first, palette->second, part);
      guint32 shade = rafilm_local_palette_mix (colour, palette->ground, 0.30);
      double x = -rafilm_local_canvas_draw (canvas, 60, 220);

      while (x < canvas->width)
        {
          double wide = rafilm_local_canvas_draw (canvas, 260, 460);
          double high = wide * rafilm_local_canvas_draw (canvas, 0.62, 0.95) * (1 - 0.1 * range);
          double peak = x + wide * 0.5;

          cairo_move_to (cr, x, base);
          cairo_line_to (cr, peak, base - high);
          cairo_line_to (cr, x + wide, base);
          rafilm_local_palette_set (cr, colour, 1);
          cairo_fill (cr);
          cairo_move_to (cr, peak, base - high);
          cairo_line_to (cr, x + wide, base);
          cairo_line_to (cr, peak + wide * 0.06, base);
          rafilm_local_palette_set (cr, shade, 1);
          cairo_fill (cr);
          x += wide * rafilm_local_canvas_draw (canvas, 0.55, 0.8);
        }
      rafilm_local_canvas_box (canvas, 0, base - 1, canvas->width, canvas->height, colour, 1);
    }
}

void
rafilm_local_motif_forest (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double moon_x = canvas->width * rafilm_local_canvas_draw (canvas, 0.35, 0.65);
  double floor = canvas->bottom + (canvas->height - canvas->bottom) * 0.15;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, moon_x, canvas->top + span * 0.42, span * 0.27, palette->accent,
                            1);
  for (int layer = 0; layer < 3; layer++)
    {
      guint32 colour =
          layer == 2 ? rafilm_local_palette_get_shadow (palette)
                     : rafilm_local_palette_mix (palette->first, palette->second, layer * 0.8);
      double trunk = 9 + layer * 13;

      for (double x = rafilm_local_canvas_draw (canvas, -20, 50); x < canvas->width;
           x += rafilm_local_canvas_draw (canvas, 38 + layer * 45, 90 + layer * 75))
        {
          double lean = rafilm_local_canvas_draw (canvas, -22, 22);
          double wide = trunk * rafilm_local_canvas_draw (canvas, 0.6, 1.3);

          cairo_move_to (cr, x + lean - wide * 0.3, -10);
          cairo_line_to (cr, x + lean + wide * 0.3, -10);
          cairo_line_to (cr, x + wide * 0.5, floor);
          cairo_curve_to (cr, x + wide * 0.6, floor + 8, x + wide, floor + 14, x + wide * 1.4,
                          floor + 20);
          cairo_line_to (cr, x - wide * 1.4, floor + 20);
          cairo_curve_to (cr, x - wide, floor + 14, x - wide * 0.6, floor + 8, x - wide * 0.5,
                          floor);
          cairo_close_path (cr);
          rafilm_local_palette_set (cr, colour, 1);
          cairo_fill (cr);
        }
    }
  rafilm_local_canvas_box (canvas, 0, floor + 12, canvas->width, canvas->height,
                           rafilm_local_palette_get_shadow (palette), 1);
}

static void
draw_house (RafilmLocalCanvas *canvas, double x, double y, double width, guint32 wall,
            guint32 light)
{
  double step = 17;

  rafilm_local_canvas_box (canvas, x, y, width, canvas->height - y, wall, 1);
  for (double wy = y + 18; wy < canvas->bottom + 60; wy += step * 1.35)
    for (double wx = x + 11; wx + 9 < x + width - 6; wx += step)
      if (rafilm_local_canvas_draw (canvas, 0, 1) < 0.34)
        rafilm_local_canvas_box (canvas, wx, wy, 8, 12, light,
                                 rafilm_local_canvas_draw (canvas, 0.55, 1));
}

void
rafilm_local_motif_city (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  double span = canvas->bottom - canvas->top;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, canvas->width * rafilm_local_canvas_draw (canvas, 0.2, 0.8),
                            canvas->top + span * 0.28, span * 0.17, palette->accent, 1);
  for (int row = 0; row < 3; row++)
    {
      guint32 wall = rafilm_local_palette_mix (palette->first, palette->second, row * 0.5);

      if (row == 2)
        wall = rafilm_local_palette_mix (palette->second, 0x000000, 0.35);
      for (double x = -rafilm_local_canvas_draw (canvas, 0, 40); x < canvas->width;)
        {
          double wide = rafilm_local_canvas_draw (canvas, 52, 110);
          double y =
              canvas->top + span * (0.24 + 0.20 * row + rafilm_local_canvas_draw (canvas, 0, 0.34));

          draw_house (canvas, x, y, wide, wall, row == 2 ? palette->accent : palette->ink);
          x += wide + (row == 0 ? rafilm_local_canvas_draw (canvas, 0, 26) : 0);
        }
    }
}

void
rafilm_local_motif_road (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  double x = canvas->width * rafilm_local_canvas_draw (canvas, 0.4, 0.6);
  double y = canvas->top + span * 0.56;
  int bands = 6;

  rafilm_local_canvas_fill (canvas, palette->ground);
  for (int i = 0; i < bands; i++)
    rafilm_local_canvas_disc (
        canvas, x, y, span * (0.62 - i * 0.095),
        rafilm_local_palette_mix (palette->ground, palette->accent, (i + 1.0) / bands), 1);
  rafilm_local_canvas_box (canvas, 0, y, canvas->width, canvas->height - y, palette->first, 1);
  cairo_move_to (cr, x - 5, y);
  cairo_line_to (cr, x + 5, y);
  cairo_line_to (cr, x + canvas->height * 0.36, canvas->height);
  cairo_line_to (cr, x - canvas->height * 0.36, canvas->height);
  rafilm_local_palette_set (cr, palette->second, 1);
  cairo_fill (cr);
  for (int i = 0; i < 9; i++)
    {
      double near = pow (0.66, 9 - i);
      double end = pow (0.66, 8.55 - i);
      double depth = canvas->height - y;

      cairo_move_to (cr, x - 9 * near, y + depth * near);
      cairo_line_to (cr, x + 9 * near, y + depth * near);
      cairo_line_to (cr, x + 9 * end, y + depth * end);
      cairo_line_to (cr, x - 9 * end, y + depth * end);
      rafilm_local_palette_set (cr, palette->ink, 0.95);
      cairo_fill (cr);
    }
  for (double post = 1.0; post > 0.02; post *= 0.62)
    {
      double high = 330 * post;
      double at = y + (canvas->height - y) * post * 0.55;

      rafilm_local_canvas_box (canvas, x - 40 - canvas->height * 0.55 * post, at - high,
                               9 * post + 1, high, palette->ink, 1);
      rafilm_local_canvas_box (canvas, x - 40 - canvas->height * 0.55 * post - 34 * post,
                               at - high * 0.94, 76 * post, 7 * post + 0.6, palette->ink, 1);
    }
}

void
rafilm_local_motif_stairs (RafilmLocalCanvas *canvas)
{
  const RafilmLocalPalette *palette = canvas->palette;
  cairo_t *cr = canvas->cr;
  double span = canvas->bottom - canvas->top;
  int steps = (int) (canvas->width / 75);
  double wide = canvas->width / steps;
  double high = span * 0.78 / steps;

  rafilm_local_canvas_fill (canvas, palette->ground);
  rafilm_local_canvas_disc (canvas, wide * 1.5, canvas->top + span * 0.24, span * 0.12,
                            palette->accent, 1);
  for (int i = 0; i < steps; i++)
    {
      double y = canvas->bottom - high * (i + 1);
      guint32 colour =
          rafilm_local_palette_mix (palette->second, palette->first, i / (steps - 1.0));

      rafilm_local_canvas_box (canvas, wide * i, y, canvas->width - wide * i, canvas->height - y,
                               colour, 1);
      cairo_move_to (cr, wide * i, y);
      cairo_line_to (cr, wide * (i + 1), y);
      cairo_line_to (cr, wide * (i + 1), canvas->height);
      cairo_line_to (cr, wide * i - wide * 0.0, canvas->height);
      rafilm_local_palette_set (cr, rafilm_local_palette_mix (colour, palette->ground, 0.22), 1);
      cairo_fill (cr);
    }
  /* Somebody small, on the way up. */
  {
    int at = steps / 2;
    double x = wide * (at + 0.5);
    double y = canvas->bottom - high * (at + 1);

    rafilm_local_canvas_disc (canvas, x, y - 62, 10, palette->ink, 1);
    cairo_move_to (cr, x - 4, y - 50);
    cairo_line_to (cr, x + 4, y - 50);
    cairo_line_to (cr, x + 17, y);
    cairo_line_to (cr, x - 17, y);
    rafilm_local_palette_set (cr, palette->ink, 1);
    cairo_fill (cr);
    cairo_move_to (cr, x - 17, y);
    cairo_line_to (cr, x + 17, y);
    cairo_line_to (cr, x + 210, y + 120);
    cairo_line_to (cr, x + 160, y + 120);
    rafilm_local_palette_set (cr, palette->ink, 0.16);
    cairo_fill (cr);
  }
}
