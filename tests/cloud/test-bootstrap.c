/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program itself, with a Runtime API of ours; and in a root where there is nothing else. */
#include "cloud-fixture.h"
#include "cloud-peer.h"

#include <errno.h>
#include <fcntl.h>
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
  gint64 time_ms; /* of each invocation; 0 = years */
  guint refused;  /* status of the first answer to an invocation; 0 = taken */
  char *log;      /* what the program wrote, at its end */
  GMutex lock;
  GPtrArray *posts; /* "path body" */
  gint64 deadline;  /* ms of 1970, of the last invocation */
  gint64 answered;  /* when its answer came */
  guint n_calls;    /* of DynamoDB */
  guint n_connections;
} Runtime;

static void
hand_out (Runtime *self, const char *event, CloudPeerAnswer *answer)
{
  g_autofree char *id = g_strdup_printf ("r%u", ++self->next);
  g_autofree char *deadline = NULL;

  self->deadline = self->time_ms > 0 ? g_get_real_time () / 1000 + self->time_ms : 9999999999999;
  deadline = g_strdup_printf ("%" G_GINT64_FORMAT, self->deadline);
  cloud_peer_answer_header (answer, "Lambda-Runtime-Aws-Request-Id", id);
  cloud_peer_answer_header (answer, "Lambda-Runtime-Deadline-Ms", deadline);
  cloud_peer_answer_header (answer, "Lambda-Runtime-Trace-Id", "Root=1-2");
  cloud_peer_answer_text (answer, 200, event);
}

static void
runtime_cb (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer,
            gpointer data)
{
  Runtime *self = data;

  if (g_str_has_suffix (request->path, "/invocation/next"))
    {
      if (self->events[self->next] != NULL)
        hand_out (self, self->events[self->next], answer);
      else
        answer->status = 403;
      return;
    }
  if (g_str_equal (request->path, "/"))
    {
      const char *trace = g_hash_table_lookup (request->headers, "x-amzn-trace-id");

      /* The call belongs to the trace of the invocation, which its signature leaves alone. */
      g_assert_cmpstr (trace, ==, "Root=1-2");
      g_assert_null (strstr (g_hash_table_lookup (request->headers, "authorization"), "trace"));
      self->n_calls++;
      cloud_peer_answer_text (answer, 200, "{}");
      return;
    }
  g_mutex_lock (&self->lock);
  self->answered = g_get_real_time () / 1000;
  g_ptr_array_add (self->posts, g_strdup_printf ("%s %s", request->path, request->body));
  answer->status = self->refused != 0 && self->posts->len == 1 ? self->refused : 202;
  g_mutex_unlock (&self->lock);
}

static char *
dup_program (void)
{
  return g_build_filename (g_getenv ("RAFILM_BOOTSTRAP"), NULL);
}

/* Runs the program until it ends; `root` NULL, or the folder that becomes its root. -1: no root of
 * one's own can be had here. */
