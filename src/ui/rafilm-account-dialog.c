/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-account-dialog.h"

#include <glib/gi18n.h>

#include "rafilm-arrival-page.h"
#include "rafilm-closures.h"
#include "rafilm-error-text.h"
#include "rafilm-error.h"
#include "rafilm-own-account-page.h"
#include "rafilm-sign-in.h"
#include "rafilm-spawn.h"

struct _RafilmAccountDialog
{
  AdwDialog parent_instance;

  RafilmAppContext *context;
  RafilmAccount *account;
  RafilmSyncEngine *engine;
  DexFuture *task;
  char *email; /* the address under way: of whom a code is asked */
  char *error;
  gboolean busy;
  GtkWidget *focus; /* when it became busy; weak */

  AdwNavigationView *view;
  GtkEditable *sign_in_email;
  GtkEditable *sign_in_password;
  GtkEditable *sign_up_email;
  GtkEditable *sign_up_password;
  GtkEditable *confirm_code;
  GtkEditable *forgot_email;
  GtkEditable *reset_code;
  GtkEditable *reset_password;
  RafilmArrivalPage *arrival_page;
};

G_DEFINE_FINAL_TYPE (RafilmAccountDialog, rafilm_account_dialog, ADW_TYPE_DIALOG)

enum
{
  PROP_0,
  PROP_BUSY,
  PROP_ERROR,
  PROP_EMAIL,
  PROP_INVITATION,
  PROP_MAIL_HINT,
  PROP_SESSION_ONLY,
  PROP_SYNC_SUMMARY,
  PROP_HAS_UNSENT,
  PROP_CAN_LEAVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef void (*Done) (RafilmAccountDialog *self);

/* A call to the account that the dialog waits for. */
typedef struct
{
  RafilmAccountDialog *self;
  DexFuture *future;
  Done done;
} Call;

static void
call_free (Call *call)
{
  g_clear_object (&call->self);
  dex_clear (&call->future);
  g_free (call);
}

/* What is insensitive loses the focus, which must be found again after a wrong password. */
static void
set_busy (RafilmAccountDialog *self, gboolean busy)
{
  if (busy)
    g_set_weak_pointer (&self->focus, adw_dialog_get_focus (ADW_DIALOG (self)));
  self->busy = busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  if (!busy && self->focus != NULL)
    gtk_widget_grab_focus (self->focus);
}

static void
set_error (RafilmAccountDialog *self, const char *error)
{
  if (!g_set_str (&self->error, error))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  if (error != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (self), error,
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
set_email (RafilmAccountDialog *self, const char *email)
{
  g_set_str (&self->email, email);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAIL_HINT]);
}

static void
show_page (RafilmAccountDialog *self, const char *tag)
{
  set_error (self, NULL);
  adw_navigation_view_push_by_tag (self->view, tag);
}

static DexFuture *
call_fiber (Call *call)
{
  RafilmAccountDialog *self = call->self;
  g_autoptr (GError) error = NULL;

  dex_await (g_steal_pointer (&call->future), &error);
  if (rafilm_error_is_cancelled (error))
    return dex_future_new_true ();

  set_busy (self, FALSE);
  if (error == NULL)
    call->done (self);
  else if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_NOT_CONFIRMED))
    show_page (self, "confirm");
  else
    set_error (self, rafilm_error_text (error));

  return dex_future_new_true ();
}

/* Takes FUTURE; when it resolves, DONE goes on. */
static void
run (RafilmAccountDialog *self, DexFuture *future, Done done)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->future = future;
  call->done = done;
  set_error (self, NULL);
  set_busy (self, TRUE);
  dex_clear (&self->task);
  self->task = rafilm_spawn ((DexFiberFunc) call_fiber, call, (GDestroyNotify) call_free);
}

/* Without an address or a password there is nothing to ask the service. */
static gboolean
is_filled (RafilmAccountDialog *self, GtkEditable *first, GtkEditable *second)
{
  GtkEditable *empty = NULL;

  if (*gtk_editable_get_text (first) == '\0')
    empty = first;
  else if (second != NULL && *gtk_editable_get_text (second) == '\0')
    empty = second;
  if (empty == NULL)
    return TRUE;

  gtk_widget_grab_focus (GTK_WIDGET (empty));

  return FALSE;
}

