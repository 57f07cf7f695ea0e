/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program itself, with a Runtime API of ours; and in a root where there is nothing else. */
#include "cloud-fixture.h"
#include "cloud-peer.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  const char *const *events; /* handed out in order, then the end */
  guint next;
  GMutex lock;
  GPtrArray *posts; /* "path body" */
} Runtime;

static void
runtime_cb (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer,
            gpointer data)
{
  Runtime *self = data;

  if (g_str_has_suffix (request->path, "/invocation/next"))
    {
      const char *event = self->events[self->next];

      if (event == NULL)
        {
          answer->status = 403;
          return;
        }
      self->next++;
      cloud_peer_answer_header (answer, "Lambda-Runtime-Aws-Request-Id",
                                self->next == 1 ? "r1" : "r2");
      cloud_peer_answer_header (answer, "Lambda-Runtime-Deadline-Ms", "9999999999999");
      cloud_peer_answer_header (answer, "Lambda-Runtime-Trace-Id", "Root=1-2");
      cloud_peer_answer_text (answer, 200, event);
      return;
    }
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->posts, g_strdup_printf ("%s %s", request->path, request->body));
  g_mutex_unlock (&self->lock);
  answer->status = 202;
}

static char *
dup_program (void)
{
  return g_build_filename (g_getenv ("RAFILM_BOOTSTRAP"), NULL);
}

/* Runs the program until it ends; `root` NULL, or the folder that becomes its root. -1: no root of
 * one's own can be had here. */
static int
run_program (const char *handler, const char *api, const char *root)
{
  g_autofree char *program = dup_program ();
  g_autofree char *name = g_strdup_printf ("_HANDLER=%s", handler);
  g_autofree char *address = g_strdup_printf ("AWS_LAMBDA_RUNTIME_API=%s", api);
  char *environment[] = { name,
                          address,
                          (char *) "AWS_REGION=us-east-1",
                          (char *) "RAFILM_ISSUER=http://127.0.0.1:9/pool",
                          (char *) "RAFILM_CLIENT_ID=client",
                          NULL };
  char *arguments[] = { (char *) "bootstrap", NULL };
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      if (root != NULL && chroot (root) != 0
          && (unshare (CLONE_NEWUSER) != 0 || chroot (root) != 0))
        _exit (77);
      if (root != NULL && chdir ("/") != 0)
        _exit (77);
      execve (root != NULL ? "/bootstrap" : program, arguments, environment);
      _exit (78);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  if (WIFEXITED (status) && WEXITSTATUS (status) == 77)
    return -1;
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static const char ping[] =
    "{\"type\":\"REQUEST\",\"methodArn\":\"arn:aws:execute-api:us-east-1:1:a/prod/$connect\","
    "\"headers\":{}}";
static const char *const two_events[] = { ping, "[]", NULL };
static const char *const no_events[] = { NULL };

static void
check_two_events (Runtime *runtime)
{
  const char *first, *second;

  g_assert_cmpuint (runtime->posts->len, ==, 2);
  first = runtime->posts->pdata[0];
  second = runtime->posts->pdata[1];
  g_assert_true (g_str_has_prefix (first, "/2018-06-01/runtime/invocation/r1/response {"));
  g_assert_nonnull (strstr (first, "\"Effect\":\"Deny\""));
  g_assert_true (g_str_has_prefix (second, "/2018-06-01/runtime/invocation/r2/error {"));
  g_assert_nonnull (strstr (second, "\"errorType\":\"Rafilm.Failed\""));
}

static void
run_with (const char *handler, const char *root, const char *const *events,
          void (*check) (Runtime *runtime))
{
  Runtime runtime = { .events = events };
  g_autoptr (CloudPeer) peer = NULL;
  int code;

  runtime.posts = g_ptr_array_new_with_free_func (g_free);
  g_mutex_init (&runtime.lock);
  peer = cloud_peer_new (runtime_cb, &runtime);
  code = run_program (handler, cloud_peer_get_url (peer) + strlen ("http://"), root);
  if (code == -1)
    g_test_skip ("a root of one's own is not allowed here");
  else
    {
      g_assert_cmpint (code, ==, 1);
      check (&runtime);
    }
  g_ptr_array_unref (runtime.posts);
  g_mutex_clear (&runtime.lock);
}

static void
test_events (void)
{
  run_with ("authorizer", NULL, two_events, check_two_events);
}

static void
check_init_error (Runtime *runtime)
{
  g_assert_cmpuint (runtime->posts->len, ==, 1);
  g_assert_true (g_str_has_prefix (runtime->posts->pdata[0], "/2018-06-01/runtime/init/error {"));
  g_assert_nonnull (strstr (runtime->posts->pdata[0], "Rafilm.NoSuchHandler"));
  g_assert_cmpuint (runtime->next, ==, 0);
}

static void
test_unknown_handler (void)
{
  run_with ("nothing", NULL, no_events, check_init_error);
}

/* Nothing but the program: no libc, no hosts file, no resolver, no certificates. */
static void
test_empty_root (void)
{
  g_autofree char *root = g_dir_make_tmp ("rafilm-root-XXXXXX", NULL);
  g_autofree char *inside = g_build_filename (root, "bootstrap", NULL);
  g_autofree char *program = dup_program ();
  g_autofree char *contents = NULL;
  gsize length;

  if (g_getenv ("RAFILM_BOOTSTRAP_IS_STATIC") == NULL)
    g_test_skip ("the program is not static in this build");
  else
    {
      g_assert_true (g_file_get_contents (program, &contents, &length, NULL));
      g_assert_true (g_file_set_contents (inside, contents, (gssize) length, NULL));
      g_assert_cmpint (chmod (inside, 0755), ==, 0);
      run_with ("authorizer", root, two_events, check_two_events);
      g_remove (inside);
    }
  g_rmdir (root);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/bootstrap/events", test_events);
  g_test_add_func ("/cloud/bootstrap/unknown-handler", test_unknown_handler);
  g_test_add_func ("/cloud/bootstrap/empty-root", test_empty_root);
  return g_test_run ();
}
