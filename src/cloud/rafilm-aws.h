/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed calls to AWS's services. */
#pragma once

#include "rafilm-http-client.h"
#include "rafilm-settings.h"

#include <jansson.h>

typedef struct _RafilmAws RafilmAws;

/* Borrows both, which must outlive it. */
RafilmAws *rafilm_aws_new (const RafilmSettings *settings, RafilmHttpClient *http);
void rafilm_aws_free (RafilmAws *self);

const RafilmSettings *rafilm_aws_get_settings (RafilmAws *self);
RafilmHttpClient *rafilm_aws_get_http (RafilmAws *self);

/* No call and no wait between tries goes beyond this time (ms of 1970; 0 = none). */
void rafilm_aws_set_deadline (RafilmAws *self, int64_t deadline);

/* Signs `request` (headers are added to it, also the trace of the invocation) for `service` as
 * SigV4 names it: "dynamodb", "ssm", "lambda", "bedrock", "personalize", "execute-api", "s3". */
void rafilm_aws_sign (RafilmAws *self, RafilmHttpRequest *request, const char *service);

/* A link with which anybody can GET `url` (of S3) for so many seconds; malloc'd. It ends earlier
 * when the credentials do. */
char *rafilm_aws_sign_link (RafilmAws *self, const char *url, unsigned seconds);

/* A JSON service with X-Amz-Target (DynamoDB, SSM): POST / with one try. `ret_response` is cleared
 * by the caller with rafilm_http_response_clear (). */
RafilmHttpStatus rafilm_aws_call_target (RafilmAws *self, RafilmService service, const char *target,
                                         const char *content_type, const json_t *body,
                                         RafilmHttpResponse *ret_response);

/* The last part of "__type" or of x-amzn-errortype, without namespace and address: "Throttling…".
 * malloc'd; "" when there is none. */
char *rafilm_aws_error_type (const RafilmHttpResponse *response, const json_t *body);

/* How long a call may take, in ms: `most`, or less when the deadline is nearer; at least 1. */
int rafilm_aws_time_left (RafilmAws *self, int most);

/* Waits a random time up to `base` ms doubled `attempt` times (at most `most` ms); false, without
 * waiting, when the deadline would pass. */
bool rafilm_aws_back_off (RafilmAws *self, unsigned attempt, int base, int most);
