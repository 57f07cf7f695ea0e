/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-account.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define SPARE_MILLISECONDS (60 * 1000)
#define SAVE_SECONDS 5
#define MAX_FIELD 8192

struct _RafilmAccount
{
  GObject parent_instance;

  RafilmCognito *cognito;
  RafilmKeyring *keyring;

  RafilmAccountState state;
  char *email;
  char *uid;
  char *refresh_token;
  char *access_token;
  gint64 expires;

  /* Changes whenever somebody signs in or out, so that a late answer is not taken for the new
   * account's. */
  guint generation;
  /* What all who need a fresh token wait for; no waiter can cancel it. */
  DexPromise *refreshing;
  DexPromise *saving;
  gboolean unsaved;
};

enum
{
  PROP_STATE = 1,
  PROP_EMAIL,
  PROP_UID,
  PROP_SESSION_ONLY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmAccount, rafilm_account, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (RafilmAccountState, rafilm_account_state,
                    G_DEFINE_ENUM_VALUE (RAFILM_ACCOUNT_SIGNED_OUT, "signed-out"),
                    G_DEFINE_ENUM_VALUE (RAFILM_ACCOUNT_SIGNED_IN, "signed-in"),
                    G_DEFINE_ENUM_VALUE (RAFILM_ACCOUNT_EXPIRED, "expired"))

typedef struct
{
  RafilmAccount *self;
  char *email;
  char *secret;
  char *new_secret;
} Task;

static void
forget (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_clear_object (&task->self);
  g_clear_pointer (&task->email, g_free);
  forget (&task->secret);
  forget (&task->new_secret);
  g_free (task);
}

static Task *
task_new (RafilmAccount *self, const char *email, const char *secret, const char *new_secret)
{
  Task *task = g_new0 (Task, 1);

  task->self = g_object_ref (self);
  task->email = g_strdup (email);
  task->secret = g_strdup (secret);
  task->new_secret = g_strdup (new_secret);

  return task;
}

static DexFuture *
reject_without_cloud (void)
{
  return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_OFFLINE, "%s",
                                _ ("This Rafilm has no online service."));
}

static GError *
expired_error (void)
{
  return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED,
                              _ ("Your sign-in has ended. Please sign in again."));
}

static GError *
signed_out_error (void)
{
  return g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN, _ ("Nobody is signed in."));
}

/* ---- state -------------------------------------------------------------------------------- */

static void
set_string (RafilmAccount *self, char **field, const char *value, int property)
{
  if (g_set_str (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_state (RafilmAccount *self, RafilmAccountState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
drop_tokens (RafilmAccount *self)
{
  forget (&self->access_token);
  forget (&self->refresh_token);
  self->expires = 0;
}

static void
take_tokens (RafilmAccount *self, RafilmTokens *tokens)
{
  forget (&self->access_token);
  self->access_token = g_steal_pointer (&tokens->access);
  self->expires = tokens->expires;
  if (tokens->refresh != NULL)
    {
      forget (&self->refresh_token);
      self->refresh_token = g_steal_pointer (&tokens->refresh);
    }
}

/* ---- keyring ------------------------------------------------------------------------------ */

static char *
write_record (RafilmAccount *self)
{
  g_autoptr (JsonObject) record = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), record);

  json_object_set_int_member (record, "version", 1);
  json_object_set_string_member (record, "uid", self->uid);
  if (self->email != NULL)
    json_object_set_string_member (record, "email", self->email);
  if (self->refresh_token != NULL)
    json_object_set_string_member (record, "refresh", self->refresh_token);

  return json_to_string (node, /* pretty= */ FALSE);
}

static gboolean
field_is_valid (const char *field)
{
  return field != NULL && *field != '\0' && strlen (field) <= MAX_FIELD;
}

static gboolean
read_record (RafilmAccount *self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (JsonNode) node = *text != '\0' ? rafilm_json_body_parse (bytes, NULL) : NULL;
  JsonObject *record = NULL;
  const char *uid = NULL;
  const char *refresh = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;

  record = json_node_get_object (node);
  uid = rafilm_json_body_get_string (record, "uid");
  refresh = rafilm_json_body_get_string (record, "refresh");
  if (!rafilm_tokens_check_uid (uid))
    return FALSE;

  set_string (self, &self->uid, uid, PROP_UID);
  set_string (self, &self->email, rafilm_json_body_get_string (record, "email"), PROP_EMAIL);
  self->refresh_token = field_is_valid (refresh) ? g_strdup (refresh) : NULL;
  set_state (self, self->refresh_token != NULL ? RAFILM_ACCOUNT_SIGNED_IN : RAFILM_ACCOUNT_EXPIRED);

  return TRUE;
}

/* Writes what is known until that is what the keyring holds: one writer, so that an older sign-in
 * never overwrites a newer one. */
static DexFuture *
save_fiber (gpointer data)
{
  RafilmAccount *self = data;

  while (self->unsaved)
    {
      g_autofree char *record = NULL;

      self->unsaved = FALSE;
      if (self->state == RAFILM_ACCOUNT_SIGNED_OUT)
        {
          dex_await (rafilm_keyring_clear (self->keyring), NULL);
          continue;
        }

      record = write_record (self);
      dex_await (rafilm_keyring_store (self->keyring, record), NULL);
      explicit_bzero (record, strlen (record));
    }

  dex_promise_resolve_boolean (self->saving, TRUE);

  return dex_future_new_true ();
}

/* In a fiber. A keyring that asks for its password does not hold others up for long. */
static void
await_saved (RafilmAccount *self)
{
  self->unsaved = TRUE;
  if (self->saving == NULL || !dex_future_is_pending (DEX_FUTURE (self->saving)))
    {
      dex_clear (&self->saving);
      self->saving = dex_promise_new ();
      /* The promise tells the end. */
      dex_future_disown (rafilm_spawn (save_fiber, g_object_ref (self), g_object_unref));
    }

  dex_await (dex_future_first (dex_ref (DEX_FUTURE (self->saving)),
                               dex_timeout_new_seconds (SAVE_SECONDS), NULL),
             NULL);
}

static DexFuture *
load_fiber (gpointer data)
{
  RafilmAccount *self = ((Task *) data)->self;
  g_autofree char *text = NULL;
  guint generation = self->generation;
  gboolean known = FALSE;
  GError *error = NULL;

  text = dex_await_string (rafilm_keyring_load (self->keyring), &error);
  if (text == NULL)
    return dex_future_new_for_error (error);

  if (generation == self->generation && self->cognito != NULL)
    known = read_record (self, text);
  explicit_bzero (text, strlen (text));

  return dex_future_new_for_boolean (known);
}

DexFuture *
rafilm_account_load (RafilmAccount *self)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return rafilm_spawn (load_fiber, task_new (self, NULL, NULL, NULL), task_free);
}

/* ---- tokens ------------------------------------------------------------------------------- */

static GError *
refresh_failed (RafilmAccount *self, GError *error)
{
  if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_SIGN_IN_EXPIRED))
    {
      drop_tokens (self);
      set_state (self, RAFILM_ACCOUNT_EXPIRED);
      await_saved (self);
    }

  return error;
}

