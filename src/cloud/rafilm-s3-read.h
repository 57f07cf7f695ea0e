/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding objects of S3 and reading large ones piece by piece. */
#pragma once

#include "rafilm-s3.h"

/* Up to 1,000 objects whose keys begin with `prefix` and come after `after` ("" for all), in the
 * order of their keys: [{"key":"…","size":123}…]. New reference; NULL, and logged, on failure.
 * Keys with other characters than A-Z a-z 0-9 - . _ / are none of ours and left out.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
json_t *rafilm_s3_list (RafilmAws *aws, const char *bucket, const char *prefix, const char *after);

/* Reads an object's lines, a piece of it at a time. */
typedef struct _RafilmS3Lines RafilmS3Lines;

/* From byte `offset` of `size` on. Copies the names. */
RafilmS3Lines *rafilm_s3_lines_new (RafilmAws *aws, const char *bucket, const char *key,
                                    int64_t offset, int64_t size);
void rafilm_s3_lines_free (RafilmS3Lines *self);

typedef enum
{
  RAFILM_S3_LINE,     /* a line, without its end */
  RAFILM_S3_TOO_LONG, /* a line of more than RAFILM_S3_MAX_LINE bytes, which was passed over */
  RAFILM_S3_END,
  RAFILM_S3_FAILED, /* logged */
} RafilmS3LineStatus;

#define RAFILM_S3_MAX_LINE (256u << 10)

/* The line is borrowed until the next call. */
RafilmS3LineStatus rafilm_s3_lines_next (RafilmS3Lines *self, const char **ret_line,
                                         size_t *ret_length);

/* Where the next line begins. */
int64_t rafilm_s3_lines_get_offset (const RafilmS3Lines *self);
