/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-own-account-page.h"

#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-error-text.h"
#include "rafilm-error.h"
#include "rafilm-own-account.h"
#include "rafilm-spawn.h"

struct _RafilmOwnAccountPage
{
  AdwNavigationPage parent_instance;

  RafilmAppContext *context;
  DexFuture *task;
  char *message;
  gboolean busy;

  GtkEditable *handle;
  GtkEditable *old_password;
  GtkEditable *new_password;
};

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_MESSAGE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint left_signal;

G_DEFINE_FINAL_TYPE (RafilmOwnAccountPage, rafilm_own_account_page, ADW_TYPE_NAVIGATION_PAGE)

/* Said on the page and by a screen reader. */
static void
tell (RafilmOwnAccountPage *self, const char *message)
{
  if (!g_set_str (&self->message, message))
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  if (message != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), message,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
set_busy (RafilmOwnAccountPage *self, gboolean busy)
{
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
tell_error (RafilmOwnAccountPage *self, const GError *error)
{
  if (!rafilm_error_is_cancelled (error))
    tell (self, rafilm_error_text (error));
}

/* One thing at a time. */
static void
run (RafilmOwnAccountPage *self, DexFiberFunc fiber)
{
  if (self->busy)
    return;
  tell (self, NULL);
  set_busy (self, TRUE);
  dex_clear (&self->task);
  self->task = rafilm_spawn (fiber, g_object_ref (self), g_object_unref);
}

/* ---- Public name ---- */

static DexFuture *
get_handle_fiber (gpointer user_data)
{
  RafilmOwnAccountPage *self = user_data;
  g_autofree char *handle = NULL;
  g_autoptr (GError) error = NULL;

  handle = dex_await_string (
      rafilm_own_account_get_handle (rafilm_app_context_get_api (self->context)), &error);
  set_busy (self, FALSE);
  if (handle != NULL)
    gtk_editable_set_text (self->handle, handle);
  else
    tell_error (self, error);
  gtk_widget_grab_focus (GTK_WIDGET (self->handle));

  return NULL;
}

static DexFuture *
set_handle_fiber (gpointer user_data)
{
  RafilmOwnAccountPage *self = user_data;
  g_autofree char *typed = g_strdup (gtk_editable_get_text (self->handle));
  const char *wanted = g_strstrip (typed);
  g_autofree char *handle = NULL;
  g_autoptr (GError) error = NULL;

  handle =
      dex_await_string (rafilm_own_account_set_handle (rafilm_app_context_get_api (self->context),
                                                       *wanted != '\0' ? wanted : NULL),
                        &error);
  set_busy (self, FALSE);
  if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_USER_EXISTS))
    tell (self, _ ("Somebody else has this name"));
  else if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_INVALID))
    tell (self, _ ("A public name has 3 to 20 small letters a to z, digits and underscores"));
  else if (error != NULL)
    tell_error (self, error);
  else if (*handle == '\0')
    tell (self, _ ("You have no public name, and nothing of yours is public"));
  else
    tell (self, _ ("The public name is yours"));

  return NULL;
}

static void
set_handle_cb (RafilmOwnAccountPage *self)
{
  run (self, set_handle_fiber);
}

/* ---- Password ---- */

static DexFuture *
change_password_fiber (gpointer user_data)
{
  RafilmOwnAccountPage *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_await (rafilm_account_change_password (rafilm_app_context_get_account (self->context),
                                             gtk_editable_get_text (self->old_password),
                                             gtk_editable_get_text (self->new_password)),
             &error);
  set_busy (self, FALSE);
  if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_WRONG_PASSWORD))
    tell (self, _ ("The present password is wrong"));
  else if (error != NULL)
    tell_error (self, error);
  else
    {
      gtk_editable_set_text (self->old_password, "");
      gtk_editable_set_text (self->new_password, "");
      tell (self, _ ("The password is changed"));
    }

  return NULL;
}

static void
change_password_cb (RafilmOwnAccountPage *self)
{
  if (*gtk_editable_get_text (self->old_password) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->old_password));
  else if (*gtk_editable_get_text (self->new_password) == '\0')
    gtk_widget_grab_focus (GTK_WIDGET (self->new_password));
  else
    run (self, change_password_fiber);
}

