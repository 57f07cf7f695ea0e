/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-runtime.h"

#include "rafilm-log.h"

#include <signal.h>
#include <stdio.h>

int
main (void)
{
  const char *api = getenv ("AWS_LAMBDA_RUNTIME_API");
  const char *name = getenv ("_HANDLER");
  RafilmHandlerFunc handler = rafilm_handler_find (name != NULL ? name : "");
  RafilmSettings *settings;
  RafilmContext *context;
  int result;

  if (api == NULL)
    {
      fputs ("bootstrap: AWS_LAMBDA_RUNTIME_API is not set\n", stderr);
      return 1;
    }
  signal (SIGPIPE, SIG_IGN);
  rafilm_log_set_function (name != NULL ? name : "");
  if (handler == NULL)
    {
      rafilm_runtime_report_init_error (api, "Rafilm.NoSuchHandler", "_HANDLER names no handler.");
      return 1;
    }
  settings = rafilm_settings_new_from_environment ();
  context = rafilm_context_new (settings);
  result = rafilm_runtime_run (api, context, handler);
  rafilm_context_free (context);
  rafilm_settings_free (settings);
  return result;
}
