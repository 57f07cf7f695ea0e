/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local-client.h"
#include "rafilm-local-cognito-srp.h"
#include "rafilm-local-cognito.h"
#include "rafilm-local-http.h"

#include "rafilm-test.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#define EMAIL "mann@example.org"
#define PASSWORD "Heat1995"

typedef struct
{
  SoupServer *server;
  char *address;
  RafilmLocalCognito *cognito;
  guint changes;
} Fixture;

static void
changed_cb (gpointer data)
{
  ((Fixture *) data)->changes++;
}

static Fixture *
set_up (RafilmLocalCognitoTimes times, JsonObject *kept)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->server = local_server_new (&fixture->address);
  fixture->cognito = rafilm_local_cognito_new (fixture->server, fixture->address, times, kept,
                                               changed_cb, fixture);

  return fixture;
}

static void
tear_down (Fixture *fixture)
{
  rafilm_local_cognito_free (fixture->cognito);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_free (fixture->address);
  g_free (fixture);
}

/* The client's id is added to @input. */
static LocalAnswer *
call (Fixture *fixture, const char *operation, JsonObject *input)
{
  g_autoptr (JsonObject) owned = input;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *target = g_strconcat ("AWSCognitoIdentityProviderService.", operation, NULL);
  const char *headers[] = { "X-Amz-Target", target, NULL };

  json_object_set_string_member (owned, "ClientId",
                                 rafilm_local_cognito_get_client (fixture->cognito));
  body = rafilm_local_json_to_bytes (owned);

  return local_client_send ("POST", fixture->address, headers, body);
}

static JsonObject *
make (const char *name, ...)
{
  JsonObject *object = json_object_new ();
  va_list list;

  va_start (list, name);
  for (; name != NULL; name = va_arg (list, const char *))
    json_object_set_string_member (object, name, va_arg (list, const char *));
  va_end (list);

  return object;
}

static void
assert_fault (LocalAnswer *answer, const char *type)
{
  g_assert_cmpstr (rafilm_local_json_get_text (answer->object, "__type"), ==, type);
  g_assert_cmpuint (answer->status, ==, 400);
}

static void
expect (Fixture *fixture, const char *operation, JsonObject *input, const char *fault)
{
  g_autoptr (LocalAnswer) answer = call (fixture, operation, input);

  if (fault != NULL)
    assert_fault (answer, fault);
  else
    g_assert_cmpuint (answer->status, ==, 200);
}

static char *
read_mail (Fixture *fixture)
{
  g_autoptr (LocalAnswer) answer = local_client_get (fixture->address, "/mail?to=" EMAIL);

  g_assert_cmpuint (answer->status, ==, 200);

  return g_strdup (rafilm_local_json_get_text (answer->object, "code"));
}

static char *
make_wrong (const char *code)
{
  return g_strdup (strcmp (code, "000000") == 0 ? "000001" : "000000");
}

static void
sign_up (Fixture *fixture)
{
  g_autofree char *code = NULL;

  expect (fixture, "SignUp", make ("Username", EMAIL, "Password", PASSWORD, NULL), NULL);
  code = read_mail (fixture);
  expect (fixture, "ConfirmSignUp", make ("Username", EMAIL, "ConfirmationCode", code, NULL), NULL);
}

/* The client's half of SRP, apart from the server's: S = (B - k g^x)^(a + u x). */

static const char prime_hex[] =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E34"
    "04DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6"
    "F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A6916"
    "3FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C"
    "32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA95"
    "6AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA7157"
    "5D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D876"
    "02733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E"
    "4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

static void
hash_padded (SHA256_CTX *context, const BIGNUM *number)
{
  guint8 data[400] = { 0 };
  int size = BN_bn2bin (number, data + 1);

  if (size == 0 || data[1] >= 0x80)
    SHA256_Update (context, data, size + 1);
  else
    SHA256_Update (context, data + 1, size);
}

static BIGNUM *
hash_two (const BIGNUM *first, const BIGNUM *second)
{
  SHA256_CTX context;
  guint8 hash[32];

  SHA256_Init (&context);
  hash_padded (&context, first);
  hash_padded (&context, second);
  SHA256_Final (hash, &context);

  return BN_bin2bn (hash, 32, NULL);
}

