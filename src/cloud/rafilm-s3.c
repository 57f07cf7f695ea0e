/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-s3.h"

#include "rafilm-log.h"
#include "rafilm-memory.h"

#include <string.h>

#define MAX_TRIES 4
#define TIMEOUT_MS 60000
#define MAX_PARTS 1000
#define MAX_WORD 1024 /* bytes of an upload's id and of a part's tag */

struct _RafilmS3Upload
{
  RafilmAws *aws;
  char *bucket;
  char *key;
  char *content_type;
  char *disposition; /* or NULL */
  RafilmBuffer part;
  RafilmBuffer parts; /* XML of those that were sent */
  char *id;           /* NULL until there is more than one part */
  unsigned n_parts;
  int64_t size;
  bool failed;
};

static char *
make_url (RafilmAws *aws, const char *bucket, const char *key, const char *query)
{
  const RafilmSettings *settings = rafilm_aws_get_settings (aws);
  rafilm_autofree char *path = rafilm_http_escape (key, true);

  return rafilm_printf ("%s/%s/%s%s%s", settings->endpoints[RAFILM_SERVICE_S3], bucket, path,
                        *query != '\0' ? "?" : "", query);
}

typedef struct
{
  const char *method;
  const char *query; /* "" when there is none */
  const char *content_type;
  const char *disposition;
  const char *range;
  const void *data;
  size_t length;
} Call;

/* The status of one try, 0 when there was no answer. */
static int
call_once (RafilmAws *aws, const char *bucket, const char *key, const Call *call,
           RafilmHttpResponse *ret_response)
{
  rafilm_auto_request request = { .method = call->method,
                                  .body = call->data,
                                  .body_length = call->length };

  request.url = make_url (aws, bucket, key, call->query);
  request.timeout_ms = rafilm_aws_time_left (aws, TIMEOUT_MS);
  if (call->content_type != NULL)
    rafilm_http_headers_add (&request.headers, "Content-Type", call->content_type);
  if (call->disposition != NULL)
    rafilm_http_headers_add (&request.headers, "Content-Disposition", call->disposition);
  if (call->range != NULL)
    rafilm_http_headers_add (&request.headers, "Range", call->range);
  rafilm_aws_sign (aws, &request, "s3");
  if (rafilm_http_client_send (rafilm_aws_get_http (aws), &request, ret_response) != RAFILM_HTTP_OK)
    return 0;
  return ret_response->status;
}

/* `ret_response` is to be cleared in any case. */
static bool
call (RafilmAws *aws, const char *bucket, const char *key, const Call *call,
      RafilmHttpResponse *ret_response)
{
  rafilm_autofree char *number = NULL;
  int status = 0;

  *ret_response = (RafilmHttpResponse) { 0 };
  for (unsigned attempt = 0; attempt < MAX_TRIES; attempt++)
    {
      if (attempt > 0 && !rafilm_aws_back_off (aws, attempt, 100, 2000))
        break;
      rafilm_http_response_clear (ret_response);
      *ret_response = (RafilmHttpResponse) { 0 };
      status = call_once (aws, bucket, key, call, ret_response);
      if (status >= 200 && status < 300)
        return true;
      if (status >= 400 && status < 500 && status != 429)
        break;
    }
  number = rafilm_printf ("%d", status);
  rafilm_log_error ("s3.failed", "method", call->method, "status", number, NULL);
  return false;
}

RafilmS3Upload *
rafilm_s3_upload_new (RafilmAws *aws, const char *bucket, const char *key, const char *content_type,
                      const char *name)
{
  RafilmS3Upload *self = rafilm_alloc0 (sizeof *self);

  self->aws = aws;
  self->bucket = rafilm_strdup (bucket);
  self->key = rafilm_strdup (key);
  self->content_type = rafilm_strdup (content_type);
  if (name != NULL)
    self->disposition = rafilm_printf ("attachment; filename=\"%s\"", name);
  return self;
}

