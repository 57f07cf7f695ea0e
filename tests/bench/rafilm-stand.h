/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lambda's Runtime API on loopback, for one program, in a thread of its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
typedef struct _RafilmStand RafilmStand;

RafilmStand *rafilm_stand_new (void);
void rafilm_stand_free (RafilmStand *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStand, rafilm_stand_free)

/**
 * rafilm_stand_start:
 * @arguments: the program and its arguments
 * @variables: NAME=VALUE, beside AWS_LAMBDA_RUNTIME_API
 *
 * Returns: the process; the time of an invocation that follows begins here
 */
GPid rafilm_stand_start (RafilmStand *self, const char *const *arguments,
                         const char *const *variables);

/**
 * rafilm_stand_stop:
 *
 * Returns: the most memory that the program had (VmHWM), in MiB
 */
double rafilm_stand_stop (RafilmStand *self, GPid pid);

/**
 * rafilm_stand_invoke:
 * @event: JSON
 * @ret_ms: (out): from the start of the program if this is its first event, else from when it got
 *   the event, to its answer
 *
 * Ends the benchmark where the program reports an error.
 *
 * Returns: (transfer full): the answer
 */
char *rafilm_stand_invoke (RafilmStand *self, const char *event, double *ret_ms);

G_END_DECLS
