/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-s3.h"

#include "rafilm-log.h"
#include "rafilm-sigv4.h"

#include <string.h>
#include <time.h>

#define MAX_TRIES 4
#define PUT_MS 120000

static char *
make_url (RafilmAws *aws, const char *key)
{
  const RafilmSettings *settings = rafilm_aws_get_settings (aws);

  return rafilm_printf ("%s/%s/%s", settings->endpoints[RAFILM_SERVICE_S3],
                        settings->bucket != NULL ? settings->bucket : "", key);
}

static RafilmSigv4
make_signer (RafilmAws *aws)
{
  const RafilmSettings *settings = rafilm_aws_get_settings (aws);

  return (RafilmSigv4) {
    .access_key = settings->access_key != NULL ? settings->access_key : "",
    .secret_key = settings->secret_key != NULL ? settings->secret_key : "",
    .session_token = settings->session_token,
    .region = settings->region,
    .service = "s3",
    .time = time (NULL),
    .add_content_sha256 = true,
  };
}

/* Where the parts of an absolute URL are; both are malloc'd. */
static void
split_url (const char *url, char **ret_host, char **ret_path)
{
  const char *host = strstr (url, "://") + 3;
  const char *path = host + strcspn (host, "/");

  *ret_host = rafilm_strndup (host, (size_t) (path - host));
  *ret_path = rafilm_strdup (path);
}

static void
sign (RafilmAws *aws, RafilmHttpRequest *request)
{
  RafilmSigv4 signer = make_signer (aws);
  rafilm_autofree char *host = NULL, *path = NULL;
  RafilmSigv4Request signed_request = { .method = request->method,
                                        .query = "",
                                        .headers = request->headers,
                                        .body = request->body,
                                        .body_length = request->body_length };

  split_url (request->url, &host, &path);
  signed_request.path = path;
  rafilm_http_headers_add (&signed_request.headers, "Host", host);
  rafilm_sigv4_sign_headers (&signer, &signed_request, NULL, NULL);
  request->headers = signed_request.headers;
}

/* The status of one try, 0 when there was no answer. */
static int
send_once (RafilmAws *aws, const char *method, const char *key, const char *type, const void *data,
           size_t length)
{
  rafilm_auto_request request = { .method = method, .body = data, .body_length = length };
  rafilm_auto_response response = { 0 };

  request.url = make_url (aws, key);
  request.timeout_ms = rafilm_aws_time_left (aws, PUT_MS);
  if (type != NULL)
    rafilm_http_headers_add (&request.headers, "Content-Type", type);
  sign (aws, &request);
  if (rafilm_http_client_send (rafilm_aws_get_http (aws), &request, &response) != RAFILM_HTTP_OK)
    return 0;
  return response.status;
}

static bool
send (RafilmAws *aws, const char *method, const char *key, const char *type, const void *data,
      size_t length)
{
  int status = 0;
  rafilm_autofree char *number = NULL;

  for (unsigned attempt = 0; attempt < MAX_TRIES; attempt++)
    {
      if (attempt > 0 && !rafilm_aws_back_off (aws, attempt, 100, 2000))
        break;
      status = send_once (aws, method, key, type, data, length);
      if (status >= 200 && status < 300)
        return true;
      if (status >= 400 && status < 500 && status != 429)
        break;
    }
  number = rafilm_printf ("%d", status);
  rafilm_log_error ("s3.failed", "method", method, "status", number, NULL);
  return false;
}

bool
rafilm_s3_put (RafilmAws *aws, const char *key, const char *type, const void *data, size_t length)
{
  if (rafilm_aws_get_settings (aws)->bucket == NULL || length > RAFILM_S3_MAX_OBJECT)
    return false;
  return send (aws, "PUT", key, type, data, length);
}

/* S3 answers 204 also when there is no such object. */
bool
rafilm_s3_delete (RafilmAws *aws, const char *key)
{
  return rafilm_aws_get_settings (aws)->bucket != NULL && send (aws, "DELETE", key, NULL, NULL, 0);
}

char *
rafilm_s3_sign_link (RafilmAws *aws, const char *key, unsigned seconds)
{
  RafilmSigv4 signer = make_signer (aws);
  rafilm_autofree char *url = make_url (aws, key);
  rafilm_autofree char *host = NULL, *path = NULL, *query = NULL;
  RafilmSigv4Request request = { .method = "GET", .query = "" };
  char *link;

  split_url (url, &host, &path);
  signer.payload_is_unsigned = true;
  request.path = path;
  rafilm_http_headers_add (&request.headers, "Host", host);
  query = rafilm_sigv4_sign_query (&signer, &request, seconds, NULL, NULL);
  link = rafilm_printf ("%s?%s", url, query);
  rafilm_sigv4_request_clear (&request);
  return link;
}
