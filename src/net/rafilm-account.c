/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-account-private.h"

#include <string.h>

#include "rafilm-json-body.h"
#include "rafilm-spawn.h"

#define SAVE_SECONDS 5
#define MAX_FIELD 8192

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

void
rafilm_account_wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
set_string (RafilmAccount *self, char **field, const char *value, int property)
{
  if (g_set_str (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
rafilm_account_set_person (RafilmAccount *self, const char *uid, const char *email)
{
  set_string (self, &self->uid, uid, PROP_UID);
  set_string (self, &self->email, email, PROP_EMAIL);
}

void
rafilm_account_set_state (RafilmAccount *self, RafilmAccountState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
rafilm_account_drop_tokens (RafilmAccount *self)
{
  rafilm_account_wipe (&self->access_token);
  rafilm_account_wipe (&self->refresh_token);
  self->expires = 0;
}

void
rafilm_account_take_tokens (RafilmAccount *self, RafilmTokens *tokens)
{
  rafilm_account_wipe (&self->access_token);
  self->access_token = g_steal_pointer (&tokens->access);
  self->expires = tokens->expires;
  if (tokens->refresh != NULL)
    {
      rafilm_account_wipe (&self->refresh_token);
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

  rafilm_account_set_person (self, uid, rafilm_json_body_get_string (record, "email"));
  self->refresh_token = field_is_valid (refresh) ? g_strdup (refresh) : NULL;
  rafilm_account_set_state (self, self->refresh_token != NULL ? RAFILM_ACCOUNT_SIGNED_IN
                                                              : RAFILM_ACCOUNT_EXPIRED);

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

void
rafilm_account_await_saved (RafilmAccount *self)
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
  RafilmAccount *self = data;
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

  return rafilm_spawn (load_fiber, g_object_ref (self), g_object_unref);
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
  rafilm_account_drop_tokens (self);

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