static char *
await_refreshed (RafilmAccount *self, guint generation, GError **error)
{
  g_autoptr (RafilmTokens) tokens = NULL;
  g_autofree char *token = NULL;
  GError *local_error = NULL;

  tokens =
      dex_await_boxed (rafilm_cognito_refresh (self->cognito, self->refresh_token), &local_error);
  if (generation != self->generation)
    {
      g_clear_error (&local_error);
      g_propagate_error (error, signed_out_error ());
      return NULL;
    }
  if (tokens != NULL && g_strcmp0 (tokens->uid, self->uid) != 0)
    local_error = g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                                       _ ("The sign-in service answered for somebody else."));
  if (local_error != NULL)
    {
      g_propagate_error (error, refresh_failed (self, local_error));
      return NULL;
    }

  token = g_strdup (tokens->access);
  if (tokens->refresh == NULL)
    {
      take_tokens (self, tokens);
      return g_steal_pointer (&token);
    }

  /* The old refresh token is dead: if the program ended now, the sign-in would be lost. */
  take_tokens (self, tokens);
  await_saved (self);

  return g_steal_pointer (&token);
}

typedef struct
{
  RafilmAccount *self;
  DexPromise *promise;
  guint generation;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_clear_object (&refresh->self);
  dex_clear (&refresh->promise);
  g_free (refresh);
}

static DexFuture *
refresh_fiber (gpointer data)
{
  Refresh *refresh = data;
  GError *error = NULL;
  char *token = await_refreshed (refresh->self, refresh->generation, &error);

  if (token == NULL)
    dex_promise_reject (refresh->promise, error);
  else
    dex_promise_resolve_string (refresh->promise, token);

  return dex_future_new_true ();
}

static DexFuture *
join_refresh (RafilmAccount *self)
{
  if (self->refreshing == NULL || !dex_future_is_pending (DEX_FUTURE (self->refreshing)))
    {
      Refresh *refresh = g_new0 (Refresh, 1);

      dex_clear (&self->refreshing);
      self->refreshing = dex_promise_new ();
      refresh->self = g_object_ref (self);
      refresh->promise = dex_ref (self->refreshing);
      refresh->generation = self->generation;
      /* The promise hands the result to all who wait. */
      dex_future_disown (rafilm_spawn (refresh_fiber, refresh, refresh_free));
    }

  return dex_ref (DEX_FUTURE (self->refreshing));
}

