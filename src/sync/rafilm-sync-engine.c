/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-api-transport.h"
#include "rafilm-error.h"
#include "rafilm-sync-engine-private.h"

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PENDING,
  PROP_REFUSED,
  PROP_LAST_SYNCED,
  PROP_PROGRESS,
  PROP_SENT,
  PROP_TO_SEND,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RafilmSyncEngine, rafilm_sync_engine, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (RafilmSyncEngineState, rafilm_sync_engine_state,
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_OFF, "off"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_SYNCED, "synced"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_SENDING, "sending"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_NEEDS_SIGN_IN, "needs-sign-in"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_UPGRADE, "upgrade"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_ACCOUNT_DELETED, "account-deleted"))

void
rafilm_sync_engine_set_state (RafilmSyncEngine *self, RafilmSyncEngineState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
set_count (RafilmSyncEngine *self, guint *count, guint value, guint property)
{
  if (*count == value)
    return;
  *count = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
rafilm_sync_engine_note_state (RafilmSyncEngine *self, const RafilmSyncState *state)
{
  g_set_str (&self->epoch, state->epoch);
  if (self->socket != NULL)
    rafilm_socket_set_device (self->socket, state->dev);
  self->cursor = state->cursor;
  set_count (self, &self->pending, state->pending, PROP_PENDING);
  set_count (self, &self->refused, state->dead, PROP_REFUSED);
  if (state->synced_at > self->last_synced)
    {
      self->last_synced = state->synced_at;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SYNCED]);
    }
}

const char *
rafilm_sync_engine_get_uid (RafilmSyncEngine *self)
{
  if (self->account == NULL)
    return self->uid;
  if (rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_SIGNED_OUT)
    return NULL;
  return rafilm_account_get_uid (self->account);
}

/* Object */

