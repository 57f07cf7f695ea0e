/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-spawn.h"

/* libdex's own default of 128 KiB is too little below GTK, SQLite and JSON code. */
#define STACK_SIZE (1024 * 1024)

static DexFuture *
settle (DexFuture *completed, gpointer data)
{
  DexPromise *promise = data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (completed, &error);

  if (value != NULL)
    dex_promise_resolve (promise, value);
  else
    dex_promise_reject (promise, g_steal_pointer (&error));

  return dex_ref (completed);
}

DexFuture *
rafilm_spawn (DexFiberFunc fiber, gpointer data, GDestroyNotify destroy)
{
  DexPromise *promise;

  g_return_val_if_fail (fiber != NULL, NULL);

  promise = dex_promise_new ();
  dex_future_disown (dex_future_finally (
      dex_scheduler_spawn (dex_scheduler_get_default (), STACK_SIZE, fiber, data, destroy), settle,
      dex_ref (promise), dex_unref));

  return DEX_FUTURE (promise);
}