static int
run_program (const char *handler, const char *api, const char *dynamodb, const char *root,
             const char *log)
{
  g_autofree char *program = dup_program ();
  g_autofree char *name = g_strdup_printf ("_HANDLER=%s", handler);
  g_autofree char *address = g_strdup_printf ("AWS_LAMBDA_RUNTIME_API=%s", api);
  g_autofree char *table = g_strdup_printf ("AWS_ENDPOINT_URL_DYNAMODB=%s", dynamodb);
  char *environment[] = { name,
                          address,
                          table,
                          (char *) "AWS_REGION=us-east-1",
                          (char *) "AWS_SECRET_ACCESS_KEY=secret-key",
                          (char *) "AWS_SESSION_TOKEN=session-token",
                          (char *) "RAFILM_ISSUER=http://127.0.0.1:9/pool",
                          (char *) "RAFILM_CLIENT_ID=client",
                          NULL };
  char *arguments[] = { (char *) "bootstrap", NULL };
  int output = open (log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t child;
  int status;

  g_assert_cmpint (output, >=, 0);
  child = fork ();

  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      dup2 (output, STDERR_FILENO);
      if (root != NULL && chroot (root) != 0
          && (unshare (CLONE_NEWUSER) != 0 || chroot (root) != 0))
        _exit (77);
      if (root != NULL && chdir ("/") != 0)
        _exit (77);
      execve (root != NULL ? "/bootstrap" : program, arguments, environment);
      _exit (78);
    }
  close (output);
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
check_two_answers (Runtime *runtime)
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
check_two_events (Runtime *runtime)
{
  /* A function without routes is measured by Lambda. */
  g_assert_nonnull (strstr (runtime->log, "\"Route\":\"authorizer\""));
  g_assert_null (strstr (runtime->log, "_aws"));
  check_two_answers (runtime);
}

/* `dynamodb` NULL: the peer is that too, and has no item. */
static void
run_runtime (Runtime *runtime, const char *handler, const char *dynamodb, const char *root,
             void (*check) (Runtime *runtime))
{
  g_autofree char *log = g_strdup_printf ("%s/rafilm-log-%d", g_get_tmp_dir (), (int) getpid ());
  g_autoptr (CloudPeer) peer = NULL;
  int code;

  runtime->posts = g_ptr_array_new_with_free_func (g_free);
  g_mutex_init (&runtime->lock);
  peer = cloud_peer_new (runtime_cb, runtime);
  code = run_program (handler, cloud_peer_get_url (peer) + strlen ("http://"),
                      dynamodb != NULL ? dynamodb : cloud_peer_get_url (peer), root, log);
  g_assert_true (g_file_get_contents (log, &runtime->log, NULL, NULL));
  g_unlink (log);
  runtime->n_connections = cloud_peer_get_n_connections (peer);
  if (code == -1)
    g_test_skip ("a root of one's own is not allowed here");
  else
    {
      g_assert_cmpint (code, ==, 1);
      check (runtime);
    }
  g_free (runtime->log);
  g_ptr_array_unref (runtime->posts);
  g_mutex_clear (&runtime->lock);
}

static void
run_with (const char *handler, const char *root, const char *const *events,
          void (*check) (Runtime *runtime))
{
  Runtime runtime = { .events = events };

  run_runtime (&runtime, handler, NULL, root, check);
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

#define MARK "xyzzy-the-diary-says"

/* A request with everything that must not be told. */
static const char profile[] =
    "{\"resource\":\"/v1/profile\",\"path\":\"/v1/profile\",\"httpMethod\":\"GET\","
    "\"headers\":{\"Authorization\":\"Bearer access-token\"},\"body\":\"" MARK "\","
    "\"queryStringParameters\":{\"q\":\"" MARK "\"},"
    "\"requestContext\":{\"authorizer\":{\"claims\":{\"sub\":\"some-uid\"}}}}";
static const char change[] =
    "{\"resource\":\"/v1/profile\",\"path\":\"/v1/profile\",\"httpMethod\":\"PUT\","
    "\"headers\":{\"Authorization\":\"Bearer access-token\"},"
    "\"body\":\"{\\\"handle\\\":\\\"" MARK "\\\"}\","
    "\"requestContext\":{\"authorizer\":{\"claims\":{\"sub\":\"some-uid\"}}}}";
static const char *const three_events[] = { profile, profile, profile, NULL };
static const char *const mixed_events[] = { profile, change, "[]", NULL };

/* One connection to the Runtime API and one to DynamoDB, whatever the number of invocations. */
static void
check_connections (Runtime *runtime)
{
  g_assert_cmpuint (runtime->posts->len, ==, 3);
  g_assert_cmpuint (runtime->n_calls, ==, 3);
  g_assert_cmpuint (runtime->n_connections, ==, 2);
}

static void
test_connections_are_kept (void)
{
  run_with ("account", NULL, three_events, check_connections);
}

/* The embedded metrics of the request `id`, and its line. */
static json_t *
find_metrics (const Runtime *runtime, const char *id)
{
  g_auto (GStrv) lines = g_strsplit (runtime->log, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      json_auto_t *line = json_loads (lines[i], 0, NULL);
      g_autofree char *request = cloud_json_at (line, "requestId");

      g_assert_true (line != NULL || *lines[i] == '\0');
      if (json_object_get (line, "_aws") != NULL && g_str_equal (request, id))
        return json_incref (line);
    }
  g_assert_not_reached ();
}

static void
check_log (Runtime *runtime)
{
  static const char *const secrets[] = { MARK,       "access-token",  "secret-key",
                                         "some-uid", "session-token", "Signature" };
  json_auto_t *good = find_metrics (runtime, "r1"), *refused = find_metrics (runtime, "r2");

  cloud_assert_json (good, "_aws.CloudWatchMetrics.0.Namespace", "Rafilm");
  cloud_assert_json (good, "_aws.CloudWatchMetrics.0.Dimensions", "[[\"Function\",\"Route\"]]");
  cloud_assert_json (good, "_aws.CloudWatchMetrics.0.Metrics",
                     "[{\"Name\":\"Duration\",\"Unit\":\"Milliseconds\"}]");
  cloud_assert_json (good, "Function", "account");
  cloud_assert_json (good, "Route", "GET /v1/profile");
  cloud_assert_json (good, "status", "200");
  cloud_assert_json (refused, "Route", "PUT /v1/profile");
  cloud_assert_json (refused, "status", "400");
  cloud_assert_json (refused, "_aws.CloudWatchMetrics.0.Metrics.1", "");
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (runtime->log, secrets[i]));
}

static void
test_log (void)
{
  run_with ("account", NULL, mixed_events, check_log);
}

static void
check_deadline (Runtime *runtime)
{
  json_auto_t *failed = find_metrics (runtime, "r1");

  cloud_assert_json (failed, "status", "503");
  cloud_assert_json (failed, "_aws.CloudWatchMetrics.0.Metrics.1.Name", "ServerErrors");
  cloud_assert_json (failed, "ServerErrors", "1");
  g_assert_cmpuint (runtime->posts->len, ==, 1);
  g_assert_nonnull (strstr (runtime->posts->pdata[0], "r1/response"));
  g_assert_nonnull (strstr (runtime->posts->pdata[0], "\"statusCode\":503"));
  g_assert_cmpint (runtime->answered, <, runtime->deadline);
}

/* A table that never answers: the function does, before its time is up. */
static void
test_deadline (void)
{
  static const char *const one_event[] = { profile, NULL };
  Runtime runtime = { .events = one_event, .time_ms = 2000 };
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u", port);

  g_assert_cmpuint (port, !=, 0);
  run_runtime (&runtime, "account", url, NULL, check_deadline);
}

static void
check_refused (Runtime *runtime)
{
  g_assert_cmpuint (runtime->posts->len, ==, 2);
  g_assert_nonnull (strstr (runtime->posts->pdata[0], "r1/response"));
  g_assert_nonnull (strstr (runtime->posts->pdata[1], "r1/error"));
  g_assert_nonnull (strstr (runtime->posts->pdata[1], "Rafilm.TooLarge"));
}

/* What Lambda does not take as an answer is an error. */
static void
test_too_large (void)
{
  static const char *const one_event[] = { profile, NULL };
  Runtime runtime = { .events = one_event, .refused = 413 };

  run_runtime (&runtime, "account", NULL, NULL, check_refused);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cloud/bootstrap/events", test_events);
  g_test_add_func ("/cloud/bootstrap/unknown-handler", test_unknown_handler);
  g_test_add_func ("/cloud/bootstrap/empty-root", test_empty_root);
  g_test_add_func ("/cloud/bootstrap/connections-are-kept", test_connections_are_kept);
  g_test_add_func ("/cloud/bootstrap/log", test_log);
  g_test_add_func ("/cloud/bootstrap/deadline", test_deadline);
  g_test_add_func ("/cloud/bootstrap/too-large", test_too_large);
  return g_test_run ();
}
