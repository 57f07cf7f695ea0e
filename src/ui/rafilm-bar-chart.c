/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-bar-chart.h"

#define HEIGHT 150
#define LABEL_ROOM 22
#define WIDEST_BAR 46

struct _RafilmBarChart
{
  GtkWidget parent_instance;

  guint *counts;
  GStrv labels;
  guint n_bars;
};

G_DEFINE_FINAL_TYPE (RafilmBarChart, rafilm_bar_chart, GTK_TYPE_WIDGET)

static void
rafilm_bar_chart_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  RafilmBarChart *self = RAFILM_BAR_CHART (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = (int) self->n_bars * 16;
      *natural = (int) self->n_bars * 40;
    }
  else
    *minimum = *natural = HEIGHT;
}

static void
append_text (GtkWidget *widget, GtkSnapshot *snapshot, const char *text, float center, float top,
             float room, const GdkRGBA *color)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width > room)
    return;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (center - (float) width / 2.0f, top));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

/* Where the names of all bars do not fit beside each other, their first letters stand for them. */
static gboolean
labels_fit (RafilmBarChart *self, float room)
{
  for (guint i = 0; i < self->n_bars; i++)
    {
      g_autoptr (PangoLayout) layout =
          gtk_widget_create_pango_layout (GTK_WIDGET (self), self->labels[i]);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      if (width > room)
        return FALSE;
    }

  return TRUE;
}

static void
append_label (RafilmBarChart *self, GtkSnapshot *snapshot, guint bar, float center, float top,
              float room, const GdkRGBA *color)
{
  const char *label = self->labels[bar];
  g_autofree char *initial = NULL;

  if (!labels_fit (self, room) && g_unichar_isalpha (g_utf8_get_char (label)))
    {
      initial = g_utf8_substring (label, 0, 1);
      label = initial;
    }
  append_text (GTK_WIDGET (self), snapshot, label, center, top, room + 8, color);
}

static void
rafilm_bar_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RafilmBarChart *self = RAFILM_BAR_CHART (widget);
  float room = (float) (gtk_widget_get_height (widget) - 2 * LABEL_ROOM);
  float pitch;
  float bar;
  guint most = 1;
  GdkRGBA color;
  GdkRGBA dim;

  if (self->n_bars == 0)
    return;
  gtk_widget_get_color (widget, &color);
  dim = color;
  dim.alpha *= 0.6f;
  for (guint i = 0; i < self->n_bars; i++)
    most = MAX (most, self->counts[i]);
  pitch = (float) gtk_widget_get_width (widget) / (float) self->n_bars;
  bar = MIN (pitch * 0.72f, WIDEST_BAR);

  for (guint i = 0; i < self->n_bars; i++)
    {
      guint place =
          gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? self->n_bars - 1 - i : i;
      float center = pitch * ((float) place + 0.5f);
      float height = MAX (room * (float) self->counts[i] / (float) most, 3.0f);
      float top = LABEL_ROOM + room - height;
      g_autofree char *number = NULL;
      GskRoundedRect shape;
      GdkRGBA fill = color;

      fill.alpha *= self->counts[i] == 0 ? 0.12f : 0.85f;
      gsk_rounded_rect_init_from_rect (
          &shape, &GRAPHENE_RECT_INIT (center - bar / 2, top, bar, height), MIN (5, height / 2));
      gtk_snapshot_push_rounded_clip (snapshot, &shape);
      gtk_snapshot_append_color (snapshot, &fill, &shape.bounds);
      gtk_snapshot_pop (snapshot);

      number = g_strdup_printf ("%u", self->counts[i]);
      if (self->counts[i] > 0)
        append_text (widget, snapshot, number, center, top - 19, pitch, &dim);
      append_label (self, snapshot, i, center, LABEL_ROOM + room + 3, pitch - 4, &dim);
    }
}

static void
rafilm_bar_chart_finalize (GObject *object)
{
  RafilmBarChart *self = RAFILM_BAR_CHART (object);

  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->labels, g_strfreev);

  G_OBJECT_CLASS (rafilm_bar_chart_parent_class)->finalize (object);
}

static void
rafilm_bar_chart_class_init (RafilmBarChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rafilm_bar_chart_finalize;
  widget_class->measure = rafilm_bar_chart_measure;
  widget_class->snapshot = rafilm_bar_chart_snapshot;

  gtk_widget_class_set_css_name (widget_class, "barchart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rafilm_bar_chart_init (RafilmBarChart *self)
{
}

GtkWidget *
rafilm_bar_chart_new (void)
{
  return g_object_new (RAFILM_TYPE_BAR_CHART, NULL);
}

void
rafilm_bar_chart_set_bars (RafilmBarChart *self, const guint *counts, const char *const *labels,
                           guint n_bars)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (RAFILM_IS_BAR_CHART (self));

  g_clear_pointer (&self->counts, g_free);
  g_clear_pointer (&self->labels, g_strfreev);
  self->counts = g_memdup2 (counts, sizeof (guint) * n_bars);
  self->labels = g_new0 (char *, n_bars + 1);
  self->n_bars = n_bars;
  for (guint i = 0; i < n_bars; i++)
    {
      self->labels[i] = g_strdup (labels[i]);
      g_string_append_printf (text, "%s%s: %u", i > 0 ? ", " : "", labels[i], counts[i]);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
