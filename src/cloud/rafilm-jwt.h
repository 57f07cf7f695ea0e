/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks access tokens of the user pool: RS256 with a key of the issuer's JWKS (RFC 7515, 7517).
 * Keys are kept by kid for the life of the sandbox; for an unknown kid they are fetched again, at
 * most once a minute. */
#pragma once

#include "rafilm-http-client.h"

#include <jansson.h>

#define RAFILM_JWT_LEEWAY 60 /* seconds */

typedef enum
{
  RAFILM_JWT_OK,
  RAFILM_JWT_MALFORMED,
  RAFILM_JWT_ALGORITHM, /* anything but RS256 */
  RAFILM_JWT_UNKNOWN_KEY,
  RAFILM_JWT_SIGNATURE,
  RAFILM_JWT_ISSUER,
  RAFILM_JWT_CLIENT,
  RAFILM_JWT_USE, /* token_use is not "access" */
  RAFILM_JWT_EXPIRED,
  RAFILM_JWT_NOT_YET, /* nbf or iat in the future */
  RAFILM_JWT_SUBJECT, /* no usable sub */
  RAFILM_JWT_NO_KEYS, /* the JWKS cannot be had: no verdict */
} RafilmJwtStatus;

const char *rafilm_jwt_status_to_string (RafilmJwtStatus status);

typedef struct
{
  char sub[65]; /* A-Z a-z 0-9 - _ only */
  int64_t exp;  /* seconds of 1970 */
} RafilmClaims;

typedef struct _RafilmJwt RafilmJwt;

/* Borrows `http`. JWKS at ISSUER/.well-known/jwks.json. */
RafilmJwt *rafilm_jwt_new (RafilmHttpClient *http, const char *issuer, const char *client_id);
void rafilm_jwt_free (RafilmJwt *self);

/* `now` in seconds of 1970. `ret_claims` is filled when OK. */
RafilmJwtStatus rafilm_jwt_check (RafilmJwt *self, const char *token, int64_t now,
                                  RafilmClaims *ret_claims);
