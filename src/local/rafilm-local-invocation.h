/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/**
 * RafilmLocalInvocation:
 *
 * One event for one function, from its arrival to its answer.
 */
typedef struct
{
  char *request_id;    /* a UUID, as the Runtime API names it */
  GBytes *event;       /* JSON text */
  gint64 deadline_ms;  /* wall clock, Unix milliseconds */
  DexPromise *promise; /* of the answer, a GBytes */
} RafilmLocalInvocation;

RafilmLocalInvocation *rafilm_local_invocation_new (GBytes *event, guint timeout_ms);
void rafilm_local_invocation_free (RafilmLocalInvocation *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalInvocation, rafilm_local_invocation_free)

/**
 * rafilm_local_invocation_fail:
 *
 * Ends an invocation in the words of Lambda: {"errorMessage", "errorType"}.
 */
void rafilm_local_invocation_fail (RafilmLocalInvocation *self, const char *type,
                                   const char *message);

G_END_DECLS
