/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of DynamoDB that Rafilm makes, all on its one table (settings.table).
 * Requests are signed; throttling and server errors are tried again up to 5 times with full jitter
 * (25 ms doubled, at most 1 s), within the deadline of the invocation.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/ */
#pragma once

#include "rafilm-aws.h"
#include "rafilm-item.h"

typedef enum
{
  RAFILM_DYNAMODB_OK,
  RAFILM_DYNAMODB_CONDITION_FAILED, /* ConditionalCheckFailedException */
  RAFILM_DYNAMODB_CANCELLED,        /* TransactionCanceledException: look at the reasons */
  RAFILM_DYNAMODB_THROTTLED,        /* still throttled after the last try */
  RAFILM_DYNAMODB_INVALID,          /* refused as wrong (validation, access): our own mistake */
  RAFILM_DYNAMODB_FAILED,           /* unreachable, 5xx, or an answer that cannot be read */
} RafilmDynamodbStatus;

typedef struct _RafilmDynamodb RafilmDynamodb;

RafilmDynamodb *rafilm_dynamodb_new (RafilmAws *aws, const char *table);
void rafilm_dynamodb_free (RafilmDynamodb *self);

const char *rafilm_dynamodb_status_to_string (RafilmDynamodbStatus status);

/* Any operation ("GetItem" …); `request` is borrowed and completed with TableName where it has
 * none (not for Batch… and Transact…). `ret_answer` may be NULL; it is a new reference when the
 * call was OK, and also for CONDITION_FAILED and CANCELLED (the error's members). */
RafilmDynamodbStatus rafilm_dynamodb_call (RafilmDynamodb *self, const char *operation,
                                           json_t *request, json_t **ret_answer);

/* `*ret_item` is a new reference, or NULL when there is no such item (which is OK). */
RafilmDynamodbStatus rafilm_dynamodb_get_item (RafilmDynamodb *self, const char *pk, const char *sk,
                                               bool consistent, json_t **ret_item);

/* `condition`, `names` and `values` (":v" -> attribute value) may be NULL; all borrowed. */
RafilmDynamodbStatus rafilm_dynamodb_put_item (RafilmDynamodb *self, json_t *item,
                                               const char *condition, json_t *names,
                                               json_t *values);

/* UpdateExpression `update`. When `ret_item` is not NULL it gets the item as it is afterwards. */
RafilmDynamodbStatus rafilm_dynamodb_update_item (RafilmDynamodb *self, const char *pk,
                                                  const char *sk, const char *update,
                                                  const char *condition, json_t *names,
                                                  json_t *values, json_t **ret_item);

RafilmDynamodbStatus rafilm_dynamodb_delete_item (RafilmDynamodb *self, const char *pk,
                                                  const char *sk);

/* One page. `query` holds Query's members without TableName (KeyConditionExpression, IndexName,
 * ExpressionAttributeValues, Limit, ExclusiveStartKey …) and is borrowed.
 * `*ret_answer`: {"Items":[…],"LastEvaluatedKey":{…} or absent}. Every item has its sort key as
 * text: the call FAILED where one has not, here and in a batch. */
RafilmDynamodbStatus rafilm_dynamodb_query (RafilmDynamodb *self, json_t *query,
                                            json_t **ret_answer);

/* Any number of keys (json array of rafilm_item_key ()), without doubles; asked 100 at a time and
 * again for what the service left over. `*ret_items`: array of the items found, in no order. */
RafilmDynamodbStatus rafilm_dynamodb_batch_get (RafilmDynamodb *self, json_t *keys, bool consistent,
                                                json_t **ret_items);

/* At most 100 actions: {"Put":{"Item":…,"ConditionExpression":…}} | {"Update":…} | {"Delete":…} |
 * {"ConditionCheck":…}, each completed with TableName. `token` (at most 36 characters) or NULL.
 * When CANCELLED, `*ret_reasons` is an array with one code (text) for each action: "None",
 * "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ValidationError" …; else
 * NULL. */
RafilmDynamodbStatus rafilm_dynamodb_transact (RafilmDynamodb *self, json_t *actions,
                                               const char *token, json_t **ret_reasons);

/* As above, and tries again, up to 5 times with jitter, while all that stands in the way are other
 * transactions at the same items ("TransactionConflict"). */
RafilmDynamodbStatus rafilm_dynamodb_transact_patiently (RafilmDynamodb *self, json_t *actions,
                                                         json_t **ret_reasons);

/* Deletes any number of items by their keys, 25 at a time and again what the service left over. */
RafilmDynamodbStatus rafilm_dynamodb_batch_delete (RafilmDynamodb *self, const json_t *keys);

/* Puts any number of items, without conditions and without doubles, in the same way. */
RafilmDynamodbStatus rafilm_dynamodb_batch_put (RafilmDynamodb *self, const json_t *items);
