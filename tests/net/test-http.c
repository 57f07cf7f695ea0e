/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-http.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "rafilm-error.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

#define MEBIBYTE ((gsize) 1024 * 1024)

typedef struct
{
  RafilmHttp *http;
  SoupServer *server;
  char *address;
  guint requests;
  guint finished;
} Fixture;

static void
finished_cb (SoupServerMessage *message, Fixture *fixture)
{
  fixture->finished++;
}

static void
wrote_chunk_cb (SoupServerMessage *message, gpointer data)
{
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autofree char *chunk = g_malloc0 (64 * 1024);

  soup_message_body_append (body, SOUP_MEMORY_COPY, chunk, 64 * 1024);
  soup_server_message_unpause (message);
}

static GBytes *
compress (gsize length)
{
  g_autoptr (GConverter) compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree char *zeros = g_malloc0 (length);
  g_autoptr (GBytes) plain = g_bytes_new (zeros, length);
  g_autoptr (GError) error = NULL;
  GBytes *compressed = g_converter_convert_bytes (compressor, plain, &error);

  g_assert_no_error (error);

  return compressed;
}

static void
answer_compressed (SoupServerMessage *message, gsize length)
{
  g_autoptr (GBytes) body = compress (length);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_append (soup_server_message_get_response_headers (message),
                               "Content-Encoding", "gzip");
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

static void
answer_echo (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  const char *mark = soup_message_headers_get_one (headers, "X-Mark");
  g_autofree char *text =
      g_strdup_printf ("%s %s %.*s", soup_server_message_get_method (message),
                       mark != NULL ? mark : "-", (int) body->length, body->data);

  soup_message_headers_append (soup_server_message_get_response_headers (message), "X-Answer",
                               "yes");
  rafilm_fake_server_answer (message, 201, "text/plain", text);
}

static void
handle_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
           gpointer data)
{
  Fixture *fixture = data;

  fixture->requests++;
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), fixture);

  if (g_str_equal (path, "/echo"))
    answer_echo (message);
  else if (g_str_equal (path, "/missing"))
    rafilm_fake_server_answer (message, 404, "text/plain", "no");
  else if (g_str_equal (path, "/redirect"))
    soup_server_message_set_redirect (message, 302, "/echo");
  else if (g_str_equal (path, "/gzip"))
    answer_compressed (message, 50000);
  else if (g_str_equal (path, "/bomb"))
    answer_compressed (message, 64 * MEBIBYTE);
  else if (g_str_equal (path, "/never"))
    soup_server_message_pause (message);
  else if (g_str_equal (path, "/endless"))
    {
      soup_server_message_set_status (message, 200, NULL);
      soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                         SOUP_ENCODING_CHUNKED);
      soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
      g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_chunk_cb), NULL);
      g_signal_connect (message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), NULL);
    }
  else
    g_assert_not_reached ();
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->http = rafilm_http_new ();
  fixture->server = rafilm_fake_server_new ();
  fixture->address = rafilm_fake_server_dup_address (fixture->server, "http");
  soup_server_add_handler (fixture->server, NULL, handle_cb, fixture, NULL);

  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  g_assert_finalize_object (fixture->http);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_free (fixture->address);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static RafilmHttpAnswer *
get (Fixture *fixture, const char *path, gsize max_bytes, guint seconds, GError **error)
{
  g_autofree char *uri = g_strconcat (fixture->address, path, NULL);
  RafilmHttpRequest request = {
    .method = "GET", .uri = uri, .max_bytes = max_bytes, .seconds = seconds
  };

  return dex_await_boxed (rafilm_http_send (fixture->http, &request), error);
}

static void
test_send (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = g_strconcat (fixture->address, "/echo", NULL);
  const char *headers[] = { "X-Mark", "here", "Content-Type", "text/plain", NULL };
  g_autoptr (GBytes) body = g_bytes_new_static ("hello", 5);
  RafilmHttpRequest request = { .method = "POST", .uri = uri, .headers = headers, .body = body };
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = dex_await_boxed (rafilm_http_send (fixture->http, &request), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->status, ==, 201);
  g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body),
                   "POST here hello", 15);
  g_assert_cmpstr (rafilm_http_answer_get_header (answer, "x-answer"), ==, "yes");
  g_assert_null (rafilm_http_answer_get_header (answer, "x-other"));
}

