/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-dynamodb.h"

#include "rafilm-log.h"

#include <string.h>

#define MAX_BATCH_WRITE 25
#define MAX_TRIES 5
#define BACK_OFF_MS 25
#define MAX_BACK_OFF_MS 1000
#define BATCH_SIZE 100

struct _RafilmDynamodb
{
  RafilmAws *aws;
  char *table;
};

RafilmDynamodb *
rafilm_dynamodb_new (RafilmAws *aws, const char *table)
{
  RafilmDynamodb *self = rafilm_alloc0 (sizeof *self);

  self->aws = aws;
  self->table = rafilm_strdup (table);
  return self;
}

void
rafilm_dynamodb_free (RafilmDynamodb *self)
{
  if (self == NULL)
    return;
  free (self->table);
  free (self);
}

const char *
rafilm_dynamodb_status_to_string (RafilmDynamodbStatus status)
{
  switch (status)
    {
    case RAFILM_DYNAMODB_OK:
      return "ok";
    case RAFILM_DYNAMODB_CONDITION_FAILED:
      return "condition failed";
    case RAFILM_DYNAMODB_CANCELLED:
      return "cancelled";
    case RAFILM_DYNAMODB_THROTTLED:
      return "throttled";
    case RAFILM_DYNAMODB_INVALID:
      return "invalid";
    case RAFILM_DYNAMODB_FAILED:
      break;
    }
  return "failed";
}

static bool
is_throttling (const char *type)
{
  static const char *const types[] = { "ProvisionedThroughputExceededException",
                                       "ThrottlingException", "RequestLimitExceeded",
                                       "LimitExceededException", "TransactionInProgressException" };

  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
    if (strcmp (type, types[i]) == 0)
      return true;
  return false;
}

/* One try. `*ret_answer` is a new reference or NULL; `*ret_again` whether to try once more. */
static RafilmDynamodbStatus
call_once (RafilmDynamodb *self, const char *operation, const json_t *request, json_t **ret_answer,
           bool *ret_again)
{
  rafilm_autofree char *target = rafilm_printf ("DynamoDB_20120810.%s", operation);
  rafilm_autofree char *type = NULL;
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status = rafilm_aws_call_target (
      self->aws, RAFILM_SERVICE_DYNAMODB, target, "application/x-amz-json-1.0", request, &response);

  *ret_again = true;
  *ret_answer = NULL;
  if (status != RAFILM_HTTP_OK)
    {
      rafilm_log_warning ("dynamodb.unreachable", "operation", operation, "reason",
                          rafilm_http_status_to_string (status), NULL);
      return RAFILM_DYNAMODB_FAILED;
    }
  *ret_answer = json_loadb (response.body, response.body_length, 0, NULL);
  *ret_again = response.status >= 500;
  if (response.status == 200)
    return json_is_object (*ret_answer) ? RAFILM_DYNAMODB_OK : RAFILM_DYNAMODB_FAILED;

  type = rafilm_aws_error_type (&response, *ret_answer);
  if (strcmp (type, "ConditionalCheckFailedException") == 0)
    return RAFILM_DYNAMODB_CONDITION_FAILED;
  if (strcmp (type, "TransactionCanceledException") == 0)
    return RAFILM_DYNAMODB_CANCELLED;
  if (is_throttling (type))
    {
      *ret_again = true;
      return RAFILM_DYNAMODB_THROTTLED;
    }
  rafilm_log_error ("dynamodb.refused", "operation", operation, "type", type, NULL);
  return response.status >= 500 ? RAFILM_DYNAMODB_FAILED : RAFILM_DYNAMODB_INVALID;
}

RafilmDynamodbStatus
rafilm_dynamodb_call (RafilmDynamodb *self, const char *operation, json_t *request,
                      json_t **ret_answer)
{
  json_t *answer = NULL;
  RafilmDynamodbStatus status;
  bool again;

  if (strncmp (operation, "Batch", 5) != 0 && strncmp (operation, "Transact", 8) != 0
      && json_object_get (request, "TableName") == NULL)
    json_object_set_new (request, "TableName", json_string (self->table));
  for (unsigned attempt = 0;; attempt++)
    {
      status = call_once (self, operation, request, &answer, &again);
      if (status == RAFILM_DYNAMODB_OK || !again || attempt + 1 >= MAX_TRIES
          || !rafilm_aws_back_off (self->aws, attempt, BACK_OFF_MS, MAX_BACK_OFF_MS))
        break;
      json_decref (answer);
      answer = NULL;
    }
  if (ret_answer != NULL
      && (status == RAFILM_DYNAMODB_OK || status == RAFILM_DYNAMODB_CONDITION_FAILED
          || status == RAFILM_DYNAMODB_CANCELLED))
    *ret_answer = answer;
  else
    {
      json_decref (answer);
      if (ret_answer != NULL)
        *ret_answer = NULL;
    }
  return status;
}

