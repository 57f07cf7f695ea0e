/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-sync-engine.h"

#include <glib/gi18n-lib.h>

#include "rafilm-api-transport.h"
#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"
#include "rafilm-sync-backoff.h"
#include "rafilm-sync-cycle.h"

/* Without a reason to ask, one request an hour finds what a lost hint hid. */
#define POLL_DELAY (60 * 60 * 1000)
#define HINT_DELAY 50
#define NETWORK_DELAY 1000
/* A mirror that proves wrong is fetched anew at most once a day by itself. */
#define RESYNC_INTERVAL (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

struct _RafilmSyncEngine
{
  GObject parent_instance;

  RafilmStore *store;
  RafilmSyncTransport *transport;
  RafilmAccount *account;     /* NULL: `uid` is signed in */
  RafilmSocket *socket;       /* nullable */
  RafilmCatalogue *catalogue; /* nullable */
  char *uid;

  DexFuture *running; /* of run_fiber() */
  GPtrArray *waiters; /* DexPromise, for the end of what runs */
  char *epoch;        /* where the mirror stood when last seen */
  gint64 cursor;
  gint64 hinted_head;
  gint64 last_resync;
  gint64 last_synced;
  guint retry_after;
  guint failures;
  guint timer;
  gint64 timer_due; /* monotonic ms; 0 = no timer */
  gint64 run_began; /* monotonic ms */
  guint pending;
  guint refused;
  RafilmSyncEngineState state;
  double progress;
  gint64 first_cursor; /* where the running exchange began */
  guint first_pending;
  char *message;
  guint started : 1;
  guint again : 1; /* something came up while running */
};

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PENDING,
  PROP_REFUSED,
  PROP_LAST_SYNCED,
  PROP_PROGRESS,
  PROP_MESSAGE,
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
                    G_DEFINE_ENUM_VALUE (RAFILM_SYNC_FAILED, "failed"))

static void arm_timer (RafilmSyncEngine *self, guint milliseconds);
static void count_pending (RafilmSyncEngine *self);

/* What is shown */

static char *
describe_state (RafilmSyncEngine *self, RafilmSyncEngineState state)
{
  switch (state)
    {
    case RAFILM_SYNC_SYNCED:
      return g_strdup (_ ("Everything is synced"));
    case RAFILM_SYNC_WAITING:
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u change waits to be sent",
                                           "%u changes wait to be sent", self->pending),
                              self->pending);
    case RAFILM_SYNC_SENDING:
      return g_strdup (_ ("Syncing…"));
    case RAFILM_SYNC_OFFLINE:
      if (self->pending == 0)
        return g_strdup (_ ("Offline"));
      return g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "Offline. %u change is kept here until then",
                       "Offline. %u changes are kept here until then", self->pending),
          self->pending);
    case RAFILM_SYNC_NEEDS_SIGN_IN:
      return g_strdup (_ ("Sign in again to sync"));
    case RAFILM_SYNC_UPGRADE:
      return g_strdup (_ ("Syncing needs a newer Rafilm"));
    case RAFILM_SYNC_FAILED:
      return g_strdup (_ ("Syncing failed and is tried again later"));
    case RAFILM_SYNC_OFF:
      break;
    }
  return g_strdup (_ ("Syncing is off"));
}

static void
set_state (RafilmSyncEngine *self, RafilmSyncEngineState state)
{
  g_autofree char *message = describe_state (self, state);

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (g_set_str (&self->message, message))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
}

