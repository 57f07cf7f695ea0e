/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bytes that no decent client sends, to everything that listens: each gets a refusal or is cut
 * off, and after each the next decent request is answered. */

#include "local-client.h"
#include "rafilm-local-cognito.h"
#include "rafilm-local-gateway.h"
#include "rafilm-local-http.h"
#include "rafilm-local-lambda.h"
#include "rafilm-local-tmdb.h"

#include "rafilm-test.h"

#include <gio/gio.h>
#include <stdio.h>

#define KEY "the-key"

typedef struct
{
  SoupServer *server;
  char *address;
  RafilmLocalFunction *function;
  RafilmLocalGateway *gateway;
  RafilmLocalLambda *lambda;
  RafilmLocalCognito *cognito;
  RafilmLocalCatalogue *catalogue;
  RafilmLocalTmdb *tmdb;
} Host;

static RafilmLocalFunction *
find (const char *name, gpointer data)
{
  return strcmp (name, "none") != 0 ? ((Host *) data)->function : NULL;
}

static JsonObject *
authorize (const char *authorization, gboolean *ret_expired, gpointer data)
{
  return rafilm_local_cognito_authorize (((Host *) data)->cognito, authorization, ret_expired);
}

static void
changed_cb (gpointer data)
{
}

static Host *
host_new (void)
{
  Host *host = g_new0 (Host, 1);
  g_autoptr (GError) error = NULL;

  host->server = local_server_new (&host->address);
  host->function = rafilm_local_function_new ("any", FAKE_FUNCTION, NULL, 2);
  host->catalogue = rafilm_local_catalogue_new (SAMPLE_DIR, &error);
  g_assert_no_error (error);
  host->gateway = rafilm_local_gateway_new (host->server, find, authorize, host);
  host->lambda = rafilm_local_lambda_new (host->server, find, host);
  host->cognito = rafilm_local_cognito_new (host->server, host->address, RAFILM_LOCAL_COGNITO_TIMES,
                                            NULL, changed_cb, host);
  host->tmdb = rafilm_local_tmdb_new (host->server, host->catalogue, KEY, host->address, 1000);

  return host;
}

static void
host_free (Host *host)
{
  rafilm_local_tmdb_free (host->tmdb);
  rafilm_local_cognito_free (host->cognito);
  rafilm_local_lambda_free (host->lambda);
  rafilm_local_gateway_free (host->gateway);
  rafilm_local_function_free (host->function);
  rafilm_local_catalogue_free (host->catalogue);
  soup_server_disconnect (host->server);
  g_object_unref (host->server);
  g_free (host->address);
  g_free (host);
  rafilm_test_sleep (50);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Host, host_free)

/* ---- raw bytes ---------------------------------------------------------------------------- */

typedef struct
{
  GSocketConnection *connection;
  GCancellable *cancellable;
  GString *answer;
  gboolean ended;
  char buffer[4096];
} Raw;

static void read_more (Raw *raw);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gssize count = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  Raw *raw;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  raw = data;
  if (count <= 0)
    {
      raw->ended = TRUE;
      return;
    }
  g_string_append_len (raw->answer, raw->buffer, count);
  read_more (raw);
}

static void
read_more (Raw *raw)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (raw->connection)),
                             raw->buffer, sizeof raw->buffer, G_PRIORITY_DEFAULT, raw->cancellable,
                             read_cb, raw);
}

static Raw *
raw_open (Host *host)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  Raw *raw = g_new0 (Raw, 1);

  raw->connection =
      g_socket_client_connect_to_host (client, host->address + strlen ("http://"), 0, NULL, &error);
  g_assert_no_error (error);
  raw->cancellable = g_cancellable_new ();
  raw->answer = g_string_new (NULL);
  read_more (raw);

  return raw;
}

static void
raw_free (Raw *raw)
{
  g_cancellable_cancel (raw->cancellable);
  rafilm_test_sleep (1);
  g_object_unref (raw->connection);
  g_object_unref (raw->cancellable);
  g_string_free (raw->answer, TRUE);
  g_free (raw);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Raw, raw_free)

/* FALSE when the server has closed the connection meanwhile. */
static gboolean
raw_send (Raw *raw, const char *bytes, gsize length)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (raw->connection));

  return g_output_stream_write_all (stream, bytes, length, NULL, NULL, NULL);
}

