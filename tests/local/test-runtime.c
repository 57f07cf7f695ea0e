/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The Runtime API's host: what becomes of an event when the function does not do as it should. */

#include "rafilm-local-error.h"
#include "rafilm-local-function.h"
#include "rafilm-local-http.h"

#include "rafilm-test.h"

#define MANY 230
#define MAX_WAITING 200

static RafilmLocalFunction *
make_function (const char *start, guint max_sandboxes)
{
  g_auto (GStrv) environment = g_environ_setenv (NULL, "FAKE_START", start, TRUE);

  return rafilm_local_function_new ("sync", FAKE_FUNCTION, (const char *const *) environment,
                                    max_sandboxes);
}

static GBytes *
make_event (const char *command)
{
  g_autofree char *text = g_strdup_printf ("{\"body\":\"{\\\"do\\\":\\\"%s\\\"}\"}", command);

  return g_bytes_new (text, strlen (text));
}

static GBytes *
invoke (RafilmLocalFunction *function, const char *command, guint timeout_ms, GError **error)
{
  g_autoptr (GBytes) event = make_event (command);

  return dex_await_boxed (rafilm_local_function_invoke (function, event, timeout_ms), error);
}

static char *
get_body (GBytes *payload)
{
  g_autoptr (JsonObject) object = rafilm_local_json_parse (payload);

  return g_strdup (rafilm_local_json_get_text (object, "body"));
}

/* It answers as always. */
static void
check_well (RafilmLocalFunction *function)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = invoke (function, "echo", 10000, &error);

  g_assert_no_error (error);
  g_assert_nonnull (answer);
}

static void
check_fails (RafilmLocalFunction *function, const char *command, const char *type)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", type);

  g_assert_null (invoke (function, command, 10000, &error));
  g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FUNCTION);
  g_assert_nonnull (strstr (error->message, quoted));
}

static void
test_failures (void)
{
  g_autoptr (RafilmLocalFunction) function = make_function ("", 1);

  check_well (function);
  check_fails (function, "error", "Error");
  check_well (function);
  check_fails (function, "crash", "Runtime.ExitError");
  check_well (function);
  check_fails (function, "leave", "Runtime.ExitError");
  check_well (function);
  check_fails (function, "too-much", "Function.ResponseSizeTooLarge");
  check_well (function);
}

static void
test_rules (void)
{
  g_autoptr (RafilmLocalFunction) function = make_function ("", 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = invoke (function, "misbehave", 10000, &error);
  g_autofree char *statuses = NULL;

  g_assert_no_error (error);
  statuses = get_body (answer);
  g_assert_cmpstr (statuses, ==, "403 400 400 404 404");
  check_well (function);
}

/* Whoever asked gets the first answer, and nobody the second. */
static void
test_twice (void)
{
  g_autoptr (RafilmLocalFunction) function = make_function ("", 1);

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) answer = invoke (function, "twice", 10000, &error);
      g_autofree char *body = NULL;

      g_assert_no_error (error);
      body = get_body (answer);
      g_assert_cmpstr (body, ==, "first");
    }
  check_well (function);
}

/* A time-out takes the process along, and what waited behind it is served by the next one. */
static void
test_time_out (void)
{
  g_autoptr (RafilmLocalFunction) function = make_function ("", 1);
  g_autoptr (GBytes) slow = make_event ("sleep");
  g_autoptr (GBytes) event = make_event ("echo");
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) late = NULL;
  g_autoptr (GBytes) answer = NULL;
  DexFuture *first = rafilm_local_function_invoke (function, slow, 600);
  DexFuture *second = rafilm_local_function_invoke (function, event, 15000);
  DexFuture *third = rafilm_local_function_invoke (function, event, 300);

  g_assert_null (dex_await_boxed (first, &error));
  g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_TIMED_OUT);
  g_clear_error (&error);
  answer = dex_await_boxed (second, &error);
  g_assert_no_error (error);
  /* What had no time left when its turn came was not begun at all. */
  g_assert_null (dex_await_boxed (third, &late));
  g_assert_error (late, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_TIMED_OUT);
}

static void
test_bad_starts (void)
{
  static const char *const starts[] = { "crash", "error" };

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr (RafilmLocalFunction) function = make_function (starts[i], 2);

      check_fails (function, "echo", "Runtime.ExitError");
      check_fails (function, "echo", "Runtime.ExitError");
    }
  {
    g_autoptr (RafilmLocalFunction) missing =
        rafilm_local_function_new ("sync", "/no/such/program", NULL, 1);
    g_autoptr (GError) error = NULL;

    g_test_expect_message ("rafilm-local", G_LOG_LEVEL_WARNING, "*cannot start*");
    g_assert_null (invoke (missing, "echo", 1000, &error));
    g_test_assert_expected_messages ();
    g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FUNCTION);
    g_clear_error (&error);
    g_assert_false (rafilm_local_function_warm (missing, &error));
    g_assert_nonnull (error);
  }
}

/* Nobody waits for a function that never gets ready; and it does not outlive its owner. */
static void
test_hang_at_start (void)
{
  RafilmLocalFunction *function = make_function ("hang", 1);
  g_autoptr (GBytes) event = make_event ("echo");
  DexFuture *future = rafilm_local_function_invoke (function, event, 60000);
  g_autoptr (GError) error = NULL;

  rafilm_test_sleep (100);
  g_assert_true (dex_future_is_pending (future));
  rafilm_local_function_free (function);
  g_assert_null (dex_await_boxed (future, &error));
  g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FUNCTION);
}

/* As Lambda throttles: what is too much is refused at once, and the rest is served in order. */
static void
test_throttling (void)
{
  g_autoptr (RafilmLocalFunction) function = make_function ("", 1);
  g_autoptr (GBytes) event = make_event ("echo");
  DexFuture *futures[MANY];
  guint served = 0;
  guint refused = 0;

  for (gsize i = 0; i < MANY; i++)
    futures[i] = rafilm_local_function_invoke (function, event, 60000);
  for (gsize i = 0; i < MANY; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) answer = dex_await_boxed (futures[i], &error);

      if (answer != NULL)
        served++;
      else if (g_error_matches (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_THROTTLED))
        refused++;
      /* The first ones that came are those that are served. */
      g_assert_true (answer == NULL || refused == 0);
    }
  g_assert_cmpuint (served, >=, MAX_WAITING);
  g_assert_cmpuint (served + refused, ==, MANY);
  g_assert_cmpuint (refused, >, 0);
  check_well (function);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/local/runtime/failures", test_failures);
  rafilm_test_add_fiber ("/local/runtime/rules", test_rules);
  rafilm_test_add_fiber ("/local/runtime/twice", test_twice);
  rafilm_test_add_fiber ("/local/runtime/time-out", test_time_out);
  rafilm_test_add_fiber ("/local/runtime/bad-starts", test_bad_starts);
  rafilm_test_add_fiber ("/local/runtime/hang-at-start", test_hang_at_start);
  rafilm_test_add_fiber ("/local/runtime/throttling", test_throttling);

  return g_test_run ();
}
