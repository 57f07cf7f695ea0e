/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-stand.h"

#include <fcntl.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PREFIX "/2018-06-01/runtime/"

struct _RafilmStand
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  char *address;
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
  g_main_context_invoke (self->context, event_came_cb, self);
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
  g_autofree char *api = g_strconcat ("AWS_LAMBDA_RUNTIME_API=", self->address, NULL);
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

static gpointer
run_thread (gpointer data)
{
  RafilmStand *self = data;
  g_autoptr (GError) error = NULL;
  g_autoslist (GUri) uris = NULL;

  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, PREFIX, request_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);
  uris = soup_server_get_uris (self->server);
  g_mutex_lock (&self->lock);
  self->address = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_main_loop_run (self->loop);
  g_clear_object (&self->waiting);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

RafilmStand *
rafilm_stand_new (void)
{
  RafilmStand *self = g_new0 (RafilmStand, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("runtime-api", run_thread, self);
  g_mutex_lock (&self->lock);
  while (self->address == NULL)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
  return self;
}

void
rafilm_stand_free (RafilmStand *self)
{
  if (self == NULL)
    return;
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self->address);
  g_free (self->event);
  g_free (self->answer);
  g_free (self);
}