/* The status of the first answer; 0 when the connection was ended without one. */
static guint
raw_await_status (Raw *raw)
{
  guint status = 0;

  for (int i = 0; i < 500 && !raw->ended && strstr (raw->answer->str, "\r\n\r\n") == NULL; i++)
    rafilm_test_sleep (10);
  if (sscanf (raw->answer->str, "HTTP/1.%*d %u", &status) != 1)
    g_assert_true (raw->ended);

  return status;
}

static void
check_well (Host *host)
{
  g_autoptr (LocalAnswer) answer = local_client_get (host->address, "/prod/v1/films/949");

  g_assert_cmpuint (answer->status, ==, 200);
}

/* After @ends nothing more is sent, so that nobody waits for it. */
static guint
ask (Host *host, const char *bytes, gsize length, gboolean ends)
{
  g_autoptr (Raw) raw = raw_open (host);

  raw_send (raw, bytes, length);
  if (ends)
    g_socket_shutdown (g_socket_connection_get_socket (raw->connection), FALSE, TRUE, NULL);

  return raw_await_status (raw);
}

static void
test_requests (void)
{
  g_autoptr (Host) host = host_new ();
  static const struct
  {
    const char *bytes;
    guint status; /* 0: refused in whatever way */
  } requests[] = {
    { "", 0 },
    { "\r\n\r\n", 0 },
    { "GET\r\n\r\n", 0 },
    { "GET /prod/v1/films/949 HTTP/9.9\r\nHost: x\r\n\r\n", 0 },
    { "\x16\x03\x01\x02\x01\x01\r\n\r\n", 0 },
    { "FROBNICATE /prod/v1/films/949 HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /prod/v1/../v1/films/949 HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
    { "GET /prod/v1/films/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 0 },
    { "GET /prod/v1/films/949/ HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /prod HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /prod/ HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /prod//v1/films/949 HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    { "GET /prod/v1/films/949?%zz=%&&&=&a HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
    { "GET /prod/v1/films/949?&&&=&a=&=b HTTP/1.1\r\nHost: x\r\n\r\n", 200 },
    { "POST /prod/v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 401 },
    { "POST /prod/v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\nContent-Length: "
      "0\r\n\r\n",
      401 },
    { "POST /prod/v1/sync HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a.b.c\r\nContent-Length: "
      "0\r\n\r\n",
      401 },
    { "POST /prod/v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 0 },
    { "POST /prod/v1/sync HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 0 },
    { "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AWSCognitoIdentityProviderService.SignUp\r\n"
      "Content-Length: 5\r\n\r\n[1,2]",
      400 },
    { "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      guint status =
          ask (host, requests[i].bytes, strlen (requests[i].bytes), requests[i].status == 0);

      g_test_message ("request %" G_GSIZE_FORMAT ": %u", i, status);
      if (requests[i].status != 0)
        g_assert_cmpuint (status, ==, requests[i].status);
      else
        g_assert_true (status == 0 || status >= 400);
      check_well (host);
    }
}

/* Whoever sends one byte after another is answered as others are. */
static void
test_split (void)
{
  static const char request[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                "X-Amz-Target: AWSCognitoIdentityProviderService.ForgotPassword\r\n"
                                "Content-Length: 18\r\n\r\n{\"Username\":\"ana\"}";
  g_autoptr (Host) host = host_new ();
  g_autoptr (Raw) raw = raw_open (host);

  for (gsize i = 0; i < sizeof request - 1; i++)
    {
      g_assert_true (raw_send (raw, request + i, 1));
      if (i % 16 == 0)
        rafilm_test_sleep (1);
    }
  g_assert_cmpuint (raw_await_status (raw), ==, 400);
  for (int i = 0; i < 100 && strstr (raw->answer->str, "Exception") == NULL; i++)
    rafilm_test_sleep (10);
  g_test_message ("%s", raw->answer->str);
  g_assert_nonnull (strstr (raw->answer->str, "Exception"));
  g_assert_null (strstr (raw->answer->str, "SerializationException"));
  check_well (host);
}

/* Several requests at once on one connection are answered in their order. */
static void
test_pipelined (void)
{
  static const char requests[] = "GET /prod/v1/films/1?do=malformed HTTP/1.1\r\nHost: x\r\n\r\n"
                                 "GET /prod/v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n";
  g_autoptr (Host) host = host_new ();
  g_autoptr (Raw) raw = raw_open (host);

  g_assert_true (raw_send (raw, requests, sizeof requests - 1));
  g_assert_cmpuint (raw_await_status (raw), ==, 502);
  for (int i = 0; i < 300 && strstr (raw->answer->str, "not_found") == NULL; i++)
    rafilm_test_sleep (10);
  g_assert_nonnull (strstr (raw->answer->str, "not_found"));
  check_well (host);
}

/* Clients that go away in the middle: of the headers, of the body, of the function's work. */
static void
test_gone (void)
{
  static const char *const beginnings[] = {
    "POST /prod/v1/sync HT",
    "POST /prod/v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"half\":",
    "GET /prod/v1/films/949 HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /2015-03-31/functions/chat/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: "
    "2\r\n\r\n{}",
  };
  g_autoptr (Host) host = host_new ();

  for (int round = 0; round < 5; round++)
    for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
      {
        g_autoptr (Raw) raw = raw_open (host);

        raw_send (raw, beginnings[i], strlen (beginnings[i]));
        if (round > 0)
          rafilm_test_sleep ((guint) round);
      }
  check_well (host);
}

static void
test_headers (void)
{
  g_autoptr (Host) host = host_new ();
  g_autofree char *long_value = g_strnfill (1024 * 1024, 'x');
  g_autofree char *large =
      g_strdup_printf ("GET /prod/v1/films/949 HTTP/1.1\r\nHost: x\r\nX-A: %s\r\n\r\n", long_value);
  g_autofree char *path =
      g_strdup_printf ("GET /prod/v1/films/%s HTTP/1.1\r\nHost: x\r\n\r\n", long_value);
  g_autoptr (GString) many = g_string_new ("GET /prod/v1/films/949 HTTP/1.1\r\nHost: x\r\n");

  for (int i = 0; i < 5000; i++)
    g_string_append_printf (many, "X-%d: %d\r\n", i, i);
  g_string_append (many, "\r\n");
  ask (host, large, strlen (large), TRUE);
  check_well (host);
  ask (host, path, strlen (path), TRUE);
  check_well (host);
  ask (host, many->str, many->len, TRUE);
  check_well (host);
}

/* ---- bodies ------------------------------------------------------------------------------- */

static guint
post (Host *host, const char *path, const char *name, const char *value, const char *body,
      gsize length)
{
  const char *headers[] = { name, value, NULL };
  g_autofree char *uri = g_strconcat (host->address, path, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (body, length);
  g_autoptr (LocalAnswer) answer = local_client_send ("POST", uri, headers, bytes);

  return answer->status;
}

static char *
make_nested (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *close = g_strnfill (depth, ']');

  return g_strdup_printf ("{\"Username\":%s%s}", open, close);
}

/* Whatever the body is, Cognito's stand-in names a fault and goes on. */
static void
test_bodies (void)
{
  static const char *const operations[] = {
    "SignUp",
    "ConfirmSignUp",
    "ResendConfirmationCode",
    "InitiateAuth",
    "GetUser",
    "RespondToAuthChallenge",
    "ForgotPassword",
    "ConfirmForgotPassword",
    "ChangePassword",
    "GlobalSignOut",
    "RevokeToken",
    "DeleteUser",
    "Frobnicate",
    "",
  };
  static const char *const bodies[] = {
    "",
    "null",
    "[]",
    "{",
    "{}",
    "{\"ClientId\":1}",
    "{\"ClientId\":null,\"Username\":[],\"Password\":{}}",
    "{\"ClientId\":\"x\",\"AuthParameters\":[1,2],\"AuthFlow\":7}",
    "{\"AuthFlow\":\"USER_SRP_AUTH\",\"AuthParameters\":{\"USERNAME\":\"\",\"SRP_A\":\"0\"}}",
    "{\"ChallengeName\":\"PASSWORD_VERIFIER\",\"ChallengeResponses\":\"none\"}",
    "{\"UserAttributes\":[null,1,[],{\"Name\":1}],\"Username\":\"a@b.c\",\"Password\":"
    "\"Aa345678\"}",
    "{\"AccessToken\":\"a.b.c\"}",
    "{\"AccessToken\":\"eyJhbGciOiJub25lIn0.e30.\"}",
    "{\"Username\":\"\xff\xfe\"}",
    "{\"a\":1e999,\"b\":-0,\"c\":\"\\ud800\"}",
  };
  g_autoptr (Host) host = host_new ();
  g_autofree char *nested = make_nested (20000);
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, ' ');

  for (gsize i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autofree char *target =
          g_strconcat ("AWSCognitoIdentityProviderService.", operations[i], NULL);

      for (gsize j = 0; j < G_N_ELEMENTS (bodies); j++)
        g_assert_cmpuint (post (host, "/", "X-Amz-Target", target, bodies[j], strlen (bodies[j])),
                          ==, 400);
      g_assert_cmpuint (post (host, "/", "X-Amz-Target", target, nested, strlen (nested)), ==, 400);
      g_assert_cmpuint (post (host, "/", "X-Amz-Target", target, large, strlen (large)), ==, 400);
    }
  check_well (host);
}

static void
test_functions (void)
{
  g_autoptr (Host) host = host_new ();
  g_autofree char *large = g_strnfill (2 * 1024 * 1024, ' ');
  static const char *const paths[] = {
    "/2015-03-31/functions",
    "/2015-03-31/functions/",
    "/2015-03-31/functions/chat",
    "/2015-03-31/functions/none/invocations",
    "/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:none/invocations",
    "/2015-03-31/functions/chat/invocations/more",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    g_assert_cmpuint (post (host, paths[i], "X-A", "b", "{}", 2), ==, 404);
  g_assert_cmpuint (
      post (host, "/2015-03-31/functions/chat/invocations", "X-A", "b", large, strlen (large)), ==,
      413);
  g_assert_cmpuint (
      post (host, "/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:chat/invocations",
            "X-A", "b", "{}", 2),
      ==, 200);
  check_well (host);
}

/* TMDb's stand-in: wrong numbers, wrong keys, texts of any kind. */
static void
test_tmdb (void)
{
  static const struct
  {
    const char *path;
    guint status;
  } requests[] = {
    { "/3/movie/949", 401 },
    { "/3/movie/949?api_key=wrong", 401 },
    { "/3/movie/949?api_key=" KEY, 200 },
    { "/3/movie/0?api_key=" KEY, 404 },
    { "/3/movie/-1?api_key=" KEY, 404 },
    { "/3/movie/99999999999999999999?api_key=" KEY, 404 },
    { "/3/movie/949abc?api_key=" KEY, 404 },
    { "/3/search/movie?api_key=" KEY "&query=%25%27%22%3B--", 200 },
    { "/3/search/movie?api_key=" KEY "&query=%ff%fe", 0 },
    { "/3/search/movie?api_key=" KEY "&query=heat&page=0", 0 },
    { "/3/search/movie?api_key=" KEY "&query=heat&page=501", 0 },
    { "/3/search/movie?api_key=" KEY "&query=heat&page=two", 0 },
    { "/3/nothing?api_key=" KEY, 404 },
  };
  g_autoptr (Host) host = host_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (LocalAnswer) answer = local_client_get (host->address, requests[i].path);

      g_test_message ("%s: %u", requests[i].path, answer->status);
      if (requests[i].status != 0)
        g_assert_cmpuint (answer->status, ==, requests[i].status);
      g_assert_cmpuint (answer->status, <, 500);
    }
  check_well (host);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/local/hostile/requests", test_requests);
  rafilm_test_add_fiber ("/local/hostile/split", test_split);
  rafilm_test_add_fiber ("/local/hostile/pipelined", test_pipelined);
  rafilm_test_add_fiber ("/local/hostile/gone", test_gone);
  rafilm_test_add_fiber ("/local/hostile/headers", test_headers);
  rafilm_test_add_fiber ("/local/hostile/bodies", test_bodies);
  rafilm_test_add_fiber ("/local/hostile/functions", test_functions);
  rafilm_test_add_fiber ("/local/hostile/tmdb", test_tmdb);

  return g_test_run ();
}
