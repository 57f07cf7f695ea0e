/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-poster.h"

#include "rafilm-local-poster-motif.h"
#include "rafilm-local-poster-type.h"

#include <string.h>

#define POSTER_WIDTH 600.0
#define BACKDROP_WIDTH 1600.0
#define HEIGHT 900.0
#define MARGIN 44.0
#define CREDIT_SIZE 16.5
#define GRAIN 5

typedef struct
{
  RafilmLocalCanvas canvas;
  RafilmLocalMotif motif;
  RafilmLocalFace face;
} Sheet;

static const RafilmLocalTypeAnchor top_left = { 0, 0 };
static const RafilmLocalTypeAnchor bottom_left = { 0, 1 };
static const RafilmLocalTypeAnchor bottom_right = { 1, 1 };
static const RafilmLocalTypeAnchor centre = { 0.5, 0.5 };

static void
draw_motif (Sheet *sheet, double top, double bottom)
{
  sheet->canvas.top = top;
  sheet->canvas.bottom = bottom;
  cairo_save (sheet->canvas.cr);
  cairo_new_path (sheet->canvas.cr);
  sheet->motif (&sheet->canvas);
  cairo_restore (sheet->canvas.cr);
  cairo_new_path (sheet->canvas.cr);
}

static void
draw_rule (Sheet *sheet, double x, double y, double width)
{
  rafilm_local_canvas_box (&sheet->canvas, x, y, width, 2, sheet->canvas.palette->ink, 1);
}

static char *
join_directors (const RafilmLocalFilm *film)
{
  if (film->directors[0] == NULL)
    return g_strdup ("");
  if (film->directors[1] == NULL)
    return g_strdup (film->directors[0]);

  return g_strdup_printf ("%s & %s", film->directors[0], film->directors[1]);
}

/* Director on the left, year on the right, on one line that ends at @y. */
static void
draw_credits (Sheet *sheet, double y)
{
  const RafilmLocalFilm *film = sheet->canvas.film;
  g_autofree char *directors = join_directors (film);
  g_autofree char *year = film->year > 0 ? g_strdup_printf ("%d", film->year) : g_strdup ("");
  RafilmLocalBox box = { MARGIN, y - 40, POSTER_WIDTH - MARGIN * 2, 40 };
  RafilmLocalBox left = { MARGIN, y - 40, box.width - 90, 40 };

  rafilm_local_palette_set (sheet->canvas.cr, sheet->canvas.palette->ink, 1);
  rafilm_local_type_set (sheet->canvas.cr, directors, RAFILM_LOCAL_FACE_SMALL, left, bottom_left,
                         CREDIT_SIZE, TRUE);
  rafilm_local_type_set (sheet->canvas.cr, year, RAFILM_LOCAL_FACE_SMALL, box, bottom_right,
                         CREDIT_SIZE, TRUE);
}

static gboolean
has_other_title (const RafilmLocalFilm *film)
{
  return film->original_title[0] != '\0' && strcmp (film->original_title, film->title) != 0;
}

/* Picture above; below a band of plain paper with title and credits. */
static void
draw_foot (Sheet *sheet)
{
  const RafilmLocalFilm *film = sheet->canvas.film;
  cairo_t *cr = sheet->canvas.cr;
  RafilmLocalBox box = { MARGIN, 0, POSTER_WIDTH - MARGIN * 2, 184 };
  RafilmLocalBox note = { MARGIN, HEIGHT - 116, POSTER_WIDTH - MARGIN * 2, 26 };
  gboolean other = has_other_title (film);
  RafilmLocalBox title;
  double edge;

  box.y = HEIGHT - (other ? 128 : 98) - box.height;
  title = rafilm_local_type_set (cr, film->title, sheet->face, box, bottom_left, 92, FALSE);
  edge = title.y - 40;
  draw_motif (sheet, 0, edge);
  rafilm_local_canvas_box (&sheet->canvas, 0, edge, POSTER_WIDTH, HEIGHT - edge,
                           sheet->canvas.palette->ground, 1);
  rafilm_local_palette_set (cr, sheet->canvas.palette->ink, 1);
  rafilm_local_type_set (cr, film->title, sheet->face, box, bottom_left, 92, TRUE);
  if (other)
    rafilm_local_type_set (cr, film->original_title, RAFILM_LOCAL_FACE_NOTE, note, bottom_left, 21,
                           TRUE);
  draw_rule (sheet, MARGIN, HEIGHT - 74, POSTER_WIDTH - MARGIN * 2);
  draw_credits (sheet, HEIGHT - 42);
}

