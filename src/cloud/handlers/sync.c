/* SPDX-License-Identifier: GPL-3.0-or-later */
/* POST /v1/sync: push and pull in one request. docs/sync.md tells the protocol. */
#include "rafilm-handler.h"

#include "sync-ledger.h"

#include "rafilm-log.h"
#include "rafilm-time.h"

#include <openssl/rand.h>
#include <string.h>

#define RETRY_SECONDS 2

static RafilmDynamodbStatus
get_item (void *data, const char *pk, const char *sk, json_t **ret_item)
{
  return rafilm_dynamodb_get_item (((RafilmContext *) data)->dynamodb, pk, sk, true, ret_item);
}

static RafilmDynamodbStatus
batch_get (void *data, json_t *keys, json_t **ret_items)
{
  return rafilm_dynamodb_batch_get (((RafilmContext *) data)->dynamodb, keys, true, ret_items);
}

static RafilmDynamodbStatus
query (void *data, json_t *query_members, json_t **ret_answer)
{
  return rafilm_dynamodb_query (((RafilmContext *) data)->dynamodb, query_members, ret_answer);
}

static RafilmDynamodbStatus
put_new (void *data, json_t *item)
{
  return rafilm_dynamodb_put_item (((RafilmContext *) data)->dynamodb, item,
                                   "attribute_not_exists(pk)", NULL, NULL);
}

static RafilmDynamodbStatus
transact (void *data, json_t *actions, const char *token, json_t **ret_reasons)
{
  return rafilm_dynamodb_transact (((RafilmContext *) data)->dynamodb, actions, token, ret_reasons);
}

static bool
back_off (void *data, unsigned attempt)
{
  return rafilm_aws_back_off (((RafilmContext *) data)->aws, attempt, 20, 200);
}

static int64_t
now (void *data)
{
  return rafilm_time_now_ms ();
}

static uint64_t
random_bits (void *data)
{
  uint64_t bits = 0;

  if (RAND_bytes ((unsigned char *) &bits, sizeof bits) != 1)
    abort ();
  return bits;
}

static json_t *
answer_reply (RafilmSyncReply *reply)
{
  if (reply->body != NULL)
    return rafilm_answer_json (reply->status, json_incref (reply->body), 0);
  if (reply->status == 503)
    return rafilm_answer_retry (503, reply->code, "The diary is being written to. Try again.",
                                RETRY_SECONDS);
  if (reply->status == 413)
    return rafilm_answer_problem (413, reply->code, "The batch touches too much at once.");
  return rafilm_answer_problem (reply->status, reply->code, NULL);
}

static json_t *
serve (RafilmContext *context, const char *uid, const RafilmLedgerRequest *request)
{
  const RafilmSyncTable table = { .data = context,
                                  .get = get_item,
                                  .batch_get = batch_get,
                                  .query = query,
                                  .put_new = put_new,
                                  .transact = transact,
                                  .back_off = back_off,
                                  .now = now,
                                  .random = random_bits };
  RafilmSyncReply reply;
  json_t *answer;

  rafilm_sync_ledger_serve (&table, uid, request, &reply);
  if (reply.status >= 500)
    rafilm_log_warning ("sync.failed", "code", reply.code, NULL);
  answer = answer_reply (&reply);
  rafilm_sync_reply_clear (&reply);
  return answer;
}

json_t *
rafilm_sync_handler (RafilmContext *context, json_t *event)
{
  const char *uid = rafilm_event_get_uid (event);
  json_auto_t *body = NULL;
  json_t *problem = NULL;
  const char *reason = NULL;
  RafilmLedgerRequest *request;
  json_t *answer;

  context->route = "POST /v1/sync";
  if (uid == NULL)
    return rafilm_answer_problem (401, "unauthorized", NULL);
  body = rafilm_event_get_json (event, RAFILM_SYNC_MAX_BODY, &problem);
  if (body == NULL)
    return problem;
  request = rafilm_ledger_request_new (body, &reason);
  if (request == NULL)
    return rafilm_answer_problem (400, "bad_request", reason);
  if (request->proto != RAFILM_WIRE_PROTO)
    answer = rafilm_answer_problem (426, "upgrade", "This protocol is no longer spoken.");
  else if (strcmp (request->acct, uid) != 0)
    answer =
        rafilm_answer_json (409,
                            json_pack ("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
                                       "Conflict", "status", 409, "code", "acct", "err", "acct"),
                            0);
  else
    answer = serve (context, uid, request);
  rafilm_ledger_request_free (request);
  return answer;
}
