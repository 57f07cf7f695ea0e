/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does with the account: its public name, and deleting it. */
#include "rafilm-handler.h"

#include "rafilm-erasure.h"
#include "rafilm-lambda.h"
#include "rafilm-profile.h"
#include "rafilm-publisher.h"

#include <string.h>

#define MAX_BODY 1024

static json_t *
answer_busy (void)
{
  return rafilm_answer_retry (503, "busy", "The account cannot be reached now.", 2);
}

static json_t *
make_profile (const char *handle)
{
  return rafilm_answer_json (200, json_pack ("{s:s?}", "handle", handle), 0);
}

static json_t *
get_profile (RafilmContext *context, const char *uid)
{
  rafilm_autofree char *handle = NULL;

  if (rafilm_publisher_get_handle (context->dynamodb, uid, &handle) != RAFILM_DYNAMODB_OK)
    return answer_busy ();
  return make_profile (handle);
}

static json_t *
set_handle (RafilmContext *context, const char *uid, const char *handle)
{
  rafilm_autofree char *old = NULL;

  if (rafilm_publisher_get_handle (context->dynamodb, uid, &old) != RAFILM_DYNAMODB_OK)
    return answer_busy ();
  if (old != NULL && handle != NULL && strcmp (old, handle) == 0)
    return make_profile (handle);
  switch (rafilm_profile_set_handle (context->dynamodb, uid, old, handle))
    {
    case RAFILM_DYNAMODB_OK:
      return make_profile (handle);
    case RAFILM_DYNAMODB_CONDITION_FAILED:
      return rafilm_answer_problem (409, "handle_taken", "Somebody else has this name.");
    default:
      return answer_busy ();
    }
}

static json_t *
put_profile (RafilmContext *context, const char *uid, const json_t *event)
{
  json_auto_t *body = NULL;
  json_t *problem = NULL;
  const json_t *member;
  const char *handle;

  body = rafilm_event_get_json (event, MAX_BODY, &problem);
  if (body == NULL)
    return problem;
  member = json_object_get (body, "handle");
  handle = json_string_value (member);
  if (member == NULL || json_object_size (body) != 1
      || (!json_is_null (member) && !rafilm_profile_handle_is_valid (handle)))
    return rafilm_answer_problem (400, "bad_handle", "3 to 20 of a-z, 0-9 and _ make a handle.");
  if (handle != NULL && rafilm_profile_handle_is_reserved (handle))
    return rafilm_answer_problem (409, "handle_taken", "This name is kept.");
  return set_handle (context, uid, handle);
}

/* Asking again is how an erasure that ended half-way goes on at once. */
static json_t *
delete_account (RafilmContext *context, const char *uid)
{
  json_auto_t *job = json_pack ("{s:s, s:s}", "job", "erase", "uid", uid);

  if (rafilm_erasure_mark (context->dynamodb, uid) != RAFILM_DYNAMODB_OK
      || !rafilm_lambda_invoke_async (context->aws, context->settings->account_worker, job))
    return answer_busy ();
  return rafilm_answer_json (202, json_pack ("{s:s}", "state", "deleting"), 0);
}

json_t *
rafilm_account_handler (RafilmContext *context, json_t *event)
{
  const char *uid = rafilm_event_get_uid (event);
  const char *method = rafilm_event_get_method (event);
  const char *resource = rafilm_event_get_resource (event);

  if (uid == NULL)
    return rafilm_answer_problem (401, "unauthorized", NULL);
  if (strcmp (resource, "/v1/profile") == 0 && strcmp (method, "GET") == 0)
    {
      context->route = "GET /v1/profile";
      return get_profile (context, uid);
    }
  if (strcmp (resource, "/v1/profile") == 0 && strcmp (method, "PUT") == 0)
    {
      context->route = "PUT /v1/profile";
      return put_profile (context, uid, event);
    }
  if (strcmp (resource, "/v1/account") == 0 && strcmp (method, "DELETE") == 0)
    {
      context->route = "DELETE /v1/account";
      return delete_account (context, uid);
    }
  return rafilm_answer_problem (404, "not_found", NULL);
}
