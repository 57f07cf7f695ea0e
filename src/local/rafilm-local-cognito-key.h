/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The RSA key that signs the tokens of the user pool: JSON Web Tokens with RS256 (RFC 7515,
 * RFC 7519) and the key set that verifies them (RFC 7517). */

typedef struct _RafilmLocalCognitoKey RafilmLocalCognitoKey;

/**
 * rafilm_local_cognito_key_new:
 * @pem: (nullable): a key that was kept, else a fresh one of 2048 bits is made
 */
RafilmLocalCognitoKey *rafilm_local_cognito_key_new (const char *pem);
void rafilm_local_cognito_key_free (RafilmLocalCognitoKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalCognitoKey, rafilm_local_cognito_key_free)

/**
 * rafilm_local_cognito_key_to_pem:
 *
 * Returns: (transfer full): the private key, to be kept
 */
char *rafilm_local_cognito_key_to_pem (RafilmLocalCognitoKey *self);

/**
 * rafilm_local_cognito_key_to_jwks:
 *
 * Returns: (transfer full): {"keys": [{"kid", "kty", "alg", "use", "n", "e"}]}
 */
JsonObject *rafilm_local_cognito_key_to_jwks (RafilmLocalCognitoKey *self);

/**
 * rafilm_local_cognito_key_sign:
 *
 * Returns: (transfer full): the compact form of a token with these claims
 */
char *rafilm_local_cognito_key_sign (RafilmLocalCognitoKey *self, JsonObject *claims);

/**
 * rafilm_local_cognito_key_verify:
 *
 * Checks form, algorithm, key id and signature; the claims are the caller's to judge.
 *
 * Returns: (transfer full) (nullable): the claims, or %NULL
 */
JsonObject *rafilm_local_cognito_key_verify (RafilmLocalCognitoKey *self, const char *token);

G_END_DECLS
