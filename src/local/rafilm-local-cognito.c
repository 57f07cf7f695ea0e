/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-private.h"

#include "rafilm-local-http.h"

#define TARGET "AWSCognitoIdentityProviderService."
#define MAX_REQUEST_BYTES 65536

static const struct
{
  const char *name;
  RafilmLocalOperation run;
} operations[] = {
  { "SignUp", _rafilm_local_cognito_sign_up },
  { "ConfirmSignUp", _rafilm_local_cognito_confirm },
  { "ResendConfirmationCode", _rafilm_local_cognito_resend },
  { "ForgotPassword", _rafilm_local_cognito_forgot },
  { "ConfirmForgotPassword", _rafilm_local_cognito_reset },
  { "InitiateAuth", _rafilm_local_cognito_initiate },
  { "RespondToAuthChallenge", _rafilm_local_cognito_respond },
  { "GetTokensFromRefreshToken", _rafilm_local_cognito_refresh },
  { "RevokeToken", _rafilm_local_cognito_revoke },
  { "GetUser", _rafilm_local_cognito_get_user },
  { "DeleteUser", _rafilm_local_cognito_delete_user },
  { "AdminDeleteUser", _rafilm_local_cognito_admin_delete_user },
  { "ChangePassword", _rafilm_local_cognito_change_password },
  { "GlobalSignOut", _rafilm_local_cognito_sign_out },
};

JsonObject *
_rafilm_local_cognito_fail (RafilmLocalFault *ret_fault, const char *type, const char *message)
{
  ret_fault->type = type;
  ret_fault->message = message;

  return NULL;
}

gboolean
_rafilm_local_cognito_check_client (RafilmLocalCognito *self, JsonObject *input,
                                    RafilmLocalFault *ret_fault)
{
  const char *client = rafilm_local_json_get_text (input, "ClientId");

  if (client == NULL)
    _rafilm_local_cognito_fail (ret_fault, "InvalidParameterException",
                                "Missing required parameter ClientId");
  else if (strcmp (client, self->client) != 0)
    _rafilm_local_cognito_fail (ret_fault, "ResourceNotFoundException",
                                "User pool client does not exist.");

  return ret_fault->type == NULL;
}

const char *
_rafilm_local_cognito_get_pool_name (RafilmLocalCognito *self)
{
  return strchr (self->pool, '_') + 1;
}

gint64
_rafilm_local_cognito_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
reply_json (SoupServerMessage *message, guint status, JsonObject *object)
{
  rafilm_local_http_reply (message, status, object);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type",
                                "application/x-amz-json-1.1");
}

static void
reply_fault (SoupServerMessage *message, const RafilmLocalFault *fault)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "__type", fault->type);
  json_object_set_string_member (object, "message", fault->message);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "x-amzn-ErrorType", fault->type);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "x-amzn-ErrorMessage", fault->message);
  reply_json (message, SOUP_STATUS_BAD_REQUEST, object);
}

static RafilmLocalOperation
find_operation (SoupServerMessage *message)
{
  const char *target = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "X-Amz-Target");

  if (target == NULL || !g_str_has_prefix (target, TARGET))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    if (strcmp (target + strlen (TARGET), operations[i].name) == 0)
      return operations[i].run;

  return NULL;
}

static void
api_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
        gpointer data)
{
  RafilmLocalCognito *self = data;
  g_autoptr (JsonObject) input = NULL;
  RafilmLocalOperation operation;
  RafilmLocalFault fault = { 0 };
  JsonObject *output = NULL;

  if (strcmp (path, "/") != 0
      || strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0)
    {
      rafilm_local_http_reply_bytes (message, SOUP_STATUS_NOT_FOUND, NULL, NULL);
      return;
    }

  operation = find_operation (message);
  if (!rafilm_local_http_is_too_large (message)
      && soup_server_message_get_request_body (message)->length <= MAX_REQUEST_BYTES)
    input = rafilm_local_http_parse_body (message);
  if (operation == NULL)
    _rafilm_local_cognito_fail (&fault, "UnknownOperationException", "Unknown operation");
  else if (input == NULL)
    _rafilm_local_cognito_fail (&fault, "SerializationException", "The body is no JSON object");
  else
    output = operation (self, input, &fault);

  if (output == NULL)
    reply_fault (message, &fault);
  else
    reply_json (message, SOUP_STATUS_OK, output);
  self->changed (self->data);
}

static void
jwks_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer data)
{
  RafilmLocalCognito *self = data;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Cache-Control",
                                "public, max-age=86400");
  rafilm_local_http_reply (message, SOUP_STATUS_OK, rafilm_local_cognito_key_to_jwks (self->key));
}

static void
mail_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
         gpointer data)
{
  RafilmLocalCognito *self = data;
  const char *address = query != NULL ? g_hash_table_lookup (query, "to") : NULL;
  g_autofree char *folded = address != NULL ? g_utf8_casefold (address, -1) : NULL;
  const char *code = folded != NULL ? g_hash_table_lookup (self->mails, folded) : NULL;
  JsonObject *object = json_object_new ();

  if (code != NULL)
    json_object_set_string_member (object, "code", code);
  else
    json_object_set_string_member (object, "message", "No mail was sent to that address");
  rafilm_local_http_reply (message, code != NULL ? SOUP_STATUS_OK : SOUP_STATUS_NOT_FOUND, object);
}

