/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fixture.h"

#include "rafilm-time.h"

#include <gio/gio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* Out of a range from which the system hands out none by itself, and at random, since other tests
 * look for one at the same time. */
static guint
find_free_port (void)
{
  for (;;)
    {
      g_autoptr (GSocketListener) listener = g_socket_listener_new ();
      guint port = (guint) g_random_int_range (10000, 32000);

      if (g_socket_listener_add_inet_port (listener, (guint16) port, NULL, NULL))
        {
          g_socket_listener_close (listener);
          return port;
        }
    }
}

static void
child_setup (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
is_listening (guint port)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, "127.0.0.1", (guint16) port, NULL, NULL);

  return connection != NULL;
}

/* False when it ended by itself, since its port was taken meanwhile. */
static gboolean
wait_for_moto (CloudFixture *self, guint port)
{
  for (int i = 0; i < 600; i++)
    {
      int status;

      if (waitpid (self->moto, &status, WNOHANG) == self->moto)
        {
          g_printerr ("moto_server ended with status 0x%x on port %u\n", status, port);
          return FALSE;
        }
      if (is_listening (port))
        return TRUE;
      g_usleep (50000);
    }
  g_error ("moto_server did not start within 30 s");
}

static void
start_moto (CloudFixture *self)
{
  guint port, tries = 0;

  do
    {
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;
      const char *arguments[] = { "moto_server", "-H", "127.0.0.1", "-p", NULL, NULL };

      g_assert_cmpuint (tries++, <, 10);
      port = find_free_port ();
      text = g_strdup_printf ("%u", port);
      arguments[4] = text;
      if (!g_spawn_async (NULL, (char **) arguments, NULL,
                          G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD
                              | G_SPAWN_STDOUT_TO_DEV_NULL,
                          child_setup, NULL, &self->moto, &error))
        g_error ("%s: build-aux/dev has it", error->message);
    }
  while (!wait_for_moto (self, port));
  self->url = g_strdup_printf ("http://127.0.0.1:%u", port);
}

static void
set_default (const char *name, const char *value)
{
  g_setenv (name, value, FALSE);
}

static void
set_environment (CloudFixture *self)
{
  g_setenv ("AWS_ENDPOINT_URL_DYNAMODB", self->url, TRUE);
  g_setenv ("AWS_ENDPOINT_URL_SSM", self->url, TRUE);
  g_setenv ("AWS_ENDPOINT_URL_S3", self->url, TRUE);
  set_default ("AWS_REGION", "us-east-1");
  set_default ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  set_default ("AWS_SECRET_ACCESS_KEY", "secret");
  /* Nobody listens there, so that nothing of a test can reach the network. */
  set_default ("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9");
  set_default ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9");
  set_default ("AWS_ENDPOINT_URL_PERSONALIZE_RUNTIME", "http://127.0.0.1:9");
  set_default ("RAFILM_TMDB_URL", "http://127.0.0.1:9/3");
  set_default ("RAFILM_CONNECTIONS_URL", "http://127.0.0.1:9/prod");
  set_default ("RAFILM_ISSUER", "http://127.0.0.1:9/pool");
  set_default ("RAFILM_CLIENT_ID", "client");
}

static void
make_table (CloudFixture *self)
{
  json_auto_t *request = json_pack (
      "{s:s, s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}], s:[{s:s,s:s},{s:s,s:s}], s:s,"
      " s:[{s:s, s:[{s:s,s:s},{s:s,s:s}], s:{s:s}}]}",
      "TableName", self->settings->table, "AttributeDefinitions", "AttributeName", "pk",
      "AttributeType", "S", "AttributeName", "sk", "AttributeType", "S", "AttributeName", "q",
      "AttributeType", "N", "KeySchema", "AttributeName", "pk", "KeyType", "HASH", "AttributeName",
      "sk", "KeyType", "RANGE", "BillingMode", "PAY_PER_REQUEST", "LocalSecondaryIndexes",
      "IndexName", "bySeq", "KeySchema", "AttributeName", "pk", "KeyType", "HASH", "AttributeName",
      "q", "KeyType", "RANGE", "Projection", "ProjectionType", "ALL");

  g_assert_nonnull (request);
  g_assert_cmpint (rafilm_dynamodb_call (self->context->dynamodb, "CreateTable", request, NULL), ==,
                   RAFILM_DYNAMODB_OK);
}

