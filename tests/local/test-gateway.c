/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "local-client.h"
#include "rafilm-local-compression.h"
#include "rafilm-local-error.h"
#include "rafilm-local-gateway.h"
#include "rafilm-local-http.h"
#include "rafilm-local-lambda.h"

#include "rafilm-test.h"

typedef struct
{
  SoupServer *server;
  char *address;
  GHashTable *functions;
  RafilmLocalGateway *gateway;
  RafilmLocalLambda *lambda;
} Fixture;

static RafilmLocalFunction *
find (const char *name, gpointer data)
{
  return g_hash_table_lookup (((Fixture *) data)->functions, name);
}

static JsonObject *
authorize (const char *authorization, gboolean *ret_expired, gpointer data)
{
  JsonObject *claims;

  *ret_expired = g_strcmp0 (authorization, "Bearer old") == 0;
  if (g_strcmp0 (authorization, "Bearer good") != 0)
    return NULL;
  claims = json_object_new ();
  json_object_set_string_member (claims, "sub", "u1");
  json_object_set_int_member (claims, "exp", 1234567890);

  return claims;
}

static Fixture *
set_up (void)
{
  static const char *const names[] = { "authorizer", "connect", "sync", "films", "chat" };
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->server = local_server_new (&fixture->address);
  fixture->functions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify) rafilm_local_function_free);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_hash_table_insert (fixture->functions, (gpointer) names[i],
                         rafilm_local_function_new (names[i], FAKE_FUNCTION, NULL, 2));
  fixture->gateway = rafilm_local_gateway_new (fixture->server, find, authorize, fixture);
  fixture->lambda = rafilm_local_lambda_new (fixture->server, find, fixture);

  return fixture;
}

static void
tear_down (Fixture *fixture)
{
  rafilm_local_lambda_free (fixture->lambda);
  rafilm_local_gateway_free (fixture->gateway);
  g_hash_table_unref (fixture->functions);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_free (fixture->address);
  g_free (fixture);
  rafilm_test_sleep (50);
}

static GBytes *
invoke (Fixture *fixture, const char *event, guint timeout_ms, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (event, strlen (event));

  return dex_await_boxed (rafilm_local_function_invoke (find ("sync", fixture), bytes, timeout_ms),
                          error);
}

static void
test_runtime (void)
{
  Fixture *fixture = set_up ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = invoke (fixture, "{\"body\":\"{}\"}", 5000, &error);
  g_autoptr (JsonObject) object = NULL;

  g_assert_no_error (error);
  object = rafilm_local_json_parse (answer);
  g_assert_cmpstr (rafilm_local_json_get_text (object, "body"), ==, "{\"body\":\"{}\"}");

  g_assert_null (invoke (fixture, "{\"body\":\"{\\\"do\\\":\\\"error\\\"}\"}", 5000, &error));
  g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FUNCTION);
  g_assert_nonnull (strstr (error->message, "\"Unauthorized\""));
  g_clear_error (&error);

  /* A process that ends takes its event along; the next one gets a fresh process. */
  g_assert_null (invoke (fixture, "{\"body\":\"{\\\"do\\\":\\\"crash\\\"}\"}", 5000, &error));
  g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FUNCTION);
  g_clear_error (&error);
  g_clear_pointer (&answer, g_bytes_unref);
  answer = invoke (fixture, "{\"body\":\"{}\"}", 5000, &error);
  g_assert_no_error (error);

  /* So does one that is too slow. */
  g_assert_null (invoke (fixture, "{\"body\":\"{\\\"do\\\":\\\"sleep\\\"}\"}", 300, &error));
  g_assert_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_clear_pointer (&answer, g_bytes_unref);
  answer = invoke (fixture, "{\"body\":\"{}\"}", 5000, &error);
  g_assert_no_error (error);
  tear_down (fixture);
}

static char *
get_process (GBytes *payload)
{
  g_autoptr (JsonObject) object = rafilm_local_json_parse (payload);

  return g_strdup_printf (
      "%" G_GINT64_FORMAT,
      rafilm_local_json_get_int (rafilm_local_json_get_object (object, "headers"), "X-Process", 0));
}

