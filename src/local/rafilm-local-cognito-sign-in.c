/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-private.h"

#include "rafilm-local-cognito-srp.h"
#include "rafilm-local-http.h"

#include <openssl/rand.h>
#include <stdio.h>

/* Signing in by SRP, refreshing with rotation, and revoking. */

#define ATTEMPT_SECONDS 180
#define MAX_ATTEMPTS 1000
#define SECRET_BLOCK_BYTES 1024
#define FAILURES_BEFORE_LOCK 5
#define MAX_LOCK_SECONDS 900
#define MISSING "Missing required parameter"
#define WRONG "Incorrect username or password."

typedef struct
{
  RafilmLocalSrp *srp;
  char *name; /* USER_ID_FOR_SRP; of nobody where there is no such user */
  gint64 expires_at;
} Attempt;

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  g_clear_pointer (&attempt->srp, rafilm_local_srp_free);
  g_clear_pointer (&attempt->name, g_free);
  g_free (attempt);
}

GHashTable *
_rafilm_local_cognito_make_attempts (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, attempt_free);
}

static gboolean
attempt_is_late (gpointer key, gpointer value, gpointer data)
{
  return ((Attempt *) value)->expires_at <= *(gint64 *) data;
}

static JsonObject *
make_claims (RafilmLocalCognito *self, RafilmLocalUser *user, RafilmLocalSession *session,
             const char *use)
{
  JsonObject *claims = json_object_new ();
  gint64 now = _rafilm_local_cognito_now ();
  g_autofree char *jti = g_uuid_string_random ();
  g_autofree char *event_id = g_uuid_string_random ();

  json_object_set_string_member (claims, "sub", user->sub);
  json_object_set_string_member (claims, "iss", self->issuer);
  json_object_set_string_member (claims, "origin_jti", session->origin);
  json_object_set_string_member (claims, "event_id", event_id);
  json_object_set_string_member (claims, "token_use", use);
  json_object_set_int_member (claims, "auth_time", session->signed_in_at);
  json_object_set_int_member (claims, "exp", now + self->times.token);
  json_object_set_int_member (claims, "iat", now);
  json_object_set_string_member (claims, "jti", jti);

  return claims;
}

static char *
make_access_token (RafilmLocalCognito *self, RafilmLocalUser *user, RafilmLocalSession *session)
{
  g_autoptr (JsonObject) claims = make_claims (self, user, session, "access");

  json_object_set_string_member (claims, "client_id", self->client);
  json_object_set_string_member (claims, "scope", RAFILM_LOCAL_COGNITO_SCOPE);
  json_object_set_string_member (claims, "username", user->sub);

  return rafilm_local_cognito_key_sign (self->key, claims);
}

static char *
make_id_token (RafilmLocalCognito *self, RafilmLocalUser *user, RafilmLocalSession *session)
{
  g_autoptr (JsonObject) claims = make_claims (self, user, session, "id");

  json_object_set_string_member (claims, "aud", self->client);
  json_object_set_string_member (claims, "cognito:username", user->sub);
  json_object_set_string_member (claims, "email", user->email);
  json_object_set_boolean_member (claims, "email_verified", TRUE);

  return rafilm_local_cognito_key_sign (self->key, claims);
}

static JsonObject *
make_result (RafilmLocalCognito *self, RafilmLocalUser *user, RafilmLocalSession *session,
             const char *refresh_token)
{
  JsonObject *output = json_object_new ();
  JsonObject *result = json_object_new ();
  g_autofree char *access_token = make_access_token (self, user, session);
  g_autofree char *id_token = make_id_token (self, user, session);

  json_object_set_string_member (result, "AccessToken", access_token);
  json_object_set_int_member (result, "ExpiresIn", self->times.token);
  json_object_set_string_member (result, "IdToken", id_token);
  json_object_set_string_member (result, "RefreshToken", refresh_token);
  json_object_set_string_member (result, "TokenType", "Bearer");
  json_object_set_object_member (output, "AuthenticationResult", result);
  json_object_set_object_member (output, "ChallengeParameters", json_object_new ());

  return output;
}

/* For a user that does not exist the challenge looks like any other, and the same every time. */
static void
make_fake (RafilmLocalCognito *self, const char *name, char **ret_name, char **ret_salt,
           char **ret_verifier)
{
  g_autofree char *hash = g_compute_hmac_for_string (
      G_CHECKSUM_SHA256, (const guint8 *) self->fake_seed, strlen (self->fake_seed), name, -1);

  *ret_name = g_strdup_printf ("%.8s-%.4s-4%.3s-a%.3s-%.12s", hash + 32, hash + 40, hash + 45,
                               hash + 49, hash + 52);
  *ret_salt = g_strdup_printf ("1%.31s", hash);
  *ret_verifier = rafilm_local_srp_make_verifier (_rafilm_local_cognito_get_pool_name (self),
                                                  *ret_name, self->fake_seed, *ret_salt);
}

