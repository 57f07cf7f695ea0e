/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-viewing-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-error.h"
#include "rafilm-poster-view.h"
#include "rafilm-review.h"
#include "rafilm-spawn.h"
#include "rafilm-stars.h"
#include "rafilm-versions-page.h"
#include "rafilm-window.h"

struct _RafilmViewingPage
{
  AdwNavigationPage parent_instance;

  RafilmAppContext *context;
  RafilmViewing *viewing;
  DexFuture *loading;
  guint refresh_source;

  GtkWidget *film_button;
  AdwWrapBox *tags;
  RafilmReview *review;
};

enum
{
  PROP_0,
  PROP_VIEWING,
  PROP_FILM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmViewingPage, rafilm_viewing_page, ADW_TYPE_NAVIGATION_PAGE)

static gboolean
has_versions (GtkWidget *widget, guint versions)
{
  return versions > 0;
}

static gboolean
is_none (GtkWidget *widget, const char *text)
{
  return text == NULL || *text == '\0';
}

static void
fill_tags (RafilmViewingPage *self)
{
  const char *const *tags = rafilm_viewing_get_tags (self->viewing);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->tags))) != NULL)
    adw_wrap_box_remove (self->tags, child);

  for (guint i = 0; tags != NULL && tags[i] != NULL; i++)
    {
      g_autofree char *text = g_strconcat ("#", tags[i], NULL);
      GtkWidget *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "tag");
      adw_wrap_box_append (self->tags, label);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->tags), tags != NULL && tags[0] != NULL);
}

/* The row that leads to another version goes when there is none any more, and the focus with it:
 * while that is chosen, or after coming back. */
static void
keep_focus (RafilmViewingPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (gtk_widget_get_mapped (GTK_WIDGET (self))
      && (focus == NULL || !gtk_widget_get_mapped (focus)))
    gtk_widget_grab_focus (GTK_WIDGET (self->film_button));
}

static void
show_viewing (RafilmViewingPage *self, RafilmViewing *viewing)
{
  g_set_object (&self->viewing, viewing);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEWING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILM]);
  fill_tags (self);
  keep_focus (self);
}

/* ---- Following the mirror ---- */

static void
leave (RafilmViewingPage *self)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);

  if (view != NULL
      && adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (view))
             == ADW_NAVIGATION_PAGE (self))
    adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

static DexFuture *
load_fiber (gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (RafilmViewingPage) self = g_weak_ref_get (weak);
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *question = NULL;

  if (self == NULL)
    return NULL;
  question = rafilm_store_get_viewing (rafilm_app_context_get_store (self->context),
                                       rafilm_viewing_get_id (self->viewing));
  g_clear_object (&self);
  viewing = dex_await_object (question, &error);

  self = g_weak_ref_get (weak);
  if (self == NULL)
    return NULL;
  if (viewing != NULL && !rafilm_viewing_get_deleted (viewing))
    show_viewing (self, viewing);
  else if (viewing != NULL || g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND))
    leave (self);

  return NULL;
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gboolean
refresh_cb (gpointer user_data)
{
  RafilmViewingPage *self = user_data;
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  self->refresh_source = 0;
  g_weak_ref_init (weak, self);
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (load_fiber, weak, weak_ref_free);

  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (RafilmStore *store, RafilmStoreChange *change, RafilmViewingPage *self)
{
  const guint kinds = RAFILM_STORE_CHANGE_VIEWINGS | RAFILM_STORE_CHANGE_VERSIONS;

  if ((change->kinds & kinds) != 0 && self->refresh_source == 0)
    self->refresh_source = g_idle_add (refresh_cb, self);
}

/* ---- Ways on ---- */

static void
open_film_cb (RafilmViewingPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x",
                              rafilm_film_get_id (rafilm_viewing_get_film (self->viewing)));
}

static void
open_versions_cb (RafilmViewingPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (RAFILM_IS_WINDOW (root))
    rafilm_window_push (
        RAFILM_WINDOW (root),
        rafilm_versions_page_new (self->context, rafilm_viewing_get_id (self->viewing)));
}

/* ---- Type ---- */

static void
rafilm_viewing_page_dispose (GObject *object)
{
  RafilmViewingPage *self = RAFILM_VIEWING_PAGE (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  dex_clear (&self->loading);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_VIEWING_PAGE);
  g_clear_object (&self->viewing);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_viewing_page_parent_class)->dispose (object);
}

static void
rafilm_viewing_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmViewingPage *self = RAFILM_VIEWING_PAGE (object);

  switch (prop_id)
    {
    case PROP_VIEWING:
      g_value_set_object (value, self->viewing);
      break;
    case PROP_FILM:
      g_value_set_object (value,
                          self->viewing != NULL ? rafilm_viewing_get_film (self->viewing) : NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_viewing_page_class_init (RafilmViewingPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_viewing_page_dispose;
  object_class->get_property = rafilm_viewing_page_get_property;

  properties[PROP_VIEWING] =
      g_param_spec_object ("viewing", NULL, NULL, RAFILM_TYPE_VIEWING, flags);
  properties[PROP_FILM] = g_param_spec_object ("film", NULL, NULL, RAFILM_TYPE_FILM, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (RAFILM_TYPE_POSTER_VIEW);
  g_type_ensure (RAFILM_TYPE_REVIEW);
  g_type_ensure (RAFILM_TYPE_STARS);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-viewing-page.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_child (widget_class, RafilmViewingPage, film_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmViewingPage, tags);
  gtk_widget_class_bind_template_child (widget_class, RafilmViewingPage, review);
  gtk_widget_class_bind_template_callback (widget_class, keep_focus);
  gtk_widget_class_bind_template_callback (widget_class, has_versions);
  gtk_widget_class_bind_template_callback (widget_class, is_none);
  gtk_widget_class_bind_template_callback (widget_class, open_film_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_versions_cb);
}

static void
rafilm_viewing_page_init (RafilmViewingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
rafilm_viewing_page_new (RafilmAppContext *context, RafilmViewing *viewing)
{
  RafilmViewingPage *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (RAFILM_IS_VIEWING (viewing), NULL);

  self = g_object_new (RAFILM_TYPE_VIEWING_PAGE, NULL);
  self->context = g_object_ref (context);
  show_viewing (self, viewing);
  g_settings_bind (rafilm_app_context_get_settings (context), "veil-spoilers", self->review, "veil",
                   G_SETTINGS_BIND_GET);
  g_signal_connect_object (rafilm_app_context_get_store (context), "changed",
                           G_CALLBACK (store_changed_cb), self, 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->film_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rafilm_film_get_title (rafilm_viewing_get_film (viewing)), -1);

  return ADW_NAVIGATION_PAGE (self);
}
