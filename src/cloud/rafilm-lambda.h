/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handing work to another function. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
#pragma once

#include "rafilm-aws.h"

/* Invokes `function` (name or ARN; NULL is a failure) asynchronously. True once Lambda has taken
 * the event: from then on Lambda tries it up to three times. A failure is logged. */
bool rafilm_lambda_invoke_async (RafilmAws *aws, const char *function, const json_t *payload);