static void
rafilm_sync_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  RafilmSyncEngine *self = RAFILM_SYNC_ENGINE (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PENDING:
      g_value_set_uint (value, self->pending);
      break;
    case PROP_REFUSED:
      g_value_set_uint (value, self->refused);
      break;
    case PROP_LAST_SYNCED:
      g_value_set_int64 (value, self->last_synced);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_SENT:
      g_value_set_uint (value, self->sent);
      break;
    case PROP_TO_SEND:
      g_value_set_uint (value, self->to_send);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
rafilm_sync_engine_dispose (GObject *object)
{
  RafilmSyncEngine *self = RAFILM_SYNC_ENGINE (object);

  self->started = FALSE;
  rafilm_sync_engine_drop_run (self);
  g_clear_object (&self->catalogue);
  g_clear_object (&self->socket);
  g_clear_object (&self->account);
  g_clear_object (&self->transport);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (rafilm_sync_engine_parent_class)->dispose (object);
}

static void
rafilm_sync_engine_finalize (GObject *object)
{
  RafilmSyncEngine *self = RAFILM_SYNC_ENGINE (object);

  g_clear_pointer (&self->waiters, g_ptr_array_unref);
  g_clear_pointer (&self->uid, g_free);
  g_clear_pointer (&self->epoch, g_free);
  G_OBJECT_CLASS (rafilm_sync_engine_parent_class)->finalize (object);
}

static void
rafilm_sync_engine_class_init (RafilmSyncEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rafilm_sync_engine_get_property;
  object_class->dispose = rafilm_sync_engine_dispose;
  object_class->finalize = rafilm_sync_engine_finalize;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, RAFILM_TYPE_SYNC_ENGINE_STATE,
                                              RAFILM_SYNC_OFF, flags);
  properties[PROP_PENDING] = g_param_spec_uint ("pending", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_REFUSED] = g_param_spec_uint ("refused", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_LAST_SYNCED] =
      g_param_spec_int64 ("last-synced", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 1, flags);
  properties[PROP_SENT] = g_param_spec_uint ("sent", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TO_SEND] = g_param_spec_uint ("to-send", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ran_out_cb (gpointer data)
{
  rafilm_sync_engine_begin_run (data);
}

static void
rafilm_sync_engine_init (RafilmSyncEngine *self)
{
  rafilm_sync_alarm_init (&self->alarm, ran_out_cb, self);
  self->waiters = g_ptr_array_new_with_free_func (dex_unref);
  self->progress = 1;
}

static RafilmSyncEngine *
new_engine (RafilmStore *store, RafilmSyncTransport *transport)
{
  RafilmSyncEngine *self = g_object_new (RAFILM_TYPE_SYNC_ENGINE, NULL);

  self->store = g_object_ref (store);
  self->transport = g_object_ref (transport);
  return self;
}

RafilmSyncEngine *
rafilm_sync_engine_new (RafilmStore *store, RafilmApi *api, RafilmAccount *account,
                        RafilmSocket *socket)
{
  g_autoptr (RafilmApiTransport) transport = NULL;
  RafilmSyncEngine *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (RAFILM_IS_API (api), NULL);
  g_return_val_if_fail (RAFILM_IS_ACCOUNT (account), NULL);
  g_return_val_if_fail (socket == NULL || RAFILM_IS_SOCKET (socket), NULL);

  transport = rafilm_api_transport_new (api);
  self = new_engine (store, RAFILM_SYNC_TRANSPORT (transport));
  self->account = g_object_ref (account);
  g_set_object (&self->socket, socket);
  rafilm_sync_engine_listen (self);
  return self;
}

RafilmSyncEngine *
rafilm_sync_engine_new_for_transport (RafilmStore *store, RafilmSyncTransport *transport,
                                      const char *uid)
{
  RafilmSyncEngine *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (RAFILM_IS_SYNC_TRANSPORT (transport), NULL);
  g_return_val_if_fail (uid != NULL, NULL);

  self = new_engine (store, transport);
  self->uid = g_strdup (uid);
  rafilm_sync_engine_listen (self);
  return self;
}

void
rafilm_sync_engine_set_catalogue (RafilmSyncEngine *self, RafilmCatalogue *catalogue)
{
  g_return_if_fail (RAFILM_IS_SYNC_ENGINE (self));
  g_return_if_fail (catalogue == NULL || RAFILM_IS_CATALOGUE (catalogue));

  g_set_object (&self->catalogue, catalogue);
}

void
rafilm_sync_engine_start (RafilmSyncEngine *self)
{
  g_return_if_fail (RAFILM_IS_SYNC_ENGINE (self));

  if (self->started)
    return;
  self->started = TRUE;
  if (self->socket != NULL)
    rafilm_socket_set_wanted (self->socket, TRUE);
  if (rafilm_sync_engine_get_uid (self) != NULL)
    rafilm_sync_engine_begin_run (self);
}

void
rafilm_sync_engine_stop (RafilmSyncEngine *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RAFILM_IS_SYNC_ENGINE (self));

  self->started = FALSE;
  rafilm_sync_engine_drop_run (self);
  if (self->socket != NULL)
    rafilm_socket_set_wanted (self->socket, FALSE);
  rafilm_sync_engine_set_state (self, RAFILM_SYNC_OFF);
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Syncing was stopped");
  rafilm_sync_engine_answer_waiters (self, error);
}

DexFuture *
rafilm_sync_engine_sync_now (RafilmSyncEngine *self)
{
  DexPromise *promise;

  dex_return_error_if_fail (RAFILM_IS_SYNC_ENGINE (self));

  promise = dex_promise_new ();
  g_ptr_array_add (self->waiters, dex_ref (promise));
  self->asked = TRUE;
  rafilm_sync_engine_begin_run (self);
  return DEX_FUTURE (promise);
}

RafilmSyncEngineState
rafilm_sync_engine_get_state (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), RAFILM_SYNC_OFF);

  return self->state;
}

guint
rafilm_sync_engine_get_pending (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), 0);

  return self->pending;
}

guint
rafilm_sync_engine_get_refused (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), 0);

  return self->refused;
}

gint64
rafilm_sync_engine_get_last_synced (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), 0);

  return self->last_synced;
}

double
rafilm_sync_engine_get_progress (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), 1);

  return self->progress;
}

guint
rafilm_sync_engine_get_sent (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), 0);

  return self->sent;
}

guint
rafilm_sync_engine_get_to_send (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), 0);

  return self->to_send;
}

void
rafilm_sync_engine_set_speed (RafilmSyncEngine *self, guint speed)
{
  g_return_if_fail (RAFILM_IS_SYNC_ENGINE (self));
  g_return_if_fail (speed > 0);

  self->alarm.speed = speed;
}
