/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Serves one request of synchronisation on an account's part of the table: reads, plans, writes in
 * one transaction, tries again when another computer was faster, and reads the feed. */
#pragma once

#include "rafilm-dynamodb.h"
#include "sync-meta.h"
#include "sync-request.h"

/* The calls on the table, so that the simulation can bring its own. Statuses and forms are those of
 * rafilm-dynamodb.h; the table has the local index bySeq (pk, q) with all attributes. */
typedef struct
{
  void *data;
  /* Consistent reads. */
  RafilmDynamodbStatus (*get) (void *data, const char *pk, const char *sk, json_t **ret_item);
  RafilmDynamodbStatus (*batch_get) (void *data, json_t *keys, json_t **ret_items);
  RafilmDynamodbStatus (*query) (void *data, json_t *query, json_t **ret_answer);
  /* Only when there is no such item. */
  RafilmDynamodbStatus (*put_new) (void *data, json_t *item);
  RafilmDynamodbStatus (*transact) (void *data, json_t *actions, const char *token,
                                    json_t **ret_reasons);
  /* Waits before another try; false when there is no time left. */
  bool (*back_off) (void *data, unsigned attempt);
  int64_t (*now) (void *data); /* ms of 1970 */
  uint64_t (*random) (void *data);
} RafilmSyncTable;

typedef struct
{
  int status;       /* of HTTP */
  json_t *body;     /* of 200 and of 409; new reference */
  const char *code; /* of other statuses */
} RafilmSyncReply;

void rafilm_sync_ledger_serve (const RafilmSyncTable *table, const char *uid,
                               const RafilmLedgerRequest *request, RafilmSyncReply *ret_reply);
void rafilm_sync_reply_clear (RafilmSyncReply *self);
