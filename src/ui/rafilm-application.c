/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-application.h"

#include <glib/gi18n.h>

#include "rafilm-app-context.h"
#include "rafilm-error-text.h"
#include "rafilm-profile.h"
#include "rafilm-shots.h"
#include "rafilm-spawn.h"
#include "rafilm-ui.h"
#include "rafilm-window.h"

struct _RafilmApplication
{
  AdwApplication parent_instance;

  char *profile;
  char *shots;
  RafilmAppContext *context;
  DexFuture *opening;
};

G_DEFINE_FINAL_TYPE (RafilmApplication, rafilm_application, ADW_TYPE_APPLICATION)

static const GOptionEntry options[] = {
  { "profile", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("Keep the diary in this folder"),
    N_ ("DIR") },
  { "shots", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, NULL, NULL, NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
  { NULL },
};

/* ---- Opening ---- */

/* The option, the environment, or the usual place. */
static char *
dup_folder (RafilmApplication *self)
{
  const char *named = g_getenv ("RAFILM_DATA_DIR");

  if (self->profile != NULL)
    return g_canonicalize_filename (self->profile, NULL);
  if (named != NULL && *named != '\0')
    return g_canonicalize_filename (named, NULL);

  return rafilm_profile_dup_default ();
}

static void
apply_color_scheme_cb (RafilmApplication *self)
{
  GSettings *settings = rafilm_app_context_get_settings (self->context);
  g_autofree char *scheme = g_settings_get_string (settings, "color-scheme");
  AdwColorScheme value = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (scheme, "light"))
    value = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (scheme, "dark"))
    value = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), value);
}

/* The diary cannot be opened: say so, and end when that has been read. */
static void
show_failure (RafilmApplication *self, const GError *error)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (self));
  GtkWidget *toolbar = adw_toolbar_view_new ();
  GtkWidget *page = adw_status_page_new ();

  gtk_window_set_title (GTK_WINDOW (window), _ ("Rafilm"));
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 420);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (page), "dialog-error-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (page), _ ("Your Diary Could Not Be Opened"));
  adw_status_page_set_description (ADW_STATUS_PAGE (page), rafilm_error_text (error));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (toolbar), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (toolbar), page);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), toolbar);
  gtk_window_present (GTK_WINDOW (window));
}

static void
show_window (RafilmApplication *self)
{
  RafilmWindow *window = rafilm_window_new (GTK_APPLICATION (self), self->context);
  const char *recovered =
      rafilm_store_get_recovered_path (rafilm_app_context_get_store (self->context));

  gtk_window_present (GTK_WINDOW (window));
  if (recovered != NULL)
    {
      /* Translators: %s is a file's path */
      g_autofree char *text =
          g_strdup_printf (_ ("The diary was damaged. What was there is kept as %s"), recovered);

      rafilm_window_say (window, text);
    }
}

/* Somebody signs in or out: the windows of the one diary go, and one of the
 * other comes. */
static void
switching_cb (RafilmApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  g_application_hold (G_APPLICATION (self));
  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      gtk_window_destroy (window);
    }
}

static void
switched_cb (RafilmApplication *self)
{
  show_window (self);
  g_application_release (G_APPLICATION (self));
}

static void
failed_cb (RafilmApplication *self, const GError *error)
{
  show_failure (self, error);
  g_application_release (G_APPLICATION (self));
}

static void
watch_context (RafilmApplication *self)
{
  g_signal_connect_object (self->context, "switching", G_CALLBACK (switching_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "switched", G_CALLBACK (switched_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->context, "failed", G_CALLBACK (failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (rafilm_app_context_get_settings (self->context), "changed::color-scheme",
                           G_CALLBACK (apply_color_scheme_cb), self, G_CONNECT_SWAPPED);
  apply_color_scheme_cb (self);
}

static DexFuture *
open_fiber (gpointer user_data)
{
  RafilmApplication *self = user_data;
  g_autofree char *folder = dup_folder (self);
  g_autoptr (GError) error = NULL;

  self->context = dex_await_object (rafilm_app_context_open (folder), &error);
  if (self->context == NULL)
    show_failure (self, error);
  else
    {
      watch_context (self);
      show_window (self);
    }
  g_application_release (G_APPLICATION (self));
  if (self->shots != NULL && self->context != NULL)
    dex_future_disown (rafilm_shots_take (GTK_APPLICATION (self), self->context, self->shots));

  return NULL;
}

/* ---- Actions ---- */

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows;

  /* Each window gets the chance to note its size. */
  while ((windows = gtk_application_get_windows (user_data)) != NULL)
    {
      gpointer window = windows->data;

      gtk_window_close (window);
      if (gtk_application_get_windows (user_data) != NULL
          && gtk_application_get_windows (user_data)->data == window)
        gtk_window_destroy (window);
    }
  g_application_quit (user_data);
}

/* ---- GApplication ---- */

static void
rafilm_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = { { "quit", quit_action, NULL, NULL, NULL, { 0 } } };
  static const char *const quit_keys[] = { "<Control>q", NULL };

  G_APPLICATION_CLASS (rafilm_application_parent_class)->startup (application);
  rafilm_ui_init ();
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
}

static void
rafilm_application_activate (GApplication *application)
{
  RafilmApplication *self = RAFILM_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL)
    gtk_window_present (window);
  else if (self->context != NULL)
    show_window (self);
  else if (self->opening == NULL)
    {
      g_application_hold (application);
      self->opening = rafilm_spawn (open_fiber, g_object_ref (self), g_object_unref);
    }
}

static int
rafilm_application_handle_local_options (GApplication *application, GVariantDict *dict)
{
  RafilmApplication *self = RAFILM_APPLICATION (application);

  if (g_variant_dict_contains (dict, "version"))
    {
      g_print ("Rafilm " PACKAGE_VERSION "\n");
      return 0;
    }
  g_variant_dict_lookup (dict, "profile", "^ay", &self->profile);
  g_variant_dict_lookup (dict, "shots", "^ay", &self->shots);
  if (self->profile != NULL || self->shots != NULL)
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
rafilm_application_shutdown (GApplication *application)
{
  RafilmApplication *self = RAFILM_APPLICATION (application);

  dex_clear (&self->opening);
  /* The last reference waits for the mirror's thread, so nothing is lost. */
  g_clear_object (&self->context);

  G_APPLICATION_CLASS (rafilm_application_parent_class)->shutdown (application);
}

static void
rafilm_application_finalize (GObject *object)
{
  RafilmApplication *self = RAFILM_APPLICATION (object);

  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->shots, g_free);

  G_OBJECT_CLASS (rafilm_application_parent_class)->finalize (object);
}

static void
rafilm_application_class_init (RafilmApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rafilm_application_finalize;
  application_class->startup = rafilm_application_startup;
  application_class->activate = rafilm_application_activate;
  application_class->handle_local_options = rafilm_application_handle_local_options;
  application_class->shutdown = rafilm_application_shutdown;
}

static void
rafilm_application_init (RafilmApplication *self)
{
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

RafilmApplication *
rafilm_application_new (void)
{
  return g_object_new (RAFILM_TYPE_APPLICATION, "application-id", APP_ID, "resource-base-path",
                       "/app/rafilm/Rafilm", NULL);
}
