/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cognito-users.h"

#include "rafilm-local-cognito-srp.h"
#include "rafilm-local-http.h"

#include <openssl/rand.h>

#define TOKEN_BYTES 48
#define SESSION_SECONDS (30 * 24 * 3600)
#define GRACE_SECONDS 10
#define MAX_SESSIONS 100

struct _RafilmLocalUsers
{
  GHashTable *by_sub;   /* owns the users */
  GHashTable *by_email; /* folded address -> user */
};

static void
session_free (gpointer data)
{
  RafilmLocalSession *session = data;

  g_clear_pointer (&session->origin, g_free);
  g_clear_pointer (&session->token_hash, g_free);
  g_clear_pointer (&session->previous_hash, g_free);
  g_free (session);
}

static void
user_free (gpointer data)
{
  RafilmLocalUser *user = data;

  g_clear_pointer (&user->sub, g_free);
  g_clear_pointer (&user->email, g_free);
  g_clear_pointer (&user->salt, g_free);
  g_clear_pointer (&user->verifier, g_free);
  g_clear_pointer (&user->confirmation.text, g_free);
  g_clear_pointer (&user->reset.text, g_free);
  g_clear_pointer (&user->sessions, g_ptr_array_unref);
  g_free (user);
}

RafilmLocalUsers *
rafilm_local_users_new (void)
{
  RafilmLocalUsers *self = g_new0 (RafilmLocalUsers, 1);

  self->by_sub = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, user_free);
  self->by_email = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
rafilm_local_users_free (RafilmLocalUsers *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->by_email, g_hash_table_unref);
  g_clear_pointer (&self->by_sub, g_hash_table_unref);
  g_free (self);
}

RafilmLocalUser *
rafilm_local_users_find (RafilmLocalUsers *self, const char *name)
{
  g_autofree char *folded = NULL;
  RafilmLocalUser *user;

  g_return_val_if_fail (self != NULL, NULL);

  if (name == NULL)
    return NULL;
  user = g_hash_table_lookup (self->by_sub, name);
  if (user != NULL)
    return user;
  folded = g_utf8_casefold (name, -1);

  return g_hash_table_lookup (self->by_email, folded);
}

static char *
hash_token (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

static gboolean
session_has (RafilmLocalSession *session, const char *hash)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (session->expires_at <= now)
    return FALSE;

  return strcmp (session->token_hash, hash) == 0
         || (g_strcmp0 (session->previous_hash, hash) == 0 && now < session->previous_until);
}

RafilmLocalUser *
rafilm_local_users_find_token (RafilmLocalUsers *self, const char *token,
                               RafilmLocalSession **ret_session)
{
  g_autofree char *hash = NULL;
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL && ret_session != NULL, NULL);

  if (token == NULL)
    return NULL;
  hash = hash_token (token);
  g_hash_table_iter_init (&iter, self->by_sub);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      RafilmLocalUser *user = value;

      for (guint i = 0; i < user->sessions->len; i++)
        if (session_has (user->sessions->pdata[i], hash))
          {
            *ret_session = user->sessions->pdata[i];
            return user;
          }
    }

  return NULL;
}

static void
insert_user (RafilmLocalUsers *self, RafilmLocalUser *user)
{
  g_hash_table_replace (self->by_sub, user->sub, user);
  g_hash_table_replace (self->by_email, g_utf8_casefold (user->email, -1), user);
}

RafilmLocalUser *
rafilm_local_users_add (RafilmLocalUsers *self, const char *email)
{
  RafilmLocalUser *user;

  g_return_val_if_fail (self != NULL && email != NULL, NULL);

  user = g_new0 (RafilmLocalUser, 1);
  user->sub = g_uuid_string_random ();
  user->email = g_strdup (email);
  user->sessions = g_ptr_array_new_with_free_func (session_free);
  insert_user (self, user);

  return user;
}

void
rafilm_local_users_remove (RafilmLocalUsers *self, RafilmLocalUser *user)
{
  g_autofree char *folded = NULL;

  g_return_if_fail (self != NULL && user != NULL);

  folded = g_utf8_casefold (user->email, -1);
  g_hash_table_remove (self->by_email, folded);
  g_hash_table_remove (self->by_sub, user->sub);
}

guint
rafilm_local_users_count (RafilmLocalUsers *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_hash_table_size (self->by_sub);
}

void
rafilm_local_user_set_password (RafilmLocalUser *user, const char *pool, const char *password)
{
  g_return_if_fail (user != NULL);

  g_free (user->salt);
  g_free (user->verifier);
  user->salt = rafilm_local_srp_make_salt ();
  user->verifier = rafilm_local_srp_make_verifier (pool, user->sub, password, user->salt);
  user->failures = 0;
  user->locked_until = 0;
}

gboolean
rafilm_local_user_has_password (RafilmLocalUser *user, const char *pool, const char *password)
{
  g_autofree char *verifier = NULL;

  g_return_val_if_fail (user != NULL, FALSE);

  verifier = rafilm_local_srp_make_verifier (pool, user->sub, password, user->salt);

  return strcmp (verifier, user->verifier) == 0;
}

static char *
make_token (void)
{
  guint8 data[TOKEN_BYTES];
  char *token;

  if (RAND_bytes (data, sizeof data) != 1)
    g_error ("There are no random bytes");
  token = g_base64_encode (data, sizeof data);
  g_strdelimit (token, "+", '-');
  g_strdelimit (token, "/", '_');

  return token;
}

