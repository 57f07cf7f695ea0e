/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-bench-cloud.h"

G_BEGIN_DECLS

/* What two computers with the same diary cost, on the local cloud: the real engine, the real
 * function, and moto for the table. Called in a fiber. */

/** What another program is to be compared with. */
typedef struct
{
  double pull_ms;
  double cpu_ms;      /* of the computer that fetches */
  double emulator_ms; /* of it, spent in DynamoDB's emulator, which is slow and no part of ours */
  gsize pull_bytes;
  guint pull_requests;
} BenchPull;

/**
 * bench_sync_loopback:
 * @n_viewings: in the diary. Single changes and idling are measured with the smallest, a year away
 *   with one in which that many viewings are, since the emulator grows slow with its table.
 * @dump: (nullable): where to write the viewings as JSON, one a line, for another program
 */
void bench_sync_loopback (BenchCloud *cloud, guint n_viewings, const char *dump,
                          BenchPull *ret_pull);

G_END_DECLS
