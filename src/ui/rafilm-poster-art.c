/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-poster-art.h"

#include <math.h>
#include <pango/pangocairo.h>

/* Below this width in pixels a title could not be read. */
#define SMALLEST_TITLED_WIDTH 84.0

typedef struct
{
  guint32 ground;
  guint32 deep; /* the ground's lower end */
  guint32 accent;
  guint32 second;
  guint32 ink;
} Palette;

/* Printed-poster colours: two figures that stand apart on a quiet ground, and
 * an ink that reads at 4.5:1 or better on both ends of the ground. */
static const Palette palettes[] = {
  { 0x1d2b3a, 0x121b26, 0xe8a33d, 0xc8553d, 0xf7ecd9 },
  { 0x2b1d33, 0x1a1120, 0xe56b6f, 0xeaac8b, 0xfbeadf },
  { 0x14342b, 0x0c211b, 0xbbdfc5, 0xff784f, 0xf1f7ee },
  { 0xe9dcc3, 0xd9c7a5, 0xb23a2e, 0x2f4858, 0x26201a },
  { 0x3a1f1d, 0x241110, 0xd95d39, 0xf0a202, 0xfbeee0 },
  { 0x202a44, 0x141b2e, 0x7fb7be, 0xdacc3e, 0xedf3f4 },
  { 0xd8e2dc, 0xbecdc5, 0x33658a, 0xf26419, 0x1c2a33 },
  { 0x22223b, 0x151526, 0xc9ada7, 0x9a8c98, 0xf2e9e4 },
  { 0x4a1942, 0x2e0f29, 0xf2b5d4, 0xefca08, 0xfceff7 },
  { 0xf2d7a0, 0xe5c27a, 0x3d5a80, 0xc1440e, 0x2a2118 },
  { 0x0b3948, 0x072530, 0xd0cdd7, 0xf0803c, 0xeef4f5 },
  { 0x2d2a26, 0x1b1917, 0xcdb891, 0x8d3b2f, 0xf3ebdd },
};

static void
unpack (guint32 rgb, float alpha, GdkRGBA *ret_color)
{
  ret_color->red = ((rgb >> 16) & 0xff) / 255.0f;
  ret_color->green = ((rgb >> 8) & 0xff) / 255.0f;
  ret_color->blue = (rgb & 0xff) / 255.0f;
  ret_color->alpha = alpha;
}

/* Film ids run in sequence, so they are mixed before a figure is picked:
 * the finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static guint64
mix (gint64 id)
{
  guint64 z;

  z = (guint64) id + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

static void
fill_path (GtkSnapshot *snapshot, GskPathBuilder *builder, guint32 rgb, float alpha)
{
  g_autoptr (GskPath) path = NULL;
  GdkRGBA color;

  path = gsk_path_builder_to_path (builder);
  unpack (rgb, alpha, &color);
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_EVEN_ODD, &color);
}

static void
draw_circle (GtkSnapshot *snapshot, double x, double y, double radius, guint32 rgb, float alpha)
{
  g_autoptr (GskPathBuilder) builder = NULL;

  builder = gsk_path_builder_new ();
  gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT ((float) x, (float) y),
                               (float) radius);
  fill_path (snapshot, builder, rgb, alpha);
}

static void
draw_rect (GtkSnapshot *snapshot, double x, double y, double width, double height, guint32 rgb,
           float alpha)
{
  GdkRGBA color;

  unpack (rgb, alpha, &color);
  gtk_snapshot_append_color (
      snapshot, &color, &GRAPHENE_RECT_INIT ((float) x, (float) y, (float) width, (float) height));
}

/* A sun over the sea. */
static void
draw_sun (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  double x;

  x = w * (0.35 + 0.3 * (seed & 7) / 7.0);
  draw_circle (snapshot, x, h * 0.40, w * 0.30, p->accent, 1.0f);
  for (int i = 0; i < 5; i++)
    draw_rect (snapshot, 0, h * (0.44 + 0.045 * i), w, h * (0.008 + 0.006 * i), p->ground, 1.0f);
  draw_rect (snapshot, 0, h * 0.655, w, h * 0.004, p->second, 0.9f);
}

/* Rings that widen from one corner. */
static void
draw_rings (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  double x;

  x = seed & 1 ? w : 0;
  for (int i = 5; i > 0; i--)
    draw_circle (snapshot, x, h * 0.12, w * 0.19 * i, i % 2 ? p->accent : p->ground,
                 i % 2 ? 0.35f + 0.13f * (5 - i) : 1.0f);
  draw_circle (snapshot, x, h * 0.12, w * 0.10, p->second, 1.0f);
}

