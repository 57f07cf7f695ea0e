/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-runtime.h"

#include "rafilm-log.h"
#include "rafilm-time.h"

#include <stdio.h>
#include <string.h>

#define VERSION "2018-06-01"
#define MAX_EVENT (7 * 1024 * 1024)
#define MAX_ANSWER (6 * 1024 * 1024)
#define USUAL_MS 29000
#define MARGIN_MS 500 /* kept back from the deadline, to answer */

typedef struct
{
  const char *api;
  RafilmHttpClient *http; /* for the Runtime API alone: its connection waits for hours */
} Runtime;

static int
post (const Runtime *self, const char *path, const char *body, const char *error_type)
{
  rafilm_auto_request request = { .method = "POST" };
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status;

  request.url = rafilm_printf ("http://%s/" VERSION "/runtime/%s", self->api, path);
  request.body = body;
  request.body_length = strlen (body);
  rafilm_http_headers_add (&request.headers, "Content-Type", "application/json");
  if (error_type != NULL)
    rafilm_http_headers_add (&request.headers, "Lambda-Runtime-Function-Error-Type", error_type);
  status = rafilm_http_client_send (self->http, &request, &response);
  return status == RAFILM_HTTP_OK ? response.status : 0;
}

static void
post_error (const Runtime *self, const char *path, const char *type, const char *message)
{
  json_auto_t *error =
      json_pack ("{s:s, s:s, s:[]}", "errorMessage", message, "errorType", type, "stackTrace");
  rafilm_autofree char *text = json_dumps (error, JSON_COMPACT);

  rafilm_log_error ("runtime.error", "type", type, "message", message, NULL);
  post (self, path, text, type);
}

void
rafilm_runtime_report_init_error (const char *api, const char *type, const char *message)
{
  Runtime self = { api, rafilm_http_client_new () };

  post_error (&self, "init/error", type, message);
  rafilm_http_client_free (self.http);
}

/* Waits for the next event without an end: the sandbox is frozen meanwhile. */
static bool
take_next (const Runtime *self, RafilmHttpResponse *ret_response)
{
  rafilm_auto_request request = { .method = "GET", .timeout_ms = -1, .max_bytes = MAX_EVENT };
  RafilmHttpStatus status;

  request.url = rafilm_printf ("http://%s/" VERSION "/runtime/invocation/next", self->api);
  status = rafilm_http_client_send (self->http, &request, ret_response);
  if (status == RAFILM_HTTP_OK && ret_response->status == 200)
    return true;
  rafilm_log_error ("runtime.ended", "reason", rafilm_http_status_to_string (status), NULL);
  return false;
}

static void
begin_invocation (RafilmContext *context, const RafilmHttpResponse *next)
{
  const char *id = rafilm_http_headers_get (&next->headers, "Lambda-Runtime-Aws-Request-Id");
  const char *deadline = rafilm_http_headers_get (&next->headers, "Lambda-Runtime-Deadline-Ms");
  const char *trace = rafilm_http_headers_get (&next->headers, "Lambda-Runtime-Trace-Id");
  int64_t now = rafilm_time_now_ms ();

  snprintf (context->request_id, sizeof context->request_id, "%s", id != NULL ? id : "");
  context->deadline = deadline != NULL ? strtoll (deadline, NULL, 10) : 0;
  /* None, or one that has passed already, is somebody's mistake: then as long as a route has. */
  if (context->deadline <= now)
    context->deadline = now + USUAL_MS;
  context->route = "";
  rafilm_aws_set_deadline (context->aws, context->deadline - MARGIN_MS);
  rafilm_log_set_request (context->request_id);
  if (trace != NULL)
    setenv ("_X_AMZN_TRACE_ID", trace, 1);
  else
    unsetenv ("_X_AMZN_TRACE_ID");
}

static int
answer_status (const json_t *answer)
{
  json_t *status = json_object_get (answer, "statusCode");

  if (answer == NULL)
    return 500;
  return json_is_integer (status) ? (int) json_integer_value (status) : 200;
}

/* False when the sandbox is to end. */
static bool
send_answer (const Runtime *self, const RafilmContext *context, const json_t *answer)
{
  rafilm_autofree char *path = rafilm_printf ("invocation/%s/response", context->request_id);
  rafilm_autofree char *error = rafilm_printf ("invocation/%s/error", context->request_id);
  rafilm_autofree char *text =
      answer != NULL ? json_dumps (answer, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
  int status;

  if (text == NULL)
    {
      post_error (self, error, "Rafilm.Failed", "The event could not be answered.");
      return true;
    }
  if (strlen (text) > MAX_ANSWER)
    {
      post_error (self, error, "Rafilm.TooLarge", "The answer is too large.");
      return true;
    }
  status = post (self, path, text, NULL);
  if (status == 413)
    post_error (self, error, "Rafilm.TooLarge", "The answer is too large.");
  else if (status < 200 || status >= 300)
    rafilm_log_error ("runtime.answer-refused", NULL);
  return status != 500 && status != 0;
}

int
rafilm_runtime_run (const char *api, RafilmContext *context, RafilmHandlerFunc handler)
{
  Runtime self = { api, rafilm_http_client_new () };
  bool go_on = true;

  while (go_on)
    {
      rafilm_auto_response next = { 0 };
      json_auto_t *event = NULL, *answer = NULL;
      int64_t began;

      if (!take_next (&self, &next))
        break;
      began = rafilm_time_now_ms ();
      begin_invocation (context, &next);
      event = json_loadb (next.body, next.body_length, 0, NULL);
      if (json_is_object (event))
        answer = handler (context, event);
      go_on = send_answer (&self, context, answer);
      rafilm_log_request (context->route, answer_status (answer), rafilm_time_now_ms () - began);
    }
  rafilm_http_client_free (self.http);
  return 1;
}
