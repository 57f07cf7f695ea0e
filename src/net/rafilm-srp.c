/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-srp.h"

#include <glib/gi18n-lib.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>

#include "rafilm-error.h"

#define SECRET_BITS 1024
#define GROUP_BYTES 384
#define KEY_BYTES 16
#define GENERATOR 2
/* A number of the group in hexadecimal; Cognito's salts have 32 digits, its secret blocks about
 * 1,700 characters. */
#define MAX_HEX (2 * GROUP_BYTES)
#define MAX_SALT_HEX 256
#define MAX_SECRET_BLOCK 8192

struct _RafilmSrp
{
  BN_CTX *context;
  BIGNUM *prime;
  BIGNUM *secret;
  BIGNUM *public;
  char *public_hex;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_MD_CTX, EVP_MD_CTX_free)

/* The library fails only where memory is exhausted; GLib aborts there too. */
static void
must (int succeeded)
{
  if (succeeded != 1)
    g_error ("The cryptographic library failed");
}

static void
hash_number (EVP_MD_CTX *hash, const BIGNUM *number)
{
  guint8 bytes[1 + GROUP_BYTES] = { 0 };
  gsize length = BN_num_bytes (number);
  gsize padding = length == 0 || BN_is_bit_set (number, (int) (8 * length - 1)) ? 1 : 0;

  g_assert (length <= GROUP_BYTES);
  BN_bn2bin (number, bytes + padding);
  must (EVP_DigestUpdate (hash, bytes, padding + length));
  OPENSSL_cleanse (bytes, sizeof bytes);
}

static EVP_MD_CTX *
start_hash (void)
{
  EVP_MD_CTX *hash = EVP_MD_CTX_new ();

  must (hash != NULL && EVP_DigestInit_ex (hash, EVP_sha256 (), NULL));

  return hash;
}

static BIGNUM *
finish_hash (EVP_MD_CTX *hash)
{
  guint8 digest[SHA256_DIGEST_LENGTH];
  BIGNUM *number = NULL;

  must (EVP_DigestFinal_ex (hash, digest, NULL));
  number = BN_bin2bn (digest, sizeof digest, NULL);
  OPENSSL_cleanse (digest, sizeof digest);
  must (number != NULL);

  return number;
}

static BIGNUM *
hash_numbers (const BIGNUM *first, const BIGNUM *second)
{
  g_autoptr (EVP_MD_CTX) hash = start_hash ();

  hash_number (hash, first);
  hash_number (hash, second);

  return finish_hash (hash);
}

/* x = H(salt | H(pool user ":" password)) */
static BIGNUM *
derive_private_key (const char *pool_name, const RafilmSrpChallenge *challenge, const BIGNUM *salt,
                    const char *password)
{
  g_autoptr (EVP_MD_CTX) inner = start_hash ();
  g_autoptr (EVP_MD_CTX) outer = start_hash ();
  guint8 digest[SHA256_DIGEST_LENGTH];

  must (EVP_DigestUpdate (inner, pool_name, strlen (pool_name)));
  must (EVP_DigestUpdate (inner, challenge->user, strlen (challenge->user)));
  must (EVP_DigestUpdate (inner, ":", 1));
  must (EVP_DigestUpdate (inner, password, strlen (password)));
  must (EVP_DigestFinal_ex (inner, digest, NULL));

  hash_number (outer, salt);
  must (EVP_DigestUpdate (outer, digest, sizeof digest));
  OPENSSL_cleanse (digest, sizeof digest);

  return finish_hash (outer);
}

