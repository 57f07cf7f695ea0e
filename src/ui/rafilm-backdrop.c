/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-backdrop.h"

#include "rafilm-poster.h"

struct _RafilmBackdrop
{
  GtkWidget parent_instance;

  RafilmFilm *film;
  GdkPaintable *picture;
  GdkPaintable *poster; /* stands in for a picture that is not there */
};

enum
{
  PROP_0,
  PROP_FILM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmBackdrop, rafilm_backdrop, GTK_TYPE_WIDGET)

#define BLUR_RADIUS 36.0

static void
drop_paintable (RafilmBackdrop *self, GdkPaintable **paintable)
{
  if (*paintable == NULL)
    return;
  g_signal_handlers_disconnect_by_func (*paintable, gtk_widget_queue_draw, self);
  g_clear_object (paintable);
}

static void
drop_pictures (RafilmBackdrop *self)
{
  drop_paintable (self, &self->picture);
  drop_paintable (self, &self->poster);
}

static GdkPaintable *
make_paintable (RafilmBackdrop *self, RafilmPosterKind kind)
{
  GdkPaintable *paintable = rafilm_poster_new (self->film, kind);

  g_signal_connect_object (paintable, "invalidate-contents", G_CALLBACK (gtk_widget_queue_draw),
                           self, G_CONNECT_SWAPPED);

  return paintable;
}

/* The poster's colours without its drawing: it is laid over the area, a little
 * larger so that the blur has no pale edge, and blurred. */
static void
snapshot_poster (RafilmBackdrop *self, GtkSnapshot *snapshot, float width, float height)
{
  const float over = 2 * (float) BLUR_RADIUS;
  float poster_width = width + 2 * over;
  float poster_height = MAX (poster_width * 1.5f, height + 2 * over);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_push_blur (snapshot, BLUR_RADIUS);
  gtk_snapshot_push_clip (snapshot,
                          &GRAPHENE_RECT_INIT (-over, -over, poster_width, height + 2 * over));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (-over, (height - poster_height) * 0.35f));
  gdk_paintable_snapshot (self->poster, snapshot, poster_width, poster_height);
  gtk_snapshot_restore (snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_pop (snapshot);
}

/* Two shades of black: one that rises from the foot, one from the start. */
static void
snapshot_shade (RafilmBackdrop *self, GtkSnapshot *snapshot, float width, float height)
{
  const GskColorStop foot[] = {
    { 0.0f, { 0, 0, 0, 0.10f } },
    { 0.5f, { 0, 0, 0, 0.38f } },
    { 1.0f, { 0, 0, 0, 0.78f } },
  };
  const GskColorStop side[] = {
    { 0.0f, { 0, 0, 0, 0.55f } },
    { 0.7f, { 0, 0, 0, 0.0f } },
  };
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, width, height);

  gtk_snapshot_append_linear_gradient (snapshot, &area, &GRAPHENE_POINT_INIT (0, 0),
                                       &GRAPHENE_POINT_INIT (0, height), foot, G_N_ELEMENTS (foot));
  gtk_snapshot_append_linear_gradient (snapshot, &area, &GRAPHENE_POINT_INIT (rtl ? width : 0, 0),
                                       &GRAPHENE_POINT_INIT (rtl ? 0 : width, 0), side,
                                       G_N_ELEMENTS (side));
}

static void
rafilm_backdrop_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RafilmBackdrop *self = RAFILM_BACKDROP (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);

  if (self->picture == NULL)
    return;
  gdk_paintable_snapshot (self->picture, snapshot, width, height);
  if (!rafilm_poster_has_picture (RAFILM_POSTER (self->picture)))
    snapshot_poster (self, snapshot, (float) width, (float) height);
  snapshot_shade (self, snapshot, (float) width, (float) height);
}

static void
rafilm_backdrop_dispose (GObject *object)
{
  RafilmBackdrop *self = RAFILM_BACKDROP (object);

  drop_pictures (self);
  g_clear_object (&self->film);

  G_OBJECT_CLASS (rafilm_backdrop_parent_class)->dispose (object);
}

static void
rafilm_backdrop_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, RAFILM_BACKDROP (object)->film);
}

static void
rafilm_backdrop_set_property (GObject *object, guint prop_id, const GValue *value,
                              GParamSpec *pspec)
{
  rafilm_backdrop_set_film (RAFILM_BACKDROP (object), g_value_get_object (value));
}

static void
rafilm_backdrop_class_init (RafilmBackdropClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_backdrop_dispose;
  object_class->get_property = rafilm_backdrop_get_property;
  object_class->set_property = rafilm_backdrop_set_property;
  widget_class->snapshot = rafilm_backdrop_snapshot;

  properties[PROP_FILM] =
      g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "backdrop");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
rafilm_backdrop_init (RafilmBackdrop *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

void
rafilm_backdrop_set_film (RafilmBackdrop *self, RafilmFilm *film)
{
  g_return_if_fail (RAFILM_IS_BACKDROP (self));

  if (!g_set_object (&self->film, film))
    return;
  drop_pictures (self);
  if (film != NULL)
    {
      self->picture = make_paintable (self, RAFILM_POSTER_BACKDROP);
      self->poster = make_paintable (self, RAFILM_POSTER_CARD);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}