static void
test_concurrency (void)
{
  Fixture *fixture = set_up ();
  g_autoptr (GBytes) event = g_bytes_new_static ("{}", 2);
  g_autoptr (GHashTable) processes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  DexFuture *futures[8];

  for (gsize i = 0; i < G_N_ELEMENTS (futures); i++)
    futures[i] = rafilm_local_function_invoke (find ("films", fixture), event, 5000);
  for (gsize i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) answer = dex_await_boxed (futures[i], &error);

      g_assert_no_error (error);
      g_hash_table_add (processes, get_process (answer));
    }
  g_assert_cmpuint (g_hash_table_size (processes), >=, 1);
  g_assert_cmpuint (g_hash_table_size (processes), <=, 2);
  tear_down (fixture);
}

static LocalAnswer *
call (Fixture *fixture, const char *method, const char *path, const char *token, GBytes *body)
{
  g_autofree char *uri = g_strconcat (fixture->address, "/prod", path, NULL);
  const char *headers[] = { "X-Test", "one", token != NULL ? "Authorization" : NULL, token, NULL };

  return local_client_send (method, uri, headers, body);
}

/* Every member that AWS describes for format 1.0 is there, with the right kind of value. */
static void
test_rest_event (void)
{
  Fixture *fixture = set_up ();
  g_autoptr (LocalAnswer) answer =
      call (fixture, "GET", "/v1/films/949?a=1&a=2&q=caf%C3%A9+noir", NULL, NULL);
  JsonObject *event = answer->object;
  JsonObject *context = rafilm_local_json_get_object (event, "requestContext");
  JsonObject *query = rafilm_local_json_get_object (event, "queryStringParameters");
  JsonObject *queries = rafilm_local_json_get_object (event, "multiValueQueryStringParameters");
  JsonObject *headers = rafilm_local_json_get_object (event, "headers");
  static const char *const members[] = {
    "resourceId", "resourcePath", "httpMethod", "extendedRequestId", "requestTime", "path",
    "accountId",  "protocol",     "stage",      "domainPrefix",      "requestId",   "domainName",
    "apiId",      "deploymentId"
  };

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (rafilm_local_json_get_text (event, "resource"), ==, "/v1/films/{id}");
  g_assert_cmpstr (rafilm_local_json_get_text (event, "path"), ==, "/v1/films/949");
  g_assert_cmpstr (rafilm_local_json_get_text (context, "path"), ==, "/prod/v1/films/949");
  g_assert_cmpstr (
      rafilm_local_json_get_text (rafilm_local_json_get_object (event, "pathParameters"), "id"), ==,
      "949");
  g_assert_cmpstr (rafilm_local_json_get_text (query, "a"), ==, "2");
  g_assert_cmpstr (rafilm_local_json_get_text (query, "q"), ==, "café noir");
  g_assert_cmpuint (json_array_get_length (rafilm_local_json_get_array (queries, "a")), ==, 2);
  g_assert_cmpstr (rafilm_local_json_get_text (headers, "X-Test"), ==, "one");
  g_assert_true (json_object_get_null_member (event, "body"));
  g_assert_true (json_object_get_null_member (event, "stageVariables"));
  g_assert_false (json_object_get_boolean_member (event, "isBase64Encoded"));
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    g_assert_nonnull (rafilm_local_json_get_text (context, members[i]));
  g_assert_cmpint (rafilm_local_json_get_int (context, "requestTimeEpoch", 0), >, 1000000000000);
  g_assert_cmpstr (
      rafilm_local_json_get_text (rafilm_local_json_get_object (context, "identity"), "sourceIp"),
      ==, "127.0.0.1");
  g_assert_false (json_object_has_member (context, "authorizer"));
  tear_down (fixture);
}

