/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-takeout.h"

#include "rafilm-account.h"
#include "rafilm-jobs.h"
#include "rafilm-log.h"
#include "rafilm-s3.h"
#include "rafilm-takeout-archive.h"
#include "rafilm-time.h"

#include <string.h>
#include <time.h>

#define DAY (24 * 3600)
#define BLOCK (256 * 1024)

static char *
make_key (const char *uid)
{
  return rafilm_printf ("takeout/%s.zip", uid);
}

static RafilmTakeoutState
read_state (const json_t *item, int64_t now)
{
  const char *state = rafilm_item_get_text (item, "st");

  if (state == NULL)
    return RAFILM_TAKEOUT_NONE;
  if (strcmp (state, "making") == 0)
    return RAFILM_TAKEOUT_MAKING;
  if (strcmp (state, "ready") != 0)
    return RAFILM_TAKEOUT_FAILED;
  return rafilm_item_get_int (item, "done", 0) + RAFILM_TAKEOUT_KEPT > now ? RAFILM_TAKEOUT_READY
                                                                           : RAFILM_TAKEOUT_NONE;
}

RafilmDynamodbStatus
rafilm_takeout_read (RafilmDynamodb *dynamodb, const char *uid, int64_t now,
                     RafilmTakeoutInfo *ret_info)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_auto_t *item = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (dynamodb, pk, "T", true, &item);

  *ret_info = (RafilmTakeoutInfo) {
    .state = read_state (item, now),
    .asked_at = rafilm_item_get_int (item, "at", 0),
    .made_at = rafilm_item_get_int (item, "done", 0),
    .size = rafilm_item_get_int (item, "size", 0),
  };
  return status;
}

/* None that is being made, and none that is young, may be replaced. */
static json_t *
put_request (const char *pk, int64_t now)
{
  json_t *item = rafilm_item_key (pk, "T");
  json_t *values = json_object ();

  rafilm_item_set_text (item, "st", "making");
  rafilm_item_set_int (item, "at", now);
  rafilm_item_set_text (values, ":failed", "failed");
  rafilm_item_set_text (values, ":ready", "ready");
  rafilm_item_set_int (values, ":old", now - RAFILM_TAKEOUT_PAUSE);
  return json_pack ("{s:{s:o, s:s, s:o}}", "Put", "Item", item, "ConditionExpression",
                    "attribute_not_exists(pk) OR st = :failed OR (st = :ready AND done < :old)",
                    "ExpressionAttributeValues", values);
}

RafilmTakeoutAnswer
rafilm_takeout_ask (RafilmDynamodb *dynamodb, const char *uid, int64_t now,
                    RafilmTakeoutInfo *ret_info)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_t *actions =
      json_pack ("[o, o]", put_request (pk, now), rafilm_job_enter (RAFILM_JOB_TAKEOUT, uid, now));

  *ret_info = (RafilmTakeoutInfo) { .state = RAFILM_TAKEOUT_MAKING, .asked_at = now };
  switch (rafilm_account_transact (dynamodb, uid, actions, NULL))
    {
    case RAFILM_ACCOUNT_OK:
      return RAFILM_TAKEOUT_BEGUN;
    case RAFILM_ACCOUNT_GONE:
      return RAFILM_TAKEOUT_NO_ACCOUNT;
    case RAFILM_ACCOUNT_FAILED:
      return RAFILM_TAKEOUT_BUSY;
    case RAFILM_ACCOUNT_REFUSED:
      break;
    }
  if (rafilm_takeout_read (dynamodb, uid, now, ret_info) != RAFILM_DYNAMODB_OK)
    return RAFILM_TAKEOUT_BUSY;
  return ret_info->state == RAFILM_TAKEOUT_MAKING ? RAFILM_TAKEOUT_RUNNING
                                                  : RAFILM_TAKEOUT_TOO_SOON;
}

char *
rafilm_takeout_sign_link (RafilmAws *aws, const char *uid)
{
  rafilm_autofree char *key = make_key (uid);
  const char *bucket = rafilm_aws_get_settings (aws)->takeout_bucket;

  return rafilm_s3_sign_link (aws, bucket != NULL ? bucket : "", key, RAFILM_TAKEOUT_LINK_SECONDS);
}

static RafilmS3Upload *
begin_upload (RafilmAws *aws, const char *uid, int64_t now)
{
  rafilm_autofree char *key = make_key (uid);
  time_t seconds = (time_t) now;
  struct tm utc;
  char name[32];

  gmtime_r (&seconds, &utc);
  strftime (name, sizeof name, "rafilm-%Y-%m-%d.zip", &utc);
  return rafilm_s3_upload_new (aws, rafilm_aws_get_settings (aws)->takeout_bucket, key,
                               "application/zip", name);
}

