/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-fake-cognito.h"

#include "rafilm-fake-server.h"

#include <json-glib/json-glib.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

#define POOL_NAME "testPool1"
#define SALT "00f1e2d3c4b5a697"
#define SECRET_BLOCK "c2VjcmV0IGJsb2NrIG9mIHRoZSBmYWtl"

/* One sign-in under way. */
typedef struct
{
  BN_CTX *context;
  BIGNUM *prime;
  BIGNUM *generator;
  BIGNUM *client_public;
  BIGNUM *secret;
  BIGNUM *public;
  BIGNUM *password_verifier;
} Verifier;

static void
verifier_free (gpointer data)
{
  Verifier *v = data;

  if (v == NULL)
    return;

  BN_free (v->prime);
  BN_free (v->generator);
  BN_free (v->client_public);
  BN_free (v->secret);
  BN_free (v->public);
  BN_free (v->password_verifier);
  BN_CTX_free (v->context);
  g_free (v);
}

/* Hashes hexadecimal text that was padded as text, which is how Amazon's own library does it. */
static char *
pad_text (const BIGNUM *number)
{
  char *raw = BN_bn2hex (number);
  const char *digits = raw[0] == '0' && raw[1] != '\0' ? raw + 1 : raw;
  gboolean odd = strlen (digits) % 2 == 1;
  g_autofree char *even = g_strconcat (odd ? "0" : "", digits, NULL);
  char *padded = g_strconcat (strchr ("89ABCDEF", even[0]) != NULL ? "00" : "", even, NULL);

  OPENSSL_free (raw);

  return padded;
}

static GByteArray *
bytes_of (const BIGNUM *number)
{
  g_autofree char *text = pad_text (number);
  GByteArray *bytes = g_byte_array_new ();

  for (const char *c = text; *c != '\0'; c += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (c[0]) * 16 + g_ascii_xdigit_value (c[1]));

      g_byte_array_append (bytes, &byte, 1);
    }

  return bytes;
}

static BIGNUM *
hash_pair (const BIGNUM *first, const BIGNUM *second)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GByteArray) a = bytes_of (first);
  g_autoptr (GByteArray) b = bytes_of (second);
  BIGNUM *number = NULL;

  g_checksum_update (checksum, a->data, a->len);
  g_checksum_update (checksum, b->data, b->len);
  BN_hex2bn (&number, g_checksum_get_string (checksum));

  return number;
}

/* v = g ^ H(salt | H(pool user : password)) */
static BIGNUM *
make_password_verifier (Verifier *v, const char *password)
{
  g_autofree char *identity = g_strconcat (POOL_NAME, RAFILM_FAKE_UID, ":", password, NULL);
  g_autofree char *inner = g_compute_checksum_for_string (G_CHECKSUM_SHA256, identity, -1);
  g_autoptr (GChecksum) outer = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GByteArray) salt_bytes = NULL;
  BIGNUM *salt = NULL;
  BIGNUM *inner_number = NULL;
  BIGNUM *x = NULL;
  BIGNUM *result = BN_new ();
  guint8 inner_bytes[32];

  BN_hex2bn (&salt, SALT);
  BN_hex2bn (&inner_number, inner);
  BN_bn2binpad (inner_number, inner_bytes, sizeof inner_bytes);
  salt_bytes = bytes_of (salt);
  g_checksum_update (outer, salt_bytes->data, salt_bytes->len);
  g_checksum_update (outer, inner_bytes, sizeof inner_bytes);
  BN_hex2bn (&x, g_checksum_get_string (outer));
  BN_mod_exp (result, v->generator, x, v->prime, v->context);

  BN_free (salt);
  BN_free (inner_number);
  BN_free (x);

  return result;
}

/* B = k v + g ^ b */
static Verifier *
verifier_new (const char *client_public, const char *password)
{
  Verifier *v = g_new0 (Verifier, 1);
  BIGNUM *k = NULL;
  BIGNUM *kv = BN_new ();

  v->context = BN_CTX_new ();
  v->prime = BN_get_rfc3526_prime_3072 (NULL);
  v->generator = BN_new ();
  v->secret = BN_new ();
  v->public = BN_new ();
  BN_set_word (v->generator, 2);
  BN_hex2bn (&v->client_public, client_public);
  BN_rand (v->secret, 256, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
  v->password_verifier = make_password_verifier (v, password);

  k = hash_pair (v->prime, v->generator);
  BN_mod_mul (kv, k, v->password_verifier, v->prime, v->context);
  BN_mod_exp (v->public, v->generator, v->secret, v->prime, v->context);
  BN_mod_add (v->public, v->public, kv, v->prime, v->context);
  BN_free (k);
  BN_free (kv);

  return v;
}

static void
derive_key (GByteArray *salt, GByteArray *material, guint8 key[16])
{
  EVP_KDF *kdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  EVP_KDF_CTX *context = EVP_KDF_CTX_new (kdf);
  char digest[] = "SHA256";
  char info[] = "Caldera Derived Key";
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, digest, 0),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, salt->data, salt->len),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, material->data, material->len),
    OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, info, strlen (info)),
    OSSL_PARAM_construct_end (),
  };

  g_assert_cmpint (EVP_KDF_derive (context, key, 16, parameters), ==, 1);
  EVP_KDF_CTX_free (context);
  EVP_KDF_free (kdf);
}

