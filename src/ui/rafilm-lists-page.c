/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-lists-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-list-page.h"
#include "rafilm-live-list.h"
#include "rafilm-window.h"

struct _RafilmListsPage
{
  AdwBin parent_instance;

  RafilmAppContext *context;
  RafilmLiveList *lists;

  GtkStack *stack;
  GtkListBox *lists_box;
};

G_DEFINE_FINAL_TYPE (RafilmListsPage, rafilm_lists_page, ADW_TYPE_BIN)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_lists (store);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  GtkWidget *row = adw_action_row_new ();
  guint count = rafilm_list_get_count (item);
  g_autofree char *subtitle =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u film", "%u films", count), count);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), rafilm_list_get_name (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (rafilm_list_get_ranked (item)
                                                               ? "view-list-ordered-symbolic"
                                                               : "view-list-bullet-symbolic"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return row;
}

static void
row_activated_cb (RafilmListsPage *self, GtkListBoxRow *row, GtkListBox *box)
{
  g_autoptr (RafilmList) list =
      g_list_model_get_item (G_LIST_MODEL (self->lists), (guint) gtk_list_box_row_get_index (row));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (list != NULL && RAFILM_IS_WINDOW (root))
    rafilm_window_push (RAFILM_WINDOW (root), rafilm_list_page_new (self->context, list));
}

static void
new_response_cb (RafilmListsPage *self, const char *response, AdwAlertDialog *alert)
{
  GtkWidget *entry = g_object_get_data (G_OBJECT (alert), "rafilm-entry");
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  const char *name = gtk_editable_get_text (GTK_EDITABLE (entry));
  g_autoptr (RafilmEdit) edit = NULL;

  if (!g_str_equal (response, "create") || *name == '\0' || !RAFILM_IS_WINDOW (root))
    return;
  edit = rafilm_edit_new (_ ("Create List"));
  rafilm_edit_create_list (edit, name, "", FALSE, FALSE);
  rafilm_window_apply (RAFILM_WINDOW (root), edit, NULL);
}

static void
new_cb (RafilmListsPage *self)
{
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (adw_alert_dialog_new (_ ("New List"), NULL));
  GtkWidget *entry = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("Name"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Name of the list"), -1);
  g_object_set_data (G_OBJECT (alert), "rafilm-entry", entry);
  adw_alert_dialog_set_extra_child (alert, entry);
  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "create", _ ("C_reate"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "create", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (alert, "create");
  g_signal_connect_object (alert, "response", G_CALLBACK (new_response_cb), self,
                           G_CONNECT_SWAPPED);
  adw_dialog_set_focus (ADW_DIALOG (alert), entry);
  adw_dialog_present (ADW_DIALOG (alert), GTK_WIDGET (self));
}

static void
update_cb (RafilmListsPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->lists)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "lists");
  else if (rafilm_live_list_is_loaded (self->lists))
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
rafilm_lists_page_dispose (GObject *object)
{
  RafilmListsPage *self = RAFILM_LISTS_PAGE (object);

  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_LISTS_PAGE);
  g_clear_object (&self->lists);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_lists_page_parent_class)->dispose (object);
}

static void
rafilm_lists_page_class_init (RafilmListsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_lists_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-lists-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmListsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmListsPage, lists_box);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_cb);
}

static void
rafilm_lists_page_init (RafilmListsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_lists_page_set_context (RafilmListsPage *self, RafilmAppContext *context)
{
  g_return_if_fail (RAFILM_IS_LISTS_PAGE (self));
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->lists = rafilm_live_list_new (rafilm_app_context_get_store (context), RAFILM_TYPE_LIST,
                                      RAFILM_STORE_CHANGE_LISTS, load, NULL, NULL);
  rafilm_live_list_show_in (self->lists, GTK_WIDGET (self));
  gtk_list_box_bind_model (self->lists_box, G_LIST_MODEL (self->lists), create_row, NULL, NULL);
  g_signal_connect_object (self->lists, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
}
