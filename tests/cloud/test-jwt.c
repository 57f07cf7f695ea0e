/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access tokens, made here with OpenSSL (not with the library that checks them). */
#include "cloud-peer.h"

#include "rafilm-base64.h"
#include "rafilm-handler.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#define NOW 1767052800

typedef struct
{
  EVP_PKEY *keys[2]; /* the issuer's key, and another */
  CloudPeer *peer;
  char *issuer;
  const char *kid; /* under which the issuer publishes its key */
  guint status;
  RafilmHttpClient *http;
  RafilmJwt *jwt;
} Fixture;

static char *
base64url (gconstpointer data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  while (g_str_has_suffix (text, "="))
    text[strlen (text) - 1] = '\0';
  return text;
}

static char *
dup_parameter (EVP_PKEY *key, const char *name)
{
  BIGNUM *number = NULL;
  guint8 bytes[512];
  int length;

  g_assert_cmpint (EVP_PKEY_get_bn_param (key, name, &number), ==, 1);
  length = BN_bn2bin (number, bytes);
  BN_free (number);
  return base64url (bytes, (gsize) length);
}

static void
serve_keys (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer,
            gpointer data)
{
  Fixture *self = data;
  g_autofree char *n = dup_parameter (self->keys[0], "n");
  g_autofree char *e = dup_parameter (self->keys[0], "e");
  g_autofree char *text =
      g_strdup_printf ("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"odd\",\"k\":\"AAAA\"},"
                       "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%"
                       "s\",\"e\":\"%s\"}]}",
                       self->kid, n, e);

  g_assert_cmpstr (request->path, ==, "/pool/.well-known/jwks.json");
  cloud_peer_answer_text (answer, self->status, text);
}

static char *
sign_rs256 (EVP_PKEY *key, const char *text)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[512];
  gsize length = sizeof signature;

  g_assert_cmpint (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key), ==, 1);
  g_assert_cmpint (
      EVP_DigestSign (context, signature, &length, (const guint8 *) text, strlen (text)), ==, 1);
  EVP_MD_CTX_free (context);
  return base64url (signature, length);
}

static char *
join_token (const char *header, const char *claims)
{
  g_autofree char *first = base64url (header, strlen (header));
  g_autofree char *second = base64url (claims, strlen (claims));

  return g_strdup_printf ("%s.%s", first, second);
}

static char *
make_token (EVP_PKEY *key, const char *kid, const char *claims)
{
  g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",\"kid\":\"%s\"}", kid);
  g_autofree char *text = join_token (header, claims);
  g_autofree char *signature = sign_rs256 (key, text);

  return g_strdup_printf ("%s.%s", text, signature);
}

/* The claims of a good token, with one of them put otherwise. */
static char *
make_claims (Fixture *self, const char *name, const char *value)
{
  g_autofree char *issuer = g_strdup_printf ("\"%s\"", self->issuer);
  const char *claims[][2] = {
    { "sub", "\"5f0c-11\"" },      { "iss", issuer },       { "client_id", "\"client\"" },
    { "token_use", "\"access\"" }, { "exp", "1767053700" }, { "iat", "1767052700" },
  };
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      const char *chosen = g_strcmp0 (name, claims[i][0]) == 0 ? value : claims[i][1];

      if (chosen != NULL)
        g_string_append_printf (text, "%s\"%s\":%s", text->len > 1 ? "," : "", claims[i][0],
                                chosen);
    }
  g_string_append_c (text, '}');
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->keys[0] = EVP_RSA_gen (2048);
  self->keys[1] = EVP_RSA_gen (2048);
  self->kid = "k1";
  self->status = 200;
  self->peer = cloud_peer_new (serve_keys, self);
  self->issuer = g_strdup_printf ("%s/pool", cloud_peer_get_url (self->peer));
  self->http = rafilm_http_client_new ();
  self->jwt = rafilm_jwt_new (self->http, self->issuer, "client");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  rafilm_jwt_free (self->jwt);
  rafilm_http_client_free (self->http);
  cloud_peer_free (self->peer);
  EVP_PKEY_free (self->keys[0]);
  EVP_PKEY_free (self->keys[1]);
  g_free (self->issuer);
}

