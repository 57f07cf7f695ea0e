/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-jobs.h"

#include "rafilm-lambda.h"
#include "rafilm-log.h"
#include "rafilm-takeout.h"
#include "rafilm-time.h"

#include <string.h>

#define LIST "J#"
#define PAGE 100
#define PATIENCE 3600
#define MAX_TAKEOUT_TRIES 12

static json_t *
make_key (const char *job, const char *uid)
{
  rafilm_autofree char *sk = rafilm_printf ("%s#%s", job, uid);

  return rafilm_item_key (LIST, sk);
}

json_t *
rafilm_job_enter (const char *job, const char *uid, int64_t now)
{
  json_t *item = make_key (job, uid);

  rafilm_item_set_int (item, "at", now);
  rafilm_item_set_int (item, "n", 0);
  return json_pack ("{s:{s:o}}", "Put", "Item", item);
}

json_t *
rafilm_job_remove (const char *job, const char *uid)
{
  return json_pack ("{s:{s:o}}", "Delete", "Key", make_key (job, uid));
}

void
rafilm_job_start (RafilmAws *aws, const char *job, const char *uid)
{
  json_auto_t *event = json_pack ("{s:s, s:s}", "job", job, "uid", uid);

  if (!rafilm_lambda_invoke_async (aws, rafilm_aws_get_settings (aws)->account_worker, event))
    rafilm_log_warning ("jobs.postponed", "job", job, NULL);
}

/* False when another sweeper, or the job's end, was faster. */
static bool
take_turn (RafilmDynamodb *dynamodb, const char *sk, int64_t at, int64_t now)
{
  json_auto_t *names = json_pack ("{s:s}", "#at", "at");
  json_auto_t *values = json_pack ("{s:o, s:o, s:o}", ":old", rafilm_attribute_int (at), ":now",
                                   rafilm_attribute_int (now), ":one", rafilm_attribute_int (1));

  return rafilm_dynamodb_update_item (dynamodb, LIST, sk, "SET #at = :now ADD n :one", "#at = :old",
                                      names, values, NULL)
         == RAFILM_DYNAMODB_OK;
}

static void
begin_anew (RafilmAws *aws, RafilmDynamodb *dynamodb, const json_t *item, int64_t now)
{
  const char *sk = rafilm_item_get_text (item, "sk");
  const char *hash = strchr (sk, '#');
  rafilm_autofree char *job = NULL, *tries = NULL;
  int64_t n = rafilm_item_get_int (item, "n", 0) + 1;
  int64_t at = rafilm_item_get_int (item, "at", 0);

  if (hash == NULL || at > now - PATIENCE || !take_turn (dynamodb, sk, at, now))
    return;
  job = rafilm_strndup (sk, (size_t) (hash - sk));
  tries = rafilm_printf ("%d", (int) n);
  rafilm_log_warning ("jobs.begun-anew", "job", job, "tries", tries, NULL);
  if (strcmp (job, RAFILM_JOB_TAKEOUT) == 0 && n > MAX_TAKEOUT_TRIES)
    rafilm_takeout_give_up (aws, dynamodb, hash + 1);
  else
    rafilm_job_start (aws, job, hash + 1);
}

bool
rafilm_jobs_sweep (RafilmAws *aws, RafilmDynamodb *dynamodb, int64_t now, int64_t deadline)
{
  json_auto_t *query =
      json_pack ("{s:s, s:{s:{s:s}}, s:i, s:b}", "KeyConditionExpression", "pk = :pk",
                 "ExpressionAttributeValues", ":pk", "S", LIST, "Limit", PAGE, "ConsistentRead", 1);
  json_t *last;

  do
    {
      json_auto_t *answer = NULL;
      json_t *item;
      size_t i;

      if (rafilm_dynamodb_query (dynamodb, query, &answer) != RAFILM_DYNAMODB_OK)
        return false;
      json_array_foreach (json_object_get (answer, "Items"), i, item)
      {
        if (rafilm_time_now_ms () >= deadline)
          return true;
        begin_anew (aws, dynamodb, item, now);
      }
      last = json_object_get (answer, "LastEvaluatedKey");
      if (last != NULL)
        json_object_set (query, "ExclusiveStartKey", last);
    }
  while (last != NULL);
  return true;
}
