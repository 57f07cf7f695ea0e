/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects in one piece and in parts, links, and a service that fails. */
#include "cloud-fixture.h"
#include "cloud-peer.h"

#include "rafilm-s3.h"
#include "rafilm-sigv4.h"

#include <string.h>

#define BUCKET "archives"

static CloudFixture *fixture;

static RafilmAws *
get_aws (void)
{
  return fixture->context->aws;
}

/* Asks moto for something that our own client never asks. */
static char *
ask (const char *method, const char *target, int status)
{
  rafilm_auto_request request = { .method = method, .max_bytes = 64u << 20 };
  rafilm_auto_response response = { 0 };

  request.url = g_strconcat (fixture->url, "/" BUCKET, target, NULL);
  rafilm_aws_sign (get_aws (), &request, "s3");
  g_assert_cmpint (rafilm_http_client_send (fixture->context->http, &request, &response), ==,
                   RAFILM_HTTP_OK);
  g_assert_cmpint (response.status, ==, status);
  return g_strdup (response.body);
}

/* What anybody gets by a link: a client that knows no key. */
static void
open_link (const char *link, RafilmHttpResponse *ret_response)
{
  rafilm_auto_request request = { .method = "GET", .max_bytes = 64u << 20 };

  request.url = g_strdup (link);
  g_assert_cmpint (rafilm_http_client_send (fixture->context->http, &request, ret_response), ==,
                   RAFILM_HTTP_OK);
}

static void
assert_object (const char *key, const char *data, size_t length)
{
  g_autofree char *link = rafilm_s3_sign_link (get_aws (), BUCKET, key, 60);
  rafilm_auto_response response = { 0 };

  open_link (link, &response);
  g_assert_cmpint (response.status, ==, 200);
  g_assert_cmpmem (response.body, response.body_length, data, length);
}

static void
test_small (void)
{
  RafilmS3Upload *upload =
      rafilm_s3_upload_new (get_aws (), BUCKET, "a/b c+d.zip", "application/zip", "mine.zip");
  g_autofree char *link = rafilm_s3_sign_link (get_aws (), BUCKET, "a/b c+d.zip", 60);
  rafilm_auto_response response = { 0 }, gone = { 0 };

  g_assert_true (rafilm_s3_upload_add (upload, "PK", 2));
  g_assert_true (rafilm_s3_upload_add (upload, "\3\4\0", 3));
  g_assert_true (rafilm_s3_upload_finish (upload));
  g_assert_cmpint (rafilm_s3_upload_get_size (upload), ==, 5);
  rafilm_s3_upload_free (upload);

  open_link (link, &response);
  g_assert_cmpmem (response.body, response.body_length, "PK\3\4\0", 5);
  g_assert_cmpstr (rafilm_http_headers_get (&response.headers, "Content-Type"), ==,
                   "application/zip");
  g_assert_cmpstr (rafilm_http_headers_get (&response.headers, "Content-Disposition"), ==,
                   "attachment; filename=\"mine.zip\"");

  g_assert_true (rafilm_s3_delete (get_aws (), BUCKET, "a/b c+d.zip"));
  g_assert_true (rafilm_s3_delete (get_aws (), BUCKET, "a/b c+d.zip"));
  open_link (link, &gone);
  g_assert_cmpint (gone.status, ==, 404);
}

/* Two parts and a bit, handed over in pieces that fit nothing. */
static void
test_parts (void)
{
  gsize length = 2 * RAFILM_S3_PART_SIZE + 12345;
  g_autofree char *data = g_malloc (length), *open = NULL;
  RafilmS3Upload *upload =
      rafilm_s3_upload_new (get_aws (), BUCKET, "large", "application/zip", NULL);

  for (gsize i = 0; i < length; i++)
    data[i] = (char) (i * 2654435761u >> 13);
  for (gsize at = 0; at < length; at += 999983)
    g_assert_true (rafilm_s3_upload_add (upload, data + at, MIN (999983, length - at)));
  g_free (ask ("GET", "/large", 404));
  g_assert_true (rafilm_s3_upload_finish (upload));
  rafilm_s3_upload_free (upload);
  assert_object ("large", data, length);
  open = ask ("GET", "?uploads=", 200);
  g_assert_null (strstr (open, "<UploadId>"));
}

/* Exactly whole parts need no empty one. */
static void
test_whole_parts (void)
{
  g_autofree char *data = g_malloc0 (RAFILM_S3_PART_SIZE);
  RafilmS3Upload *upload = rafilm_s3_upload_new (get_aws (), BUCKET, "even", "text/plain", NULL);

  g_assert_true (rafilm_s3_upload_add (upload, data, RAFILM_S3_PART_SIZE));
  g_assert_true (rafilm_s3_upload_finish (upload));
  rafilm_s3_upload_free (upload);
  assert_object ("even", data, RAFILM_S3_PART_SIZE);
}

