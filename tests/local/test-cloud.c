/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local-client.h"
#include "rafilm-local-cloud.h"
#include "rafilm-local-http.h"
#include "rafilm-local-moto.h"
#include "rafilm-local-state.h"

#include "rafilm-spawn.h"
#include "rafilm-test.h"

#include <signal.h>

static JsonObject *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  JsonObject *object = rafilm_local_json_parse (bytes);

  g_assert_nonnull (object);

  return object;
}

static void
test_epoch (void)
{
  g_autoptr (JsonObject) meta =
      parse ("{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"M\"},\"v\":{\"N\":\"7\"},"
             "\"e\":{\"S\":\"e_old\"},\"h\":{\"N\":\"42\"},\"hist\":{\"L\":[{\"M\":{}}]},\"hc\":{"
             "\"N\":\"3\"},"
             "\"dg\":{\"S\":\"kept\"}}");
  g_autoptr (JsonObject) row = parse ("{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"d#1\"}}");
  JsonArray *history;
  g_autofree char *text = NULL;

  g_assert_true (rafilm_local_state_begin_epoch (meta, "e_new", 1000));
  g_assert_false (rafilm_local_state_begin_epoch (row, "e_new", 1000));
  history = rafilm_local_json_get_array (rafilm_local_json_get_object (meta, "hist"), "L");
  g_assert_cmpuint (json_array_get_length (history), ==, 2);
  text = rafilm_local_json_to_text (json_array_get_object_element (history, 1));
  g_assert_cmpstr (
      text, ==, "{\"M\":{\"e\":{\"S\":\"e_old\"},\"low\":{\"N\":\"0\"},\"at\":{\"N\":\"1000\"}}}");
  g_free (text);
  text = rafilm_local_json_to_text (meta);
  g_assert_nonnull (strstr (text, "\"h\":{\"N\":\"1000042\"}"));
  g_assert_nonnull (strstr (text, "\"v\":{\"N\":\"8\"}"));
  g_assert_nonnull (strstr (text, "\"hc\":{\"N\":\"0\"}"));
  g_assert_nonnull (strstr (text, "\"dg\":{\"S\":\"kept\"}"));
}

static char *
read_value (const char *text, const char *name)
{
  g_autofree char *prefix = g_strconcat (name, "=", NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], prefix))
      return g_strdup (lines[i] + strlen (prefix));
  g_assert_not_reached ();
}

static LocalAnswer *
call_dynamodb (const char *address, const char *operation, const char *input)
{
  g_autofree char *target = g_strconcat ("DynamoDB_20120810.", operation, NULL);
  g_autoptr (GBytes) body = g_bytes_new (input, strlen (input));
  const char *headers[] = {
    "X-Amz-Target", target, "Authorization",
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=0",
    NULL
  };

  return local_client_send ("POST", address, headers, body);
}

static RafilmLocalCloud *
start (const char *state, char **ret_text)
{
  RafilmLocalOptions options = { .functions = FAKE_FUNCTION, .sample = SAMPLE_DIR, .state = state };
  g_autoptr (GError) error = NULL;
  RafilmLocalCloud *cloud = rafilm_local_cloud_start (&options, &error);

  g_assert_no_error (error);
  *ret_text = rafilm_local_cloud_describe (cloud);

  return cloud;
}

static char *
get_epoch (const char *dynamodb)
{
  g_autoptr (LocalAnswer) answer =
      call_dynamodb (dynamodb, "GetItem",
                     "{\"TableName\":\"rafilm\",\"ConsistentRead\":true,\"Key\":"
                     "{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"M\"}}}");

  g_assert_cmpuint (answer->status, ==, 200);

  return g_strdup (rafilm_local_json_get_text (
      rafilm_local_json_get_object (rafilm_local_json_get_object (answer->object, "Item"), "e"),
      "S"));
}