/* The beam of a projector, with a figure standing in it. */
static void
draw_beam (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  g_autoptr (GskPathBuilder) beam = NULL;
  double from;
  double x;

  from = seed & 1 ? w * 0.12 : w * 0.88;
  x = w - from;
  beam = gsk_path_builder_new ();
  gsk_path_builder_move_to (beam, (float) from, (float) (h * 0.08));
  gsk_path_builder_line_to (beam, (float) (x - w * 0.42), (float) (h * 0.64));
  gsk_path_builder_line_to (beam, (float) (x + w * 0.42), (float) (h * 0.64));
  gsk_path_builder_close (beam);
  fill_path (snapshot, beam, p->accent, 0.9f);
  draw_circle (snapshot, from, h * 0.08, w * 0.07, p->second, 1.0f);
  draw_circle (snapshot, w * 0.5, h * 0.455, w * 0.045, p->deep, 1.0f);
  draw_rect (snapshot, w * 0.46, h * 0.49, w * 0.08, h * 0.15, p->deep, 1.0f);
}

/* Hills one behind the other under a small moon. */
static void
draw_hills (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  const guint32 colors[] = { p->second, p->accent, p->deep };

  draw_circle (snapshot, w * (seed & 1 ? 0.74 : 0.28), h * 0.20, w * 0.11, p->ink, 0.9f);
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      g_autoptr (GskPathBuilder) hill = NULL;
      double top;
      double bend;

      hill = gsk_path_builder_new ();
      top = h * (0.40 + 0.10 * i);
      bend = h * 0.09 * ((seed >> (3 * i)) % 5 - 2.0) / 2.0;
      gsk_path_builder_move_to (hill, 0, (float) (top + bend));
      gsk_path_builder_cubic_to (hill, (float) (w * 0.35), (float) (top - h * 0.10 - bend),
                                 (float) (w * 0.60), (float) (top + h * 0.08 + bend), (float) w,
                                 (float) (top - bend));
      gsk_path_builder_line_to (hill, (float) w, (float) h);
      gsk_path_builder_line_to (hill, 0, (float) h);
      gsk_path_builder_close (hill);
      fill_path (snapshot, hill, colors[i], 1.0f);
    }
}

/* A field of dots of which one stands out. */
static void
draw_dots (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  int odd;

  odd = (int) (seed % 20);
  for (int i = 0; i < 20; i++)
    draw_circle (snapshot, w * (0.17 + 0.22 * (i % 4)), h * 0.10 + w * 0.21 * (i / 4), w * 0.078,
                 i == odd ? p->second : p->accent, i == odd ? 1.0f : 0.42f);
}

/* A skyline with a few lit windows. */
static void
draw_skyline (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  draw_circle (snapshot, w * 0.72, h * 0.22, w * 0.17, p->accent, 1.0f);
  for (int i = 0; i < 6; i++)
    {
      double top;

      top = h * (0.30 + 0.045 * ((seed >> (3 * i)) & 7));
      draw_rect (snapshot, w * i / 6.0, top, w / 6.0 + 0.5, h - top, i % 2 ? p->deep : p->second,
                 i % 2 ? 1.0f : 0.85f);
      draw_rect (snapshot, w * (i + 0.35) / 6.0, top + h * 0.04, w * 0.05, h * 0.02, p->ink, 0.8f);
    }
}

/* An open door that throws light on the floor. */
static void
draw_door (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  g_autoptr (GskPathBuilder) light = NULL;
  double x;
  double lean;

  x = w * (seed & 1 ? 0.56 : 0.20);
  lean = w * (seed & 1 ? -0.30 : 0.30);
  light = gsk_path_builder_new ();
  gsk_path_builder_move_to (light, (float) x, (float) (h * 0.50));
  gsk_path_builder_line_to (light, (float) (x + w * 0.24), (float) (h * 0.50));
  gsk_path_builder_line_to (light, (float) (x + w * 0.34 + lean), (float) (h * 0.68));
  gsk_path_builder_line_to (light, (float) (x - w * 0.10 + lean), (float) (h * 0.68));
  gsk_path_builder_close (light);
  fill_path (snapshot, light, p->accent, 0.45f);
  draw_rect (snapshot, x, h * 0.12, w * 0.24, h * 0.38, p->accent, 1.0f);
  draw_circle (snapshot, x + w * 0.19, h * 0.32, w * 0.018, p->second, 1.0f);
}

/* Slanting bands, as on a travel poster. */
static void
draw_bands (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h)
{
  const guint32 colors[] = { p->accent, p->second, p->ink, p->accent };
  double slope;

  slope = seed & 1 ? h * 0.22 : -h * 0.22;
  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    {
      g_autoptr (GskPathBuilder) band = NULL;
      double y;

      band = gsk_path_builder_new ();
      y = h * (0.18 + 0.11 * i);
      gsk_path_builder_move_to (band, 0, (float) (y + slope / 2));
      gsk_path_builder_line_to (band, (float) w, (float) (y - slope / 2));
      gsk_path_builder_line_to (band, (float) w, (float) (y - slope / 2 + h * 0.055));
      gsk_path_builder_line_to (band, 0, (float) (y + slope / 2 + h * 0.055));
      gsk_path_builder_close (band);
      fill_path (snapshot, band, colors[i], i == 3 ? 0.4f : 0.92f);
    }
}

