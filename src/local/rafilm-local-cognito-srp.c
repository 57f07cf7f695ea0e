/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-srp.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#define HASH_BYTES 32
#define KEY_BYTES 16
#define NUMBER_BYTES 384
#define SALT_BYTES 16
#define SECRET_BYTES 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BN_CTX, BN_CTX_free)

/* RFC 5054, appendix A, the 3072-bit group; its generator here is 2, as Cognito has it. */
static const char group_prime[] =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

struct _RafilmLocalSrp
{
  guint8 key[KEY_BYTES];
  char *b_public;
};

static BIGNUM *
parse_number (const char *hex)
{
  BIGNUM *number = NULL;
  gsize length = strlen (hex);

  if (length == 0 || length > NUMBER_BYTES * 2 + 2
      || strspn (hex, "0123456789abcdefABCDEF") != length)
    return NULL;
  BN_hex2bn (&number, hex);

  return number;
}

static char *
print_number (const BIGNUM *number)
{
  char *hex = BN_bn2hex (number);
  char *lower = g_ascii_strdown (hex, -1);
  gsize zeros = strspn (lower, "0");

  OPENSSL_free (hex);
  memmove (lower, lower + zeros, strlen (lower) - zeros + 1);

  return lower;
}

/* The bytes of a number as Cognito hashes them: never empty, never with a set top bit first. */
static GBytes *
pad_number (const BIGNUM *number)
{
  guint8 data[NUMBER_BYTES + 2] = { 0 };
  int size = BN_bn2bin (number, data + 1);

  if (size == 0 || (data[1] & 0x80) != 0)
    return g_bytes_new (data, size + 1);

  return g_bytes_new (data + 1, size);
}

static void
hash_numbers (const BIGNUM *first, const BIGNUM *second, guint8 *ret_hash)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) first_bytes = pad_number (first);
  g_autoptr (GBytes) second_bytes = pad_number (second);
  gsize size = HASH_BYTES;

  g_checksum_update (checksum, g_bytes_get_data (first_bytes, NULL),
                     g_bytes_get_size (first_bytes));
  g_checksum_update (checksum, g_bytes_get_data (second_bytes, NULL),
                     g_bytes_get_size (second_bytes));
  g_checksum_get_digest (checksum, ret_hash, &size);
}

static BIGNUM *
make_x (const char *pool, const char *user, const char *password, const BIGNUM *salt)
{
  g_autoptr (GChecksum) inner = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GChecksum) outer = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GBytes) salt_bytes = pad_number (salt);
  guint8 hash[HASH_BYTES];
  gsize size = HASH_BYTES;

  g_checksum_update (inner, (const guint8 *) pool, -1);
  g_checksum_update (inner, (const guint8 *) user, -1);
  g_checksum_update (inner, (const guint8 *) ":", 1);
  g_checksum_update (inner, (const guint8 *) password, -1);
  g_checksum_get_digest (inner, hash, &size);

  g_checksum_update (outer, g_bytes_get_data (salt_bytes, NULL), g_bytes_get_size (salt_bytes));
  g_checksum_update (outer, hash, HASH_BYTES);
  g_checksum_get_digest (outer, hash, &size);

  return BN_bin2bn (hash, HASH_BYTES, NULL);
}

char *
rafilm_local_srp_make_salt (void)
{
  guint8 data[SALT_BYTES];
  g_autoptr (BIGNUM) number = NULL;

  if (RAND_bytes (data, sizeof data) != 1)
    g_error ("There are no random bytes");
  number = BN_bin2bn (data, sizeof data, NULL);

  return print_number (number);
}

char *
rafilm_local_srp_make_verifier (const char *pool, const char *user, const char *password,
                                const char *salt)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) prime = parse_number (group_prime);
  g_autoptr (BIGNUM) generator = BN_new ();
  g_autoptr (BIGNUM) salt_number = parse_number (salt);
  g_autoptr (BIGNUM) verifier = BN_new ();
  g_autoptr (BIGNUM) x = NULL;

  g_return_val_if_fail (salt_number != NULL, NULL);

  BN_set_word (generator, 2);
  x = make_x (pool, user, password, salt_number);
  BN_mod_exp (verifier, generator, x, prime, context);

  return print_number (verifier);
}