/* S = (A v ^ u) ^ b */
static char *
expected_signature (Verifier *v, const char *timestamp)
{
  BIGNUM *u = hash_pair (v->client_public, v->public);
  BIGNUM *shared = BN_new ();
  g_autoptr (GByteArray) salt = bytes_of (u);
  g_autoptr (GByteArray) material = NULL;
  g_autoptr (GHmac) hmac = NULL;
  g_autofree guint8 *block = NULL;
  guint8 key[16];
  guint8 signature[32];
  gsize length = sizeof signature;
  gsize block_length = 0;

  BN_mod_exp (shared, v->password_verifier, u, v->prime, v->context);
  BN_mod_mul (shared, shared, v->client_public, v->prime, v->context);
  BN_mod_exp (shared, shared, v->secret, v->prime, v->context);
  material = bytes_of (shared);
  derive_key (salt, material, key);

  block = g_base64_decode (SECRET_BLOCK, &block_length);
  hmac = g_hmac_new (G_CHECKSUM_SHA256, key, sizeof key);
  g_hmac_update (hmac, (const guint8 *) POOL_NAME RAFILM_FAKE_UID,
                 strlen (POOL_NAME RAFILM_FAKE_UID));
  g_hmac_update (hmac, block, block_length);
  g_hmac_update (hmac, (const guint8 *) timestamp, strlen (timestamp));
  g_hmac_get_digest (hmac, signature, &length);
  BN_free (u);
  BN_free (shared);

  return g_base64_encode (signature, length);
}

/* ---- answers ------------------------------------------------------------------------------ */