static RafilmJwtStatus
check (Fixture *self, const char *token, RafilmClaims *claims)
{
  return rafilm_jwt_check (self->jwt, token, NOW, claims);
}

static void
test_good (Fixture *self, gconstpointer data)
{
  g_autofree char *claims = make_claims (self, NULL, NULL);
  g_autofree char *token = make_token (self->keys[0], "k1", claims);
  RafilmClaims found;

  g_assert_cmpint (check (self, token, &found), ==, RAFILM_JWT_OK);
  g_assert_cmpstr (found.sub, ==, "5f0c-11");
  g_assert_cmpint (found.exp, ==, 1767053700);
  g_assert_cmpint (check (self, token, &found), ==, RAFILM_JWT_OK);
  g_assert_cmpuint (cloud_peer_get_n_requests (self->peer), ==, 1);
}

static void
test_claims (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *name, *value;
    RafilmJwtStatus status;
  } cases[] = {
    { "iss", "\"https://evil.example/pool\"", RAFILM_JWT_ISSUER },
    { "iss", NULL, RAFILM_JWT_ISSUER },
    { "client_id", "\"another\"", RAFILM_JWT_CLIENT },
    { "client_id", NULL, RAFILM_JWT_CLIENT },
    { "token_use", "\"id\"", RAFILM_JWT_USE },
    { "exp", "1767052739", RAFILM_JWT_EXPIRED },
    { "exp", "1767052740", RAFILM_JWT_OK }, /* the leeway */
    { "exp", "\"1767053700\"", RAFILM_JWT_EXPIRED },
    { "exp", NULL, RAFILM_JWT_EXPIRED },
    { "iat", "1767052861", RAFILM_JWT_NOT_YET },
    { "sub", "\"\"", RAFILM_JWT_SUBJECT },
    { "sub", "\"a#b\"", RAFILM_JWT_SUBJECT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *claims = make_claims (self, cases[i].name, cases[i].value);
      g_autofree char *token = make_token (self->keys[0], "k1", claims);
      RafilmClaims found;
      RafilmJwtStatus status = check (self, token, &found);

      if (status != cases[i].status)
        g_error ("%s %s: %s", cases[i].name, cases[i].value, rafilm_jwt_status_to_string (status));
    }
}

/* The old attack: the public key taken as the secret of an HMAC. */
static char *
make_hs256 (Fixture *self, const char *claims)
{
  g_autofree char *text = join_token ("{\"alg\":\"HS256\",\"kid\":\"k1\"}", claims);
  BIO *bio = BIO_new (BIO_s_mem ());
  g_autofree char *signature = NULL;
  guint8 hash[32];
  unsigned length = sizeof hash;
  char *pem;
  long pem_length;

  PEM_write_bio_PUBKEY (bio, self->keys[0]);
  pem_length = BIO_get_mem_data (bio, &pem);
  HMAC (EVP_sha256 (), pem, (int) pem_length, (const guint8 *) text, strlen (text), hash, &length);
  BIO_free (bio);
  signature = base64url (hash, length);
  return g_strdup_printf ("%s.%s", text, signature);
}

static void
test_signatures (Fixture *self, gconstpointer data)
{
  g_autofree char *claims = make_claims (self, NULL, NULL);
  g_autofree char *good = make_token (self->keys[0], "k1", claims);
  g_autofree char *forged = make_token (self->keys[1], "k1", claims);
  g_autofree char *none_text = join_token ("{\"alg\":\"none\",\"kid\":\"k1\"}", claims);
  g_autofree char *none = g_strconcat (none_text, ".", NULL);
  g_autofree char *hs256 = make_hs256 (self, claims);
  g_autofree char *other_claims = make_claims (self, "sub", "\"somebody-else\"");
  g_autofree char *other = make_token (self->keys[0], "k1", other_claims);
  g_autofree char *mixed = NULL;
  const char *tail = strrchr (good, '.');
  RafilmClaims found;

  g_assert_cmpint (check (self, forged, &found), ==, RAFILM_JWT_SIGNATURE);
  g_assert_cmpint (check (self, none, &found), ==, RAFILM_JWT_ALGORITHM);
  g_assert_cmpint (check (self, hs256, &found), ==, RAFILM_JWT_ALGORITHM);
  *strrchr (other, '.') = '\0';
  mixed = g_strconcat (other, tail, NULL);
  g_assert_cmpint (check (self, mixed, &found), ==, RAFILM_JWT_SIGNATURE);
}

