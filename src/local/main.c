/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-local-cloud.h"

#include "rafilm-spawn.h"

#include <glib-unix.h>
#include <stdlib.h>

typedef struct
{
  RafilmLocalOptions options;
  DexPromise *stop;
  DexPromise *stopped;
  int status;
} Run;

static gboolean
signal_cb (gpointer data)
{
  Run *run = data;

  if (dex_future_is_pending (DEX_FUTURE (run->stop)))
    dex_promise_resolve_boolean (run->stop, TRUE);

  return G_SOURCE_CONTINUE;
}

static DexFuture *
run_fiber (gpointer data)
{
  Run *run = data;
  g_autoptr (RafilmLocalCloud) cloud = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  cloud = rafilm_local_cloud_start (&run->options, &error);
  if (cloud == NULL)
    {
      g_printerr ("rafilm-local: %s\n", error->message);
      run->status = EXIT_FAILURE;
    }
  else
    {
      text = rafilm_local_cloud_describe (cloud);
      g_print ("%s\n", text);
      fflush (stdout);
      dex_await (dex_ref (run->stop), NULL);
      rafilm_local_cloud_stop (cloud);
    }
  g_clear_pointer (&cloud, rafilm_local_cloud_free);
  dex_promise_resolve_boolean (run->stopped, TRUE);

  return dex_future_new_true ();
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  GOutputStream *log = data;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  if (level == G_LOG_LEVEL_DEBUG)
    return G_LOG_WRITER_HANDLED;

  text = g_log_writer_format_fields (level, fields, n_fields, FALSE);
  line = g_strconcat (text, "\n", NULL);
  if (!g_output_stream_write_all (log, line, strlen (line), NULL, NULL, NULL))
    return G_LOG_WRITER_UNHANDLED;

  return G_LOG_WRITER_HANDLED;
}

static GOutputStream *
open_log (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;
  GFileOutputStream *stream;

  stream = g_file_append_to (file, G_FILE_CREATE_PRIVATE, NULL, &error);
  if (stream == NULL)
    {
      g_printerr ("rafilm-local: %s\n", error->message);
      exit (EXIT_FAILURE);
    }
  g_log_set_writer_func (write_log, g_object_ref (stream), g_object_unref);

  return G_OUTPUT_STREAM (stream);
}

/* The functions lie beside this program in the build folder, or where --functions says. */
static char *
find_functions (const char *given)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program != NULL ? program : ".");

  if (given != NULL)
    return g_strdup (given);

  return g_build_filename (folder, "..", "cloud", "bootstrap", NULL);
}

static char *
find_sample (const char *given)
{
  if (given != NULL)
    return g_build_filename (given, "films", NULL);
  if (g_file_test (SAMPLE_DIR, G_FILE_TEST_IS_DIR))
    return g_strdup (SAMPLE_DIR);

  return g_build_filename (PKGDATADIR, "sample", "films", NULL);
}

int
main (int argc, char *argv[])
{
  int port = 0;
  g_autofree char *given_functions = NULL;
  g_autofree char *given_sample = NULL;
  g_autofree char *state = NULL;
  g_autofree char *dynamodb = NULL;
  g_autofree char *log_path = NULL;
  g_autofree char *functions = NULL;
  g_autofree char *sample = NULL;
  g_autoptr (GOutputStream) log = NULL;
  g_autoptr (GOptionContext) context = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) fiber = NULL;
  Run run = { .status = EXIT_SUCCESS };
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &port, "Listen on this port; 0 is a free one", "N" },
    { "functions", 0, 0, G_OPTION_ARG_FILENAME, &given_functions, "The functions' binary", "PATH" },
    { "sample", 0, 0, G_OPTION_ARG_FILENAME, &given_sample, "The sample films", "DIR" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &state, "Keep users and diaries here", "DIR" },
    { "dynamodb", 0, 0, G_OPTION_ARG_STRING, &dynamodb, "Another DynamoDB than moto's", "URL" },
    { "log", 0, 0, G_OPTION_ARG_FILENAME, &log_path, "Append messages to this file", "FILE" },
    G_OPTION_ENTRY_NULL,
  };

  dex_init ();
  context = g_option_context_new ("- Rafilm's cloud on this computer");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("rafilm-local: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (port < 0 || port > 65535)
    {
      g_printerr ("rafilm-local: there is no port %d\n", port);
      return EXIT_FAILURE;
    }

  functions = find_functions (given_functions);
  sample = find_sample (given_sample);
  if (log_path != NULL)
    log = open_log (log_path);
  run.options = (RafilmLocalOptions) {
    .port = (guint) port,
    .functions = functions,
    .sample = sample,
    .state = state,
    .dynamodb = dynamodb,
  };
  run.stop = dex_promise_new ();
  run.stopped = dex_promise_new ();
  g_unix_signal_add (SIGTERM, signal_cb, &run);
  g_unix_signal_add (SIGINT, signal_cb, &run);

  fiber = rafilm_spawn (run_fiber, &run, NULL);
  while (dex_future_is_pending (DEX_FUTURE (run.stopped)))
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  dex_clear (&run.stop);
  dex_clear (&run.stopped);

  return run.status;
}