/* S = (B - k g^x) ^ (a + u x) mod N */
static BIGNUM *
derive_shared_secret (const RafilmSrp *self, const BIGNUM *server_public, const BIGNUM *scramble,
                      const BIGNUM *private_key)
{
  g_autoptr (BIGNUM) generator = BN_new ();
  g_autoptr (BIGNUM) multiplier = NULL;
  g_autoptr (BIGNUM) base = BN_new ();
  g_autoptr (BIGNUM) exponent = BN_new ();
  BIGNUM *shared = BN_new ();

  must (generator != NULL && base != NULL && exponent != NULL && shared != NULL);
  must (BN_set_word (generator, GENERATOR));
  multiplier = hash_numbers (self->prime, generator);

  must (BN_mod_exp_mont_consttime (base, generator, private_key, self->prime, self->context, NULL));
  must (BN_mod_mul (base, multiplier, base, self->prime, self->context));
  must (BN_mod_sub (base, server_public, base, self->prime, self->context));
  must (BN_mul (exponent, scramble, private_key, self->context));
  must (BN_add (exponent, exponent, self->secret));
  must (BN_mod_exp_mont_consttime (shared, base, exponent, self->prime, self->context, NULL));

  return shared;
}

static void
authenticate (const guint8 *key, gsize key_length, const guint8 *data, gsize length,
              guint8 digest[SHA256_DIGEST_LENGTH])
{
  must (HMAC (EVP_sha256 (), key, (int) key_length, data, length, digest, NULL) != NULL);
}

static GByteArray *
pad_number (const BIGNUM *number)
{
  GByteArray *bytes = g_byte_array_new ();
  gsize length = BN_num_bytes (number);
  gsize padding = length == 0 || BN_is_bit_set (number, (int) (8 * length - 1)) ? 1 : 0;

  g_byte_array_set_size (bytes, padding + length);
  bytes->data[0] = 0;
  BN_bn2bin (number, bytes->data + padding);

  return bytes;
}

/* HKDF-SHA256 with the salt u; one block is enough for 16 bytes. */
static void
derive_session_key (const BIGNUM *shared, const BIGNUM *scramble, guint8 key[KEY_BYTES])
{
  static const guint8 info[] = "Caldera Derived Key\001";
  g_autoptr (GByteArray) salt = pad_number (scramble);
  g_autoptr (GByteArray) material = pad_number (shared);
  guint8 extracted[SHA256_DIGEST_LENGTH];
  guint8 expanded[SHA256_DIGEST_LENGTH];

  authenticate (salt->data, salt->len, material->data, material->len, extracted);
  authenticate (extracted, sizeof extracted, info, sizeof info - 1, expanded);
  memcpy (key, expanded, KEY_BYTES);

  OPENSSL_cleanse (material->data, material->len);
  OPENSSL_cleanse (extracted, sizeof extracted);
  OPENSSL_cleanse (expanded, sizeof expanded);
}

static char *
sign_claim (const guint8 key[KEY_BYTES], const char *pool_name, const char *user,
            const guint8 *secret_block, gsize secret_block_length, const char *timestamp)
{
  g_autoptr (GByteArray) claim = g_byte_array_new ();
  guint8 signature[SHA256_DIGEST_LENGTH];

  g_byte_array_append (claim, (const guint8 *) pool_name, strlen (pool_name));
  g_byte_array_append (claim, (const guint8 *) user, strlen (user));
  g_byte_array_append (claim, secret_block, secret_block_length);
  g_byte_array_append (claim, (const guint8 *) timestamp, strlen (timestamp));
  authenticate (key, KEY_BYTES, claim->data, claim->len, signature);

  return g_base64_encode (signature, sizeof signature);
}

static BIGNUM *
parse_hex (const char *hex, gsize max_digits)
{
  BIGNUM *number = NULL;
  gsize length = 0;

  while (g_ascii_isxdigit (hex[length]))
    length++;
  if (length == 0 || length > max_digits || hex[length] != '\0')
    return NULL;
  must (BN_hex2bn (&number, hex) == (int) length);

  return number;
}

