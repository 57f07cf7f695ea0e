/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one gets tokens: by password, which SRP keeps on this computer, and by a refresh token. */
#include "config.h"

#include "rafilm-cognito-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"
#include "rafilm-srp.h"

typedef struct
{
  RafilmCognito *self;
  char *email;
  char *secret;
} Credentials;

static void
credentials_free (gpointer data)
{
  Credentials *credentials = data;

  g_clear_object (&credentials->self);
  g_clear_pointer (&credentials->email, g_free);
  if (credentials->secret != NULL)
    explicit_bzero (credentials->secret, strlen (credentials->secret));
  g_clear_pointer (&credentials->secret, g_free);
  g_free (credentials);
}

static Credentials *
credentials_new (RafilmCognito *self, const char *email, const char *secret)
{
  Credentials *credentials = g_new0 (Credentials, 1);

  credentials->self = g_object_ref (self);
  credentials->email = email != NULL ? g_strstrip (g_strdup (email)) : NULL;
  credentials->secret = g_strdup (secret);

  return credentials;
}

static RafilmTokens *
read_tokens (JsonObject *answer, GError **error)
{
  JsonObject *result = rafilm_json_body_get_object (answer, "AuthenticationResult");

  if (result == NULL)
    {
      const char *challenge = rafilm_json_body_get_string (answer, "ChallengeName");

      g_debug ("Challenge without an answer: %s", challenge != NULL ? challenge : "none");
      g_set_error_literal (
          error, RAFILM_ERROR, challenge != NULL ? RAFILM_ERROR_REFUSED : RAFILM_ERROR_MALFORMED,
          challenge != NULL ? _ ("This account asks for a step that Rafilm does not know.")
                            : _ ("The sign-in service sent an answer that makes no sense."));
      return NULL;
    }

  return rafilm_tokens_new_from_json (result, rafilm_clock_now (), error);
}

static JsonObject *
await_challenge (RafilmCognito *self, const char *email, const RafilmSrp *srp, GError **error)
{
  g_autoptr (JsonObject) body = rafilm_cognito_body_new (self, NULL);
  JsonObject *parameters = json_object_new ();

  json_object_set_string_member (parameters, "USERNAME", email);
  json_object_set_string_member (parameters, "SRP_A", rafilm_srp_get_public (srp));
  json_object_set_string_member (body, "AuthFlow", "USER_SRP_AUTH");
  json_object_set_object_member (body, "AuthParameters", parameters);

  return rafilm_cognito_await_call (self, "InitiateAuth", RAFILM_COGNITO_SIGN_IN, body, error);
}

static gboolean
read_challenge (JsonObject *answer, const char *pool, RafilmSrpChallenge *ret_challenge)
{
  const char *name = rafilm_json_body_get_string (answer, "ChallengeName");
  JsonObject *parameters = rafilm_json_body_get_object (answer, "ChallengeParameters");

  if (g_strcmp0 (name, "PASSWORD_VERIFIER") != 0 || parameters == NULL)
    return FALSE;

  ret_challenge->pool = pool;
  ret_challenge->user = rafilm_json_body_get_string (parameters, "USER_ID_FOR_SRP");
  ret_challenge->salt = rafilm_json_body_get_string (parameters, "SALT");
  ret_challenge->server_public = rafilm_json_body_get_string (parameters, "SRP_B");
  ret_challenge->secret_block = rafilm_json_body_get_string (parameters, "SECRET_BLOCK");

  return ret_challenge->user != NULL && ret_challenge->salt != NULL
         && ret_challenge->server_public != NULL && ret_challenge->secret_block != NULL;
}

static JsonObject *
claim_body_new (RafilmCognito *self, const RafilmSrpChallenge *challenge, const char *signature,
                const char *timestamp, const char *session)
{
  JsonObject *body = rafilm_cognito_body_new (self, NULL);
  JsonObject *responses = json_object_new ();

  json_object_set_string_member (responses, "USERNAME", challenge->user);
  json_object_set_string_member (responses, "PASSWORD_CLAIM_SECRET_BLOCK", challenge->secret_block);
  json_object_set_string_member (responses, "TIMESTAMP", timestamp);
  json_object_set_string_member (responses, "PASSWORD_CLAIM_SIGNATURE", signature);
  json_object_set_string_member (body, "ChallengeName", "PASSWORD_VERIFIER");
  json_object_set_object_member (body, "ChallengeResponses", responses);
  if (session != NULL)
    json_object_set_string_member (body, "Session", session);

  return body;
}

static DexFuture *
sign_in_fiber (gpointer data)
{
  Credentials *credentials = data;
  RafilmCognito *self = credentials->self;
  g_autoptr (RafilmSrp) srp = rafilm_srp_new ();
  g_autoptr (JsonObject) challenge_answer = NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (JsonObject) body = NULL;
  g_autoptr (RafilmTokens) tokens = NULL;
  g_autofree char *timestamp = NULL;
  g_autofree char *signature = NULL;
  RafilmSrpChallenge challenge = { 0 };
  GError *error = NULL;

  challenge_answer = await_challenge (self, credentials->email, srp, &error);
  if (challenge_answer == NULL)
    return dex_future_new_for_error (error);
  if (!read_challenge (challenge_answer, self->endpoints->cognito_pool, &challenge))
    return rafilm_cognito_malformed ();

  timestamp = rafilm_srp_format_timestamp (rafilm_clock_now ());
  signature = rafilm_srp_sign (srp, &challenge, credentials->secret, timestamp, &error);
  if (signature == NULL)
    return dex_future_new_for_error (error);

  body = claim_body_new (self, &challenge, signature, timestamp,
                         rafilm_json_body_get_string (challenge_answer, "Session"));
  answer = rafilm_cognito_await_call (self, "RespondToAuthChallenge", RAFILM_COGNITO_SIGN_IN, body,
                                      &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);

  tokens = read_tokens (answer, &error);
  if (tokens == NULL)
    return dex_future_new_for_error (error);
  if (tokens->refresh == NULL)
    return rafilm_cognito_malformed ();

  return dex_future_new_take_boxed (RAFILM_TYPE_TOKENS, g_steal_pointer (&tokens));
}

DexFuture *
rafilm_cognito_sign_in (RafilmCognito *self, const char *email, const char *password)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL && password != NULL);

  return rafilm_spawn (sign_in_fiber, credentials_new (self, email, password), credentials_free);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  Credentials *credentials = data;
  RafilmCognito *self = credentials->self;
  g_autoptr (JsonObject) body = NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (RafilmTokens) tokens = NULL;
  GError *error = NULL;

  body = rafilm_cognito_body_new (self, NULL);
  json_object_set_string_member (body, "RefreshToken", credentials->secret);
  answer = rafilm_cognito_await_call (self, "GetTokensFromRefreshToken", RAFILM_COGNITO_REFRESH,
                                      body, &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);

  tokens = read_tokens (answer, &error);
  if (tokens == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (RAFILM_TYPE_TOKENS, g_steal_pointer (&tokens));
}

DexFuture *
rafilm_cognito_refresh (RafilmCognito *self, const char *refresh_token)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (refresh_token != NULL);

  return rafilm_spawn (refresh_fiber, credentials_new (self, NULL, refresh_token),
                       credentials_free);
}
