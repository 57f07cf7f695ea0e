/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cognito.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-cognito-error.h"
#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"
#include "rafilm-srp.h"

#define TARGET_PREFIX "AWSCognitoIdentityProviderService."
#define MAX_ANSWER ((gsize) 256 * 1024)
#define SECONDS 20

struct _RafilmCognito
{
  GObject parent_instance;

  RafilmHttp *http;
  RafilmEndpoints *endpoints;
};

G_DEFINE_FINAL_TYPE (RafilmCognito, rafilm_cognito, G_TYPE_OBJECT)

/* Turns the answer to a call into what its future resolves to. */
typedef DexFuture *(*AnswerFunc) (JsonObject *answer);

typedef struct
{
  RafilmCognito *self;
  const char *target;
  RafilmCognitoTask task;
  JsonObject *body;
  AnswerFunc read;
} Call;

typedef struct
{
  RafilmCognito *self;
  char *email;
  char *secret;
} Credentials;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_object (&call->self);
  g_clear_pointer (&call->body, json_object_unref);
  g_free (call);
}

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

static DexFuture *
malformed (void)
{
  return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_MALFORMED, "%s",
                                _ ("The sign-in service sent an answer that makes no sense."));
}

static GError *
read_error (RafilmHttpAnswer *answer, JsonNode *node, RafilmCognitoTask task)
{
  const char *type = rafilm_http_answer_get_header (answer, "x-amzn-errortype");
  const char *message = NULL;
  const char *end = NULL;
  g_autofree char *name = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);
      const char *given = rafilm_json_body_get_string (object, "__type");

      type = given != NULL ? given : type;
      message = rafilm_json_body_get_string (object, "message");
      if (message == NULL)
        message = rafilm_json_body_get_string (object, "Message");
    }

  /* "namespace#Name" in the body, "Name:address" in the header. */
  if (type != NULL && strrchr (type, '#') != NULL)
    type = strrchr (type, '#') + 1;
  if (type != NULL)
    {
      end = strchr (type, ':');
      name = end != NULL ? g_strndup (type, end - type) : g_strdup (type);
    }
  g_debug ("Cognito refused: %s", name != NULL ? name : "no name");

  return rafilm_cognito_error_new (task, answer->status, name, message);
}

/* One call, awaited in the caller's fiber. */
static JsonObject *
await_call (RafilmCognito *self, const char *target, RafilmCognitoTask task, JsonObject *body,
            GError **error)
{
  g_autofree char *full_target = g_strconcat (TARGET_PREFIX, target, NULL);
  const char *headers[] = { "Content-Type", "application/x-amz-json-1.1", "X-Amz-Target",
                            full_target, NULL };
  g_autoptr (JsonNode) request_node = json_node_init_object (json_node_alloc (), body);
  g_autoptr (GBytes) bytes = rafilm_json_body_serialize (request_node);
  g_autofree char *uri = g_strconcat (self->endpoints->cognito, "/", NULL);
  RafilmHttpRequest request = { .method = "POST",
                                .uri = uri,
                                .headers = headers,
                                .body = bytes,
                                .max_bytes = MAX_ANSWER,
                                .seconds = SECONDS };
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) parse_error = NULL;

  answer = dex_await_boxed (rafilm_http_send (self->http, &request), error);
  if (answer == NULL)
    return NULL;

  node = rafilm_json_body_parse (answer->body, &parse_error);
  if (answer->status != SOUP_STATUS_OK)
    {
      g_propagate_error (error, read_error (answer, node, task));
      return NULL;
    }

  /* Some calls answer with an empty body. */
  if (g_bytes_get_size (answer->body) == 0)
    return json_object_new ();
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           _ ("The sign-in service sent an answer that makes no sense."));
      return NULL;
    }

  return json_object_ref (json_node_get_object (node));
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  g_autoptr (JsonObject) answer = NULL;
  GError *error = NULL;

  answer = await_call (call->self, call->target, call->task, call->body, &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);

  return call->read (answer);
}