static void
set_count (RafilmSyncEngine *self, guint *count, guint value, guint property)
{
  if (*count == value)
    return;
  *count = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_progress (RafilmSyncEngine *self, double progress)
{
  if (self->progress == progress)
    return;
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

static void
note_state (RafilmSyncEngine *self, const RafilmSyncState *state)
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

/* Whose diary is synchronised; NULL when nobody is signed in. */
static const char *
get_uid (RafilmSyncEngine *self)
{
  if (self->account == NULL)
    return self->uid;
  if (rafilm_account_get_state (self->account) == RAFILM_ACCOUNT_SIGNED_OUT)
    return NULL;
  return rafilm_account_get_uid (self->account);
}

static RafilmSyncEngineState
state_of_error (const GError *error)
{
  if (error->domain != RAFILM_ERROR)
    return RAFILM_SYNC_FAILED;
  switch ((RafilmError) error->code)
    {
    case RAFILM_ERROR_OFFLINE:
    case RAFILM_ERROR_TIMED_OUT:
      return RAFILM_SYNC_OFFLINE;
    case RAFILM_ERROR_NOT_SIGNED_IN:
      return RAFILM_SYNC_OFF;
    case RAFILM_ERROR_SIGN_IN_EXPIRED:
      return RAFILM_SYNC_NEEDS_SIGN_IN;
    case RAFILM_ERROR_UPGRADE_NEEDED:
      return RAFILM_SYNC_UPGRADE;
    default:
      return RAFILM_SYNC_FAILED;
    }
}

/* Running */

/* An answer came: what was fetched and what was sent, of all that was to be. It never goes back,
 * also when a mirror is fetched anew. */
static void
moved_cb (const RafilmSyncState *state, gint64 head, gpointer data)
{
  RafilmSyncEngine *self = data;
  gint64 fetched = state->cursor - self->first_cursor;
  gint64 sent = (gint64) self->first_pending - state->pending;
  gint64 all = MAX (head - self->first_cursor, 0) + self->first_pending;

  note_state (self, state);
  if (all > 0)
    set_progress (self, CLAMP ((double) (fetched + sent) / (double) all, self->progress, 1));
}

static gboolean
note_start (RafilmSyncEngine *self, GError **error)
{
  g_autoptr (RafilmSyncState) state =
      dex_await_boxed (rafilm_store_sync_state (self->store), error);

  if (state == NULL)
    return FALSE;
  note_state (self, state);
  self->first_cursor = state->cursor;
  self->first_pending = state->pending;
  return TRUE;
}

static DexFuture *
run_fiber (gpointer data)
{
  RafilmSyncEngine *self = data;
  g_autoptr (RafilmSyncCycle) cycle = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  GError *error = NULL;

  if (!note_start (self, &error))
    return dex_future_new_for_error (error);
  do
    {
      gint64 now = rafilm_clock_now ();

      self->again = FALSE;
      self->hinted_head = 0;
      g_clear_pointer (&cycle, rafilm_sync_cycle_unref);
      g_clear_pointer (&state, rafilm_sync_state_free);
      if (get_uid (self) == NULL)
        return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN,
                                      "Nobody is signed in");
      cycle =
          rafilm_sync_cycle_new (self->store, self->transport, get_uid (self), g_get_host_name ());
      cycle->moved = moved_cb;
      cycle->moved_data = self;
      cycle->may_resync = self->last_resync == 0 || now - self->last_resync > RESYNC_INTERVAL;
      state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
      self->retry_after = cycle->retry_after;
      if (cycle->did_resync)
        self->last_resync = now;
      if (state == NULL)
        return dex_future_new_for_error (error);
      note_state (self, state);
    }
  while (self->again || self->hinted_head > self->cursor);

  return dex_future_new_true ();
}

static void
stop_timer (RafilmSyncEngine *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer_due = 0;
}

/* Ends what runs; what came to the store is there, and the rest comes again. */
static void
drop_run (RafilmSyncEngine *self)
{
  stop_timer (self);
  set_progress (self, 1);
  dex_clear (&self->running);
}

static void
answer_waiters (RafilmSyncEngine *self, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (dex_unref);
  for (guint i = 0; i < waiters->len; i++)
    if (error != NULL)
      dex_promise_reject (waiters->pdata[i], g_error_copy (error));
    else
      dex_promise_resolve_boolean (waiters->pdata[i], TRUE);
}

/* When the next attempt is, after what happened. Something is always armed while started. */
static void
schedule_next (RafilmSyncEngine *self, const GError *error)
{
  guint delay = POLL_DELAY;

  if (get_uid (self) == NULL)
    return;
  if (error != NULL && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_UPGRADE_NEEDED))
    {
      self->failures++;
      delay = rafilm_sync_backoff_delay (self->failures, g_random_double ());
      delay = MAX (delay, self->retry_after * 1000);
    }
  arm_timer (self, delay);
}

