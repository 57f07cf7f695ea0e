/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sync-alarm.h"

void
rafilm_sync_alarm_init (RafilmSyncAlarm *self, GSourceOnceFunc func, gpointer data)
{
  *self = (RafilmSyncAlarm) { .func = func, .data = data, .speed = 1 };
}

static void
ran_out_cb (gpointer data)
{
  RafilmSyncAlarm *self = data;

  self->source = 0;
  self->due = 0;
  self->func (self->data);
}

void
rafilm_sync_alarm_set (RafilmSyncAlarm *self, guint milliseconds)
{
  guint wait = milliseconds / self->speed;
  gint64 due = g_get_monotonic_time () / 1000 + wait;

  if (self->due > 0 && self->due <= due)
    return;
  rafilm_sync_alarm_stop (self);
  self->source = g_timeout_add_once (wait, ran_out_cb, self);
  g_source_set_name_by_id (self->source, "[rafilm] sync");
  self->due = due;
}

void
rafilm_sync_alarm_stop (RafilmSyncAlarm *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  self->due = 0;
}
