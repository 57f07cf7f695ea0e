/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Cognito answers: tokens, and the challenge that a password answers. */
#include "fuzz.h"

#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-srp.h"
#include "rafilm-tokens.h"

#include <string.h>

static void
check_tokens (JsonObject *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmTokens) tokens = rafilm_tokens_new_from_json (result, 1000, &error);

  if (tokens == NULL)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      return;
    }
  g_assert_true (rafilm_tokens_check_uid (tokens->uid));
  g_assert_cmpint (tokens->expires, >, 1000);
  for (const char *c = tokens->access; *c != '\0'; c++)
    g_assert_true (g_ascii_isgraph (*c));
}

static void
check_challenge (JsonObject *parameters)
{
  static RafilmSrp *srp;
  g_autoptr (GError) error = NULL;
  g_autofree char *signature = NULL;
  RafilmSrpChallenge challenge = {
    .pool = "us-east-1_pool",
    .user = rafilm_json_body_get_string (parameters, "USER_ID_FOR_SRP"),
    .salt = rafilm_json_body_get_string (parameters, "SALT"),
    .server_public = rafilm_json_body_get_string (parameters, "SRP_B"),
    .secret_block = rafilm_json_body_get_string (parameters, "SECRET_BLOCK"),
  };

  if (challenge.user == NULL || challenge.salt == NULL || challenge.server_public == NULL
      || challenge.secret_block == NULL)
    return;
  if (srp == NULL)
    srp = rafilm_srp_new_for_secret ("1234567890abcdef");
  signature = rafilm_srp_sign (srp, &challenge, "password", "Tue Sep 5 04:17:09 UTC 2026", &error);
  if (signature == NULL)
    g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
  else
    g_assert_cmpuint (strlen (signature), ==, 44);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (JsonNode) node = rafilm_json_body_parse (bytes, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return 0;
  check_tokens (json_node_get_object (node));
  check_challenge (json_node_get_object (node));
  return 0;
}
