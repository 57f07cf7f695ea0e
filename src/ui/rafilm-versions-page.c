/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-versions-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-closures.h"
#include "rafilm-live-list.h"
#include "rafilm-present-text.h"
#include "rafilm-spawn.h"
#include "rafilm-text-diff.h"
#include "rafilm-window.h"

struct _RafilmVersionsPage
{
  AdwNavigationPage parent_instance;

  RafilmAppContext *context;
  char *record;
  RafilmLiveList *versions;
  DexFuture *loading;
  guint refresh_source;

  RafilmVersion *version; /* the one beside the present text */
  char *present;
  gboolean spoiler; /* of the present text */

  GtkLabel *heading;
  GtkLabel *present_label;
  GtkWidget *present_spoiler;
  GtkLabel *other_heading;
  GtkLabel *other_label;
  GtkWidget *other_spoiler;
  GtkWidget *keep_button;
  GtkLabel *more;
};

G_DEFINE_FINAL_TYPE (RafilmVersionsPage, rafilm_versions_page, ADW_TYPE_NAVIGATION_PAGE)

static DexFuture *
load (RafilmStore *store, gpointer data)
{
  return rafilm_store_list_versions (store, data);
}

/* ---- What is shown ---- */

/* Underlined too, since colour alone says nothing to many. */
static void
set_text (GtkLabel *label, const char *text, GArray *ranges)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  for (guint i = 0; i < ranges->len; i++)
    {
      const RafilmTextRange *range = &g_array_index (ranges, RafilmTextRange, i);
      PangoAttribute *parts[] = {
        pango_attr_underline_new (PANGO_UNDERLINE_SINGLE),
        pango_attr_background_new (0xe5e5, 0xa5a5, 0x0a0a),
        pango_attr_background_alpha_new (0x4000),
      };

      for (guint p = 0; p < G_N_ELEMENTS (parts); p++)
        {
          parts[p]->start_index = range->start;
          parts[p]->end_index = range->end;
          pango_attr_list_insert (attributes, parts[p]);
        }
    }
  gtk_label_set_text (label, text);
  gtk_label_set_attributes (label, attributes);
}

static char *
dup_origin (RafilmVersion *version)
{
  const char *by = rafilm_version_get_by (version);
  g_autoptr (GDateTime) at =
      g_date_time_new_from_unix_local (rafilm_version_get_at (version) / 1000);
  g_autofree char *day = at != NULL ? g_date_time_format (at, "%x") : g_strdup ("");

  if (by == NULL || *by == '\0')
    /* Translators: %s is a date */
    return g_strdup_printf (_ ("From Another Computer, %s"), day);

  /* Translators: %1$s is the name of a computer, %2$s a date */
  return g_strdup_printf (_ ("From %1$s, %2$s"), by, day);
}

static void
show_version (RafilmVersionsPage *self, RafilmVersion *version, const RafilmPresentText *present)
{
  g_autofree char *origin = dup_origin (version);
  g_autofree char *more = NULL;
  g_autoptr (GArray) here = NULL;
  g_autoptr (GArray) there = NULL;
  guint n_more = g_list_model_get_n_items (G_LIST_MODEL (self->versions)) - 1;
  gboolean first = self->version == NULL;

  g_set_object (&self->version, version);
  g_set_str (&self->present, present->text);
  self->spoiler = present->spoiler;
  rafilm_text_diff (present->text, rafilm_version_get_text (version), &here, &there);
  gtk_label_set_text (self->heading, present->title);
  gtk_label_set_text (self->other_heading, origin);
  set_text (self->present_label, present->text, here);
  set_text (self->other_label, rafilm_version_get_text (version), there);
  gtk_widget_set_visible (self->present_spoiler, present->spoiler);
  gtk_widget_set_visible (self->other_spoiler, rafilm_version_get_spoiler (version));
  if (n_more > 0)
    more = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more text after this one",
                                         "%u more texts after this one", n_more),
                            n_more);
  gtk_label_set_text (self->more, more != NULL ? more : "");
  if (first && gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (self->keep_button);
}

static void
leave (RafilmVersionsPage *self)
{
  GtkWidget *view = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_NAVIGATION_VIEW);

  g_clear_object (&self->version);
  if (view != NULL
      && adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (view))
             == ADW_NAVIGATION_PAGE (self))
    adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

