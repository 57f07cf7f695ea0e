/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-sandbox.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"
#include "rafilm-local-process.h"

/* Lambda's limit of a buffered answer. */
#define MAX_RESPONSE_BYTES (6 * 1024 * 1024)
#define RUNTIME "/2018-06-01/runtime/"
#define ARN "arn:aws:lambda:us-east-1:123456789012:function:"

struct _RafilmLocalSandbox
{
  char *handler;
  SoupServer *server;
  RafilmLocalProcess *process;
  RafilmLocalExchange *next;
  gulong next_finished_handler;
  RafilmLocalInvocation *invocation;
  guint timer;
  gboolean started;
  RafilmLocalSandboxNotify notify;
  gpointer data;
};

static void
reply_error (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "errorMessage", text);
  json_object_set_string_member (object, "errorType", type);
  rafilm_local_http_reply (message, status, object);
}

static void
reply_accepted (SoupServerMessage *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "status", "OK");
  rafilm_local_http_reply (message, SOUP_STATUS_ACCEPTED, object);
}

static void
forget_next (RafilmLocalSandbox *self)
{
  if (self->next == NULL)
    return;

  g_clear_signal_handler (&self->next_finished_handler, self->next->message);
  g_clear_pointer (&self->next, rafilm_local_exchange_end);
}

static void
next_finished_cb (SoupServerMessage *message, gpointer data)
{
  forget_next (data);
}

static void
take_next (RafilmLocalSandbox *self, SoupServerMessage *message)
{
  if (self->next != NULL || self->invocation != NULL)
    {
      reply_error (message, SOUP_STATUS_FORBIDDEN, "InvalidState", "An event is still in hand");
      return;
    }

  self->started = TRUE;
  self->next = rafilm_local_exchange_begin (message);
  self->next_finished_handler =
      g_signal_connect (message, "finished", G_CALLBACK (next_finished_cb), self);
  self->notify (self, RAFILM_LOCAL_SANDBOX_READY, self->data);
}

static RafilmLocalInvocation *
take_invocation (RafilmLocalSandbox *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);

  return g_steal_pointer (&self->invocation);
}

static void
take_response (RafilmLocalSandbox *self, SoupServerMessage *message)
{
  g_autoptr (RafilmLocalInvocation) invocation = take_invocation (self);

  if (rafilm_local_http_is_too_large (message))
    {
      rafilm_local_invocation_fail (invocation, "Function.ResponseSizeTooLarge",
                                    "Response payload size exceeded maximum allowed payload size "
                                    "(6291556 bytes).");
      reply_error (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge",
                   "Exceeded maximum allowed payload size (6291556 bytes).");
      return;
    }

  dex_promise_resolve_boxed (invocation->promise, G_TYPE_BYTES,
                             rafilm_local_http_dup_body (message));
  reply_accepted (message);
}

static void
take_error (RafilmLocalSandbox *self, SoupServerMessage *message)
{
  g_autoptr (RafilmLocalInvocation) invocation = take_invocation (self);
  g_autoptr (JsonObject) object = rafilm_local_http_parse_body (message);
  const char *type = rafilm_local_json_get_text (object, "errorType");
  const char *text = rafilm_local_json_get_text (object, "errorMessage");

  g_message ("%s: %s: %s", self->handler, type, text);
  rafilm_local_invocation_fail (invocation, type != NULL ? type : "Unhandled",
                                text != NULL ? text : "");
  reply_accepted (message);
}

static void
answer_invocation (RafilmLocalSandbox *self, SoupServerMessage *message, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 3);

  if (g_strv_length (parts) != 2 || self->invocation == NULL
      || strcmp (parts[0], self->invocation->request_id) != 0)
    reply_error (message, SOUP_STATUS_BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
  else if (strcmp (parts[1], "response") == 0)
    take_response (self, message);
  else if (strcmp (parts[1], "error") == 0)
    take_error (self, message);
  else
    reply_error (message, SOUP_STATUS_NOT_FOUND, "NotFound", "No such path");
}

static void
runtime_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  RafilmLocalSandbox *self = data;
  const char *method = soup_server_message_get_method (message);
  gboolean post = strcmp (method, SOUP_METHOD_POST) == 0;
  const char *rest = path + strlen (RUNTIME);

  if (!post && strcmp (rest, "invocation/next") == 0)
    {
      take_next (self, message);
    }
  else if (post && strcmp (rest, "init/error") == 0)
    {
      g_autoptr (JsonObject) object = rafilm_local_http_parse_body (message);

      g_message ("%s did not start: %s", self->handler,
                 rafilm_local_json_get_text (object, "errorMessage"));
      reply_accepted (message);
    }
  else if (post && g_str_has_prefix (rest, "invocation/"))
    {
      answer_invocation (self, message, rest + strlen ("invocation/"));
    }
  else
    {
      reply_error (message, SOUP_STATUS_NOT_FOUND, "NotFound", "No such path");
    }
}

/* Lambda ends a sandbox whose event ran out of time. */
static gboolean
deadline_cb (gpointer data)
{
  RafilmLocalSandbox *self = data;
  g_autoptr (RafilmLocalInvocation) invocation = NULL;

  self->timer = 0;
  invocation = take_invocation (self);
  g_message ("%s: %s timed out", self->handler, invocation->request_id);
  dex_promise_reject (invocation->promise,
                      g_error_new (RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_TIMED_OUT, "%s timed out",
                                   self->handler));
  self->notify (self, RAFILM_LOCAL_SANDBOX_GONE, self->data);

  return G_SOURCE_REMOVE;
}

