/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch comes to: from the account's META, the rows that it touches and the request, to the
 * rows to write, the verdicts and the new META. Pure: it does no I/O and reads no clock, so the
 * function and the simulation run the same source. */
#pragma once

#include "sync-meta.h"
#include "sync-request.h"

/* A transaction writes at most so many bytes of rows (DynamoDB's limit is 4 MB, and a function's
 * answer, which always holds whole batches, 6 MB). */
#define RAFILM_SYNC_MAX_TRANSACTION 2500000

/* Rows that were read, by their sort key: also which of them are known not to exist. */
typedef struct _RafilmSyncRows RafilmSyncRows;

RafilmSyncRows *rafilm_sync_rows_new (void);
void rafilm_sync_rows_free (RafilmSyncRows *self);
/* Notes that there is no such row, until _add () brings one. */
void rafilm_sync_rows_add_missing (RafilmSyncRows *self, const char *key);
/* Takes `row`. */
void rafilm_sync_rows_add (RafilmSyncRows *self, RafilmWireRow *row);

typedef enum
{
  RAFILM_SYNC_PLAN_READ,     /* rows are missing: read `missing`, then plan anew */
  RAFILM_SYNC_PLAN_WRITE,    /* write it */
  RAFILM_SYNC_PLAN_NOTHING,  /* no batch, or one that was written before */
  RAFILM_SYNC_PLAN_CONFLICT, /* refused, see `conflict` */
} RafilmSyncPlanOutcome;

/* A row that the batch touches, as it is after it. */
typedef struct
{
  RafilmWireRow *row;
  int64_t read_q; /* 0 when there was none */
  bool was_alive;
  bool changed;
  bool touched; /* by an operation, hence part of the acknowledgement */
} RafilmSyncEntry;

typedef struct
{
  RafilmSyncPlanOutcome outcome;
  const char *conflict; /* "acct", "epoch", "fork", "stale" or "too_large" */
  json_t *missing;      /* array of sort keys */
  RafilmSyncMeta *meta; /* as it is after it */
  RafilmSyncEntry *entries;
  size_t n_entries;
  size_t n_changed;
  json_t *verdicts; /* object operation number -> verdict other than "ok" */
} RafilmSyncPlan;

/* `meta` as it was read; `now` is the server's clock, ms of 1970. */
RafilmSyncPlan *rafilm_sync_plan_new (const RafilmSyncMeta *meta, const RafilmSyncRows *rows,
                                      const RafilmLedgerRequest *request, int64_t now);
void rafilm_sync_plan_free (RafilmSyncPlan *self);

/* The actions of the transaction, META first. `meta` as it was read. */
json_t *rafilm_sync_plan_to_actions (const RafilmSyncPlan *self, const RafilmSyncMeta *meta,
                                     const char *pk, const char *dev);
