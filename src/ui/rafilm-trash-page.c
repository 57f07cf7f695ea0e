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

  RafilmLiveList *lists;
  RafilmLiveList *viewings;
  gboolean restoring; /* from here, and not from elsewhere */

  GtkWidget *header;
  GtkStack *stack;
  GtkLabel *days;
  GtkListBox *box;
};

G_DEFINE_FINAL_TYPE (RafilmTrashPage, rafilm_trash_page, ADW_TYPE_NAVIGATION_PAGE)

static DexFuture *
load_lists (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_trash_lists (store);
}

static DexFuture *
load_viewings (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_trash (store);
}

static void
restore_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  g_autoptr (RafilmEdit) edit = NULL;

  if (!RAFILM_IS_WINDOW (root))
    return;
  RAFILM_TRASH_PAGE (widget)->restoring = TRUE;
  if (g_str_equal (name, "trash.restore-list"))
    {
      edit = rafilm_edit_new (_ ("Restore List"));
      rafilm_edit_restore_list (edit, id);
      rafilm_window_apply (RAFILM_WINDOW (root), edit, _ ("The list is there again"));
      return;
    }
  edit = rafilm_edit_new (_ ("Restore Viewing"));
  rafilm_edit_restore_viewing (edit, id);
  rafilm_window_apply (RAFILM_WINDOW (root), edit, _ ("The viewing is in the diary again"));
}

/* ---- Rows ---- */

/* SPOKEN says what is restored by ACTION with ID. */
static GtkWidget *
create_row (const char *title, const char *subtitle, const char *spoken, const char *action,
            const char *id)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Restore"));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  /* The row gives the button its title for a name, which says nothing of restoring. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);

  return row;
}

static GtkWidget *
create_list_row (RafilmList *list)
{
  const char *name = rafilm_list_get_name (list);
  g_autofree char *subtitle = NULL;
  g_autofree char *spoken = NULL;
  GtkWidget *image = gtk_image_new_from_icon_name ("rafilm-lists-symbolic");
  GtkWidget *row;

  subtitle = g_strdup_printf (
      ngettext ("List of %u film", "List of %u films", rafilm_list_get_count (list)),
      rafilm_list_get_count (list));
  /* Translators: %s is a list's name */
  spoken = g_strdup_printf (_ ("Restore the list %s"), name);
  row = create_row (name, subtitle, spoken, "trash.restore-list", rafilm_list_get_id (list));
  gtk_widget_set_size_request (image, 32, -1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);

  return row;
}

static GtkWidget *
create_viewing_row (RafilmViewing *viewing)
{
  RafilmFilm *film = rafilm_viewing_get_film (viewing);
  const char *title = rafilm_film_get_title (film);
  const char *date = rafilm_viewing_get_date (viewing);
  g_autofree char *subtitle = NULL;
  g_autofree char *spoken = NULL;
  GtkWidget *poster = rafilm_poster_view_new ();
  GtkWidget *row;

  subtitle = date != NULL && rafilm_date_is_valid (date) ? rafilm_date_format (date)
                                                         : g_strdup (_ ("No date"));
  /* Translators: %s is a film's title */
  spoken = g_strdup_printf (_ ("Restore the viewing of %s"), title);
  row = create_row (title, subtitle, spoken, "trash.restore", rafilm_viewing_get_id (viewing));
  rafilm_poster_view_set_poster_width (RAFILM_POSTER_VIEW (poster), 32);
  rafilm_poster_view_set_film (RAFILM_POSTER_VIEW (poster), film);
  gtk_widget_set_margin_top (poster, 6);
  gtk_widget_set_margin_bottom (poster, 6);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), poster);

  return row;
}

static GtkWidget *
create_row_cb (gpointer item, gpointer user_data)
{
  return RAFILM_IS_LIST (item) ? create_list_row (item) : create_viewing_row (item);
}

/* ---- Type ---- */

/* The focus has gone with the last row, to a message that goes too. */
static gboolean
focus_cb (gpointer user_data)
{
  RafilmTrashPage *self = user_data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_child_focus (self->header, GTK_DIR_TAB_FORWARD);

  return G_SOURCE_REMOVE;
}

static void
update_cb (RafilmTrashPage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->viewings)) > 0
      || g_list_model_get_n_items (G_LIST_MODEL (self->lists)) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (rafilm_live_list_is_loaded (self->viewings) && rafilm_live_list_is_loaded (self->lists))
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      if (self->restoring)
        g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_cb, g_object_ref (self), g_object_unref);
      self->restoring = FALSE;
    }
}

static void
rafilm_trash_page_dispose (GObject *object)
{
  RafilmTrashPage *self = RAFILM_TRASH_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_TRASH_PAGE);
  g_clear_object (&self->lists);
  g_clear_object (&self->viewings);

  G_OBJECT_CLASS (rafilm_trash_page_parent_class)->dispose (object);
}

static void
rafilm_trash_page_class_init (RafilmTrashPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_trash_page_dispose;

  gtk_widget_class_install_action (widget_class, "trash.restore", "s", restore_action);
  gtk_widget_class_install_action (widget_class, "trash.restore-list", "s", restore_action);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-trash-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, header);
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, days);
  gtk_widget_class_bind_template_child (widget_class, RafilmTrashPage, box);
}

static void
rafilm_trash_page_init (RafilmTrashPage *self)
{
  g_autofree char *days = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  days = g_strdup_printf (
      _ ("Deleted viewings and lists stay here for %d days, on all your computers."),
      RAFILM_STORE_TRASH_DAYS);
  gtk_label_set_text (self->days, days);
}

static RafilmLiveList *
add_list (RafilmTrashPage *self, GListStore *models, RafilmLiveList *list)
{
  g_autoptr (GtkSliceListModel) slice =
      gtk_slice_list_model_new (G_LIST_MODEL (g_object_ref (list)), 0, SHOWN);

  g_list_store_append (models, slice);
  g_signal_connect_object (list, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);

  return list;
}

AdwNavigationPage *
rafilm_trash_page_new (RafilmAppContext *context)
{
  RafilmTrashPage *self;
  RafilmStore *store;
  g_autoptr (GListStore) models = NULL;
  g_autoptr (GtkFlattenListModel) rows = NULL;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  models = g_list_store_new (G_TYPE_LIST_MODEL);
  rows = gtk_flatten_list_model_new (G_LIST_MODEL (g_object_ref (models)));
  self = g_object_new (RAFILM_TYPE_TRASH_PAGE, NULL);
  store = rafilm_app_context_get_store (context);
  self->lists = add_list (self, models,
                          rafilm_live_list_new (store, RAFILM_TYPE_LIST, RAFILM_STORE_CHANGE_LISTS,
                                                load_lists, NULL, NULL));
  self->viewings =
      add_list (self, models,
                rafilm_live_list_new (store, RAFILM_TYPE_VIEWING, RAFILM_STORE_CHANGE_VIEWINGS,
                                      load_viewings, NULL, NULL));
  gtk_list_box_bind_model (self->box, G_LIST_MODEL (rows), create_row_cb, NULL, NULL);

  return ADW_NAVIGATION_PAGE (self);
}
