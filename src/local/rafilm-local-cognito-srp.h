/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The server's half of SRP-6a as Amazon Cognito speaks it: RFC 5054's 3072-bit group, SHA-256,
 * numbers hashed with a leading zero byte where their top bit is set, a 16-byte key by HKDF with
 * the info "Caldera Derived Key". Numbers are lower-case hexadecimal text. The password itself
 * is never kept, only its verifier. */

typedef struct _RafilmLocalSrp RafilmLocalSrp;

/**
 * rafilm_local_srp_make_salt:
 *
 * Returns: (transfer full): 16 random bytes as hexadecimal text
 */
char *rafilm_local_srp_make_salt (void);

/**
 * rafilm_local_srp_make_verifier:
 * @pool: the pool's name, which is its id after the "_"
 * @user: the user's id for SRP
 *
 * Returns: (transfer full): g^x mod N, x = H(salt | H(pool user ":" password))
 */
char *rafilm_local_srp_make_verifier (const char *pool, const char *user, const char *password,
                                      const char *salt);

/**
 * rafilm_local_srp_new:
 * @b: (nullable): the server's secret number; %NULL, except in tests, for a random one
 *
 * Returns: (transfer full) (nullable): a sign-in under way; %NULL when @a_public is no number,
 *   is too long, or is a multiple of N
 */
RafilmLocalSrp *rafilm_local_srp_new (const char *salt, const char *verifier, const char *a_public,
                                      const char *b);
void rafilm_local_srp_free (RafilmLocalSrp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalSrp, rafilm_local_srp_free)

/**
 * rafilm_local_srp_get_b:
 *
 * Returns: what Cognito calls SRP_B
 */
const char *rafilm_local_srp_get_b (RafilmLocalSrp *self);

/**
 * rafilm_local_srp_check:
 * @secret_block: Base64 text
 * @signature: PASSWORD_CLAIM_SIGNATURE, Base64 text
 *
 * Returns: whether the client knew the password:
 *   signature = HMAC(key, pool | user | secret block | timestamp)
 */
gboolean rafilm_local_srp_check (RafilmLocalSrp *self, const char *pool, const char *user,
                                 const char *secret_block, const char *timestamp,
                                 const char *signature);

G_END_DECLS
