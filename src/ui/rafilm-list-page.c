/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-list-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-film-row.h"
#include "rafilm-live-list.h"
#include "rafilm-window.h"

struct _RafilmListPage
{
  AdwNavigationPage parent_instance;

  char *list;
  gboolean ranked;
  gboolean public;
  RafilmLiveList *films;
  GtkSingleSelection *selection;

  GtkStack *stack;
  GtkListView *view;
};

G_DEFINE_FINAL_TYPE (RafilmListPage, rafilm_list_page, ADW_TYPE_NAVIGATION_PAGE)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_entries (store, data);
}

static void
apply (RafilmListPage *self, RafilmEdit *edit, const char *toast)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (RAFILM_IS_WINDOW (root))
    rafilm_window_apply (RAFILM_WINDOW (root), edit, toast);
}

/* ---- Moving and removing ---- */

static void
move_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmListPage *self = RAFILM_LIST_PAGE (widget);
  guint position = gtk_single_selection_get_selected (self->selection);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->films));
  gint64 target = (gint64) position + g_variant_get_int32 (parameter);
  g_autoptr (RafilmFilm) film = g_list_model_get_item (G_LIST_MODEL (self->films), position);
  g_autoptr (RafilmEdit) edit = NULL;

  if (film == NULL || target < 0 || target >= n_items)
    return;
  edit = rafilm_edit_new (_ ("Move in List"));
  rafilm_edit_move_in_list (edit, self->list, rafilm_film_get_id (film), (guint) target);
  apply (self, edit, NULL);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmListPage *self = RAFILM_LIST_PAGE (widget);
  g_autoptr (RafilmFilm) film = g_list_model_get_item (
      G_LIST_MODEL (self->films), gtk_single_selection_get_selected (self->selection));
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *text = NULL;

  if (film == NULL)
    return;
  /* Translators: %s is a film's title */
  text = g_strdup_printf (_ ("“%s” was taken off the list"), rafilm_film_get_title (film));
  edit = rafilm_edit_new (text);
  rafilm_edit_remove_from_list (edit, self->list, rafilm_film_get_id (film));
  apply (self, edit, text);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmListPage *self = RAFILM_LIST_PAGE (widget);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (_ ("Delete List"));

  rafilm_edit_delete_list (edit, self->list);
  apply (self, edit, _ ("The list was deleted"));
  gtk_widget_activate_action (widget, "navigation.pop", NULL);
}

static void
set_factory (RafilmListPage *self)
{
  g_autoptr (GtkListItemFactory) factory = rafilm_film_row_factory_new (self->ranked);

  gtk_list_view_set_factory (self->view, factory);
}

static void
toggle_ranked_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmListPage *self = RAFILM_LIST_PAGE (widget);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (_ ("Number the List"));

  self->ranked = !self->ranked;
  rafilm_edit_update_list (edit, self->list, NULL, NULL, self->ranked, self->public);
  apply (self, edit, NULL);
  set_factory (self);
}

static void
activate_cb (RafilmListPage *self, guint position, GtkListView *view)
{
  g_autoptr (RafilmFilm) film = g_list_model_get_item (G_LIST_MODEL (self->films), position);

  if (film != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x", rafilm_film_get_id (film));
}

static void
update_cb (RafilmListPage *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->films)) == 0;

  if (!empty || rafilm_live_list_is_loaded (self->films))
    gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : "films");
}

/* ---- Type ---- */

static void
rafilm_list_page_dispose (GObject *object)
{
  RafilmListPage *self = RAFILM_LIST_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_LIST_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->films);
  g_clear_pointer (&self->list, g_free);

  G_OBJECT_CLASS (rafilm_list_page_parent_class)->dispose (object);
}

static void
rafilm_list_page_class_init (RafilmListPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_list_page_dispose;

  gtk_widget_class_install_action (widget_class, "list.move", "i", move_action);
  gtk_widget_class_install_action (widget_class, "list.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "list.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "list.toggle-ranked", NULL, toggle_ranked_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Up, GDK_ALT_MASK, "list.move", "i",
                                       -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Down, GDK_ALT_MASK, "list.move", "i",
                                       1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "list.remove", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-list-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmListPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmListPage, view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
rafilm_list_page_init (RafilmListPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
rafilm_list_page_new (RafilmAppContext *context, RafilmList *list)
{
  RafilmListPage *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (RAFILM_IS_LIST (list), NULL);

  self = g_object_new (RAFILM_TYPE_LIST_PAGE, "title", rafilm_list_get_name (list), NULL);
  self->list = g_strdup (rafilm_list_get_id (list));
  self->ranked = rafilm_list_get_ranked (list);
  self->public = rafilm_list_get_public (list);
  self->films =
      rafilm_live_list_new (rafilm_app_context_get_store (context), RAFILM_TYPE_FILM,
                            RAFILM_STORE_CHANGE_LISTS, load, g_strdup (self->list), g_free);
  rafilm_live_list_show_in (self->films, GTK_WIDGET (self));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->films)));
  set_factory (self);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->films, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);

  return ADW_NAVIGATION_PAGE (self);
}
