/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-film-page.h"

#include <glib/gi18n.h>

#include "rafilm-backdrop.h"
#include "rafilm-catalogue.h"
#include "rafilm-closures.h"
#include "rafilm-diary-row.h"
#include "rafilm-film-strip.h"
#include "rafilm-list-chooser.h"
#include "rafilm-live-list.h"
#include "rafilm-poster-view.h"
#include "rafilm-public-reviews-box.h"
#include "rafilm-recommender.h"
#include "rafilm-spawn.h"
#include "rafilm-stars.h"
#include "rafilm-window.h"

#define SHOWN_CAST 14
#define SIMILAR_LIMIT 20

struct _RafilmFilmPage
{
  AdwNavigationPage parent_instance;

  RafilmAppContext *context;
  RafilmFilm *film;
  RafilmLiveList *viewings;
  RafilmLiveList *similar_films;
  DexFuture *fetching;

  GtkLabel *original;
  GtkLabel *facts;
  RafilmStars *rating;
  GtkToggleButton *like_button;
  GtkButton *log_button;
  GtkButton *watchlist_button;
  AdwButtonContent *watchlist_content;
  GtkWidget *viewings_box;
  GtkListBox *viewings_list;
  GtkWidget *cast_box;
  AdwWrapBox *cast;
  RafilmPublicReviewsBox *public_reviews;
  RafilmFilmStrip *similar;
};

enum
{
  PROP_0,
  PROP_FILM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmFilmPage, rafilm_film_page, ADW_TYPE_NAVIGATION_PAGE)

static RafilmWindow *
get_window (RafilmFilmPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return RAFILM_IS_WINDOW (root) ? RAFILM_WINDOW (root) : NULL;
}

/* ---- Own state ---- */

static void
update_state_cb (RafilmFilmPage *self)
{
  const RafilmFilmState *state = rafilm_film_get_state (self->film);

  rafilm_stars_set_value (self->rating, state->rating);
  gtk_toggle_button_set_active (self->like_button, state->like);
  gtk_button_set_icon_name (GTK_BUTTON (self->like_button),
                            state->like ? "rafilm-heart-filled-symbolic" : "rafilm-heart-symbolic");
  if (state->like)
    gtk_widget_add_css_class (GTK_WIDGET (self->like_button), "like");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->like_button), "like");
  adw_button_content_set_icon_name (self->watchlist_content, state->watchlist
                                                                 ? "rafilm-bookmark-filled-symbolic"
                                                                 : "rafilm-bookmark-symbolic");
  adw_button_content_set_label (self->watchlist_content,
                                state->watchlist ? _ ("On Watchlist") : _ ("Watchlist"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->watchlist_button),
                               state->watchlist ? _ ("Remove from the Watchlist (Ctrl+D)")
                                                : _ ("Add to the Watchlist (Ctrl+D)"));
}

static void
rated_cb (RafilmFilmPage *self)
{
  RafilmWindow *window = get_window (self);
  g_autoptr (RafilmEdit) edit = NULL;
  g_autofree char *label = NULL;

  if (window == NULL)
    return;
  /* Translators: %s is a film's title; what is undone */
  label = g_strdup_printf (_ ("Rate “%s”"), rafilm_film_get_title (self->film));
  edit = rafilm_edit_new (label);
  rafilm_edit_rate_film (edit, rafilm_film_get_id (self->film),
                         rafilm_stars_get_value (self->rating));
  rafilm_window_apply (window, edit, NULL);
}

static void
like_clicked_cb (RafilmFilmPage *self, GtkButton *button)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.like", "x", rafilm_film_get_id (self->film));
}

/* ---- Facts ---- */

static void
append_part (GString *line, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (line->len > 0)
    g_string_append (line, "  ·  ");
  g_string_append (line, text);
}

static void
fill_facts (RafilmFilmPage *self)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (self->film);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *year = NULL;
  g_autofree char *runtime = NULL;
  g_autofree char *directors = NULL;
  g_autofree char *genres = NULL;
  gboolean has_original;

  if (rafilm_film_get_year (self->film) > 0)
    year = g_strdup_printf ("%d", rafilm_film_get_year (self->film));
  if (facts->runtime > 0)
    /* Translators: a film's length in hours and minutes */
    runtime = g_strdup_printf (_ ("%d h %d min"), facts->runtime / 60, facts->runtime % 60);
  if (facts->directors != NULL)
    directors = g_strjoinv (", ", facts->directors);
  if (facts->genres != NULL)
    {
      g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
      g_auto (GStrv) strings = NULL;

      for (guint i = 0; facts->genres[i] != NULL; i++)
        g_strv_builder_add (names, _ (facts->genres[i]));
      strings = g_strv_builder_end (names);
      genres = g_strjoinv (", ", strings);
    }
  append_part (line, year);
  append_part (line, directors);
  append_part (line, runtime);
  append_part (line, genres);
  gtk_label_set_text (self->facts, line->str);

  has_original = facts->original_title != NULL && *facts->original_title != '\0'
                 && g_strcmp0 (facts->original_title, facts->title) != 0;
  gtk_widget_set_visible (GTK_WIDGET (self->original), has_original);
  gtk_label_set_text (self->original, has_original ? facts->original_title : "");
}

