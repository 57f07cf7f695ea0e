/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "rafilm-cli.h"
#include "rafilm-error.h"
#include "rafilm-spawn.h"

#define STATUS_USAGE 2

typedef struct
{
  RafilmCli cli;
  GMainLoop *loop;
  int status;
} Run;

static int
report (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    {
      g_printerr ("rafilm-cli: %s\n", error->message);
      g_printerr (_ ("“rafilm-cli --help” tells how to use it\n"));
      return STATUS_USAGE;
    }
  g_printerr ("rafilm-cli: %s\n", error->message);

  return EXIT_FAILURE;
}

static DexFuture *
command_fiber (gpointer data)
{
  Run *run = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) close_error = NULL;

  if (!run->cli.command->run (&run->cli, &error))
    run->status = report (error);
  if (!rafilm_cli_close_store (&run->cli, &close_error) && run->status == EXIT_SUCCESS)
    run->status = report (close_error);
  g_main_loop_quit (run->loop);

  return dex_future_new_true ();
}

/* Help, version and completion need no command. */
static gboolean
answer_at_once (const char *word)
{
  g_autofree char *help = NULL;

  if (g_strcmp0 (word, "--help") == 0 || g_strcmp0 (word, "-h") == 0
      || g_strcmp0 (word, "help") == 0)
    {
      help = rafilm_cli_dup_help ();
      g_print ("%s", help);
      return TRUE;
    }
  if (g_strcmp0 (word, "--version") == 0)
    {
      g_print ("rafilm-cli " PACKAGE_VERSION "\n");
      return TRUE;
    }

  return FALSE;
}

/* Notes of the libraries are for developers (G_MESSAGES_DEBUG shows them); warnings are for all. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if (level >= G_LOG_LEVEL_MESSAGE && g_getenv ("G_MESSAGES_DEBUG") == NULL)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, data);
}

int
main (int argc, char **argv)
{
  g_auto (GStrv) words = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GError) error = NULL;
  Run run = { .status = EXIT_SUCCESS };

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("rafilm-cli");
  g_log_set_writer_func (write_log, NULL, NULL);
  dex_init ();

  if (argc > 1 && answer_at_once (argv[1]))
    return EXIT_SUCCESS;
  words = g_strdupv (argv);
  if (!rafilm_cli_parse (&run.cli, &words, &error))
    {
      run.status = report (error);
      rafilm_cli_clear (&run.cli);
      return run.status;
    }

  loop = g_main_loop_new (NULL, FALSE);
  run.loop = loop;
  dex_future_disown (rafilm_spawn (command_fiber, &run, NULL));
  g_main_loop_run (loop);
  rafilm_cli_clear (&run.cli);

  return run.status;
}
