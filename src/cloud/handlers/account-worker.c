/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What takes longer than a request may: deleting an account, and making a takeout. Invoked
 * asynchronously with {"job": "erase" or "takeout", "uid"}; Lambda tries again what ends in an
 * error. Every hour the scheduler asks for {"job": "sweep"}. */
#include "rafilm-handler.h"

#include "rafilm-erasure.h"
#include "rafilm-jobs.h"
#include "rafilm-lambda.h"
#include "rafilm-log.h"
#include "rafilm-takeout.h"
#include "rafilm-time.h"

#include <string.h>

#define MARGIN_MS 10000 /* kept to hand over to the next invocation */

static json_t *
erase (RafilmContext *context, const char *uid, const json_t *event)
{
  switch (rafilm_erasure_run (context->aws, context->dynamodb, uid, context->deadline - MARGIN_MS))
    {
    case RAFILM_ERASURE_DONE:
      rafilm_log_count ("AccountsDeleted", 1);
      return json_pack ("{s:s}", "state", "done");
    case RAFILM_ERASURE_UNFINISHED:
      if (rafilm_lambda_invoke_async (context->aws, context->settings->account_worker, event))
        return json_pack ("{s:s}", "state", "unfinished");
      break;
    case RAFILM_ERASURE_FAILED:
      break;
    }
  return NULL;
}

static json_t *
done_or_error (bool done)
{
  return done ? json_pack ("{s:s}", "state", "done") : NULL;
}

json_t *
rafilm_account_worker_handler (RafilmContext *context, json_t *event)
{
  const char *job = json_string_value (json_object_get (event, "job"));
  const char *uid = json_string_value (json_object_get (event, "uid"));

  int64_t deadline = context->deadline - MARGIN_MS;

  context->route = "account-worker";
  if (job != NULL && strcmp (job, "sweep") == 0)
    return done_or_error (
        rafilm_jobs_sweep (context->aws, context->dynamodb, rafilm_time_now (), deadline));
  if (job == NULL || uid == NULL || *uid == '\0')
    return NULL;
  if (strcmp (job, RAFILM_JOB_ERASE) == 0)
    return erase (context, uid, event);
  if (strcmp (job, RAFILM_JOB_TAKEOUT) == 0)
    return done_or_error (rafilm_takeout_make (context->aws, context->dynamodb, uid, deadline));
  return NULL;
}