static BIGNUM *
hash_password (const char *pool, const char *user, const char *password, const BIGNUM *salt)
{
  SHA256_CTX context;
  guint8 hash[32];
  g_autofree char *text = g_strconcat (pool, user, ":", password, NULL);

  SHA256 ((const guint8 *) text, strlen (text), hash);
  SHA256_Init (&context);
  hash_padded (&context, salt);
  SHA256_Update (&context, hash, 32);
  SHA256_Final (hash, &context);

  return BN_bin2bn (hash, 32, NULL);
}

static void
derive (const BIGNUM *secret, const BIGNUM *u, guint8 *ret_key)
{
  guint8 secret_data[400] = { 0 }, salt[40] = { 0 }, extracted[32], expanded[32];
  int secret_size = BN_bn2bin (secret, secret_data + 1);
  int salt_size = BN_bn2bin (u, salt + 1);
  guint8 *secret_start = secret_data[1] >= 0x80 ? secret_data : secret_data + 1;
  guint8 *salt_start = salt[1] >= 0x80 ? salt : salt + 1;

  HMAC (EVP_sha256 (), salt_start, salt_size + (salt_start == salt), secret_start,
        secret_size + (secret_start == secret_data), extracted, NULL);
  HMAC (EVP_sha256 (), extracted, 32, (const guint8 *) "Caldera Derived Key\x01", 20, expanded,
        NULL);
  memcpy (ret_key, expanded, 16);
}

static char *
make_signature (const guint8 *key, const char *pool, const char *user, const char *block,
                const char *timestamp)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  gsize size = 0;
  g_autofree guint8 *block_data = g_base64_decode (block, &size);
  guint8 mac[32];

  g_byte_array_append (text, (const guint8 *) pool, strlen (pool));
  g_byte_array_append (text, (const guint8 *) user, strlen (user));
  g_byte_array_append (text, block_data, size);
  g_byte_array_append (text, (const guint8 *) timestamp, strlen (timestamp));
  HMAC (EVP_sha256 (), key, 16, text->data, text->len, mac, NULL);

  return g_base64_encode (mac, 32);
}

static LocalAnswer *
sign_in (Fixture *fixture, const char *email, const char *password)
{
  const char *pool = strchr (rafilm_local_cognito_get_pool (fixture->cognito), '_') + 1;
  const char *timestamp = "Mon Nov 2 06:01:02 UTC 2026";
  BN_CTX *context = BN_CTX_new ();
  BIGNUM *n = NULL, *g = BN_new (), *a = BN_new (), *a_public = BN_new (), *b = NULL, *salt = NULL;
  BIGNUM *base = BN_new (), *exponent = BN_new (), *secret = BN_new (), *k, *u, *x;
  g_autofree char *signature = NULL;
  g_autoptr (LocalAnswer) challenge = NULL;
  JsonObject *input = make ("AuthFlow", "USER_SRP_AUTH", NULL);
  JsonObject *response = make ("ChallengeName", "PASSWORD_VERIFIER", NULL);
  JsonObject *parameters;
  const char *user, *block;
  char *hex;
  guint8 key[16];

  BN_hex2bn (&n, prime_hex);
  BN_set_word (g, 2);
  BN_rand (a, 256, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY);
  BN_mod_exp (a_public, g, a, n, context);
  hex = BN_bn2hex (a_public);
  json_object_set_object_member (input, "AuthParameters",
                                 make ("USERNAME", email, "SRP_A", hex, NULL));
  challenge = call (fixture, "InitiateAuth", input);
  g_assert_cmpstr (rafilm_local_json_get_text (challenge->object, "ChallengeName"), ==,
                   "PASSWORD_VERIFIER");
  parameters = rafilm_local_json_get_object (challenge->object, "ChallengeParameters");
  user = rafilm_local_json_get_text (parameters, "USER_ID_FOR_SRP");
  block = rafilm_local_json_get_text (parameters, "SECRET_BLOCK");
  BN_hex2bn (&b, rafilm_local_json_get_text (parameters, "SRP_B"));
  BN_hex2bn (&salt, rafilm_local_json_get_text (parameters, "SALT"));
  u = hash_two (a_public, b);
  k = hash_two (n, g);
  x = hash_password (pool, user, password, salt);
  BN_mod_exp (base, g, x, n, context);
  BN_mod_mul (base, base, k, n, context);
  BN_mod_sub (base, b, base, n, context);
  BN_mul (exponent, u, x, context);
  BN_add (exponent, exponent, a);
  BN_mod_exp (secret, base, exponent, n, context);
  derive (secret, u, key);
  signature = make_signature (key, pool, user, block, timestamp);
  json_object_set_object_member (response, "ChallengeResponses",
                                 make ("USERNAME", user, "PASSWORD_CLAIM_SECRET_BLOCK", block,
                                       "TIMESTAMP", timestamp, "PASSWORD_CLAIM_SIGNATURE",
                                       signature, NULL));
  OPENSSL_free (hex);
  BN_CTX_free (context);
  for (gsize i = 0; i < 12; i++)
    BN_free ((BIGNUM *[]) { n, g, a, a_public, b, salt, base, exponent, secret, k, u, x }[i]);

  return call (fixture, "RespondToAuthChallenge", response);
}