RafilmDynamodbStatus
rafilm_dynamodb_get_item (RafilmDynamodb *self, const char *pk, const char *sk, bool consistent,
                          json_t **ret_item)
{
  json_auto_t *request =
      json_pack ("{s:o, s:b}", "Key", rafilm_item_key (pk, sk), "ConsistentRead", consistent);
  json_auto_t *answer = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_call (self, "GetItem", request, &answer);
  json_t *item = json_object_get (answer, "Item");

  *ret_item = json_is_object (item) ? json_incref (item) : NULL;
  return status;
}

static void
set_expressions (json_t *request, const char *condition, json_t *names, json_t *values)
{
  if (condition != NULL)
    json_object_set_new (request, "ConditionExpression", json_string (condition));
  if (names != NULL)
    json_object_set (request, "ExpressionAttributeNames", names);
  if (values != NULL)
    json_object_set (request, "ExpressionAttributeValues", values);
}

RafilmDynamodbStatus
rafilm_dynamodb_put_item (RafilmDynamodb *self, json_t *item, const char *condition, json_t *names,
                          json_t *values)
{
  json_auto_t *request = json_pack ("{s:O}", "Item", item);

  set_expressions (request, condition, names, values);
  return rafilm_dynamodb_call (self, "PutItem", request, NULL);
}

RafilmDynamodbStatus
rafilm_dynamodb_update_item (RafilmDynamodb *self, const char *pk, const char *sk,
                             const char *update, const char *condition, json_t *names,
                             json_t *values, json_t **ret_item)
{
  json_auto_t *request =
      json_pack ("{s:o, s:s}", "Key", rafilm_item_key (pk, sk), "UpdateExpression", update);
  json_auto_t *answer = NULL;
  RafilmDynamodbStatus status;
  json_t *item;

  set_expressions (request, condition, names, values);
  if (ret_item != NULL)
    json_object_set_new (request, "ReturnValues", json_string ("ALL_NEW"));
  status = rafilm_dynamodb_call (self, "UpdateItem", request, &answer);
  item = json_object_get (answer, "Attributes");
  if (ret_item != NULL)
    *ret_item = json_is_object (item) ? json_incref (item) : NULL;
  return status;
}

RafilmDynamodbStatus
rafilm_dynamodb_delete_item (RafilmDynamodb *self, const char *pk, const char *sk)
{
  json_auto_t *request = json_pack ("{s:o}", "Key", rafilm_item_key (pk, sk));

  return rafilm_dynamodb_call (self, "DeleteItem", request, NULL);
}

/* Whoever reads items relies on their sort keys. */
static bool
have_keys (const json_t *items)
{
  for (size_t i = 0; i < json_array_size (items); i++)
    if (rafilm_item_get_text (json_array_get (items, i), "sk") == NULL)
      return false;
  return true;
}

RafilmDynamodbStatus
rafilm_dynamodb_query (RafilmDynamodb *self, json_t *query, json_t **ret_answer)
{
  RafilmDynamodbStatus status = rafilm_dynamodb_call (self, "Query", query, ret_answer);

  if (status != RAFILM_DYNAMODB_OK || have_keys (json_object_get (*ret_answer, "Items")))
    return status;
  json_decref (*ret_answer);
  *ret_answer = NULL;
  return RAFILM_DYNAMODB_FAILED;
}

/* One BatchGetItem; appends what was found and replaces `*keys` by what was left over. */
static RafilmDynamodbStatus
batch_once (RafilmDynamodb *self, json_t **keys, bool consistent, json_t *items)
{
  json_auto_t *request = json_pack ("{s:{s:{s:O, s:b}}}", "RequestItems", self->table, "Keys",
                                    *keys, "ConsistentRead", consistent);
  json_auto_t *answer = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_call (self, "BatchGetItem", request, &answer);
  json_t *found;
  json_t *left;

  found = json_object_get (json_object_get (answer, "Responses"), self->table);
  if (status == RAFILM_DYNAMODB_OK && !have_keys (found))
    status = RAFILM_DYNAMODB_FAILED;
  if (status != RAFILM_DYNAMODB_OK)
    return status;
  json_array_extend (items, found);
  left = json_object_get (
      json_object_get (json_object_get (answer, "UnprocessedKeys"), self->table), "Keys");
  left = left != NULL ? json_incref (left) : json_array ();
  json_decref (*keys);
  *keys = left;
  return status;
}

RafilmDynamodbStatus
rafilm_dynamodb_batch_get (RafilmDynamodb *self, json_t *keys, bool consistent, json_t **ret_items)
{
  json_auto_t *items = json_array ();
  size_t length = json_array_size (keys);

  *ret_items = NULL;
  for (size_t i = 0; i < length; i += BATCH_SIZE)
    {
      json_auto_t *page = json_array ();

      for (size_t j = i; j < length && j < i + BATCH_SIZE; j++)
        json_array_append (page, json_array_get (keys, j));
      for (unsigned attempt = 0; json_array_size (page) > 0; attempt++)
        {
          RafilmDynamodbStatus status;

          if (attempt > 0
              && (attempt >= MAX_TRIES
                  || !rafilm_aws_back_off (self->aws, attempt, BACK_OFF_MS, MAX_BACK_OFF_MS)))
            return RAFILM_DYNAMODB_THROTTLED;
          status = batch_once (self, &page, consistent, items);
          if (status != RAFILM_DYNAMODB_OK)
            return status;
        }
    }
  *ret_items = json_incref (items);
  return RAFILM_DYNAMODB_OK;
}

