/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of S3 that Rafilm makes, buckets by path. Signed; failures of the service are tried
 * again up to 4 times with full jitter (100 ms doubled, at most 2 s), within the deadline.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ */
#pragma once

#include "rafilm-aws.h"

/* What is held in memory of an upload; S3 wants 5 MiB at least of all parts but the last. */
#define RAFILM_S3_PART_SIZE (8u << 20)

/* An object that is written from front to back. It is there, whole, once _finish () returned true,
 * and not at all otherwise: small ones go in one request, larger ones in parts. */
typedef struct _RafilmS3Upload RafilmS3Upload;

/* `name` is what a browser saves it as (plain ASCII without quotes), or NULL. */
RafilmS3Upload *rafilm_s3_upload_new (RafilmAws *aws, const char *bucket, const char *key,
                                      const char *content_type, const char *name);
/* False, and logged, when it cannot go on. */
bool rafilm_s3_upload_add (RafilmS3Upload *self, const void *data, size_t length);
bool rafilm_s3_upload_finish (RafilmS3Upload *self);
/* Bytes that were added. */
int64_t rafilm_s3_upload_get_size (const RafilmS3Upload *self);
/* Drops the parts of an upload that was not finished. */
void rafilm_s3_upload_free (RafilmS3Upload *self);

/* An object that is not there counts as deleted. */
bool rafilm_s3_delete (RafilmAws *aws, const char *bucket, const char *key);

/* A link with which anybody can read the object for so many seconds; malloc'd. */
char *rafilm_s3_sign_link (RafilmAws *aws, const char *bucket, const char *key, unsigned seconds);

/* A GET of an object (or, with "" as `key`, of the bucket: rafilm-s3-read.h); `range` is a header's
 * value or NULL. `ret_response` is to be cleared in any case. */
bool rafilm_s3_get (RafilmAws *aws, const char *bucket, const char *key, const char *query,
                    const char *range, RafilmHttpResponse *ret_response);