/* The table as the sync protocol needs it, kept over a clean stop and over any other. */
static void
test_state (void)
{
  g_autofree char *state = rafilm_test_make_dir ();
  g_autofree char *mark = g_build_filename (state, "running", NULL);
  g_autofree char *text = NULL;
  g_autofree char *dynamodb = NULL;
  g_autofree char *pool = NULL;
  g_autofree char *next_pool = NULL;
  g_autofree char *epoch = NULL;
  RafilmLocalCloud *cloud = start (state, &text);

  dynamodb = read_value (text, "RAFILM_DYNAMODB_URL");
  pool = read_value (text, "RAFILM_COGNITO_POOL");
  {
    g_autoptr (LocalAnswer) put = call_dynamodb (
        dynamodb, "PutItem",
        "{\"TableName\":\"rafilm\",\"Item\":{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"M\"},"
        "\"e\":{\"S\":\"e_first\"},\"h\":{\"N\":\"5\"},\"v\":{\"N\":\"5\"}}}");
    g_autoptr (LocalAnswer) row = call_dynamodb (
        dynamodb, "PutItem",
        "{\"TableName\":\"rafilm\",\"Item\":{\"pk\":{\"S\":\"U#1\"},\"sk\":{\"S\":\"d#1\"},"
        "\"q\":{\"N\":\"5\"}}}");
    g_autoptr (LocalAnswer) query = call_dynamodb (
        dynamodb, "Query",
        "{\"TableName\":\"rafilm\",\"IndexName\":\"bySeq\",\"ConsistentRead\":true,"
        "\"KeyConditionExpression\":\"pk = :p AND q > :q\",\"ExpressionAttributeValues\":"
        "{\":p\":{\"S\":\"U#1\"},\":q\":{\"N\":\"4\"}}}");

    g_assert_cmpuint (put->status, ==, 200);
    g_assert_cmpuint (row->status, ==, 200);
    g_assert_cmpint (rafilm_local_json_get_int (query->object, "Count", 0), ==, 1);
  }
  rafilm_local_cloud_stop (cloud);
  rafilm_local_cloud_free (cloud);

  g_clear_pointer (&text, g_free);
  g_clear_pointer (&dynamodb, g_free);
  cloud = start (state, &text);
  dynamodb = read_value (text, "RAFILM_DYNAMODB_URL");
  next_pool = read_value (text, "RAFILM_COGNITO_POOL");
  g_assert_cmpstr (next_pool, ==, pool);
  epoch = get_epoch (dynamodb);
  g_assert_cmpstr (epoch, ==, "e_first");
  /* Freed without a stop: the mark stays, as after a crash. */
  rafilm_local_cloud_free (cloud);
  g_assert_true (g_file_test (mark, G_FILE_TEST_EXISTS));

  g_clear_pointer (&text, g_free);
  g_clear_pointer (&dynamodb, g_free);
  g_clear_pointer (&epoch, g_free);
  cloud = start (state, &text);
  dynamodb = read_value (text, "RAFILM_DYNAMODB_URL");
  epoch = get_epoch (dynamodb);
  g_assert_cmpstr (epoch, ==, "e_first");
  rafilm_local_cloud_stop (cloud);
  rafilm_local_cloud_free (cloud);
  g_assert_false (g_file_test (mark, G_FILE_TEST_EXISTS));
}

/* ---- before the beginning and after the end ------------------------------------------------- */

typedef struct
{
  char *uri;
  gboolean ended;
  guint unavailable;
  guint answered;
} Asker;

/* Asks again and again for what is never missing. Nobody may be told that there is no such thing:
 * a computer takes that for a refusal. */