static void
show_account (RafilmAccountDialog *self)
{
  const char *tag = "account";

  gtk_editable_set_text (self->sign_in_password, "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EMAIL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);
  adw_navigation_view_replace_with_tags (self->view, &tag, 1);
}

static void
show_sign_in (RafilmAccountDialog *self)
{
  const char *tag = "sign-in";

  adw_navigation_view_replace_with_tags (self->view, &tag, 1);
}

/* ---- A diary on this computer, and one in the account ---- */

static DexFuture *
compare_fiber (gpointer user_data)
{
  RafilmAccountDialog *self = user_data;
  g_autoptr (RafilmArrivalPlan) plan = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = rafilm_app_context_dup_aside (self->context);

  plan = dex_await_boxed (rafilm_app_context_plan_arrival (self->context), &error);
  if (self->arrival_page == NULL)
    return NULL;
  if (error != NULL)
    rafilm_arrival_page_show_failure (self->arrival_page, rafilm_error_text (error));
  else if (plan != NULL)
    rafilm_arrival_page_show_plan (self->arrival_page, plan, aside);

  return NULL;
}

static void
compare_cb (RafilmAccountDialog *self)
{
  rafilm_arrival_page_show_comparing (self->arrival_page);
  dex_future_disown (rafilm_spawn (compare_fiber, g_object_ref (self), g_object_unref));
}

static void
show_arrival (RafilmAccountDialog *self)
{
  const char *tag = "arrival";

  adw_navigation_view_replace_with_tags (self->view, &tag, 1);
  compare_cb (self);
}

/* The window in which the dialog is goes when the diaries are one. */
static void
settled (RafilmAccountDialog *self)
{
}

static void
merge_cb (RafilmAccountDialog *self)
{
  run (self, rafilm_app_context_settle_arrival (self->context, TRUE), settled);
}

static void
use_account_cb (RafilmAccountDialog *self)
{
  run (self, rafilm_app_context_settle_arrival (self->context, FALSE), settled);
}

/* ---- Signing in, up and out ---- */

static void
signed_in (RafilmAccountDialog *self)
{
  if (rafilm_app_context_is_undecided (self->context))
    show_arrival (self);
  else
    show_account (self);
}

static void
sign_in_with (RafilmAccountDialog *self, GtkEditable *password)
{
  run (self,
       rafilm_app_context_sign_in (self->context, self->email, gtk_editable_get_text (password)),
       signed_in);
}

static void
sign_in_cb (RafilmAccountDialog *self)
{
  if (!is_filled (self, self->sign_in_email, self->sign_in_password))
    return;

  set_email (self, gtk_editable_get_text (self->sign_in_email));
  sign_in_with (self, self->sign_in_password);
}

static void
signed_up (RafilmAccountDialog *self)
{
  show_page (self, "confirm");
}

static void
sign_up_cb (RafilmAccountDialog *self)
{
  if (!is_filled (self, self->sign_up_email, self->sign_up_password))
    return;

  set_email (self, gtk_editable_get_text (self->sign_up_email));
  gtk_editable_set_text (self->sign_in_email, self->email);
  run (self,
       rafilm_account_sign_up (self->account, self->email,
                               gtk_editable_get_text (self->sign_up_password)),
       signed_up);
}

/* Whoever came here from signing up or in has typed the password a moment ago. */
static void
confirmed (RafilmAccountDialog *self)
{
  GtkEditable *password = *gtk_editable_get_text (self->sign_up_password) != '\0'
                              ? self->sign_up_password
                              : self->sign_in_password;

  gtk_editable_set_text (self->confirm_code, "");
  if (*gtk_editable_get_text (password) != '\0')
    sign_in_with (self, password);
  else
    show_sign_in (self);
  gtk_editable_set_text (self->sign_up_password, "");
}

static void
confirm_cb (RafilmAccountDialog *self)
{
  if (is_filled (self, self->confirm_code, NULL))
    run (self,
         rafilm_account_confirm (self->account, self->email,
                                 gtk_editable_get_text (self->confirm_code)),
         confirmed);
}

static void
resent (RafilmAccountDialog *self)
{
  set_error (self, NULL);
}

static void
resend_cb (RafilmAccountDialog *self)
{
  run (self, rafilm_account_resend (self->account, self->email), resent);
}

static void
code_sent (RafilmAccountDialog *self)
{
  show_page (self, "reset");
}

static void
forgot_cb (RafilmAccountDialog *self)
{
  if (!is_filled (self, self->forgot_email, NULL))
    return;

  set_email (self, gtk_editable_get_text (self->forgot_email));
  run (self, rafilm_account_forgot (self->account, self->email), code_sent);
}

static void
password_set (RafilmAccountDialog *self)
{
  gtk_editable_set_text (self->reset_code, "");
  sign_in_with (self, self->reset_password);
  gtk_editable_set_text (self->reset_password, "");
}

static void
reset_cb (RafilmAccountDialog *self)
{
  if (is_filled (self, self->reset_code, self->reset_password))
    run (self,
         rafilm_account_reset (self->account, self->email, gtk_editable_get_text (self->reset_code),
                               gtk_editable_get_text (self->reset_password)),
         password_set);
}

static void
sign_out_cb (RafilmAccountDialog *self)
{
  run (self, rafilm_account_sign_out (self->account, FALSE), show_sign_in);
}

static void
sign_out_everywhere_cb (RafilmAccountDialog *self)
{
  run (self, rafilm_account_sign_out (self->account, TRUE), show_sign_in);
}

static void
leave_cb (RafilmAccountDialog *self)
{
  run (self, rafilm_app_context_leave_account (self->context), show_sign_in);
}

static void
manage_cb (RafilmAccountDialog *self)
{
  AdwNavigationPage *page = rafilm_own_account_page_new (self->context);

  set_error (self, NULL);
  g_signal_connect_object (page, "left", G_CALLBACK (adw_dialog_force_close), self,
                           G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, page);
}

static void
show_sign_up_cb (RafilmAccountDialog *self)
{
  gtk_editable_set_text (self->sign_up_email, gtk_editable_get_text (self->sign_in_email));
  show_page (self, "sign-up");
}

static void
show_forgot_cb (RafilmAccountDialog *self)
{
  gtk_editable_set_text (self->forgot_email, gtk_editable_get_text (self->sign_in_email));
  show_page (self, "forgot");
}

static void
engine_changed_cb (RafilmAccountDialog *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SYNC_SUMMARY]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_UNSENT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_LEAVE]);
}