/* The title hangs from the top, the picture runs out at the foot. */
static void
draw_head (Sheet *sheet)
{
  const RafilmLocalFilm *film = sheet->canvas.film;
  cairo_t *cr = sheet->canvas.cr;
  RafilmLocalBox box = { MARGIN, 92, POSTER_WIDTH - MARGIN * 2, 200 };
  RafilmLocalBox title =
      rafilm_local_type_set (cr, film->title, sheet->face, box, top_left, 100, FALSE);
  double edge = title.y + title.height + 40;

  if (has_other_title (film))
    edge += 34;
  draw_motif (sheet, edge, HEIGHT);
  rafilm_local_canvas_box (&sheet->canvas, 0, 0, POSTER_WIDTH, edge, sheet->canvas.palette->ground,
                           1);
  rafilm_local_palette_set (cr, sheet->canvas.palette->ink, 1);
  rafilm_local_type_set (cr, film->title, sheet->face, box, top_left, 100, TRUE);
  if (has_other_title (film))
    {
      RafilmLocalBox note = { MARGIN, title.y + title.height + 18, box.width, 26 };

      rafilm_local_type_set (cr, film->original_title, RAFILM_LOCAL_FACE_NOTE, note, top_left, 21,
                             TRUE);
    }
  draw_credits (sheet, 58);
  draw_rule (sheet, MARGIN, 70, POSTER_WIDTH - MARGIN * 2);
}

/* A picture in a mount, with everything centred below it. */
static void
draw_mount (Sheet *sheet)
{
  const RafilmLocalFilm *film = sheet->canvas.film;
  const RafilmLocalPalette *palette = sheet->canvas.palette;
  cairo_t *cr = sheet->canvas.cr;
  double edge = 588;
  guint32 paper = rafilm_local_palette_is_dark (palette->ground)
                      ? rafilm_local_palette_mix (palette->ground, palette->ink, 0.94)
                      : rafilm_local_palette_mix (palette->ground, 0xffffff, 0.45);
  guint32 ink = rafilm_local_palette_is_dark (paper)             ? 0xffffff
                : rafilm_local_palette_is_dark (palette->ground) ? palette->ground
                                                                 : palette->ink;
  RafilmLocalBox box = { MARGIN + 6, edge + 34, POSTER_WIDTH - MARGIN * 2 - 12, 150 };
  RafilmLocalBox credit = { MARGIN, 818, POSTER_WIDTH - MARGIN * 2, 40 };
  g_autofree char *directors = join_directors (film);
  g_autofree char *line =
      film->year > 0 ? g_strdup_printf ("%s  ·  %d", directors, film->year) : g_strdup (directors);

  draw_motif (sheet, 36, edge);
  rafilm_local_canvas_box (&sheet->canvas, 0, 0, POSTER_WIDTH, 36, paper, 1);
  rafilm_local_canvas_box (&sheet->canvas, 0, 0, 36, HEIGHT, paper, 1);
  rafilm_local_canvas_box (&sheet->canvas, POSTER_WIDTH - 36, 0, 36, HEIGHT, paper, 1);
  rafilm_local_canvas_box (&sheet->canvas, 0, edge, POSTER_WIDTH, HEIGHT - edge, paper, 1);
  if (!rafilm_local_palette_is_dark (ink))
    ink = 0x1c1c1c;
  rafilm_local_palette_set (cr, ink, 1);
  rafilm_local_type_set (cr, film->title, sheet->face, box, centre, 82, TRUE);
  if (has_other_title (film))
    {
      RafilmLocalBox note = { MARGIN, 782, POSTER_WIDTH - MARGIN * 2, 28 };

      rafilm_local_type_set (cr, film->original_title, RAFILM_LOCAL_FACE_NOTE, note, centre, 20,
                             TRUE);
    }
  rafilm_local_type_set (cr, line, RAFILM_LOCAL_FACE_SMALL, credit, centre, CREDIT_SIZE - 1, TRUE);
}

