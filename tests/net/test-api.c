/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-api.h"

#include <string.h>

#include "rafilm-error.h"
#include "rafilm-fake-cognito.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

typedef struct
{
  RafilmFakeCognito *cognito;
  SoupServer *server;
  RafilmHttp *http;
  RafilmAccount *account;
  RafilmApi *api;
  char *folder;
  char *seen_token;
  char *seen_query;
  char *seen_body; /* as it was before it was compressed */
  gsize seen_size;
  guint calls;
  guint unauthorized;
} Fixture;

static void
note_request (Fixture *fixture, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  const char *encoding = soup_message_headers_get_one (headers, "Content-Encoding");

  fixture->calls++;
  fixture->seen_size = g_bytes_get_size (body);
  if (g_strcmp0 (encoding, "gzip") == 0)
    {
      g_autoptr (GZlibDecompressor) decompressor =
          g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
      g_autoptr (GBytes) compressed = g_steal_pointer (&body);

      body = g_converter_convert_bytes (G_CONVERTER (decompressor), compressed, NULL);
    }
  g_set_str (&fixture->seen_token, soup_message_headers_get_one (headers, "Authorization"));
  g_set_str (&fixture->seen_query, g_uri_get_query (soup_server_message_get_uri (message)));
  g_free (fixture->seen_body);
  fixture->seen_body = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
answer_too_much (SoupServerMessage *message)
{
  g_autofree char *text = g_strnfill (9 * 1024 * 1024, ' ');

  rafilm_fake_server_answer (message, 200, "application/json", text);
}

static void
answer_deep (SoupServerMessage *message)
{
  g_autofree char *text = g_strnfill (200000, '[');

  rafilm_fake_server_answer (message, 200, "application/json", text);
}

static void
answer_problem (SoupServerMessage *message, guint status)
{
  g_autofree char *text = g_strdup_printf (
      "{\"type\":\"about:blank\",\"title\":\"Title\",\"status\":%u,\"code\":\"some_code\","
      "\"detail\":\"The detail.\"}",
      status);

  soup_message_headers_append (soup_server_message_get_response_headers (message), "Retry-After",
                               "17");
  rafilm_fake_server_answer (message, status, "application/problem+json", text);
}

static void
api_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
        gpointer data)
{
  Fixture *fixture = data;
  guint64 status = 0;

  note_request (fixture, message);
  path += strlen ("/prod/");
  if (fixture->unauthorized > 0)
    {
      fixture->unauthorized--;
      rafilm_fake_server_answer (message, 401, "application/json",
                                 "{\"message\":\"Unauthorized\"}");
    }
  else if (g_str_equal (path, "v1/good"))
    rafilm_fake_server_answer (message, 200, "application/json; charset=utf-8", "{\"ok\":1}");
  else if (g_str_equal (path, "v1/html"))
    rafilm_fake_server_answer (message, 200, "text/html", "<p>Sign in to this network</p>");
  else if (g_str_equal (path, "v1/broken"))
    rafilm_fake_server_answer (message, 200, "application/json", "{\"ok\":");
  else if (g_str_equal (path, "v1/latin"))
    rafilm_fake_server_answer (message, 200, "application/json", "{\"ok\":\"\xe9\"}");
  else if (g_str_equal (path, "v1/much"))
    answer_too_much (message);
  else if (g_str_equal (path, "v1/deep"))
    answer_deep (message);
  else if (g_ascii_string_to_unsigned (path, 10, 400, 599, &status, NULL))
    answer_problem (message, (guint) status);
  else
    rafilm_fake_server_answer (message, 502, "text/html", "<h1>Bad gateway</h1>");
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);
  g_autoptr (RafilmEndpoints) endpoints = NULL;
  g_autoptr (RafilmKeyring) keyring = NULL;
  g_autoptr (GError) error = NULL;

  g_setenv ("RAFILM_KEYRING", "session", TRUE);
  fixture->cognito = rafilm_fake_cognito_new ();
  fixture->server = rafilm_fake_server_new ();
  soup_server_add_handler (fixture->server, NULL, rafilm_fake_cognito_handle, fixture->cognito,
                           NULL);
  soup_server_add_handler (fixture->server, "/prod", api_cb, fixture, NULL);
  endpoints = rafilm_fake_server_dup_endpoints (fixture->server);
  fixture->folder = rafilm_test_make_dir ();
  keyring = rafilm_keyring_new (fixture->folder);
  fixture->http = rafilm_http_new ();
  fixture->account = rafilm_account_new (fixture->http, endpoints, keyring);
  fixture->api = rafilm_api_new (fixture->http, endpoints, fixture->account);
  dex_await (rafilm_account_sign_in (fixture->account, RAFILM_FAKE_EMAIL, RAFILM_FAKE_PASSWORD),
             &error);
  g_assert_no_error (error);

  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  /* A fiber lets go of what it holds a turn after its promise. */
  rafilm_test_sleep (20);
  g_assert_finalize_object (fixture->api);
  g_assert_finalize_object (fixture->account);
  g_assert_finalize_object (fixture->http);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  rafilm_fake_cognito_free (fixture->cognito);
  g_free (fixture->folder);
  g_free (fixture->seen_token);
  g_free (fixture->seen_query);
  g_free (fixture->seen_body);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
assert_refused (Fixture *fixture, const char *path, gboolean signed_in, RafilmError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      dex_await_boxed (rafilm_api_call (fixture->api, "GET", path, NULL, NULL, signed_in), &error);

  g_test_message ("%s", path);
  g_assert_null (node);
  g_assert_error (error, RAFILM_ERROR, (int) code);
}

