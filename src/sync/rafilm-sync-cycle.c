/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sync-cycle.h"

#include "rafilm-error.h"
#include "rafilm-store-arrival.h"
#include "rafilm-spawn.h"
#include "rafilm-sync-message.h"

/* Requests in a row that bring nothing forward; a service that answers so is broken. */
#define MAX_IDLE 12
/* Batches that go as fast as the network lets them: what a year away makes. DynamoDB keeps up to
 * five minutes of the capacity that wasn't used for bursts, and doesn't promise it; what it refuses
 * is sent again later.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html */
#define UNPACED 24

RafilmSyncCycle *
rafilm_sync_cycle_new (RafilmStore *store, RafilmSyncTransport *transport, const char *uid,
                       const char *name)
{
  RafilmSyncCycle *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (RAFILM_IS_SYNC_TRANSPORT (transport), NULL);
  g_return_val_if_fail (uid != NULL, NULL);

  self = g_rc_box_new0 (RafilmSyncCycle);
  self->store = g_object_ref (store);
  self->transport = g_object_ref (transport);
  self->uid = g_strdup (uid);
  self->name = g_strdup (name);
  self->max_ops = RAFILM_WIRE_MAX_OPS;
  return self;
}

RafilmSyncCycle *
rafilm_sync_cycle_ref (RafilmSyncCycle *self)
{
  return g_rc_box_acquire (self);
}

static void
drop_ahead (RafilmSyncCycle *self)
{
  dex_clear (&self->ahead);
  g_clear_pointer (&self->ahead_state, rafilm_sync_state_free);
}

static void
clear_cycle (gpointer data)
{
  RafilmSyncCycle *self = data;

  drop_ahead (self);
  g_clear_object (&self->store);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->uid, g_free);
  g_clear_pointer (&self->name, g_free);
}

void
rafilm_sync_cycle_unref (RafilmSyncCycle *self)
{
  g_rc_box_release_full (self, clear_cycle);
}

static void
unref_cycle (gpointer data)
{
  rafilm_sync_cycle_unref (data);
}

/* Whose store it is; a store that is nobody's becomes the account's. */
static RafilmSyncState *
open_state (RafilmSyncCycle *self, GError **error)
{
  g_autoptr (RafilmSyncState) state = NULL;

  state = dex_await_boxed (rafilm_store_sync_state (self->store), error);
  if (state == NULL)
    return NULL;
  if (state->acct == NULL)
    return dex_await_boxed (rafilm_store_bind_account (self->store, self->uid), error);
  if (!g_str_equal (state->acct, self->uid))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_REFUSED,
                           "This diary belongs to another account");
      return NULL;
    }
  return g_steal_pointer (&state);
}

/* Reading ahead. Of a long diary the next page can come while this one is being applied: its
 * request says what it would say afterwards, unless the answer changes more than the cursor. */

static void
read_ahead (RafilmSyncCycle *self, const RafilmSyncState *state, const RafilmSyncAnswer *answer)
{
  g_autoptr (JsonNode) request = NULL;

  if (!self->reads_ahead || !answer->more || state->pending > 0 || self->blame != NULL)
    return;
  self->ahead_state = rafilm_sync_state_copy (state);
  self->ahead_state->cursor = answer->cursor;
  g_set_str (&self->ahead_state->epoch, answer->epoch);
  request = rafilm_sync_message_new_request (self->ahead_state, NULL, self->name);
  self->ahead = rafilm_sync_transport_send (self->transport, request);
}

/* Whether the request would be the same now. What was edited meanwhile goes with the one after. */
static gboolean
is_ahead_of (RafilmSyncCycle *self, const RafilmSyncState *state)
{
  return self->ahead != NULL && self->ahead_state->cursor == state->cursor
         && self->ahead_state->staged == state->staged && self->blame == NULL
         && g_strcmp0 (self->ahead_state->epoch, state->epoch) == 0
         && g_strcmp0 (self->ahead_state->dev, state->dev) == 0;
}

