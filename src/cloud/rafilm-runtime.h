/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop between Lambda and a handler.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
#pragma once

#include "rafilm-handler.h"

/* Takes events from `api` ("host:port") and answers them, one at a time, until the Runtime API
 * ends it. Returns the exit code: never 0, since a runtime does not end by itself. */
int rafilm_runtime_run (const char *api, RafilmContext *context, RafilmHandlerFunc handler);

/* Says that the sandbox cannot start. */
void rafilm_runtime_report_init_error (const char *api, const char *type, const char *message);
