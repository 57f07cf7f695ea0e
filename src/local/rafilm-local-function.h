/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* A Lambda function: a queue of events and as many processes as they need, up to a limit. As in
 * Lambda each process has one event at a time, stays for the next, and is replaced when it has
 * ended or was too slow. */

typedef struct _RafilmLocalFunction RafilmLocalFunction;

/**
 * rafilm_local_function_new:
 * @name: the function's name, which is its handler too
 * @program: path of the bootstrap binary
 * @environment: (nullable): variables of its processes
 * @max_sandboxes: how many processes may run at once
 */
RafilmLocalFunction *rafilm_local_function_new (const char *name, const char *program,
                                                const char *const *environment,
                                                guint max_sandboxes);
void rafilm_local_function_free (RafilmLocalFunction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalFunction, rafilm_local_function_free)

const char *rafilm_local_function_get_name (RafilmLocalFunction *self);

/**
 * rafilm_local_function_warm:
 *
 * Starts a process before there is an event, so that the first one does not wait.
 */
gboolean rafilm_local_function_warm (RafilmLocalFunction *self, GError **error);

/**
 * rafilm_local_function_invoke:
 * @event: JSON text
 * @timeout_ms: the time until the answer must be there, waiting included
 *
 * Returns: (transfer full): a future of the function's answer, a #GBytes; rejects with
 *   #RAFILM_LOCAL_ERROR: FUNCTION, TIMED_OUT or THROTTLED
 */
DexFuture *rafilm_local_function_invoke (RafilmLocalFunction *self, GBytes *event,
                                         guint timeout_ms) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
