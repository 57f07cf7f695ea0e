/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-jwt.h"

#include "rafilm-base64.h"
#include "rafilm-log.h"

#include <cjose/cjose.h>
#include <string.h>

#define MAX_TOKEN 8192
#define MAX_KEYS 16
#define MAX_JWKS (64 * 1024)
#define MIN_MODULUS 342 /* base64url characters of 2048 bits */
#define REFETCH_SECONDS 60

typedef struct
{
  char *kid;
  cjose_jwk_t *jwk;
} Key;

struct _RafilmJwt
{
  RafilmHttpClient *http;
  char *issuer;
  char *client_id;
  Key keys[MAX_KEYS];
  size_t n_keys;
  int64_t asked; /* when the keys were fetched last, with or without success; 0 = never */
};

const char *
rafilm_jwt_status_to_string (RafilmJwtStatus status)
{
  static const char *const names[] = { "ok",        "malformed", "algorithm", "unknown key",
                                       "signature", "issuer",    "client",    "use",
                                       "expired",   "not yet",   "subject",   "no keys" };

  return names[status];
}

RafilmJwt *
rafilm_jwt_new (RafilmHttpClient *http, const char *issuer, const char *client_id)
{
  RafilmJwt *self = rafilm_alloc0 (sizeof *self);

  self->http = http;
  self->issuer = rafilm_strdup (issuer);
  self->client_id = rafilm_strdup (client_id);
  return self;
}

static void
drop_keys (RafilmJwt *self)
{
  for (size_t i = 0; i < self->n_keys; i++)
    {
      free (self->keys[i].kid);
      cjose_jwk_release (self->keys[i].jwk);
    }
  self->n_keys = 0;
}

void
rafilm_jwt_free (RafilmJwt *self)
{
  if (self == NULL)
    return;
  drop_keys (self);
  free (self->issuer);
  free (self->client_id);
  free (self);
}

static const char *
get_text (const json_t *object, const char *name)
{
  const char *text = json_string_value (json_object_get (object, name));

  return text != NULL ? text : "";
}

static void
add_key (RafilmJwt *self, const json_t *key)
{
  const char *kid = get_text (key, "kid");
  const char *use = get_text (key, "use");
  rafilm_autofree char *text = json_dumps (key, 0);
  cjose_jwk_t *jwk;

  if (self->n_keys == MAX_KEYS || text == NULL || *kid == '\0'
      || strcmp (get_text (key, "kty"), "RSA") != 0 || strlen (get_text (key, "n")) < MIN_MODULUS
      || (*use != '\0' && strcmp (use, "sig") != 0))
    return;
  jwk = cjose_jwk_import (text, strlen (text), NULL);
  if (jwk == NULL)
    return;
  self->keys[self->n_keys].kid = rafilm_strdup (kid);
  self->keys[self->n_keys].jwk = jwk;
  self->n_keys++;
}

/* The keys we have stay when the new ones cannot be had. */
static bool
fetch_keys (RafilmJwt *self)
{
  rafilm_auto_request request = { .method = "GET", .max_bytes = MAX_JWKS, .timeout_ms = 3000 };
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status;
  json_auto_t *answer = NULL;
  json_t *keys, *key;
  size_t i;

  request.url = rafilm_printf ("%s/.well-known/jwks.json", self->issuer);
  status = rafilm_http_client_send (self->http, &request, &response);
  if (status == RAFILM_HTTP_OK && response.status == 200)
    answer = json_loadb (response.body, response.body_length, 0, NULL);
  keys = json_object_get (answer, "keys");
  if (!json_is_array (keys))
    {
      rafilm_log_error ("jwt.no-keys", "reason", rafilm_http_status_to_string (status), NULL);
      return false;
    }
  drop_keys (self);
  json_array_foreach (keys, i, key) add_key (self, key);
  return true;
}

static cjose_jwk_t *
find_key (RafilmJwt *self, const char *kid)
{
  for (size_t i = 0; i < self->n_keys; i++)
    if (strcmp (self->keys[i].kid, kid) == 0)
      return self->keys[i].jwk;
  return NULL;
}

