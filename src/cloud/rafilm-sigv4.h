/* SPDX-License-Identifier: GPL-3.0-or-later */
/* AWS Signature Version 4, in headers and in the query.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
#pragma once

#include "rafilm-http-client.h"

#include <time.h>

typedef struct
{
  const char *access_key;
  const char *secret_key;
  const char *session_token; /* or NULL */
  const char *region;
  const char *service;
  time_t time;
  bool normalize;           /* collapse "//", "." and ".." of the path: all services but S3 */
  bool escape_path_twice;   /* the path is already escaped and is escaped again: all but S3 */
  bool add_content_sha256;  /* an x-amz-content-sha256 header, and signed */
  bool token_is_unsigned;   /* the session token is added after signing */
  bool payload_is_unsigned; /* links of S3, whose body is not known */
} RafilmSigv4;

/* What is signed. `path` and `query` as on the request line ("" when there is none). */
typedef struct
{
  const char *method;
  const char *path;
  const char *query;
  RafilmHttpHeaders headers; /* with Host */
  const void *body;
  size_t body_length;
} RafilmSigv4Request;

void rafilm_sigv4_request_clear (RafilmSigv4Request *self); /* the headers */

/* Adds X-Amz-Date, X-Amz-Security-Token, X-Amz-Content-Sha256 as needed, and Authorization.
 * `ret_canonical` and `ret_to_sign` may be NULL; malloc'd, for tests and for debugging. */
void rafilm_sigv4_sign_headers (const RafilmSigv4 *self, RafilmSigv4Request *request,
                                char **ret_canonical, char **ret_to_sign);

/* The signed query (malloc'd), valid for `expires` seconds. */
char *rafilm_sigv4_sign_query (const RafilmSigv4 *self, const RafilmSigv4Request *request,
                               unsigned expires, char **ret_canonical, char **ret_to_sign);
