/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A stand-in for an Amazon Cognito user pool, since no packaged emulator checks a password by
 * SRP: the JSON 1.1 API of sign-up, sign-in and account, tokens signed with RS256, and their key
 * set. The pool's settings are those of infra/template.yaml: the address is the user's name, no
 * error tells whether a user exists, refresh tokens rotate.
 *
 * Served at "/" (the API, by X-Amz-Target), "/POOL/.well-known/jwks.json" and "/mail?to=ADDRESS",
 * which shows the code that Cognito would have mailed last. */

typedef struct _RafilmLocalCognito RafilmLocalCognito;

/**
 * RafilmLocalCognitoTimes:
 *
 * Lifetimes in seconds.
 */
typedef struct
{
  guint token; /* of access and id tokens */
  guint code;  /* of the codes in mails */
} RafilmLocalCognitoTimes;

#define RAFILM_LOCAL_COGNITO_TIMES ((RafilmLocalCognitoTimes) { .token = 900, .code = 3600 })

/**
 * RafilmLocalCognitoChanged:
 *
 * Something changed that rafilm_local_cognito_save() holds.
 */
typedef void (*RafilmLocalCognitoChanged) (gpointer data);

/**
 * rafilm_local_cognito_new:
 * @address: of @server, e.g. "http://127.0.0.1:4000": the issuer is "ADDRESS/POOL"
 * @kept: (nullable): what rafilm_local_cognito_save() gave
 */
RafilmLocalCognito *rafilm_local_cognito_new (SoupServer *server, const char *address,
                                              RafilmLocalCognitoTimes times, JsonObject *kept,
                                              RafilmLocalCognitoChanged changed, gpointer data);
void rafilm_local_cognito_free (RafilmLocalCognito *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalCognito, rafilm_local_cognito_free)

const char *rafilm_local_cognito_get_pool (RafilmLocalCognito *self);
const char *rafilm_local_cognito_get_client (RafilmLocalCognito *self);
const char *rafilm_local_cognito_get_issuer (RafilmLocalCognito *self);

/**
 * rafilm_local_cognito_save:
 *
 * Returns: (transfer full): pool, key and users
 */
JsonObject *rafilm_local_cognito_save (RafilmLocalCognito *self);

/**
 * rafilm_local_cognito_authorize:
 * @authorization: (nullable): an Authorization header, "Bearer TOKEN" or the token alone
 * @ret_expired: (out) (optional): whether the token was good once
 *
 * What API Gateway's COGNITO_USER_POOLS authorizer does for a route with the scope
 * "aws.cognito.signin.user.admin". Like that it does not know revoked tokens.
 *
 * Returns: (transfer full) (nullable): the claims of a good access token
 */
JsonObject *rafilm_local_cognito_authorize (RafilmLocalCognito *self, const char *authorization,
                                            gboolean *ret_expired);

G_END_DECLS
