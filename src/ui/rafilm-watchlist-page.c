/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-watchlist-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-film-grid.h"
#include "rafilm-live-list.h"

struct _RafilmWatchlistPage
{
  AdwBin parent_instance;

  RafilmAppContext *context;
  RafilmLiveList *films;

  GtkStack *stack;
  RafilmFilmGrid *grid;
  GtkLabel *count;
};

G_DEFINE_FINAL_TYPE (RafilmWatchlistPage, rafilm_watchlist_page, ADW_TYPE_BIN)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  RafilmWatchlistPage *self = data;
  GSettings *settings = rafilm_app_context_get_settings (self->context);
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHLIST };

  query.sort = (RafilmFilmSort) g_settings_get_enum (settings, "watchlist-sort");
  query.descending = query.sort != RAFILM_FILM_SORT_TITLE;

  return rafilm_store_list_films (store, &query);
}

static void
update_cb (RafilmWatchlistPage *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->films));
  g_autofree char *text =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u film", "%u films", n_items), n_items);

  gtk_label_set_text (self->count, text);
  if (n_items > 0)
    gtk_stack_set_visible_child_name (self->stack, "grid");
  else if (rafilm_live_list_is_loaded (self->films))
    gtk_stack_set_visible_child_name (self->stack, "empty");
}

static void
surprise_cb (RafilmWatchlistPage *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->films));
  g_autoptr (RafilmFilm) film = NULL;

  if (n_items == 0)
    return;
  film = g_list_model_get_item (G_LIST_MODEL (self->films),
                                (guint) g_random_int_range (0, (gint32) n_items));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x", rafilm_film_get_id (film));
}

static void
rafilm_watchlist_page_dispose (GObject *object)
{
  RafilmWatchlistPage *self = RAFILM_WATCHLIST_PAGE (object);

  if (self->films != NULL)
    g_object_run_dispose (G_OBJECT (self->films));
  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_WATCHLIST_PAGE);
  g_clear_object (&self->films);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_watchlist_page_parent_class)->dispose (object);
}

static void
rafilm_watchlist_page_class_init (RafilmWatchlistPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_watchlist_page_dispose;

  g_type_ensure (RAFILM_TYPE_FILM_GRID);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-watchlist-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmWatchlistPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmWatchlistPage, grid);
  gtk_widget_class_bind_template_child (widget_class, RafilmWatchlistPage, count);
  gtk_widget_class_bind_template_callback (widget_class, surprise_cb);
}

static void
rafilm_watchlist_page_init (RafilmWatchlistPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_watchlist_page_set_context (RafilmWatchlistPage *self, RafilmAppContext *context)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GAction) sort = NULL;
  GSettings *settings;

  g_return_if_fail (RAFILM_IS_WATCHLIST_PAGE (self));
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  settings = rafilm_app_context_get_settings (context);
  sort = g_settings_create_action (settings, "watchlist-sort");
  g_action_map_add_action (G_ACTION_MAP (actions), sort);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "watchlist", G_ACTION_GROUP (actions));
  g_settings_bind (settings, "poster-width", self->grid, "poster-width", G_SETTINGS_BIND_GET);

  self->films = rafilm_live_list_new (rafilm_app_context_get_store (context), RAFILM_TYPE_FILM,
                                      RAFILM_STORE_CHANGE_WATCHLIST, load, self, NULL);
  rafilm_live_list_show_in (self->films, GTK_WIDGET (self));
  rafilm_film_grid_set_model (self->grid, G_LIST_MODEL (self->films));
  g_signal_connect_object (self->films, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::watchlist-sort",
                           G_CALLBACK (rafilm_live_list_refresh), self->films, G_CONNECT_SWAPPED);
}
