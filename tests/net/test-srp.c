/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-srp.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-test.h"

#define PRIME                                                                                      \
  "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404" \
  "ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406" \
  "b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd" \
  "24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e46" \
  "2e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d226" \
  "1898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db397" \
  "0f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a6452" \
  "1f2b18177b200cbbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2ca" \
  "ffffffffffffffff"

static void
check_vector (JsonObject *vector)
{
  RafilmSrpChallenge challenge = {
    .pool = json_object_get_string_member (vector, "user_pool_id"),
    .user = json_object_get_string_member (vector, "username"),
    .salt = json_object_get_string_member (vector, "SALT"),
    .server_public = json_object_get_string_member (vector, "SRP_B"),
    .secret_block = json_object_get_string_member (vector, "SECRET_BLOCK"),
  };
  const char *password = json_object_get_string_member (vector, "password");
  const char *timestamp = json_object_get_string_member (vector, "TIMESTAMP");
  g_autofree char *other_password = g_strconcat (password, "!", NULL);
  g_autofree char *signature = NULL;
  g_autofree char *other_signature = NULL;
  g_autoptr (RafilmSrp) srp = NULL;
  g_autoptr (GError) error = NULL;

  srp = rafilm_srp_new_for_secret (json_object_get_string_member (vector, "client_a_hex"));
  g_assert_nonnull (srp);
  g_assert_cmpstr (rafilm_srp_get_public (srp), ==,
                   json_object_get_string_member (vector, "SRP_A"));

  signature = rafilm_srp_sign (srp, &challenge, password, timestamp, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (signature, ==,
                   json_object_get_string_member (vector, "PASSWORD_CLAIM_SIGNATURE"));

  other_signature = rafilm_srp_sign (srp, &challenge, other_password, timestamp, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (signature, !=, other_signature);
}

static void
test_vectors (void)
{
  g_autofree char *path = rafilm_test_shared_data ("cognito-srp-vectors/vectors.json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *cases = NULL;

  if (path == NULL)
    return;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  cases =
      json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "cases");
  g_assert_cmpuint (json_array_get_length (cases), ==, 24);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_vector (json_array_get_object_element (cases, i));
}

static void
test_secret (void)
{
  g_autoptr (RafilmSrp) first = rafilm_srp_new ();
  g_autoptr (RafilmSrp) second = rafilm_srp_new ();
  g_autoptr (RafilmSrp) none = rafilm_srp_new_for_secret ("12g4");

  g_assert_cmpstr (rafilm_srp_get_public (first), !=, rafilm_srp_get_public (second));
  g_assert_cmpuint (strlen (rafilm_srp_get_public (first)), >, 700);
  g_assert_null (none);
}

static void
assert_refused (const char *salt, const char *server_public, const char *pool, const char *block)
{
  RafilmSrpChallenge challenge = { .pool = pool,
                                   .user = "alice",
                                   .salt = salt,
                                   .server_public = server_public,
                                   .secret_block = block };
  g_autoptr (RafilmSrp) srp = rafilm_srp_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *signature = rafilm_srp_sign (srp, &challenge, "secret", "now", &error);

  g_assert_null (signature);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
}

static void
test_refused_challenges (void)
{
  g_autofree char *long_hex = g_strnfill (800, 'a');

  /* With B mod N = 0 the session key would be known to everybody. */
  assert_refused ("ab12", "0", "eu-west-1_Pool", "AAAA");
  assert_refused ("ab12", "0000", "eu-west-1_Pool", "AAAA");
  assert_refused ("ab12", PRIME, "eu-west-1_Pool", "AAAA");

  assert_refused ("", "12", "eu-west-1_Pool", "AAAA");
  assert_refused ("xyz", "12", "eu-west-1_Pool", "AAAA");
  assert_refused ("ab12", "-12", "eu-west-1_Pool", "AAAA");
  assert_refused ("ab12", long_hex, "eu-west-1_Pool", "AAAA");
  assert_refused (long_hex, "12", "eu-west-1_Pool", "AAAA");
  assert_refused ("ab12", "12", "Pool", "AAAA");
  assert_refused ("ab12", "12", "eu-west-1_Pool", "");
  assert_refused ("ab12", "12", "eu-west-1_Pool", "AA\"A");
}

static void
test_timestamp (void)
{
  g_autofree char *first = rafilm_srp_format_timestamp (0);
  g_autofree char *second = rafilm_srp_format_timestamp (G_GINT64_CONSTANT (1788581829999));
  g_autofree char *third = rafilm_srp_format_timestamp (G_GINT64_CONSTANT (1735689599000));

  g_assert_cmpstr (first, ==, "Thu Jan 1 00:00:00 UTC 1970");
  g_assert_cmpstr (second, ==, "Sat Sep 5 04:17:09 UTC 2026");
  g_assert_cmpstr (third, ==, "Tue Dec 31 23:59:59 UTC 2024");
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  g_test_add_func ("/net/srp/vectors", test_vectors);
  g_test_add_func ("/net/srp/secret", test_secret);
  g_test_add_func ("/net/srp/refused-challenges", test_refused_challenges);
  g_test_add_func ("/net/srp/timestamp", test_timestamp);

  return g_test_run ();
}
