/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RafilmSyncAlarm:
 * @func, @data: what is called when it runs out
 * @speed: waits pass so many times faster; 1 but in tests
 *
 * A timer for which several things may ask; the soonest wins. To be cleared with
 * rafilm_sync_alarm_stop().
 */
typedef struct
{
  GSourceOnceFunc func;
  gpointer data;
  guint speed;
  guint source;
  gint64 due; /* monotonic ms; 0 while nothing is set */
} RafilmSyncAlarm;

void rafilm_sync_alarm_init (RafilmSyncAlarm *self, GSourceOnceFunc func, gpointer data);
/** Sets it, unless it runs out sooner already. */
void rafilm_sync_alarm_set (RafilmSyncAlarm *self, guint milliseconds);
void rafilm_sync_alarm_stop (RafilmSyncAlarm *self);

G_END_DECLS