/* The picture fills the sheet; the words stand on a label pasted over it. */
static void
draw_label (Sheet *sheet)
{
  const RafilmLocalFilm *film = sheet->canvas.film;
  const RafilmLocalPalette *palette = sheet->canvas.palette;
  cairo_t *cr = sheet->canvas.cr;
  RafilmLocalBox box = { MARGIN + 26, 0, POSTER_WIDTH - MARGIN * 2 - 52, 170 };
  RafilmLocalBox title, credit;
  g_autofree char *directors = join_directors (film);
  g_autofree char *line =
      film->year > 0 ? g_strdup_printf ("%s  ·  %d", directors, film->year) : g_strdup (directors);
  double height;

  title = rafilm_local_type_set (cr, film->title, sheet->face, box, top_left, 84, FALSE);
  height = title.height + 96;
  draw_motif (sheet, 0, HEIGHT - height - MARGIN + 30);
  rafilm_local_canvas_box (&sheet->canvas, MARGIN, HEIGHT - MARGIN - height,
                           POSTER_WIDTH - MARGIN * 2, height, palette->ink, 1);
  box.y = HEIGHT - MARGIN - height + 32;
  credit = (RafilmLocalBox) { box.x, HEIGHT - MARGIN - 62, box.width, 36 };
  rafilm_local_palette_set (cr, palette->ground, 1);
  rafilm_local_type_set (cr, film->title, sheet->face, box, top_left, 84, TRUE);
  rafilm_local_type_set (cr, line, RAFILM_LOCAL_FACE_SMALL, credit, bottom_left, CREDIT_SIZE - 1,
                         TRUE);
}

static void
draw_poster (Sheet *sheet, guint32 draw)
{
  static void (*const layouts[]) (Sheet *) = { draw_foot,  draw_head, draw_mount, draw_foot,
                                               draw_label, draw_head, draw_mount };

  sheet->face = (RafilmLocalFace) (draw / 16 % RAFILM_LOCAL_TITLE_FACES);
  layouts[draw % G_N_ELEMENTS (layouts)](sheet);
}

/* The tooth of the paper: light and dark by a few steps from pixel to pixel. */
static void
add_grain (cairo_surface_t *surface, guint32 seed)
{
  int width = cairo_image_surface_get_width (surface);
  int height = cairo_image_surface_get_height (surface);
  int stride = cairo_image_surface_get_stride (surface);
  guint8 *data;
  guint32 random = seed | 1;

  cairo_surface_flush (surface);
  data = cairo_image_surface_get_data (surface);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 *pixel = data + y * stride + x * 4;
        int step;

        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        step = (int) (random % (GRAIN * 2 + 1)) - GRAIN;
        for (int i = 0; i < 3; i++)
          pixel[i] = (guint8) CLAMP (pixel[i] + step, 0, 255);
      }
  cairo_surface_mark_dirty (surface);
}

cairo_surface_t *
rafilm_local_poster_draw (const RafilmLocalFilm *film, RafilmLocalPicture picture, int width)
{
  gboolean poster = picture == RAFILM_LOCAL_PICTURE_POSTER;
  double units = poster ? POSTER_WIDTH : BACKDROP_WIDTH;
  double scale = width / units;
  cairo_surface_t *surface;
  guint32 draw;
  Sheet sheet = { 0 };

  g_return_val_if_fail (film != NULL, NULL);
  g_return_val_if_fail (width >= 16 && width <= 2000, NULL);

  draw = (guint32) (film->id * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15) >> 32);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, (int) (HEIGHT * scale + 0.5));
  sheet.canvas.cr = cairo_create (surface);
  sheet.canvas.width = units;
  sheet.canvas.height = HEIGHT;
  sheet.canvas.palette = rafilm_local_palette_choose (film, draw >> 3);
  sheet.canvas.film = film;
  sheet.canvas.random = (guint64) film->id;
  sheet.motif = rafilm_local_motif_choose (film, draw >> 9);
  rafilm_local_palette_set (sheet.canvas.cr, sheet.canvas.palette->ground, 1);
  cairo_paint (sheet.canvas.cr);
  cairo_scale (sheet.canvas.cr, scale, scale);
  if (poster)
    draw_poster (&sheet, draw >> 17);
  else
    draw_motif (&sheet, 60, HEIGHT - 60);
  cairo_destroy (sheet.canvas.cr);
  add_grain (surface, draw);

  return surface;
}
