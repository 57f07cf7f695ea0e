/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-spawn.h"

#include "rafilm-error.h"
#include "rafilm-test.h"

static DexFuture *
answer_fiber (gpointer data)
{
  return dex_future_new_for_int (42);
}

static DexFuture *
fail_fiber (gpointer data)
{
  return dex_future_new_reject (RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND, "Nothing there");
}

/* Waits for a promise, and counts that it went on. */
typedef struct
{
  DexPromise *promise;
  guint ended;
} Waiter;

static DexFuture *
waiter_fiber (gpointer data)
{
  Waiter *waiter = data;

  dex_await (dex_ref (waiter->promise), NULL);
  waiter->ended++;

  return dex_future_new_true ();
}

static void
test_value (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (dex_await_int (rafilm_spawn (answer_fiber, NULL, NULL), &error), ==, 42);
  g_assert_no_error (error);
}

static void
test_error (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (dex_await (rafilm_spawn (fail_fiber, NULL, NULL), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
}

/* A fiber whose future is dropped goes on, also when what it awaits completes in the same turn of
 * the main loop, and the loop does not spin. */
static void
test_drop (void)
{
  for (guint i = 0; i < 100; i++)
    {
      Waiter waiter = { .promise = dex_promise_new () };
      DexFuture *future = rafilm_spawn (waiter_fiber, &waiter, NULL);
      DexFuture *chained = dex_future_first (future, dex_timeout_new_seconds (60), NULL);

      rafilm_test_sleep (1);
      g_assert_cmpuint (waiter.ended, ==, 0);
      dex_clear (&chained);
      dex_promise_resolve_boolean (waiter.promise, TRUE);
      rafilm_test_sleep (1);
      g_assert_cmpuint (waiter.ended, ==, 1);
      dex_unref (waiter.promise);
    }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/core/spawn/value", test_value);
  rafilm_test_add_fiber ("/core/spawn/error", test_error);
  rafilm_test_add_fiber ("/core/spawn/drop", test_drop);

  return g_test_run ();
}