static void
test_statuses (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmHttpAnswer) missing = NULL;
  g_autoptr (RafilmHttpAnswer) redirect = NULL;
  g_autoptr (GError) error = NULL;

  missing = get (fixture, "/missing", 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (missing->status, ==, 404);

  redirect = get (fixture, "/redirect", 0, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (redirect->status, ==, 302);
  g_assert_cmpuint (fixture->requests, ==, 2);
}

static void
test_gzip (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = get (fixture, "/gzip", 50000, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (answer->body), ==, 50000);
}

static void
test_too_large (void)
{
  const char *const paths[] = { "/bomb", "/endless", "/gzip" };
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RafilmHttpAnswer) answer = get (fixture, paths[i], 49999, 20, &error);

      g_assert_null (answer);
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE);
    }

  /* The transfer that would never end was given up, not drained. */
  for (guint i = 0; i < 100 && fixture->finished < 3; i++)
    rafilm_test_sleep (20);
  g_assert_cmpuint (fixture->finished, ==, 3);
}

static void
test_timed_out (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  answer = get (fixture, "/never", 0, 1, &error);
  g_assert_null (answer);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

static void
test_cancelled (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = g_strconcat (fixture->address, "/never", NULL);
  RafilmHttpRequest request = { .method = "GET", .uri = uri };
  DexFuture *future = rafilm_http_send (fixture->http, &request);

  for (guint i = 0; i < 100 && fixture->requests == 0; i++)
    rafilm_test_sleep (10);
  g_assert_cmpuint (fixture->requests, ==, 1);

  dex_clear (&future);
  /* Nothing holds the message any more: the session can go, which the fixture asserts. */
  rafilm_test_sleep (50);
}

static void
assert_raw (Fixture *fixture, const char *answer_text, RafilmError code)
{
  guint16 port = 0;
  g_autoptr (GSocketService) service = rafilm_fake_listen_raw (answer_text, &port);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/", port);
  RafilmHttpRequest request = { .method = "GET", .uri = uri, .seconds = 10 };
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  answer = dex_await_boxed (rafilm_http_send (fixture->http, &request), &error);
  g_test_message ("%s", answer_text);
  g_assert_null (answer);
  g_assert_error (error, RAFILM_ERROR, (int) code);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

static void
test_broken_answers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  assert_raw (fixture, "SMTP says hello\r\n\r\n", RAFILM_ERROR_MALFORMED);
  assert_raw (fixture, "", RAFILM_ERROR_OFFLINE);
  assert_raw (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", RAFILM_ERROR_OFFLINE);
  assert_raw (fixture, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nshort",
              RAFILM_ERROR_OFFLINE);
  assert_raw (fixture, "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\nx",
              RAFILM_ERROR_TOO_LARGE);
}

typedef struct
{
  const char *text; /* said without an end */
  guint pause;      /* between two times, in microseconds */
  gsize said;       /* bytes */
} Talker;

static gboolean
talk_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
         gpointer data)
{
  Talker *talker = data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char request[1024];

  g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), request,
                       sizeof request, NULL, NULL);
  g_output_stream_write_all (output, "HTTP/1.1 200 OK\r\n", 17, NULL, NULL, NULL);
  while (g_output_stream_write_all (output, talker->text, strlen (talker->text), NULL, NULL, NULL))
    {
      talker->said += strlen (talker->text);
      g_usleep (talker->pause);
    }
  return TRUE;
}

static void
assert_endless (Talker *talker, RafilmError code)
{
  g_autoptr (RafilmHttp) http = rafilm_http_new ();
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (10);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, NULL);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u/", port);
  RafilmHttpRequest request = { .method = "GET", .uri = uri, .seconds = 2 };
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  g_signal_connect (service, "run", G_CALLBACK (talk_cb), talker);
  answer = dex_await_boxed (rafilm_http_send (http, &request), &error);
  g_test_message ("%" G_GSIZE_FORMAT " bytes: %s", talker->said, error->message);
  g_assert_null (answer);
  g_assert_error (error, RAFILM_ERROR, (int) code);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 10 * G_USEC_PER_SEC);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  rafilm_test_sleep (100);
}

/* One who never comes to an end is left alone at the deadline, and before it takes much memory. */
static void
test_endless_headers (void)
{
  g_autofree char *value = g_strnfill (4000, 'x');
  g_autofree char *line = g_strdup_printf ("X-Filler: %s\r\n", value);
  Talker slow = { "x", 50 * 1000, 0 };
  Talker fast = { line, 0, 0 };

  assert_endless (&slow, RAFILM_ERROR_TIMED_OUT);
  assert_endless (&fast, RAFILM_ERROR_OFFLINE);
  g_assert_cmpuint (fast.said, <, 16 * MEBIBYTE);
}

