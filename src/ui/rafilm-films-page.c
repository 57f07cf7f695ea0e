/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-films-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-film-grid.h"
#include "rafilm-live-list.h"
#include "rafilm-stars.h"

#define FIRST_DECADE 1900
#define N_DECADES 13

struct _RafilmFilmsPage
{
  AdwBin parent_instance;

  RafilmAppContext *context;
  RafilmLiveList *films;

  GtkStack *stack;
  RafilmFilmGrid *grid;
  AdwToggleGroup *kinds;
  GtkMenuButton *filter_button;
  GtkDropDown *genre;
  GtkDropDown *decade;
  RafilmStars *rating;
};

G_DEFINE_FINAL_TYPE (RafilmFilmsPage, rafilm_films_page, ADW_TYPE_BIN)

/* TMDb's genres (https://api.themoviedb.org/3/genre/movie/list), which facts
 * name in English; they are shown translated. */
static const char *const genres[] = {
  N_ ("Action"),      N_ ("Adventure"), N_ ("Animation"), N_ ("Comedy"),  N_ ("Crime"),
  N_ ("Documentary"), N_ ("Drama"),     N_ ("Family"),    N_ ("Fantasy"), N_ ("History"),
  N_ ("Horror"),      N_ ("Music"),     N_ ("Mystery"),   N_ ("Romance"), N_ ("Science Fiction"),
  N_ ("Thriller"),    N_ ("TV Movie"),  N_ ("War"),       N_ ("Western"),
};

static RafilmFilmFlags
get_flags (RafilmFilmsPage *self)
{
  const char *kind = adw_toggle_group_get_active_name (self->kinds);

  if (g_strcmp0 (kind, "watched") == 0)
    return RAFILM_FILM_WATCHED;
  if (g_strcmp0 (kind, "watchlist") == 0)
    return RAFILM_FILM_WATCHLIST;
  if (g_strcmp0 (kind, "liked") == 0)
    return RAFILM_FILM_LIKED;
  if (g_strcmp0 (kind, "unfinished") == 0)
    return RAFILM_FILM_UNFINISHED;

  return 0;
}

/* The first entry of both lists is "any"; decades run backwards. */
static DexFuture *
load (RafilmStore *store, gpointer data)
{
  RafilmFilmsPage *self = data;
  GSettings *settings = rafilm_app_context_get_settings (self->context);
  RafilmFilmQuery query = { 0 };
  guint genre = gtk_drop_down_get_selected (self->genre);
  guint decade = gtk_drop_down_get_selected (self->decade);

  query.flags = get_flags (self);
  if (genre > 0 && genre <= G_N_ELEMENTS (genres))
    query.genre = genres[genre - 1];
  if (decade > 0 && decade <= N_DECADES)
    query.decade = FIRST_DECADE + 10 * (int) (N_DECADES - decade);
  query.min_rating = rafilm_stars_get_value (self->rating);
  query.sort = (RafilmFilmSort) g_settings_get_enum (settings, "films-sort");
  query.descending = query.sort != RAFILM_FILM_SORT_TITLE;

  return rafilm_store_list_films (store, &query);
}

static gboolean
is_filtered (RafilmFilmsPage *self)
{
  return gtk_drop_down_get_selected (self->genre) != 0
         || gtk_drop_down_get_selected (self->decade) != 0
         || rafilm_stars_get_value (self->rating) != 0;
}

static void
update_cb (RafilmFilmsPage *self)
{
  const char *name = "grid";

  if (g_list_model_get_n_items (G_LIST_MODEL (self->films)) == 0)
    {
      if (!rafilm_live_list_is_loaded (self->films))
        name = "loading";
      else
        name = is_filtered (self) || get_flags (self) != 0 ? "none" : "empty";
    }
  gtk_stack_set_visible_child_name (self->stack, name);
}

static void
filter_changed_cb (RafilmFilmsPage *self)
{
  if (self->films == NULL)
    return;
  if (is_filtered (self))
    gtk_widget_add_css_class (GTK_WIDGET (self->filter_button), "accent");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->filter_button), "accent");
  rafilm_live_list_refresh (self->films);
}

static void
clear_cb (RafilmFilmsPage *self)
{
  gtk_drop_down_set_selected (self->genre, 0);
  gtk_drop_down_set_selected (self->decade, 0);
  rafilm_stars_set_value (self->rating, 0);
  adw_toggle_group_set_active_name (self->kinds, "all");
}

static void
fill_choices (RafilmFilmsPage *self)
{
  g_autoptr (GtkStringList) genre_names = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) decades = gtk_string_list_new (NULL);

  gtk_string_list_append (genre_names, _ ("Any"));
  for (guint i = 0; i < G_N_ELEMENTS (genres); i++)
    gtk_string_list_append (genre_names, _ (genres[i]));
  gtk_drop_down_set_model (self->genre, G_LIST_MODEL (genre_names));

  gtk_string_list_append (decades, _ ("Any"));
  for (int i = N_DECADES - 1; i >= 0; i--)
    /* Translators: a decade such as 1990s */
    gtk_string_list_take (decades, g_strdup_printf (_ ("%ds"), FIRST_DECADE + 10 * i));
  gtk_drop_down_set_model (self->decade, G_LIST_MODEL (decades));
}

static void
rafilm_films_page_dispose (GObject *object)
{
  RafilmFilmsPage *self = RAFILM_FILMS_PAGE (object);

  if (self->films != NULL)
    g_object_run_dispose (G_OBJECT (self->films));
  g_clear_object (&self->films);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILMS_PAGE);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_films_page_parent_class)->dispose (object);
}

static void
rafilm_films_page_class_init (RafilmFilmsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_films_page_dispose;

  g_type_ensure (RAFILM_TYPE_FILM_GRID);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-films-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, grid);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, genre);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, decade);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmsPage, rating);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

static void
rafilm_films_page_init (RafilmFilmsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_choices (self);
}

void
rafilm_films_page_set_context (RafilmFilmsPage *self, RafilmAppContext *context)
{
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr (GAction) sort = NULL;
  GSettings *settings;

  g_return_if_fail (RAFILM_IS_FILMS_PAGE (self));
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  settings = rafilm_app_context_get_settings (context);
  sort = g_settings_create_action (settings, "films-sort");
  g_action_map_add_action (G_ACTION_MAP (actions), sort);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "films", G_ACTION_GROUP (actions));
  g_settings_bind (settings, "poster-width", self->grid, "poster-width", G_SETTINGS_BIND_GET);

  self->films = rafilm_live_list_new (rafilm_app_context_get_store (context), RAFILM_TYPE_FILM,
                                      RAFILM_STORE_CHANGE_FILMS | RAFILM_STORE_CHANGE_VIEWINGS
                                          | RAFILM_STORE_CHANGE_WATCHLIST,
                                      load, self, NULL);
  rafilm_live_list_show_in (self->films, GTK_WIDGET (self));
  rafilm_film_grid_set_model (self->grid, G_LIST_MODEL (self->films));
  g_signal_connect_object (self->films, "notify", G_CALLBACK (update_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::films-sort", G_CALLBACK (filter_changed_cb), self,
                           G_CONNECT_SWAPPED);
}