static GError *
check_signed_in (RafilmAccount *self)
{
  switch (self->state)
    {
    case RAFILM_ACCOUNT_SIGNED_IN:
      return NULL;
    case RAFILM_ACCOUNT_EXPIRED:
      return expired_error ();
    case RAFILM_ACCOUNT_SIGNED_OUT:
    default:
      return signed_out_error ();
    }
}

DexFuture *
rafilm_account_get_token (RafilmAccount *self)
{
  GError *error = NULL;

  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  error = check_signed_in (self);
  if (error != NULL)
    return dex_future_new_for_error (error);

  if (self->access_token != NULL && self->expires - rafilm_clock_now () > SPARE_MILLISECONDS)
    return dex_future_new_for_string (self->access_token);

  return join_refresh (self);
}

DexFuture *
rafilm_account_renew_token (RafilmAccount *self, const char *refused)
{
  GError *error = NULL;

  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));
  dex_return_error_if_fail (refused != NULL);

  error = check_signed_in (self);
  if (error != NULL)
    return dex_future_new_for_error (error);

  if (self->access_token != NULL && strcmp (self->access_token, refused) != 0)
    return rafilm_account_get_token (self);

  return join_refresh (self);
}

gint64
rafilm_account_get_token_expiry (RafilmAccount *self)
{
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (self), 0);

  return self->access_token != NULL ? self->expires : 0;
}

/* ---- signing in and out ------------------------------------------------------------------- */

DexFuture *
rafilm_account_sign_up (RafilmAccount *self, const char *email, const char *password)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_sign_up (self->cognito, email, password)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_confirm (RafilmAccount *self, const char *email, const char *code)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_confirm_sign_up (self->cognito, email, code)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_resend (RafilmAccount *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_resend_code (self->cognito, email)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_forgot (RafilmAccount *self, const char *email)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL ? rafilm_cognito_forgot_password (self->cognito, email)
                               : reject_without_cloud ();
}

DexFuture *
rafilm_account_reset (RafilmAccount *self, const char *email, const char *code,
                      const char *password)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return self->cognito != NULL
             ? rafilm_cognito_confirm_forgot_password (self->cognito, email, code, password)
             : reject_without_cloud ();
}

static DexFuture *
sign_in_fiber (gpointer data)
{
  Task *task = data;
  RafilmAccount *self = task->self;
  g_autoptr (RafilmTokens) tokens = NULL;
  GError *error = NULL;

  tokens =
      dex_await_boxed (rafilm_cognito_sign_in (self->cognito, task->email, task->secret), &error);
  if (tokens == NULL)
    return dex_future_new_for_error (error);

  self->generation++;
  dex_clear (&self->refreshing);
  drop_tokens (self);
  take_tokens (self, tokens);
  set_string (self, &self->uid, tokens->uid, PROP_UID);
  set_string (self, &self->email, tokens->email != NULL ? tokens->email : task->email, PROP_EMAIL);
  set_state (self, RAFILM_ACCOUNT_SIGNED_IN);
  await_saved (self);

  return dex_future_new_true ();
}

DexFuture *
rafilm_account_sign_in (RafilmAccount *self, const char *email, const char *password)
{
  Task *task = NULL;

  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));
  dex_return_error_if_fail (email != NULL && password != NULL);

  if (self->cognito == NULL)
    return reject_without_cloud ();

  task = task_new (self, email, password, NULL);
  g_strstrip (task->email);

  return rafilm_spawn (sign_in_fiber, task, task_free);
}

static DexFuture *
change_password_fiber (gpointer data)
{
  Task *task = data;
  g_autofree char *token = NULL;
  GError *error = NULL;

  token = dex_await_string (rafilm_account_get_token (task->self), &error);
  if (token == NULL)
    return dex_future_new_for_error (error);

  return rafilm_cognito_change_password (task->self->cognito, token, task->secret,
                                         task->new_secret);
}

DexFuture *
rafilm_account_change_password (RafilmAccount *self, const char *old_password,
                                const char *new_password)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));
  dex_return_error_if_fail (old_password != NULL && new_password != NULL);

  return rafilm_spawn (change_password_fiber, task_new (self, NULL, old_password, new_password),
                       task_free);
}

static void
await_forgotten (RafilmAccount *self)
{
  self->generation++;
  dex_clear (&self->refreshing);
  drop_tokens (self);
  set_string (self, &self->uid, NULL, PROP_UID);
  set_string (self, &self->email, NULL, PROP_EMAIL);
  set_state (self, RAFILM_ACCOUNT_SIGNED_OUT);
  await_saved (self);
}

static DexFuture *
sign_out_here_fiber (gpointer data)
{
  RafilmAccount *self = ((Task *) data)->self;
  g_autofree char *refresh_token = g_strdup (self->refresh_token);
  g_autoptr (GError) error = NULL;

  await_forgotten (self);
  if (refresh_token != NULL
      && !dex_await (rafilm_cognito_revoke (self->cognito, refresh_token), &error))
    g_debug ("The refresh token was not revoked, ignoring: %s", error->message);

  return dex_future_new_true ();
}

