/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of POST /v1/sync, read and bounded. docs/sync.md has the words. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "rafilm-wire-record.h"

#define RAFILM_SYNC_MAX_BODY (RAFILM_WIRE_MAX_BATCH + 4096)
#define RAFILM_SYNC_MAX_WORD 24 /* bytes of a batch's id and of an epoch */
#define RAFILM_SYNC_MAX_RECENT 200

typedef struct
{
  RafilmWireOp *op; /* NULL when it could not be read at all */
  const char *bad;  /* why it is refused for good, or NULL */
  int64_t n;
} RafilmSyncOperation;

typedef struct
{
  int64_t proto;
  char *acct;
  char dev[RAFILM_WIRE_DEV_LENGTH + 1];
  char *name;  /* of the device, to show; NULL when it has none */
  char *epoch; /* NULL before the first answer */
  int64_t cursor;
  int64_t now;     /* the sender's clock, ms of 1970 */
  int64_t max;     /* bytes of a page */
  int64_t recent;  /* how many of the newest rows a first answer is to bring along */
  char *batch;     /* NULL = pull only */
  int64_t if_head; /* -1 = any */
  RafilmSyncOperation *ops;
  size_t n_ops;
} RafilmLedgerRequest;

/* NULL with `*ret_problem` (static) saying what is wrong. Free it with _free (). */
RafilmLedgerRequest *rafilm_ledger_request_new (const json_t *body, const char **ret_problem);
void rafilm_ledger_request_free (RafilmLedgerRequest *self);
