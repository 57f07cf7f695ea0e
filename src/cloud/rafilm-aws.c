/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-aws.h"

#include "rafilm-time.h"
#include "rafilm-sigv4.h"

#include <openssl/rand.h>
#include <string.h>
#include <time.h>

struct _RafilmAws
{
  const RafilmSettings *settings;
  RafilmHttpClient *http;
  int64_t deadline;
};

RafilmAws *
rafilm_aws_new (const RafilmSettings *settings, RafilmHttpClient *http)
{
  RafilmAws *self = rafilm_alloc0 (sizeof *self);

  self->settings = settings;
  self->http = http;
  return self;
}

void
rafilm_aws_free (RafilmAws *self)
{
  free (self);
}

const RafilmSettings *
rafilm_aws_get_settings (RafilmAws *self)
{
  return self->settings;
}

RafilmHttpClient *
rafilm_aws_get_http (RafilmAws *self)
{
  return self->http;
}

void
rafilm_aws_set_deadline (RafilmAws *self, int64_t deadline)
{
  self->deadline = deadline;
}

int64_t
rafilm_aws_get_deadline (RafilmAws *self)
{
  return self->deadline;
}

void
rafilm_aws_sign (RafilmAws *self, RafilmHttpRequest *request, const char *service)
{
  const RafilmSettings *settings = self->settings;
  RafilmSigv4 signer = {
    .access_key = settings->access_key != NULL ? settings->access_key : "",
    .secret_key = settings->secret_key != NULL ? settings->secret_key : "",
    .session_token = settings->session_token,
    .region = settings->region,
    .service = service,
    .time = time (NULL),
    .normalize = true,
    .escape_path_twice = true,
  };
  const char *host = strstr (request->url, "://") + 3;
  const char *target = host + strcspn (host, "/?");
  size_t length = strcspn (target, "?");
  rafilm_autofree char *path = rafilm_strndup (target, length);
  rafilm_autofree char *authority = rafilm_strndup (host, (size_t) (target - host));
  RafilmSigv4Request signed_request = {
    .method = request->method,
    .path = path,
    .query = target[length] == '?' ? target + length + 1 : "",
    .headers = request->headers,
    .body = request->body,
    .body_length = request->body_length,
  };

  rafilm_http_headers_add (&signed_request.headers, "Host", authority);
  rafilm_sigv4_sign_headers (&signer, &signed_request, NULL, NULL);
  request->headers = signed_request.headers;
}

RafilmHttpStatus
rafilm_aws_call_target (RafilmAws *self, RafilmService service, const char *target,
                        const char *content_type, const json_t *body,
                        RafilmHttpResponse *ret_response)
{
  static const char *const signing_names[RAFILM_N_SERVICES] = { "dynamodb",    "ssm",
                                                                "lambda",      "bedrock",
                                                                "personalize", "cognito-idp" };
  rafilm_autofree char *text = json_dumps (body, JSON_COMPACT);
  rafilm_auto_request request = { .method = "POST" };

  *ret_response = (RafilmHttpResponse) { 0 };
  if (text == NULL)
    return RAFILM_HTTP_INVALID;
  request.url = rafilm_printf ("%s/", self->settings->endpoints[service]);
  request.body = text;
  request.body_length = strlen (text);
  request.timeout_ms = rafilm_aws_time_left (self, 5000);
  rafilm_http_headers_add (&request.headers, "Content-Type", content_type);
  rafilm_http_headers_add (&request.headers, "X-Amz-Target", target);
  rafilm_aws_sign (self, &request, signing_names[service]);
  return rafilm_http_client_send (self->http, &request, ret_response);
}

char *
rafilm_aws_error_type (const RafilmHttpResponse *response, const json_t *body)
{
  const char *type = json_string_value (json_object_get (body, "__type"));
  const char *hash;

  if (type == NULL)
    type = rafilm_http_headers_get (&response->headers, "x-amzn-errortype");
  if (type == NULL)
    type = "";
  hash = strrchr (type, '#');
  if (hash != NULL)
    type = hash + 1;
  return rafilm_strndup (type, strcspn (type, ":"));
}

int
rafilm_aws_time_left (RafilmAws *self, int most)
{
  int64_t left;

  if (self->deadline == 0)
    return most;
  left = self->deadline - rafilm_time_now_ms ();
  if (left < 1)
    return 1;
  return left < most ? (int) left : most;
}

bool
rafilm_aws_back_off (RafilmAws *self, unsigned attempt, int base, int most)
{
  int64_t bound = attempt < 16 ? (int64_t) base << attempt : most;
  struct timespec wait;
  uint32_t random = 0;

  if (bound > most)
    bound = most;
  if (RAND_bytes ((unsigned char *) &random, sizeof random) != 1)
    abort ();
  bound = (int64_t) (random % (uint64_t) (bound + 1));
  if (self->deadline != 0 && rafilm_time_now_ms () + bound >= self->deadline)
    return false;
  wait = (struct timespec) { bound / 1000, bound % 1000 * 1000000 };
  nanosleep (&wait, NULL);
  return true;
}