/* What was begun and not finished leaves neither an object nor parts. */
static void
test_dropped (void)
{
  g_autofree char *data = g_malloc0 (RAFILM_S3_PART_SIZE), *open = NULL, *left = NULL;
  RafilmS3Upload *upload = rafilm_s3_upload_new (get_aws (), BUCKET, "never", "text/plain", NULL);

  g_assert_true (rafilm_s3_upload_add (upload, data, RAFILM_S3_PART_SIZE));
  open = ask ("GET", "?uploads=", 200);
  g_assert_nonnull (strstr (open, "<UploadId>"));
  rafilm_s3_upload_free (upload);
  left = ask ("GET", "?uploads=", 200);
  g_assert_null (strstr (left, "<UploadId>"));
  g_free (ask ("GET", "/never", 404));
}

/* A service that refuses, stumbles, or says yes and means no. */
typedef struct
{
  guint failures; /* how often it answers 503 next */
  const char *begun, *joined;
} Service;

static void
serve_cb (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer, gpointer data)
{
  Service *service = data;

  if (service->failures > 0)
    {
      service->failures--;
      cloud_peer_answer_text (answer, 503, "<Error><Code>SlowDown</Code></Error>");
    }
  else if (g_str_equal (request->method, "POST"))
    cloud_peer_answer_text (
        answer, 200, strstr (request->query, "uploads") != NULL ? service->begun : service->joined);
  else
    {
      cloud_peer_answer_header (answer, "ETag", "\"5eb63bbbe01eeed093cb22bb8f5acdc3\"");
      cloud_peer_answer_text (answer, 200, "ok");
    }
}

static gboolean
upload_to (CloudPeer *peer, gsize length)
{
  g_autofree char *data = g_malloc0 (length);
  RafilmHttpClient *http = rafilm_http_client_new ();
  RafilmSettings settings = *fixture->settings;
  RafilmAws *aws;
  RafilmS3Upload *upload;
  gboolean done;

  settings.endpoints[RAFILM_SERVICE_S3] = (char *) cloud_peer_get_url (peer);
  aws = rafilm_aws_new (&settings, http);
  upload = rafilm_s3_upload_new (aws, BUCKET, "k", "text/plain", NULL);
  done = rafilm_s3_upload_add (upload, data, length) && rafilm_s3_upload_finish (upload);
  rafilm_s3_upload_free (upload);
  rafilm_aws_free (aws);
  rafilm_http_client_free (http);
  return done;
}

static void
test_failing (void)
{
  Service service = { .begun = "<R><UploadId>a/b=</UploadId></R>",
                      .joined = "<CompleteMultipartUploadResult/>" };
  g_autoptr (CloudPeer) peer = cloud_peer_new (serve_cb, &service);
  g_auto (GStrv) lines = NULL, bodies = NULL;

  service.failures = 3;
  g_assert_true (upload_to (peer, 10));
  service.failures = 4;
  g_assert_false (upload_to (peer, 10));

  cloud_peer_forget (peer);
  g_assert_true (upload_to (peer, RAFILM_S3_PART_SIZE + 1));
  lines = cloud_peer_dup_lines (peer);
  bodies = cloud_peer_dup_bodies (peer);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[2], ==, "PUT /" BUCKET "/k?partNumber=2&uploadId=a%2Fb%3D");
  g_assert_nonnull (strstr (bodies[3], "<Part><PartNumber>2</PartNumber><ETag>"
                                       "\"5eb63bbbe01eeed093cb22bb8f5acdc3\"</ETag></Part>"));

  /* The parts are dropped when joining them failed, though it was answered with 200. */
  cloud_peer_forget (peer);
  service.joined = "<Error><Code>InternalError</Code></Error>";
  g_assert_false (upload_to (peer, RAFILM_S3_PART_SIZE + 1));
  g_clear_pointer (&lines, g_strfreev);
  lines = cloud_peer_dup_lines (peer);
  g_assert_cmpstr (lines[g_strv_length (lines) - 1], ==, "DELETE /" BUCKET "/k?uploadId=a%2Fb%3D");

  service.begun = "<R/>";
  g_assert_false (upload_to (peer, RAFILM_S3_PART_SIZE + 1));
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, its example. */
static void
test_published_link (void)
{
  const RafilmSigv4 signer = { .access_key = "AKIAIOSFODNN7EXAMPLE",
                               .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                               .region = "us-east-1",
                               .service = "s3",
                               .time = 1369353600,
                               .payload_is_unsigned = true };
  RafilmSigv4Request request = { .method = "GET", .path = "/test.txt", .query = "" };
  g_autofree char *query = NULL;

  rafilm_http_headers_add (&request.headers, "Host", "examplebucket.s3.amazonaws.com");
  query = rafilm_sigv4_sign_query (&signer, &request, 86400, NULL, NULL);
  rafilm_sigv4_request_clear (&request);
  g_assert_nonnull (strstr (query, "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1"
                                   "%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
                                   "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"));
  g_assert_true (g_str_has_suffix (
      query, "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"));
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  fixture = cloud_fixture_new ();
  g_free (ask ("PUT", "", 200));
  g_test_add_func ("/cloud/s3/published-link", test_published_link);
  g_test_add_func ("/cloud/s3/small", test_small);
  g_test_add_func ("/cloud/s3/parts", test_parts);
  g_test_add_func ("/cloud/s3/whole-parts", test_whole_parts);
  g_test_add_func ("/cloud/s3/dropped", test_dropped);
  g_test_add_func ("/cloud/s3/failing", test_failing);
  result = g_test_run ();
  g_clear_pointer (&fixture, cloud_fixture_free);
  return result;
}
