/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-erasure.h"

#include "rafilm-jobs.h"
#include "rafilm-log.h"
#include "rafilm-memory.h"
#include "rafilm-profile.h"
#include "rafilm-publication.h"
#include "rafilm-publisher.h"
#include "rafilm-takeout.h"
#include "rafilm-time.h"

#include <string.h>

#define PAGE 100
/* Tokens outlive their user by minutes only; but whoever trains once a week is to read the mark, so
 * that Personalize is told to forget the account too, also when some weeks fail. */
#define MARK_SECONDS (35 * 24 * 3600)

typedef struct
{
  RafilmAws *aws;
  RafilmDynamodb *dynamodb;
  const char *uid;
  char *pk; /* U#<uid> */
  int64_t deadline;
} Erasure;

/* Does what else hangs on an item before it is deleted; false when that failed. */
typedef bool (*ItemFunc) (Erasure *self, const json_t *item, json_t *keys);

static RafilmErasureStatus erase_all (Erasure *self, const char *pk, ItemFunc func);

RafilmDynamodbStatus
rafilm_erasure_mark (RafilmDynamodb *dynamodb, const char *uid)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_t *values = json_object ();
  json_auto_t *actions = NULL, *reasons = NULL;

  rafilm_item_set_bool (values, ":gone", true);
  rafilm_item_set_int (values, ":one", 1);
  /* The version grows, so that a batch that has read the item before is refused. The mark does not
   * expire before all else is gone. */
  actions =
      json_pack ("[{s:{s:o, s:s, s:o}}, o]", "Update", "Key", rafilm_item_key (pk, "M"),
                 "UpdateExpression", "SET gone = :gone ADD v :one", "ExpressionAttributeValues",
                 values, rafilm_job_enter (RAFILM_JOB_ERASE, uid, rafilm_time_now ()));
  return rafilm_dynamodb_transact_patiently (dynamodb, actions, &reasons);
}

static void
add_key (json_t *keys, const json_t *item)
{
  json_array_append_new (keys, json_pack ("{s:O, s:O}", "pk", json_object_get (item, "pk"), "sk",
                                          json_object_get (item, "sk")));
}

static bool
keep_mark (Erasure *self, const json_t *item)
{
  return strcmp (rafilm_item_get_text (item, "pk"), self->pk) == 0
         && strcmp (rafilm_item_get_text (item, "sk"), "M") == 0;
}

/* One page of a partition; `*ret_left` when there may be more. */
static RafilmErasureStatus
erase_page (Erasure *self, json_t *query, ItemFunc func, bool *ret_left)
{
  json_auto_t *answer = NULL, *keys = json_array ();
  const json_t *last;
  json_t *item;
  size_t i;

  if (rafilm_dynamodb_query (self->dynamodb, query, &answer) != RAFILM_DYNAMODB_OK)
    return RAFILM_ERASURE_FAILED;
  json_array_foreach (json_object_get (answer, "Items"), i, item)
  {
    if (keep_mark (self, item))
      continue;
    if (rafilm_time_now_ms () >= self->deadline)
      return RAFILM_ERASURE_UNFINISHED;
    if (func != NULL && !func (self, item, keys))
      return rafilm_time_now_ms () >= self->deadline ? RAFILM_ERASURE_UNFINISHED
                                                     : RAFILM_ERASURE_FAILED;
    add_key (keys, item);
  }
  if (rafilm_dynamodb_batch_delete (self->dynamodb, keys) != RAFILM_DYNAMODB_OK)
    return RAFILM_ERASURE_FAILED;
  last = json_object_get (answer, "LastEvaluatedKey");
  *ret_left = last != NULL;
  if (last != NULL)
    json_object_set (query, "ExclusiveStartKey", (json_t *) last);
  return RAFILM_ERASURE_DONE;
}

static RafilmErasureStatus
erase_all (Erasure *self, const char *pk, ItemFunc func)
{
  json_auto_t *query =
      json_pack ("{s:s, s:{s:{s:s}}, s:i, s:b}", "KeyConditionExpression", "pk = :pk",
                 "ExpressionAttributeValues", ":pk", "S", pk, "Limit", PAGE, "ConsistentRead", 1);
  RafilmErasureStatus status = RAFILM_ERASURE_DONE;
  bool left = true;

  while (left && status == RAFILM_ERASURE_DONE)
    {
      if (rafilm_time_now_ms () >= self->deadline)
        return RAFILM_ERASURE_UNFINISHED;
      status = erase_page (self, query, func, &left);
    }
  return status;
}

/* A review of a person's: its item of the film, and what is kept by its id, reports too. Those who
 * have reported it keep a pointer to nothing, which goes with their account. */
static bool
erase_review (Erasure *self, const json_t *item, json_t *keys)
{
  const char *sk = rafilm_item_get_text (item, "sk");
  const char *id = rafilm_item_get_text (item, "id");
  rafilm_autofree char *of_id = rafilm_printf ("V#%s", id != NULL ? id : "");
  rafilm_autofree char *of_film =
      rafilm_printf ("R#%lld", (long long) rafilm_item_get_int (item, "film", 0));

  json_array_append_new (keys, rafilm_item_key (of_film, sk));
  return erase_all (self, of_id, NULL) == RAFILM_ERASURE_DONE;
}