static DexFuture *
show_fiber (gpointer user_data)
{
  GWeakRef *weak = user_data;
  g_autoptr (RafilmVersionsPage) self = g_weak_ref_get (weak);
  g_autoptr (RafilmVersion) version = NULL;
  g_autoptr (RafilmPresentText) present = NULL;
  g_autoptr (GError) error = NULL;
  DexFuture *question = NULL;

  if (self == NULL)
    return NULL;
  version = g_list_model_get_item (G_LIST_MODEL (self->versions), 0);
  if (version == NULL)
    {
      if (rafilm_live_list_is_loaded (self->versions))
        leave (self);
      return NULL;
    }
  question = rafilm_present_text_load (rafilm_app_context_get_store (self->context), version);
  g_clear_object (&self);
  present = dex_await_boxed (question, &error);

  self = g_weak_ref_get (weak);
  if (self != NULL && present != NULL)
    show_version (self, version, present);
  else if (self != NULL && error != NULL)
    g_debug ("What a version belongs to cannot be read: %s", error->message);

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
  RafilmVersionsPage *self = user_data;
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  self->refresh_source = 0;
  g_weak_ref_init (weak, self);
  dex_clear (&self->loading);
  self->loading = rafilm_spawn (show_fiber, weak, weak_ref_free);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (RafilmVersionsPage *self)
{
  if (self->refresh_source == 0)
    self->refresh_source = g_idle_add (refresh_cb, self);
}

/* ---- The choice ---- */

static void
keep_both (RafilmVersionsPage *self, RafilmEdit *edit)
{
  const char *field = rafilm_version_get_field (self->version);
  const char *between = g_str_equal (field, "name") ? " / " : "\n\n";
  gboolean spoiler = self->spoiler || rafilm_version_get_spoiler (self->version);
  g_autofree char *both = NULL;

  both = g_strconcat (self->present, between, rafilm_version_get_text (self->version), NULL);
  rafilm_edit_set (edit, rafilm_version_get_kind (self->version),
                   rafilm_version_get_viewing (self->version), field,
                   g_str_equal (field, "rv") ? rafilm_wire_review (both, spoiler, NULL)
                                             : rafilm_wire_text (both));
}

static void
choose_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmVersionsPage *self = RAFILM_VERSIONS_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autoptr (RafilmEdit) edit = NULL;
  const char *id;
  const char *said;

  if (self->version == NULL || !RAFILM_IS_WINDOW (root))
    return;
  id = rafilm_version_get_id (self->version);
  if (g_str_equal (name, "version.use"))
    said = _ ("The other version is shown now");
  else if (g_str_equal (name, "version.both"))
    said = _ ("Both versions were kept");
  else
    said = _ ("The other version was dismissed");

  edit = rafilm_edit_new (said);
  if (g_str_equal (name, "version.use"))
    rafilm_edit_use_version (edit, id);
  else
    {
      if (g_str_equal (name, "version.both"))
        keep_both (self, edit);
      rafilm_edit_dismiss_version (edit, id);
    }
  rafilm_window_apply (RAFILM_WINDOW (root), edit, said);
}

/* ---- Type ---- */

static gboolean
rafilm_versions_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (RAFILM_VERSIONS_PAGE (widget)->keep_button);
}

static void
rafilm_versions_page_dispose (GObject *object)
{
  RafilmVersionsPage *self = RAFILM_VERSIONS_PAGE (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  dex_clear (&self->loading);
  if (self->versions != NULL)
    g_object_run_dispose (G_OBJECT (self->versions));
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_VERSIONS_PAGE);
  g_clear_object (&self->versions);
  g_clear_object (&self->version);
  g_clear_object (&self->context);
  g_clear_pointer (&self->present, g_free);
  g_clear_pointer (&self->record, g_free);

  G_OBJECT_CLASS (rafilm_versions_page_parent_class)->dispose (object);
}

static void
rafilm_versions_page_class_init (RafilmVersionsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_versions_page_dispose;
  widget_class->grab_focus = rafilm_versions_page_grab_focus;

  gtk_widget_class_install_action (widget_class, "version.keep", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "version.use", NULL, choose_action);
  gtk_widget_class_install_action (widget_class, "version.both", NULL, choose_action);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-versions-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, heading);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, present_label);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, present_spoiler);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, other_spoiler);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, other_heading);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, other_label);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, keep_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmVersionsPage, more);
}

static void
rafilm_versions_page_init (RafilmVersionsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
rafilm_versions_page_new (RafilmAppContext *context, const char *record)
{
  RafilmVersionsPage *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  self = g_object_new (RAFILM_TYPE_VERSIONS_PAGE, NULL);
  self->context = g_object_ref (context);
  self->record = g_strdup (record);
  self->versions = rafilm_live_list_new (
      rafilm_app_context_get_store (context), RAFILM_TYPE_VERSION,
      RAFILM_STORE_CHANGE_VERSIONS | RAFILM_STORE_CHANGE_VIEWINGS | RAFILM_STORE_CHANGE_WATCHLIST
          | RAFILM_STORE_CHANGE_LISTS | RAFILM_STORE_CHANGE_PROFILE,
      load, self->record, NULL);
  g_signal_connect_object (self->versions, "items-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->versions, "notify::loaded", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);

  return ADW_NAVIGATION_PAGE (self);
}