static guint
count_unsent (RafilmAccountDialog *self)
{
  return self->engine != NULL ? rafilm_sync_engine_get_pending (self->engine) : 0;
}

static gboolean
is_deleted (RafilmAccountDialog *self)
{
  return self->engine != NULL
         && rafilm_sync_engine_get_state (self->engine) == RAFILM_SYNC_ACCOUNT_DELETED;
}

/* Whether nothing is sent any more unless somebody does something. */
static gboolean
can_leave (RafilmAccountDialog *self)
{
  return is_deleted (self) || rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_EXPIRED;
}

static char *
dup_sync_summary (RafilmAccountDialog *self)
{
  guint unsent = count_unsent (self);

  if (is_deleted (self))
    return g_strdup (_ ("This account was deleted. You can go on without it: the diary stays on "
                        "this computer."));
  if (unsent == 0)
    return g_strdup (_ ("Everything is on the server. The diary stays on this computer when you "
                        "sign out, and is there again when you sign in."));

  return g_strdup_printf (ngettext ("%u change is not sent yet. When you sign out, it stays on "
                                    "this computer in this account’s diary, and is sent when you "
                                    "sign in here again.",
                                    "%u changes are not sent yet. When you sign out, they stay on "
                                    "this computer in this account’s diary, and are sent when you "
                                    "sign in here again.",
                                    unsent),
                          unsent);
}

static const char *
get_invitation (RafilmAccountDialog *self)
{
  if (rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_EXPIRED)
    return _ ("Please sign in again. Your changes are safe on this computer until then.");

  return _ ("Sign in to have the same diary on all your computers.");
}

static void
rafilm_account_dialog_get_property (GObject *object, guint prop_id, GValue *value,
                                    GParamSpec *pspec)
{
  RafilmAccountDialog *self = RAFILM_ACCOUNT_DIALOG (object);

  /* The template asks before there is an account. */
  if (self->account == NULL)
    return;

  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->busy);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_EMAIL:
      g_value_set_string (value, rafilm_account_get_email (self->account));
      break;
    case PROP_INVITATION:
      g_value_set_string (value, get_invitation (self));
      break;
    case PROP_MAIL_HINT:
      g_value_take_string (value, g_strdup_printf (_ ("A code was sent to %s. It can take a "
                                                      "minute to arrive."),
                                                   self->email != NULL ? self->email : ""));
      break;
    case PROP_SESSION_ONLY:
      g_value_set_boolean (value, rafilm_account_get_session_only (self->account));
      break;
    case PROP_HAS_UNSENT:
      g_value_set_boolean (value, count_unsent (self) > 0);
      break;
    case PROP_CAN_LEAVE:
      g_value_set_boolean (value, can_leave (self));
      break;
    case PROP_SYNC_SUMMARY:
      g_value_take_string (value, dup_sync_summary (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

/* Nobody waits for an answer any more. */
static void
rafilm_account_dialog_closed (AdwDialog *dialog)
{
  RafilmAccountDialog *self = RAFILM_ACCOUNT_DIALOG (dialog);

  dex_clear (&self->task);
}

static void
rafilm_account_dialog_dispose (GObject *object)
{
  RafilmAccountDialog *self = RAFILM_ACCOUNT_DIALOG (object);

  dex_clear (&self->task);
  g_clear_weak_pointer (&self->focus);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_ACCOUNT_DIALOG);
  g_clear_object (&self->context);
  g_clear_object (&self->account);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->email, g_free);
  g_clear_pointer (&self->error, g_free);

  G_OBJECT_CLASS (rafilm_account_dialog_parent_class)->dispose (object);
}