static DexFuture *
sign_out_everywhere_fiber (gpointer data)
{
  RafilmAccount *self = ((Task *) data)->self;
  g_autofree char *token = NULL;
  GError *error = NULL;

  token = dex_await_string (rafilm_account_get_token (self), &error);
  if (token == NULL)
    return dex_future_new_for_error (error);
  if (!dex_await (rafilm_cognito_sign_out_everywhere (self->cognito, token), &error))
    return dex_future_new_for_error (error);

  await_forgotten (self);

  return dex_future_new_true ();
}

DexFuture *
rafilm_account_sign_out (RafilmAccount *self, gboolean everywhere)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return rafilm_spawn (everywhere ? sign_out_everywhere_fiber : sign_out_here_fiber,
                       task_new (self, NULL, NULL, NULL), task_free);
}

static DexFuture *
delete_fiber (gpointer data)
{
  RafilmAccount *self = ((Task *) data)->self;
  g_autofree char *token = NULL;
  GError *error = NULL;

  token = dex_await_string (rafilm_account_get_token (self), &error);
  if (token == NULL)
    return dex_future_new_for_error (error);
  if (!dex_await (rafilm_cognito_delete_user (self->cognito, token), &error))
    return dex_future_new_for_error (error);

  await_forgotten (self);

  return dex_future_new_true ();
}

DexFuture *
rafilm_account_delete (RafilmAccount *self)
{
  dex_return_error_if_fail (RAFILM_IS_ACCOUNT (self));

  return rafilm_spawn (delete_fiber, task_new (self, NULL, NULL, NULL), task_free);
}

/* ---- the object --------------------------------------------------------------------------- */

RafilmAccountState
rafilm_account_get_state (RafilmAccount *self)
{
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (self), RAFILM_ACCOUNT_SIGNED_OUT);

  return self->state;
}

const char *
rafilm_account_get_email (RafilmAccount *self)
{
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (self), NULL);

  return self->email;
}

const char *
rafilm_account_get_uid (RafilmAccount *self)
{
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (self), NULL);

  return self->uid;
}

gboolean
rafilm_account_get_session_only (RafilmAccount *self)
{
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (self), TRUE);

  return rafilm_keyring_get_session_only (self->keyring);
}

static void
keyring_changed_cb (RafilmAccount *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION_ONLY]);
}

static void
rafilm_account_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RafilmAccount *self = RAFILM_ACCOUNT (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_EMAIL:
      g_value_set_string (value, self->email);
      break;
    case PROP_UID:
      g_value_set_string (value, self->uid);
      break;
    case PROP_SESSION_ONLY:
      g_value_set_boolean (value, rafilm_account_get_session_only (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rafilm_account_finalize (GObject *object)
{
  RafilmAccount *self = RAFILM_ACCOUNT (object);

  dex_clear (&self->refreshing);
  dex_clear (&self->saving);
  g_clear_object (&self->cognito);
  g_clear_object (&self->keyring);
  g_clear_pointer (&self->email, g_free);
  g_clear_pointer (&self->uid, g_free);
  drop_tokens (self);

  G_OBJECT_CLASS (rafilm_account_parent_class)->finalize (object);
}

static void
rafilm_account_class_init (RafilmAccountClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = rafilm_account_get_property;
  object_class->finalize = rafilm_account_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RAFILM_TYPE_ACCOUNT_STATE,
                                              RAFILM_ACCOUNT_SIGNED_OUT, flags);
  properties[PROP_EMAIL] = g_param_spec_string ("email", NULL, NULL, NULL, flags);
  properties[PROP_UID] = g_param_spec_string ("uid", NULL, NULL, NULL, flags);
  properties[PROP_SESSION_ONLY] = g_param_spec_boolean ("session-only", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_account_init (RafilmAccount *self)
{
}

RafilmAccount *
rafilm_account_new (RafilmHttp *http, const RafilmEndpoints *endpoints, RafilmKeyring *keyring)
{
  RafilmAccount *self = NULL;

  g_return_val_if_fail (RAFILM_IS_HTTP (http), NULL);
  g_return_val_if_fail (endpoints != NULL, NULL);
  g_return_val_if_fail (RAFILM_IS_KEYRING (keyring), NULL);

  self = g_object_new (RAFILM_TYPE_ACCOUNT, NULL);
  self->keyring = g_object_ref (keyring);
  if (rafilm_endpoints_has_account (endpoints))
    self->cognito = rafilm_cognito_new (http, endpoints);
  g_signal_connect_object (keyring, "notify::session-only", G_CALLBACK (keyring_changed_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