typedef void (*Figure) (GtkSnapshot *snapshot, const Palette *p, guint64 seed, double w, double h);

static const Figure figures[] = {
  draw_sun, draw_rings, draw_beam, draw_hills, draw_dots, draw_skyline, draw_door, draw_bands,
};

/* Sets TEXT in a column of WIDTH and returns the layout; sizes are in the
 * poster's own pixels, so a poster looks alike at every size. */
static PangoLayout *
set_text (const char *text, double width, double size, PangoWeight weight, int max_lines)
{
  PangoContext *context;
  g_autoptr (PangoFontDescription) font = NULL;
  PangoLayout *layout;

  context = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  font = pango_font_description_from_string ("Adwaita Sans, Cantarell, Sans");
  pango_font_description_set_weight (font, weight);
  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  layout = pango_layout_new (context);
  g_clear_object (&context);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_height (layout, -max_lines);
  pango_layout_set_line_spacing (layout, 0.95f);

  return layout;
}

static void
append_layout (GtkSnapshot *snapshot, PangoLayout *layout, double x, double y, guint32 ink,
               float alpha)
{
  GdkRGBA color;

  unpack (ink, alpha, &color);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* The title stands on the poster's foot, the credit under it. */
static void
draw_words (const RafilmPosterArt *art, GtkSnapshot *snapshot, const Palette *palette, double w,
            double h)
{
  g_autoptr (PangoLayout) title = NULL;
  g_autoptr (PangoLayout) credit = NULL;
  g_autofree char *line = NULL;
  double margin;
  double size;
  int height;
  int credit_height;

  margin = w * 0.08;
  size = g_utf8_strlen (art->title, -1) > 22 ? w * 0.098 : w * 0.125;
  title = set_text (art->title, w - 2 * margin, size, PANGO_WEIGHT_HEAVY, 4);
  pango_layout_get_pixel_size (title, NULL, &height);

  credit_height = 0;
  if (art->credit != NULL && art->year > 0)
    line = g_strdup_printf ("%s · %d", art->credit, art->year);
  else if (art->year > 0)
    line = g_strdup_printf ("%d", art->year);
  else
    line = g_strdup (art->credit);
  if (line != NULL)
    {
      credit = set_text (line, w - 2 * margin, w * 0.058, PANGO_WEIGHT_MEDIUM, 1);
      pango_layout_get_pixel_size (credit, NULL, &credit_height);
      append_layout (snapshot, credit, margin, h - margin - credit_height, palette->ink, 0.8f);
    }
  append_layout (snapshot, title, margin, h - margin - credit_height - w * 0.02 - height,
                 palette->ink, 1.0f);
}

void
rafilm_poster_art_snapshot (const RafilmPosterArt *art, GtkSnapshot *snapshot, double width,
                            double height)
{
  const Palette *palette;
  guint64 seed;
  GskColorStop stops[2];
  GskColorStop shade[2];

  g_return_if_fail (art != NULL);
  g_return_if_fail (GTK_IS_SNAPSHOT (snapshot));

  seed = mix (art->id);
  palette = &palettes[seed % G_N_ELEMENTS (palettes)];
  unpack (palette->ground, 1.0f, &stops[0].color);
  unpack (palette->deep, 1.0f, &stops[1].color);
  stops[0].offset = 0.0f;
  stops[1].offset = 1.0f;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_snapshot_append_linear_gradient (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height),
      &GRAPHENE_POINT_INIT (0, 0), &GRAPHENE_POINT_INIT (0, (float) height), stops, 2);
  figures[(seed >> 8) % G_N_ELEMENTS (figures)](snapshot, palette, seed >> 16, width, height);

  if (width >= SMALLEST_TITLED_WIDTH && art->title != NULL)
    {
      /* A veil of the ground's own colour keeps the words readable whatever
       * the figure has put under them. */
      unpack (palette->deep, 0.0f, &shade[0].color);
      unpack (palette->deep, 0.92f, &shade[1].color);
      shade[0].offset = 0.0f;
      shade[1].offset = 0.45f;
      gtk_snapshot_append_linear_gradient (
          snapshot,
          &GRAPHENE_RECT_INIT (0, (float) (height * 0.5), (float) width, (float) (height * 0.5)),
          &GRAPHENE_POINT_INIT (0, (float) (height * 0.5)),
          &GRAPHENE_POINT_INIT (0, (float) height), shade, 2);
      draw_words (art, snapshot, palette, width, height);
    }
  gtk_snapshot_pop (snapshot);
}

void
rafilm_poster_art_get_colors (gint64 id, GdkRGBA *ret_ground, GdkRGBA *ret_accent)
{
  const Palette *palette;

  palette = &palettes[mix (id) % G_N_ELEMENTS (palettes)];
  if (ret_ground != NULL)
    unpack (palette->ground, 1.0f, ret_ground);
  if (ret_accent != NULL)
    unpack (palette->accent, 1.0f, ret_accent);
}
