/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A long answer is applied in parts, each in a transaction of its own that ends as if the server
 * had sent that much and said that there is more. So what the window asks meanwhile waits for one
 * part at most, the newest of what came shows soon, and a crash between two parts is one between
 * two answers. */

#include "config.h"

#include "rafilm-store-sync-private.h"

#include <glib/gi18n.h>

#include "rafilm-spawn.h"

/* Rows after which a part ends, together with the group of one sequence number. A group has some
 * hundred rows at most, so that a part takes a few milliseconds. */
#define PART_ROWS 200

typedef struct
{
  RafilmStore *store;
  RafilmSyncAnswer *answer;
  guint done; /* of its rows */
} Parts;

typedef struct
{
  RafilmSyncAnswer *answer;
  gboolean is_part;
  gint64 cursor; /* where the part before ended; -1 for the first part */
  gboolean digest_differs;
  RafilmSyncState *state;
} PartRequest;

static void
parts_free (gpointer data)
{
  Parts *parts = data;

  g_object_unref (parts->store);
  rafilm_sync_answer_free (parts->answer);
  g_free (parts);
}

static void
part_request_free (gpointer data)
{
  PartRequest *request = data;

  rafilm_sync_answer_free (request->answer);
  g_clear_pointer (&request->state, rafilm_sync_state_free);
  g_free (request);
}

/* Another answer or a new epoch between two parts leaves nothing for the rest to follow. */
static gboolean
follows (RafilmMirror *mirror, const PartRequest *request)
{
  g_autoptr (RafilmSyncState) state = NULL;

  if (request->cursor < 0)
    return TRUE;
  state = rafilm_mirror_load_sync_state (mirror);
  if (state->cursor == request->cursor)
    return TRUE;
  rafilm_mirror_fail (mirror, RAFILM_ERROR_INVALID, _ ("The answer was overtaken by another."));
  return FALSE;
}

static void
apply_work (RafilmMirror *mirror, gpointer data)
{
  PartRequest *request = data;

  if (!follows (mirror, request))
    return;
  mirror->index_later = request->is_part;
  rafilm_mirror_apply_answer (mirror, request->answer, &request->digest_differs);
  request->state = rafilm_mirror_load_sync_state (mirror);
  request->state->digest_differs = request->digest_differs;
}

static void
apply_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_SYNC_STATE,
                             g_steal_pointer (&((PartRequest *) data)->state));
}

static DexFuture *
apply_one (RafilmStore *store, RafilmSyncAnswer *answer, gboolean is_part, gint64 cursor)
{
  PartRequest *request = NULL;

  request = g_new0 (PartRequest, 1);
  request->answer = answer;
  request->is_part = is_part;
  request->cursor = cursor;
  return rafilm_store_write (store, apply_work, apply_reply, request, part_request_free);
}

static gint64
get_seq (const RafilmSyncAnswer *answer, guint row)
{
  return ((const RafilmWireRow *) g_ptr_array_index (answer->rows, row))->q;
}

/* Whether it can be cut: a cursor says something only about rows in order. */
static gboolean
is_long (const RafilmSyncAnswer *answer)
{
  if (answer->rows->len <= PART_ROWS)
    return FALSE;
  for (guint i = 1; i < answer->rows->len; i++)
    if (get_seq (answer, i) < get_seq (answer, i - 1))
      return FALSE;
  return get_seq (answer, answer->rows->len - 1) <= answer->cursor;
}

static guint
find_end (const Parts *parts)
{
  const RafilmSyncAnswer *answer = parts->answer;
  guint end = parts->done + PART_ROWS;

  while (end < answer->rows->len && get_seq (answer, end) == get_seq (answer, end - 1))
    end++;
  return MIN (end, answer->rows->len);
}

/* The first part settles the batch; the last one is all that the whole says. */
static RafilmSyncAnswer *
take_part (Parts *parts)
{
  RafilmSyncAnswer *whole = parts->answer;
  RafilmSyncAnswer *part = rafilm_sync_answer_new ();
  guint end = find_end (parts);

  part->acct = g_strdup (whole->acct);
  part->epoch = g_strdup (whole->epoch);
  part->server_now = whole->server_now;
  part->head = whole->head;
  part->batch = g_steal_pointer (&whole->batch);
  g_array_unref (part->verdicts);
  part->verdicts = g_steal_pointer (&whole->verdicts);
  g_ptr_array_unref (part->ack_rows);
  part->ack_rows = g_steal_pointer (&whole->ack_rows);
  if (part->verdicts == NULL)
    part->verdicts = g_array_new (FALSE, FALSE, sizeof (RafilmSyncVerdict));
  if (part->ack_rows == NULL)
    part->ack_rows = g_ptr_array_new ();
  for (guint i = parts->done; i < end; i++)
    g_ptr_array_add (part->rows, g_steal_pointer (&g_ptr_array_index (whole->rows, i)));

  part->more = TRUE;
  if (end == whole->rows->len)
    {
      part->cursor = whole->cursor;
      part->more = whole->more;
      part->has_digest = whole->has_digest;
      part->digest = whole->digest;
    }
  else
    part->cursor = get_seq (part, part->rows->len - 1);
  parts->done = end;
  return part;
}

static DexFuture *
parts_fiber (gpointer data)
{
  Parts *parts = data;
  g_autoptr (RafilmSyncState) state = NULL;
  guint n_rows = parts->answer->rows->len;

  while (parts->done < n_rows)
    {
      g_autoptr (RafilmSyncState) next = NULL;
      GError *error = NULL;

      next = dex_await_boxed (
          apply_one (parts->store, take_part (parts), TRUE, state != NULL ? state->cursor : -1),
          &error);
      if (next == NULL)
        return dex_future_new_for_error (error);
      g_clear_pointer (&state, rafilm_sync_state_free);
      state = g_steal_pointer (&next);
    }
  return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_STATE, g_steal_pointer (&state));
}

DexFuture *
rafilm_store_apply_answer (RafilmStore *self, RafilmSyncAnswer *answer)
{
  Parts *parts = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (answer != NULL && answer->epoch != NULL);

  if (!is_long (answer))
    return apply_one (self, answer, FALSE, -1);
  parts = g_new0 (Parts, 1);
  parts->store = g_object_ref (self);
  parts->answer = answer;
  return rafilm_spawn (parts_fiber, parts, parts_free);
}
