/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One exchange after another, until nothing waits and nothing new is hinted at. */

#include "config.h"

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"
#include "rafilm-sync-backoff.h"
#include "rafilm-sync-cycle.h"
#include "rafilm-sync-engine-private.h"

/* Without a reason to ask, one request an hour finds what a lost hint hid. */
#define POLL_DELAY (60 * 60 * 1000)
/* A mirror that proves wrong is fetched anew at most once a day by itself. */
#define RESYNC_INTERVAL (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)

/* Progress */

static void
set_progress (RafilmSyncEngine *self, double progress)
{
  if (self->progress == progress)
    return;
  self->progress = progress;
  g_object_notify (G_OBJECT (self), "progress");
}

static void
set_sent (RafilmSyncEngine *self, guint sent, guint to_send)
{
  if (self->sent == sent && self->to_send == to_send)
    return;
  self->sent = sent;
  self->to_send = to_send;
  g_object_notify (G_OBJECT (self), "sent");
  g_object_notify (G_OBJECT (self), "to-send");
}

void
rafilm_sync_engine_show_progress (RafilmSyncEngine *self, const RafilmSyncState *state)
{
  gint64 fetched = state->cursor - self->first_cursor;
  gint64 all = 0;

  /* What is edited meanwhile is to be sent too. */
  if (state->pending + self->sent > self->to_send)
    set_sent (self, self->sent, state->pending + self->sent);
  else
    set_sent (self, self->to_send - state->pending, self->to_send);
  all = MAX (self->head - self->first_cursor, 0) + self->to_send;
  if (all > 0)
    set_progress (self, CLAMP ((double) (fetched + self->sent) / (double) all, self->progress, 1));
}

static void
moved_cb (const RafilmSyncState *state, gint64 head, gpointer data)
{
  RafilmSyncEngine *self = data;

  /* The service is there again; what fails after this is another failure, and the first. */
  if (state->cursor > self->cursor || state->pending < self->pending)
    self->failures = 0;
  self->head = head;
  rafilm_sync_engine_note_state (self, state);
  rafilm_sync_engine_show_progress (self, state);
}

/* Running */

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
    case RAFILM_ERROR_ACCOUNT_DELETED:
      return RAFILM_SYNC_ACCOUNT_DELETED;
    default:
      return RAFILM_SYNC_FAILED;
    }
}

/* An account that was deleted is asked for only when a person wants it. */
static gboolean
note_start (RafilmSyncEngine *self, GError **error)
{
  gboolean asked = self->asked;
  g_autoptr (RafilmSyncState) state =
      dex_await_boxed (rafilm_store_sync_state (self->store), error);

  if (state == NULL)
    return FALSE;
  self->asked = FALSE;
  self->first_cursor = state->cursor;
  self->head = state->cursor;
  set_sent (self, 0, state->pending);
  rafilm_sync_engine_note_state (self, state);
  if (!state->account_deleted || asked)
    return TRUE;
  g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_ACCOUNT_DELETED,
                       "The account was deleted");
  return FALSE;
}

static RafilmSyncCycle *
make_cycle (RafilmSyncEngine *self, gint64 now)
{
  RafilmSyncCycle *cycle = rafilm_sync_cycle_new (
      self->store, self->transport, rafilm_sync_engine_get_uid (self), g_get_host_name ());

  cycle->reads_ahead = TRUE;
  cycle->moved = moved_cb;
  cycle->moved_data = self;
  cycle->pace = RAFILM_SYNC_BATCH_PACE / self->alarm.speed;
  cycle->may_resync = self->last_resync == 0 || now - self->last_resync > RESYNC_INTERVAL;
  return cycle;
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
      if (rafilm_sync_engine_get_uid (self) == NULL)
        return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_NOT_SIGNED_IN,
                                      "Nobody is signed in");
      cycle = make_cycle (self, now);
      state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
      self->retry_after = cycle->retry_after;
      if (cycle->did_resync)
        self->last_resync = now;
      if (state == NULL)
        return dex_future_new_for_error (error);
      rafilm_sync_engine_note_state (self, state);
    }
  while (self->again || self->hinted_head > self->cursor);

  return dex_future_new_true ();
}

static void
end_progress (RafilmSyncEngine *self)
{
  set_sent (self, 0, 0);
  set_progress (self, 1);
}

void
rafilm_sync_engine_drop_run (RafilmSyncEngine *self)
{
  rafilm_sync_alarm_stop (&self->alarm);
  end_progress (self);
  dex_clear (&self->running);
}

void
rafilm_sync_engine_answer_waiters (RafilmSyncEngine *self, const GError *error)
{
  g_autoptr (GPtrArray) waiters = g_steal_pointer (&self->waiters);

  self->waiters = g_ptr_array_new_with_free_func (dex_unref);
  for (guint i = 0; i < waiters->len; i++)
    if (error != NULL)
      dex_promise_reject (waiters->pdata[i], g_error_copy (error));
    else
      dex_promise_resolve_boolean (waiters->pdata[i], TRUE);
}

/* When the next attempt is, after what happened. Something is always armed while started, but for
 * an account that is no more. */
static void
schedule_next (RafilmSyncEngine *self, const GError *error)
{
  guint delay = POLL_DELAY;

  if (rafilm_sync_engine_get_uid (self) == NULL)
    return;
  if (error != NULL && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_UPGRADE_NEEDED))
    {
      self->failures++;
      delay = rafilm_sync_backoff_delay (self->failures, g_random_double ());
      delay = MAX (delay, self->retry_after * 1000);
    }
  rafilm_sync_engine_arm (self, delay);
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
      g_object_notify (G_OBJECT (self), "last-synced");
    }
  else
    g_debug ("Sync did not succeed: %s", error->message);
  end_progress (self);
  rafilm_sync_engine_set_state (self, error != NULL ? state_of_error (error) : RAFILM_SYNC_SYNCED);
  schedule_next (self, error);
  if (error == NULL && self->catalogue != NULL)
    dex_future_disown (rafilm_catalogue_fill (self->catalogue));
  if (error == NULL)
    rafilm_sync_engine_count_pending (self); /* an edit may have come just after the last answer */
  rafilm_sync_engine_answer_waiters (self, error);
  return dex_future_new_true ();
}

gpointer
rafilm_sync_engine_make_weak (RafilmSyncEngine *self)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  return weak;
}

void
rafilm_sync_engine_free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

void
rafilm_sync_engine_begin_run (RafilmSyncEngine *self)
{
  if (self->running != NULL)
    {
      self->again = TRUE;
      return;
    }
  rafilm_sync_alarm_stop (&self->alarm);
  self->run_began = g_get_monotonic_time () / 1000;
  set_progress (self, 0);
  rafilm_sync_engine_set_state (self, RAFILM_SYNC_SENDING);
  self->running = dex_future_finally (rafilm_spawn (run_fiber, g_object_ref (self), g_object_unref),
                                      run_ended_cb, rafilm_sync_engine_make_weak (self),
                                      rafilm_sync_engine_free_weak);
}