static JsonObject *
get_result (LocalAnswer *answer)
{
  JsonObject *result = rafilm_local_json_get_object (answer->object, "AuthenticationResult");

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_nonnull (result);

  return result;
}

static const char *
get_token (LocalAnswer *answer, const char *name)
{
  return rafilm_local_json_get_text (get_result (answer), name);
}

static void
test_vectors (void)
{
  g_autofree char *path = rafilm_test_shared_data ("cognito-srp-vectors/vectors.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *cases;

  if (path == NULL)
    return;
  g_assert_true (json_parser_load_from_file (parser, path, NULL));
  cases =
      json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases");
  g_assert_cmpuint (json_array_get_length (cases), ==, 24);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *vector = json_array_get_object_element (cases, i);
      const char *pool = strchr (json_object_get_string_member (vector, "user_pool_id"), '_') + 1;
      const char *user = json_object_get_string_member (vector, "username");
      const char *salt = json_object_get_string_member (vector, "SALT");
      const char *block = json_object_get_string_member (vector, "SECRET_BLOCK");
      const char *timestamp = json_object_get_string_member (vector, "TIMESTAMP");
      const char *signature = json_object_get_string_member (vector, "PASSWORD_CLAIM_SIGNATURE");
      g_autofree char *verifier = rafilm_local_srp_make_verifier (
          pool, user, json_object_get_string_member (vector, "password"), salt);
      g_autofree char *wrong = rafilm_local_srp_make_verifier (pool, user, "another", salt);
      const char *a_public = json_object_get_string_member (vector, "SRP_A");
      const char *b = json_object_get_string_member (vector, "server_b_hex");
      g_autoptr (RafilmLocalSrp) srp = rafilm_local_srp_new (salt, verifier, a_public, b);
      g_autoptr (RafilmLocalSrp) other = rafilm_local_srp_new (salt, wrong, a_public, b);

      g_assert_cmpstr (rafilm_local_srp_get_b (srp), ==,
                       json_object_get_string_member (vector, "SRP_B"));
      g_assert_true (rafilm_local_srp_check (srp, pool, user, block, timestamp, signature));
      g_assert_false (rafilm_local_srp_check (other, pool, user, block, timestamp, signature));
    }
}

static void
test_bad_public_number (void)
{
  g_autofree char *salt = rafilm_local_srp_make_salt ();
  g_autofree char *verifier = rafilm_local_srp_make_verifier ("pool", "user", "pass", salt);

  g_assert_null (rafilm_local_srp_new (salt, verifier, "0", NULL));
  g_assert_null (rafilm_local_srp_new (salt, verifier, prime_hex, NULL));
  g_assert_null (rafilm_local_srp_new (salt, verifier, "no number", NULL));
  g_assert_null (rafilm_local_srp_new (salt, verifier, "", NULL));
}

