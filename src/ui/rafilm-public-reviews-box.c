/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-public-reviews-box.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-error-text.h"
#include "rafilm-error.h"
#include "rafilm-public-review-row.h"
#include "rafilm-public-reviews.h"
#include "rafilm-spawn.h"
#include "rafilm-window.h"

struct _RafilmPublicReviewsBox
{
  GtkBox parent_instance;

  RafilmAppContext *context;
  RafilmPublicReviews *reviews;

  GtkListBox *list;
  GtkWidget *more_button;
};

G_DEFINE_FINAL_TYPE (RafilmPublicReviewsBox, rafilm_public_reviews_box, GTK_TYPE_BOX)

static void
tell (RafilmPublicReviewsBox *self, const char *text)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (RAFILM_IS_WINDOW (root))
    rafilm_window_add_toast (RAFILM_WINDOW (root), adw_toast_new (text));
}

static void
tell_error (RafilmPublicReviewsBox *self, const GError *error)
{
  if (!rafilm_error_is_cancelled (error))
    tell (self, rafilm_error_text (error));
}

static void
update_cb (RafilmPublicReviewsBox *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_list_model_get_n_items (G_LIST_MODEL (self->reviews)) > 0);
  gtk_widget_set_visible (self->more_button, rafilm_public_reviews_get_has_more (self->reviews));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  RafilmPublicReviewsBox *self = user_data;
  RafilmAccount *account = rafilm_app_context_get_account (self->context);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *content = rafilm_public_review_row_new (item);
  g_autofree char *name = NULL;

  /* Translators: %s is somebody's public name */
  name = g_strdup_printf (_ ("Review by @%s"), rafilm_public_review_get_handle (item));
  g_settings_bind (rafilm_app_context_get_settings (self->context), "veil-spoilers", content,
                   "veil", G_SETTINGS_BIND_GET);
  g_object_set (content, "can-report",
                rafilm_account_get_state (account) == RAFILM_ACCOUNT_SIGNED_IN, NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return row;
}

/* ---- Loading ---- */

static DexFuture *
more_fiber (gpointer user_data)
{
  RafilmPublicReviewsBox *self = user_data;
  g_autoptr (GError) error = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reviews.more", FALSE);
  dex_await_boolean (rafilm_public_reviews_load_more (self->reviews), &error);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "reviews.more", TRUE);
  /* That the first page does not come is no news: the film's page shows what there is. */
  if (error != NULL && gtk_widget_get_visible (GTK_WIDGET (self)))
    tell_error (self, error);

  return NULL;
}

static void
more_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dex_future_disown (rafilm_spawn (more_fiber, g_object_ref (widget), g_object_unref));
}

/* ---- Reporting ---- */

typedef struct
{
  RafilmPublicReviewsBox *self;
  RafilmPublicReview *review;
} Report;

static void
free_report (gpointer data)
{
  Report *report = data;

  g_clear_object (&report->self);
  g_clear_object (&report->review);
  g_free (report);
}

static DexFuture *
report_fiber (gpointer user_data)
{
  Report *report = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_await_boolean (rafilm_public_reviews_report (report->self->reviews, report->review),
                         &error))
    tell (report->self, _ ("Reported. The review is hidden here."));
  else
    tell_error (report->self, error);

  return NULL;
}

static void
report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmPublicReviewsBox *self = RAFILM_PUBLIC_REVIEWS_BOX (widget);
  GListModel *model = G_LIST_MODEL (self->reviews);
  const char *id = g_variant_get_string (parameter, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (RafilmPublicReview) review = g_list_model_get_item (model, i);

      if (g_str_equal (rafilm_public_review_get_id (review), id))
        {
          Report *report = g_new0 (Report, 1);

          report->self = g_object_ref (self);
          report->review = g_object_ref (review);
          dex_future_disown (rafilm_spawn (report_fiber, report, free_report));
          return;
        }
    }
}

/* ---- Type ---- */

static void
rafilm_public_reviews_box_dispose (GObject *object)
{
  RafilmPublicReviewsBox *self = RAFILM_PUBLIC_REVIEWS_BOX (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_PUBLIC_REVIEWS_BOX);
  g_clear_object (&self->reviews);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_public_reviews_box_parent_class)->dispose (object);
}

static void
rafilm_public_reviews_box_class_init (RafilmPublicReviewsBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_public_reviews_box_dispose;

  gtk_widget_class_install_action (widget_class, "reviews.more", NULL, more_action);
  gtk_widget_class_install_action (widget_class, "reviews.report", "s", report_action);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               RAFILM_UI "rafilm-public-reviews-box.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewsBox, list);
  gtk_widget_class_bind_template_child (widget_class, RafilmPublicReviewsBox, more_button);
}

static void
rafilm_public_reviews_box_init (RafilmPublicReviewsBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_public_reviews_box_show (RafilmPublicReviewsBox *self, RafilmAppContext *context,
                                gint64 film)
{
  g_return_if_fail (RAFILM_IS_PUBLIC_REVIEWS_BOX (self));
  g_return_if_fail (RAFILM_IS_APP_CONTEXT (context));
  g_return_if_fail (self->context == NULL);

  if (rafilm_app_context_get_api (context) == NULL)
    return;
  self->context = g_object_ref (context);
  self->reviews = rafilm_public_reviews_new (rafilm_app_context_get_api (context), film);
  g_signal_connect_object (self->reviews, "items-changed", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->reviews, "notify::has-more", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->reviews), create_row, self, NULL);
  more_action (GTK_WIDGET (self), NULL, NULL);
}
