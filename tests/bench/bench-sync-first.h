/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-sync-diary.h"

G_BEGIN_DECLS

/** What another program, or a diary of another size, is to be compared with. */
typedef struct
{
  double pull_ms;
  double cpu_ms; /* of all that take part in the pull, less the table */
  gsize pull_bytes;
  guint pull_requests;
} BenchPull;

/** Logs all of the diary and sends it. The last viewings go apart, to count capacity units. */
void bench_sync_push (BenchDiary *diary);

/** Fetches all of it on another computer. */
void bench_sync_pull (BenchDiary *diary, BenchPull *ret_pull);

/** Both computers were away for a year, and have 2,000 changes each, half of the same viewings. */
void bench_sync_come_back (BenchDiary *diary);

G_END_DECLS
