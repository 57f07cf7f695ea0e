/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-clock.h"

#define OFFSET_VARIABLE "RAFILM_CLOCK_OFFSET"
/* Three hundred years: no clock is further off. */
#define MAX_OFFSET_SECONDS G_GINT64_CONSTANT (10000000000)

static gint64 offset;
static gint64 stopped_at;

/* The variable's seconds, as milliseconds; 0 without it. */
static gint64
get_environment_offset (void)
{
  static gsize read;
  static gint64 seconds;
  const char *text = NULL;

  if (g_once_init_enter (&read))
    {
      text = g_getenv (OFFSET_VARIABLE);
      if (text != NULL
          && !g_ascii_string_to_signed (text, 10, -MAX_OFFSET_SECONDS, MAX_OFFSET_SECONDS, &seconds,
                                        NULL))
        g_warning ("%s is no number of seconds, ignoring", OFFSET_VARIABLE);
      g_once_init_leave (&read, 1);
    }

  return seconds * 1000;
}

gint64
rafilm_clock_now (void)
{
  if (stopped_at > 0)
    return stopped_at;
  return g_get_real_time () / 1000 + get_environment_offset () + offset;
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
