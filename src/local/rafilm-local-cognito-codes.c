/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-private.h"

#include "rafilm-local-http.h"

/* What a mailed code is for: signing up, and setting a forgotten password. */

#define MAX_MISSES 5
#define MAX_USERS 10000
#define MAX_PASSWORD_BYTES 256
#define MAX_ADDRESS_BYTES 320
#define MISSING "Missing required parameter"

static gboolean
is_address (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at != text && strchr (at + 1, '@') == NULL && strchr (at, '.') > at + 1
         && text[strlen (text) - 1] != '.' && strlen (text) <= MAX_ADDRESS_BYTES
         && strpbrk (text, " \t\r\n\"<>()") == NULL;
}

gboolean
_rafilm_local_cognito_check_password (const char *password, RafilmLocalFault *ret_fault)
{
  const char *lack = NULL;

  if (g_utf8_strlen (password, -1) < 8)
    lack = "Password did not conform with policy: Password not long enough";
  else if (strlen (password) > MAX_PASSWORD_BYTES)
    lack = "Password did not conform with policy: Password too long";
  else if (strpbrk (password, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL)
    lack = "Password did not conform with policy: Password must have uppercase characters";
  else if (strpbrk (password, "abcdefghijklmnopqrstuvwxyz") == NULL)
    lack = "Password did not conform with policy: Password must have lowercase characters";
  else if (strpbrk (password, "0123456789") == NULL)
    lack = "Password did not conform with policy: Password must have numeric characters";
  if (lack != NULL)
    _rafilm_local_cognito_fail (ret_fault, "InvalidPasswordException", lack);

  return lack == NULL;
}

static void
mail_code (RafilmLocalCognito *self, RafilmLocalUser *user, RafilmLocalCode *code)
{
  g_free (code->text);
  code->text = g_strdup_printf ("%06d", g_random_int_range (0, 1000000));
  code->expires_at = _rafilm_local_cognito_now () + self->times.code;
  code->misses = 0;
  g_hash_table_replace (self->mails, g_utf8_casefold (user->email, -1), g_strdup (code->text));
}

/* "m***@e***", as Cognito hides the rest. */
static JsonObject *
make_delivery (const char *address)
{
  JsonObject *delivery = json_object_new ();
  const char *at = strchr (address, '@');
  g_autofree char *shown = NULL;
  g_autofree char *first = g_utf8_substring (address, 0, 1);
  g_autofree char *second = at != NULL ? g_utf8_substring (at + 1, 0, 1) : g_strdup ("");

  shown = g_strdup_printf ("%s***@%s***", first, second);
  json_object_set_string_member (delivery, "AttributeName", "email");
  json_object_set_string_member (delivery, "DeliveryMedium", "EMAIL");
  json_object_set_string_member (delivery, "Destination", shown);

  return delivery;
}

static JsonObject *
make_delivery_output (const char *address)
{
  JsonObject *output = json_object_new ();

  json_object_set_object_member (output, "CodeDeliveryDetails", make_delivery (address));

  return output;
}

/* The right code is used up; a wrong one counts. */
static gboolean
use_code (RafilmLocalCode *code, const char *given, RafilmLocalFault *ret_fault)
{
  if (code->text == NULL)
    {
      _rafilm_local_cognito_fail (ret_fault, "ExpiredCodeException",
                                  "Invalid code provided, please request a code again.");
      return FALSE;
    }
  if (code->misses >= MAX_MISSES)
    {
      _rafilm_local_cognito_fail (ret_fault, "LimitExceededException",
                                  "Attempt limit exceeded, please try after some time.");
      return FALSE;
    }
  if (strcmp (code->text, given) != 0)
    {
      code->misses++;
      _rafilm_local_cognito_fail (ret_fault, "CodeMismatchException",
                                  "Invalid verification code provided, please try again.");
      return FALSE;
    }
  if (code->expires_at <= _rafilm_local_cognito_now ())
    {
      _rafilm_local_cognito_fail (ret_fault, "ExpiredCodeException",
                                  "Invalid code provided, please request a code again.");
      return FALSE;
    }
  g_clear_pointer (&code->text, g_free);

  return TRUE;
}

static const char *
find_email (JsonObject *input)
{
  JsonArray *attributes = rafilm_local_json_get_array (input, "UserAttributes");

  for (guint i = 0; attributes != NULL && i < json_array_get_length (attributes); i++)
    {
      JsonNode *node = json_array_get_element (attributes, i);
      JsonObject *attribute = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (g_strcmp0 (rafilm_local_json_get_text (attribute, "Name"), "email") == 0)
        return rafilm_local_json_get_text (attribute, "Value");
    }

  return NULL;
}

JsonObject *
_rafilm_local_cognito_sign_up (RafilmLocalCognito *self, JsonObject *input,
                               RafilmLocalFault *ret_fault)
{
  const char *name = rafilm_local_json_get_text (input, "Username");
  const char *password = rafilm_local_json_get_text (input, "Password");
  const char *email = find_email (input);
  RafilmLocalUser *user;
  JsonObject *output;

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (name == NULL || password == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  if (!is_address (name))
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                       "Username should be an email.");
  if (email != NULL && g_ascii_strcasecmp (email, name) != 0)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                       "Username and email should be the same.");
  if (!_rafilm_local_cognito_check_password (password, ret_fault))
    return NULL;
  if (rafilm_local_users_count (self->users) >= MAX_USERS)
    return _rafilm_local_cognito_fail (ret_fault, "LimitExceededException", "Too many users");
  if (rafilm_local_users_find (self->users, name) != NULL)
    return _rafilm_local_cognito_fail (ret_fault, "UsernameExistsException", "User already exists");

  user = rafilm_local_users_add (self->users, name);
  rafilm_local_user_set_password (user, _rafilm_local_cognito_get_pool_name (self), password);
  mail_code (self, user, &user->confirmation);

  output = make_delivery_output (name);
  json_object_set_boolean_member (output, "UserConfirmed", FALSE);
  json_object_set_string_member (output, "UserSub", user->sub);

  return output;
}