/* ---- Archive ---- */

static DexFuture *
make_archive_fiber (gpointer user_data)
{
  RafilmOwnAccountPage *self = user_data;
  g_autoptr (GtkUriLauncher) launcher = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GError) error = NULL;

  tell (self, _ ("The archive is being made. This can take some minutes"));
  address = dex_await_string (
      rafilm_own_account_make_archive (rafilm_app_context_get_api (self->context)), &error);
  set_busy (self, FALSE);
  if (address == NULL)
    {
      tell_error (self, error);
      return NULL;
    }
  tell (self, _ ("The archive is ready, and is opened in your browser"));
  launcher = gtk_uri_launcher_new (address);
  gtk_uri_launcher_launch (launcher, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL,
                           NULL, NULL);

  return NULL;
}

static void
make_archive_cb (RafilmOwnAccountPage *self)
{
  run (self, make_archive_fiber);
}

/* ---- The end ---- */

static DexFuture *
delete_fiber (gpointer user_data)
{
  RafilmOwnAccountPage *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_await (rafilm_app_context_delete_account (self->context), &error);
  set_busy (self, FALSE);
  if (error != NULL)
    tell_error (self, error);
  else
    g_signal_emit (self, left_signal, 0);

  return NULL;
}

static void
answered_cb (RafilmOwnAccountPage *self, const char *response)
{
  if (g_str_equal (response, "delete"))
    run (self, delete_fiber);
}

/* What cannot be undone is asked; Cancel has the focus. */
static void
delete_cb (RafilmOwnAccountPage *self)
{
  AdwDialog *dialog = adw_alert_dialog_new (
      _ ("Delete the Account?"),
      _ ("All that the service keeps for you is deleted: the diary there, your published reviews "
         "and your public name. This cannot be undone. The diary on this computer stays."));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "delete",
                                  _ ("_Delete Account"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "delete",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* ---- Type ---- */

static void
rafilm_own_account_page_dispose (GObject *object)
{
  RafilmOwnAccountPage *self = RAFILM_OWN_ACCOUNT_PAGE (object);

  dex_clear (&self->task);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_OWN_ACCOUNT_PAGE);
  g_clear_object (&self->context);
  g_clear_pointer (&self->message, g_free);

  G_OBJECT_CLASS (rafilm_own_account_page_parent_class)->dispose (object);
}

static void
rafilm_own_account_page_get_property (GObject *object, guint prop_id, GValue *value,
                                      GParamSpec *pspec)
{
  RafilmOwnAccountPage *self = RAFILM_OWN_ACCOUNT_PAGE (object);

  if (prop_id == PROP_BUSY)
    g_value_set_boolean (value, self->busy);
  else
    g_value_set_string (value, self->message);
}

static void
rafilm_own_account_page_class_init (RafilmOwnAccountPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = rafilm_own_account_page_dispose;
  object_class->get_property = rafilm_own_account_page_get_property;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  left_signal = g_signal_new ("left", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               RAFILM_UI "rafilm-own-account-page.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_child (widget_class, RafilmOwnAccountPage, handle);
  gtk_widget_class_bind_template_child (widget_class, RafilmOwnAccountPage, old_password);
  gtk_widget_class_bind_template_child (widget_class, RafilmOwnAccountPage, new_password);
  gtk_widget_class_bind_template_callback (widget_class, set_handle_cb);
  gtk_widget_class_bind_template_callback (widget_class, change_password_cb);
  gtk_widget_class_bind_template_callback (widget_class, make_archive_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
}

static void
rafilm_own_account_page_init (RafilmOwnAccountPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwNavigationPage *
rafilm_own_account_page_new (RafilmAppContext *context)
{
  RafilmOwnAccountPage *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);
  g_return_val_if_fail (rafilm_app_context_get_api (context) != NULL, NULL);

  self = g_object_new (RAFILM_TYPE_OWN_ACCOUNT_PAGE, NULL);
  self->context = g_object_ref (context);
  run (self, get_handle_fiber);

  return ADW_NAVIGATION_PAGE (self);
}
