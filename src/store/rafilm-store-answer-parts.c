/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A long answer is applied in parts, each in a transaction of its own that ends as if the server
 * had sent that much and said that there is more. So what the window asks meanwhile waits for one
 * part at most, what came shows as it comes, and a crash between two parts is one between two
 * answers. The newest rows of a first answer are a part of their own, before the feed's: they are
 * in the mirror beyond its cursor, like those of an acknowledgement, and no news when the feed
 * brings them again. */

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
  gboolean long_feed;
  guint done; /* of its rows */
  gboolean ended;
} Parts;

typedef struct
{
  RafilmSyncAnswer *answer;
  gboolean is_part;
  gboolean is_recent; /* its cursor is where the mirror stands */
  gint64 cursor;      /* where the part before ended; -1 for the first part */
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

/* A mirror that is made anew beside the one that is shown has no use for rows out of turn. */
static void
stay (RafilmMirror *mirror, RafilmSyncAnswer *recent)
{
  g_autoptr (RafilmSyncState) state = rafilm_mirror_load_sync_state (mirror);

  recent->cursor = state->cursor;
  if (state->staged)
    g_ptr_array_set_size (recent->rows, 0);
}

static void
apply_work (RafilmMirror *mirror, gpointer data)
{
  PartRequest *request = data;

  if (!follows (mirror, request))
    return;
  if (request->is_recent)
    stay (mirror, request->answer);
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

static PartRequest *
part_request_new (RafilmSyncAnswer *answer)
{
  PartRequest *request = g_new0 (PartRequest, 1);

  request->answer = answer;
  request->cursor = -1;
  return request;
}

static DexFuture *
apply_request (RafilmStore *store, PartRequest *request)
{
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

  if (!parts->long_feed)
    return answer->rows->len;
  while (end < answer->rows->len && get_seq (answer, end) == get_seq (answer, end - 1))
    end++;
  return MIN (end, answer->rows->len);
}

/* The first part settles the batch. */
static RafilmSyncAnswer *
new_part (RafilmSyncAnswer *whole)
{
  RafilmSyncAnswer *part = rafilm_sync_answer_new ();

  part->acct = g_strdup (whole->acct);
  part->epoch = g_strdup (whole->epoch);
  part->server_now = whole->server_now;
  part->head = whole->head;
  part->more = TRUE;
  part->batch = g_steal_pointer (&whole->batch);
  if (whole->ack_rows == NULL)
    return part;
  g_array_unref (part->verdicts);
  part->verdicts = g_steal_pointer (&whole->verdicts);
  g_ptr_array_unref (part->ack_rows);
  part->ack_rows = g_steal_pointer (&whole->ack_rows);
  return part;
}

static RafilmSyncAnswer *
take_recent (Parts *parts)
{
  RafilmSyncAnswer *part = new_part (parts->answer);

  g_ptr_array_unref (part->rows);
  part->rows = g_steal_pointer (&parts->answer->recent);
  return part;
}

/* The last part is all that the whole says. */
static RafilmSyncAnswer *
take_part (Parts *parts)
{
  RafilmSyncAnswer *whole = parts->answer;
  RafilmSyncAnswer *part = new_part (whole);
  guint end = find_end (parts);

  for (guint i = parts->done; i < end; i++)
    g_ptr_array_add (part->rows, g_steal_pointer (&g_ptr_array_index (whole->rows, i)));
  parts->done = end;
  parts->ended = end == whole->rows->len;
  if (parts->ended)
    {
      part->cursor = whole->cursor;
      part->more = whole->more;
      part->has_digest = whole->has_digest;
      part->digest = whole->digest;
    }
  else
    part->cursor = get_seq (part, part->rows->len - 1);
  return part;
}

static PartRequest *
take_request (Parts *parts, const RafilmSyncState *state)
{
  gboolean is_recent = parts->answer->recent != NULL && parts->answer->recent->len > 0;
  PartRequest *request = part_request_new (is_recent ? take_recent (parts) : take_part (parts));

  request->is_recent = is_recent;
  request->is_part = TRUE;
  if (state != NULL)
    request->cursor = state->cursor;
  return request;
}

static DexFuture *
parts_fiber (gpointer data)
{
  Parts *parts = data;
  g_autoptr (RafilmSyncState) state = NULL;

  while (!parts->ended)
    {
      g_autoptr (RafilmSyncState) next = NULL;
      GError *error = NULL;

      next = dex_await_boxed (apply_request (parts->store, take_request (parts, state)), &error);
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

  if (answer->recent->len == 0 && !is_long (answer))
    return apply_request (self, part_request_new (answer));
  parts = g_new0 (Parts, 1);
  parts->store = g_object_ref (self);
  parts->answer = answer;
  parts->long_feed = is_long (answer);
  return rafilm_spawn (parts_fiber, parts, parts_free);
}