static json_t *
collect_reasons (const json_t *answer)
{
  json_t *reasons = json_array (), *reason;
  size_t i;

  json_array_foreach (json_object_get (answer, "CancellationReasons"), i, reason)
  {
    const char *code = json_string_value (json_object_get (reason, "Code"));

    json_array_append_new (reasons, json_string (code != NULL ? code : "None"));
  }
  return reasons;
}

RafilmDynamodbStatus
rafilm_dynamodb_transact (RafilmDynamodb *self, json_t *actions, const char *token,
                          json_t **ret_reasons)
{
  json_auto_t *request = json_pack ("{s:O}", "TransactItems", actions);
  json_auto_t *answer = NULL;
  RafilmDynamodbStatus status;
  json_t *action, *inner;
  const char *kind;
  size_t i;

  json_array_foreach (actions, i, action)
  {
    json_object_foreach (action, kind, inner)
        json_object_set_new (inner, "TableName", json_string (self->table));
  }
  if (token != NULL)
    json_object_set_new (request, "ClientRequestToken", json_string (token));
  status = rafilm_dynamodb_call (self, "TransactWriteItems", request, &answer);
  if (ret_reasons != NULL)
    *ret_reasons = status == RAFILM_DYNAMODB_CANCELLED ? collect_reasons (answer) : NULL;
  return status;
}

/* Whether nothing but other transactions stood in the way. */
static bool
is_conflict (const json_t *reasons)
{
  bool found = false;
  json_t *reason;
  size_t i;

  json_array_foreach (reasons, i, reason)
  {
    const char *code = json_string_value (reason);

    if (strcmp (code, "TransactionConflict") == 0)
      found = true;
    else if (strcmp (code, "None") != 0)
      return false;
  }
  return found;
}

RafilmDynamodbStatus
rafilm_dynamodb_transact_patiently (RafilmDynamodb *self, json_t *actions, json_t **ret_reasons)
{
  RafilmDynamodbStatus status;

  for (unsigned attempt = 0;; attempt++)
    {
      status = rafilm_dynamodb_transact (self, actions, NULL, ret_reasons);
      if (status != RAFILM_DYNAMODB_CANCELLED || !is_conflict (*ret_reasons)
          || attempt + 1 >= MAX_TRIES
          || !rafilm_aws_back_off (self->aws, attempt, BACK_OFF_MS, MAX_BACK_OFF_MS))
        return status;
      json_decref (*ret_reasons);
      *ret_reasons = NULL;
    }
}

/* One BatchWriteItem of the last requests of `left`, where those that it could not do return. */
static RafilmDynamodbStatus
write_once (RafilmDynamodb *self, json_t *left)
{
  json_auto_t *batch = json_array (), *request = NULL, *answer = NULL;
  RafilmDynamodbStatus status;

  while (json_array_size (left) > 0 && json_array_size (batch) < MAX_BATCH_WRITE)
    {
      size_t last = json_array_size (left) - 1;

      json_array_append (batch, json_array_get (left, last));
      json_array_remove (left, last);
    }
  request = json_pack ("{s:{s:O}}", "RequestItems", self->table, batch);
  status = rafilm_dynamodb_call (self, "BatchWriteItem", request, &answer);
  if (status == RAFILM_DYNAMODB_OK)
    json_array_extend (left,
                       json_object_get (json_object_get (answer, "UnprocessedItems"), self->table));
  return status;
}

static RafilmDynamodbStatus
write_all (RafilmDynamodb *self, json_t *left)
{
  unsigned idle = 0;

  while (json_array_size (left) > 0)
    {
      size_t before = json_array_size (left);
      RafilmDynamodbStatus status = write_once (self, left);

      if (status != RAFILM_DYNAMODB_OK)
        return status;
      if (json_array_size (left) < before)
        idle = 0;
      else if (++idle == MAX_TRIES || !rafilm_aws_back_off (self->aws, idle, 50, 1000))
        return RAFILM_DYNAMODB_THROTTLED;
    }
  return RAFILM_DYNAMODB_OK;
}

RafilmDynamodbStatus
rafilm_dynamodb_batch_delete (RafilmDynamodb *self, const json_t *keys)
{
  json_auto_t *requests = json_array ();
  json_t *key;
  size_t i;

  json_array_foreach (keys, i, key)
      json_array_append_new (requests, json_pack ("{s:{s:O}}", "DeleteRequest", "Key", key));
  return write_all (self, requests);
}

RafilmDynamodbStatus
rafilm_dynamodb_batch_put (RafilmDynamodb *self, const json_t *items)
{
  json_auto_t *requests = json_array ();
  json_t *item;
  size_t i;

  json_array_foreach (items, i, item)
      json_array_append_new (requests, json_pack ("{s:{s:O}}", "PutRequest", "Item", item));
  return write_all (self, requests);
}