static char *
make_letters (const char *alphabet, guint count)
{
  GString *text = g_string_new (NULL);

  while (text->len < count)
    g_string_append_c (text, alphabet[g_random_int_range (0, (int) strlen (alphabet))]);

  return g_string_free (text, FALSE);
}

static void
load (RafilmLocalCognito *self, JsonObject *kept)
{
  const char *pool = rafilm_local_json_get_text (kept, "pool");
  const char *client = rafilm_local_json_get_text (kept, "client");
  JsonArray *users = rafilm_local_json_get_array (kept, "users");

  if (pool != NULL && strchr (pool, '_') != NULL)
    {
      self->pool = g_strdup (pool);
    }
  else
    {
      g_autofree char *name =
          make_letters ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 9);

      self->pool = g_strconcat ("us-east-1_", name, NULL);
    }
  if (client != NULL)
    self->client = g_strdup (client);
  else
    self->client = make_letters ("abcdefghijklmnopqrstuvwxyz0123456789", 26);
  self->key = rafilm_local_cognito_key_new (rafilm_local_json_get_text (kept, "key"));
  if (users != NULL)
    rafilm_local_users_load (self->users, users);
}

RafilmLocalCognito *
rafilm_local_cognito_new (SoupServer *server, const char *address, RafilmLocalCognitoTimes times,
                          JsonObject *kept, RafilmLocalCognitoChanged changed, gpointer data)
{
  RafilmLocalCognito *self;
  g_autofree char *jwks_path = NULL;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (address != NULL && changed != NULL, NULL);

  self = g_new0 (RafilmLocalCognito, 1);
  self->server = g_object_ref (server);
  self->times = times;
  self->changed = changed;
  self->data = data;
  self->users = rafilm_local_users_new ();
  self->mails = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->attempts = _rafilm_local_cognito_make_attempts ();
  self->fake_seed = g_uuid_string_random ();
  load (self, kept);
  self->issuer = g_strconcat (address, "/", self->pool, NULL);

  jwks_path = g_strconcat ("/", self->pool, "/.well-known/jwks.json", NULL);
  soup_server_add_handler (server, jwks_path, jwks_cb, self, NULL);
  soup_server_add_handler (server, "/mail", mail_cb, self, NULL);
  soup_server_add_handler (server, "/", api_cb, self, NULL);

  return self;
}

void
rafilm_local_cognito_free (RafilmLocalCognito *self)
{
  g_autofree char *jwks_path = NULL;

  g_return_if_fail (self != NULL);

  jwks_path = g_strconcat ("/", self->pool, "/.well-known/jwks.json", NULL);
  soup_server_remove_handler (self->server, jwks_path);
  soup_server_remove_handler (self->server, "/mail");
  soup_server_remove_handler (self->server, "/");
  g_clear_object (&self->server);
  g_clear_pointer (&self->pool, g_free);
  g_clear_pointer (&self->client, g_free);
  g_clear_pointer (&self->issuer, g_free);
  g_clear_pointer (&self->key, rafilm_local_cognito_key_free);
  g_clear_pointer (&self->users, rafilm_local_users_free);
  g_clear_pointer (&self->mails, g_hash_table_unref);
  g_clear_pointer (&self->attempts, g_hash_table_unref);
  g_clear_pointer (&self->fake_seed, g_free);
  g_free (self);
}

const char *
rafilm_local_cognito_get_pool (RafilmLocalCognito *self)
{
  return self->pool;
}

const char *
rafilm_local_cognito_get_client (RafilmLocalCognito *self)
{
  return self->client;
}

const char *
rafilm_local_cognito_get_issuer (RafilmLocalCognito *self)
{
  return self->issuer;
}

JsonObject *
rafilm_local_cognito_save (RafilmLocalCognito *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *pem = rafilm_local_cognito_key_to_pem (self->key);

  json_object_set_string_member (object, "pool", self->pool);
  json_object_set_string_member (object, "client", self->client);
  json_object_set_string_member (object, "key", pem);
  json_object_set_array_member (object, "users", rafilm_local_users_to_json (self->users));

  return object;
}

static gboolean
has_scope (JsonObject *claims)
{
  const char *scope = rafilm_local_json_get_text (claims, "scope");
  g_auto (GStrv) scopes = g_strsplit (scope != NULL ? scope : "", " ", -1);

  return g_strv_contains ((const char *const *) scopes, RAFILM_LOCAL_COGNITO_SCOPE);
}

JsonObject *
rafilm_local_cognito_authorize (RafilmLocalCognito *self, const char *authorization,
                                gboolean *ret_expired)
{
  g_autoptr (JsonObject) claims = NULL;
  gboolean expired;

  g_return_val_if_fail (self != NULL, NULL);

  if (ret_expired != NULL)
    *ret_expired = FALSE;
  if (authorization == NULL)
    return NULL;
  if (g_ascii_strncasecmp (authorization, "Bearer ", 7) == 0)
    authorization += 7;
  claims = rafilm_local_cognito_key_verify (self->key, authorization);
  if (claims == NULL || g_strcmp0 (rafilm_local_json_get_text (claims, "token_use"), "access") != 0
      || g_strcmp0 (rafilm_local_json_get_text (claims, "iss"), self->issuer) != 0
      || g_strcmp0 (rafilm_local_json_get_text (claims, "client_id"), self->client) != 0
      || !has_scope (claims))
    return NULL;
  expired = rafilm_local_json_get_int (claims, "exp", 0) <= _rafilm_local_cognito_now ();
  if (ret_expired != NULL)
    *ret_expired = expired;

  return expired ? NULL : g_steal_pointer (&claims);
}
