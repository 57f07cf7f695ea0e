/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store-sync.h"

G_BEGIN_DECLS

/* A diary that was kept without an account arrives in the account's (docs/sync.md, "Signing in").
 *
 * Its records wait in the table `arrival`, and for each that the account lacks, or has less of,
 * an operation stands in the outbox, so that all is seen at once. Such operations are sent only as
 * long as the account is as it was when they were made (`if_head`); else they are made anew. */

/**
 * RafilmArrivalPlan:
 * @here: viewings of the diary that arrives
 * @there: viewings of the account
 * @same: viewings that both have
 * @added: viewings that the account gets
 * @lists: lists that it gets
 * @films: films that it gets a rating, like or watchlist entry of
 *
 * What a merge would do; boxed.
 */
typedef struct
{
  guint here;
  guint there;
  guint same;
  guint added;
  guint lists;
  guint films;
} RafilmArrivalPlan;

#define RAFILM_TYPE_ARRIVAL_PLAN (rafilm_arrival_plan_get_type ())
GType rafilm_arrival_plan_get_type (void);
RafilmArrivalPlan *rafilm_arrival_plan_copy (const RafilmArrivalPlan *self);
void rafilm_arrival_plan_free (RafilmArrivalPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmArrivalPlan, rafilm_arrival_plan_free)

/**
 * rafilm_store_list_records:
 *
 * Returns: (transfer full): resolves to a boxed GPtrArray of RafilmWireRow: all that is seen of a
 *   diary, newest viewings first, without what is in the trash
 */
DexFuture *rafilm_store_list_records (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_plan_arrival:
 * @records: as rafilm_store_list_records() gave them for the other diary
 *
 * Returns: (transfer full): resolves to a RafilmArrivalPlan; changes nothing
 */
DexFuture *rafilm_store_plan_arrival (RafilmStore *self,
                                      GPtrArray *records) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_take_arrival:
 * @records: as rafilm_store_list_records() gave them for the other diary
 * @from: the other diary's device id; the same one a second time changes nothing. This diary's own
 *   one, when nobody's diary becomes an account's as it is
 *
 * Merges the records into this diary. What differs is seen at once, and sent after the account has
 * been fetched to its end.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_take_arrival (RafilmStore *self, GPtrArray *records,
                                      const char *from) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_match_again:
 *
 * After "stale": the account has changed. What has arrived is matched again after the next answer
 * that leaves nothing to fetch.
 *
 * Returns: (transfer full): resolves to the RafilmSyncState after it
 */
DexFuture *rafilm_store_match_again (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
