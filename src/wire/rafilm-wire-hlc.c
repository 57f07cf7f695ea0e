/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-hlc.h"
#include "rafilm-wire-mutant.h"

#include <inttypes.h>
#include <stdio.h>

/* Wall clocks outside 1970..6429 are taken for the nearest end, so that the
 * arithmetic below stays within 63 bits. */
#define MAX_MS ((INT64_C (1) << 47) - 1)

static int64_t
clamp_ms (int64_t ms)
{
  return ms < 0 ? 0 : ms > MAX_MS ? MAX_MS : ms;
}

/* @h moved by @ms milliseconds, staying within 1..2^63-1. */
static uint64_t
shift (uint64_t h, int64_t ms)
{
  uint64_t size;

  if (h > INT64_MAX)
    h = INT64_MAX;
  size = (uint64_t) (ms < 0 ? -ms : ms) << 16;
  if (ms < 0)
    return h > size ? h - size : 1;
  return size > INT64_MAX - h ? INT64_MAX : h + size;
}

uint64_t
rafilm_wire_hlc_from_ms (int64_t ms)
{
  return (uint64_t) clamp_ms (ms) << 16;
}

int64_t
rafilm_wire_hlc_to_ms (uint64_t h)
{
  return (int64_t) (h >> 16);
}

uint64_t
rafilm_wire_hlc_next (uint64_t last, int64_t wall_ms)
{
  uint64_t wall = rafilm_wire_hlc_from_ms (wall_ms);

  return wall > last ? wall : last + 1;
}

uint64_t
rafilm_wire_hlc_correct (uint64_t h, int64_t sender_ms, int64_t server_ms)
{
  uint64_t limit = rafilm_wire_hlc_from_ms (server_ms) | 0xffff;
  uint64_t placed;

  placed =
      rafilm_mutant ("clamp_only") ? h : shift (h, clamp_ms (server_ms) - clamp_ms (sender_ms));
  if (placed > limit)
    placed = limit;
  return placed > 0 ? placed : 1;
}

uint64_t
rafilm_wire_hlc_rebase (uint64_t last, bool pending, uint64_t seen, int64_t server_ms,
                        int64_t wall_ms)
{
  uint64_t here = 0;

  if (seen > 0)
    here = shift (seen, clamp_ms (wall_ms) - clamp_ms (server_ms));
  if (pending && last > here)
    return last;
  return here;
}

void
rafilm_wire_hlc_format (uint64_t h, char buffer[RAFILM_WIRE_HLC_SIZE])
{
  snprintf (buffer, RAFILM_WIRE_HLC_SIZE, "%016" PRIx64, h);
}

bool
rafilm_wire_hlc_parse (const char *text, uint64_t *ret_h)
{
  uint64_t h = 0;

  for (int i = 0; i < 16; i++)
    {
      char c = text[i];

      if (c >= '0' && c <= '9')
        h = h << 4 | (uint64_t) (c - '0');
      else if (c >= 'a' && c <= 'f')
        h = h << 4 | (uint64_t) (c - 'a' + 10);
      else
        return false;
    }
  if (text[16] != '\0')
    return false;
  *ret_h = h;
  return true;
}
