/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-backdrop.h"

#include "rafilm-poster.h"

struct _RafilmBackdrop
{
  GtkWidget parent_instance;

  RafilmFilm *film;
  GdkPaintable *picture;
};

enum
{
  PROP_0,
  PROP_FILM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmBackdrop, rafilm_backdrop, GTK_TYPE_WIDGET)

static void
drop_picture (RafilmBackdrop *self)
{
  if (self->picture == NULL)
    return;
  g_signal_handlers_disconnect_by_func (self->picture, gtk_widget_queue_draw, self);
  g_clear_object (&self->picture);
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
  snapshot_shade (self, snapshot, (float) width, (float) height);
}

static void
rafilm_backdrop_dispose (GObject *object)
{
  RafilmBackdrop *self = RAFILM_BACKDROP (object);

  drop_picture (self);
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
  drop_picture (self);
  if (film != NULL)
    {
      self->picture = rafilm_poster_new (film, RAFILM_POSTER_BACKDROP);
      g_signal_connect_object (self->picture, "invalidate-contents",
                               G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}
