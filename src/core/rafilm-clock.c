/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-clock.h"

static gint64 offset;
static gint64 stopped_at;

gint64
rafilm_clock_now (void)
{
  if (stopped_at > 0)
    return stopped_at;
  return g_get_real_time () / 1000 + offset;
}

void
rafilm_clock_set_offset (gint64 milliseconds)
{
  offset = milliseconds;
}

void
rafilm_clock_stop_at (gint64 milliseconds)
{
  stopped_at = milliseconds;
}

char *
rafilm_clock_dup_today (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (rafilm_clock_now () / 1000);

  return g_date_time_format (now, "%Y-%m-%d");
}
