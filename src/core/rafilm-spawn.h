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
 * Dropping the future leaves the fiber running to its end, so @data must hold what the fiber
 * touches. It is not cancelled, since libdex 0.10 spins for ever when a fiber is cancelled in the
 * same turn of the main loop in which the future that it awaits completes. What must end early has
 * a GCancellable or a timeout of its own.
 *
 * Returns: (transfer full): a future of what @fiber returns
 */
DexFuture *rafilm_spawn (DexFiberFunc fiber, gpointer data,
                         GDestroyNotify destroy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
