/* SPDX-License-Identifier: GPL-3.0-or-later */

/* public-name, archive, delete-account */

#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>

#include "rafilm-cli-output.h"
#include "rafilm-error.h"
#include "rafilm-own-account.h"
#include "rafilm-profile.h"

gboolean
rafilm_cli_run_public_name (RafilmCli *self, GError **error)
{
  const char *wanted = self->arguments[0];
  g_autofree char *name = NULL;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  if (wanted == NULL)
    name = dex_await_string (rafilm_own_account_get_handle (self->api), error);
  else
    name = dex_await_string (
        rafilm_own_account_set_handle (self->api, g_str_equal (wanted, "-") ? NULL : wanted),
        error);
  if (name == NULL)
    return FALSE;
  if (*name != '\0')
    rafilm_cli_say (self, _ ("Your public name is @%s"), name);
  else
    rafilm_cli_say (self, _ ("You have no public name, and nothing of yours is public"));
  rafilm_cli_show_string (self, "name", name);

  return TRUE;
}

gboolean
rafilm_cli_run_archive (RafilmCli *self, GError **error)
{
  g_autofree char *address = NULL;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  address = dex_await_string (rafilm_own_account_make_archive (self->api), error);
  if (address == NULL)
    return FALSE;
  /* Alone on its line, for "curl -O". */
  rafilm_cli_say (self, "%s", address);
  rafilm_cli_show_string (self, "address", address);

  return TRUE;
}

gboolean
rafilm_cli_run_delete_account (RafilmCli *self, GError **error)
{
  g_autofree char *uid = NULL;

  if (!rafilm_cli_open_account (self, error))
    return FALSE;
  uid = g_strdup (rafilm_account_get_uid (self->account));
  if (uid == NULL)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN,
                           _ ("Nobody is signed in: rafilm-cli sign-in EMAIL"));
      return FALSE;
    }
  if (g_ascii_strcasecmp (self->arguments[0], rafilm_account_get_email (self->account)) != 0)
    {
      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID,
                   _ ("%s is not who is signed in, so nothing was deleted"), self->arguments[0]);
      return FALSE;
    }
  if (!dex_await (rafilm_own_account_delete (self->api), error))
    return FALSE;
  dex_await (rafilm_account_sign_out (self->account, FALSE), NULL);
  if (!dex_await (rafilm_profile_leave_account (self->folder, uid), error))
    return FALSE;
  rafilm_cli_say (self, _ ("The account is deleted. The diary on this computer stays."));
  rafilm_cli_show_string (self, "state", "deleting");

  return TRUE;
}
