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

/* S3 signs a path as it is, and the hash of the body in a header. */
static RafilmSigv4
make_signer (RafilmAws *self, const char *service)
{
  const RafilmSettings *settings = self->settings;
  bool is_s3 = strcmp (service, "s3") == 0;

  return (RafilmSigv4) {
    .access_key = settings->access_key != NULL ? settings->access_key : "",
    .secret_key = settings->secret_key != NULL ? settings->secret_key : "",
    .session_token = settings->session_token,
    .region = settings->region,
    .service = service,
    .time = time (NULL),
    .normalize = !is_s3,
    .escape_path_twice = !is_s3,
    .add_content_sha256 = is_s3,
  };
}

/* The parts of an absolute URL; malloc'd but for the query, which is borrowed. */
static const char *
split_url (const char *url, char **ret_host, char **ret_path)
{
  const char *host = strstr (url, "://") + 3;
  const char *target = host + strcspn (host, "/?");
  size_t length = strcspn (target, "?");

  *ret_host = rafilm_strndup (host, (size_t) (target - host));
  *ret_path = rafilm_strndup (target, length);
  return target[length] == '?' ? target + length + 1 : "";
}

/* What is called is part of the same trace. It is also how Lambda sees that functions call each
 * other without an end, and stops them.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
static void
add_trace (RafilmHttpRequest *request)
{
  const char *trace = getenv ("_X_AMZN_TRACE_ID");

  if (trace != NULL && *trace != '\0')
    rafilm_http_headers_add (&request->headers, "X-Amzn-Trace-Id", trace);
}

void
rafilm_aws_sign (RafilmAws *self, RafilmHttpRequest *request, const char *service)
{
  RafilmSigv4 signer = make_signer (self, service);
  rafilm_autofree char *host = NULL, *path = NULL;
  const char *query = split_url (request->url, &host, &path);
  RafilmSigv4Request signed_request = {
    .method = request->method,
    .path = path,
    .query = query,
    .headers = request->headers,
    .body = request->body,
    .body_length = request->body_length,
  };

  rafilm_http_headers_add (&signed_request.headers, "Host", host);
  rafilm_sigv4_sign_headers (&signer, &signed_request, NULL, NULL);
  request->headers = signed_request.headers;
  add_trace (request);
}

char *
rafilm_aws_sign_link (RafilmAws *self, const char *url, unsigned seconds)
{
  RafilmSigv4 signer = make_signer (self, "s3");
  rafilm_autofree char *host = NULL, *path = NULL, *query = NULL;
  RafilmSigv4Request request = { .method = "GET" };
  char *link;

  request.query = split_url (url, &host, &path);
  request.path = path;
  signer.payload_is_unsigned = true;
  rafilm_http_headers_add (&request.headers, "Host", host);
  query = rafilm_sigv4_sign_query (&signer, &request, seconds, NULL, NULL);
  link = rafilm_printf ("%.*s?%s", (int) strcspn (url, "?"), url, query);
  rafilm_sigv4_request_clear (&request);
  return link;
}

RafilmHttpStatus
rafilm_aws_call_target (RafilmAws *self, RafilmService service, const char *target,
                        const char *content_type, const json_t *body,
                        RafilmHttpResponse *ret_response)
{
  static const char *const signing_names[RAFILM_N_SERVICES] = {
    "dynamodb", "ssm", "lambda", "bedrock", "personalize", "cognito-idp", "s3", "personalize",
  };
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
