/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-poster.h"

#include <libdex.h>

#include "rafilm-picture-loader.h"
#include "rafilm-poster-art.h"
#include "rafilm-spawn.h"

struct _RafilmPoster
{
  GObject parent_instance;

  RafilmFilm *film;
  RafilmPosterKind kind;
  GdkTexture *texture;
  DexFuture *loading;
  char *loaded_path; /* that was asked for last, so that a missing one is asked for once */
  guint start_source;
};

static void rafilm_poster_paintable_init (GdkPaintableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmPoster, rafilm_poster, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GDK_TYPE_PAINTABLE,
                                                      rafilm_poster_paintable_init))

static const char *const sizes[] = {
  [RAFILM_POSTER_SMALL] = "w92",
  [RAFILM_POSTER_CARD] = "w342",
  [RAFILM_POSTER_LARGE] = "w500",
  [RAFILM_POSTER_BACKDROP] = "w1280",
};

static const char *
get_path (RafilmPoster *self)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (self->film);

  return self->kind == RAFILM_POSTER_BACKDROP ? facts->backdrop_path : facts->poster_path;
}

static void
set_texture (RafilmPoster *self, GdkTexture *texture)
{
  if (g_set_object (&self->texture, texture))
    gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

static DexFuture *
load_fiber (gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (RafilmPoster) self = g_weak_ref_get (weak);
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *path = NULL;
  DexFuture *future = NULL;

  if (self == NULL)
    return NULL;
  path = g_strdup (self->loaded_path);
  future =
      rafilm_picture_loader_load (rafilm_picture_loader_get_default (), path, sizes[self->kind]);
  g_clear_object (&self);

  /* Without a network there simply is no picture, and the drawn one stays. */
  texture = dex_await_object (future, NULL);

  self = g_weak_ref_get (weak);
  if (self != NULL && texture != NULL && g_strcmp0 (path, self->loaded_path) == 0)
    set_texture (self, texture);

  return NULL;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gboolean
start_cb (gpointer user_data)
{
  RafilmPoster *self = user_data;
  GWeakRef *weak;

  self->start_source = 0;
  weak = g_new0 (GWeakRef, 1);
  g_weak_ref_init (weak, self);
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (load_fiber, weak, weak_ref_free);

  return G_SOURCE_REMOVE;
}

/* Called while drawing, so it only notes what is wanted. */
static void
ensure_started (RafilmPoster *self)
{
  const char *path = get_path (self);
  GdkTexture *texture;

  if (path == NULL || g_strcmp0 (path, self->loaded_path) == 0)
    return;

  g_set_str (&self->loaded_path, path);
  texture =
      rafilm_picture_loader_peek (rafilm_picture_loader_get_default (), path, sizes[self->kind]);
  if (texture != NULL)
    g_set_object (&self->texture, texture);
  else if (self->start_source == 0)
    self->start_source = g_idle_add (start_cb, self);
}

static void
facts_changed_cb (RafilmPoster *self)
{
  if (g_strcmp0 (get_path (self), self->loaded_path) != 0)
    g_clear_object (&self->texture);
  gdk_paintable_invalidate_contents (GDK_PAINTABLE (self));
}

/* Fills the area and keeps the picture's proportions, cutting what is over. */
static void
snapshot_cover (GdkTexture *texture, GtkSnapshot *snapshot, double width, double height)
{
  double scale;
  double w;
  double h;

  scale = MAX (width / gdk_texture_get_width (texture), height / gdk_texture_get_height (texture));
  w = gdk_texture_get_width (texture) * scale;
  h = gdk_texture_get_height (texture) * scale;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gtk_snapshot_append_scaled_texture (snapshot, texture, GSK_SCALING_FILTER_TRILINEAR,
                                      &GRAPHENE_RECT_INIT ((float) ((width - w) / 2),
                                                           (float) ((height - h) / 2), (float) w,
                                                           (float) h));
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_stand_in (RafilmPoster *self, GtkSnapshot *snapshot, double width, double height)
{
  g_autofree char *credit = NULL;
  const RafilmFilmFacts *facts = rafilm_film_get_facts (self->film);
  RafilmPosterArt art = { 0 };

  art.id = rafilm_film_get_id (self->film);
  if (self->kind == RAFILM_POSTER_BACKDROP)
    {
      /* The figure alone, as wide as the area: its middle is what shows. */
      gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float) (-0.35 * width)));
      rafilm_poster_art_snapshot (&art, snapshot, width, width * 1.5);
      gtk_snapshot_pop (snapshot);
      return;
    }

  if (facts->directors != NULL && facts->directors[0] != NULL)
    credit = g_strdup (facts->directors[0]);
  art.title = rafilm_film_get_title (self->film);
  art.year = rafilm_film_get_year (self->film);
  art.credit = credit;
  rafilm_poster_art_snapshot (&art, snapshot, width, height);
}

static void
rafilm_poster_snapshot (GdkPaintable *paintable, GdkSnapshot *snapshot, double width, double height)
{
  RafilmPoster *self = RAFILM_POSTER (paintable);

  ensure_started (self);
  if (self->texture != NULL)
    snapshot_cover (self->texture, snapshot, width, height);
  else
    snapshot_stand_in (self, snapshot, width, height);
}

static double
rafilm_poster_get_aspect_ratio (GdkPaintable *paintable)
{
  return RAFILM_POSTER (paintable)->kind == RAFILM_POSTER_BACKDROP ? 16.0 / 9.0 : 2.0 / 3.0;
}

static GdkPaintableFlags
rafilm_poster_get_flags (GdkPaintable *paintable)
{
  return GDK_PAINTABLE_STATIC_SIZE;
}

static void
rafilm_poster_paintable_init (GdkPaintableInterface *iface)
{
  iface->snapshot = rafilm_poster_snapshot;
  iface->get_intrinsic_aspect_ratio = rafilm_poster_get_aspect_ratio;
  iface->get_flags = rafilm_poster_get_flags;
}

static void
rafilm_poster_dispose (GObject *object)
{
  RafilmPoster *self = RAFILM_POSTER (object);

  g_clear_handle_id (&self->start_source, g_source_remove);
  dex_clear (&self->loading);
  g_clear_object (&self->texture);
  g_clear_object (&self->film);
  g_clear_pointer (&self->loaded_path, g_free);

  G_OBJECT_CLASS (rafilm_poster_parent_class)->dispose (object);
}

static void
rafilm_poster_class_init (RafilmPosterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rafilm_poster_dispose;
}

static void
rafilm_poster_init (RafilmPoster *self)
{
}

GdkPaintable *
rafilm_poster_new (RafilmFilm *film, RafilmPosterKind kind)
{
  RafilmPoster *self;

  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);

  self = g_object_new (RAFILM_TYPE_POSTER, NULL);
  self->film = g_object_ref (film);
  self->kind = kind;
  g_signal_connect_object (
      film, kind == RAFILM_POSTER_BACKDROP ? "notify::backdrop-path" : "notify::poster-path",
      G_CALLBACK (facts_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (film, "notify::title", G_CALLBACK (facts_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return GDK_PAINTABLE (self);
}

RafilmFilm *
rafilm_poster_get_film (RafilmPoster *self)
{
  g_return_val_if_fail (RAFILM_IS_POSTER (self), NULL);

  return self->film;
}

gboolean
rafilm_poster_has_picture (RafilmPoster *self)
{
  g_return_val_if_fail (RAFILM_IS_POSTER (self), FALSE);

  return self->texture != NULL;
}
