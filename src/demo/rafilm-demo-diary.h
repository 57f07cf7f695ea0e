/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-demo-plan.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/**
 * rafilm_demo_diary_write:
 * @plan: (transfer none): alive until the future is done
 *
 * Puts the catalogue's facts into the mirror and logs the plan's viewings, watchlist and lists,
 * through the same edits that a person makes.
 *
 * Returns: (transfer full): resolves to a boolean, or rejects as rafilm_store_apply() does
 */
DexFuture *rafilm_demo_diary_write (RafilmStore *store,
                                    RafilmDemoPlan *plan) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
