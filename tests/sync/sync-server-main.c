/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-server.h"

#include <stdio.h>
#include <stdlib.h>

/* The server as a process of its own, since jansson and json-glib have functions of the same name.
 * One command a line on standard input, one line for each on standard output. */

static void
run_command (SyncServer *server, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  g_autofree char *answer = NULL;
  const char *command = words[0];
  guint number = words[1] != NULL ? (guint) g_ascii_strtoull (words[1], NULL, 10) : 0;
  guint result = 0;

  if (g_str_equal (command, "serve"))
    result = sync_server_serve (server, words[1], words[2], &answer);
  else if (g_str_equal (command, "races"))
    sync_server_set_races (server, number);
  else if (g_str_equal (command, "delay"))
    sync_server_delay_rows (server, number);
  else if (g_str_equal (command, "purge"))
    sync_server_purge (server);
  else if (g_str_equal (command, "keep"))
    sync_server_keep (server);
  else if (g_str_equal (command, "restore"))
    sync_server_restore (server);
  else if (g_str_equal (command, "requests"))
    result = sync_server_get_requests (server);
  else if (g_str_equal (command, "cancelled"))
    result = sync_server_get_cancelled (server);
  else if (g_str_equal (command, "rows"))
    result = sync_server_count_rows (server, words[1], words[2]);
  else
    g_error ("Unknown command %s", command);
  printf ("%u %s\n", result, answer != NULL ? answer : "");
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  g_autoptr (SyncServer) server = NULL;
  g_autofree char *line = NULL;
  size_t size = 0;
  ssize_t length;

  server = sync_server_new (argc > 1 ? (guint32) g_ascii_strtoull (argv[1], NULL, 10) : 0);
  while ((length = getline (&line, &size, stdin)) > 0)
    {
      line[length - 1] = '\0';
      run_command (server, line);
    }
  return 0;
}