/* As infra/openapi.yaml has it. */
static void
check_problem (LocalAnswer *answer, guint status, const char *code, const char *retry_after)
{
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_cmpstr (soup_message_headers_get_content_type (answer->headers, NULL), ==,
                   "application/problem+json");
  g_assert_cmpstr (rafilm_local_json_get_text (answer->object, "type"), ==, "about:blank");
  g_assert_nonnull (rafilm_local_json_get_text (answer->object, "title"));
  g_assert_cmpint (rafilm_local_json_get_int (answer->object, "status", 0), ==, status);
  g_assert_cmpstr (rafilm_local_json_get_text (answer->object, "code"), ==, code);
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Retry-After"), ==, retry_after);
}

/* An event is JSON, hence UTF-8, whatever bytes a path stands for. */
static void
test_path_of_any_bytes (void)
{
  Fixture *fixture = set_up ();
  g_autoptr (LocalAnswer) answer = call (fixture, "GET", "/v1/films/%ff", NULL, NULL);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (rafilm_local_json_get_text (
                       rafilm_local_json_get_object (answer->object, "pathParameters"), "id"),
                   ==, "\xef\xbf\xbd");
  tear_down (fixture);
}

static void
test_authorizer (void)
{
  Fixture *fixture = set_up ();
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"proto\":1}", 11);
  g_autoptr (LocalAnswer) without = call (fixture, "POST", "/v1/sync", NULL, body);
  g_autoptr (LocalAnswer) wrong = call (fixture, "POST", "/v1/sync", "Bearer bad", body);
  g_autoptr (LocalAnswer) old = call (fixture, "POST", "/v1/sync", "Bearer old", body);
  g_autoptr (LocalAnswer) good = call (fixture, "POST", "/v1/sync", "Bearer good", body);
  JsonObject *claims;

  check_problem (without, 401, "unauthorized", NULL);
  check_problem (wrong, 401, "unauthorized", NULL);
  check_problem (old, 401, "expired", NULL);
  g_assert_cmpuint (good->status, ==, 200);
  claims = rafilm_local_json_get_object (
      rafilm_local_json_get_object (rafilm_local_json_get_object (good->object, "requestContext"),
                                    "authorizer"),
      "claims");
  g_assert_cmpstr (rafilm_local_json_get_text (claims, "sub"), ==, "u1");
  g_assert_cmpstr (rafilm_local_json_get_text (claims, "exp"), ==, "1234567890");
  g_assert_cmpstr (rafilm_local_json_get_text (good->object, "body"), ==, "{\"proto\":1}");
  tear_down (fixture);
}

static void
test_own_answers (void)
{
  Fixture *fixture = set_up ();
  g_autofree char *zeros = g_malloc0 (11 * 1024 * 1024);
  g_autoptr (GBytes) large = g_bytes_new (zeros, 11 * 1024 * 1024);
  g_autoptr (GBytes) medium = g_bytes_new (zeros, 7 * 1024 * 1024);
  g_autoptr (LocalAnswer) unknown = call (fixture, "GET", "/v1/nothing", NULL, NULL);
  g_autoptr (LocalAnswer) method = call (fixture, "DELETE", "/v1/sync", "Bearer good", NULL);
  g_autoptr (LocalAnswer) malformed = call (fixture, "GET", "/v1/films/1?do=malformed", NULL, NULL);
  g_autoptr (LocalAnswer) crashed = call (fixture, "GET", "/v1/films/1?do=crash", NULL, NULL);
  g_autoptr (LocalAnswer) binary = call (fixture, "GET", "/v1/films/1?do=binary", NULL, NULL);
  g_autoptr (LocalAnswer) too_large = call (fixture, "POST", "/v1/sync", "Bearer good", large);
  g_autoptr (LocalAnswer) no_event = call (fixture, "POST", "/v1/sync", "Bearer good", medium);

  check_problem (no_event, 413, "too_large", NULL);
  check_problem (unknown, 404, "not_found", NULL);
  check_problem (method, 404, "not_found", NULL);
  check_problem (malformed, 502, "unavailable", "5");
  check_problem (crashed, 502, "unavailable", "5");
  g_assert_cmpuint (binary->status, ==, 200);
  g_assert_cmpmem (g_bytes_get_data (binary->body, NULL), g_bytes_get_size (binary->body),
                   "\x00\x01\xff", 3);
  check_problem (too_large, 413, "too_large", NULL);
  tear_down (fixture);
}