static RafilmSyncState *
apply_answer (RafilmSyncCycle *self, const RafilmSyncState *before, JsonNode *body, gboolean *more,
              GError **error)
{
  g_autoptr (RafilmSyncAnswer) answer = rafilm_sync_message_parse_answer (body, error);
  g_autoptr (RafilmSyncState) state = NULL;
  gint64 head = answer != NULL ? answer->head : 0;

  if (answer == NULL)
    return NULL;
  *more = answer->more;
  read_ahead (self, before, answer);
  if (self->moved != NULL)
    self->moved (before, head, self->moved_data);
  state =
      dex_await_boxed (rafilm_store_apply_answer (self->store, g_steal_pointer (&answer)), error);
  if (state != NULL && self->moved != NULL)
    self->moved (state, head, self->moved_data);
  if (state == NULL || !state->digest_differs)
    return g_steal_pointer (&state);

  g_warning ("The mirror is not what the server has");
  if (!self->may_resync || self->did_resync)
    return g_steal_pointer (&state);
  self->did_resync = TRUE;
  *more = TRUE;
  return dex_await_boxed (rafilm_store_begin_resync (self->store), error);
}

static RafilmSyncState *
apply_conflict (RafilmSyncCycle *self, JsonNode *body, GError **error)
{
  g_auto (RafilmSyncConflict) conflict = { 0 };

  if (!rafilm_sync_message_parse_conflict (body, &conflict, error))
    return NULL;
  g_debug ("The server says %s", conflict.code);
  if (g_str_equal (conflict.code, "fork"))
    return dex_await_boxed (rafilm_store_new_device (self->store), error);
  if (g_str_equal (conflict.code, "epoch"))
    return dex_await_boxed (rafilm_store_begin_epoch (self->store, conflict.epoch, conflict.low),
                            error);
  if (g_str_equal (conflict.code, "stale"))
    return dex_await_boxed (rafilm_store_match_again (self->store), error);
  g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_REFUSED, "The sync service refused: %s",
               conflict.code);
  return NULL;
}

static gboolean
is_account_deleted (const RafilmSyncResponse *response)
{
  return response->status == 410 && g_strcmp0 (response->code, "account_deleted") == 0;
}

static GError *
response_to_error (const RafilmSyncResponse *response)
{
  RafilmError code = RAFILM_ERROR_REFUSED;

  if (response->status == 401)
    code = RAFILM_ERROR_SIGN_IN_EXPIRED;
  else if (is_account_deleted (response))
    code = RAFILM_ERROR_ACCOUNT_DELETED;
  else if (response->status == 413)
    code = RAFILM_ERROR_TOO_LARGE;
  else if (response->status == 426)
    code = RAFILM_ERROR_UPGRADE_NEEDED;
  else if (response->status == 429)
    code = RAFILM_ERROR_THROTTLED;
  else if (response->status >= 500)
    code = RAFILM_ERROR_UNAVAILABLE;
  return g_error_new (RAFILM_ERROR, code, "The sync service answered %u%s%s", response->status,
                      response->code != NULL ? ", " : "",
                      response->code != NULL ? response->code : "");
}

/* The service took nothing of the request, and says that this is because of what it holds. */
static gboolean
is_refused_whole (const RafilmSyncResponse *response)
{
  return response->status == 413
         || (response->status == 400 && g_strcmp0 (response->code, "bad_request") == 0);
}

static gboolean
note_account_deleted (RafilmSyncCycle *self, gboolean deleted, GError **error)
{
  g_autoptr (RafilmSyncState) state =
      dex_await_boxed (rafilm_store_set_account_deleted (self->store, deleted), error);

  return state != NULL;
}

/* A batch that the service will not take is cut into smaller ones, until it is known which of its
 * operations is to blame. Before that one is put aside, a request without it must succeed, or it
 * is not the operation that the service minds. */
static RafilmSyncState *
cut_batch (RafilmSyncCycle *self, const RafilmSyncBatch *batch, const RafilmSyncResponse *response,
           GError **error)
{
  g_debug ("A batch of %u operations was refused whole", batch->ops->len);
  if (batch->ops->len == 1)
    {
      self->blame = response->status == 413 ? "size" : "form";
      return dex_await_boxed (rafilm_store_sync_state (self->store), error);
    }
  self->max_ops = batch->ops->len / 2;
  return dex_await_boxed (rafilm_store_release_batch (self->store), error);
}

static RafilmSyncState *
put_blamed_aside (RafilmSyncCycle *self, GError **error)
{
  const char *code = g_steal_pointer (&self->blame);

  self->max_ops = RAFILM_WIRE_MAX_OPS;
  return dex_await_boxed (rafilm_store_refuse_batch (self->store, code), error);
}

/* A long push takes its time, so that the table needn't refuse any of it; the first batches, and
 * with them every single edit, don't wait. */
