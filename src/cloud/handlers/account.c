/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person does with the account: its public name, a copy of all of it, and deleting it. */
#include "rafilm-handler.h"

#include "rafilm-erasure.h"
#include "rafilm-jobs.h"
#include "rafilm-profile.h"
#include "rafilm-publisher.h"
#include "rafilm-takeout.h"
#include "rafilm-time.h"

#include <string.h>

#define MAX_BODY 1024

static json_t *
answer_busy (void)
{
  return rafilm_answer_retry (503, "busy", "The account cannot be reached now.", 2);
}

static json_t *
answer_gone (void)
{
  return rafilm_answer_problem (410, "account_deleted", "This account was deleted.");
}

static json_t *
make_profile (const char *handle)
{
  return rafilm_answer_json (200, json_pack ("{s:s?}", "handle", handle), 0);
}

static json_t *
get_profile (RafilmContext *context, const char *uid, const json_t *event)
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
    case RAFILM_ACCOUNT_OK:
      return make_profile (handle);
    case RAFILM_ACCOUNT_REFUSED:
      return rafilm_answer_problem (409, "handle_taken", "Somebody else has this name.");
    case RAFILM_ACCOUNT_GONE:
      return answer_gone ();
    case RAFILM_ACCOUNT_FAILED:
      break;
    }
  return answer_busy ();
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
delete_account (RafilmContext *context, const char *uid, const json_t *event)
{
  if (rafilm_erasure_mark (context->dynamodb, uid) != RAFILM_DYNAMODB_OK)
    return answer_busy ();
  rafilm_job_start (context->aws, RAFILM_JOB_ERASE, uid);
  return rafilm_answer_json (202, json_pack ("{s:s}", "state", "deleting"), 0);
}

static void
set_time (json_t *body, const char *name, int64_t seconds)
{
  json_object_set_new (body, name, json_integer (seconds * 1000));
}

static json_t *
make_takeout (RafilmContext *context, const char *uid, const RafilmTakeoutInfo *info, int status)
{
  static const char *const names[] = { [RAFILM_TAKEOUT_NONE] = "none",
                                       [RAFILM_TAKEOUT_MAKING] = "making",
                                       [RAFILM_TAKEOUT_READY] = "ready",
                                       [RAFILM_TAKEOUT_FAILED] = "failed" };
  json_t *body = json_pack ("{s:s}", "state", names[info->state]);

  if (info->state != RAFILM_TAKEOUT_NONE)
    set_time (body, "asked_at", info->asked_at);
  if (info->state == RAFILM_TAKEOUT_READY)
    {
      rafilm_autofree char *link = rafilm_takeout_sign_link (context->aws, uid);

      set_time (body, "made_at", info->made_at);
      set_time (body, "expires_at", info->made_at + RAFILM_TAKEOUT_KEPT);
      json_object_set_new (body, "size", json_integer (info->size));
      json_object_set_new (body, "url", json_string (link));
      set_time (body, "url_expires_at", rafilm_time_now () + RAFILM_TAKEOUT_LINK_SECONDS);
    }
  return rafilm_answer_json (status, body, 0);
}

static json_t *
get_takeout (RafilmContext *context, const char *uid, const json_t *event)
{
  RafilmTakeoutInfo info;

  if (rafilm_takeout_read (context->dynamodb, uid, rafilm_time_now (), &info) != RAFILM_DYNAMODB_OK)
    return answer_busy ();
  return make_takeout (context, uid, &info, 200);
}

static json_t *
ask_for_takeout (RafilmContext *context, const char *uid, const json_t *event)
{
  int64_t now = rafilm_time_now ();
  RafilmTakeoutInfo info;

  switch (rafilm_takeout_ask (context->dynamodb, uid, now, &info))
    {
    case RAFILM_TAKEOUT_BEGUN:
      rafilm_job_start (context->aws, RAFILM_JOB_TAKEOUT, uid);
      return make_takeout (context, uid, &info, 202);
    case RAFILM_TAKEOUT_RUNNING:
      return make_takeout (context, uid, &info, 202);
    case RAFILM_TAKEOUT_TOO_SOON:
      return rafilm_answer_retry (429, "too_soon", "There is an archive of today.",
                                  (int) (info.made_at + RAFILM_TAKEOUT_PAUSE + 1 - now));
    case RAFILM_TAKEOUT_NO_ACCOUNT:
      return answer_gone ();
    case RAFILM_TAKEOUT_BUSY:
      break;
    }
  return answer_busy ();
}

static const struct
{
  const char *route; /* method and resource */
  json_t *(*answer) (RafilmContext *context, const char *uid, const json_t *event);
} routes[] = {
  { "GET /v1/profile", get_profile },       { "PUT /v1/profile", put_profile },
  { "GET /v1/takeout", get_takeout },       { "POST /v1/takeout", ask_for_takeout },
  { "DELETE /v1/account", delete_account },
};

json_t *
rafilm_account_handler (RafilmContext *context, json_t *event)
{
  const char *uid = rafilm_event_get_uid (event);
  rafilm_autofree char *route =
      rafilm_printf ("%s %s", rafilm_event_get_method (event), rafilm_event_get_resource (event));

  if (uid == NULL)
    return rafilm_answer_problem (401, "unauthorized", NULL);
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
    if (strcmp (routes[i].route, route) == 0)
      {
        context->route = routes[i].route;
        return routes[i].answer (context, uid, event);
      }
  return rafilm_answer_problem (404, "not_found", NULL);
}