static void
fill_cast (RafilmFilmPage *self)
{
  const RafilmFilmFacts *facts = rafilm_film_get_facts (self->film);
  guint n_characters = facts->characters != NULL ? g_strv_length (facts->characters) : 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->cast))) != NULL)
    adw_wrap_box_remove (self->cast, child);

  gtk_widget_set_visible (self->cast_box, facts->cast != NULL && facts->cast[0] != NULL);
  for (guint i = 0; facts->cast != NULL && facts->cast[i] != NULL && i < SHOWN_CAST; i++)
    {
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *name = gtk_label_new (facts->cast[i]);

      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_widget_add_css_class (name, "row-title");
      gtk_box_append (GTK_BOX (box), name);
      if (i < n_characters && *facts->characters[i] != '\0')
        {
          GtkWidget *character = gtk_label_new (facts->characters[i]);

          gtk_label_set_xalign (GTK_LABEL (character), 0);
          gtk_label_set_ellipsize (GTK_LABEL (character), PANGO_ELLIPSIZE_END);
          gtk_label_set_max_width_chars (GTK_LABEL (character), 28);
          gtk_widget_add_css_class (character, "caption");
          gtk_widget_add_css_class (character, "dimmed");
          gtk_box_append (GTK_BOX (box), character);
        }
      gtk_widget_add_css_class (box, "person");
      adw_wrap_box_append (self->cast, box);
    }
}

static void
update_facts_cb (RafilmFilmPage *self)
{
  fill_facts (self);
  fill_cast (self);
}

/* ---- Viewings and similar films ---- */

static DexFuture *
load_viewings (RafilmStore *store, gpointer data)
{
  RafilmFilmPage *self = data;

  return rafilm_store_list_viewings (store, rafilm_film_get_id (self->film), 0, 0);
}

/* What the service calls similar, or else what the model on this computer
 * finds to be. */
static DexFuture *
load_similar (RafilmStore *store, gpointer data)
{
  RafilmFilmPage *self = data;
  GArray *similar = rafilm_film_get_facts (self->film)->similar;
  RafilmRecommenderQuery query = { 0 };

  if (similar != NULL && similar->len > 0)
    return rafilm_store_get_films (store, similar);

  query.like = rafilm_film_get_id (self->film);
  query.include_seen = TRUE;
  query.limit = SIMILAR_LIMIT;

  return rafilm_recommender_find (rafilm_app_context_get_recommender (self->context), &query);
}

static GtkWidget *
create_viewing_row (gpointer item, gpointer user_data)
{
  RafilmFilmPage *self = user_data;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *content = g_object_new (RAFILM_TYPE_DIARY_ROW, "compact", TRUE, NULL);
  g_autofree char *name = rafilm_diary_row_dup_spoken_name (item);

  g_settings_bind (rafilm_app_context_get_settings (self->context), "veil-spoilers", content,
                   "veil", G_SETTINGS_BIND_GET);
  gtk_widget_add_css_class (content, "inset");
  rafilm_diary_row_set_viewing (RAFILM_DIARY_ROW (content), item);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return row;
}

static void
viewing_activated_cb (RafilmFilmPage *self, GtkListBoxRow *row, GtkListBox *list)
{
  GtkWidget *content = gtk_list_box_row_get_child (row);
  RafilmViewing *viewing = rafilm_diary_row_get_viewing (RAFILM_DIARY_ROW (content));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-viewing", "s",
                              rafilm_viewing_get_id (viewing));
}

static void
viewings_changed_cb (RafilmFilmPage *self)
{
  gtk_widget_set_visible (self->viewings_box,
                          g_list_model_get_n_items (G_LIST_MODEL (self->viewings)) > 0);
}

/* ---- Fetching ---- */

/* A failure is no news: the page shows what there is. */
static DexFuture *
fetch_fiber (gpointer user_data)
{
  RafilmFilmPage *self = user_data;
  RafilmCatalogue *catalogue = rafilm_app_context_get_catalogue (self->context);
  g_autoptr (RafilmFilm) film = NULL;

  film = dex_await_object (rafilm_store_get_film (rafilm_app_context_get_store (self->context),
                                                  rafilm_film_get_id (self->film)),
                           NULL);
  if (film != NULL)
    update_facts_cb (self);
  if (catalogue == NULL)
    return NULL;
  g_clear_object (&film);
  film =
      dex_await_object (rafilm_catalogue_fetch (catalogue, rafilm_film_get_id (self->film)), NULL);
  if (film != NULL && self->similar_films != NULL)
    {
      update_facts_cb (self);
      rafilm_live_list_refresh (self->similar_films);
    }

  return NULL;
}

/* ---- Actions ---- */

