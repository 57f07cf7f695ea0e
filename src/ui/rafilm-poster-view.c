/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-poster-view.h"

#define SMALLEST_STRETCHED 96

struct _RafilmPosterView
{
  GtkWidget parent_instance;

  RafilmFilm *film;
  GdkPaintable *poster;
  int width;
};

enum
{
  PROP_0,
  PROP_FILM,
  PROP_POSTER_WIDTH,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmPosterView, rafilm_poster_view, GTK_TYPE_WIDGET)

/* The file that is fetched follows the size, in steps of the image server. */
static RafilmPosterKind
kind_for_width (int width)
{
  if (width <= 64)
    return RAFILM_POSTER_SMALL;
  if (width <= 240)
    return RAFILM_POSTER_CARD;
  return RAFILM_POSTER_LARGE;
}

static void
drop_poster (RafilmPosterView *self)
{
  if (self->poster == NULL)
    return;
  g_signal_handlers_disconnect_by_func (self->poster, gtk_widget_queue_draw, self);
  g_clear_object (&self->poster);
}

static void
make_poster (RafilmPosterView *self)
{
  drop_poster (self);
  if (self->film != NULL)
    {
      self->poster = rafilm_poster_new (self->film, kind_for_width (self->width));
      g_signal_connect_object (self->poster, "invalidate-contents",
                               G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
    }
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static GtkSizeRequestMode
rafilm_poster_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
rafilm_poster_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  RafilmPosterView *self = RAFILM_POSTER_VIEW (widget);

  gboolean stretched = gtk_widget_get_halign (widget) == GTK_ALIGN_FILL;

  /* One that is not stretched keeps its width whatever room there is; another
   * one may also become smaller, so that two fit on a phone. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = stretched ? MIN (self->width, SMALLEST_STRETCHED) : self->width;
      *natural = self->width;
      return;
    }

  *minimum = (stretched && for_size > 0 ? for_size : self->width) * 3 / 2;
  *natural = *minimum;
}

static void
rafilm_poster_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RafilmPosterView *self = RAFILM_POSTER_VIEW (widget);

  if (self->poster != NULL)
    gdk_paintable_snapshot (self->poster, snapshot, gtk_widget_get_width (widget),
                            gtk_widget_get_height (widget));
}

static void
rafilm_poster_view_dispose (GObject *object)
{
  RafilmPosterView *self = RAFILM_POSTER_VIEW (object);

  drop_poster (self);
  g_clear_object (&self->film);

  G_OBJECT_CLASS (rafilm_poster_view_parent_class)->dispose (object);
}

static void
rafilm_poster_view_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmPosterView *self = RAFILM_POSTER_VIEW (object);

  switch (prop_id)
    {
    case PROP_FILM:
      g_value_set_object (value, self->film);
      break;
    case PROP_POSTER_WIDTH:
      g_value_set_int (value, self->width);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_poster_view_set_property (GObject *object, guint prop_id, const GValue *value,
                                 GParamSpec *pspec)
{
  RafilmPosterView *self = RAFILM_POSTER_VIEW (object);

  switch (prop_id)
    {
    case PROP_FILM:
      rafilm_poster_view_set_film (self, g_value_get_object (value));
      break;
    case PROP_POSTER_WIDTH:
      rafilm_poster_view_set_poster_width (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_poster_view_class_init (RafilmPosterViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_poster_view_dispose;
  object_class->get_property = rafilm_poster_view_get_property;
  object_class->set_property = rafilm_poster_view_set_property;
  widget_class->get_request_mode = rafilm_poster_view_get_request_mode;
  widget_class->measure = rafilm_poster_view_measure;
  widget_class->snapshot = rafilm_poster_view_snapshot;

  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM, flags);
  properties[PROP_POSTER_WIDTH] =
      g_param_spec_int ("poster-width", NULL, NULL, 16, 1024, 150, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "poster");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
rafilm_poster_view_init (RafilmPosterView *self)
{
  self->width = 150;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
rafilm_poster_view_new (void)
{
  return g_object_new (RAFILM_TYPE_POSTER_VIEW, NULL);
}

RafilmFilm *
rafilm_poster_view_get_film (RafilmPosterView *self)
{
  g_return_val_if_fail (RAFILM_IS_POSTER_VIEW (self), NULL);

  return self->film;
}

void
rafilm_poster_view_set_film (RafilmPosterView *self, RafilmFilm *film)
{
  g_return_if_fail (RAFILM_IS_POSTER_VIEW (self));

  if (!g_set_object (&self->film, film))
    return;
  make_poster (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
}

int
rafilm_poster_view_get_poster_width (RafilmPosterView *self)
{
  g_return_val_if_fail (RAFILM_IS_POSTER_VIEW (self), 0);

  return self->width;
}

void
rafilm_poster_view_set_poster_width (RafilmPosterView *self, int width)
{
  RafilmPosterKind old_kind;

  g_return_if_fail (RAFILM_IS_POSTER_VIEW (self));

  width = CLAMP (width, 16, 1024);
  if (width == self->width)
    return;
  old_kind = kind_for_width (self->width);
  self->width = width;
  if (kind_for_width (width) != old_kind)
    make_poster (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POSTER_WIDTH]);
}