char *
rafilm_local_user_add_session (RafilmLocalUser *user, gint64 now)
{
  RafilmLocalSession *session;
  char *token = make_token ();

  g_return_val_if_fail (user != NULL, NULL);

  session = g_new0 (RafilmLocalSession, 1);
  session->origin = g_uuid_string_random ();
  session->token_hash = hash_token (token);
  session->signed_in_at = now;
  session->expires_at = now + SESSION_SECONDS;
  if (user->sessions->len >= MAX_SESSIONS)
    g_ptr_array_remove_index (user->sessions, 0);
  g_ptr_array_add (user->sessions, session);

  return token;
}

char *
rafilm_local_session_rotate (RafilmLocalSession *session, gint64 now)
{
  char *token = make_token ();

  g_return_val_if_fail (session != NULL, NULL);

  g_free (session->previous_hash);
  session->previous_hash = g_steal_pointer (&session->token_hash);
  session->previous_until = now + GRACE_SECONDS;
  session->token_hash = hash_token (token);

  return token;
}

RafilmLocalSession *
rafilm_local_user_find_session (RafilmLocalUser *user, const char *origin)
{
  g_return_val_if_fail (user != NULL, NULL);

  for (guint i = 0; i < user->sessions->len; i++)
    {
      RafilmLocalSession *session = user->sessions->pdata[i];

      if (g_strcmp0 (session->origin, origin) == 0)
        return session;
    }

  return NULL;
}

static JsonObject *
session_to_json (RafilmLocalSession *session)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "origin", session->origin);
  json_object_set_string_member (object, "token", session->token_hash);
  json_object_set_int_member (object, "signed_in_at", session->signed_in_at);
  json_object_set_int_member (object, "expires_at", session->expires_at);

  return object;
}

static JsonObject *
code_to_json (const RafilmLocalCode *code)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "text", code->text);
  json_object_set_int_member (object, "expires_at", code->expires_at);

  return object;
}

static JsonObject *
user_to_json (RafilmLocalUser *user)
{
  JsonObject *object = json_object_new ();
  JsonArray *sessions = json_array_new ();

  json_object_set_string_member (object, "sub", user->sub);
  json_object_set_string_member (object, "email", user->email);
  json_object_set_string_member (object, "salt", user->salt);
  json_object_set_string_member (object, "verifier", user->verifier);
  json_object_set_boolean_member (object, "confirmed", user->confirmed);
  if (user->confirmation.text != NULL)
    json_object_set_object_member (object, "confirmation", code_to_json (&user->confirmation));
  if (user->reset.text != NULL)
    json_object_set_object_member (object, "reset", code_to_json (&user->reset));
  for (guint i = 0; i < user->sessions->len; i++)
    json_array_add_object_element (sessions, session_to_json (user->sessions->pdata[i]));
  json_object_set_array_member (object, "sessions", sessions);

  return object;
}

JsonArray *
rafilm_local_users_to_json (RafilmLocalUsers *self)
{
  JsonArray *array = json_array_new ();
  GHashTableIter iter;
  gpointer user;

  g_hash_table_iter_init (&iter, self->by_sub);
  while (g_hash_table_iter_next (&iter, NULL, &user))
    json_array_add_object_element (array, user_to_json (user));

  return array;
}

static void
load_code (RafilmLocalCode *code, JsonObject *object)
{
  code->text = g_strdup (rafilm_local_json_get_text (object, "text"));
  code->expires_at = rafilm_local_json_get_int (object, "expires_at", 0);
}

static void
load_session (RafilmLocalUser *user, JsonObject *object)
{
  const char *origin = rafilm_local_json_get_text (object, "origin");
  const char *hash = rafilm_local_json_get_text (object, "token");
  RafilmLocalSession *session;

  if (origin == NULL || hash == NULL)
    return;
  session = g_new0 (RafilmLocalSession, 1);
  session->origin = g_strdup (origin);
  session->token_hash = g_strdup (hash);
  session->signed_in_at = rafilm_local_json_get_int (object, "signed_in_at", 0);
  session->expires_at = rafilm_local_json_get_int (object, "expires_at", 0);
  g_ptr_array_add (user->sessions, session);
}

static void
load_user (RafilmLocalUsers *self, JsonObject *object)
{
  const char *sub = rafilm_local_json_get_text (object, "sub");
  const char *email = rafilm_local_json_get_text (object, "email");
  const char *salt = rafilm_local_json_get_text (object, "salt");
  const char *verifier = rafilm_local_json_get_text (object, "verifier");
  JsonArray *sessions = rafilm_local_json_get_array (object, "sessions");
  RafilmLocalUser *user;

  if (sub == NULL || email == NULL || salt == NULL || verifier == NULL)
    return;
  user = rafilm_local_users_add (self, email);
  g_hash_table_steal (self->by_sub, user->sub);
  g_free (user->sub);
  user->sub = g_strdup (sub);
  g_hash_table_replace (self->by_sub, user->sub, user);
  user->salt = g_strdup (salt);
  user->verifier = g_strdup (verifier);
  user->confirmed = rafilm_local_json_get_int (object, "confirmed", 0) != 0;
  load_code (&user->confirmation, rafilm_local_json_get_object (object, "confirmation"));
  load_code (&user->reset, rafilm_local_json_get_object (object, "reset"));
  for (guint i = 0; sessions != NULL && i < json_array_get_length (sessions); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (sessions, i)))
      load_session (user, json_array_get_object_element (sessions, i));
}

void
rafilm_local_users_load (RafilmLocalUsers *self, JsonArray *array)
{
  g_return_if_fail (self != NULL && array != NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i)))
      load_user (self, json_array_get_object_element (array, i));
}
