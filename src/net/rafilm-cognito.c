/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cognito-private.h"

G_DEFINE_FINAL_TYPE (RafilmCognito, rafilm_cognito, G_TYPE_OBJECT)

static DexFuture *
read_nothing (JsonObject *answer)
{
  return dex_future_new_true ();
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

  body = rafilm_cognito_body_new (self, email);
  json_object_set_string_member (body, "Password", password);
  json_object_set_array_member (body, "UserAttributes", attributes);

  return rafilm_cognito_start_call (self, "SignUp", RAFILM_COGNITO_SIGN_UP, body, read_sign_up);
}

DexFuture *
rafilm_cognito_confirm_sign_up (RafilmCognito *self, const char *email, const char *code)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL && code != NULL);

  body = rafilm_cognito_body_new (self, email);
  set_trimmed_member (body, "ConfirmationCode", code);

  return rafilm_cognito_start_call (self, "ConfirmSignUp", RAFILM_COGNITO_CONFIRM, body,
                                    read_nothing);
}

DexFuture *
rafilm_cognito_resend_code (RafilmCognito *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL);

  return rafilm_cognito_start_call (self, "ResendConfirmationCode", RAFILM_COGNITO_CONFIRM,
                                    rafilm_cognito_body_new (self, email), read_nothing);
}

DexFuture *
rafilm_cognito_forgot_password (RafilmCognito *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL);

  return rafilm_cognito_start_call (self, "ForgotPassword", RAFILM_COGNITO_RESET,
                                    rafilm_cognito_body_new (self, email), read_nothing);
}

DexFuture *
rafilm_cognito_confirm_forgot_password (RafilmCognito *self, const char *email, const char *code,
                                        const char *password)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (email != NULL && code != NULL && password != NULL);

  body = rafilm_cognito_body_new (self, email);
  set_trimmed_member (body, "ConfirmationCode", code);
  json_object_set_string_member (body, "Password", password);

  return rafilm_cognito_start_call (self, "ConfirmForgotPassword", RAFILM_COGNITO_RESET, body,
                                    read_nothing);
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

  return rafilm_cognito_start_call (self, "ChangePassword", RAFILM_COGNITO_CHANGE_PASSWORD, body,
                                    read_nothing);
}

DexFuture *
rafilm_cognito_revoke (RafilmCognito *self, const char *refresh_token)
{
  JsonObject *body = NULL;

  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (refresh_token != NULL);

  body = rafilm_cognito_body_new (self, NULL);
  json_object_set_string_member (body, "Token", refresh_token);

  return rafilm_cognito_start_call (self, "RevokeToken", RAFILM_COGNITO_SESSION, body,
                                    read_nothing);
}

DexFuture *
rafilm_cognito_sign_out_everywhere (RafilmCognito *self, const char *access_token)
{
  dex_return_error_if_fail (RAFILM_IS_COGNITO (self));
  dex_return_error_if_fail (access_token != NULL);

  return rafilm_cognito_start_call (self, "GlobalSignOut", RAFILM_COGNITO_SESSION,
                                    access_body_new (access_token), read_nothing);
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
