/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-invocation.h"

G_BEGIN_DECLS

/* One process of one function, and the Lambda Runtime API that it speaks to: a server of its
 * own on a free port of the loopback address, since the API's paths name no function.
 * Protocol: AWS Lambda Developer Guide, "Using the Lambda runtime API", version 2018-06-01. */

typedef struct _RafilmLocalSandbox RafilmLocalSandbox;

/**
 * RafilmLocalSandboxEvent:
 * @RAFILM_LOCAL_SANDBOX_READY: it asks for the next event
 * @RAFILM_LOCAL_SANDBOX_GONE: its process has ended, with or without an event in hand; the
 *   receiver frees it
 */
typedef enum
{
  RAFILM_LOCAL_SANDBOX_READY,
  RAFILM_LOCAL_SANDBOX_GONE,
} RafilmLocalSandboxEvent;

typedef void (*RafilmLocalSandboxNotify) (RafilmLocalSandbox *self, RafilmLocalSandboxEvent event,
                                          gpointer data);

/**
 * RafilmLocalSandboxSettings:
 * @program: path of the bootstrap binary
 * @handler: what _HANDLER says
 * @environment: (nullable): variables besides those that Lambda itself sets
 */
typedef struct
{
  const char *program;
  const char *handler;
  const char *const *environment;
} RafilmLocalSandboxSettings;

RafilmLocalSandbox *rafilm_local_sandbox_new (const RafilmLocalSandboxSettings *settings,
                                              RafilmLocalSandboxNotify notify, gpointer data,
                                              GError **error);

/**
 * rafilm_local_sandbox_free:
 *
 * Kills the process. An event in hand is failed.
 */
void rafilm_local_sandbox_free (RafilmLocalSandbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalSandbox, rafilm_local_sandbox_free)

/**
 * rafilm_local_sandbox_is_ready:
 *
 * Whether the process waits for an event.
 */
gboolean rafilm_local_sandbox_is_ready (RafilmLocalSandbox *self);

/**
 * rafilm_local_sandbox_is_starting:
 *
 * Whether the process has not asked for its first event yet.
 */
gboolean rafilm_local_sandbox_is_starting (RafilmLocalSandbox *self);

/**
 * rafilm_local_sandbox_run:
 * @invocation: (transfer full): the event to hand to a ready process
 */
void rafilm_local_sandbox_run (RafilmLocalSandbox *self, RafilmLocalInvocation *invocation);

G_END_DECLS
