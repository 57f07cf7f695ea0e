/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of S3 that Rafilm makes, all on its one bucket (settings.bucket), by path.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ */
#pragma once

#include "rafilm-aws.h"

#define RAFILM_S3_MAX_OBJECT (100u << 20) /* bytes; larger ones would want parts */

/* False, and logged, when it is not done. `key` has only A-Z a-z 0-9 - . _ ~ and "/". */
bool rafilm_s3_put (RafilmAws *aws, const char *key, const char *type, const void *data,
                    size_t length);
/* An object that is not there counts as deleted. */
bool rafilm_s3_delete (RafilmAws *aws, const char *key);

/* A link with which anybody can read the object for so many seconds; malloc'd. */
char *rafilm_s3_sign_link (RafilmAws *aws, const char *key, unsigned seconds);
