/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-review.h"

#include "rafilm-closures.h"

struct _RafilmReview
{
  GtkBox parent_instance;

  char *text;
  gboolean spoiler;
  gboolean veil;
  gboolean shown; /* asked for */

  GtkLabel *text_label;
};

enum
{
  PROP_0,
  PROP_TEXT,
  PROP_SPOILER,
  PROP_VEIL,
  PROP_SELECTABLE,
  PROP_OPEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmReview, rafilm_review, GTK_TYPE_BOX)

static void
show_clicked_cb (RafilmReview *self)
{
  self->shown = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

static void
rafilm_review_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RAFILM_TYPE_REVIEW);

  G_OBJECT_CLASS (rafilm_review_parent_class)->dispose (object);
}

static void
rafilm_review_finalize (GObject *object)
{
  g_clear_pointer (&RAFILM_REVIEW (object)->text, g_free);

  G_OBJECT_CLASS (rafilm_review_parent_class)->finalize (object);
}

static void
rafilm_review_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmReview *self = RAFILM_REVIEW (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_SPOILER:
      g_value_set_boolean (value, self->spoiler);
      break;
    case PROP_VEIL:
      g_value_set_boolean (value, self->veil);
      break;
    case PROP_SELECTABLE:
      g_value_set_boolean (value, gtk_label_get_selectable (self->text_label));
      break;
    case PROP_OPEN:
      g_value_set_boolean (value, rafilm_review_is_open (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_review_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RafilmReview *self = RAFILM_REVIEW (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      if (!g_set_str (&self->text, g_value_get_string (value)))
        return;
      self->shown = FALSE;
      break;
    case PROP_SPOILER:
      self->spoiler = g_value_get_boolean (value);
      break;
    case PROP_VEIL:
      self->veil = g_value_get_boolean (value);
      break;
    case PROP_SELECTABLE:
      gtk_label_set_selectable (self->text_label, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
  g_object_notify_by_pspec (object, pspec);
  g_object_notify_by_pspec (object, properties[PROP_OPEN]);
}

static void
rafilm_review_class_init (RafilmReviewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_review_dispose;
  object_class->finalize = rafilm_review_finalize;
  object_class->get_property = rafilm_review_get_property;
  object_class->set_property = rafilm_review_set_property;

  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_SPOILER] = g_param_spec_boolean ("spoiler", NULL, NULL, FALSE, flags);
  properties[PROP_VEIL] = g_param_spec_boolean ("veil", NULL, NULL, TRUE, flags);
  properties[PROP_SELECTABLE] = g_param_spec_boolean ("selectable", NULL, NULL, FALSE, flags);
  properties[PROP_OPEN] =
      g_param_spec_boolean ("open", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-review.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmReview, text_label);
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, show_clicked_cb);
}

static void
rafilm_review_init (RafilmReview *self)
{
  self->veil = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

gboolean
rafilm_review_is_open (RafilmReview *self)
{
  g_return_val_if_fail (RAFILM_IS_REVIEW (self), FALSE);

  return !self->spoiler || !self->veil || self->shown;
}
