/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-lambda.h"

#include "rafilm-log.h"

#include <string.h>

bool
rafilm_lambda_invoke_async (RafilmAws *aws, const char *function, const json_t *payload)
{
  const RafilmSettings *settings = rafilm_aws_get_settings (aws);
  rafilm_autofree char *text = json_dumps (payload, JSON_COMPACT);
  rafilm_autofree char *name = NULL;
  rafilm_auto_request request = { .method = "POST" };
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status;

  if (function == NULL || text == NULL)
    {
      rafilm_log_error ("lambda.no-function", NULL);
      return false;
    }
  name = rafilm_http_escape (function, false);
  request.url = rafilm_printf ("%s/2015-03-31/functions/%s/invocations",
                               settings->endpoints[RAFILM_SERVICE_LAMBDA], name);
  request.body = text;
  request.body_length = strlen (text);
  request.timeout_ms = rafilm_aws_time_left (aws, 5000);
  rafilm_http_headers_add (&request.headers, "Content-Type", "application/json");
  rafilm_http_headers_add (&request.headers, "X-Amz-Invocation-Type", "Event");
  rafilm_aws_sign (aws, &request, "lambda");
  status = rafilm_http_client_send (rafilm_aws_get_http (aws), &request, &response);
  if (status == RAFILM_HTTP_OK && response.status == 202)
    return true;
  rafilm_log_error ("lambda.not-invoked", "function", function, "reason",
                    rafilm_http_status_to_string (status), NULL);
  return false;
}
