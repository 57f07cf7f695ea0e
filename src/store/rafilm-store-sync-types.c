/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The values that go between the mirror and the synchronisation. */

#include "config.h"

#include "rafilm-store-private.h"

G_DEFINE_BOXED_TYPE (RafilmSyncState, rafilm_sync_state, rafilm_sync_state_copy,
                     rafilm_sync_state_free)
G_DEFINE_BOXED_TYPE (RafilmSyncBatch, rafilm_sync_batch, rafilm_sync_batch_copy,
                     rafilm_sync_batch_free)

RafilmSyncState *
rafilm_sync_state_copy (const RafilmSyncState *self)
{
  RafilmSyncState *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (RafilmSyncState, 1);
  *copy = *self;
  copy->acct = g_strdup (self->acct);
  copy->dev = g_strdup (self->dev);
  copy->epoch = g_strdup (self->epoch);
  return copy;
}

void
rafilm_sync_state_free (RafilmSyncState *self)
{
  if (self == NULL)
    return;
  g_free (self->acct);
  g_free (self->dev);
  g_free (self->epoch);
  g_free (self);
}

RafilmSyncBatch *
rafilm_sync_batch_copy (const RafilmSyncBatch *self)
{
  RafilmSyncBatch *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (RafilmSyncBatch, 1);
  copy->id = g_strdup (self->id);
  copy->if_head = self->if_head;
  copy->ops = g_ptr_array_ref (self->ops);
  return copy;
}

void
rafilm_sync_batch_free (RafilmSyncBatch *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_ptr_array_unref (self->ops);
  g_free (self);
}

static void
verdict_clear (gpointer data)
{
  g_free (((RafilmSyncVerdict *) data)->verdict);
}

RafilmSyncAnswer *
rafilm_sync_answer_new (void)
{
  RafilmSyncAnswer *self = NULL;

  self = g_new0 (RafilmSyncAnswer, 1);
  self->verdicts = g_array_new (FALSE, FALSE, sizeof (RafilmSyncVerdict));
  g_array_set_clear_func (self->verdicts, verdict_clear);
  self->ack_rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);
  self->recent = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);
  return self;
}

void
rafilm_sync_answer_free (RafilmSyncAnswer *self)
{
  if (self == NULL)
    return;
  g_free (self->acct);
  g_free (self->epoch);
  g_free (self->batch);
  g_clear_pointer (&self->verdicts, g_array_unref);
  g_clear_pointer (&self->ack_rows, g_ptr_array_unref);
  g_ptr_array_unref (self->rows);
  g_clear_pointer (&self->recent, g_ptr_array_unref);
  g_free (self);
}

void
rafilm_sync_answer_add_verdict (RafilmSyncAnswer *self, gint64 n, const char *verdict)
{
  RafilmSyncVerdict entry = { 0 };

  g_return_if_fail (self != NULL && verdict != NULL);

  entry.n = n;
  entry.verdict = g_strdup (verdict);
  g_array_append_val (self->verdicts, entry);
}

void
rafilm_pending_change_free (RafilmPendingChange *self)
{
  if (self == NULL)
    return;
  g_free (self->kind);
  g_free (self->id);
  g_strfreev (self->fields);
  g_free (self->code);
  g_free (self->text);
  g_free (self);
}
