/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-function.h"

#include "rafilm-local-error.h"
#include "rafilm-local-sandbox.h"

/* What waits beyond this is refused, as Lambda throttles. */
#define MAX_WAITING 200

struct _RafilmLocalFunction
{
  char *name;
  char *program;
  GStrv environment;
  guint max_sandboxes;
  GPtrArray *sandboxes;
  GQueue waiting;
};

static void dispatch (RafilmLocalFunction *self);

static void
fail_first (RafilmLocalFunction *self, const char *text)
{
  g_autoptr (RafilmLocalInvocation) invocation = g_queue_pop_head (&self->waiting);

  if (invocation != NULL)
    rafilm_local_invocation_fail (invocation, "Runtime.ExitError", text);
}

static void
sandbox_cb (RafilmLocalSandbox *sandbox, RafilmLocalSandboxEvent event, gpointer data)
{
  RafilmLocalFunction *self = data;
  gboolean never_started;

  if (event == RAFILM_LOCAL_SANDBOX_GONE)
    {
      never_started = rafilm_local_sandbox_is_starting (sandbox);
      g_ptr_array_remove (self->sandboxes, sandbox);
      if (never_started)
        fail_first (self, "The runtime ended before it was ready");
    }
  dispatch (self);
}

gboolean
rafilm_local_function_warm (RafilmLocalFunction *self, GError **error)
{
  RafilmLocalSandboxSettings settings;
  RafilmLocalSandbox *sandbox;

  g_return_val_if_fail (self != NULL, FALSE);

  settings = (RafilmLocalSandboxSettings) {
    .program = self->program,
    .handler = self->name,
    .environment = (const char *const *) self->environment,
  };
  sandbox = rafilm_local_sandbox_new (&settings, sandbox_cb, self, error);
  if (sandbox == NULL)
    return FALSE;

  g_ptr_array_add (self->sandboxes, sandbox);

  return TRUE;
}

static guint
count_starting (RafilmLocalFunction *self)
{
  guint starting = 0;

  for (guint i = 0; i < self->sandboxes->len; i++)
    if (rafilm_local_sandbox_is_starting (self->sandboxes->pdata[i]))
      starting++;

  return starting;
}

static void
drop_late (RafilmLocalFunction *self)
{
  gint64 now = g_get_real_time () / 1000;
  RafilmLocalInvocation *first;

  while ((first = g_queue_peek_head (&self->waiting)) != NULL && first->deadline_ms <= now)
    {
      g_autoptr (RafilmLocalInvocation) late = g_queue_pop_head (&self->waiting);

      dex_promise_reject (late->promise,
                          g_error_new (RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_TIMED_OUT,
                                       "%s had no time for an event", self->name));
    }
}

static void
dispatch (RafilmLocalFunction *self)
{
  drop_late (self);
  for (guint i = 0; i < self->sandboxes->len && !g_queue_is_empty (&self->waiting); i++)
    if (rafilm_local_sandbox_is_ready (self->sandboxes->pdata[i]))
      rafilm_local_sandbox_run (self->sandboxes->pdata[i], g_queue_pop_head (&self->waiting));

  while (g_queue_get_length (&self->waiting) > count_starting (self)
         && self->sandboxes->len < self->max_sandboxes)
    {
      g_autoptr (GError) error = NULL;

      if (!rafilm_local_function_warm (self, &error))
        {
          g_warning ("%s cannot start: %s", self->name, error->message);
          fail_first (self, error->message);
        }
    }
}

RafilmLocalFunction *
rafilm_local_function_new (const char *name, const char *program, const char *const *environment,
                           guint max_sandboxes)
{
  RafilmLocalFunction *self;

  g_return_val_if_fail (name != NULL && program != NULL, NULL);
  g_return_val_if_fail (max_sandboxes > 0, NULL);

  self = g_new0 (RafilmLocalFunction, 1);
  self->name = g_strdup (name);
  self->program = g_strdup (program);
  self->environment = g_strdupv ((char **) environment);
  self->max_sandboxes = max_sandboxes;
  self->sandboxes = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_local_sandbox_free);
  g_queue_init (&self->waiting);

  return self;
}

void
rafilm_local_function_free (RafilmLocalFunction *self)
{
  g_return_if_fail (self != NULL);

  while (!g_queue_is_empty (&self->waiting))
    fail_first (self, "The function is going away");
  g_clear_pointer (&self->sandboxes, g_ptr_array_unref);
  g_clear_pointer (&self->environment, g_strfreev);
  g_clear_pointer (&self->program, g_free);
  g_clear_pointer (&self->name, g_free);
  g_free (self);
}

const char *
rafilm_local_function_get_name (RafilmLocalFunction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

DexFuture *
rafilm_local_function_invoke (RafilmLocalFunction *self, GBytes *event, guint timeout_ms)
{
  RafilmLocalInvocation *invocation;
  DexFuture *future;

  dex_return_error_if_fail (self != NULL);
  dex_return_error_if_fail (event != NULL);

  if (g_queue_get_length (&self->waiting) >= MAX_WAITING)
    return dex_future_new_reject (RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_THROTTLED,
                                  "%s has too many events waiting", self->name);

  invocation = rafilm_local_invocation_new (event, timeout_ms);
  future = dex_ref (invocation->promise);
  g_queue_push_tail (&self->waiting, invocation);
  dispatch (self);

  return future;
}
