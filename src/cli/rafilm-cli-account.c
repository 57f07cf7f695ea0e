/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sign-up, confirm, resend, sign-in, forgot, reset, sign-out */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-output.h"

gboolean
rafilm_cli_run_sign_up (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];
  g_autoptr (RafilmCliPassword) password = NULL;
  g_autoptr (GError) failure = NULL;
  gboolean confirmed;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  password = rafilm_cli_read_password (_ ("Password: "), TRUE, error);
  if (password == NULL)
    return FALSE;

  confirmed = dex_await_boolean (rafilm_account_sign_up (self->account, email, password), &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (confirmed)
    rafilm_cli_say (self, _ ("The account is ready: rafilm-cli sign-in %s"), email);
  else
    rafilm_cli_say (self, _ ("A code was mailed to you: rafilm-cli confirm %s CODE"), email);
  rafilm_cli_show_string (self, "state", confirmed ? "confirmed" : "unconfirmed");

  return TRUE;
}

gboolean
rafilm_cli_run_confirm (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];

  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_confirm (self->account, email, self->arguments[1]), error))
    return FALSE;
  rafilm_cli_say (self, _ ("The account is ready: rafilm-cli sign-in %s"), email);
  rafilm_cli_show_string (self, "state", "confirmed");

  return TRUE;
}

gboolean
rafilm_cli_run_resend (RafilmCli *self, GError **error)
{
  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_resend (self->account, self->arguments[0]), error))
    return FALSE;
  rafilm_cli_say (self, _ ("The code was mailed again"));
  rafilm_cli_show_string (self, "state", "unconfirmed");

  return TRUE;
}

gboolean
rafilm_cli_run_sign_in (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmCliPassword) password = NULL;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  password = rafilm_cli_read_password (_ ("Password: "), FALSE, error);
  if (password == NULL
      || !dex_await (rafilm_account_sign_in (self->account, self->arguments[0], password), error)
      || !rafilm_cli_open_store (self, error))
    return FALSE;

  if (rafilm_account_get_session_only (self->account))
    g_printerr (_ ("rafilm-cli: nothing keeps the sign-in, so it ends with this command\n"));
  else if (self->keyring_file)
    g_printerr (_ ("rafilm-cli: the sign-in is kept in a private file in %s\n"), self->folder);
  rafilm_cli_say (self, _ ("Signed in as %s"), rafilm_account_get_email (self->account));
  rafilm_cli_show_string (self, "email", rafilm_account_get_email (self->account));

  return TRUE;
}

gboolean
rafilm_cli_run_forgot (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];

  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_forgot (self->account, email), error))
    return FALSE;
  rafilm_cli_say (self, _ ("A code was mailed to you: rafilm-cli reset %s CODE"), email);
  rafilm_cli_show_string (self, "state", "reset");

  return TRUE;
}

gboolean
rafilm_cli_run_reset (RafilmCli *self, GError **error)
{
  const char *email = self->arguments[0];
  g_autoptr (RafilmCliPassword) password = NULL;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  password = rafilm_cli_read_password (_ ("New password: "), TRUE, error);
  if (password == NULL
      || !dex_await (rafilm_account_reset (self->account, email, self->arguments[1], password),
                     error))
    return FALSE;
  rafilm_cli_say (self, _ ("The password is changed: rafilm-cli sign-in %s"), email);
  rafilm_cli_show_string (self, "state", "confirmed");

  return TRUE;
}

gboolean
rafilm_cli_run_sign_out (RafilmCli *self, GError **error)
{
  if (!rafilm_cli_open_account (self, error)
      || !dex_await (rafilm_account_sign_out (self->account, self->options.everywhere), error))
    return FALSE;
  rafilm_cli_say (self,
                  self->options.everywhere ? _ ("Signed out on all devices") : _ ("Signed out"));
  rafilm_cli_show_string (self, "state", "signed-out");

  return TRUE;
}
