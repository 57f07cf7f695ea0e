/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-endpoints.h"
#include "rafilm-http.h"
#include "rafilm-tokens.h"

G_BEGIN_DECLS

/**
 * RafilmCognito:
 *
 * The calls of Amazon Cognito user pools that need no AWS credentials (JSON 1.1, header
 * `X-Amz-Target: AWSCognitoIdentityProviderService.NAME`). Keeps nothing of a person; who is
 * signed in is known to #RafilmAccount.
 *
 * Every future rejects as rafilm_http_send() does, and with the codes of %RAFILM_ERROR for
 * accounts: WRONG_PASSWORD, USER_EXISTS, NOT_CONFIRMED, CODE_MISMATCH, CODE_EXPIRED,
 * WEAK_PASSWORD, NOT_FOUND, THROTTLED, SIGN_IN_EXPIRED, UNAVAILABLE, INVALID, REFUSED. The messages
 * are translated and meant for the person.
 */
#define RAFILM_TYPE_COGNITO (rafilm_cognito_get_type ())
G_DECLARE_FINAL_TYPE (RafilmCognito, rafilm_cognito, RAFILM, COGNITO, GObject)

/**
 * rafilm_cognito_new:
 * @endpoints: endpoints for which rafilm_endpoints_has_account() is true
 */
RafilmCognito *rafilm_cognito_new (RafilmHttp *http, const RafilmEndpoints *endpoints);

/** rafilm_cognito_sign_up: resolves to a boolean: whether the account needs no confirmation. */
DexFuture *rafilm_cognito_sign_up (RafilmCognito *self, const char *email,
                                   const char *password) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_confirm_sign_up: resolves to %TRUE. */
DexFuture *rafilm_cognito_confirm_sign_up (RafilmCognito *self, const char *email,
                                           const char *code) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_resend_code: has the confirmation code mailed again; resolves to %TRUE. */
DexFuture *rafilm_cognito_resend_code (RafilmCognito *self,
                                       const char *email) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_cognito_sign_in:
 *
 * Signs in by SRP: neither the password nor anything from which it could be guessed is sent.
 *
 * Returns: (transfer full): a future that resolves to #RafilmTokens with a refresh token
 */
DexFuture *rafilm_cognito_sign_in (RafilmCognito *self, const char *email,
                                   const char *password) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_cognito_refresh:
 *
 * Gets a new access token by GetTokensFromRefreshToken, which every pool knows, and one that
 * rotates refresh tokens alone: there the tokens hold a new one, and @refresh_token is dead from
 * then on.
 *
 * Returns: (transfer full): a future that resolves to #RafilmTokens. It rejects with
 *   %RAFILM_ERROR_SIGN_IN_EXPIRED where the refresh token is refused
 */
DexFuture *rafilm_cognito_refresh (RafilmCognito *self,
                                   const char *refresh_token) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_forgot_password: has a code for a new password mailed; resolves to %TRUE. */
DexFuture *rafilm_cognito_forgot_password (RafilmCognito *self,
                                           const char *email) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_confirm_forgot_password: resolves to %TRUE. */
DexFuture *rafilm_cognito_confirm_forgot_password (RafilmCognito *self, const char *email,
                                                   const char *code,
                                                   const char *password) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_change_password: resolves to %TRUE. */
DexFuture *rafilm_cognito_change_password (RafilmCognito *self, const char *access_token,
                                           const char *old_password,
                                           const char *new_password) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_revoke: ends a refresh token and its access tokens; resolves to %TRUE. */
DexFuture *rafilm_cognito_revoke (RafilmCognito *self,
                                  const char *refresh_token) G_GNUC_WARN_UNUSED_RESULT;

/** rafilm_cognito_sign_out_everywhere: ends all tokens of the account; resolves to %TRUE. */
DexFuture *rafilm_cognito_sign_out_everywhere (RafilmCognito *self,
                                               const char *access_token) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