static void
test_sign_up (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  static const char *const weak[] = { "Short1", "alllower1", "ALLUPPER1", "NoDigitsHere" };
  g_autofree char *code = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *second = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (weak); i++)
    expect (fixture, "SignUp", make ("Username", EMAIL, "Password", weak[i], NULL),
            "InvalidPasswordException");
  expect (fixture, "SignUp", make ("Username", "nobody", "Password", PASSWORD, NULL),
          "InvalidParameterException");
  expect (fixture, "SignUp", make ("Username", EMAIL, "Password", PASSWORD, NULL), NULL);
  expect (fixture, "SignUp", make ("Username", EMAIL, "Password", PASSWORD, NULL),
          "UsernameExistsException");
  code = read_mail (fixture);
  wrong = make_wrong (code);
  {
    g_autoptr (LocalAnswer) early = sign_in (fixture, EMAIL, PASSWORD);

    assert_fault (early, "UserNotConfirmedException");
  }
  expect (fixture, "ConfirmSignUp", make ("Username", EMAIL, "ConfirmationCode", wrong, NULL),
          "CodeMismatchException");
  expect (fixture, "ResendConfirmationCode", make ("Username", EMAIL, NULL), NULL);
  second = read_mail (fixture);
  expect (fixture, "ConfirmSignUp", make ("Username", EMAIL, "ConfirmationCode", second, NULL),
          NULL);
  expect (fixture, "ResendConfirmationCode", make ("Username", EMAIL, NULL),
          "InvalidParameterException");
  g_assert_cmpuint (fixture->changes, >, 0);
  tear_down (fixture);
}

static void
test_expired_code (void)
{
  Fixture *fixture = set_up ((RafilmLocalCognitoTimes) { .token = 900, .code = 0 }, NULL);
  g_autofree char *code = NULL;

  expect (fixture, "SignUp", make ("Username", EMAIL, "Password", PASSWORD, NULL), NULL);
  code = read_mail (fixture);
  expect (fixture, "ConfirmSignUp", make ("Username", EMAIL, "ConfirmationCode", code, NULL),
          "ExpiredCodeException");
  tear_down (fixture);
}

static void
test_sign_in (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (LocalAnswer) right = NULL;
  g_autoptr (LocalAnswer) wrong = NULL;
  g_autoptr (LocalAnswer) nobody = NULL;
  g_autoptr (JsonObject) claims = NULL;
  g_autofree char *header = NULL;

  sign_up (fixture);
  wrong = sign_in (fixture, EMAIL, "Heat1996");
  assert_fault (wrong, "NotAuthorizedException");
  /* Nothing tells whether an address has an account. */
  nobody = sign_in (fixture, "nobody@example.org", PASSWORD);
  assert_fault (nobody, "NotAuthorizedException");
  g_assert_cmpstr (rafilm_local_json_get_text (nobody->object, "message"), ==,
                   rafilm_local_json_get_text (wrong->object, "message"));
  right = sign_in (fixture, EMAIL, PASSWORD);
  header = g_strconcat ("Bearer ", get_token (right, "AccessToken"), NULL);
  claims = rafilm_local_cognito_authorize (fixture->cognito, header, NULL);
  g_assert_nonnull (claims);
  g_assert_cmpstr (rafilm_local_json_get_text (claims, "token_use"), ==, "access");
  g_assert_cmpint (rafilm_local_json_get_int (claims, "exp", 0)
                       - rafilm_local_json_get_int (claims, "iat", 0),
                   ==, 900);
  g_assert_null (
      rafilm_local_cognito_authorize (fixture->cognito, get_token (right, "IdToken"), NULL));
  header[strlen (header) - 6] ^= 1;
  g_assert_null (rafilm_local_cognito_authorize (fixture->cognito, header, NULL));
  tear_down (fixture);
}

static JsonObject *
make_refresh (const char *token)
{
  JsonObject *input = make ("AuthFlow", "REFRESH_TOKEN_AUTH", NULL);

  json_object_set_object_member (input, "AuthParameters", make ("REFRESH_TOKEN", token, NULL));

  return input;
}

