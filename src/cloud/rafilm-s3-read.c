/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-s3-read.h"

#include "rafilm-log.h"

#include <inttypes.h>
#include <string.h>

#define PIECE (1 << 20)
#define PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/"

/* What stands between two tags, malloc'd; NULL when they are not there. `xml` ends at `end`. */
static char *
dup_between (const char *xml, const char *end, const char *open, const char *close)
{
  const char *from = strstr (xml, open);
  const char *to = from != NULL ? strstr (from, close) : NULL;

  if (to == NULL || to > end)
    return NULL;
  from += strlen (open);
  return rafilm_strndup (from, (size_t) (to - from));
}

static void
add_object (json_t *objects, const char *xml, const char *end)
{
  rafilm_autofree char *key = dup_between (xml, end, "<Key>", "</Key>");
  rafilm_autofree char *size = dup_between (xml, end, "<Size>", "</Size>");

  if (key != NULL && size != NULL && *key != '\0' && key[strspn (key, PLAIN)] == '\0')
    json_array_append_new (objects,
                           json_pack ("{s:s, s:I}", "key", key, "size", (json_int_t) atoll (size)));
}

json_t *
rafilm_s3_list (RafilmAws *aws, const char *bucket, const char *prefix, const char *after)
{
  static const char close[] = "</Contents>";
  rafilm_autofree char *escaped = rafilm_http_escape (prefix, false);
  rafilm_autofree char *start = rafilm_http_escape (after, false);
  rafilm_autofree char *query = rafilm_printf ("list-type=2&prefix=%s%s%s", escaped,
                                               *start != '\0' ? "&start-after=" : "", start);
  rafilm_auto_response response = { 0 };
  json_t *objects;

  if (!rafilm_s3_get (aws, bucket, "", query, NULL, &response))
    return NULL;
  if (strstr (response.body, "<ListBucketResult") == NULL)
    {
      rafilm_log_error ("s3.no-list", NULL);
      return NULL;
    }
  objects = json_array ();
  for (const char *at = response.body; (at = strstr (at, "<Contents>")) != NULL;)
    {
      const char *end = strstr (at, close);

      if (end == NULL)
        break;
      add_object (objects, at, end);
      at = end;
    }
  return objects;
}

struct _RafilmS3Lines
{
  RafilmAws *aws;
  char *bucket;
  char *key;
  int64_t offset; /* of what is read next */
  int64_t size;
  RafilmBuffer buffer; /* read, and not given yet */
  size_t given;        /* of the buffer, where the next line begins */
  bool dropping;       /* in the middle of a line that is too long */
};

RafilmS3Lines *
rafilm_s3_lines_new (RafilmAws *aws, const char *bucket, const char *key, int64_t offset,
                     int64_t size)
{
  RafilmS3Lines *self = rafilm_alloc0 (sizeof *self);

  self->aws = aws;
  self->bucket = rafilm_strdup (bucket);
  self->key = rafilm_strdup (key);
  self->offset = offset;
  self->size = size;
  return self;
}

void
rafilm_s3_lines_free (RafilmS3Lines *self)
{
  if (self == NULL)
    return;
  rafilm_buffer_clear (&self->buffer);
  free (self->bucket);
  free (self->key);
  free (self);
}

int64_t
rafilm_s3_lines_get_offset (const RafilmS3Lines *self)
{
  return self->offset - (int64_t) (self->buffer.length - self->given);
}

static bool
read_piece (RafilmS3Lines *self)
{
  int64_t last = self->size - self->offset < PIECE ? self->size : self->offset + PIECE;
  rafilm_autofree char *range =
      rafilm_printf ("bytes=%" PRId64 "-%" PRId64, self->offset, last - 1);
  rafilm_auto_response response = { 0 };

  if (!rafilm_s3_get (self->aws, self->bucket, self->key, "", range, &response))
    return false;
  if (response.status != 206 || (int64_t) response.body_length != last - self->offset)
    {
      rafilm_log_error ("s3.short-piece", NULL);
      return false;
    }
  rafilm_buffer_append (&self->buffer, response.body, response.body_length);
  self->offset = last;
  return true;
}

/* True when there is a whole line in the buffer, or the object's end. */
static bool
take_line (RafilmS3Lines *self, const char **ret_line, size_t *ret_length)
{
  const char *line = self->buffer.data + self->given;
  size_t left = self->buffer.length - self->given;
  const char *end = left > 0 ? memchr (line, '\n', left) : NULL;

  if (end == NULL && (self->offset < self->size || left == 0))
    return false;
  *ret_line = line;
  *ret_length = end != NULL ? (size_t) (end - line) : left;
  self->given += *ret_length + (end != NULL ? 1 : 0);
  return true;
}

RafilmS3LineStatus
rafilm_s3_lines_next (RafilmS3Lines *self, const char **ret_line, size_t *ret_length)
{
  while (!take_line (self, ret_line, ret_length))
    {
      if (self->offset >= self->size)
        return RAFILM_S3_END;
      rafilm_buffer_remove (&self->buffer, self->given);
      self->given = 0;
      if (self->buffer.length > RAFILM_S3_MAX_LINE)
        {
          self->dropping = true;
          rafilm_buffer_remove (&self->buffer, self->buffer.length);
        }
      if (!read_piece (self))
        return RAFILM_S3_FAILED;
    }
  if (!self->dropping && *ret_length <= RAFILM_S3_MAX_LINE)
    return RAFILM_S3_LINE;
  self->dropping = false;
  return RAFILM_S3_TOO_LONG;
}