int64_t
rafilm_s3_upload_get_size (const RafilmS3Upload *self)
{
  return self->size;
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
static bool
begin_parts (RafilmS3Upload *self)
{
  static const char open[] = "<UploadId>";
  const Call begin = { .method = "POST",
                       .query = "uploads=",
                       .content_type = self->content_type,
                       .disposition = self->disposition };
  rafilm_auto_response response = { 0 };
  const char *id;
  size_t length;

  if (!call (self->aws, self->bucket, self->key, &begin, &response))
    return false;
  id = strstr (response.body, open);
  length = id != NULL ? strcspn (id + strlen (open), "<&") : 0;
  if (length == 0 || length > MAX_WORD)
    {
      rafilm_log_error ("s3.no-upload-id", NULL);
      return false;
    }
  self->id = rafilm_strndup (id + strlen (open), length);
  return true;
}

/* https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
static bool
send_part (RafilmS3Upload *self)
{
  rafilm_autofree char *id = rafilm_http_escape (self->id, false);
  rafilm_autofree char *query = rafilm_printf ("partNumber=%u&uploadId=%s", ++self->n_parts, id);
  const Call put = {
    .method = "PUT", .query = query, .data = self->part.data, .length = self->part.length
  };
  rafilm_auto_response response = { 0 };
  const char *tag;

  if (self->n_parts > MAX_PARTS || !call (self->aws, self->bucket, self->key, &put, &response))
    return false;
  tag = rafilm_http_headers_get (&response.headers, "ETag");
  if (tag == NULL || strlen (tag) > MAX_WORD || strpbrk (tag, "<&") != NULL)
    {
      rafilm_log_error ("s3.no-tag", NULL);
      return false;
    }
  rafilm_buffer_printf (&self->parts, "<Part><PartNumber>%u</PartNumber><ETag>%s</ETag></Part>",
                        self->n_parts, tag);
  rafilm_buffer_remove (&self->part, self->part.length);
  return true;
}

bool
rafilm_s3_upload_add (RafilmS3Upload *self, const void *data, size_t length)
{
  const char *bytes = data;

  self->size += (int64_t) length;
  while (length > 0 && !self->failed)
    {
      size_t room = RAFILM_S3_PART_SIZE - self->part.length;
      size_t n = length < room ? length : room;

      rafilm_buffer_append (&self->part, bytes, n);
      bytes += n;
      length -= n;
      if (self->part.length == RAFILM_S3_PART_SIZE)
        self->failed = (self->id == NULL && !begin_parts (self)) || !send_part (self);
    }
  return !self->failed;
}

/* An error may come with status 200, after a while.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
static bool
join_parts (RafilmS3Upload *self)
{
  rafilm_autofree char *id = rafilm_http_escape (self->id, false);
  rafilm_autofree char *query = rafilm_printf ("uploadId=%s", id);
  rafilm_autofree char *body =
      rafilm_printf ("<CompleteMultipartUpload>%s</CompleteMultipartUpload>", self->parts.data);
  const Call join = { .method = "POST",
                      .query = query,
                      .content_type = "application/xml",
                      .data = body,
                      .length = strlen (body) };
  rafilm_auto_response response = { 0 };

  if (!call (self->aws, self->bucket, self->key, &join, &response))
    return false;
  if (strstr (response.body, "<CompleteMultipartUploadResult") == NULL)
    {
      rafilm_log_error ("s3.not-joined", NULL);
      return false;
    }
  free (self->id);
  self->id = NULL;
  return true;
}

bool
rafilm_s3_upload_finish (RafilmS3Upload *self)
{
  if (self->failed)
    return false;
  if (self->id == NULL)
    {
      const Call put = { .method = "PUT",
                         .query = "",
                         .content_type = self->content_type,
                         .disposition = self->disposition,
                         .data = self->part.data,
                         .length = self->part.length };
      rafilm_auto_response response = { 0 };

      return call (self->aws, self->bucket, self->key, &put, &response);
    }
  return (self->part.length == 0 || send_part (self)) && join_parts (self);
}

/* Should it fail, the bucket's lifecycle removes the parts. */
static void
drop_parts (RafilmS3Upload *self)
{
  rafilm_autofree char *id = rafilm_http_escape (self->id, false);
  rafilm_autofree char *query = rafilm_printf ("uploadId=%s", id);
  const Call drop = { .method = "DELETE", .query = query };
  rafilm_auto_response response = { 0 };

  call (self->aws, self->bucket, self->key, &drop, &response);
}

void
rafilm_s3_upload_free (RafilmS3Upload *self)
{
  if (self == NULL)
    return;
  if (self->id != NULL)
    drop_parts (self);
  rafilm_buffer_clear (&self->part);
  rafilm_buffer_clear (&self->parts);
  free (self->bucket);
  free (self->key);
  free (self->content_type);
  free (self->disposition);
  free (self->id);
  free (self);
}

/* S3 answers 204 also when there is no such object. */
bool
rafilm_s3_delete (RafilmAws *aws, const char *bucket, const char *key)
{
  const Call delete = { .method = "DELETE", .query = "" };
  rafilm_auto_response response = { 0 };

  return call (aws, bucket, key, &delete, &response);
}

char *
rafilm_s3_sign_link (RafilmAws *aws, const char *bucket, const char *key, unsigned seconds)
{
  rafilm_autofree char *url = make_url (aws, bucket, key, "");

  return rafilm_aws_sign_link (aws, url, seconds);
}

bool
rafilm_s3_get (RafilmAws *aws, const char *bucket, const char *key, const char *query,
               const char *range, RafilmHttpResponse *ret_response)
{
  const Call get = { .method = "GET", .query = query, .range = range };

  return call (aws, bucket, key, &get, ret_response);
}