static void
open_tmdb_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmFilmPage *self = RAFILM_FILM_PAGE (widget);
  g_autofree char *uri = NULL;
  g_autoptr (GtkUriLauncher) launcher = NULL;

  uri = g_strdup_printf ("https://www.themoviedb.org/movie/%" G_GINT64_FORMAT,
                         rafilm_film_get_id (self->film));
  launcher = gtk_uri_launcher_new (uri);
  gtk_uri_launcher_launch (launcher, GTK_WINDOW (get_window (self)), NULL, NULL, NULL);
}

/* The menu's items carry no film; the page knows which. */
static void
film_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmFilmPage *self = RAFILM_FILM_PAGE (widget);

  gtk_widget_activate_action (widget, g_str_equal (name, "film.seen") ? "win.seen" : "win.hide",
                              "x", rafilm_film_get_id (self->film));
}

static void
add_to_list_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmFilmPage *self = RAFILM_FILM_PAGE (widget);

  adw_dialog_present (rafilm_list_chooser_new (self->context, self->film), widget);
}

/* ---- Type ---- */

static void
rafilm_film_page_dispose (GObject *object)
{
  RafilmFilmPage *self = RAFILM_FILM_PAGE (object);

  dex_clear (&self->fetching);
  if (self->viewings != NULL)
    g_object_run_dispose (G_OBJECT (self->viewings));
  if (self->similar_films != NULL)
    g_object_run_dispose (G_OBJECT (self->similar_films));
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FILM_PAGE);
  g_clear_object (&self->viewings);
  g_clear_object (&self->similar_films);
  g_clear_object (&self->film);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_film_page_parent_class)->dispose (object);
}

static void
rafilm_film_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, RAFILM_FILM_PAGE (object)->film);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, original);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, facts);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, rating);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, like_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, log_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, watchlist_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, watchlist_content);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, viewings_box);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, viewings_list);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, cast_box);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, cast);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, public_reviews);
  gtk_widget_class_bind_template_child (widget_class, RafilmFilmPage, similar);
}

static void
rafilm_film_page_class_init (RafilmFilmPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_film_page_dispose;
  object_class->get_property = rafilm_film_page_get_property;

  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_BACKDROP);
  g_type_ensure (RAFILM_TYPE_FILM_STRIP);
  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  g_type_ensure (RAFILM_TYPE_PUBLIC_REVIEWS_BOX);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_install_action (widget_class, "film.seen", NULL, film_action);
  gtk_widget_class_install_action (widget_class, "film.hide", NULL, film_action);
  gtk_widget_class_install_action (widget_class, "film.open-tmdb", NULL, open_tmdb_action);
  gtk_widget_class_install_action (widget_class, "film.add-to-list", NULL, add_to_list_action);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-film-page.ui");
  rafilm_closures_bind (widget_class);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, like_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, viewing_activated_cb);
}

static void
rafilm_film_page_init (RafilmFilmPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->rating, "rated", G_CALLBACK (rated_cb), self, G_CONNECT_SWAPPED);
}

static void
make_lists (RafilmFilmPage *self)
{
  RafilmStore *store = rafilm_app_context_get_store (self->context);

  self->viewings = rafilm_live_list_new (
      store, RAFILM_TYPE_VIEWING, RAFILM_STORE_CHANGE_VIEWINGS | RAFILM_STORE_CHANGE_VERSIONS,
      load_viewings, self, NULL);
  g_signal_connect_object (self->viewings, "items-changed", G_CALLBACK (viewings_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->viewings_list, G_LIST_MODEL (self->viewings), create_viewing_row,
                           self, NULL);
  viewings_changed_cb (self);

  self->similar_films = rafilm_live_list_new (store, G_TYPE_OBJECT, 0, load_similar, self, NULL);
  rafilm_film_strip_set_model (self->similar, G_LIST_MODEL (self->similar_films));
  g_settings_bind (rafilm_app_context_get_settings (self->context), "poster-width", self->similar,
                   "poster-width", G_SETTINGS_BIND_GET);
}

AdwNavigationPage *
rafilm_film_page_new (RafilmAppContext *context, RafilmFilm *film)
{
  RafilmFilmPage *self;
  gint64 id;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (RAFILM_IS_FILM (film), NULL);

  self = g_object_new (RAFILM_TYPE_FILM_PAGE, NULL);
  self->context = g_object_ref (context);
  self->film = g_object_ref (film);
  id = rafilm_film_get_id (film);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->log_button), "x", id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->watchlist_button), "x", id);
  g_signal_connect_object (film, "notify::accessible-label", G_CALLBACK (update_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (film, "notify::overview", G_CALLBACK (update_facts_cb), self,
                           G_CONNECT_SWAPPED);
  update_state_cb (self);
  update_facts_cb (self);
  make_lists (self);
  rafilm_public_reviews_box_show (self->public_reviews, context, id);
  /* The fiber holds the page until the answer has come or failed. */
  self->fetching = rafilm_spawn (fetch_fiber, g_object_ref (self), g_object_unref);

  return ADW_NAVIGATION_PAGE (self);
}

RafilmFilm *
rafilm_film_page_get_film (RafilmFilmPage *self)
{
  g_return_val_if_fail (RAFILM_IS_FILM_PAGE (self), NULL);

  return self->film;
}
