/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The feed of an account: its rows in the order of their last change. */
#pragma once

#include "sync-ledger.h"
#include "sync-plan.h"

typedef struct
{
  json_t *rows;   /* array, in order */
  int64_t cursor; /* all rows up to here are in it, or came before */
  bool more;
  bool is_complete; /* false: the account was being written; try again */
  bool is_beyond;   /* it was for certain: there are rows newer than META */
} RafilmSyncPage;

/* Reads whole groups of one sequence number after `cursor`, up to META's head, until the page has
 * `max` bytes. Rows that `plan` acknowledges are left out. */
RafilmDynamodbStatus rafilm_sync_feed_read (const RafilmSyncTable *table, const char *pk,
                                            const RafilmSyncMeta *meta, const RafilmSyncPlan *plan,
                                            int64_t cursor, int64_t max, RafilmSyncPage *ret_page);
/* Reads at most `limit` rows that changed last, newest first, up to META's head: a foretaste of the
 * feed, of which the last group may lack rows. Large rows end it sooner. */
RafilmDynamodbStatus rafilm_sync_feed_read_recent (const RafilmSyncTable *table, const char *pk,
                                                   const RafilmSyncMeta *meta, int64_t limit,
                                                   json_t **ret_rows);
void rafilm_sync_page_clear (RafilmSyncPage *self);