static RafilmJwtStatus
get_key (RafilmJwt *self, const char *kid, int64_t now, cjose_jwk_t **ret_key)
{
  *ret_key = find_key (self, kid);
  if (*ret_key == NULL && (self->asked == 0 || now - self->asked >= REFETCH_SECONDS))
    {
      bool fetched = fetch_keys (self);

      /* A first fetch that failed is tried again by the next token. */
      self->asked = fetched || self->n_keys > 0 ? now : 0;
      *ret_key = find_key (self, kid);
    }
  if (*ret_key != NULL)
    return RAFILM_JWT_OK;
  return self->n_keys == 0 ? RAFILM_JWT_NO_KEYS : RAFILM_JWT_UNKNOWN_KEY;
}

/* One of the dot-separated parts as a JSON object; new reference or NULL. */
static json_t *
decode_part (const char *text, size_t length)
{
  size_t n = 0;
  rafilm_autofree unsigned char *bytes = rafilm_base64_decode (text, length, true, &n);
  json_t *json =
      bytes != NULL ? json_loadb ((char *) bytes, n, JSON_REJECT_DUPLICATES, NULL) : NULL;

  if (json_is_object (json))
    return json;
  json_decref (json);
  return NULL;
}

static bool
verify_signature (const char *token, cjose_jwk_t *key)
{
  cjose_jws_t *jws = cjose_jws_import (token, strlen (token), NULL);
  bool right = jws != NULL && cjose_jws_verify (jws, key, NULL);

  cjose_jws_release (jws);
  return right;
}

/* `sub` becomes part of a key of the table. */
static bool
is_subject (const char *text)
{
  size_t length = strlen (text);

  return length > 0 && length < sizeof ((RafilmClaims *) NULL)->sub
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
                == length;
}

static bool
is_later (const json_t *claims, const char *name, int64_t now)
{
  json_t *value = json_object_get (claims, name);

  return value != NULL
         && (!json_is_integer (value) || json_integer_value (value) > now + RAFILM_JWT_LEEWAY);
}

static RafilmJwtStatus
check_claims (const RafilmJwt *self, const json_t *claims, int64_t now, RafilmClaims *ret_claims)
{
  json_t *exp = json_object_get (claims, "exp");
  const char *sub = get_text (claims, "sub");

  if (strcmp (get_text (claims, "iss"), self->issuer) != 0)
    return RAFILM_JWT_ISSUER;
  if (strcmp (get_text (claims, "token_use"), "access") != 0)
    return RAFILM_JWT_USE;
  if (strcmp (get_text (claims, "client_id"), self->client_id) != 0)
    return RAFILM_JWT_CLIENT;
  if (!json_is_integer (exp) || json_integer_value (exp) < now - RAFILM_JWT_LEEWAY)
    return RAFILM_JWT_EXPIRED;
  if (is_later (claims, "nbf", now) || is_later (claims, "iat", now))
    return RAFILM_JWT_NOT_YET;
  if (!is_subject (sub))
    return RAFILM_JWT_SUBJECT;
  strcpy (ret_claims->sub, sub);
  ret_claims->exp = json_integer_value (exp);
  return RAFILM_JWT_OK;
}

RafilmJwtStatus
rafilm_jwt_check (RafilmJwt *self, const char *token, int64_t now, RafilmClaims *ret_claims)
{
  json_auto_t *header = NULL, *claims = NULL;
  const char *first = strchr (token, '.');
  const char *second = first != NULL ? strchr (first + 1, '.') : NULL;
  cjose_jwk_t *key = NULL;
  RafilmJwtStatus status;

  /* Without them nothing can be checked, so nobody is let in. */
  if (self->issuer == NULL || self->client_id == NULL)
    return RAFILM_JWT_NO_KEYS;
  if (second == NULL || strchr (second + 1, '.') != NULL || strlen (token) > MAX_TOKEN)
    return RAFILM_JWT_MALFORMED;
  header = decode_part (token, (size_t) (first - token));
  claims = decode_part (first + 1, (size_t) (second - first - 1));
  if (header == NULL || claims == NULL || json_object_get (header, "crit") != NULL)
    return RAFILM_JWT_MALFORMED;
  if (strcmp (get_text (header, "alg"), "RS256") != 0)
    return RAFILM_JWT_ALGORITHM;
  status = get_key (self, get_text (header, "kid"), now, &key);
  if (status != RAFILM_JWT_OK)
    return status;
  if (!verify_signature (token, key))
    return RAFILM_JWT_SIGNATURE;
  return check_claims (self, claims, now, ret_claims);
}