static void
refresh_counts (RafilmSyncEngine *self, DexFuture *future)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value == NULL || !G_VALUE_HOLDS (value, RAFILM_TYPE_SYNC_STATE))
    return;
  note_state (self, g_value_get_boxed (value));
}

static DexFuture *
run_ended_cb (DexFuture *future, gpointer data)
{
  g_autoptr (RafilmSyncEngine) self = g_weak_ref_get (data);
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (self == NULL || rafilm_error_is_cancelled (error))
    return dex_future_new_true ();

  dex_clear (&self->running);
  if (error == NULL)
    {
      self->failures = 0;
      self->last_synced = rafilm_clock_now ();
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SYNCED]);
    }
  else
    g_debug ("Sync did not succeed: %s", error->message);
  set_progress (self, 1);
  set_state (self, error != NULL ? state_of_error (error) : RAFILM_SYNC_SYNCED);
  schedule_next (self, error);
  if (error == NULL && self->catalogue != NULL)
    dex_future_disown (rafilm_catalogue_fill (self->catalogue));
  if (error == NULL)
    count_pending (self); /* an edit may have come just after the last answer */
  answer_waiters (self, error);
  return dex_future_new_true ();
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static gpointer
make_weak_ref (RafilmSyncEngine *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  return weak;
}

static void
begin_run (RafilmSyncEngine *self)
{
  if (self->running != NULL)
    {
      self->again = TRUE;
      return;
    }
  stop_timer (self);
  self->run_began = g_get_monotonic_time () / 1000;
  set_progress (self, 0);
  set_state (self, RAFILM_SYNC_SENDING);
  self->running = dex_future_finally (rafilm_spawn (run_fiber, g_object_ref (self), g_object_unref),
                                      run_ended_cb, make_weak_ref (self), free_weak_ref);
}

/* Occasions */

static void
timer_ran_out_cb (gpointer data)
{
  RafilmSyncEngine *self = data;

  self->timer = 0;
  self->timer_due = 0;
  begin_run (self);
}

/* Arms the timer, unless it runs out sooner already. */
static void
arm_timer (RafilmSyncEngine *self, guint milliseconds)
{
  gint64 due = g_get_monotonic_time () / 1000 + milliseconds;

  if (!self->started || self->running != NULL || (self->timer_due > 0 && self->timer_due <= due))
    return;
  stop_timer (self);
  self->timer = g_timeout_add_once (milliseconds, timer_ran_out_cb, self);
  g_source_set_name_by_id (self->timer, "[rafilm] sync");
  self->timer_due = due;
}

/* The first edit after a while is sent at once; those that follow it are gathered. */
static guint
edit_delay (RafilmSyncEngine *self)
{
  gint64 since = g_get_monotonic_time () / 1000 - self->run_began;

  return (guint) MAX (RAFILM_SYNC_EDIT_DELAY, RAFILM_SYNC_DEBOUNCE - since);
}

/* After the store said that the outbox changed; what failed before keeps its own pace. */
static DexFuture *
counted_cb (DexFuture *future, gpointer data)
{
  g_autoptr (RafilmSyncEngine) self = g_weak_ref_get (data);

  if (self == NULL || self->running != NULL)
    return dex_future_new_true ();
  refresh_counts (self, future);
  if (self->pending == 0 || !self->started)
    return dex_future_new_true ();
  if (self->failures == 0 && get_uid (self) != NULL)
    {
      set_state (self, RAFILM_SYNC_WAITING);
      arm_timer (self, edit_delay (self));
    }
  else
    set_state (self, self->state);
  return dex_future_new_true ();
}

static void
count_pending (RafilmSyncEngine *self)
{
  dex_future_disown (dex_future_finally (rafilm_store_sync_state (self->store), counted_cb,
                                         make_weak_ref (self), free_weak_ref));
}

static void
store_changed_cb (RafilmSyncEngine *self, RafilmStoreChange *change)
{
  if (self->started && self->running == NULL && (change->kinds & RAFILM_STORE_CHANGE_OUTBOX) != 0)
    count_pending (self);
}

