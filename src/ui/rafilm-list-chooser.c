/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-list-chooser.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-list.h"
#include "rafilm-live-list.h"
#include "rafilm-window.h"

struct _RafilmListChooser
{
  AdwDialog parent_instance;

  RafilmFilm *film;
  RafilmLiveList *lists;

  AdwEntryRow *name;
  GtkWidget *create_button;
  GtkWidget *lists_group;
  GtkListBox *lists_box;
};

G_DEFINE_FINAL_TYPE (RafilmListChooser, rafilm_list_chooser, ADW_TYPE_DIALOG)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_lists (store);
}

static void
apply (RafilmListChooser *self, RafilmEdit *edit, const char *list_name)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  /* Translators: a film was put on a list: its title, the list's name */
  g_autofree char *text =
      g_strdup_printf (_ ("“%s” is on “%s”"), rafilm_film_get_title (self->film), list_name);

  if (RAFILM_IS_WINDOW (root))
    rafilm_window_apply (RAFILM_WINDOW (root), edit, text);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
create_cb (RafilmListChooser *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name));
  g_autoptr (RafilmEdit) edit = NULL;
  const char *list;

  if (*name == '\0')
    return;
  edit = rafilm_edit_new (_ ("Create List"));
  list = rafilm_edit_create_list (edit, name, "", FALSE, FALSE);
  rafilm_edit_add_to_list (edit, list, rafilm_film_get_id (self->film), NULL);
  apply (self, edit, name);
}

static void
name_changed_cb (RafilmListChooser *self)
{
  gtk_widget_set_sensitive (self->create_button,
                            *gtk_editable_get_text (GTK_EDITABLE (self->name)) != '\0');
}

static void
row_activated_cb (RafilmListChooser *self, GtkListBoxRow *row)
{
  g_autoptr (RafilmList) list =
      g_list_model_get_item (G_LIST_MODEL (self->lists), (guint) gtk_list_box_row_get_index (row));
  g_autoptr (RafilmEdit) edit = NULL;

  if (list == NULL)
    return;
  edit = rafilm_edit_new (_ ("Add to List"));
  rafilm_edit_add_to_list (edit, rafilm_list_get_id (list), rafilm_film_get_id (self->film), NULL);
  apply (self, edit, rafilm_list_get_name (list));
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
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return row;
}

static void
update_cb (RafilmListChooser *self)
{
  gtk_widget_set_visible (self->lists_group,
                          g_list_model_get_n_items (G_LIST_MODEL (self->lists)) > 0);
}

static void
rafilm_list_chooser_dispose (GObject *object)
{
  RafilmListChooser *self = RAFILM_LIST_CHOOSER (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_LIST_CHOOSER);
  g_clear_object (&self->lists);
  g_clear_object (&self->film);

  G_OBJECT_CLASS (rafilm_list_chooser_parent_class)->dispose (object);
}

static void
rafilm_list_chooser_class_init (RafilmListChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_list_chooser_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-list-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmListChooser, name);
  gtk_widget_class_bind_template_child (widget_class, RafilmListChooser, create_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmListChooser, lists_group);
  gtk_widget_class_bind_template_child (widget_class, RafilmListChooser, lists_box);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
rafilm_list_chooser_init (RafilmListChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
rafilm_list_chooser_new (RafilmAppContext *context, RafilmFilm *film)
{
  RafilmListChooser *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);

  self = g_object_new (RAFILM_TYPE_LIST_CHOOSER, NULL);
  self->film = g_object_ref (film);
  self->lists = rafilm_live_list_new (rafilm_app_context_get_store (context), RAFILM_TYPE_LIST,
                                      RAFILM_STORE_CHANGE_LISTS, load, NULL, NULL);
  gtk_list_box_bind_model (self->lists_box, G_LIST_MODEL (self->lists), create_row, NULL, NULL);
  g_signal_connect_object (self->lists, "items-changed", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
  update_cb (self);

  return ADW_DIALOG (self);
}