static void
process_ended_cb (gboolean clean, gpointer data)
{
  RafilmLocalSandbox *self = data;

  g_message ("%s: a process ended %s", self->handler, clean ? "by itself" : "with a failure");
  self->notify (self, RAFILM_LOCAL_SANDBOX_GONE, self->data);
}

static void
process_line_cb (const char *line, gpointer data)
{
  RafilmLocalSandbox *self = data;

  g_info ("%s: %s", self->handler, line);
}

static GStrv
make_environment (RafilmLocalSandbox *self, const RafilmLocalSandboxSettings *settings)
{
  static const char *const passed[] = { "ASAN_OPTIONS", "LSAN_OPTIONS",    "UBSAN_OPTIONS",
                                        "G_DEBUG",      "LD_LIBRARY_PATH", "TZ" };
  g_autoslist (GUri) uris = soup_server_get_uris (self->server);
  g_autofree char *address = g_strdup_printf ("127.0.0.1:%d", g_uri_get_port (uris->data));
  GStrv environment = g_strdupv ((char **) settings->environment);

  if (environment == NULL)
    environment = g_new0 (char *, 1);
  environment = g_environ_setenv (environment, "AWS_LAMBDA_RUNTIME_API", address, TRUE);
  environment = g_environ_setenv (environment, "_HANDLER", settings->handler, TRUE);
  environment = g_environ_setenv (environment, "AWS_LAMBDA_FUNCTION_NAME", settings->handler, TRUE);
  environment = g_environ_setenv (environment, "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST", TRUE);
  environment = g_environ_setenv (environment, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256", TRUE);
  environment =
      g_environ_setenv (environment, "AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023", TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (passed); i++)
    if (g_getenv (passed[i]) != NULL)
      environment = g_environ_setenv (environment, passed[i], g_getenv (passed[i]), TRUE);

  return environment;
}

RafilmLocalSandbox *
rafilm_local_sandbox_new (const RafilmLocalSandboxSettings *settings,
                          RafilmLocalSandboxNotify notify, gpointer data, GError **error)
{
  g_autoptr (RafilmLocalSandbox) self = g_new0 (RafilmLocalSandbox, 1);
  g_auto (GStrv) environment = NULL;
  const char *arguments[] = { settings->program, NULL };

  self->handler = g_strdup (settings->handler);
  self->notify = notify;
  self->data = data;
  self->server = soup_server_new (NULL, NULL);
  rafilm_local_http_bound (self->server, MAX_RESPONSE_BYTES);
  soup_server_add_handler (self->server, RUNTIME, runtime_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return NULL;

  environment = make_environment (self, settings);
  self->process = rafilm_local_process_start (arguments, (const char *const *) environment,
                                              process_line_cb, process_ended_cb, self, error);
  if (self->process == NULL)
    return NULL;

  return g_steal_pointer (&self);
}

void
rafilm_local_sandbox_free (RafilmLocalSandbox *self)
{
  g_autoptr (RafilmLocalInvocation) invocation = NULL;

  g_return_if_fail (self != NULL);

  invocation = take_invocation (self);
  if (invocation != NULL)
    rafilm_local_invocation_fail (invocation, "Runtime.ExitError", "Runtime exited");
  g_clear_pointer (&self->process, rafilm_local_process_free);
  if (self->next != NULL)
    {
      soup_server_message_set_status (self->next->message, SOUP_STATUS_FORBIDDEN, NULL);
      forget_next (self);
    }
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->handler, g_free);
  g_free (self);
}

gboolean
rafilm_local_sandbox_is_ready (RafilmLocalSandbox *self)
{
  return self->next != NULL;
}

gboolean
rafilm_local_sandbox_is_starting (RafilmLocalSandbox *self)
{
  return !self->started;
}

void
rafilm_local_sandbox_run (RafilmLocalSandbox *self, RafilmLocalInvocation *invocation)
{
  SoupMessageHeaders *headers;
  g_autofree char *deadline = NULL;
  g_autofree char *arn = NULL;
  g_autofree char *trace = NULL;
  gint64 left;

  g_return_if_fail (rafilm_local_sandbox_is_ready (self));

  headers = soup_server_message_get_response_headers (self->next->message);
  deadline = g_strdup_printf ("%" G_GINT64_FORMAT, invocation->deadline_ms);
  arn = g_strconcat (ARN, self->handler, NULL);
  trace = g_strdup_printf ("Root=1-%08x-%.8s%.4s%.12s;Sampled=0",
                           (guint) (g_get_real_time () / G_USEC_PER_SEC), invocation->request_id,
                           invocation->request_id + 9, invocation->request_id + 24);
  soup_message_headers_replace (headers, "Lambda-Runtime-Aws-Request-Id", invocation->request_id);
  soup_message_headers_replace (headers, "Lambda-Runtime-Deadline-Ms", deadline);
  soup_message_headers_replace (headers, "Lambda-Runtime-Invoked-Function-Arn", arn);
  soup_message_headers_replace (headers, "Lambda-Runtime-Trace-Id", trace);
  rafilm_local_http_reply_bytes (self->next->message, SOUP_STATUS_OK, "application/json",
                                 invocation->event);
  forget_next (self);

  left = MAX (invocation->deadline_ms - g_get_real_time () / 1000, 1);
  self->invocation = invocation;
  self->timer = g_timeout_add ((guint) left, deadline_cb, self);
}