static char *
encode (const char *text)
{
  char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

  g_strdelimit (encoded, "+", '-');
  g_strdelimit (encoded, "/", '_');
  *strchrnul (encoded, '=') = '\0';

  return encoded;
}

static gboolean
is_taken (Fixture *fixture, const char *head, const char *claims, const char *signature)
{
  g_autofree char *token = g_strdup_printf ("Bearer %s.%s.%s", head, claims, signature);
  g_autoptr (JsonObject) taken = rafilm_local_cognito_authorize (fixture->cognito, token, NULL);

  return taken != NULL;
}

/* Nothing but the very token that was given out is good. */
static void
test_forged (void)
{
  static const char *const heads[] = { "{\"alg\":\"none\"}", "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
                                       "{}", "[]", "" };
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  Fixture *other = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (LocalAnswer) mine = NULL;
  g_autoptr (LocalAnswer) foreign = NULL;
  g_auto (GStrv) parts = NULL;
  g_auto (GStrv) foreign_parts = NULL;

  sign_up (fixture);
  sign_up (other);
  mine = sign_in (fixture, EMAIL, PASSWORD);
  foreign = sign_in (other, EMAIL, PASSWORD);
  parts = g_strsplit (get_token (mine, "AccessToken"), ".", -1);
  foreign_parts = g_strsplit (get_token (foreign, "AccessToken"), ".", -1);
  g_assert_true (is_taken (fixture, parts[0], parts[1], parts[2]));
  g_assert_false (is_taken (fixture, foreign_parts[0], foreign_parts[1], foreign_parts[2]));
  g_assert_false (is_taken (fixture, parts[0], foreign_parts[1], parts[2]));
  g_assert_false (is_taken (fixture, parts[0], parts[1], ""));
  g_assert_false (is_taken (fixture, parts[0], parts[1], foreign_parts[2]));
  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autofree char *head = encode (heads[i]);

      g_assert_false (is_taken (fixture, head, parts[1], ""));
      g_assert_false (is_taken (fixture, head, parts[1], parts[2]));
    }
  tear_down (other);
  tear_down (fixture);
}

/* A token that was good once is told apart from one that never was. */
static void
test_expired_token (void)
{
  Fixture *fixture = set_up ((RafilmLocalCognitoTimes) { .token = 1, .code = 3600 }, NULL);
  g_autoptr (LocalAnswer) answer = NULL;
  g_autoptr (JsonObject) claims = NULL;
  gboolean expired = FALSE;
  const char *token;

  sign_up (fixture);
  answer = sign_in (fixture, EMAIL, PASSWORD);
  token = get_token (answer, "AccessToken");
  rafilm_test_sleep (2100);
  claims = rafilm_local_cognito_authorize (fixture->cognito, token, &expired);
  g_assert_null (claims);
  g_assert_true (expired);
  g_assert_null (rafilm_local_cognito_authorize (fixture->cognito, "Bearer a.b.c", &expired));
  g_assert_false (expired);
  expect (fixture, "GetUser", make ("AccessToken", token, NULL), "NotAuthorizedException");
  expect (fixture, "InitiateAuth", make_refresh (get_token (answer, "RefreshToken")), NULL);
  tear_down (fixture);
}

/* After five wrong passwords the right one has to wait, too; and a right one begins anew. */
static void
test_locked (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (LocalAnswer) locked = NULL;
  g_autoptr (LocalAnswer) right = NULL;

  sign_up (fixture);
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (LocalAnswer) wrong = sign_in (fixture, EMAIL, "Heat1996");

      assert_fault (wrong, "NotAuthorizedException");
      g_assert_cmpstr (rafilm_local_json_get_text (wrong->object, "message"), ==,
                       "Incorrect username or password.");
    }
  locked = sign_in (fixture, EMAIL, PASSWORD);
  assert_fault (locked, "NotAuthorizedException");
  g_assert_cmpstr (rafilm_local_json_get_text (locked->object, "message"), ==,
                   "Password attempts exceeded");
  rafilm_test_sleep (2100);
  right = sign_in (fixture, EMAIL, PASSWORD);
  g_assert_nonnull (get_token (right, "AccessToken"));
  tear_down (fixture);
}