void
cloud_fixture_new_table (CloudFixture *self)
{
  static guint n;
  g_autofree char *name = g_strdup_printf ("rafilm-%u", ++n);

  g_clear_pointer (&self->context, rafilm_context_free);
  g_clear_pointer (&self->settings, rafilm_settings_free);
  g_setenv ("RAFILM_TABLE", name, TRUE);
  self->settings = rafilm_settings_new_from_environment ();
  self->context = rafilm_context_new (self->settings);
  make_table (self);
}

CloudFixture *
cloud_fixture_new (void)
{
  CloudFixture *self = g_new0 (CloudFixture, 1);

  start_moto (self);
  set_environment (self);
  cloud_fixture_new_table (self);

  return self;
}

void
cloud_fixture_free (CloudFixture *self)
{
  kill (self->moto, SIGKILL);
  waitpid (self->moto, NULL, 0);
  g_spawn_close_pid (self->moto);
  rafilm_context_free (self->context);
  rafilm_settings_free (self->settings);
  g_free (self->url);
  g_free (self);
}

static json_t *
or_null (json_t *value)
{
  return value != NULL ? value : json_null ();
}

json_t *
cloud_rest_event (const char *method, const char *resource, const char *uid, json_t *parameters,
                  json_t *query, json_t *body)
{
  g_autofree char *text = body != NULL ? json_dumps (body, JSON_COMPACT) : NULL;
  json_t *event = json_pack (
      "{s:s, s:s, s:s, s:{s:s}, s:o, s:o, s:o, s:b, s:{s:s, s:s, s:s, s:{s:s}}}", "resource",
      resource, "path", resource, "httpMethod", method, "headers", "Content-Type",
      "application/json", "queryStringParameters", or_null (query), "pathParameters",
      or_null (parameters), "body", text != NULL ? json_string (text) : json_null (),
      "isBase64Encoded", 0, "requestContext", "resourcePath", resource, "stage", "prod",
      "requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "identity", "sourceIp", "127.0.0.1");

  g_assert_nonnull (event);
  if (uid != NULL)
    json_object_set_new (json_object_get (event, "requestContext"), "authorizer",
                         json_pack ("{s:{s:s, s:s, s:s}}", "claims", "sub", uid, "token_use",
                                    "access", "username", uid));
  json_decref (body);

  return event;
}

json_t *
cloud_socket_event (const char *route, const char *connection, const char *uid, gint64 expires,
                    json_t *body)
{
  g_autofree char *text = body != NULL ? json_dumps (body, JSON_COMPACT) : NULL;
  g_autofree char *exp = g_strdup_printf ("%" G_GINT64_FORMAT, expires);
  const char *type = g_str_equal (route, "$connect")      ? "CONNECT"
                     : g_str_equal (route, "$disconnect") ? "DISCONNECT"
                                                          : "MESSAGE";
  json_t *event =
      json_pack ("{s:{s:s, s:s, s:s, s:s}, s:b}", "requestContext", "routeKey", route, "eventType",
                 type, "connectionId", connection, "stage", "prod", "isBase64Encoded", 0);

  g_assert_nonnull (event);
  if (uid != NULL)
    json_object_set_new (json_object_get (event, "requestContext"), "authorizer",
                         json_pack ("{s:s, s:s, s:s}", "principalId", uid, "uid", uid, "exp", exp));
  if (text != NULL)
    json_object_set_new (event, "body", json_string (text));
  json_decref (body);

  return event;
}

json_t *
cloud_fixture_call (CloudFixture *self, RafilmHandlerFunc handler, json_t *event)
{
  json_t *answer;

  g_strlcpy (self->context->request_id, "test", sizeof self->context->request_id);
  self->context->deadline = rafilm_time_now_ms () + 20000;
  rafilm_aws_set_deadline (self->context->aws, self->context->deadline);
  answer = handler (self->context, event);
  json_decref (event);

  return answer;
}

int
cloud_answer_status (const json_t *answer)
{
  return (int) json_integer_value (json_object_get (answer, "statusCode"));
}

json_t *
cloud_answer_body (const json_t *answer)
{
  const char *text = json_string_value (json_object_get (answer, "body"));

  return text != NULL ? json_loads (text, 0, NULL) : NULL;
}

char *
cloud_json_at (const json_t *json, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  char *dumped, *text;

  for (int i = 0; names[i] != NULL && json != NULL; i++)
    json = json_is_array (json)
               ? json_array_get (json, (size_t) g_ascii_strtoull (names[i], NULL, 10))
               : json_object_get (json, names[i]);
  if (json == NULL)
    return g_strdup ("");
  if (json_is_string (json))
    return g_strdup (json_string_value (json));
  dumped = json_dumps (json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
  text = g_strdup (dumped);
  free (dumped);

  return text;
}
