/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access tokens. The first byte says what the rest is: a token ('t'), the claims of a token that
 * the pool signed ('c'), or the pool's list of keys ('k'). */
#include "fuzz.h"

#include "fuzz-peer.h"
#include "rafilm-base64.h"
#include "rafilm-jwt.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#define NOW 1767052800
#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k1\"}"

static FuzzPeer *peer;
static RafilmHttpClient *http;
static RafilmJwt *jwt;
static EVP_PKEY *key;
static char *keys;
static char *issuer;
static gint64 now = NOW;

static char *
encode (gconstpointer data, gsize length)
{
  char *text = rafilm_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static char *
encode_number (const char *name)
{
  BIGNUM *number = NULL;
  guint8 bytes[512];
  int length;

  g_assert_cmpint (EVP_PKEY_get_bn_param (key, name, &number), ==, 1);
  length = BN_bn2bin (number, bytes);
  BN_free (number);
  return encode (bytes, (gsize) length);
}

static void
set_up (void)
{
  g_autofree char *n = NULL;
  g_autofree char *e = NULL;

  key = EVP_RSA_gen (2048);
  n = encode_number ("n");
  e = encode_number ("e");
  keys = g_strdup_printf ("{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\","
                          "\"kid\":\"k1\",\"n\":\"%s\",\"e\":\"%s\"}]}",
                          n, e);
  peer = fuzz_peer_new ();
  issuer = g_strdup_printf ("http://127.0.0.1:%u", fuzz_peer_get_port (peer));
  http = rafilm_http_client_new ();
  fuzz_peer_answer_body (peer, (const guint8 *) keys, strlen (keys));
  jwt = rafilm_jwt_new (http, issuer, "client");
}

static char *
sign (const char *claims, gsize length)
{
  g_autofree char *head = encode (HEADER, strlen (HEADER));
  g_autofree char *middle = encode (claims, length);
  g_autofree char *text = g_strconcat (head, ".", middle, NULL);
  g_autofree char *end = NULL;
  EVP_MD_CTX *digest = EVP_MD_CTX_new ();
  guint8 signature[512];
  gsize size = sizeof signature;

  g_assert_cmpint (EVP_DigestSignInit (digest, NULL, EVP_sha256 (), NULL, key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (digest, signature, &size, (const guint8 *) text, strlen (text)),
                   ==, 1);
  EVP_MD_CTX_free (digest);
  end = encode (signature, size);
  return g_strconcat (text, ".", end, NULL);
}

/* Claims that are let in name this pool, this client, a use and a time: read here by text, since
 * the issuer's name is not known to the corpus. */
static void
check_claims (const char *claims, gsize length)
{
  g_autofree char *given = g_strndup (claims, length);
  g_auto (GStrv) parts = g_strsplit (given, "ISSUER", 2);
  g_autofree char *text = g_strjoinv (issuer, parts);
  g_autofree char *token = sign (text, strlen (text));
  RafilmClaims read = { 0 };
  RafilmJwtStatus status = rafilm_jwt_check (jwt, token, now, &read);

  g_assert_cmpint (status, !=, RAFILM_JWT_SIGNATURE);
  g_assert_cmpint (status, !=, RAFILM_JWT_UNKNOWN_KEY);
  if (status == RAFILM_JWT_OK)
    {
      g_assert_nonnull (strstr (text, issuer));
      g_assert_cmpint (read.exp, >=, now - RAFILM_JWT_LEEWAY);
      g_assert_cmpuint (strlen (read.sub), >, 0);
    }
}

/* Keys that somebody else made, and a token of the pool's own key, which is never among them. */
static void
check_keys (const char *list, gsize length)
{
  g_autofree char *head = encode ("{\"alg\":\"RS256\",\"kid\":\"other\"}", 29);
  g_autofree char *token = g_strconcat (head, ".e30.c2lnbmF0dXJl", NULL);
  RafilmClaims read;

  fuzz_peer_answer_body (peer, (const guint8 *) list, length);
  now += 61;
  g_assert_cmpint (rafilm_jwt_check (jwt, token, now, &read), !=, RAFILM_JWT_OK);
  now = NOW;
  rafilm_jwt_free (jwt);
  fuzz_peer_answer_body (peer, (const guint8 *) keys, strlen (keys));
  jwt = rafilm_jwt_new (http, issuer, "client");
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const char *rest = (const char *) data + 1;
  g_autofree char *token = NULL;
  RafilmClaims read;

  if (size < 1)
    return 0;
  if (jwt == NULL)
    set_up ();
  if (data[0] == 'c')
    check_claims (rest, size - 1);
  else if (data[0] == 'k')
    check_keys (rest, size - 1);
  else
    {
      token = g_strndup (rest, size - 1);
      g_assert_cmpint (rafilm_jwt_check (jwt, token, now, &read), !=, RAFILM_JWT_OK);
    }
  return 0;
}
