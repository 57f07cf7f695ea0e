/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-private.h"

#include "rafilm-local-http.h"

/* What a signed-in user does with the account. These operations, unlike the gateway's authorizer,
 * know whether the sign-in behind a token was revoked. */

static RafilmLocalUser *
find_signed_in (RafilmLocalCognito *self, JsonObject *input, RafilmLocalFault *ret_fault)
{
  const char *token = rafilm_local_json_get_text (input, "AccessToken");
  g_autoptr (JsonObject) claims = rafilm_local_cognito_authorize (self, token, NULL);
  RafilmLocalUser *user;

  if (claims == NULL)
    {
      _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException", "Invalid Access Token");
      return NULL;
    }
  user = rafilm_local_users_find (self->users, rafilm_local_json_get_text (claims, "sub"));
  if (user == NULL)
    {
      _rafilm_local_cognito_fail (ret_fault, "UserNotFoundException", "User does not exist.");
      return NULL;
    }
  if (rafilm_local_user_find_session (user, rafilm_local_json_get_text (claims, "origin_jti"))
      == NULL)
    {
      _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException",
                                  "Access Token has been revoked");
      return NULL;
    }

  return user;
}

static void
add_attribute (JsonArray *attributes, const char *name, const char *value)
{
  JsonObject *attribute = json_object_new ();

  json_object_set_string_member (attribute, "Name", name);
  json_object_set_string_member (attribute, "Value", value);
  json_array_add_object_element (attributes, attribute);
}

JsonObject *
_rafilm_local_cognito_get_user (RafilmLocalCognito *self, JsonObject *input,
                                RafilmLocalFault *ret_fault)
{
  RafilmLocalUser *user = find_signed_in (self, input, ret_fault);
  JsonObject *output;
  JsonArray *attributes;

  if (user == NULL)
    return NULL;

  output = json_object_new ();
  attributes = json_array_new ();
  add_attribute (attributes, "email", user->email);
  add_attribute (attributes, "email_verified", "true");
  add_attribute (attributes, "sub", user->sub);
  json_object_set_array_member (output, "UserAttributes", attributes);
  json_object_set_string_member (output, "Username", user->sub);

  return output;
}

JsonObject *
_rafilm_local_cognito_delete_user (RafilmLocalCognito *self, JsonObject *input,
                                   RafilmLocalFault *ret_fault)
{
  RafilmLocalUser *user = find_signed_in (self, input, ret_fault);

  if (user == NULL)
    return NULL;
  rafilm_local_users_remove (self->users, user);

  return json_object_new ();
}

/* The functions' call. Their signature is not checked: only this computer reaches the front. */
JsonObject *
_rafilm_local_cognito_admin_delete_user (RafilmLocalCognito *self, JsonObject *input,
                                         RafilmLocalFault *ret_fault)
{
  const char *pool = rafilm_local_json_get_text (input, "UserPoolId");
  const char *name = rafilm_local_json_get_text (input, "Username");
  RafilmLocalUser *user;

  if (g_strcmp0 (pool, rafilm_local_cognito_get_pool (self)) != 0)
    return _rafilm_local_cognito_fail (ret_fault, "ResourceNotFoundException",
                                       "User pool does not exist.");
  user = name != NULL ? rafilm_local_users_find (self->users, name) : NULL;
  if (user == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "UserNotFoundException", "User does not exist.");
  rafilm_local_users_remove (self->users, user);

  return json_object_new ();
}

JsonObject *
_rafilm_local_cognito_change_password (RafilmLocalCognito *self, JsonObject *input,
                                       RafilmLocalFault *ret_fault)
{
  const char *previous = rafilm_local_json_get_text (input, "PreviousPassword");
  const char *proposed = rafilm_local_json_get_text (input, "ProposedPassword");
  const char *pool = _rafilm_local_cognito_get_pool_name (self);
  RafilmLocalUser *user = find_signed_in (self, input, ret_fault);

  if (user == NULL)
    return NULL;
  if (previous == NULL || proposed == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                       "Missing required parameter");
  if (!rafilm_local_user_has_password (user, pool, previous))
    return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException",
                                       "Incorrect username or password.");
  if (!_rafilm_local_cognito_check_password (proposed, ret_fault))
    return NULL;
  rafilm_local_user_set_password (user, pool, proposed);

  return json_object_new ();
}

JsonObject *
_rafilm_local_cognito_sign_out (RafilmLocalCognito *self, JsonObject *input,
                                RafilmLocalFault *ret_fault)
{
  RafilmLocalUser *user = find_signed_in (self, input, ret_fault);

  if (user == NULL)
    return NULL;
  g_ptr_array_set_size (user->sessions, 0);

  return json_object_new ();
}
