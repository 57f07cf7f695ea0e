/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-time.h"

#include <time.h>

int64_t
rafilm_time_now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
rafilm_time_now (void)
{
  return rafilm_time_now_ms () / 1000;
}
