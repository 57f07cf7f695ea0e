/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What takes longer than a request may: deleting an account. Invoked asynchronously with
 * {"job": "erase", "uid"}; Lambda tries again what ends in an error. */
#include "rafilm-handler.h"

#include "rafilm-erasure.h"
#include "rafilm-lambda.h"
#include "rafilm-log.h"

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

json_t *
rafilm_account_worker_handler (RafilmContext *context, json_t *event)
{
  const char *job = json_string_value (json_object_get (event, "job"));
  const char *uid = json_string_value (json_object_get (event, "uid"));

  context->route = "account-worker";
  if (job == NULL || uid == NULL || *uid == '\0')
    return NULL;
  if (strcmp (job, "erase") == 0)
    return erase (context, uid, event);
  return NULL;
}