static void
socket_message_cb (RafilmSyncEngine *self, JsonObject *message)
{
  const char *name = json_object_get_string_member_with_default (message, "t", "");

  /* The answer to a ping says where the account stands: what was told before the connection was
   * there, or was lost, is heard of then. */
  if (g_str_equal (name, "sync.changed")
      || (g_str_equal (name, "pong") && json_object_has_member (message, "head")))
    rafilm_sync_engine_hint (self,
                             json_object_get_string_member_with_default (message, "epoch", ""),
                             json_object_get_int_member_with_default (message, "head", 0));
}

/* The account signed in, out, or must be signed in again. */
static void
account_changed_cb (RafilmSyncEngine *self)
{
  if (!self->started)
    return;
  if (get_uid (self) == NULL)
    {
      g_autoptr (GError) error = NULL;

      drop_run (self);
      set_state (self, RAFILM_SYNC_OFF);
      error = g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN, "Nobody is signed in");
      answer_waiters (self, error);
      return;
    }
  if (rafilm_account_get_state (self->account) != RAFILM_ACCOUNT_SIGNED_IN)
    return;
  self->failures = 0;
  begin_run (self);
}

static void
network_changed_cb (RafilmSyncEngine *self, gboolean available)
{
  if (!available || !self->started || get_uid (self) == NULL)
    return;
  if (self->failures == 0 && self->pending == 0)
    return;
  self->failures = 0;
  arm_timer (self, NETWORK_DELAY);
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
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
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
  drop_run (self);
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
  g_clear_pointer (&self->message, g_free);
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
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
rafilm_sync_engine_init (RafilmSyncEngine *self)
{
  self->waiters = g_ptr_array_new_with_free_func (dex_unref);
  self->progress = 1;
  set_state (self, RAFILM_SYNC_OFF);
}

static RafilmSyncEngine *
new_engine (RafilmStore *store, RafilmSyncTransport *transport)
{
  RafilmSyncEngine *self = g_object_new (RAFILM_TYPE_SYNC_ENGINE, NULL);

  self->store = g_object_ref (store);
  self->transport = g_object_ref (transport);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);
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
  g_signal_connect_object (account, "notify::state", G_CALLBACK (account_changed_cb), self,
                           G_CONNECT_SWAPPED);
  if (socket != NULL)
    {
      self->socket = g_object_ref (socket);
      g_signal_connect_object (socket, "message", G_CALLBACK (socket_message_cb), self,
                               G_CONNECT_SWAPPED);
    }
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
  if (get_uid (self) != NULL)
    begin_run (self);
}

void
rafilm_sync_engine_stop (RafilmSyncEngine *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (RAFILM_IS_SYNC_ENGINE (self));

  self->started = FALSE;
  drop_run (self);
  if (self->socket != NULL)
    rafilm_socket_set_wanted (self->socket, FALSE);
  set_state (self, RAFILM_SYNC_OFF);
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Syncing was stopped");
  answer_waiters (self, error);
}

DexFuture *
rafilm_sync_engine_sync_now (RafilmSyncEngine *self)
{
  DexPromise *promise;

  dex_return_error_if_fail (RAFILM_IS_SYNC_ENGINE (self));

  promise = dex_promise_new ();
  g_ptr_array_add (self->waiters, dex_ref (promise));
  begin_run (self);
  return DEX_FUTURE (promise);
}

void
rafilm_sync_engine_hint (RafilmSyncEngine *self, const char *epoch, gint64 head)
{
  g_return_if_fail (RAFILM_IS_SYNC_ENGINE (self));
  g_return_if_fail (epoch != NULL);

  if (g_strcmp0 (epoch, self->epoch) == 0)
    {
      if (head <= self->cursor)
        return;
      self->hinted_head = head;
    }
  else if (self->running != NULL)
    self->again = TRUE;
  if (self->failures == 0)
    arm_timer (self, HINT_DELAY);
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

const char *
rafilm_sync_engine_get_message (RafilmSyncEngine *self)
{
  g_return_val_if_fail (RAFILM_IS_SYNC_ENGINE (self), NULL);

  return self->message;
}
