/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sync-backoff.h"

#define FIRST 5000

guint
rafilm_sync_backoff_delay (guint failures, double jitter)
{
  guint whole = FIRST;

  g_return_val_if_fail (jitter >= 0 && jitter <= 1, RAFILM_SYNC_BACKOFF_CAP);

  if (failures == 0)
    return RAFILM_SYNC_DEBOUNCE;
  for (guint i = 1; i < failures && whole < RAFILM_SYNC_BACKOFF_CAP; i++)
    whole *= 2;
  whole = MIN (whole, RAFILM_SYNC_BACKOFF_CAP);
  return whole / 2 + (guint) (jitter * (whole / 2));
}
