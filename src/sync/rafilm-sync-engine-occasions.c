/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When to synchronise: edits, hints over the socket, the network, the account, and the alarm. */

#include "config.h"

#include "rafilm-error.h"
#include "rafilm-sync-backoff.h"
#include "rafilm-sync-engine-private.h"

#define HINT_DELAY 50
#define NETWORK_DELAY 1000

void
rafilm_sync_engine_arm (RafilmSyncEngine *self, guint milliseconds)
{
  if (!self->started || self->running != NULL || self->state == RAFILM_SYNC_ACCOUNT_DELETED)
    return;
  rafilm_sync_alarm_set (&self->alarm, milliseconds);
}

/* The first edit after a while is sent at once; those that follow it are gathered. */
static guint
edit_delay (RafilmSyncEngine *self)
{
  gint64 since = g_get_monotonic_time () / 1000 - self->run_began;

  return (guint) MAX (RAFILM_SYNC_EDIT_DELAY, RAFILM_SYNC_DEBOUNCE - since);
}

/* After the store said that something changed; what failed before keeps its own pace. */
static DexFuture *
counted_cb (DexFuture *future, gpointer data)
{
  g_autoptr (RafilmSyncEngine) self = g_weak_ref_get (data);
  const GValue *value = dex_future_get_value (future, NULL);
  const RafilmSyncState *state = value != NULL ? g_value_get_boxed (value) : NULL;

  if (self == NULL)
    return dex_future_new_true ();
  self->counting = FALSE;
  if (state == NULL)
    return dex_future_new_true ();
  rafilm_sync_engine_note_state (self, state);
  if (self->running != NULL)
    rafilm_sync_engine_show_progress (self, state);
  else if (self->pending > 0 && self->started && self->failures == 0
           && rafilm_sync_engine_get_uid (self) != NULL)
    {
      rafilm_sync_engine_set_state (self, RAFILM_SYNC_WAITING);
      rafilm_sync_engine_arm (self, edit_delay (self));
    }
  return dex_future_new_true ();
}

void
rafilm_sync_engine_count_pending (RafilmSyncEngine *self)
{
  self->counting = TRUE;
  dex_future_disown (dex_future_finally (rafilm_store_sync_state (self->store), counted_cb,
                                         rafilm_sync_engine_make_weak (self),
                                         rafilm_sync_engine_free_weak));
}

/* While an answer is applied, each part of it changes the store. */
static void
store_changed_cb (RafilmSyncEngine *self, RafilmStoreChange *change)
{
  if (self->running != NULL ? !self->counting
                            : self->started && (change->kinds & RAFILM_STORE_CHANGE_OUTBOX) != 0)
    rafilm_sync_engine_count_pending (self);
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
  if (rafilm_sync_engine_get_uid (self) == NULL)
    {
      g_autoptr (GError) error = NULL;

      rafilm_sync_engine_drop_run (self);
      rafilm_sync_engine_set_state (self, RAFILM_SYNC_OFF);
      error = g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN, "Nobody is signed in");
      rafilm_sync_engine_answer_waiters (self, error);
      return;
    }
  if (rafilm_account_get_state (self->account) != RAFILM_ACCOUNT_SIGNED_IN)
    return;
  self->failures = 0;
  self->asked = TRUE; /* who could sign in has an account, whatever was said of it before */
  rafilm_sync_engine_begin_run (self);
}

static void
network_changed_cb (RafilmSyncEngine *self, gboolean available)
{
  if (!available || !self->started || rafilm_sync_engine_get_uid (self) == NULL)
    return;
  if (self->failures == 0 && self->pending == 0)
    return;
  self->failures = 0;
  rafilm_sync_engine_arm (self, NETWORK_DELAY);
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
      self->hinted_head = MAX (self->hinted_head, head);
    }
  else if (self->running != NULL)
    self->again = TRUE;
  if (self->failures == 0)
    rafilm_sync_engine_arm (self, HINT_DELAY);
}

void
rafilm_sync_engine_listen (RafilmSyncEngine *self)
{
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (g_network_monitor_get_default (), "network-changed",
                           G_CALLBACK (network_changed_cb), self, G_CONNECT_SWAPPED);
  if (self->account != NULL)
    g_signal_connect_object (self->account, "notify::state", G_CALLBACK (account_changed_cb), self,
                             G_CONNECT_SWAPPED);
  if (self->socket != NULL)
    g_signal_connect_object (self->socket, "message", G_CALLBACK (socket_message_cb), self,
                             G_CONNECT_SWAPPED);
}
