/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-process.h"

#include <signal.h>
#include <sys/prctl.h>

struct _RafilmLocalProcess
{
  GSubprocess *subprocess;
  GDataInputStream *lines;
  GCancellable *cancellable;
  RafilmLocalProcessLine line;
  RafilmLocalProcessEnd end;
  gpointer data;
};

static void read_line (RafilmLocalProcess *self);

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autofree char *valid = NULL;
  RafilmLocalProcess *self;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, &error);
  if (line == NULL)
    return;

  self = data;
  valid = g_utf8_make_valid (line, -1);
  self->line (valid, self->data);
  read_line (self);
}

static void
read_line (RafilmLocalProcess *self)
{
  g_data_input_stream_read_line_async (self->lines, G_PRIORITY_DEFAULT, self->cancellable,
                                       line_read_cb, self);
}

static void
process_ended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  RafilmLocalProcess *self;
  gboolean clean;

  clean = g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = data;
  if (self->end != NULL)
    self->end (clean, self->data);
}

/* Runs between fork and exec: nothing but system calls is allowed here. */
static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

RafilmLocalProcess *
rafilm_local_process_start (const char *const *arguments, const char *const *environment,
                            RafilmLocalProcessLine line, RafilmLocalProcessEnd end, gpointer data,
                            GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (RafilmLocalProcess) self = g_new0 (RafilmLocalProcess, 1);
  GSubprocessFlags flags = G_SUBPROCESS_FLAGS_NONE;

  g_return_val_if_fail (arguments != NULL && arguments[0] != NULL, NULL);

  if (line != NULL)
    flags = G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE;
  launcher = g_subprocess_launcher_new (flags);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  if (environment != NULL)
    g_subprocess_launcher_set_environ (launcher, (char **) environment);

  self->line = line;
  self->end = end;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->subprocess = g_subprocess_launcher_spawnv (launcher, arguments, error);
  if (self->subprocess == NULL)
    return NULL;

  if (line != NULL)
    {
      self->lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->subprocess));
      read_line (self);
    }
  g_subprocess_wait_check_async (self->subprocess, self->cancellable, process_ended_cb, self);

  return g_steal_pointer (&self);
}

void
rafilm_local_process_free (RafilmLocalProcess *self)
{
  g_return_if_fail (self != NULL);

  g_cancellable_cancel (self->cancellable);
  if (self->subprocess != NULL)
    g_subprocess_force_exit (self->subprocess);
  g_clear_object (&self->lines);
  g_clear_object (&self->subprocess);
  g_clear_object (&self->cancellable);
  g_free (self);
}