static void
test_unreachable (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  RafilmHttpRequest refused = { .method = "GET", .uri = "http://127.0.0.1:1/" };
  RafilmHttpRequest unknown = { .method = "GET", .uri = "http://rafilm.invalid/" };
  RafilmHttpRequest nonsense = { .method = "GET", .uri = "not an address" };
  const struct
  {
    const RafilmHttpRequest *request;
    RafilmError code;
  } cases[] = { { &refused, RAFILM_ERROR_OFFLINE },
                { &unknown, RAFILM_ERROR_OFFLINE },
                { &nonsense, RAFILM_ERROR_INVALID } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RafilmHttpAnswer) answer =
          dex_await_boxed (rafilm_http_send (fixture->http, cases[i].request), &error);

      g_assert_null (answer);
      g_assert_error (error, RAFILM_ERROR, (int) cases[i].code);
    }
}

/* Requests that are dropped in every phase leave nothing behind. */
static void
test_dropped_often (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *uri = g_strconcat (fixture->address, "/gzip", NULL);
  RafilmHttpRequest request = { .method = "GET", .uri = uri };
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 300; i++)
    {
      DexFuture *future = rafilm_http_send (fixture->http, &request);

      for (guint turn = 0; turn < i % 10; turn++)
        g_usleep (50);
      if (i % 5 != 0)
        rafilm_test_sleep (i % 5);
      dex_clear (&future);
    }

  answer = dex_await_boxed (rafilm_http_send (fixture->http, &request), &error);
  g_assert_no_error (error);
  rafilm_test_sleep (100);
}

static GTlsCertificate *
make_certificate (void)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  BIO *pem = BIO_new (BIO_s_mem ());
  GTlsCertificate *result = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  long length = 0;

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -3600);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "127.0.0.1", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  X509_sign (certificate, key, EVP_sha256 ());
  PEM_write_bio_PrivateKey (pem, key, NULL, NULL, 0, NULL, NULL);
  PEM_write_bio_X509 (pem, certificate);
  length = BIO_get_mem_data (pem, &text);
  result = g_tls_certificate_new_from_pem (text, length, &error);
  g_assert_no_error (error);

  BIO_free (pem);
  X509_free (certificate);
  EVP_PKEY_free (key);

  return result;
}

/* Trusts another certificate only, whatever the system trusts. */
static void
trust_another (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "trusted.pem", NULL);
  g_autoptr (GTlsCertificate) other = make_certificate ();
  g_autoptr (GTlsDatabase) database = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;

  g_object_get (other, "certificate-pem", &pem, NULL);
  g_file_set_contents (path, pem, -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (path, &error);
  g_assert_no_error (error);
  g_tls_backend_set_default_database (g_tls_backend_get_default (), database);
}

static gboolean
greet_cb (GThreadedSocketService *service, GSocketConnection *connection, GObject *source,
          gpointer data)
{
  g_autoptr (GIOStream) tls =
      g_tls_server_connection_new (G_IO_STREAM (connection), G_TLS_CERTIFICATE (data), NULL);

  /* The other side breaks it off. */
  g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL);
  g_io_stream_close (tls, NULL, NULL);

  return TRUE;
}

/* A server whose certificate nobody vouches for. */
static void
test_untrusted (void)
{
  g_autoptr (RafilmHttp) http = rafilm_http_new ();
  g_autoptr (GTlsCertificate) certificate = make_certificate ();
  g_autoptr (GSocketService) service = g_threaded_socket_service_new (2);
  g_autoptr (RafilmHttpAnswer) answer = NULL;
  g_autofree char *uri = NULL;
  g_autoptr (GError) error = NULL;
  RafilmHttpRequest request = { .method = "GET", .seconds = 10 };
  guint16 port = 0;

  trust_another ();
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "run", G_CALLBACK (greet_cb), certificate);
  g_socket_service_start (service);
  uri = g_strdup_printf ("https://127.0.0.1:%u/", port);

  request.uri = uri;
  answer = dex_await_boxed (rafilm_http_send (http, &request), &error);
  g_assert_null (answer);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_TLS);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  rafilm_test_sleep (50);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  rafilm_test_add_fiber ("/net/http/send", test_send);
  rafilm_test_add_fiber ("/net/http/statuses", test_statuses);
  rafilm_test_add_fiber ("/net/http/gzip", test_gzip);
  rafilm_test_add_fiber ("/net/http/too-large", test_too_large);
  rafilm_test_add_fiber ("/net/http/timed-out", test_timed_out);
  rafilm_test_add_fiber ("/net/http/cancelled", test_cancelled);
  rafilm_test_add_fiber ("/net/http/broken-answers", test_broken_answers);
  rafilm_test_add_fiber ("/net/http/endless-headers", test_endless_headers);
  rafilm_test_add_fiber ("/net/http/unreachable", test_unreachable);

  rafilm_test_add_fiber ("/net/http/dropped-often", test_dropped_often);
  rafilm_test_add_fiber ("/net/http/untrusted", test_untrusted);

  return g_test_run ();
}