static void
answer (SoupServerMessage *message, guint status, const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/x-amz-json-1.1", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

static void
refuse (SoupServerMessage *message, const char *type, const char *text)
{
  g_autofree char *body =
      g_strdup_printf ("{\"__type\":\"com.amazonaws#%s\",\"message\":\"%s\"}", type, text);

  answer (message, 400, body);
}

static char *
make_token (RafilmFakeCognito *self, const char *kind)
{
  g_autofree char *claims = g_strdup_printf (
      "{\"sub\":\"%s\",\"email\":\"%s\",\"token_use\":\"%s\",\"n\":%u}",
      self->other_user ? "somebody-else" : RAFILM_FAKE_UID, RAFILM_FAKE_EMAIL, kind, self->issued);
  g_autofree char *base64 = g_base64_encode ((const guint8 *) claims, strlen (claims));

  g_strdelimit (base64, "+", '-');
  g_strdelimit (base64, "/", '_');
  *strchrnul (base64, '=') = '\0';

  return g_strdup_printf ("e30.%s.c2ln", base64);
}

static void
answer_tokens (RafilmFakeCognito *self, SoupServerMessage *message, gboolean with_refresh)
{
  g_autofree char *identity = NULL;
  g_autofree char *refresh = NULL;
  g_autofree char *body = NULL;

  self->issued++;
  g_free (self->access_token);
  self->access_token = make_token (self, "access");
  identity = make_token (self, "id");
  if (with_refresh)
    {
      g_free (self->refresh_token);
      self->refresh_token = g_strdup_printf ("refresh-%u", self->issued);
      refresh = g_strdup_printf (",\"RefreshToken\":\"%s\"", self->refresh_token);
    }

  body = g_strdup_printf ("{\"AuthenticationResult\":{\"AccessToken\":\"%s\",\"IdToken\":\"%s\","
                          "\"ExpiresIn\":%u,\"TokenType\":\"Bearer\"%s}}",
                          self->access_token, identity, self->life, refresh != NULL ? refresh : "");
  answer (message, 200, body);
}

static void
answer_refresh (RafilmFakeCognito *self, SoupServerMessage *message, const char *token)
{
  if (g_strcmp0 (token, self->refresh_token) != 0)
    refuse (message, "NotAuthorizedException", "Refresh Token has been revoked");
  else
    answer_tokens (self, message, self->rotates);
}

static void
start_srp (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *parameters)
{
  g_autofree char *body = NULL;
  char *public = NULL;

  if (g_strcmp0 (json_object_get_string_member (parameters, "USERNAME"), RAFILM_FAKE_EMAIL) != 0)
    {
      refuse (message, "UserNotFoundException", "User does not exist.");
      return;
    }
  if (!self->confirmed)
    {
      refuse (message, "UserNotConfirmedException", "User is not confirmed.");
      return;
    }

  verifier_free (self->verifier);
  self->verifier =
      verifier_new (json_object_get_string_member (parameters, "SRP_A"), self->password);
  public = BN_bn2hex (((Verifier *) self->verifier)->public);
  body = g_strdup_printf (
      "{\"ChallengeName\":\"PASSWORD_VERIFIER\",\"Session\":\"s1\",\"ChallengeParameters\":{"
      "\"SALT\":\"%s\",\"SRP_B\":\"%s\",\"SECRET_BLOCK\":\"%s\",\"USERNAME\":\"%s\","
      "\"USER_ID_FOR_SRP\":\"%s\"}}",
      SALT, public, SECRET_BLOCK, RAFILM_FAKE_UID, RAFILM_FAKE_UID);
  OPENSSL_free (public);
  answer (message, 200, body);
}

static void
finish_srp (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  JsonObject *responses = json_object_get_object_member (body, "ChallengeResponses");
  g_autofree char *expected = NULL;

  g_assert_nonnull (self->verifier);
  g_assert_cmpstr (json_object_get_string_member (body, "Session"), ==, "s1");
  g_assert_cmpstr (json_object_get_string_member (responses, "PASSWORD_CLAIM_SECRET_BLOCK"), ==,
                   SECRET_BLOCK);
  expected =
      expected_signature (self->verifier, json_object_get_string_member (responses, "TIMESTAMP"));
  if (g_strcmp0 (expected, json_object_get_string_member (responses, "PASSWORD_CLAIM_SIGNATURE"))
      == 0)
    answer_tokens (self, message, TRUE);
  else
    refuse (message, "NotAuthorizedException", "Incorrect username or password.");
}

static void
initiate (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  JsonObject *parameters = json_object_get_object_member (body, "AuthParameters");
  const char *flow = json_object_get_string_member (body, "AuthFlow");

  if (g_str_equal (flow, "USER_SRP_AUTH"))
    start_srp (self, message, parameters);
  else
    refuse (message, "InvalidParameterException", "REFRESH_TOKEN_AUTH flow not enabled");
}

static void
refresh (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  if (self->paused)
    {
      soup_server_message_pause (message);
      g_ptr_array_add (self->waiting, g_object_ref (message));
    }
  else
    answer_refresh (self, message, json_object_get_string_member (body, "RefreshToken"));
}

static void
check_code (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  const char *code = json_object_get_string_member (body, "ConfirmationCode");

  if (g_strcmp0 (code, "000000") == 0)
    refuse (message, "ExpiredCodeException", "Invalid code provided, please request a code again.");
  else if (g_strcmp0 (code, "123456") != 0)
    refuse (message, "CodeMismatchException", "Invalid verification code provided.");
  else
    {
      self->confirmed = TRUE;
      if (json_object_has_member (body, "Password"))
        {
          g_free (self->password);
          self->password = g_strdup (json_object_get_string_member (body, "Password"));
        }
      answer (message, 200, "{}");
    }
}

static void
sign_up (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  const char *name = json_object_get_string_member (body, "Username");

  if (strlen (json_object_get_string_member (body, "Password")) < 8)
    refuse (message, "InvalidPasswordException", "Password did not conform with policy");
  else if (g_strcmp0 (name, RAFILM_FAKE_EMAIL) == 0)
    refuse (message, "UsernameExistsException", "User already exists");
  else
    answer (message, 200, "{\"UserConfirmed\":false,\"UserSub\":\"x\"}");
}

static gboolean
access_is_valid (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  if (g_strcmp0 (json_object_get_string_member (body, "AccessToken"), self->access_token) == 0)
    return TRUE;
  refuse (message, "NotAuthorizedException", "Access Token has been revoked");

  return FALSE;
}

static void
change_password (RafilmFakeCognito *self, SoupServerMessage *message, JsonObject *body)
{
  if (!access_is_valid (self, message, body))
    return;
  if (g_strcmp0 (json_object_get_string_member (body, "PreviousPassword"), self->password) != 0)
    {
      refuse (message, "NotAuthorizedException", "Incorrect username or password.");
      return;
    }
  g_free (self->password);
  self->password = g_strdup (json_object_get_string_member (body, "ProposedPassword"));
  answer (message, 200, "{}");
}

static void
end_tokens (RafilmFakeCognito *self, SoupServerMessage *message)
{
  g_clear_pointer (&self->refresh_token, g_free);
  g_clear_pointer (&self->access_token, g_free);
  answer (message, 200, "");
}

static void
dispatch (RafilmFakeCognito *self, SoupServerMessage *message, const char *name, JsonObject *body)
{
  if (g_str_equal (name, "InitiateAuth"))
    initiate (self, message, body);
  else if (g_str_equal (name, "RespondToAuthChallenge"))
    finish_srp (self, message, body);
  else if (g_str_equal (name, "GetTokensFromRefreshToken"))
    refresh (self, message, body);
  else if (g_str_equal (name, "SignUp"))
    sign_up (self, message, body);
  else if (g_str_equal (name, "ConfirmSignUp") || g_str_equal (name, "ConfirmForgotPassword"))
    check_code (self, message, body);
  else if (g_str_equal (name, "ResendConfirmationCode") || g_str_equal (name, "ForgotPassword"))
    answer (message, 200, "{\"CodeDeliveryDetails\":{}}");
  else if (g_str_equal (name, "ChangePassword"))
    change_password (self, message, body);
  else if (g_str_equal (name, "RevokeToken"))
    end_tokens (self, message);
  else if (g_str_equal (name, "GlobalSignOut") && access_is_valid (self, message, body))
    end_tokens (self, message);
}

void
rafilm_fake_cognito_handle (SoupServer *server, SoupServerMessage *message, const char *path,
                            GHashTable *query, gpointer data)
{
  RafilmFakeCognito *self = data;
  const char *target = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "X-Amz-Target");
  SoupMessageBody *request = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (request);
  g_autoptr (JsonNode) node = NULL;
  JsonObject *body = NULL;
  const char *name = NULL;
  const char *flow = NULL;

  g_assert_true (g_str_has_prefix (target, "AWSCognitoIdentityProviderService."));
  g_assert_cmpstr (soup_message_headers_get_content_type (
                       soup_server_message_get_request_headers (message), NULL),
                   ==, "application/x-amz-json-1.1");
  node = json_from_string (g_bytes_get_data (bytes, NULL), NULL);
  body = json_node_get_object (node);
  name = strchr (target, '.') + 1;
  if (json_object_has_member (body, "AuthFlow"))
    flow = json_object_get_string_member (body, "AuthFlow");
  g_ptr_array_add (self->calls,
                   flow != NULL ? g_strconcat (name, " ", flow, NULL) : g_strdup (name));

  if (self->portal != 0)
    {
      rafilm_fake_server_answer (message, self->portal, "text/html",
                                 "<!DOCTYPE html><title>Welcome to our hotel</title>");
      return;
    }
  if (self->fails > 0)
    {
      self->fails--;
      answer (message, 500, "{\"__type\":\"InternalErrorException\"}");
      return;
    }
  dispatch (self, message, name, body);
}

void
rafilm_fake_cognito_resume (RafilmFakeCognito *self)
{
  self->paused = FALSE;
  for (guint i = 0; i < self->waiting->len; i++)
    {
      SoupServerMessage *message = g_ptr_array_index (self->waiting, i);

      answer_tokens (self, message, self->rotates);
      soup_server_message_unpause (message);
    }
  g_ptr_array_set_size (self->waiting, 0);
}

guint
rafilm_fake_cognito_count (RafilmFakeCognito *self, const char *call)
{
  guint count = 0;

  for (guint i = 0; i < self->calls->len; i++)
    count += g_str_equal (g_ptr_array_index (self->calls, i), call);

  return count;
}

RafilmFakeCognito *
rafilm_fake_cognito_new (void)
{
  RafilmFakeCognito *self = g_new0 (RafilmFakeCognito, 1);

  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->password = g_strdup (RAFILM_FAKE_PASSWORD);
  self->confirmed = TRUE;
  self->life = 900;

  return self;
}

void
rafilm_fake_cognito_free (RafilmFakeCognito *self)
{
  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->waiting);
  g_free (self->password);
  g_free (self->refresh_token);
  g_free (self->access_token);
  verifier_free (self->verifier);
  g_free (self);
}