static void
test_call (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (JsonNode) body = json_from_string ("{\"a\":\"\xc3\xa9\"}", NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *bearer = NULL;
  g_autoptr (GError) error = NULL;

  node = dex_await_boxed (
      rafilm_api_call (fixture->api, "POST", "v1/good", "page=2&query=a%26b", body, TRUE), &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "ok"), ==, 1);
  bearer = g_strconcat ("Bearer ", fixture->cognito->access_token, NULL);
  g_assert_cmpstr (fixture->seen_token, ==, bearer);
  g_assert_cmpstr (fixture->seen_query, ==, "page=2&query=a%26b");
  g_assert_cmpstr (fixture->seen_body, ==, "{\"a\":\"\xc3\xa9\"}");

  g_clear_pointer (&node, json_node_unref);
  node =
      dex_await_boxed (rafilm_api_call (fixture->api, "GET", "v1/good", NULL, NULL, FALSE), &error);
  g_assert_no_error (error);
  g_assert_null (fixture->seen_token);
}

/* What is long enough goes compressed. */
static void
test_compressed (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *words = g_strnfill (4000, 'w');
  g_autofree char *text = g_strdup_printf ("{\"a\":\"%s\"}", words);
  g_autoptr (JsonNode) body = json_from_string (text, NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  node =
      dex_await_boxed (rafilm_api_call (fixture->api, "POST", "v1/good", NULL, body, TRUE), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->seen_body, ==, text);
  g_assert_cmpuint (fixture->seen_size, <, 200);
}

static void
test_problems (void)
{
  const struct
  {
    const char *path;
    RafilmError code;
  } cases[] = {
    { "400", RAFILM_ERROR_INVALID },        { "403", RAFILM_ERROR_REFUSED },
    { "404", RAFILM_ERROR_NOT_FOUND },      { "409", RAFILM_ERROR_REFUSED },
    { "413", RAFILM_ERROR_TOO_LARGE },      { "426", RAFILM_ERROR_UPGRADE_NEEDED },
    { "429", RAFILM_ERROR_THROTTLED },      { "500", RAFILM_ERROR_UNAVAILABLE },
    { "503", RAFILM_ERROR_UNAVAILABLE },    { "v1/gateway", RAFILM_ERROR_UNAVAILABLE },
    { "v1/html", RAFILM_ERROR_MALFORMED },  { "v1/broken", RAFILM_ERROR_MALFORMED },
    { "v1/latin", RAFILM_ERROR_MALFORMED }, { "v1/deep", RAFILM_ERROR_MALFORMED },
    { "v1/much", RAFILM_ERROR_TOO_LARGE },
  };
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (fixture, cases[i].path, TRUE, cases[i].code);
}

static void
test_full (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmApiAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) meaning = NULL;

  answer = dex_await_boxed (rafilm_api_call_full (fixture->api, "POST", "409", NULL, NULL, TRUE),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 409);
  g_assert_cmpstr (answer->code, ==, "some_code");
  g_assert_cmpuint (answer->retry_after, ==, 17);
  g_assert_nonnull (answer->body);
  meaning = rafilm_api_answer_to_error (answer);
  g_assert_error (meaning, RAFILM_ERROR, RAFILM_ERROR_REFUSED);
  g_assert_nonnull (strstr (meaning->message, "The detail."));
}

static void
test_refused_token (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *first = g_strdup (fixture->cognito->access_token);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  fixture->unauthorized = 1;
  node =
      dex_await_boxed (rafilm_api_call (fixture->api, "GET", "v1/good", NULL, NULL, TRUE), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture->calls, ==, 2);
  g_assert_cmpstr (fixture->cognito->access_token, !=, first);

  fixture->unauthorized = 10;
  assert_refused (fixture, "v1/good", TRUE, RAFILM_ERROR_SIGN_IN_EXPIRED);
  g_assert_cmpuint (fixture->calls, ==, 4);

  /* A public call has no token to renew. */
  assert_refused (fixture, "v1/good", FALSE, RAFILM_ERROR_SIGN_IN_EXPIRED);
  g_assert_cmpuint (fixture->calls, ==, 5);
  g_assert_cmpuint (rafilm_fake_cognito_count (fixture->cognito, "GetTokensFromRefreshToken"), ==,
                    2);
}

static void
test_signed_out (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  dex_await (rafilm_account_sign_out (fixture->account, FALSE), NULL);
  assert_refused (fixture, "v1/good", TRUE, RAFILM_ERROR_NOT_SIGNED_IN);
  g_assert_cmpuint (fixture->calls, ==, 0);
}

static void
test_no_cloud (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmEndpoints) none = g_new0 (RafilmEndpoints, 1);

  g_assert_finalize_object (g_steal_pointer (&fixture->api));
  fixture->api = rafilm_api_new (fixture->http, none, fixture->account);
  assert_refused (fixture, "v1/good", FALSE, RAFILM_ERROR_OFFLINE);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  rafilm_test_add_fiber ("/net/api/call", test_call);
  rafilm_test_add_fiber ("/net/api/compressed", test_compressed);
  rafilm_test_add_fiber ("/net/api/problems", test_problems);
  rafilm_test_add_fiber ("/net/api/full", test_full);
  rafilm_test_add_fiber ("/net/api/refused-token", test_refused_token);
  rafilm_test_add_fiber ("/net/api/signed-out", test_signed_out);
  rafilm_test_add_fiber ("/net/api/no-cloud", test_no_cloud);

  return g_test_run ();
}
