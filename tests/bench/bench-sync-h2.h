/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench-sync-diary.h"

G_BEGIN_DECLS

/**
 * bench_sync_h2:
 *
 * Counts the bytes of one change as API Gateway would have them on the wire: with TLS, and with
 * HTTP/2, which sends headers that repeat, the token first of all, only once. On a connection that
 * stands: what its making costs is not in it. Skipped, with a word, where Node.js is missing.
 */
void bench_sync_h2 (BenchDiary *diary);

G_END_DECLS
