/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-account-private.h"

#include <glib/gi18n-lib.h>

#include "rafilm-error.h"
#include "rafilm-spawn.h"

typedef struct
{
  RafilmAccount *self;
  char *email;
  char *secret;
  char *new_secret;
} Task;

static void
task_free (gpointer data)
{
  Task *task = data;

  g_clear_object (&task->self);
  g_clear_pointer (&task->email, g_free);
  rafilm_account_wipe (&task->secret);
  rafilm_account_wipe (&task->new_secret);
  g_free (task);
}

static Task *
task_new (RafilmAccount *self, const char *email, const char *secret, const char *new_secret)
{
  Task *task = g_new0 (Task, 1);

  task->self = g_object_ref (self);
  task->email = g_strdup (email);
  task->secret = g_strdup (secret);
  task->new_secret = g_strdup (new_secret);

  return task;
}

static DexFuture *
reject_without_cloud (void)
{
  return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "%s",
                                _ ("This Rafilm has no online service."));
}

DexFuture *
rafilm_account_sign_up (RafilmAccount *self, const char *email, const char *password)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_sign_up (self->cognito, email, password)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_confirm (RafilmAccount *self, const char *email, const char *code)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_confirm_sign_up (self->cognito, email, code)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_resend (RafilmAccount *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_resend_code (self->cognito, email)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_forgot (RafilmAccount *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_forgot_password (self->cognito, email)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_reset (RafilmAccount *self, const char *email, const char *code,
                      const char *password)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL
             ? rafilm_cognito_confirm_forgot_password (self->cognito, email, code, password)
             : reject_without_cloud ();
}

static DexFuture *
sign_in_fiber (gpointer data)
{
  Task *task = data;
  RafilmAccount *self = task->self;
  g_autoptr (RafilmTokens) tokens = NULL;
  GError *error = NULL;

  tokens =
      dex_await_boxed (rafilm_cognito_sign_in (self->cognito, task->email, task->secret), &error);
  if (tokens == NULL)
    return dex_future_new_for_error (error);

  self->generation++;
  dex_clear (&self->refreshing);
  rafilm_account_drop_tokens (self);
  rafilm_account_take_tokens (self, tokens);
  rafilm_account_set_person (self, tokens->uid,
                             tokens->email != NULL ? tokens->email : task->email);
  rafilm_account_set_state (self, RAFILM_ACCOUNT_SIGNED_IN);
  rafilm_account_await_saved (self);

  return dex_future_new_true ();
}

DexFuture *
rafilm_account_sign_in (RafilmAccount *self, const char *email, const char *password)
{
  Task *task = NULL;

  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));
  dex_return_error_if_fail (email != NULL && password != NULL);

  if (self->cognito == NULL)
    return reject_without_cloud ();

  task = task_new (self, email, password, NULL);
  g_strstrip (task->email);

  return rafilm_spawn (sign_in_fiber, task, task_free);
}

static DexFuture *
change_password_fiber (gpointer data)
{
  Task *task = data;
  g_autofree char *token = NULL;
  GError *error = NULL;

  token = dex_await_string (rafilm_account_get_token (task->self), &error);
  if (token == NULL)
    return dex_future_new_for_error (error);

  return rafilm_cognito_change_password (task->self->cognito, token, task->secret,
                                         task->new_secret);
}

DexFuture *
rafilm_account_change_password (RafilmAccount *self, const char *old_password,
                                const char *new_password)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));
  dex_return_error_if_fail (old_password != NULL && new_password != NULL);

  return rafilm_spawn (change_password_fiber, task_new (self, NULL, old_password, new_password),
                       task_free);
}

static void
await_forgotten (RafilmAccount *self)
{
  self->generation++;
  dex_clear (&self->refreshing);
  rafilm_account_drop_tokens (self);
  rafilm_account_set_person (self, NULL, NULL);
  rafilm_account_set_state (self, RAFILM_ACCOUNT_SIGNED_OUT);
  rafilm_account_await_saved (self);
}

static DexFuture *
sign_out_here_fiber (gpointer data)
{
  RafilmAccount *self = data;
  g_autofree char *refresh_token = g_strdup (self->refresh_token);
  g_autoptr (GError) error = NULL;

  await_forgotten (self);
  if (refresh_token != NULL
      && !dex_await (rafilm_cognito_revoke (self->cognito, refresh_token), &error))
    g_debug ("The refresh token was not revoked, ignoring: %s", error->message);

  return dex_future_new_true ();
}

static DexFuture *
sign_out_everywhere_fiber (gpointer data)
{
  RafilmAccount *self = data;
  g_autofree char *token = NULL;
  GError *error = NULL;

  token = dex_await_string (rafilm_account_get_token (self), &error);
  if (token == NULL)
    return dex_future_new_for_error (error);
  if (!dex_await (rafilm_cognito_sign_out_everywhere (self->cognito, token), &error))
    return dex_future_new_for_error (error);

  await_forgotten (self);

  return dex_future_new_true ();
}

DexFuture *
rafilm_account_sign_out (RafilmAccount *self, gboolean everywhere)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return rafilm_spawn (everywhere ? sign_out_everywhere_fiber : sign_out_here_fiber,
                       g_object_ref (self), g_object_unref);
}