static DexFuture *
ask_fiber (gpointer data)
{
  Asker *asker = data;
  g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);

  while (!asker->ended)
    {
      g_autoptr (SoupMessage) message = soup_message_new ("POST", asker->uri);
      g_autoptr (GBytes) answer =
          dex_await_boxed (rafilm_local_http_send (session, message, NULL, NULL), NULL);
      guint status = soup_message_get_status (message);

      if (answer != NULL && status == SOUP_STATUS_SERVICE_UNAVAILABLE)
        {
          g_assert_cmpstr (soup_message_headers_get_one (
                               soup_message_get_response_headers (message), "Retry-After"),
                           ==, "1");
          asker->unavailable++;
        }
      else if (answer != NULL)
        {
          g_assert_cmpuint (status, ==, SOUP_STATUS_UNAUTHORIZED);
          asker->answered++;
        }
      rafilm_test_sleep (5);
    }

  return dex_future_new_true ();
}

static guint
find_free_port (void)
{
  g_autofree char *address = NULL;
  SoupServer *server = local_server_new (&address);
  guint port = (guint) g_ascii_strtoull (strrchr (address, ':') + 1, NULL, 10);

  soup_server_disconnect (server);
  g_object_unref (server);

  return port;
}

static void
test_not_ready (void)
{
  g_autofree char *state = rafilm_test_make_dir ();
  Asker asker = { 0 };
  RafilmLocalOptions options = {
    .port = find_free_port (), .functions = FAKE_FUNCTION, .sample = SAMPLE_DIR, .state = state
  };
  g_autoptr (GError) error = NULL;
  RafilmLocalCloud *cloud;
  DexFuture *fiber;

  asker.uri = g_strdup_printf ("http://127.0.0.1:%u/prod/v1/sync", options.port);
  fiber = rafilm_spawn (ask_fiber, &asker, NULL);
  cloud = rafilm_local_cloud_start (&options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (asker.unavailable, >, 0);
  g_assert_cmpuint (asker.answered, ==, 0);

  for (int i = 0; i < 500 && asker.answered == 0; i++)
    rafilm_test_sleep (10);
  asker.unavailable = 0;
  for (int i = 0; i < 500 && asker.answered < 5; i++)
    rafilm_test_sleep (10);
  g_assert_cmpuint (asker.answered, >=, 5);
  g_assert_cmpuint (asker.unavailable, ==, 0);

  rafilm_local_cloud_stop (cloud);
  rafilm_test_sleep (50);
  rafilm_local_cloud_free (cloud);
  asker.ended = TRUE;
  dex_await (fiber, NULL);
  g_free (asker.uri);
}

/* The program itself: prints its endpoints and an empty line, and leaves nothing behind. */
static void
test_program (void)
{
  const char *arguments[] = { LOCAL_PROGRAM, "--functions",    FAKE_FUNCTION,
                              "--sample",    SAMPLE_DIR "/..", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *dynamodb = NULL;
  g_autofree char *mail = NULL;
  guint count = 0;

  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, &error);

      g_assert_nonnull (line);
      if (line[0] == '\0')
        break;
      g_assert_true (g_str_has_prefix (line, "RAFILM_"));
      g_string_append_printf (text, "%s\n", line);
      count++;
    }
  g_assert_cmpuint (count, ==, 12);
  dynamodb = read_value (text->str, "RAFILM_DYNAMODB_URL");
  mail = read_value (text->str, "RAFILM_MAIL_URL");
  {
    g_autoptr (LocalAnswer) answer = local_client_get (mail, "?to=nobody@example.org");

    g_assert_cmpuint (answer->status, ==, 404);
  }
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
  {
    g_autoptr (SoupSession) session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
    g_autoptr (SoupMessage) message = soup_message_new ("GET", dynamodb);

    rafilm_test_sleep (200);
    g_assert_null (soup_session_send (session, message, NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  }
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/local/state/epoch", test_epoch);
  rafilm_test_add_fiber ("/local/cloud/state", test_state);
  rafilm_test_add_fiber ("/local/cloud/not-ready", test_not_ready);
  rafilm_test_add_fiber ("/local/cloud/program", test_program);

  return g_test_run ();
}
