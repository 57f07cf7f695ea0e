/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-sync-diary.h"

G_BEGIN_DECLS

/** What one changed viewing costs in a diary of this size. */
typedef struct
{
  double seen_ms; /* median, from the edit until another computer shows it */
  double bytes;   /* both ways, of the computer that made it */
  double write_units;
} BenchChange;

/**
 * bench_sync_change:
 * @count: how many changes, one after the other, each after a quiet while
 *
 * With both computers' engines and sockets running.
 */
void bench_sync_change (BenchDiary *diary, guint count, BenchChange *ret_change);

/** How many requests two computers make while there is nothing to do. */
void bench_sync_idle (BenchDiary *diary);

G_END_DECLS
