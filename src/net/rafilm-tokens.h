/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RafilmTokens:
 * @access: the access token, sent with every request
 * @refresh: (nullable): the refresh token; %NULL where Cognito gave no new one
 * @uid: the account, the claim `sub`
 * @email: (nullable): the claim `email` of the identity token
 * @expires: when the access token ends, in milliseconds of rafilm_clock_now()
 *
 * What Cognito gives to somebody who signed in. Boxed. Never logged.
 */
typedef struct
{
  char *access;
  char *refresh;
  char *uid;
  char *email;
  gint64 expires;
} RafilmTokens;

#define RAFILM_TYPE_TOKENS (rafilm_tokens_get_type ())
GType rafilm_tokens_get_type (void);

/**
 * rafilm_tokens_new_from_json:
 * @result: Cognito's `AuthenticationResult`
 * @now: the time, as of rafilm_clock_now()
 *
 * The claims are read and not verified: the tokens come from Cognito itself by TLS, and the
 * services verify them.
 *
 * Returns: (transfer full): the tokens, or %NULL with %RAFILM_ERROR_MALFORMED
 */
RafilmTokens *rafilm_tokens_new_from_json (JsonObject *result, gint64 now, GError **error);

/**
 * rafilm_tokens_check_uid:
 *
 * Returns: whether @uid can be an account, and so the name of a folder
 */
gboolean rafilm_tokens_check_uid (const char *uid);

RafilmTokens *rafilm_tokens_copy (const RafilmTokens *self);
void rafilm_tokens_free (RafilmTokens *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmTokens, rafilm_tokens_free)

G_END_DECLS
