/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A function for the gateways' tests: speaks the Runtime API, and does what the event's query
 * parameter "do" (or its message's member "do") says; by default it gives the event back. The
 * environment's FAKE_START says how it starts: "crash", "error" or "hang". FAKE_LOG is a file to
 * which each event is added as a line, and FAKE_ANSWER what is answered to all. */
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>

static SoupSession *session;

/* The status that the host answers. */
static guint
try (const char *method, const char *path, const char *body, gsize length)
{
  g_autofree char *uri = g_strdup_printf ("http://%s/2018-06-01/runtime/%s",
                                          g_getenv ("AWS_LAMBDA_RUNTIME_API"), path);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GBytes) bytes = g_bytes_new (body, length);
  g_autoptr (GBytes) answer = NULL;

  if (strcmp (method, "POST") == 0)
    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  answer = soup_session_send_and_read (session, message, NULL, NULL);

  return answer != NULL ? soup_message_get_status (message) : 0;
}

static GBytes *
exchange (const char *method, const char *path, const char *body, char **ret_id)
{
  g_autofree char *uri = g_strdup_printf ("http://%s/2018-06-01/runtime/%s",
                                          g_getenv ("AWS_LAMBDA_RUNTIME_API"), path);
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  GBytes *answer;

  if (bytes != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  if (answer == NULL || soup_message_get_status (message) >= 400)
    exit (1);
  if (ret_id != NULL)
    *ret_id = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                      "Lambda-Runtime-Aws-Request-Id"));

  return answer;
}

static const char *
get_text (JsonObject *object, const char *member)
{
  return object != NULL ? json_object_get_string_member_with_default (object, member, NULL) : NULL;
}

static char *
read_command (JsonObject *event)
{
  const char *body = get_text (event, "body");
  g_autoptr (JsonParser) parser = json_parser_new ();

  if (json_object_has_member (event, "queryStringParameters")
      && !json_object_get_null_member (event, "queryStringParameters"))
    return g_strdup (
        get_text (json_object_get_object_member (event, "queryStringParameters"), "do"));
  if (body != NULL && json_parser_load_from_data (parser, body, -1, NULL)
      && json_parser_get_root (parser) != NULL
      && JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return g_strdup (get_text (json_node_get_object (json_parser_get_root (parser)), "do"));

  return NULL;
}

static char *
make_answer (const char *body, gboolean encoded)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "statusCode");
  json_builder_add_int_value (builder, 200);
  json_builder_set_member_name (builder, "headers");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "X-Process");
  json_builder_add_int_value (builder, getpid ());
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "body");
  json_builder_add_string_value (builder, body);
  json_builder_set_member_name (builder, "isBase64Encoded");
  json_builder_add_boolean_value (builder, encoded);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static char *
