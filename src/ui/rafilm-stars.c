/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-stars.h"

#include <glib/gi18n.h>
#include <math.h>

#include "rafilm-rating.h"

#define N_STARS 5

struct _RafilmStars
{
  GtkWidget parent_instance;

  GskPath *star;
  int value;
  int hover;     /* half stars under the pointer, or -1 */
  int star_size; /* pixels */

  guint editable : 1;
};

enum
{
  PROP_0,
  PROP_VALUE,
  PROP_EDITABLE,
  PROP_STAR_SIZE,
  N_PROPS
};

enum
{
  RATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
rafilm_stars_set_current_value (GtkAccessibleRange *range, double value)
{
  RafilmStars *self = RAFILM_STARS (range);

  if (!self->editable)
    return FALSE;
  rafilm_stars_set_value (self, (int) lround (value));
  g_signal_emit (self, signals[RATED], 0);
  return TRUE;
}

static void
rafilm_stars_range_init (GtkAccessibleRangeInterface *iface)
{
  iface->set_current_value = rafilm_stars_set_current_value;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmStars, rafilm_stars, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_ACCESSIBLE_RANGE,
                                                      rafilm_stars_range_init))

/* A five-pointed star with slightly rounded joins in the unit square. */
static GskPath *
build_star (void)
{
  g_autoptr (GskPathBuilder) builder = NULL;

  builder = gsk_path_builder_new ();
  for (int i = 0; i < 2 * N_STARS; i++)
    {
      double angle;
      double radius;
      float x;
      float y;

      angle = G_PI * i / N_STARS - G_PI / 2;
      radius = i % 2 == 0 ? 0.50 : 0.225;
      x = (float) (0.5 + radius * cos (angle));
      y = (float) (0.53 + radius * sin (angle));
      if (i == 0)
        gsk_path_builder_move_to (builder, x, y);
      else
        gsk_path_builder_line_to (builder, x, y);
    }
  gsk_path_builder_close (builder);

  return gsk_path_builder_to_path (builder);
}

static int
spacing (RafilmStars *self)
{
  return MAX (1, self->star_size / 8);
}

static int
total_width (RafilmStars *self)
{
  return N_STARS * self->star_size + (N_STARS - 1) * spacing (self);
}

/* Half stars at a point: anything within a star's left half is its half. */
static int
value_at (RafilmStars *self, double x)
{
  double left;
  double pitch;

  left = (gtk_widget_get_width (GTK_WIDGET (self)) - total_width (self)) / 2.0;
  x -= left;
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = total_width (self) - x;
  pitch = self->star_size + spacing (self);

  return CLAMP ((int) floor (x / pitch * 2.0) + 1, 1, RAFILM_RATING_MAX);
}

static char *
dup_value_text (RafilmStars *self)
{
  g_autofree char *number = NULL;

  if (self->value == RAFILM_RATING_NONE)
    return g_strdup (_ ("Not rated"));

  number = rafilm_rating_dup_number (self->value);
  /* Translators: %s is a number of stars such as 4½ */
  return g_strdup_printf (_ ("%s of 5 stars"), number);
}

static void
update_accessible (RafilmStars *self)
{
  g_autofree char *text = dup_value_text (self);

  if (self->editable)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                    GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, (double) RAFILM_RATING_MAX,
                                    GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, (double) self->value,
                                    GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  else
    gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    text, -1);
}

/* What a person's key or click does; unlike the setter it is announced. */
static void
rate (RafilmStars *self, int value)
{
  value = CLAMP (value, 0, RAFILM_RATING_MAX);
  if (!self->editable || value == self->value)
    return;
  rafilm_stars_set_value (self, value);
  g_signal_emit (self, signals[RATED], 0);
}

static gboolean
set_binding_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  RafilmStars *self = RAFILM_STARS (widget);

  if (!self->editable)
    return GDK_EVENT_PROPAGATE;
  rate (self, g_variant_get_int32 (args));
  return GDK_EVENT_STOP;
}