/* HKDF (RFC 5869) with one block of output. */
static void
derive_key (const BIGNUM *u, const BIGNUM *secret, guint8 *ret_key)
{
  static const guint8 info[] = "Caldera Derived Key\x01";
  g_autoptr (GBytes) salt = pad_number (u);
  g_autoptr (GBytes) material = pad_number (secret);
  guint8 extracted[HASH_BYTES];
  guint8 expanded[HASH_BYTES];
  gsize material_size = 0;
  const guint8 *material_data = g_bytes_get_data (material, &material_size);

  HMAC (EVP_sha256 (), g_bytes_get_data (salt, NULL), (int) g_bytes_get_size (salt), material_data,
        material_size, extracted, NULL);
  HMAC (EVP_sha256 (), extracted, HASH_BYTES, info, sizeof info - 1, expanded, NULL);
  memcpy (ret_key, expanded, KEY_BYTES);
}

/* B = k v + g^b */
static BIGNUM *
make_b_public (const BIGNUM *b, const BIGNUM *verifier, const BIGNUM *prime, BN_CTX *context)
{
  g_autoptr (BIGNUM) generator = BN_new ();
  g_autoptr (BIGNUM) product = BN_new ();
  g_autoptr (BIGNUM) power = BN_new ();
  g_autoptr (BIGNUM) k = NULL;
  BIGNUM *b_public = BN_new ();
  guint8 hash[HASH_BYTES];

  BN_set_word (generator, 2);
  hash_numbers (prime, generator, hash);
  k = BN_bin2bn (hash, HASH_BYTES, NULL);
  BN_mod_mul (product, k, verifier, prime, context);
  BN_mod_exp (power, generator, b, prime, context);
  BN_mod_add (b_public, product, power, prime, context);

  return b_public;
}

static BIGNUM *
make_secret_number (void)
{
  guint8 data[SECRET_BYTES];

  if (RAND_bytes (data, sizeof data) != 1)
    g_error ("There are no random bytes");

  return BN_bin2bn (data, sizeof data, NULL);
}

RafilmLocalSrp *
rafilm_local_srp_new (const char *salt, const char *verifier, const char *a_public, const char *b)
{
  g_autoptr (BN_CTX) context = BN_CTX_new ();
  g_autoptr (BIGNUM) prime = parse_number (group_prime);
  g_autoptr (BIGNUM) v = parse_number (verifier);
  g_autoptr (BIGNUM) a = parse_number (a_public);
  g_autoptr (BIGNUM) secret_b = b != NULL ? parse_number (b) : make_secret_number ();
  g_autoptr (BIGNUM) rest = BN_new ();
  g_autoptr (BIGNUM) secret = BN_new ();
  g_autoptr (BIGNUM) b_public = NULL;
  g_autoptr (BIGNUM) u = NULL;
  RafilmLocalSrp *self;
  guint8 hash[HASH_BYTES];

  g_return_val_if_fail (v != NULL && secret_b != NULL, NULL);

  if (a == NULL || !BN_mod (rest, a, prime, context) || BN_is_zero (rest))
    return NULL;

  b_public = make_b_public (secret_b, v, prime, context);
  hash_numbers (a, b_public, hash);
  u = BN_bin2bn (hash, HASH_BYTES, NULL);

  /* S = (A v^u)^b */
  BN_mod_exp (secret, v, u, prime, context);
  BN_mod_mul (secret, secret, a, prime, context);
  BN_mod_exp (secret, secret, secret_b, prime, context);

  self = g_new0 (RafilmLocalSrp, 1);
  self->b_public = print_number (b_public);
  derive_key (u, secret, self->key);

  return self;
}

void
rafilm_local_srp_free (RafilmLocalSrp *self)
{
  g_return_if_fail (self != NULL);

  OPENSSL_cleanse (self->key, KEY_BYTES);
  g_clear_pointer (&self->b_public, g_free);
  g_free (self);
}

const char *
rafilm_local_srp_get_b (RafilmLocalSrp *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->b_public;
}

gboolean
rafilm_local_srp_check (RafilmLocalSrp *self, const char *pool, const char *user,
                        const char *secret_block, const char *timestamp, const char *signature)
{
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autofree guint8 *block = NULL;
  g_autofree guint8 *given = NULL;
  guint8 expected[HASH_BYTES];
  gsize block_size = 0;
  gsize given_size = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  block = g_base64_decode (secret_block, &block_size);
  given = g_base64_decode (signature, &given_size);
  g_byte_array_append (text, (const guint8 *) pool, strlen (pool));
  g_byte_array_append (text, (const guint8 *) user, strlen (user));
  g_byte_array_append (text, block, block_size);
  g_byte_array_append (text, (const guint8 *) timestamp, strlen (timestamp));
  HMAC (EVP_sha256 (), self->key, KEY_BYTES, text->data, text->len, expected, NULL);

  return given_size == HASH_BYTES && CRYPTO_memcmp (given, expected, HASH_BYTES) == 0;
}
