/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** From an edit to its being sent, milliseconds: what one action writes goes together. */
#define RAFILM_SYNC_EDIT_DELAY 100
/** How long changes are gathered after the last time that some were sent, milliseconds. */
#define RAFILM_SYNC_DEBOUNCE 2000
/** From the beginning of one full batch to that of the next in a long push, milliseconds: 90
 * operations cost 360 write units, and an account's part of the table gives 1,000 a second. */
#define RAFILM_SYNC_BATCH_PACE 400
/** The longest wait between two attempts, milliseconds. */
#define RAFILM_SYNC_BACKOFF_CAP (15 * 60 * 1000)

/**
 * rafilm_sync_backoff_delay:
 * @failures: how many attempts failed in a row
 * @jitter: a random number of 0..1
 *
 * Returns: milliseconds until the next attempt: 5 s doubled with each failure, at most 15 min, of
 *   which the last half is left to chance, so that many computers don't come back together; the
 *   debounce when nothing failed
 */
guint rafilm_sync_backoff_delay (guint failures, double jitter);

G_END_DECLS