static gboolean
block_is_base64 (const char *block)
{
  gsize length = strlen (block);

  return length > 0 && length <= MAX_SECRET_BLOCK && length % 4 == 0
         && strspn (block, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
                == length;
}

char *
rafilm_srp_sign (const RafilmSrp *self, const RafilmSrpChallenge *challenge, const char *password,
                 const char *timestamp, GError **error)
{
  g_autoptr (BIGNUM) salt = parse_hex (challenge->salt, MAX_SALT_HEX);
  g_autoptr (BIGNUM) server_public = parse_hex (challenge->server_public, MAX_HEX);
  g_autoptr (BIGNUM) remainder = BN_new ();
  g_autoptr (BIGNUM) scramble = NULL;
  g_autoptr (BIGNUM) private_key = NULL;
  g_autoptr (BIGNUM) shared = NULL;
  g_autofree guint8 *secret_block = NULL;
  const char *pool_name = strchr (challenge->pool, '_');
  guint8 key[KEY_BYTES];
  gsize secret_block_length = 0;
  char *signature = NULL;

  if (salt == NULL || server_public == NULL || pool_name == NULL
      || !block_is_base64 (challenge->secret_block))
    goto malformed;

  must (BN_nnmod (remainder, server_public, self->prime, self->context));
  scramble = hash_numbers (self->public, server_public);
  if (BN_is_zero (remainder) || BN_is_zero (scramble))
    goto malformed;

  pool_name++;
  secret_block = g_base64_decode (challenge->secret_block, &secret_block_length);
  private_key = derive_private_key (pool_name, challenge, salt, password);
  shared = derive_shared_secret (self, server_public, scramble, private_key);
  derive_session_key (shared, scramble, key);
  signature =
      sign_claim (key, pool_name, challenge->user, secret_block, secret_block_length, timestamp);
  OPENSSL_cleanse (key, sizeof key);

  return signature;

malformed:
  g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                       _ ("The server sent a sign-in challenge that makes no sense."));
  return NULL;
}

static RafilmSrp *
create (BIGNUM *secret)
{
  RafilmSrp *self = g_new0 (RafilmSrp, 1);
  g_autoptr (BIGNUM) generator = BN_new ();
  char *hex = NULL;

  self->context = BN_CTX_new ();
  self->prime = BN_get_rfc3526_prime_3072 (NULL);
  self->secret = secret;
  self->public = BN_new ();
  must (self->context != NULL && self->prime != NULL && self->public != NULL && generator != NULL);
  must (BN_set_word (generator, GENERATOR));
  must (BN_mod_exp_mont_consttime (self->public, generator, self->secret, self->prime,
                                   self->context, NULL));

  hex = BN_bn2hex (self->public);
  must (hex != NULL);
  self->public_hex = g_ascii_strdown (hex + (hex[0] == '0' ? 1 : 0), -1);
  OPENSSL_free (hex);

  return self;
}

RafilmSrp *
rafilm_srp_new (void)
{
  BIGNUM *secret = BN_secure_new ();

  must (secret != NULL && BN_priv_rand (secret, SECRET_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY));

  return create (secret);
}

RafilmSrp *
rafilm_srp_new_for_secret (const char *secret)
{
  BIGNUM *number = NULL;

  g_return_val_if_fail (secret != NULL, NULL);

  number = parse_hex (secret, MAX_HEX);
  if (number == NULL)
    return NULL;

  return create (number);
}

void
rafilm_srp_free (RafilmSrp *self)
{
  if (self == NULL)
    return;

  BN_clear_free (self->secret);
  BN_free (self->public);
  BN_free (self->prime);
  BN_CTX_free (self->context);
  g_free (self->public_hex);
  g_free (self);
}

const char *
rafilm_srp_get_public (const RafilmSrp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->public_hex;
}

char *
rafilm_srp_format_timestamp (gint64 milliseconds)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (milliseconds / 1000);

  g_return_val_if_fail (time != NULL, NULL);

  return g_strdup_printf (
      "%s %s %d %02d:%02d:%02d UTC %d", days[g_date_time_get_day_of_week (time) - 1],
      months[g_date_time_get_month (time) - 1], g_date_time_get_day_of_month (time),
      g_date_time_get_hour (time), g_date_time_get_minute (time), g_date_time_get_second (time),
      g_date_time_get_year (time));
}
