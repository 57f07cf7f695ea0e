/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-wire-digest.h"

#include <glib.h>

/* Key 00..0f, input 00, 01, 02 … of the length given: the vectors that come with the reference
 * code of SipHash-2-4-128 (https://github.com/veorq/SipHash, vectors.h, vectors_sip128). */
static void
test_vectors (void)
{
  static const struct
  {
    size_t length;
    const char *hash;
  } vectors[] = {
    { 0, "a3817f04ba25a8e66df67214c7550293" },  { 1, "da87c1d86b99af44347659119b22fc45" },
    { 7, "a1f1ebbed8dbc153c0b84aa61ff08239" },  { 8, "3b62a9ba6258f5610f83e264f31497b4" },
    { 9, "264499060ad9baabc47f8b02bb6d71ed" },  { 15, "5493e99933b0a8117e08ec0f97cfc3d9" },
    { 16, "6ee2a4ca67b054bbfd3315bf85230577" }, { 31, "2939b0183223fafc1723de4f52c43d35" },
    { 63, "5150d1772f50834a503e069a973fbd7c" },
  };
  guint8 key[16];
  guint8 input[64];

  for (guint i = 0; i < sizeof input; i++)
    input[i] = (guint8) i;
  memcpy (key, input, sizeof key);
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      RafilmWireDigest digest;
      char text[RAFILM_WIRE_DIGEST_HEX];

      rafilm_wire_siphash (key, input, vectors[i].length, digest.bytes);
      rafilm_wire_digest_format (&digest, text);
      g_assert_cmpstr (text, ==, vectors[i].hash);
    }
}

/* What computers in the field compute must never change. */
static void
test_fixed (void)
{
  RafilmWireDigest digest = { 0 };
  char text[RAFILM_WIRE_DIGEST_HEX];

  rafilm_wire_digest_toggle (&digest, "d", "Vn3k", 1043);
  rafilm_wire_digest_format (&digest, text);
  g_assert_cmpstr (text, ==, "4c0381bbd3dfcb9265489fb703122be1");
  rafilm_wire_digest_toggle (&digest, "f", "603", 7);
  rafilm_wire_digest_format (&digest, text);
  g_assert_cmpstr (text, ==, "1e4a1c072c7070edcd64fb90518824dc");
}

static void
test_toggle (void)
{
  RafilmWireDigest empty = { 0 };
  RafilmWireDigest one = { 0 };
  RafilmWireDigest other = { 0 };

  rafilm_wire_digest_toggle (&one, "d", "a", 1);
  rafilm_wire_digest_toggle (&one, "f", "12", 2);
  rafilm_wire_digest_toggle (&other, "f", "12", 2);
  rafilm_wire_digest_toggle (&other, "d", "a", 1);
  g_assert_true (rafilm_wire_digest_equal (&one, &other));
  rafilm_wire_digest_toggle (&other, "d", "a", 1);
  rafilm_wire_digest_toggle (&other, "d", "a", 3);
  g_assert_false (rafilm_wire_digest_equal (&one, &other));
  rafilm_wire_digest_toggle (&one, "d", "a", 1);
  rafilm_wire_digest_toggle (&one, "f", "12", 2);
  g_assert_true (rafilm_wire_digest_equal (&one, &empty));
}

static void
test_text (void)
{
  RafilmWireDigest digest = { 0 };
  char text[RAFILM_WIRE_DIGEST_HEX];

  g_assert_true (rafilm_wire_digest_parse ("000102030405060708090a0b0c0d0eff", &digest));
  g_assert_cmpuint (digest.bytes[15], ==, 255);
  rafilm_wire_digest_format (&digest, text);
  g_assert_cmpstr (text, ==, "000102030405060708090a0b0c0d0eff");
  g_assert_false (rafilm_wire_digest_parse ("", &digest));
  g_assert_false (rafilm_wire_digest_parse ("000102030405060708090a0b0c0d0ef", &digest));
  g_assert_false (rafilm_wire_digest_parse ("000102030405060708090a0b0c0d0eff0", &digest));
  g_assert_false (rafilm_wire_digest_parse ("000102030405060708090a0b0c0d0eFF", &digest));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/digest/vectors", test_vectors);
  g_test_add_func ("/wire/digest/fixed", test_fixed);
  g_test_add_func ("/wire/digest/toggle", test_toggle);
  g_test_add_func ("/wire/digest/text", test_text);

  return g_test_run ();
}
