/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-spawn.h"

#include "rafilm-error.h"
#include "rafilm-test.h"

typedef struct
{
  gboolean cancelled;
  gboolean ended;
} Sleeper;

static DexFuture *
answer_fiber (gpointer data)
{
  return dex_future_new_for_int (42);
}

static DexFuture *
sleeper_fiber (gpointer data)
{
  Sleeper *sleeper = data;
  g_autoptr (GError) error = NULL;
  DexPromise *never = dex_promise_new ();

  dex_await (DEX_FUTURE (never), &error);
  sleeper->cancelled = rafilm_error_is_cancelled (error);
  sleeper->ended = TRUE;

  return dex_future_new_true ();
}

static void
test_value (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dex_await_int (rafilm_spawn (answer_fiber, NULL, NULL), &error), ==, 42);
  g_assert_no_error (error);
}

/* Dropping the future ends the fiber's wait. */
static void
test_drop_cancels (void)
{
  Sleeper sleeper = { 0 };
  DexFuture *future = rafilm_spawn (sleeper_fiber, &sleeper, NULL);

  rafilm_test_sleep (20);
  g_assert_false (sleeper.ended);
  dex_clear (&future);
  rafilm_test_sleep (20);
  g_assert_true (sleeper.ended);
  g_assert_true (sleeper.cancelled);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/core/spawn/value", test_value);
  rafilm_test_add_fiber ("/core/spawn/drop-cancels", test_drop_cancels);

  return g_test_run ();
}