/* Left and Right follow the way the stars run. */
static gboolean
step_binding_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  RafilmStars *self = RAFILM_STARS (widget);
  int step;

  if (!self->editable)
    return GDK_EVENT_PROPAGATE;
  step = g_variant_get_int32 (args);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  rate (self, self->value + step);
  return GDK_EVENT_STOP;
}

static void
released_cb (GtkGestureClick *click, int n_press, double x, double y, RafilmStars *self)
{
  int value;

  if (!gtk_widget_contains (GTK_WIDGET (self), x, y))
    return;
  value = value_at (self, x);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  rate (self, value == self->value ? 0 : value);
}

static void
motion_cb (GtkEventControllerMotion *motion, double x, double y, RafilmStars *self)
{
  int hover;

  hover = self->editable ? value_at (self, x) : -1;
  if (hover == self->hover)
    return;
  self->hover = hover;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
leave_cb (GtkEventControllerMotion *motion, RafilmStars *self)
{
  self->hover = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
rafilm_stars_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  RafilmStars *self = RAFILM_STARS (widget);

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? total_width (self) : self->star_size;
  *natural = *minimum;
}

/* One star: an empty one all over, and the full one clipped to its half. */
static void
snapshot_star (RafilmStars *self, GtkSnapshot *snapshot, int halves, const GdkRGBA *empty,
               const GdkRGBA *full)
{
  gboolean rtl;

  rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  if (halves < 2)
    gtk_snapshot_append_fill (snapshot, self->star, GSK_FILL_RULE_WINDING, empty);
  if (halves <= 0)
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (halves == 1 && rtl ? 0.5f : 0.0f, 0.0f,
                                                         halves == 1 ? 0.5f : 1.0f, 1.1f));
  gtk_snapshot_append_fill (snapshot, self->star, GSK_FILL_RULE_WINDING, full);
  gtk_snapshot_pop (snapshot);
}

static void
rafilm_stars_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RafilmStars *self = RAFILM_STARS (widget);
  GdkRGBA full;
  GdkRGBA empty;
  int shown;
  float left;
  float top;

  gtk_widget_get_color (widget, &full);
  empty = full;
  empty.alpha *= 0.22f;
  shown = self->hover >= 0 ? self->hover : self->value;
  if (self->hover >= 0 && self->hover != self->value)
    full.alpha *= 0.75f;

  left = (gtk_widget_get_width (widget) - total_width (self)) / 2.0f;
  top = (gtk_widget_get_height (widget) - self->star_size) / 2.0f;
  for (int i = 0; i < N_STARS; i++)
    {
      int place;

      place = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? N_STARS - 1 - i : i;
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (
          snapshot, &GRAPHENE_POINT_INIT (left + place * (self->star_size + spacing (self)), top));
      gtk_snapshot_scale (snapshot, self->star_size, self->star_size);
      snapshot_star (self, snapshot, shown - 2 * i, &empty, &full);
      gtk_snapshot_restore (snapshot);
    }
}