static void
test_malformed (Fixture *self, gconstpointer data)
{
  g_autofree char *long_token = g_strnfill (9000, 'a');
  g_autofree char *claims = make_claims (self, NULL, NULL);
  g_autofree char *critical_text =
      join_token ("{\"alg\":\"RS256\",\"kid\":\"k1\",\"crit\":[\"b64\"]}", claims);
  g_autofree char *critical = g_strconcat (critical_text, ".AAAA", NULL);
  const char *tokens[] = { "", ".", "..", "a.b", "a.b.c.d", "!!.!!.!!", long_token, critical };
  RafilmClaims found;

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_assert_cmpint (check (self, tokens[i], &found), ==, RAFILM_JWT_MALFORMED);
  g_assert_cmpuint (cloud_peer_get_n_requests (self->peer), ==, 0);
}

/* An unknown kid asks the issuer again, but not more than once a minute. */
static void
test_rotation (Fixture *self, gconstpointer data)
{
  g_autofree char *claims = make_claims (self, NULL, NULL);
  g_autofree char *old = make_token (self->keys[0], "k1", claims);
  g_autofree char *new = make_token (self->keys[0], "k2", claims);
  RafilmClaims found;

  g_assert_cmpint (rafilm_jwt_check (self->jwt, old, NOW, &found), ==, RAFILM_JWT_OK);
  g_assert_cmpint (rafilm_jwt_check (self->jwt, new, NOW + 1, &found), ==, RAFILM_JWT_UNKNOWN_KEY);
  g_assert_cmpuint (cloud_peer_get_n_requests (self->peer), ==, 1);
  g_assert_cmpint (rafilm_jwt_check (self->jwt, new, NOW + 61, &found), ==, RAFILM_JWT_UNKNOWN_KEY);
  g_assert_cmpuint (cloud_peer_get_n_requests (self->peer), ==, 2);
  self->kid = "k2";
  g_assert_cmpint (rafilm_jwt_check (self->jwt, new, NOW + 122, &found), ==, RAFILM_JWT_OK);
  g_assert_cmpuint (cloud_peer_get_n_requests (self->peer), ==, 3);
}

/* Without keys there is no verdict; the next token asks again. */
static void
test_no_keys (Fixture *self, gconstpointer data)
{
  g_autofree char *claims = make_claims (self, NULL, NULL);
  g_autofree char *token = make_token (self->keys[0], "k1", claims);
  RafilmJwt *closed = rafilm_jwt_new (self->http, NULL, NULL);
  RafilmClaims found;

  self->status = 503;
  g_assert_cmpint (check (self, token, &found), ==, RAFILM_JWT_NO_KEYS);
  self->status = 200;
  g_assert_cmpint (check (self, token, &found), ==, RAFILM_JWT_OK);

  g_assert_cmpint (rafilm_jwt_check (closed, token, NOW, &found), ==, RAFILM_JWT_NO_KEYS);
  rafilm_jwt_free (closed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cloud/jwt/good", Fixture, NULL, set_up, test_good, tear_down);
  g_test_add ("/cloud/jwt/claims", Fixture, NULL, set_up, test_claims, tear_down);
  g_test_add ("/cloud/jwt/signatures", Fixture, NULL, set_up, test_signatures, tear_down);
  g_test_add ("/cloud/jwt/malformed", Fixture, NULL, set_up, test_malformed, tear_down);
  g_test_add ("/cloud/jwt/rotation", Fixture, NULL, set_up, test_rotation, tear_down);
  g_test_add ("/cloud/jwt/no-keys", Fixture, NULL, set_up, test_no_keys, tear_down);
  return g_test_run ();
}
