/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signs in by the application's own client with each pair of mail address and password that is
 * given, and prints a line for each: the account, "wrong-password", or the error. */
#include "rafilm-cognito.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"

typedef struct
{
  char **arguments;
  GMainLoop *loop;
} Run;

static void
sign_in (RafilmCognito *cognito, const char *email, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmTokens) tokens =
      dex_await_boxed (rafilm_cognito_sign_in (cognito, email, password), &error);

  if (tokens != NULL)
    g_print ("%s\n", tokens->uid);
  else if (g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_WRONG_PASSWORD))
    g_print ("wrong-password\n");
  else
    g_print ("%s\n", error->message);
}

static DexFuture *
run_fiber (gpointer data)
{
  Run *run = data;
  g_autoptr (RafilmHttp) http = rafilm_http_new ();
  g_autoptr (RafilmEndpoints) endpoints = rafilm_endpoints_new_from_environment (NULL);
  g_autoptr (RafilmCognito) cognito = rafilm_cognito_new (http, endpoints);

  for (char **argument = run->arguments; argument[0] != NULL && argument[1] != NULL; argument += 2)
    sign_in (cognito, argument[0], argument[1]);
  g_main_loop_quit (run->loop);
  return dex_future_new_true ();
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run run = { argv + 1, loop };

  dex_init ();
  dex_future_disown (rafilm_spawn (run_fiber, &run, NULL));
  g_main_loop_run (loop);
  return 0;
}
