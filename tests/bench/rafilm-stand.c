/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-stand.h"

#include "rafilm-loopback.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct _RafilmStand
{
  RafilmLoopback *server;
  SoupServerMessage *waiting; /* for an event; of the thread */

  GMutex lock; /* of what follows */
  GCond changed;
  char *event;
  char *answer;
  gint64 began; /* of the first invocation: when the program was started; else 0 */
  gint64 ended;
};

static void
hand_out (RafilmStand *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  char *event = g_steal_pointer (&self->event);

  if (self->began == 0)
    self->began = g_get_monotonic_time ();
  soup_message_headers_replace (headers, "Lambda-Runtime-Aws-Request-Id", "r1");
  soup_message_headers_replace (headers, "Lambda-Runtime-Deadline-Ms", "9999999999999");
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, event,
                                    strlen (event));
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  RafilmStand *self = data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (g_str_has_suffix (path, "/next") && self->event != NULL)
    hand_out (self, message);
  else if (g_str_has_suffix (path, "/next"))
    {
      g_set_object (&self->waiting, message);
      soup_server_message_pause (message);
    }
  else if (g_str_has_suffix (path, "/error"))
    g_error ("The program failed: %.*s", (int) body->length, body->data);
  else
    {
      self->ended = now;
      self->answer = g_strndup (body->data, (gsize) body->length);
      soup_server_message_set_status (message, 202, NULL);
      g_cond_signal (&self->changed);
    }
}

static void
leave_cb (gpointer data)
{
  RafilmStand *self = data;

  g_clear_object (&self->waiting);
}

static gboolean
event_came_cb (gpointer data)
{
  RafilmStand *self = data;
  g_autoptr (SoupServerMessage) message = g_steal_pointer (&self->waiting);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (message != NULL && self->event != NULL)
    {
      hand_out (self, message);
      soup_server_message_unpause (message);
    }
  return G_SOURCE_REMOVE;
}

char *
rafilm_stand_invoke (RafilmStand *self, const char *event, double *ret_ms)
{
  char *answer;

  g_mutex_lock (&self->lock);
  self->event = g_strdup (event);
  g_mutex_unlock (&self->lock);
  rafilm_loopback_invoke (self->server, event_came_cb, self);
  g_mutex_lock (&self->lock);
  while (self->answer == NULL)
    g_cond_wait (&self->changed, &self->lock);
  answer = g_steal_pointer (&self->answer);
  *ret_ms = (double) (self->ended - self->began) / 1000;
  self->began = 0;
  g_mutex_unlock (&self->lock);
  return answer;
}

GPid
rafilm_stand_start (RafilmStand *self, const char *const *arguments, const char *const *variables)
{
  g_autofree char *api =
      g_strconcat ("AWS_LAMBDA_RUNTIME_API=", rafilm_loopback_get_address (self->server), NULL);
  g_autoptr (GPtrArray) environment = g_ptr_array_new ();
  posix_spawn_file_actions_t actions;
  pid_t pid;

  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_addopen (&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen (&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  for (gsize i = 0; variables[i] != NULL; i++)
    g_ptr_array_add (environment, (char *) variables[i]);
  g_ptr_array_add (environment, api);
  g_ptr_array_add (environment, NULL);
  self->began = g_get_monotonic_time ();
  if (posix_spawnp (&pid, arguments[0], &actions, NULL, (char **) arguments,
                    (char **) environment->pdata)
      != 0)
    g_error ("%s cannot be started", arguments[0]);
  posix_spawn_file_actions_destroy (&actions);
  return pid;
}

double
rafilm_stand_stop (RafilmStand *self, GPid pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *status = NULL;
  const char *line = NULL;

  if (g_file_get_contents (path, &status, NULL, NULL))
    line = strstr (status, "VmHWM:");
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
  return line != NULL ? g_ascii_strtod (line + strlen ("VmHWM:"), NULL) / 1024 : 0;
}

RafilmStand *
rafilm_stand_new (void)
{
  RafilmStand *self = g_new0 (RafilmStand, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->server = rafilm_loopback_new (request_cb, leave_cb, self);
  return self;
}

void
rafilm_stand_free (RafilmStand *self)
{
  if (self == NULL)
    return;
  rafilm_loopback_free (self->server);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->event);
  g_free (self->answer);
  g_free (self);
}