typedef void (*Handler) (RafilmAccountDialog *self);

static void
activate_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  static const struct
  {
    const char *name;
    Handler handler;
  } handlers[] = {
    { "account.sign-in", sign_in_cb },
    { "account.sign-up", sign_up_cb },
    { "account.confirm", confirm_cb },
    { "account.resend", resend_cb },
    { "account.forgot", forgot_cb },
    { "account.reset", reset_cb },
    { "account.sign-out", sign_out_cb },
    { "account.sign-out-everywhere", sign_out_everywhere_cb },
    { "account.leave", leave_cb },
    { "account.manage", manage_cb },
    { "account.show-sign-up", show_sign_up_cb },
    { "account.show-forgot", show_forgot_cb },
    { "account.compare", compare_cb },
    { "account.merge", merge_cb },
    { "account.use-account", use_account_cb },
  };

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (g_str_equal (name, handlers[i].name))
      handlers[i].handler (RAFILM_ACCOUNT_DIALOG (widget));
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);
  properties[PROP_EMAIL] = g_param_spec_string ("email", NULL, NULL, NULL, flags);
  properties[PROP_INVITATION] = g_param_spec_string ("invitation", NULL, NULL, NULL, flags);
  properties[PROP_MAIL_HINT] = g_param_spec_string ("mail-hint", NULL, NULL, NULL, flags);
  properties[PROP_SESSION_ONLY] = g_param_spec_boolean ("session-only", NULL, NULL, FALSE, flags);
  properties[PROP_SYNC_SUMMARY] = g_param_spec_string ("sync-summary", NULL, NULL, NULL, flags);
  properties[PROP_CAN_LEAVE] = g_param_spec_boolean ("can-leave", NULL, NULL, FALSE, flags);
  properties[PROP_HAS_UNSENT] = g_param_spec_boolean ("has-unsent", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_account_dialog_class_init (RafilmAccountDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const char *const actions[] = {
    "account.sign-in", "account.sign-up",      "account.confirm",     "account.resend",
    "account.forgot",  "account.reset",        "account.sign-out",    "account.sign-out-everywhere",
    "account.manage",  "account.show-sign-up", "account.show-forgot", "account.compare",
    "account.merge",   "account.use-account",  "account.leave"
  };

  object_class->dispose = rafilm_account_dialog_dispose;
  object_class->get_property = rafilm_account_dialog_get_property;
  g_type_ensure (RAFILM_TYPE_ARRIVAL_PAGE);
  ADW_DIALOG_CLASS (klass)->closed = rafilm_account_dialog_closed;
  install_properties (object_class);

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i], NULL, activate_cb);

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-account-dialog.ui");
  rafilm_closures_bind (widget_class);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, view);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, sign_in_email);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, sign_in_password);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, sign_up_email);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, sign_up_password);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, confirm_code);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, forgot_email);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, reset_code);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, reset_password);
  gtk_widget_class_bind_template_child (widget_class, RafilmAccountDialog, arrival_page);
  gtk_widget_class_bind_template_callback (widget_class, sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, sign_up_cb);
  gtk_widget_class_bind_template_callback (widget_class, confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, forgot_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

static void
rafilm_account_dialog_init (RafilmAccountDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
rafilm_account_dialog_new (RafilmAppContext *context)
{
  RafilmAccountDialog *self;
  RafilmAccount *account;
  RafilmSyncEngine *engine;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);
  account = rafilm_app_context_get_account (context);
  engine = rafilm_app_context_get_engine (context);
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (account), NULL);

  self = g_object_new (RAFILM_TYPE_ACCOUNT_DIALOG, NULL);
  self->context = g_object_ref (context);
  self->account = g_object_ref (account);
  if (engine != NULL)
    {
      self->engine = g_object_ref (engine);
      g_signal_connect_object (engine, "notify::pending", G_CALLBACK (engine_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (engine, "notify::state", G_CALLBACK (engine_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  for (guint i = PROP_EMAIL; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);

  if (rafilm_account_get_state (account) == RAFILM_ACCOUNT_SIGNED_IN)
    signed_in (self);
  else if (rafilm_account_get_email (account) != NULL)
    gtk_editable_set_text (self->sign_in_email, rafilm_account_get_email (account));

  return ADW_DIALOG (self);
}
