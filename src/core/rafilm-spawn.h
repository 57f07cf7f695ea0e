/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * rafilm_spawn:
 * @fiber: the function to run
 * @data: its argument, owned by the fiber
 * @destroy: (nullable): frees @data when the fiber has ended
 *
 * Runs @fiber on the main loop's scheduler, where all of Rafilm's fibers run, so that what they
 * touch needs no locks.
 *
 * The future is chained on the fiber: dropping it cancels the fiber, whose pending await then
 * fails with %DEX_ERROR_FIBER_CANCELLED. (A bare fiber runs on when its future is dropped.) Use
 * dex_future_disown() where nobody needs the result.
 *
 * Returns: (transfer full): a future of what @fiber returns
 */
DexFuture *rafilm_spawn (DexFiberFunc fiber, gpointer data,
                         GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
