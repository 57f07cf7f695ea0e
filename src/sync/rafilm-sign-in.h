/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-store-arrival.h"
#include "rafilm-sync-transport.h"

G_BEGIN_DECLS

/* Signing in where a diary was kept without an account: first the numbers, then the merge. The
 * rules are in docs/sync.md, "Signing in". The diary without an account must be closed. */

/**
 * rafilm_sign_in_merge_plan:
 * @folder: the profile
 * @uid: the account, signed in
 * @transport: the way to the service
 *
 * Fetches the account's diary to its end and compares. The diary without an account stays as it is.
 *
 * Returns: (transfer full): resolves to a RafilmArrivalPlan, or to a %NULL boxed when no diary was
 *   kept without an account. Rejects as rafilm_profile_open() and rafilm_sync_cycle_run() do.
 */
DexFuture *rafilm_sign_in_merge_plan (const char *folder, const char *uid,
                                      RafilmSyncTransport *transport) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_sign_in_merge_run:
 * @merge: %FALSE to use the account's diary alone
 *
 * Merges, or doesn't; in both cases the diary without an account is put aside. What is merged is
 * seen at once and sent by the next sync.
 *
 * Returns: (transfer full): resolves to the account's RafilmStore, open; rejects as
 *   rafilm_profile_open() does
 */
DexFuture *rafilm_sign_in_merge_run (const char *folder, const char *uid,
                                     gboolean merge) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
