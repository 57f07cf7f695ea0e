/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-public-review-row.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-date.h"
#include "rafilm-rating.h"
#include "rafilm-review.h"
#include "rafilm-stars.h"

struct _RafilmPublicReviewRow
{
  GtkBox parent_instance;

  gboolean veil;
  gboolean can_report;

  GtkLabel *handle_label;
  GtkLabel *date_label;
  RafilmStars *stars;
  GtkWidget *heart;
  RafilmReview *review;
  GtkMenuButton *menu_button;
};

enum
{
  PROP_0,
  PROP_VEIL,
  PROP_CAN_REPORT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmPublicReviewRow, rafilm_public_review_row, GTK_TYPE_BOX)

static void
rafilm_public_review_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), RAFILM_TYPE_PUBLIC_REVIEW_ROW);

  G_OBJECT_CLASS (rafilm_public_review_row_parent_class)->dispose (object);
}

static void
rafilm_public_review_row_get_property (GObject *object, guint prop_id, GValue *value,
                                       GParamSpec *pspec)
{
  RafilmPublicReviewRow *self = RAFILM_PUBLIC_REVIEW_ROW (object);

  g_value_set_boolean (value, prop_id == PROP_VEIL ? self->veil : self->can_report);
}

static void
rafilm_public_review_row_set_property (GObject *object, guint prop_id, const GValue *value,
                                       GParamSpec *pspec)
{
  RafilmPublicReviewRow *self = RAFILM_PUBLIC_REVIEW_ROW (object);

  *(prop_id == PROP_VEIL ? &self->veil : &self->can_report) = g_value_get_boolean (value);
  g_object_notify_by_pspec (object, pspec);
}

static void
rafilm_public_review_row_class_init (RafilmPublicReviewRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_public_review_row_dispose;
  object_class->get_property = rafilm_public_review_row_get_property;
  object_class->set_property = rafilm_public_review_row_set_property;

  properties[PROP_VEIL] = g_param_spec_boolean ("veil", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REPORT] = g_param_spec_boolean ("can-report", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_REVIEW);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               RAFILM_UI "rafilm-public-review-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewRow, handle_label);
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewRow, date_label);
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewRow, stars);
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewRow, heart);
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewRow, review);
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewRow, menu_button);
}

static void
rafilm_public_review_row_init (RafilmPublicReviewRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_rating (RafilmPublicReviewRow *self, int rating)
{
  g_autofree char *number = rafilm_rating_dup_number (rating);
  g_autofree char *name = NULL;

  /* Translators: %s is a number of stars such as 4½ */
  name = g_strdup_printf (_ ("rated %s of 5"), number);
  rafilm_stars_set_value (self->stars, rating);
  gtk_widget_set_visible (GTK_WIDGET (self->stars), rating > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->stars), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
set_menu (RafilmPublicReviewRow *self, const char *id)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenuItem) item = g_menu_item_new (_ ("_Report to Rafilm"), NULL);

  g_menu_item_set_action_and_target (item, "reviews.report", "s", id);
  g_menu_append_item (menu, item);
  gtk_menu_button_set_menu_model (self->menu_button, G_MENU_MODEL (menu));
}

GtkWidget *
rafilm_public_review_row_new (RafilmPublicReview *review)
{
  RafilmPublicReviewRow *self = g_object_new (RAFILM_TYPE_PUBLIC_REVIEW_ROW, NULL);
  const char *date = rafilm_public_review_get_date (review);
  g_autofree char *handle = NULL;
  g_autofree char *day = NULL;
  g_autofree char *watched = NULL;

  handle = g_strconcat ("@", rafilm_public_review_get_handle (review), NULL);
  gtk_label_set_text (self->handle_label, handle);
  set_rating (self, rafilm_public_review_get_rating (review));
  gtk_widget_set_visible (self->heart, rafilm_public_review_get_liked (review));
  if (date != NULL)
    {
      day = rafilm_date_format (date);
      /* Translators: %s is a day such as 3 March 2026 */
      watched = g_strdup_printf (_ ("Watched %s"), day);
      gtk_label_set_text (self->date_label, watched);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->date_label), date != NULL);
  g_object_set (self->review, "text", rafilm_public_review_get_text (review), "spoiler",
                rafilm_public_review_get_spoiler (review), NULL);
  set_menu (self, rafilm_public_review_get_id (review));

  return GTK_WIDGET (self);
}
