/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-alarm.h"

#include "rafilm-sync-alarm.h"
#include "sim-report.h"

#define MAX_ALARMS 16

static RafilmSyncAlarm *alarms[MAX_ALARMS]; /* that are set */

gint64
sim_alarm_monotonic_time (void)
{
  return sim_now () * 1000;
}

void
rafilm_sync_alarm_init (RafilmSyncAlarm *self, GSourceOnceFunc func, gpointer data)
{
  *self = (RafilmSyncAlarm) { .func = func, .data = data, .speed = 1 };
}

void
rafilm_sync_alarm_set (RafilmSyncAlarm *self, guint milliseconds)
{
  gint64 due = sim_now () + milliseconds;
  guint i = 0;

  if (self->due > 0 && self->due <= due)
    return;
  rafilm_sync_alarm_stop (self);
  while (alarms[i] != NULL)
    g_assert (++i < MAX_ALARMS);
  alarms[i] = self;
  self->due = due;
}

void
rafilm_sync_alarm_stop (RafilmSyncAlarm *self)
{
  for (guint i = 0; i < MAX_ALARMS; i++)
    if (alarms[i] == self)
      alarms[i] = NULL;
  self->due = 0;
}

gint64
sim_alarm_get_next (void)
{
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < MAX_ALARMS; i++)
    if (alarms[i] != NULL)
      next = MIN (next, alarms[i]->due);
  return next;
}

void
sim_alarm_run (void)
{
  for (guint i = 0; i < MAX_ALARMS; i++)
    {
      RafilmSyncAlarm *alarm = alarms[i];

      if (alarm == NULL || alarm->due > sim_now ())
        continue;
      rafilm_sync_alarm_stop (alarm);
      alarm->func (alarm->data);
    }
}