authorize (JsonObject *event)
{
  const char *token = get_text (json_object_get_object_member (event, "headers"), "Authorization");

  if (g_strcmp0 (token, "Bearer good") != 0 && g_strcmp0 (token, "Bearer denied") != 0)
    return NULL;

  return g_strdup_printf (
      "{\"principalId\":\"u1\",\"policyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":["
      "{\"Action\":\"execute-api:Invoke\",\"Effect\":\"%s\",\"Resource\":\"*\"}]},"
      "\"context\":{\"uid\":\"u1\",\"exp\":7}}",
      strcmp (token, "Bearer good") == 0 ? "Allow" : "Deny");
}

/* What the host says to a runtime that does not keep to the rules while it has an event in hand:
 * "403 400 400 404 404" */
static char *
misbehave (const char *id)
{
  g_autofree char *no_verb = g_strdup_printf ("invocation/%s", id);
  g_autofree char *bad_verb = g_strdup_printf ("invocation/%s/frobnicate", id);
  g_autofree char *text = g_strdup_printf (
      "%u %u %u %u %u", try ("GET", "invocation/next", NULL, 0),
      try ("POST", "invocation/another/response", "{}", 2), try ("POST", no_verb, "{}", 2),
      try ("POST", bad_verb, "{}", 2), try ("GET", "nothing", NULL, 0));

  return make_answer (text, FALSE);
}

/* An answer above Lambda's limit, and a small one after that. */
static void
answer_too_much (const char *id)
{
  const gsize length = 7 * 1024 * 1024;
  g_autofree char *text = g_strnfill (length, 'x');
  g_autofree char *path = g_strdup_printf ("invocation/%s/response", id);

  if (try ("POST", path, text, length) != 413 || try ("POST", path, "{}", 2) != 400)
    exit (1);
}

static void
answer_twice (const char *id)
{
  g_autofree char *path = g_strdup_printf ("invocation/%s/response", id);
  g_autofree char *first = make_answer ("first", FALSE);
  g_autofree char *second = make_answer ("second", FALSE);

  if (try ("POST", path, first, strlen (first)) != 202
      || try ("POST", path, second, strlen (second)) != 400)
    exit (1);
}

static void
write_down (const char *event)
{
  const char *path = g_getenv ("FAKE_LOG");
  FILE *file = path != NULL ? fopen (path, "a") : NULL;

  if (file == NULL)
    return;
  fprintf (file, "%s\n", event);
  fclose (file);
}

static void
handle (const char *id, GBytes *payload)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autofree char *text = g_strndup (g_bytes_get_data (payload, NULL), g_bytes_get_size (payload));
  g_autofree char *command = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *path = g_strdup_printf ("invocation/%s/response", id);
  g_autoptr (GBytes) done = NULL;
  JsonObject *event;

  if (!json_parser_load_from_data (parser, text, -1, NULL))
    exit (1);
  event = json_node_get_object (json_parser_get_root (parser));
  write_down (text);
  command = read_command (event);
  if (g_getenv ("FAKE_ANSWER") != NULL)
    answer = g_strdup (g_getenv ("FAKE_ANSWER"));
  else if (g_strcmp0 (g_getenv ("_HANDLER"), "authorizer") == 0)
    answer = authorize (event);
  else if (g_strcmp0 (command, "crash") == 0)
    exit (3);
  else if (g_strcmp0 (command, "sleep") == 0)
    g_usleep (20 * G_USEC_PER_SEC);
  else if (g_strcmp0 (command, "malformed") == 0)
    answer = g_strdup ("{\"nothing\":1}");
  else if (g_strcmp0 (command, "binary") == 0)
    answer = make_answer ("AAH/", TRUE);
  else if (g_strcmp0 (command, "misbehave") == 0)
    answer = misbehave (id);
  else if (g_strcmp0 (command, "leave") == 0)
    exit (0);
  else if (g_strcmp0 (command, "too-much") == 0 || g_strcmp0 (command, "twice") == 0)
    {
      if (strcmp (command, "twice") == 0)
        answer_twice (id);
      else
        answer_too_much (id);
      return;
    }
  else if (g_strcmp0 (command, "error") != 0)
    answer = make_answer (text, FALSE);

  if (answer == NULL)
    {
      g_free (path);
      path = g_strdup_printf ("invocation/%s/error", id);
      answer = g_strdup ("{\"errorMessage\":\"Unauthorized\",\"errorType\":\"Error\"}");
    }
  done = exchange ("POST", path, answer, NULL);
}

static void
start (const char *how)
{
  if (g_strcmp0 (how, "crash") == 0)
    exit (1);
  else if (g_strcmp0 (how, "hang") == 0)
    g_usleep (60 * G_USEC_PER_SEC);
  else if (g_strcmp0 (how, "error") == 0)
    exit (try ("POST", "init/error", "{\"errorMessage\":\"no\"}", 21) == 202 ? 1 : 2);
}

int
main (void)
{
  session = soup_session_new_with_options ("timeout", 0, "proxy-resolver", NULL, NULL);
  start (g_getenv ("FAKE_START"));
  for (;;)
    {
      g_autofree char *id = NULL;
      g_autoptr (GBytes) event = exchange ("GET", "invocation/next", NULL, &id);

      handle (id, event);
    }
}