/* Nobody may guess a code: after five wrong ones the right one is of no use either. */
static void
test_guessed_code (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autofree char *code = NULL;
  g_autofree char *wrong = NULL;

  expect (fixture, "SignUp", make ("Username", EMAIL, "Password", PASSWORD, NULL), NULL);
  code = read_mail (fixture);
  wrong = make_wrong (code);
  for (int i = 0; i < 5; i++)
    expect (fixture, "ConfirmSignUp", make ("Username", EMAIL, "ConfirmationCode", wrong, NULL),
            "CodeMismatchException");
  expect (fixture, "ConfirmSignUp", make ("Username", EMAIL, "ConfirmationCode", code, NULL),
          "LimitExceededException");
  tear_down (fixture);
}

/* What the functions verify tokens with. */
static void
test_key_set (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autofree char *path = g_strdup_printf ("/%s/.well-known/jwks.json",
                                           rafilm_local_cognito_get_pool (fixture->cognito));
  g_autoptr (LocalAnswer) answer = local_client_get (fixture->address, path);
  JsonArray *keys = rafilm_local_json_get_array (answer->object, "keys");
  JsonObject *key = json_array_get_object_element (keys, 0);

  g_assert_cmpuint (json_array_get_length (keys), ==, 1);
  g_assert_cmpstr (rafilm_local_json_get_text (key, "kty"), ==, "RSA");
  g_assert_cmpstr (rafilm_local_json_get_text (key, "alg"), ==, "RS256");
  g_assert_cmpstr (rafilm_local_json_get_text (key, "e"), ==, "AQAB");
  g_assert_cmpuint (strlen (rafilm_local_json_get_text (key, "n")), ==, 342);
  tear_down (fixture);
}

static void
test_refresh (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (LocalAnswer) first = NULL;
  g_autoptr (LocalAnswer) second = NULL;
  g_autoptr (LocalAnswer) third = NULL;
  const char *token;

  sign_up (fixture);
  first = sign_in (fixture, EMAIL, PASSWORD);
  second = call (fixture, "InitiateAuth", make_refresh (get_token (first, "RefreshToken")));
  token = get_token (second, "RefreshToken");
  g_assert_cmpstr (token, !=, get_token (first, "RefreshToken"));
  third = call (fixture, "GetTokensFromRefreshToken", make ("RefreshToken", token, NULL));
  /* Two rotations later the first token is dead. */
  expect (fixture, "InitiateAuth", make_refresh (get_token (first, "RefreshToken")),
          "NotAuthorizedException");
  expect (fixture, "RevokeToken", make ("Token", get_token (third, "RefreshToken"), NULL), NULL);
  expect (fixture, "InitiateAuth", make_refresh (get_token (third, "RefreshToken")),
          "NotAuthorizedException");
  expect (fixture, "GetUser", make ("AccessToken", get_token (third, "AccessToken"), NULL),
          "NotAuthorizedException");
  tear_down (fixture);
}

static void
test_passwords (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (LocalAnswer) answer = NULL;
  g_autoptr (LocalAnswer) old = NULL;
  g_autoptr (LocalAnswer) changed = NULL;
  g_autoptr (LocalAnswer) reset = NULL;
  g_autofree char *code = NULL;

  sign_up (fixture);
  answer = sign_in (fixture, EMAIL, PASSWORD);
  expect (fixture, "ChangePassword",
          make ("AccessToken", get_token (answer, "AccessToken"), "PreviousPassword", "Wrong123",
                "ProposedPassword", "Thief1981", NULL),
          "NotAuthorizedException");
  expect (fixture, "ChangePassword",
          make ("AccessToken", get_token (answer, "AccessToken"), "PreviousPassword", PASSWORD,
                "ProposedPassword", "Thief1981", NULL),
          NULL);
  old = sign_in (fixture, EMAIL, PASSWORD);
  assert_fault (old, "NotAuthorizedException");
  changed = sign_in (fixture, EMAIL, "Thief1981");
  get_result (changed);

  expect (fixture, "ForgotPassword", make ("Username", EMAIL, NULL), NULL);
  expect (fixture, "ForgotPassword", make ("Username", "nobody@example.org", NULL), NULL);
  code = read_mail (fixture);
  expect (fixture, "ConfirmForgotPassword",
          make ("Username", EMAIL, "ConfirmationCode", code, "Password", "weak", NULL),
          "InvalidPasswordException");
  expect (fixture, "ConfirmForgotPassword",
          make ("Username", EMAIL, "ConfirmationCode", code, "Password", "Ali20012", NULL), NULL);
  reset = sign_in (fixture, EMAIL, "Ali20012");
  get_result (reset);
  tear_down (fixture);
}