static void
keep_pace (RafilmSyncCycle *self, const RafilmSyncBatch *batch)
{
  gint64 wait = self->next_batch - g_get_monotonic_time ();

  if (self->pace == 0)
    return;
  if (self->batches++ >= UNPACED && wait > 0)
    dex_await (dex_timeout_new_usec (wait), NULL);
  self->next_batch =
      g_get_monotonic_time () + (gint64) self->pace * 1000 * batch->ops->len / RAFILM_WIRE_MAX_OPS;
}

/* What to send: nothing while an operation is suspected. */
static gboolean
take_batch (RafilmSyncCycle *self, RafilmSyncBatch **ret_batch, GError **error)
{
  g_autoptr (GError) local = NULL;

  *ret_batch = NULL;
  if (self->blame != NULL)
    return TRUE;
  *ret_batch = dex_await_boxed (
      rafilm_store_take_batch (self->store, self->max_ops, RAFILM_SYNC_MESSAGE_MAX_OPS_SIZE),
      &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static RafilmSyncResponse *
ask (RafilmSyncCycle *self, const RafilmSyncState *state, RafilmSyncBatch **ret_batch,
     GError **error)
{
  g_autoptr (JsonNode) request = NULL;

  if (is_ahead_of (self, state))
    {
      DexFuture *ahead = g_steal_pointer (&self->ahead);

      drop_ahead (self);
      return dex_await_boxed (ahead, error);
    }
  drop_ahead (self);
  if (!take_batch (self, ret_batch, error))
    return NULL;
  if (*ret_batch != NULL)
    keep_pace (self, *ret_batch);
  request = rafilm_sync_message_new_request (state, *ret_batch, self->name);
  return dex_await_boxed (rafilm_sync_transport_send (self->transport, request), error);
}

/* One request and what comes of it. */
static RafilmSyncState *
run_request (RafilmSyncCycle *self, const RafilmSyncState *state, gboolean *more, GError **error)
{
  g_autoptr (RafilmSyncBatch) batch = NULL;
  g_autoptr (RafilmSyncResponse) response = NULL;

  response = ask (self, state, &batch, error);
  if (response == NULL)
    return NULL;
  if (response->status == 200)
    {
      g_autoptr (RafilmSyncState) next = NULL;

      if (state->account_deleted && !note_account_deleted (self, FALSE, error))
        return NULL;
      next = apply_answer (self, state, response->body, more, error);

      if (next == NULL || self->blame == NULL)
        return g_steal_pointer (&next);
      return put_blamed_aside (self, error);
    }
  *more = TRUE;
  if (response->status == 409)
    return apply_conflict (self, response->body, error);
  if (is_refused_whole (response) && batch != NULL)
    return cut_batch (self, batch, response, error);
  if (is_account_deleted (response) && !note_account_deleted (self, TRUE, error))
    return NULL;
  self->retry_after = response->retry_after;
  g_propagate_error (error, response_to_error (response));
  return NULL;
}

/* Whether the last request brought the mirror or the outbox forward. Going back or being told to
 * begin anew is not forward, or a service that keeps saying so would be asked for ever. */
static gboolean
has_moved (const RafilmSyncState *before, const RafilmSyncState *after)
{
  return after->cursor > before->cursor || after->pending < before->pending
         || (before->staged && !after->staged);
}

static DexFuture *
cycle_fiber (gpointer data)
{
  RafilmSyncCycle *self = data;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;
  guint idle = 0;

  self->retry_after = 0;
  self->blame = NULL;
  state = open_state (self, &error);
  while (state != NULL && (more || state->pending > 0 || state->staged))
    {
      g_autoptr (RafilmSyncState) next = NULL;

      more = FALSE;
      next = run_request (self, state, &more, &error);
      if (next != NULL)
        idle = has_moved (state, next) ? 0 : idle + 1;
      g_clear_pointer (&state, rafilm_sync_state_free);
      state = g_steal_pointer (&next);
      if (idle > MAX_IDLE)
        {
          g_clear_pointer (&state, rafilm_sync_state_free);
          error = g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE,
                                       "The sync service's answers bring nothing forward");
        }
    }
  drop_ahead (self);
  if (state == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_STATE, g_steal_pointer (&state));
}

DexFuture *
rafilm_sync_cycle_run (RafilmSyncCycle *self)
{
  dex_return_error_if_fail (self != NULL);

  return rafilm_spawn (cycle_fiber, rafilm_sync_cycle_ref (self), unref_cycle);
}
