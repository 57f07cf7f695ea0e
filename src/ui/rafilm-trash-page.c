/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-trash-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-date.h"
#include "rafilm-live-list.h"
#include "rafilm-poster-view.h"
#include "rafilm-window.h"

/* More rows than anybody looks through; what is older comes up as these go. */
#define SHOWN 200

struct _RafilmTrashPage
{
  AdwNavigationPage parent_instance;

  RafilmLiveList *viewings;

  GtkStack *stack;
  GtkLabel *days;
  GtkListBox *box;
};

G_DEFINE_FINAL_TYPE (RafilmTrashPage, rafilm_trash_page, ADW_TYPE_NAVIGATION_PAGE)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_trash (store);
}

static void
restore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr (RafilmEdit) edit = NULL;

  if (!RAFILM_IS_WINDOW (root))
    return;
  edit = rafilm_edit_new (_ ("Restore Viewing"));
  rafilm_edit_restore_viewing (edit, g_variant_get_string (parameter, NULL));
  rafilm_window_apply (RAFILM_WINDOW (root), edit, _ ("The viewing is in the diary again"));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  RafilmViewing *viewing = item;
  RafilmFilm *film = rafilm_viewing_get_film (viewing);
  const char *date = rafilm_viewing_get_date (viewing);
  g_autofree char *subtitle = NULL;
  g_autofree char *spoken = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *poster = rafilm_poster_view_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Restore"));

  subtitle = date != NULL && rafilm_date_is_valid (date) ? rafilm_date_format (date)
                                                         : g_strdup (_ ("No date"));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rafilm_film_get_title (film));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  rafilm_poster_view_set_poster_width (RAFILM_POSTER_VIEW (poster), 32);
  rafilm_poster_view_set_film (RAFILM_POSTER_VIEW (poster), film);
  gtk_widget_set_margin_top (poster, 6);
  gtk_widget_set_margin_bottom (poster, 6);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), poster);

  /* Translators: %s is a film's title */
  spoken = g_strdup_printf (_ ("Restore the viewing of %s"), rafilm_film_get_title (film));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", rafilm_viewing_get_id (viewing));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "trash.restore");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  /* The row gives the button its title for a name, which says nothing of restoring. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);

  return row;
}

static void
update_cb (RafilmTrashPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->viewings)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (rafilm_live_list_is_loaded (self->viewings))
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
rafilm_trash_page_dispose (GObject *object)
{
  RafilmTrashPage *self = RAFILM_TRASH_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_TRASH_PAGE);
  g_clear_object (&self->viewings);

  G_OBJECT_CLASS (rafilm_trash_page_parent_class)->dispose (object);
}

static void
rafilm_trash_page_class_init (RafilmTrashPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_trash_page_dispose;

  gtk_widget_class_install_action (widget_class, "trash.restore", "s", restore_action);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-trash-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, days);
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, box);
}

static void
rafilm_trash_page_init (RafilmTrashPage *self)
{
  g_autofree char *days = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  days = g_strdup_printf (_ ("What you delete from the diary stays here for %d days, on all your "
                             "computers."),
                          RAFILM_STORE_TRASH_DAYS);
  gtk_label_set_text (self->days, days);
}

AdwNavigationPage *
rafilm_trash_page_new (RafilmAppContext *context)
{
  RafilmTrashPage *self;
  g_autoptr (GtkSliceListModel) slice = NULL;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  self = g_object_new (RAFILM_TYPE_TRASH_PAGE, NULL);
  self->viewings =
      rafilm_live_list_new (rafilm_app_context_get_store (context), RAFILM_TYPE_VIEWING,
                            RAFILM_STORE_CHANGE_VIEWINGS, load, NULL, NULL);
  slice = gtk_slice_list_model_new (G_LIST_MODEL (g_object_ref (self->viewings)), 0, SHOWN);
  gtk_list_box_bind_model (self->box, G_LIST_MODEL (slice), create_row, NULL, NULL);
  g_signal_connect_object (self->viewings, "notify", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);

  return ADW_NAVIGATION_PAGE (self);
}
