/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "rafilm-profile.h"

#define ONLINE_SECONDS 5
#define KEYRING_VARIABLE "RAFILM_KEYRING"

static gboolean
make_folder (RafilmCli *self, GError **error)
{
  if (self->folder == NULL)
    self->folder = rafilm_profile_dup_default ();
  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    return TRUE;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", self->folder,
               g_strerror (errno));

  return FALSE;
}

/* A terminal reached over SSH has no keyring: then a private file serves, and sign-in says so. */
static gboolean
open_keyring (RafilmCli *self, GError **error)
{
  self->keyring = rafilm_keyring_new (self->folder);
  if (g_getenv (KEYRING_VARIABLE) == NULL)
    {
      g_autofree char *secret = dex_await_string (rafilm_keyring_load (self->keyring), error);

      if (secret == NULL)
        return FALSE;
      if (rafilm_keyring_get_session_only (self->keyring))
        {
          g_object_unref (self->keyring);
          g_setenv (KEYRING_VARIABLE, "file", TRUE);
          self->keyring = rafilm_keyring_new (self->folder);
        }
    }
  self->keyring_file = rafilm_keyring_get_mode (self->keyring) == RAFILM_KEYRING_FILE;

  return TRUE;
}

gboolean
rafilm_cli_open_account (RafilmCli *self, GError **error)
{
  if (self->account != NULL)
    return TRUE;

  if (!make_folder (self, error))
    return FALSE;
  self->endpoints = rafilm_endpoints_new_from_environment (error);
  if (self->endpoints == NULL || !open_keyring (self, error))
    return FALSE;
  self->http = rafilm_http_new ();
  self->account = rafilm_account_new (self->http, self->endpoints, self->keyring);
  self->api = rafilm_api_new (self->http, self->endpoints, self->account);

  return dex_await (rafilm_account_load (self->account), error);
}

gboolean
rafilm_cli_is_online (RafilmCli *self)
{
  g_autoptr (RafilmApiAnswer) answer = NULL;

  g_return_val_if_fail (self->api != NULL, FALSE);

  if (self->endpoints->api == NULL)
    return FALSE;
  answer = dex_await_boxed (
      dex_future_first (
          rafilm_api_call_full (self->api, "GET", "v1/films/trending", NULL, NULL, FALSE),
          dex_timeout_new_seconds (ONLINE_SECONDS), NULL),
      NULL);

  return answer != NULL;
}

/* As in the window: signed in, and something was kept without an account. */
static gboolean
note_undecided (RafilmCli *self, GError **error)
{
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *from = NULL;

  if (rafilm_account_get_uid (self->account) != NULL)
    records = rafilm_profile_list_local (self->folder, &from, &failure);
  self->undecided = records != NULL;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));

  return FALSE;
}

gboolean
rafilm_cli_open_store (RafilmCli *self, GError **error)
{
  const char *aside;
  const char *uid;

  if (self->store != NULL)
    return TRUE;
  if (!rafilm_cli_open_account (self, error))
    return FALSE;

  if (!note_undecided (self, error))
    return FALSE;
  uid = self->undecided ? NULL : rafilm_account_get_uid (self->account);
  self->store = dex_await_object (rafilm_profile_open (self->folder, uid), error);
  if (self->store == NULL)
    return FALSE;

  aside = rafilm_store_get_recovered_path (self->store);
  if (aside != NULL)
    g_printerr (_ ("rafilm-cli: the diary could not be read; it was moved to %s, and a new one "
                   "begun\n"),
                aside);

  return TRUE;
}

gboolean
rafilm_cli_close_store (RafilmCli *self, GError **error)
{
  g_autoptr (RafilmStore) store = g_steal_pointer (&self->store);

  return store == NULL || dex_await (rafilm_store_close (store), error);
}