static bool
upload (RafilmAws *aws, const char *uid, RafilmZip *zip, int64_t now, int64_t *ret_size)
{
  RafilmS3Upload *object = begin_upload (aws, uid, now);
  rafilm_autofree char *block = rafilm_alloc0 (BLOCK);
  bool good = true;
  size_t n;

  while (good && (n = rafilm_zip_read (zip, block, BLOCK)) > 0)
    good = rafilm_s3_upload_add (object, block, n);
  good = good && rafilm_s3_upload_finish (object);
  *ret_size = rafilm_s3_upload_get_size (object);
  rafilm_s3_upload_free (object);
  return good;
}

static bool
make_object (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid, int64_t now,
             int64_t deadline, int64_t *ret_size)
{
  RafilmZip *zip = rafilm_zip_new (now);
  bool good = zip != NULL && rafilm_takeout_archive_write (dynamodb, uid, now, deadline, zip)
              && rafilm_zip_finish (zip) && upload (aws, uid, zip, now, ret_size);

  rafilm_zip_free (zip);
  return good;
}

/* `st` of the request of `asked_at` becomes `state`, and the job is done. */
static RafilmAccountStatus
end_request (RafilmDynamodb *dynamodb, const char *uid, int64_t asked_at, const char *state,
             int64_t now, int64_t size)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_t *names = json_pack ("{s:s, s:s, s:s}", "#at", "at", "#size", "size", "#ttl", "ttl");
  json_t *values = json_object ();

  rafilm_item_set_text (values, ":state", state);
  rafilm_item_set_int (values, ":at", asked_at);
  rafilm_item_set_int (values, ":now", now);
  rafilm_item_set_int (values, ":size", size);
  rafilm_item_set_int (values, ":ttl", now + RAFILM_TAKEOUT_KEPT + DAY);
  return rafilm_account_transact (
      dynamodb, uid,
      json_pack ("[{s:{s:o, s:s, s:s, s:o, s:o}}, o]", "Update", "Key", rafilm_item_key (pk, "T"),
                 "UpdateExpression", "SET st = :state, done = :now, #size = :size, #ttl = :ttl",
                 "ConditionExpression", "#at = :at", "ExpressionAttributeNames", names,
                 "ExpressionAttributeValues", values, rafilm_job_remove (RAFILM_JOB_TAKEOUT, uid)),
      NULL);
}

static bool
forget_job (RafilmDynamodb *dynamodb, const char *uid)
{
  json_auto_t *actions = json_pack ("[o]", rafilm_job_remove (RAFILM_JOB_TAKEOUT, uid));

  return rafilm_dynamodb_transact (dynamodb, actions, NULL, NULL) == RAFILM_DYNAMODB_OK;
}

bool
rafilm_takeout_make (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid, int64_t deadline)
{
  int64_t now = rafilm_time_now (), size = 0;
  RafilmTakeoutInfo info;

  if (rafilm_takeout_read (dynamodb, uid, now, &info) != RAFILM_DYNAMODB_OK)
    return false;
  /* The account was deleted, perhaps after an archive was written that nobody asks for. */
  if (info.asked_at == 0)
    return rafilm_takeout_erase (aws, uid) && forget_job (dynamodb, uid);
  if (info.state != RAFILM_TAKEOUT_MAKING)
    return true;
  if (!make_object (aws, dynamodb, uid, now, deadline, &size))
    return false;
  if (end_request (dynamodb, uid, info.asked_at, "ready", now, size) == RAFILM_ACCOUNT_OK)
    return true;
  /* Deleted meanwhile, or done by another: look again. */
  return rafilm_takeout_read (dynamodb, uid, now, &info) == RAFILM_DYNAMODB_OK
         && info.state == RAFILM_TAKEOUT_READY;
}

void
rafilm_takeout_give_up (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid)
{
  int64_t now = rafilm_time_now ();
  RafilmTakeoutInfo info;

  if (rafilm_takeout_read (dynamodb, uid, now, &info) != RAFILM_DYNAMODB_OK)
    return;
  rafilm_log_error ("takeout.given-up", NULL);
  if (info.asked_at == 0)
    rafilm_takeout_make (aws, dynamodb, uid, 0);
  else
    end_request (dynamodb, uid, info.asked_at, "failed", now, 0);
}

bool
rafilm_takeout_erase (RafilmAws *aws, const char *uid)
{
  rafilm_autofree char *key = make_key (uid);
  const char *bucket = rafilm_aws_get_settings (aws)->takeout_bucket;

  return bucket == NULL || rafilm_s3_delete (aws, bucket, key);
}
