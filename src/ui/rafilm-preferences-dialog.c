/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-preferences-dialog.h"

#include "rafilm-closures.h"

struct _RafilmPreferencesDialog
{
  AdwPreferencesDialog parent_instance;

  GSettings *settings;

  AdwComboRow *scheme;
  AdwSpinRow *poster_width;
  AdwSwitchRow *veil_spoilers;
};

G_DEFINE_FINAL_TYPE (RafilmPreferencesDialog, rafilm_preferences_dialog,
                     ADW_TYPE_PREFERENCES_DIALOG)

/* In the order of the choices. */
static const char *const schemes[] = { "default", "light", "dark" };

static void
scheme_changed_cb (RafilmPreferencesDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->scheme);

  if (self->settings != NULL && selected < G_N_ELEMENTS (schemes))
    g_settings_set_string (self->settings, "color-scheme", schemes[selected]);
}

static void
rafilm_preferences_dialog_dispose (GObject *object)
{
  RafilmPreferencesDialog *self = RAFILM_PREFERENCES_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_PREFERENCES_DIALOG);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (rafilm_preferences_dialog_parent_class)->dispose (object);
}

static void
rafilm_preferences_dialog_class_init (RafilmPreferencesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_preferences_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               RAFILM_UI "rafilm-preferences-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmPreferencesDialog, scheme);
  gtk_widget_class_bind_template_child (widget_class, RafilmPreferencesDialog, poster_width);
  gtk_widget_class_bind_template_child (widget_class, RafilmPreferencesDialog, veil_spoilers);
  gtk_widget_class_bind_template_callback (widget_class, scheme_changed_cb);
}

static void
rafilm_preferences_dialog_init (RafilmPreferencesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
rafilm_preferences_dialog_new (RafilmAppContext *context)
{
  RafilmPreferencesDialog *self;
  g_autofree char *scheme = NULL;
  GSettings *settings;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  self = g_object_new (RAFILM_TYPE_PREFERENCES_DIALOG, NULL);
  settings = rafilm_app_context_get_settings (context);
  scheme = g_settings_get_string (settings, "color-scheme");
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (schemes[i], scheme))
      adw_combo_row_set_selected (self->scheme, i);
  g_settings_bind (settings, "poster-width", self->poster_width, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "veil-spoilers", self->veil_spoilers, "active",
                   G_SETTINGS_BIND_DEFAULT);
  self->settings = g_object_ref (settings);

  return ADW_DIALOG (self);
}
