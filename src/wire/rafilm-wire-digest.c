/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rafilm-wire-kinds.h"

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

static uint64_t
load (const uint8_t *bytes, size_t n)
{
  uint64_t word = 0;

  for (size_t i = 0; i < n; i++)
    word |= (uint64_t) bytes[i] << (8 * i);
  return word;
}

static void
store (uint8_t *bytes, uint64_t word)
{
  for (size_t i = 0; i < 8; i++)
    bytes[i] = (uint8_t) (word >> (8 * i));
}

static void
rounds (uint64_t v[4], unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    {
      v[0] += v[1];
      v[1] = ROTATE (v[1], 13) ^ v[0];
      v[0] = ROTATE (v[0], 32);
      v[2] += v[3];
      v[3] = ROTATE (v[3], 16) ^ v[2];
      v[0] += v[3];
      v[3] = ROTATE (v[3], 21) ^ v[0];
      v[2] += v[1];
      v[1] = ROTATE (v[1], 17) ^ v[2];
      v[2] = ROTATE (v[2], 32);
    }
}

static void
absorb (uint64_t v[4], uint64_t word)
{
  v[3] ^= word;
  rounds (v, 2);
  v[0] ^= word;
}

void
rafilm_wire_siphash (const uint8_t key[16], const void *data, size_t length, uint8_t ret_hash[16])
{
  const uint8_t *bytes = data;
  uint64_t k0 = load (key, 8);
  uint64_t k1 = load (key + 8, 8);
  uint64_t v[4] = { k0 ^ UINT64_C (0x736f6d6570736575), k1 ^ UINT64_C (0x646f72616e646f6d) ^ 0xee,
                    k0 ^ UINT64_C (0x6c7967656e657261), k1 ^ UINT64_C (0x7465646279746573) };
  size_t at = 0;

  for (; length - at >= 8; at += 8)
    absorb (v, load (bytes + at, 8));
  absorb (v, load (bytes + at, length - at) | (uint64_t) length << 56);

  v[2] ^= 0xee;
  rounds (v, 4);
  store (ret_hash, v[0] ^ v[1] ^ v[2] ^ v[3]);
  v[1] ^= 0xdd;
  rounds (v, 4);
  store (ret_hash + 8, v[0] ^ v[1] ^ v[2] ^ v[3]);
}

void
rafilm_wire_digest_toggle (RafilmWireDigest *digest, const char *kind, const char *id, int64_t q)
{
  static const uint8_t key[16] = "rafilm digest 1";
  char text[2 * RAFILM_WIRE_MAX_ID];
  uint8_t hash[16];
  int length;

  length = snprintf (text, sizeof text, "%s#%s#%" PRId64, kind, id, q);
  if (length < 0)
    return;
  if ((size_t) length >= sizeof text)
    length = sizeof text - 1;
  rafilm_wire_siphash (key, text, (size_t) length, hash);
  for (size_t i = 0; i < sizeof hash; i++)
    digest->bytes[i] ^= hash[i];
}

bool
rafilm_wire_digest_equal (const RafilmWireDigest *a, const RafilmWireDigest *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void
rafilm_wire_digest_format (const RafilmWireDigest *digest, char buffer[RAFILM_WIRE_DIGEST_HEX])
{
  for (size_t i = 0; i < sizeof digest->bytes; i++)
    snprintf (buffer + 2 * i, 3, "%02x", digest->bytes[i]);
}

static int
hex_value (char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

bool
rafilm_wire_digest_parse (const char *text, RafilmWireDigest *ret_digest)
{
  RafilmWireDigest digest;

  for (size_t i = 0; i < sizeof digest.bytes; i++)
    {
      int high = hex_value (text[2 * i]);
      int low = high >= 0 ? hex_value (text[2 * i + 1]) : -1;

      if (low < 0)
        return false;
      digest.bytes[i] = (uint8_t) (high << 4 | low);
    }
  if (text[2 * sizeof digest.bytes] != '\0')
    return false;
  *ret_digest = digest;
  return true;
}
