/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cognito.h"
#include "rafilm-keyring.h"

G_BEGIN_DECLS

/**
 * RafilmAccountState:
 * @RAFILM_ACCOUNT_SIGNED_OUT: nobody is signed in; everything stays on this computer
 * @RAFILM_ACCOUNT_SIGNED_IN: there are tokens, or a refresh token to get them with
 * @RAFILM_ACCOUNT_EXPIRED: the account is known, and the password must be given again
 */
typedef enum
{
  RAFILM_ACCOUNT_SIGNED_OUT,
  RAFILM_ACCOUNT_SIGNED_IN,
  RAFILM_ACCOUNT_EXPIRED,
} RafilmAccountState;

#define RAFILM_TYPE_ACCOUNT_STATE (rafilm_account_state_get_type ())
GType rafilm_account_state_get_type (void);

/**
 * RafilmAccount:
 *
 * Who is signed in. Properties, all read only: `state` (#RafilmAccountState), `email` and `uid`
 * (strings, %NULL when signed out), `session-only` (the sign-in ends with the program, since there
 * is no keyring). A password is used for one call and kept nowhere; tokens are in the keyring and
 * in memory, and never in a log.
 *
 * Futures that talk to Cognito reject as those of #RafilmCognito. Without a cloud
 * (rafilm_endpoints_has_account()) they reject with %RAFILM_ERROR_OFFLINE and the account stays
 * signed out.
 */
#define RAFILM_TYPE_ACCOUNT (rafilm_account_get_type ())
G_DECLARE_FINAL_TYPE (RafilmAccount, rafilm_account, RAFILM, ACCOUNT, GObject)

RafilmAccount *rafilm_account_new (RafilmHttp *http, const RafilmEndpoints *endpoints,
                                   RafilmKeyring *keyring);

RafilmAccountState rafilm_account_get_state (RafilmAccount *self);
const char *rafilm_account_get_email (RafilmAccount *self);
const char *rafilm_account_get_uid (RafilmAccount *self);
gboolean rafilm_account_get_session_only (RafilmAccount *self);

/** rafilm_account_load: restores the sign-in from the keyring, offline too; resolves to %TRUE
 * where somebody is known. Call it once at start. */
DexFuture *rafilm_account_load (RafilmAccount *self) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_sign_up: resolves to a boolean: whether no confirmation code is needed. */
DexFuture *rafilm_account_sign_up (RafilmAccount *self, const char *email,
                                   const char *password) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_confirm: resolves to %TRUE; sign in afterwards. */
DexFuture *rafilm_account_confirm (RafilmAccount *self, const char *email,
                                   const char *code) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_resend: has the confirmation code mailed again; resolves to %TRUE. */
DexFuture *rafilm_account_resend (RafilmAccount *self, const char *email) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_sign_in: resolves to %TRUE in the state %RAFILM_ACCOUNT_SIGNED_IN. */
DexFuture *rafilm_account_sign_in (RafilmAccount *self, const char *email,
                                   const char *password) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_forgot: has a code for a new password mailed; resolves to %TRUE. */
DexFuture *rafilm_account_forgot (RafilmAccount *self, const char *email) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_reset: sets a new password with that code; resolves to %TRUE. */
DexFuture *rafilm_account_reset (RafilmAccount *self, const char *email, const char *code,
                                 const char *password) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_account_change_password: resolves to %TRUE. */
DexFuture *rafilm_account_change_password (RafilmAccount *self, const char *old_password,
                                           const char *new_password) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_account_sign_out:
 * @everywhere: on all devices of the account
 *
 * On this computer alone it always succeeds, offline too; the refresh token is revoked where the
 * network allows. Everywhere it succeeds only when the service has done it, and changes nothing
 * here otherwise.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *rafilm_account_sign_out (RafilmAccount *self,
                                    gboolean everywhere) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_account_get_token:
 *
 * An access token that lives for another minute at least, refreshed when needed. However many
 * wait, there is one refresh. Dropping the future does not stop the refresh of the others.
 *
 * Returns: (transfer full): a future that resolves to the token. It rejects with
 *   %RAFILM_ERROR_NOT_SIGNED_IN, %RAFILM_ERROR_SIGN_IN_EXPIRED (and the state becomes
 *   %RAFILM_ACCOUNT_EXPIRED), or as rafilm_http_send()
 */
DexFuture *rafilm_account_get_token (RafilmAccount *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_account_renew_token:
 * @refused: a token that a service refused
 *
 * As rafilm_account_get_token(), but never gives @refused: where it is still the current one, it
 * is refreshed although the clock says that it is good.
 */
DexFuture *rafilm_account_renew_token (RafilmAccount *self,
                                       const char *refused) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_account_get_token_expiry:
 *
 * Returns: when the current access token ends, in milliseconds of rafilm_clock_now(); 0 without
 */
gint64 rafilm_account_get_token_expiry (RafilmAccount *self);

G_END_DECLS