JsonObject *
_rafilm_local_cognito_confirm (RafilmLocalCognito *self, JsonObject *input,
                               RafilmLocalFault *ret_fault)
{
  const char *code = rafilm_local_json_get_text (input, "ConfirmationCode");
  RafilmLocalUser *user =
      rafilm_local_users_find (self->users, rafilm_local_json_get_text (input, "Username"));

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (code == NULL || rafilm_local_json_get_text (input, "Username") == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  if (user == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "ExpiredCodeException",
                                       "Invalid code provided, please request a code again.");
  if (user->confirmed)
    return _rafilm_local_cognito_fail (ret_fault, "NotAuthorizedException",
                                       "User cannot be confirmed. Current status is CONFIRMED");
  if (!use_code (&user->confirmation, code, ret_fault))
    return NULL;
  user->confirmed = TRUE;

  return json_object_new ();
}

JsonObject *
_rafilm_local_cognito_resend (RafilmLocalCognito *self, JsonObject *input,
                              RafilmLocalFault *ret_fault)
{
  const char *name = rafilm_local_json_get_text (input, "Username");
  RafilmLocalUser *user = rafilm_local_users_find (self->users, name);

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (name == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  if (user != NULL && user->confirmed)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                       "User is already confirmed.");
  if (user != NULL)
    mail_code (self, user, &user->confirmation);

  return make_delivery_output (name);
}

JsonObject *
_rafilm_local_cognito_forgot (RafilmLocalCognito *self, JsonObject *input,
                              RafilmLocalFault *ret_fault)
{
  const char *name = rafilm_local_json_get_text (input, "Username");
  RafilmLocalUser *user = rafilm_local_users_find (self->users, name);

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (name == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  if (user != NULL && !user->confirmed)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                       "Cannot reset password for the user as there is no "
                                       "registered/verified email or phone_number");
  if (user != NULL)
    mail_code (self, user, &user->reset);

  return make_delivery_output (name);
}

JsonObject *
_rafilm_local_cognito_reset (RafilmLocalCognito *self, JsonObject *input,
                             RafilmLocalFault *ret_fault)
{
  const char *code = rafilm_local_json_get_text (input, "ConfirmationCode");
  const char *password = rafilm_local_json_get_text (input, "Password");
  const char *name = rafilm_local_json_get_text (input, "Username");
  RafilmLocalUser *user = rafilm_local_users_find (self->users, name);

  if (!_rafilm_local_cognito_check_client (self, input, ret_fault))
    return NULL;
  if (code == NULL || password == NULL || name == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException", MISSING);
  if (!_rafilm_local_cognito_check_password (password, ret_fault))
    return NULL;
  if (user == NULL)
    return _rafilm_local_cognito_fail (ret_fault, "CodeMismatchException",
                                       "Invalid verification code provided, please try again.");
  if (!use_code (&user->reset, code, ret_fault))
    return NULL;
  rafilm_local_user_set_password (user, _rafilm_local_cognito_get_pool_name (self), password);

  return json_object_new ();
}
