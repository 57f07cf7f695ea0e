/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-key.h"

#include "rafilm-local-http.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#define KEY_BITS 2048
#define MAX_TOKEN_BYTES 8192

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)

struct _RafilmLocalCognitoKey
{
  EVP_PKEY *pkey;
  char *kid;
};

static char *
encode_base64url (const guint8 *data, gsize size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return text;
}

static GBytes *
decode_base64url (const char *text)
{
  g_autofree char *padded = NULL;
  gsize length = strlen (text);
  gsize size = 0;
  guint8 *data;

  padded = g_strconcat (text, &"==="[(length + 3) % 4], NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  data = g_base64_decode (padded, &size);

  return g_bytes_new_take (data, size);
}

static char *
encode_number (EVP_PKEY *pkey, const char *name)
{
  g_autoptr (BIGNUM) number = NULL;
  g_autofree guint8 *data = NULL;
  int size;

  EVP_PKEY_get_bn_param (pkey, name, &number);
  size = BN_num_bytes (number);
  data = g_malloc (size);
  BN_bn2bin (number, data);

  return encode_base64url (data, size);
}

static EVP_PKEY *
read_pem (const char *pem)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);

  return PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
}

RafilmLocalCognitoKey *
rafilm_local_cognito_key_new (const char *pem)
{
  RafilmLocalCognitoKey *self = g_new0 (RafilmLocalCognitoKey, 1);
  g_autofree char *modulus = NULL;
  g_autofree char *hash = NULL;

  if (pem != NULL)
    self->pkey = read_pem (pem);
  if (self->pkey == NULL)
    self->pkey = EVP_RSA_gen (KEY_BITS);
  modulus = encode_number (self->pkey, OSSL_PKEY_PARAM_RSA_N);
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, modulus, -1);
  self->kid = g_base64_encode ((const guint8 *) hash, 32);

  return self;
}

void
rafilm_local_cognito_key_free (RafilmLocalCognitoKey *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->pkey, EVP_PKEY_free);
  g_clear_pointer (&self->kid, g_free);
  g_free (self);
}

char *
rafilm_local_cognito_key_to_pem (RafilmLocalCognitoKey *self)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data = NULL;
  long size;

  PEM_write_bio_PrivateKey (bio, self->pkey, NULL, NULL, 0, NULL, NULL);
  size = BIO_get_mem_data (bio, &data);

  return g_strndup (data, size);
}

JsonObject *
rafilm_local_cognito_key_to_jwks (RafilmLocalCognitoKey *self)
{
  JsonObject *set = json_object_new ();
  JsonObject *key = json_object_new ();
  JsonArray *keys = json_array_new ();
  g_autofree char *modulus = encode_number (self->pkey, OSSL_PKEY_PARAM_RSA_N);
  g_autofree char *exponent = encode_number (self->pkey, OSSL_PKEY_PARAM_RSA_E);

  json_object_set_string_member (key, "alg", "RS256");
  json_object_set_string_member (key, "e", exponent);
  json_object_set_string_member (key, "kid", self->kid);
  json_object_set_string_member (key, "kty", "RSA");
  json_object_set_string_member (key, "n", modulus);
  json_object_set_string_member (key, "use", "sig");
  json_array_add_object_element (keys, key);
  json_object_set_array_member (set, "keys", keys);

  return set;
}

static char *
encode_part (JsonObject *object)
{
  g_autofree char *text = rafilm_local_json_to_text (object);

  return encode_base64url ((const guint8 *) text, strlen (text));
}

char *
rafilm_local_cognito_key_sign (RafilmLocalCognitoKey *self, JsonObject *claims)
{
  g_autoptr (JsonObject) header = json_object_new ();
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autofree char *header_part = NULL;
  g_autofree char *claims_part = encode_part (claims);
  g_autofree char *signed_part = NULL;
  g_autofree char *signature_part = NULL;
  guint8 signature[KEY_BITS];
  size_t size = sizeof signature;

  json_object_set_string_member (header, "kid", self->kid);
  json_object_set_string_member (header, "alg", "RS256");
  header_part = encode_part (header);
  signed_part = g_strconcat (header_part, ".", claims_part, NULL);
  EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, self->pkey);
  if (EVP_DigestSign (context, signature, &size, (const guint8 *) signed_part, strlen (signed_part))
      != 1)
    g_error ("Signing a token failed");
  signature_part = encode_base64url (signature, size);

  return g_strconcat (signed_part, ".", signature_part, NULL);
}

static gboolean
check_header (RafilmLocalCognitoKey *self, const char *part)
{
  g_autoptr (GBytes) bytes = decode_base64url (part);
  g_autoptr (JsonObject) header = rafilm_local_json_parse (bytes);

  return g_strcmp0 (rafilm_local_json_get_text (header, "alg"), "RS256") == 0
         && g_strcmp0 (rafilm_local_json_get_text (header, "kid"), self->kid) == 0;
}

static gboolean
check_signature (RafilmLocalCognitoKey *self, const char *token, const char *signature_part)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autoptr (GBytes) signature = decode_base64url (signature_part);
  gsize signed_size = signature_part - 1 - token;

  EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, self->pkey);

  return EVP_DigestVerify (context, g_bytes_get_data (signature, NULL),
                           g_bytes_get_size (signature), (const guint8 *) token, signed_size)
         == 1;
}

JsonObject *
rafilm_local_cognito_key_verify (RafilmLocalCognitoKey *self, const char *token)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GBytes) claims = NULL;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (token != NULL, NULL);

  if (strlen (token) > MAX_TOKEN_BYTES)
    return NULL;
  parts = g_strsplit (token, ".", 4);
  if (g_strv_length (parts) != 3 || !check_header (self, parts[0])
      || !check_signature (self, token, strrchr (token, '.') + 1))
    return NULL;
  claims = decode_base64url (parts[1]);

  return rafilm_local_json_parse (claims);
}
