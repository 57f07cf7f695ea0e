/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-spawn.h"

/* libdex's own default of 128 KiB is too little below GTK, SQLite and JSON code. */
#define STACK_SIZE (1024 * 1024)

static DexFuture *
pass_on (DexFuture *completed, gpointer data)
{
  return dex_ref (completed);
}

DexFuture *
rafilm_spawn (DexFiberFunc fiber, gpointer data, GDestroyNotify destroy)
{
  g_return_val_if_fail (fiber != NULL, NULL);

  return dex_future_finally (
      dex_scheduler_spawn (dex_scheduler_get_default (), STACK_SIZE, fiber, data, destroy), pass_on,
      NULL, NULL);
}