/* What items of an account point to elsewhere: a socket, a report. */
static bool
erase_own_item (Erasure *self, const json_t *item, json_t *keys)
{
  const char *sk = rafilm_item_get_text (item, "sk");

  if (strncmp (sk, "C#", 2) == 0)
    json_array_append_new (keys, rafilm_item_key (sk, "M"));
  else if (strncmp (sk, "P#", 2) == 0)
    {
      rafilm_autofree char *review = rafilm_printf ("V#%s", sk + 2);
      rafilm_autofree char *report = rafilm_printf ("P#%s", self->uid);

      json_array_append_new (keys, rafilm_item_key (review, report));
    }
  return true;
}

static bool
erase_handle (Erasure *self)
{
  rafilm_autofree char *handle = NULL;
  RafilmDynamodbStatus status;

  status = rafilm_publisher_get_handle (self->dynamodb, self->uid, &handle);
  if (status != RAFILM_DYNAMODB_OK || handle == NULL)
    return status == RAFILM_DYNAMODB_OK;
  return rafilm_profile_remove (self->dynamodb, self->uid, handle) == RAFILM_DYNAMODB_OK;
}

/* https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
 */
static bool
erase_user (Erasure *self)
{
  const char *pool = rafilm_aws_get_settings (self->aws)->pool_id;
  json_auto_t *request =
      json_pack ("{s:s, s:s}", "UserPoolId", pool != NULL ? pool : "", "Username", self->uid);
  rafilm_auto_response response = { 0 };
  json_auto_t *answer = NULL;
  rafilm_autofree char *type = NULL;
  RafilmHttpStatus status;

  status = rafilm_aws_call_target (self->aws, RAFILM_SERVICE_COGNITO,
                                   "AWSCognitoIdentityProviderService.AdminDeleteUser",
                                   "application/x-amz-json-1.1", request, &response);
  if (status == RAFILM_HTTP_OK && response.status == 200)
    return true;
  if (status == RAFILM_HTTP_OK)
    answer = json_loadb (response.body, response.body_length, 0, NULL);
  type = rafilm_aws_error_type (&response, answer);
  if (strcmp (type, "UserNotFoundException") == 0)
    return true;
  rafilm_log_error ("erasure.user", "reason", rafilm_http_status_to_string (status), "type", type,
                    NULL);
  return false;
}

static RafilmErasureStatus
run (Erasure *self)
{
  rafilm_autofree char *author = rafilm_printf ("A#%s", self->uid);
  rafilm_autofree char *chat = rafilm_printf ("H#%s", self->uid);
  RafilmErasureStatus status;

  /* Without a handle nothing more is published, by whatever the stream still brings. */
  if (!erase_handle (self))
    return RAFILM_ERASURE_FAILED;
  status = erase_all (self, author, erase_review);
  if (status == RAFILM_ERASURE_DONE)
    status = erase_all (self, self->pk, erase_own_item);
  /* Nobody can chat any more, since the sockets are gone. */
  if (status == RAFILM_ERASURE_DONE)
    status = erase_all (self, chat, NULL);
  if (status == RAFILM_ERASURE_DONE && !rafilm_takeout_erase (self->aws, self->uid))
    status = RAFILM_ERASURE_FAILED;
  if (status == RAFILM_ERASURE_DONE && !erase_user (self))
    status = RAFILM_ERASURE_FAILED;
  return status;
}

/* What META told of the diary goes too: heads, names of computers. */
static bool
leave_mark (const Erasure *self)
{
  json_t *mark = rafilm_item_key (self->pk, "M");
  json_auto_t *actions = NULL;

  rafilm_item_set_bool (mark, "gone", true);
  rafilm_item_set_int (mark, "ttl", rafilm_time_now () + MARK_SECONDS);
  actions = json_pack ("[{s:{s:o}}, o]", "Put", "Item", mark,
                       rafilm_job_remove (RAFILM_JOB_ERASE, self->uid));
  return rafilm_dynamodb_transact (self->dynamodb, actions, NULL, NULL) == RAFILM_DYNAMODB_OK;
}

RafilmErasureStatus
rafilm_erasure_run (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *uid, int64_t deadline)
{
  Erasure self = { aws, dynamodb, uid, rafilm_printf ("U#%s", uid), deadline };
  json_auto_t *mark = NULL;
  RafilmErasureStatus status = RAFILM_ERASURE_FAILED;

  if (rafilm_dynamodb_get_item (dynamodb, self.pk, "M", true, &mark) == RAFILM_DYNAMODB_OK
      && rafilm_item_get_bool (mark, "gone", false))
    status = run (&self);
  if (status == RAFILM_ERASURE_DONE && !leave_mark (&self))
    status = RAFILM_ERASURE_FAILED;
  free (self.pk);
  return status;
}