static void
test_compression (void)
{
  Fixture *fixture = set_up ();
  g_autofree char *uri = g_strconcat (fixture->address, "/prod/v1/sync", NULL);
  g_autofree char *zeros = g_malloc0 (12 * 1024 * 1024);
  g_autoptr (GBytes) bomb_plain = g_bytes_new (zeros, 12 * 1024 * 1024);
  g_autoptr (GBytes) bomb = rafilm_local_compress (bomb_plain);
  g_autofree char *text = g_strnfill (3000, 'x');
  g_autofree char *json = g_strdup_printf ("{\"text\":\"%s\"}", text);
  g_autoptr (GBytes) plain = g_bytes_new (json, strlen (json));
  g_autoptr (GBytes) body = rafilm_local_compress (plain);
  g_autoptr (GBytes) decoded = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) event = NULL;
  const char *headers[] = {
    "Authorization", "Bearer good", "Content-Encoding", "gzip", "Accept-Encoding", "gzip", NULL
  };
  g_autoptr (LocalAnswer) answer = local_client_send ("POST", uri, headers, body);
  g_autoptr (LocalAnswer) refused = local_client_send ("POST", uri, headers, bomb);
  g_autoptr (LocalAnswer) garbage = local_client_send ("POST", uri, headers, plain);

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Content-Encoding"), ==, "gzip");
  decoded = rafilm_local_decompress (answer->body, 1 << 20, &error);
  g_assert_no_error (error);
  event = rafilm_local_json_parse (decoded);
  g_assert_cmpstr (rafilm_local_json_get_text (event, "body"), ==, json);
  check_problem (refused, 413, "too_large", NULL);
  check_problem (garbage, 400, "bad_request", NULL);
  tear_down (fixture);
}

static void
test_invoke_api (void)
{
  static const char failing_event[] = "{\"body\":\"{\\\"do\\\":\\\"error\\\"}\"}";
  Fixture *fixture = set_up ();
  g_autofree char *uri =
      g_strconcat (fixture->address, "/2015-03-31/functions/chat/invocations", NULL);
  g_autofree char *unknown_uri =
      g_strconcat (fixture->address, "/2015-03-31/functions/none/invocations", NULL);
  g_autoptr (GBytes) event = g_bytes_new_static ("{\"body\":\"{}\"}", 13);
  g_autoptr (GBytes) failing = g_bytes_new_static (failing_event, sizeof failing_event - 1);
  const char *headers[] = { "X-Amz-Invocation-Type", "Event", NULL };
  g_autoptr (LocalAnswer) later = local_client_send ("POST", uri, headers, event);
  g_autoptr (LocalAnswer) now = local_client_send ("POST", uri, NULL, event);
  g_autoptr (LocalAnswer) failed = local_client_send ("POST", uri, NULL, failing);
  g_autoptr (LocalAnswer) unknown = local_client_send ("POST", unknown_uri, NULL, event);

  g_assert_cmpuint (later->status, ==, 202);
  g_assert_cmpuint (now->status, ==, 200);
  g_assert_cmpint (rafilm_local_json_get_int (now->object, "statusCode", 0), ==, 200);
  g_assert_cmpstr (soup_message_headers_get_one (failed->headers, "X-Amz-Function-Error"), ==,
                   "Unhandled");
  g_assert_cmpuint (unknown->status, ==, 404);
  tear_down (fixture);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/local/runtime/answers", test_runtime);
  rafilm_test_add_fiber ("/local/runtime/concurrency", test_concurrency);
  rafilm_test_add_fiber ("/local/gateway/event", test_rest_event);
  rafilm_test_add_fiber ("/local/gateway/path-of-any-bytes", test_path_of_any_bytes);
  rafilm_test_add_fiber ("/local/gateway/authorizer", test_authorizer);
  rafilm_test_add_fiber ("/local/gateway/own-answers", test_own_answers);
  rafilm_test_add_fiber ("/local/gateway/compression", test_compression);
  rafilm_test_add_fiber ("/local/lambda/invoke", test_invoke_api);

  return g_test_run ();
}
