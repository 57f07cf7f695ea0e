/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-for-you-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-film-hero.h"
#include "rafilm-film-strip.h"
#include "rafilm-live-list.h"
#include "rafilm-recommender.h"

#define LIMIT 60

struct _RafilmForYouPage
{
  AdwBin parent_instance;

  RafilmAppContext *context;
  RafilmLiveList *recommendations;
  guint rebuild_source;

  GtkStack *stack;
  RafilmFilmHero *hero;
  GtkBox *rows;
  GtkWidget *sign_in_button;
};

G_DEFINE_FINAL_TYPE (RafilmForYouPage, rafilm_for_you_page, ADW_TYPE_BIN)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  RafilmForYouPage *self = data;

  return rafilm_recommender_recommend (rafilm_app_context_get_recommender (self->context), LIMIT);
}

static void
add_row (RafilmForYouPage *self, const char *heading, GListStore *films)
{
  GtkWidget *strip = rafilm_film_strip_new (heading);

  g_settings_bind (rafilm_app_context_get_settings (self->context), "poster-width", strip,
                   "poster-width", G_SETTINGS_BIND_GET);
  rafilm_film_strip_set_model (RAFILM_FILM_STRIP (strip), G_LIST_MODEL (films));
  gtk_box_append (self->rows, strip);
}

/* Films of one row follow each other, so that a row ends where the next
 * heading begins.  The very best one stands above them all. */
static void
build_rows (RafilmForYouPage *self)
{
  GListModel *model = G_LIST_MODEL (self->recommendations);
  guint n_items = g_list_model_get_n_items (model);
  g_autoptr (GListStore) films = NULL;
  g_autofree char *heading = NULL;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, child);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (RafilmRecommendation) item = g_list_model_get_item (model, i);
      const char *row = rafilm_recommendation_get_row (item);

      if (i == 0)
        {
          rafilm_film_hero_set_film (self->hero, rafilm_recommendation_get_film (item),
                                     rafilm_recommendation_get_reason (item));
          continue;
        }
      if (films == NULL || g_strcmp0 (row, heading) != 0)
        {
          if (films != NULL)
            add_row (self, heading, films);
          g_set_object (&films, NULL);
          films = g_list_store_new (RAFILM_TYPE_RECOMMENDATION);
          g_set_str (&heading, row);
        }
      g_list_store_append (films, item);
    }
  if (films != NULL)
    add_row (self, heading, films);
  if (n_items == 0)
    rafilm_film_hero_set_film (self->hero, NULL, NULL);
}

static gboolean
rebuild_cb (gpointer user_data)
{
  RafilmForYouPage *self = user_data;
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->recommendations));

  self->rebuild_source = 0;
  build_rows (self);
  if (n_items > 0)
    gtk_stack_set_visible_child_name (self->stack, "rows");
  else if (rafilm_live_list_is_loaded (self->recommendations))
    gtk_stack_set_visible_child_name (self->stack, "empty");

  return G_SOURCE_REMOVE;
}

/* Not while the model is telling of its change. */
static void
changed_cb (RafilmForYouPage *self)
{
  if (self->rebuild_source == 0)
    self->rebuild_source = g_idle_add (rebuild_cb, self);
}

static void
account_changed_cb (RafilmForYouPage *self)
{
  RafilmAccount *account = rafilm_app_context_get_account (self->context);

  gtk_widget_set_visible (self->sign_in_button,
                          rafilm_app_context_has_cloud (self->context)
                              && rafilm_account_get_state (account) == RAFILM_ACCOUNT_SIGNED_OUT);
}

static void
rafilm_for_you_page_dispose (GObject *object)
{
  RafilmForYouPage *self = RAFILM_FOR_YOU_PAGE (object);

  g_clear_handle_id (&self->rebuild_source, g_source_remove);
  if (self->recommendations != NULL)
    g_object_run_dispose (G_OBJECT (self->recommendations));
  g_clear_object (&self->recommendations);
  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_FOR_YOU_PAGE);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_for_you_page_parent_class)->dispose (object);
}

static void
rafilm_for_you_page_class_init (RafilmForYouPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_for_you_page_dispose;

  g_type_ensure (RAFILM_TYPE_FILM_HERO);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-for-you-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmForYouPage, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmForYouPage, hero);
  gtk_widget_class_bind_template_child (widget_class, RafilmForYouPage, rows);
  gtk_widget_class_bind_template_child (widget_class, RafilmForYouPage, sign_in_button);
}

static void
rafilm_for_you_page_init (RafilmForYouPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_for_you_page_set_context (RafilmForYouPage *self, RafilmAppContext *context)
{
  g_return_if_fail (RAFILM_IS_FOR_YOU_PAGE (self));
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->recommendations = rafilm_live_list_new (
      rafilm_app_context_get_store (context), RAFILM_TYPE_RECOMMENDATION,
      RAFILM_STORE_CHANGE_VIEWINGS | RAFILM_STORE_CHANGE_FILMS | RAFILM_STORE_CHANGE_WATCHLIST,
      load, self, NULL);
  rafilm_live_list_show_in (self->recommendations, GTK_WIDGET (self));
  g_signal_connect_object (self->recommendations, "items-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->recommendations, "notify::loaded", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (rafilm_app_context_get_account (context) != NULL)
    g_signal_connect_object (rafilm_app_context_get_account (context), "notify::state",
                             G_CALLBACK (account_changed_cb), self, G_CONNECT_SWAPPED);
  account_changed_cb (self);
}