static DexFuture *
start_call (RafilmCognito *self, const char *target, RafilmCognitoTask task, JsonObject *body,
            AnswerFunc read)
{
  Call *call = g_new0 (Call, 1);

  call->self = g_object_ref (self);
  call->target = target;
  call->task = task;
  call->body = body;
  call->read = read;

  return rafilm_spawn (call_fiber, call, call_free);
}

static DexFuture *
read_nothing (JsonObject *answer)
{
  return dex_future_new_true ();
}

/* The members that every call of an app client has. The name of a user is the email address. */
static JsonObject *
body_new (RafilmCognito *self, const char *email)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "ClientId", self->endpoints->cognito_client);
  if (email != NULL)
    {
      g_autofree char *trimmed = g_strstrip (g_strdup (email));

      json_object_set_string_member (body, "Username", trimmed);
    }

  return body;
}

static void
set_trimmed_member (JsonObject *body, const char *name, const char *value)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (value));

  json_object_set_string_member (body, name, trimmed);
}

static DexFuture *
read_sign_up (JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "UserConfirmed");
  gboolean confirmed = node != NULL && JSON_NODE_HOLDS_VALUE (node)
                       && json_node_get_value_type (node) == G_TYPE_BOOLEAN
                       && json_node_get_boolean (node);

  return dex_future_new_for_boolean (confirmed);
}

DexFuture *
rafilm_cognito_sign_up (RafilmCognito *self, const char *email, const char *password)
{
  JsonObject *body = NULL;
  JsonObject *attribute = NULL;
  JsonArray *attributes = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL && password != NULL);

  attribute = json_object_new ();
  json_object_set_string_member (attribute, "Name", "email");
  set_trimmed_member (attribute, "Value", email);
  attributes = json_array_new ();
  json_array_add_object_element (attributes, attribute);

  body = body_new (self, email);
  json_object_set_string_member (body, "Password", password);
  json_object_set_array_member (body, "UserAttributes", attributes);

  return start_call (self, "SignUp", RAFILM_COGNITO_SIGN_UP, body, read_sign_up);
}

DexFuture *
rafilm_cognito_confirm_sign_up (RafilmCognito *self, const char *email, const char *code)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL && code != NULL);

  body = body_new (self, email);
  set_trimmed_member (body, "ConfirmationCode", code);

  return start_call (self, "ConfirmSignUp", RAFILM_COGNITO_CONFIRM, body, read_nothing);
}

DexFuture *
rafilm_cognito_resend_code (RafilmCognito *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL);

  return start_call (self, "ResendConfirmationCode", RAFILM_COGNITO_CONFIRM, body_new (self, email),
                     read_nothing);
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
  g_autoptr (JsonObject) body = body_new (self, NULL);
  JsonObject *parameters = json_object_new ();

  json_object_set_string_member (parameters, "USERNAME", email);
  json_object_set_string_member (parameters, "SRP_A", rafilm_srp_get_public (srp));
  json_object_set_string_member (body, "AuthFlow", "USER_SRP_AUTH");
  json_object_set_object_member (body, "AuthParameters", parameters);

  return await_call (self, "InitiateAuth", RAFILM_COGNITO_SIGN_IN, body, error);
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
  JsonObject *body = body_new (self, NULL);
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
    return malformed ();

  timestamp = rafilm_srp_format_timestamp (rafilm_clock_now ());
  signature = rafilm_srp_sign (srp, &challenge, credentials->secret, timestamp, &error);
  if (signature == NULL)
    return dex_future_new_for_error (error);

  body = claim_body_new (self, &challenge, signature, timestamp,
                         rafilm_json_body_get_string (challenge_answer, "Session"));
  answer = await_call (self, "RespondToAuthChallenge", RAFILM_COGNITO_SIGN_IN, body, &error);
  if (answer == NULL)
    return dex_future_new_for_error (error);

  tokens = read_tokens (answer, &error);
  if (tokens == NULL)
    return dex_future_new_for_error (error);
  if (tokens->refresh == NULL)
    return malformed ();

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

  body = body_new (self, NULL);
  json_object_set_string_member (body, "RefreshToken", credentials->secret);
  answer = await_call (self, "GetTokensFromRefreshToken", RAFILM_COGNITO_REFRESH, body, &error);
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