static void
test_kept (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (JsonObject) kept = NULL;
  g_autoptr (LocalAnswer) before = NULL;
  g_autoptr (LocalAnswer) after = NULL;
  g_autoptr (LocalAnswer) again = NULL;
  g_autofree char *text = NULL;
  Fixture *next;

  sign_up (fixture);
  before = sign_in (fixture, EMAIL, PASSWORD);
  kept = rafilm_local_cognito_save (fixture->cognito);
  text = rafilm_local_json_to_text (kept);
  g_assert_null (strstr (text, PASSWORD));
  g_assert_null (strstr (text, get_token (before, "RefreshToken")));

  next = set_up (RAFILM_LOCAL_COGNITO_TIMES, kept);
  g_assert_cmpstr (rafilm_local_cognito_get_pool (next->cognito), ==,
                   rafilm_local_cognito_get_pool (fixture->cognito));
  after = call (next, "InitiateAuth", make_refresh (get_token (before, "RefreshToken")));
  get_result (after);
  again = sign_in (next, EMAIL, PASSWORD);
  get_result (again);
  tear_down (fixture);
  tear_down (next);
}

static void
test_account (void)
{
  Fixture *fixture = set_up (RAFILM_LOCAL_COGNITO_TIMES, NULL);
  g_autoptr (LocalAnswer) answer = NULL;
  g_autoptr (LocalAnswer) again = NULL;
  g_autoptr (LocalAnswer) gone = NULL;

  sign_up (fixture);
  answer = sign_in (fixture, EMAIL, PASSWORD);
  expect (fixture, "GetUser", make ("AccessToken", get_token (answer, "AccessToken"), NULL), NULL);
  expect (fixture, "GlobalSignOut", make ("AccessToken", get_token (answer, "AccessToken"), NULL),
          NULL);
  expect (fixture, "InitiateAuth", make_refresh (get_token (answer, "RefreshToken")),
          "NotAuthorizedException");
  again = sign_in (fixture, EMAIL, PASSWORD);
  expect (fixture, "DeleteUser", make ("AccessToken", get_token (again, "AccessToken"), NULL),
          NULL);
  gone = sign_in (fixture, EMAIL, PASSWORD);
  assert_fault (gone, "NotAuthorizedException");
  tear_down (fixture);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/local/srp/vectors", test_vectors);
  g_test_add_func ("/local/srp/bad-public-number", test_bad_public_number);
  rafilm_test_add_fiber ("/local/cognito/sign-up", test_sign_up);
  rafilm_test_add_fiber ("/local/cognito/expired-code", test_expired_code);
  rafilm_test_add_fiber ("/local/cognito/sign-in", test_sign_in);
  rafilm_test_add_fiber ("/local/cognito/forged", test_forged);
  rafilm_test_add_fiber ("/local/cognito/expired-token", test_expired_token);
  rafilm_test_add_fiber ("/local/cognito/locked", test_locked);
  rafilm_test_add_fiber ("/local/cognito/guessed-code", test_guessed_code);
  rafilm_test_add_fiber ("/local/cognito/key-set", test_key_set);
  rafilm_test_add_fiber ("/local/cognito/refresh", test_refresh);
  rafilm_test_add_fiber ("/local/cognito/passwords", test_passwords);
  rafilm_test_add_fiber ("/local/cognito/kept", test_kept);
  rafilm_test_add_fiber ("/local/cognito/account", test_account);

  return g_test_run ();
}