static char *
make_secret_block (void)
{
  guint8 data[SECRET_BLOCK_BYTES];

  if (RAND_bytes (data, sizeof data) != 1)
    g_error ("There are no random bytes");

  return g_base64_encode (data, sizeof data);
}

static JsonObject *
start_srp (RafilmLocalCognito *self, JsonObject *parameters, RafilmLocalFault *ret_fault)
{
  const char *name = rafilm_local_json_get_text (parameters, "USERNAME");
  const char *a_public = rafilm_local_json_get_text (parameters, "SRP_A");
  RafilmLocalUser *user = rafilm_local_users_find (self->users, name);
  gint64 now = _rafilm_local_cognito_now ();
  g_autofree char *srp_name = NULL;
  g_autofree char *salt = NULL;
  g_autofree char *verifier = NULL;
  g_autofree char *block = NULL;
  g_autoptr (RafilmLocalSrp) srp = NULL;
  JsonObject *output;
  JsonObject *challenge;
  Attempt *attempt;

  if (name == NULL || a_public == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  g_hash_table_foreach_remove (self->attempts, attempt_is_late, &now);
  if (g_hash_table_size (self->attempts) >= MAX_ATTEMPTS)
    return _rafilm_local_cognito_fail (ret_fault, "TooManyRequestsException", "Rate exceeded");

  if (user != NULL)
    {
      srp_name = g_strdup (user->sub);
      salt = g_strdup (user->salt);
      verifier = g_strdup (user->verifier);
    }
  else
    {
      make_fake (self, name, &srp_name, &salt, &verifier);
    }
  srp = rafilm_local_srp_new (salt, verifier, a_public, NULL);
  if (srp == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", "Invalid SRP_A");

  block = make_secret_block ();
  output = json_object_new ();
  challenge = json_object_new ();
  json_object_set_string_member (challenge, "SALT", salt);
  json_object_set_string_member (challenge, "SECRET_BLOCK", block);
  json_object_set_string_member (challenge, "SRP_B", rafilm_local_srp_get_b (srp));
  json_object_set_string_member (challenge, "USERNAME", srp_name);
  json_object_set_string_member (challenge, "USER_ID_FOR_SRP", srp_name);
  json_object_set_string_member (output, "ChallengeName", "PASSWORD_VERIFIER");
  json_object_set_object_member (output, "ChallengeParameters", challenge);

  attempt = g_new0 (Attempt, 1);
  attempt->srp = g_steal_pointer (&srp);
  attempt->name = g_steal_pointer (&srp_name);
  attempt->expires_at = now + ATTEMPT_SECONDS;
  g_hash_table_replace (self->attempts, g_steal_pointer (&block), attempt);

  return output;
}

static JsonObject *
refresh (RafilmLocalCognito *self, const char *token, RafilmLocalFault *ret_fault)
{
  RafilmLocalSession *session = NULL;
  RafilmLocalUser *user;
  g_autofree char *next = NULL;

  if (token == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  user = rafilm_local_users_find_token (self->users, token, &session);
  if (user == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException",
                                       "Invalid Refresh Token");
  next = rafilm_local_session_rotate (session, _rafilm_local_cognito_now ());

  return make_result (self, user, session, next);
}

JsonObject *
_rafilm_local_cognito_initiate (RafilmLocalCognito *self, JsonObject *input,
                                RafilmLocalFault *ret_fault)
{
  const char *flow = rafilm_local_json_get_text (input, "AuthFlow");
  JsonObject *parameters = rafilm_local_json_get_object (input, "AuthParameters");

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (parameters == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  if (g_strcmp0 (flow, "USER_SRP_AUTH") == 0)
    return start_srp (self, parameters, ret_fault);
  if (g_strcmp0 (flow, "REFRESH_TOKEN_AUTH") == 0 || g_strcmp0 (flow, "REFRESH_TOKEN") == 0)
    return refresh (self, rafilm_local_json_get_text (parameters, "REFRESH_TOKEN"), ret_fault);

  return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                     "This auth flow is not enabled for this client");
}

/* "Tue Sep 5 04:17:09 UTC 2026": English names, the day without a leading zero. */
static gboolean
is_timestamp (const char *text)
{
  char day_name[4], month[4], expected[40];
  int day, hour, minute, second, year;

  if (sscanf (text, "%3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d UTC %4d", day_name, month, &day, &hour,
              &minute, &second, &year)
      != 7)
    return FALSE;
  g_snprintf (expected, sizeof expected, "%s %s %d %02d:%02d:%02d UTC %04d", day_name, month, day,
              hour, minute, second, year);

  return strcmp (expected, text) == 0 && strstr ("MonTueWedThuFriSatSun", day_name) != NULL
         && strstr ("JanFebMarAprMayJunJulAugSepOctNovDec", month) != NULL;
}

static void
count_failure (RafilmLocalUser *user)
{
  guint beyond;

  user->failures++;
  if (user->failures < FAILURES_BEFORE_LOCK)
    return;
  beyond = MIN (user->failures - FAILURES_BEFORE_LOCK, 10);
  user->locked_until = _rafilm_local_cognito_now () + MIN (1 << beyond, MAX_LOCK_SECONDS);
}

static JsonObject *
sign_in (RafilmLocalCognito *self, RafilmLocalUser *user, gboolean right,
         RafilmLocalFault *ret_fault)
{
  g_autofree char *token = NULL;

  if (user == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException", WRONG);
  if (user->locked_until > _rafilm_local_cognito_now ())
    return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException",
                                       "Password attempts exceeded");
  if (!right)
    {
      count_failure (user);
      return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException", WRONG);
    }
  user->failures = 0;
  if (!user->confirmed)
    return _rafilm_local_cognito_fail (ret_fault, "UserNotConfirmedException",
                                       "User is not confirmed.");
  token = rafilm_local_user_add_session (user, _rafilm_local_cognito_now ());

  return make_result (self, user, user->sessions->pdata[user->sessions->len - 1], token);
}

JsonObject *
_rafilm_local_cognito_respond (RafilmLocalCognito *self, JsonObject *input,
                               RafilmLocalFault *ret_fault)
{
  JsonObject *responses = rafilm_local_json_get_object (input, "ChallengeResponses");
  const char *name = rafilm_local_json_get_text (responses, "USERNAME");
  const char *block = rafilm_local_json_get_text (responses, "PASSWORD_CLAIM_SECRET_BLOCK");
  const char *timestamp = rafilm_local_json_get_text (responses, "TIMESTAMP");
  const char *signature = rafilm_local_json_get_text (responses, "PASSWORD_CLAIM_SIGNATURE");
  g_autofree char *key = NULL;
  RafilmLocalUser *user;
  Attempt *attempt = NULL;
  gboolean right;
  JsonObject *output;

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (g_strcmp0 (rafilm_local_json_get_text (input, "ChallengeName"), "PASSWORD_VERIFIER") != 0
      || name == NULL || block == NULL || timestamp == NULL || signature == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);

  /* A challenge is answered once. */
  g_hash_table_steal_extended (self->attempts, block, (gpointer *) &key, (gpointer *) &attempt);
  if (attempt == NULL || attempt->expires_at <= _rafilm_local_cognito_now ())
    {
      g_clear_pointer (&attempt, attempt_free);
      return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException",
                                         "Invalid session for the user.");
    }

  user = rafilm_local_users_find (self->users, attempt->name);
  right = is_timestamp (timestamp) && rafilm_local_users_find (self->users, name) == user
          && rafilm_local_srp_check (attempt->srp, _rafilm_local_cognito_get_pool_name (self),
                                     attempt->name, block, timestamp, signature);
  output = sign_in (self, user, right, ret_fault);
  attempt_free (attempt);

  return output;
}

JsonObject *
_rafilm_local_cognito_refresh (RafilmLocalCognito *self, JsonObject *input,
                               RafilmLocalFault *ret_fault)
{
  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;

  return refresh (self, rafilm_local_json_get_text (input, "RefreshToken"), ret_fault);
}

/* As RFC 7009 has it, revoking a token that is no good (any more) succeeds. */
JsonObject *
_rafilm_local_cognito_revoke (RafilmLocalCognito *self, JsonObject *input,
                              RafilmLocalFault *ret_fault)
{
  const char *token = rafilm_local_json_get_text (input, "Token");
  RafilmLocalSession *session = NULL;
  RafilmLocalUser *user;

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (token == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  user = rafilm_local_users_find_token (self->users, token, &session);
  if (user != NULL)
    g_ptr_array_remove (user->sessions, session);

  return json_object_new ();
}
