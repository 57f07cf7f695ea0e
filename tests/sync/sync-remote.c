/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-server.h"

#include <gio/gio.h>

/* sync-server.h from the outside: the server runs as a process of its own. */

struct _SyncServer
{
  GSubprocess *process;
  GDataInputStream *answers;
};

SyncServer *
sync_server_new (guint32 seed)
{
  SyncServer *self = g_new0 (SyncServer, 1);
  g_autofree char *argument = g_strdup_printf ("%u", seed);
  g_autoptr (GError) error = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, g_getenv ("SYNC_SERVER"), argument, NULL);
  g_assert_no_error (error);
  self->answers = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  return self;
}

void
sync_server_free (SyncServer *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->answers);
  g_clear_object (&self->process);
  g_free (self);
}

static guint
run (SyncServer *self, const char *command, char **ret_answer)
{
  g_autofree char *line = g_strconcat (command, "\n", NULL);
  g_autofree char *answer = NULL;
  g_autoptr (GError) error = NULL;
  char *rest = NULL;
  guint64 result;

  g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->process), line, strlen (line), NULL,
                             NULL, &error);
  g_assert_no_error (error);
  answer = g_data_input_stream_read_line (self->answers, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  result = g_ascii_strtoull (answer, &rest, 10);
  if (ret_answer != NULL)
    *ret_answer = rest[1] != '\0' ? g_strdup (rest + 1) : NULL;
  return (guint) result;
}

static guint
run_number (SyncServer *self, const char *command, guint number)
{
  g_autofree char *line = g_strdup_printf ("%s %u", command, number);

  return run (self, line, NULL);
}

guint
sync_server_serve (SyncServer *self, const char *uid, const char *request, char **ret_answer)
{
  g_autofree char *line = g_strdup_printf ("serve %s %s", uid, request);

  return run (self, line, ret_answer);
}

void
sync_server_set_races (SyncServer *self, guint percent)
{
  run_number (self, "races", percent);
}

void
sync_server_delay_rows (SyncServer *self, guint queries)
{
  run_number (self, "delay", queries);
}

void
sync_server_purge (SyncServer *self)
{
  run (self, "purge", NULL);
}

void
sync_server_keep (SyncServer *self)
{
  run (self, "keep", NULL);
}

void
sync_server_restore (SyncServer *self)
{
  run (self, "restore", NULL);
}

guint
sync_server_get_requests (SyncServer *self)
{
  return run (self, "requests", NULL);
}

guint
sync_server_get_cancelled (SyncServer *self)
{
  return run (self, "cancelled", NULL);
}

guint
sync_server_count_rows (SyncServer *self, const char *uid, const char *kind)
{
  g_autofree char *line = g_strdup_printf ("rows %s %s", uid, kind);

  return run (self, line, NULL);
}
