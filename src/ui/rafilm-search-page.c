/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-search-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-film-row.h"
#include "rafilm-film-search.h"
#include "rafilm-list-top.h"

struct _RafilmSearchPage
{
  AdwBin parent_instance;

  RafilmAppContext *context;
  RafilmFilmSearch *search;
  guint announce_source;

  GtkStack *stack;
  GtkListView *view;
};

enum
{
  PROP_0,
  PROP_NONE_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmSearchPage, rafilm_search_page, ADW_TYPE_BIN)

static void
open_at (RafilmSearchPage *self, guint position)
{
  g_autoptr (RafilmFilm) film =
      g_list_model_get_item (rafilm_film_search_get_model (self->search), position);

  if (film != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x", rafilm_film_get_id (film));
}

static void
activate_cb (RafilmSearchPage *self, guint position, GtkListView *view)
{
  open_at (self, position);
}

/* Said once when the results have settled, not with every letter. */
static gboolean
announce_cb (gpointer user_data)
{
  RafilmSearchPage *self = user_data;
  guint n_items = g_list_model_get_n_items (rafilm_film_search_get_model (self->search));
  g_autofree char *text = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u film found", "%u films found", n_items), n_items);

  self->announce_source = 0;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);

  return G_SOURCE_REMOVE;
}

static void
update_cb (RafilmSearchPage *self)
{
  guint n_items = g_list_model_get_n_items (rafilm_film_search_get_model (self->search));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NONE_TEXT]);
  if (rafilm_film_search_is_empty (self->search))
    {
      gtk_stack_set_visible_child_name (self->stack, "hints");
      return;
    }
  if (n_items > 0)
    gtk_stack_set_visible_child_name (self->stack, "results");
  else if (!rafilm_film_search_is_busy (self->search))
    gtk_stack_set_visible_child_name (self->stack, "none");

  g_clear_handle_id (&self->announce_source, g_source_remove);
  self->announce_source = g_timeout_add (700, announce_cb, self);
}

static gboolean
rafilm_search_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RAFILM_SEARCH_PAGE (widget)->view));
}

static void
rafilm_search_page_dispose (GObject *object)
{
  RafilmSearchPage *self = RAFILM_SEARCH_PAGE (object);

  g_clear_handle_id (&self->announce_source, g_source_remove);
  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_SEARCH_PAGE);
  g_clear_object (&self->search);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_search_page_parent_class)->dispose (object);
}

static void
rafilm_search_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmSearchPage *self = RAFILM_SEARCH_PAGE (object);
  gboolean offline = self->context == NULL || rafilm_app_context_is_offline (self->context);

  g_value_set_string (value, offline ? _ ("You are offline, so only films that are known here "
                                          "were searched.")
                                     : _ ("Try another spelling, or fewer words."));
}

static void
rafilm_search_page_class_init (RafilmSearchPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_search_page_dispose;
  object_class->get_property = rafilm_search_page_get_property;
  widget_class->grab_focus = rafilm_search_page_grab_focus;

  properties[PROP_NONE_TEXT] = g_param_spec_string ("none-text", NULL, NULL, NULL,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-search-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmSearchPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmSearchPage, view);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
rafilm_search_page_init (RafilmSearchPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_search_page_set_context (RafilmSearchPage *self, RafilmAppContext *context)
{
  g_autoptr (GtkNoSelection) selection = NULL;
  g_autoptr (GtkListItemFactory) rows = rafilm_film_row_factory_new (FALSE);
  g_autoptr (GtkListItemFactory) headings = rafilm_film_search_heading_factory_new ();

  g_return_if_fail (RAFILM_IS_SEARCH_PAGE (self));
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->search = rafilm_film_search_new (context);
  selection = gtk_no_selection_new (g_object_ref (rafilm_film_search_get_model (self->search)));
  gtk_list_view_set_factory (self->view, rows);
  gtk_list_view_set_header_factory (self->view, headings);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
  rafilm_list_top_keep (self->view);
  g_signal_connect_object (self->search, "changed", G_CALLBACK (update_cb), self,
                           G_CONNECT_SWAPPED);
}

void
rafilm_search_page_set_text (RafilmSearchPage *self, const char *text)
{
  g_return_if_fail (RAFILM_IS_SEARCH_PAGE (self));

  if (self->search != NULL)
    rafilm_film_search_set_text (self->search, text);
}

void
rafilm_search_page_activate_first (RafilmSearchPage *self)
{
  g_return_if_fail (RAFILM_IS_SEARCH_PAGE (self));

  open_at (self, 0);
}
