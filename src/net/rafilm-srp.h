/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmSrp:
 *
 * The client's half of the Secure Remote Password protocol as Amazon Cognito speaks it, so that the
 * password never leaves this computer: SRP-6a (RFC 5054) with the 3072-bit group of RFC 3526,
 * g = 2, SHA-256, and a session key of HKDF (RFC 5869) with the info "Caldera Derived Key". Numbers
 * are hashed as big-endian bytes with a zero byte in front where the highest bit is set. Pure
 * computation; a value serves for one sign-in only.
 */
typedef struct _RafilmSrp RafilmSrp;

/**
 * RafilmSrpChallenge:
 * @pool: the user pool's id; what follows its first underscore is hashed
 * @user: `USER_ID_FOR_SRP`
 * @salt: `SALT`, hexadecimal
 * @server_public: `SRP_B`, hexadecimal
 * @secret_block: `SECRET_BLOCK`, Base64
 *
 * What Cognito answers to `SRP_A` (the parameters of its PASSWORD_VERIFIER challenge).
 */
typedef struct
{
  const char *pool;
  const char *user;
  const char *salt;
  const char *server_public;
  const char *secret_block;
} RafilmSrpChallenge;

/**
 * rafilm_srp_new:
 *
 * Starts with a fresh random secret of 1024 bits.
 *
 * Returns: (transfer full): the client's side
 */
RafilmSrp *rafilm_srp_new (void);

/**
 * rafilm_srp_new_for_secret:
 * @secret: the secret number `a`, hexadecimal
 *
 * As rafilm_srp_new() with a given secret: for test vectors.
 *
 * Returns: (transfer full) (nullable): the client's side, or %NULL if @secret is no such number
 */
RafilmSrp *rafilm_srp_new_for_secret (const char *secret);

void rafilm_srp_free (RafilmSrp *self);

/**
 * rafilm_srp_get_public:
 *
 * Returns: `SRP_A`, lower-case hexadecimal without leading zeros
 */
const char *rafilm_srp_get_public (const RafilmSrp *self);

/**
 * rafilm_srp_sign:
 * @timestamp: `TIMESTAMP`, as of rafilm_srp_format_timestamp()
 *
 * Answers a challenge.
 *
 * Returns: (transfer full): `PASSWORD_CLAIM_SIGNATURE` in Base64, or %NULL with
 *   %RAFILM_ERROR_MALFORMED where the challenge is not one or would give the secret away
 *   (B mod N = 0 or u = 0)
 */
char *rafilm_srp_sign (const RafilmSrp *self, const RafilmSrpChallenge *challenge,
                       const char *password, const char *timestamp, GError **error);

/**
 * rafilm_srp_format_timestamp:
 * @milliseconds: since 1970-01-01 UTC
 *
 * Returns: (transfer full): the form that Cognito reads, English in every locale, the day not
 *   padded: "Tue Sep 5 04:17:09 UTC 2026"
 */
char *rafilm_srp_format_timestamp (gint64 milliseconds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSrp, rafilm_srp_free)

G_END_DECLS