static void
rafilm_stars_constructed (GObject *object)
{
  G_OBJECT_CLASS (rafilm_stars_parent_class)->constructed (object);
  gtk_accessible_update_property (GTK_ACCESSIBLE (object), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Rating"), -1);
  update_accessible (RAFILM_STARS (object));
}

static void
rafilm_stars_finalize (GObject *object)
{
  RafilmStars *self = RAFILM_STARS (object);

  g_clear_pointer (&self->star, gsk_path_unref);
  G_OBJECT_CLASS (rafilm_stars_parent_class)->finalize (object);
}

static void
rafilm_stars_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmStars *self = RAFILM_STARS (object);

  switch (prop_id)
    {
    case PROP_VALUE:
      g_value_set_int (value, self->value);
      break;
    case PROP_EDITABLE:
      g_value_set_boolean (value, self->editable);
      break;
    case PROP_STAR_SIZE:
      g_value_set_int (value, self->star_size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_stars_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RafilmStars *self = RAFILM_STARS (object);

  switch (prop_id)
    {
    case PROP_VALUE:
      rafilm_stars_set_value (self, g_value_get_int (value));
      break;
    case PROP_EDITABLE:
      rafilm_stars_set_editable (self, g_value_get_boolean (value));
      break;
    case PROP_STAR_SIZE:
      rafilm_stars_set_star_size (self, g_value_get_int (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_bindings (GtkWidgetClass *widget_class)
{
  for (guint digit = 0; digit <= 9; digit++)
    {
      int halves;

      halves = digit == 0 ? RAFILM_RATING_MAX : (int) digit;
      gtk_widget_class_add_binding (widget_class, GDK_KEY_0 + digit, 0, set_binding_cb, "i",
                                    halves);
      gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_0 + digit, 0, set_binding_cb, "i",
                                    halves);
    }
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Delete, 0, set_binding_cb, "i", 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_BackSpace, 0, set_binding_cb, "i", 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Home, 0, set_binding_cb, "i", 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_End, 0, set_binding_cb, "i",
                                RAFILM_RATING_MAX);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, step_binding_cb, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, step_binding_cb, "i", 1);
}

static void
rafilm_stars_class_init (RafilmStarsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = rafilm_stars_constructed;
  object_class->finalize = rafilm_stars_finalize;
  object_class->get_property = rafilm_stars_get_property;
  object_class->set_property = rafilm_stars_set_property;
  widget_class->measure = rafilm_stars_measure;
  widget_class->snapshot = rafilm_stars_snapshot;

  properties[PROP_VALUE] =
      g_param_spec_int ("value", NULL, NULL, 0, RAFILM_RATING_MAX, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_EDITABLE] =
      g_param_spec_boolean ("editable", NULL, NULL, TRUE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STAR_SIZE] =
      g_param_spec_int ("star-size", NULL, NULL, 8, 96, 16,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[RATED] = g_signal_new ("rated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  install_bindings (widget_class);
  gtk_widget_class_set_css_name (widget_class, "rating");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
}

static void
rafilm_stars_init (RafilmStars *self)
{
  GtkGesture *click;
  GtkEventController *motion;

  self->star = build_star ();
  self->hover = -1;
  self->star_size = 16;
  self->editable = TRUE;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);

  click = gtk_gesture_click_new ();
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_PRIMARY);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));

  motion = gtk_event_controller_motion_new ();
  g_signal_connect (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

GtkWidget *
rafilm_stars_new (void)
{
  return g_object_new (RAFILM_TYPE_STARS, NULL);
}

int
rafilm_stars_get_value (RafilmStars *self)
{
  g_return_val_if_fail (RAFILM_IS_STARS (self), 0);
  return self->value;
}

void
rafilm_stars_set_value (RafilmStars *self, int value)
{
  g_return_if_fail (RAFILM_IS_STARS (self));

  value = CLAMP (value, 0, RAFILM_RATING_MAX);
  if (value == self->value)
    return;
  self->value = value;
  update_accessible (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

gboolean
rafilm_stars_get_editable (RafilmStars *self)
{
  g_return_val_if_fail (RAFILM_IS_STARS (self), FALSE);
  return self->editable;
}

void
rafilm_stars_set_editable (RafilmStars *self, gboolean editable)
{
  g_return_if_fail (RAFILM_IS_STARS (self));

  editable = !!editable;
  if (editable == self->editable)
    return;
  self->editable = editable;
  gtk_widget_set_focusable (GTK_WIDGET (self), editable);
  gtk_widget_set_can_target (GTK_WIDGET (self), editable);
  update_accessible (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITABLE]);
}

int
rafilm_stars_get_star_size (RafilmStars *self)
{
  g_return_val_if_fail (RAFILM_IS_STARS (self), 0);
  return self->star_size;
}

void
rafilm_stars_set_star_size (RafilmStars *self, int size)
{
  g_return_if_fail (RAFILM_IS_STARS (self));

  size = CLAMP (size, 8, 96);
  if (size == self->star_size)
    return;
  self->star_size = size;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STAR_SIZE]);
}