DexFuture *
rafilm_cognito_forgot_password (RafilmCognito *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL);

  return start_call (self, "ForgotPassword", RAFILM_COGNITO_RESET, body_new (self, email),
                     read_nothing);
}

DexFuture *
rafilm_cognito_confirm_forgot_password (RafilmCognito *self, const char *email, const char *code,
                                        const char *password)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL && code != NULL && password != NULL);

  body = body_new (self, email);
  set_trimmed_member (body, "ConfirmationCode", code);
  json_object_set_string_member (body, "Password", password);

  return start_call (self, "ConfirmForgotPassword", RAFILM_COGNITO_RESET, body, read_nothing);
}

/* The calls of somebody who is signed in name no client. */
static JsonObject *
access_body_new (const char *access_token)
{
  JsonObject *body = json_object_new ();

  json_object_set_string_member (body, "AccessToken", access_token);

  return body;
}

DexFuture *
rafilm_cognito_change_password (RafilmCognito *self, const char *access_token,
                                const char *old_password, const char *new_password)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (access_token != NULL);
  dex_return_error_if_fail (old_password != NULL && new_password != NULL);

  body = access_body_new (access_token);
  json_object_set_string_member (body, "PreviousPassword", old_password);
  json_object_set_string_member (body, "ProposedPassword", new_password);

  return start_call (self, "ChangePassword", RAFILM_COGNITO_CHANGE_PASSWORD, body, read_nothing);
}

DexFuture *
rafilm_cognito_revoke (RafilmCognito *self, const char *refresh_token)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (refresh_token != NULL);

  body = body_new (self, NULL);
  json_object_set_string_member (body, "Token", refresh_token);

  return start_call (self, "RevokeToken", RAFILM_COGNITO_SESSION, body, read_nothing);
}

DexFuture *
rafilm_cognito_sign_out_everywhere (RafilmCognito *self, const char *access_token)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (access_token != NULL);

  return start_call (self, "GlobalSignOut", RAFILM_COGNITO_SESSION, access_body_new (access_token),
                     read_nothing);
}

DexFuture *
rafilm_cognito_delete_user (RafilmCognito *self, const char *access_token)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (access_token != NULL);

  return start_call (self, "DeleteUser", RAFILM_COGNITO_SESSION, access_body_new (access_token),
                     read_nothing);
}

static DexFuture *
read_user (JsonObject *answer)
{
  JsonNode *node = json_object_get_member (answer, "UserAttributes");
  JsonArray *attributes =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; attributes != NULL && i < json_array_get_length (attributes); i++)
    {
      JsonNode *element = json_array_get_element (attributes, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *name = object != NULL ? rafilm_json_body_get_string (object, "Name") : NULL;
      const char *value = object != NULL ? rafilm_json_body_get_string (object, "Value") : NULL;

      if (g_strcmp0 (name, "email") == 0 && value != NULL)
        return dex_future_new_for_string (value);
    }

  return malformed ();
}

DexFuture *
rafilm_cognito_get_user (RafilmCognito *self, const char *access_token)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (access_token != NULL);

  return start_call (self, "GetUser", RAFILM_COGNITO_SESSION, access_body_new (access_token),
                     read_user);
}

static void
rafilm_cognito_finalize (GObject *object)
{
  RafilmCognito *self = RAFILM_COGNITO (object);

  g_clear_object (&self->http);
  g_clear_pointer (&self->endpoints, rafilm_endpoints_free);

  G_OBJECT_CLASS (rafilm_cognito_parent_class)->finalize (object);
}

static void
rafilm_cognito_class_init (RafilmCognitoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_cognito_finalize;
}

static void
rafilm_cognito_init (RafilmCognito *self)
{
}

RafilmCognito *
rafilm_cognito_new (RafilmHttp *http, const RafilmEndpoints *endpoints)
{
  RafilmCognito *self = NULL;

  g_return_val_if_fail (RAFILM_IS_HTTP (http), NULL);
  g_return_val_if_fail (endpoints != NULL && rafilm_endpoints_has_account (endpoints), NULL);

  self = g_object_new (RAFILM_TYPE_COGNITO, NULL);
  self->http = g_object_ref (http);
  self->endpoints = rafilm_endpoints_copy (endpoints);

  return self;
}
