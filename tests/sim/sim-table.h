/* SPDX-License-Identifier: GPL-3.0-or-later */

/* DynamoDB as the function of synchronisation uses it, and nothing more: any other call, condition
 * or expression ends the program. tests/sim/test-sim-table.c holds it against an emulator. */

#pragma once

#include "sync-ledger.h"

#include <glib.h>

typedef struct
{
  GTree *items;       /* "pk|sk" to json_t, in order */
  guint page;         /* rows of a query's answer at most */
  int conflicts;      /* of 1000 transactions, so many meet another one */
  gboolean late_rows; /* of a transaction, one row may become visible after the others */
  guint late;         /* so many queries more see that row as it was */
  json_t *late_now;
  json_t *late_before; /* NULL = it was not there */
} SimTable;

SimTable *sim_table_new (void);
void sim_table_free (SimTable *self);

/* The whole content, to be put back later. */
GTree *sim_table_copy (const SimTable *self);
/* Takes `items`. */
void sim_table_restore (SimTable *self, GTree *items);

/* (transfer none) (nullable) */
json_t *sim_table_find (const SimTable *self, const char *pk, const char *sk);
/* (transfer full) */
void sim_table_put (SimTable *self, json_t *item);

/* The members of RafilmSyncTable; `data` is the table. */
RafilmDynamodbStatus sim_table_get (void *data, const char *pk, const char *sk, json_t **ret_item);
RafilmDynamodbStatus sim_table_batch_get (void *data, json_t *keys, json_t **ret_items);
RafilmDynamodbStatus sim_table_query (void *data, json_t *query, json_t **ret_answer);
RafilmDynamodbStatus sim_table_put_new (void *data, json_t *item);
RafilmDynamodbStatus sim_table_transact (void *data, json_t *actions, const char *token,
                                         json_t **ret_reasons);
