/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <gtk/gtk.h>

#include "rafilm-error.h"
#include "rafilm-picture-loader.h"
#include "rafilm-poster.h"
#include "rafilm-test.h"

#define WIDTH 20
#define HEIGHT 30

typedef struct
{
  char *file;
  guint fetches;
} Source;

static RafilmFilm *
make_film (const char *poster_path)
{
  g_auto (RafilmFilmFacts) facts = { 0 };
  RafilmFilm *film = rafilm_film_new (949);

  facts.title = g_strdup ("Heat");
  facts.release_date = g_strdup ("1995-12-15");
  facts.poster_path = g_strdup (poster_path);
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);

  return film;
}

/* A file with one colour all over. */
static char *
make_picture (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree guchar *pixels = g_malloc (WIDTH * HEIGHT * 4);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  char *file = g_build_filename (folder, "poster.png", NULL);

  memset (pixels, 0xff, WIDTH * HEIGHT * 4);
  bytes = g_bytes_new (pixels, WIDTH * HEIGHT * 4);
  texture = gdk_memory_texture_new (WIDTH, HEIGHT, GDK_MEMORY_R8G8B8A8, bytes, WIDTH * 4);
  g_assert_true (gdk_texture_save_to_png (texture, file));

  return file;
}

static DexFuture *
fetch (const char *path, const char *size, gpointer data)
{
  Source *source = data;

  source->fetches++;
  if (source->file == NULL)
    return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "offline");

  return dex_future_new_take_string (g_strdup (source->file));
}

static void
draw (GdkPaintable *poster)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (poster, snapshot, 150, 225);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
}

static void
wait_for_picture (RafilmPoster *poster)
{
  for (guint i = 0; i < 100 && !rafilm_poster_has_picture (poster); i++)
    rafilm_test_sleep (10);
}

static void
test_lazy (void)
{
  Source source = { .file = make_picture () };
  g_autoptr (RafilmFilm) film = make_film ("/lazy.jpg");
  g_autoptr (GdkPaintable) poster = rafilm_poster_new (film, RAFILM_POSTER_CARD);
  g_autoptr (GdkPaintable) again = rafilm_poster_new (film, RAFILM_POSTER_CARD);
  RafilmPictureLoader *loader = rafilm_picture_loader_get_default ();

  rafilm_picture_loader_set_fetch (loader, fetch, &source, NULL);
  rafilm_test_sleep (20);
  g_assert_cmpuint (source.fetches, ==, 0);

  draw (poster);
  draw (poster);
  wait_for_picture (RAFILM_POSTER (poster));
  g_assert_true (rafilm_poster_has_picture (RAFILM_POSTER (poster)));
  g_assert_cmpuint (source.fetches, ==, 1);
  g_assert_nonnull (rafilm_picture_loader_peek (loader, "/lazy.jpg", "w342"));

  /* What is in memory is shown at once. */
  draw (again);
  g_assert_true (rafilm_poster_has_picture (RAFILM_POSTER (again)));
  g_assert_cmpuint (source.fetches, ==, 1);

  rafilm_picture_loader_set_fetch (loader, NULL, NULL, NULL);
  g_free (source.file);
}

static void
test_offline (void)
{
  Source source = { .file = NULL };
  g_autoptr (RafilmFilm) film = make_film ("/offline.jpg");
  g_autoptr (GdkPaintable) poster = rafilm_poster_new (film, RAFILM_POSTER_CARD);
  RafilmPictureLoader *loader = rafilm_picture_loader_get_default ();

  rafilm_picture_loader_set_fetch (loader, fetch, &source, NULL);
  draw (poster);
  rafilm_test_sleep (50);
  draw (poster);
  rafilm_test_sleep (20);
  g_assert_false (rafilm_poster_has_picture (RAFILM_POSTER (poster)));
  g_assert_cmpuint (source.fetches, ==, 1);
  rafilm_picture_loader_set_fetch (loader, NULL, NULL, NULL);
}

static void
test_dropped_while_loading (void)
{
  Source source = { .file = make_picture () };
  g_autoptr (RafilmFilm) film = make_film ("/dropped.jpg");
  GdkPaintable *poster = rafilm_poster_new (film, RAFILM_POSTER_CARD);

  rafilm_picture_loader_set_fetch (rafilm_picture_loader_get_default (), fetch, &source, NULL);
  draw (poster);
  g_assert_finalize_object (poster);
  rafilm_test_sleep (50);
  rafilm_picture_loader_set_fetch (rafilm_picture_loader_get_default (), NULL, NULL, NULL);
  g_free (source.file);
}

static void
test_proportions (void)
{
  g_autoptr (RafilmFilm) film = make_film (NULL);
  g_autoptr (GdkPaintable) poster = rafilm_poster_new (film, RAFILM_POSTER_CARD);
  g_autoptr (GdkPaintable) backdrop = rafilm_poster_new (film, RAFILM_POSTER_BACKDROP);

  g_assert_cmpfloat_with_epsilon (gdk_paintable_get_intrinsic_aspect_ratio (poster), 2.0 / 3.0,
                                  1e-9);
  g_assert_cmpfloat_with_epsilon (gdk_paintable_get_intrinsic_aspect_ratio (backdrop), 16.0 / 9.0,
                                  1e-9);
  draw (poster);
  draw (backdrop);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  gtk_init ();

  rafilm_test_add_fiber ("/ui/poster/lazy", test_lazy);
  rafilm_test_add_fiber ("/ui/poster/offline", test_offline);
  rafilm_test_add_fiber ("/ui/poster/dropped-while-loading", test_dropped_while_loading);
  g_test_add_func ("/ui/poster/proportions", test_proportions);

  return g_test_run ();
}
