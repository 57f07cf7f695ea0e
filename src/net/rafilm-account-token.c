/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-account-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"

#define SPARE_MILLISECONDS (60 * 1000)

static GError *
expired_error (void)
{
  return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED,
                              _ ("Your sign-in has ended. Please sign in again."));
}

static GError *
signed_out_error (void)
{
  return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN, _ ("Nobody is signed in."));
}

static GError *
refresh_failed (RafilmAccount *self, GError *error)
{
  if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED))
    {
      rafilm_account_drop_tokens (self);
      rafilm_account_set_state (self, RAFILM_ACCOUNT_EXPIRED);
      rafilm_account_await_saved (self);
    }

  return error;
}

static char *
await_refreshed (RafilmAccount *self, guint generation, GError **error)
{
  g_autoptr (RafilmTokens) tokens = NULL;
  g_autofree char *token = NULL;
  GError *local_error = NULL;
  gboolean rotated = FALSE;

  tokens =
      dex_await_boxed (rafilm_cognito_refresh (self->cognito, self->refresh_token), &local_error);
  if (generation != self->generation)
    {
      g_clear_error (&local_error);
      g_propagate_error (error, signed_out_error ());
      return NULL;
    }
  if (tokens != NULL && g_strcmp0 (tokens->uid, self->uid) != 0)
    local_error = g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                                       _ ("The sign-in service answered for somebody else."));
  if (local_error != NULL)
    {
      g_propagate_error (error, refresh_failed (self, local_error));
      return NULL;
    }

  token = g_strdup (tokens->access);
  rotated = tokens->refresh != NULL;
  rafilm_account_take_tokens (self, tokens);
  /* The old refresh token is dead: if the program ended now, the sign-in would be lost. */
  if (rotated)
    rafilm_account_await_saved (self);

  return g_steal_pointer (&token);
}

typedef struct
{
  RafilmAccount *self;
  DexPromise *promise;
  guint generation;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_clear_object (&refresh->self);
  dex_clear (&refresh->promise);
  g_free (refresh);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  Refresh *refresh = data;
  GError *error = NULL;
  char *token = await_refreshed (refresh->self, refresh->generation, &error);

  if (token == NULL)
    dex_promise_reject (refresh->promise, error);
  else
    dex_promise_resolve_string (refresh->promise, token);

  return dex_future_new_true ();
}

static DexFuture *
join_refresh (RafilmAccount *self)
{
  if (self->refreshing == NULL || !dex_future_is_pending (DEX_FUTURE (self->refreshing)))
    {
      Refresh *refresh = g_new0 (Refresh, 1);

      dex_clear (&self->refreshing);
      self->refreshing = dex_promise_new ();
      refresh->self = g_object_ref (self);
      refresh->promise = dex_ref (self->refreshing);
      refresh->generation = self->generation;
      /* The promise hands the result to all who wait. */
      dex_future_disown (rafilm_spawn (refresh_fiber, refresh, refresh_free));
    }

  return dex_ref (DEX_FUTURE (self->refreshing));
}

static GError *
check_signed_in (RafilmAccount *self)
{
  switch (self->state)
    {
    case RAFILM_ACCOUNT_SIGNED_IN:
      return NULL;
    case RAFILM_ACCOUNT_EXPIRED:
      return expired_error ();
    case RAFILM_ACCOUNT_SIGNED_OUT:
    default:
      return signed_out_error ();
    }
}

DexFuture *
rafilm_account_get_token (RafilmAccount *self)
{
  GError *error = NULL;

  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  error = check_signed_in (self);
  if (error != NULL)
    return dex_future_new_for_error (error);

  if (self->access_token != NULL && self->expires - rafilm_clock_now () > SPARE_MILLISECONDS)
    return dex_future_new_for_string (self->access_token);

  return join_refresh (self);
}

DexFuture *
rafilm_account_renew_token (RafilmAccount *self, const char *refused)
{
  GError *error = NULL;

  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));
  dex_return_error_if_fail (refused != NULL);

  error = check_signed_in (self);
  if (error != NULL)
    return dex_future_new_for_error (error);

  if (self->access_token != NULL && strcmp (self->access_token, refused) != 0)
    return rafilm_account_get_token (self);

  return join_refresh (self);
}

gint64
rafilm_account_get_token_expiry (RafilmAccount *self)
{
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (self), 0);

  return self->access_token != NULL ? self->expires : 0;
}
