/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-peer.h"

#include "rafilm-http-client.h"
#include "rafilm-time.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <string.h>
#include <zlib.h>

static GBytes *
zip (const char *text, gsize length)
{
  gsize size = length + 1000;
  guint8 *out = g_malloc (size);
  z_stream stream = { 0 };

  g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), ==,
                   Z_OK);
  stream.next_in = (guint8 *) text;
  stream.avail_in = (uInt) length;
  stream.next_out = out;
  stream.avail_out = (uInt) size;
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  size = stream.total_out;
  deflateEnd (&stream);
  return g_bytes_new_take (out, size);
}

static void
answer_zipped (CloudPeerAnswer *answer, gsize length, gsize cut)
{
  g_autofree char *text = g_strnfill (length, 'z');
  g_autoptr (GBytes) zipped = zip (text, length);

  cloud_peer_answer_header (answer, "Content-Encoding", "gzip");
  answer->body = g_bytes_new_from_bytes (zipped, 0, g_bytes_get_size (zipped) - cut);
}

static void
answer_chunks (CloudPeerAnswer *answer)
{
  answer->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("%04u", i);

      g_ptr_array_add (answer->chunks, g_bytes_new (text, 4));
    }
}

static void
answer_cb (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer, gpointer data)
{
  const char *path = request->path;

  if (g_str_equal (path, "/echo"))
    answer->body = g_bytes_new (request->body, request->body_length);
  else if (g_str_equal (path, "/zip"))
    answer_zipped (answer, 100000, 0);
  else if (g_str_equal (path, "/zip-cut"))
    answer_zipped (answer, 100000, 5);
  else if (g_str_equal (path, "/zip-bomb"))
    answer_zipped (answer, 20 * 1024 * 1024, 0);
  else if (g_str_equal (path, "/chunks"))
    answer_chunks (answer);
  else if (g_str_equal (path, "/slow"))
    g_usleep (700000);
  else if (g_str_equal (path, "/last"))
    cloud_peer_answer_header (answer, "Connection", "close");
  else
    cloud_peer_answer_text (answer, 404, "{\"no\":1}");
}

typedef struct
{
  CloudPeer *peer;
  RafilmHttpClient *client;
  RafilmHttpResponse response;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->peer = cloud_peer_new (answer_cb, self);
  self->client = rafilm_http_client_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  rafilm_http_response_clear (&self->response);
  rafilm_http_client_free (self->client);
  cloud_peer_free (self->peer);
}

static RafilmHttpStatus
send (Fixture *self, RafilmHttpRequest *request, const char *path)
{
  RafilmHttpStatus status;

  rafilm_http_response_clear (&self->response);
  request->method = request->body != NULL ? "POST" : "GET";
  request->url = rafilm_printf ("%s%s", cloud_peer_get_url (self->peer), path);
  status = rafilm_http_client_send (self->client, request, &self->response);
  rafilm_http_request_clear (request);
  return status;
}

static void
test_plain (Fixture *self, gconstpointer data)
{
  RafilmHttpRequest post = { .body = "Am\0lie", .body_length = 6 }, get = { 0 };

  g_assert_cmpint (send (self, &post, "/echo"), ==, RAFILM_HTTP_OK);
  g_assert_cmpint (self->response.status, ==, 200);
  g_assert_cmpmem (self->response.body, self->response.body_length, "Am\0lie", 6);
  g_assert_cmpint (send (self, &get, "/nowhere?a=b%20c"), ==, RAFILM_HTTP_OK);
  g_assert_cmpint (self->response.status, ==, 404);
  g_assert_cmpstr (self->response.body, ==, "{\"no\":1}");
  g_assert_nonnull (rafilm_http_headers_get (&self->response.headers, "CONTENT-TYPE"));
}

static void
test_gzip (Fixture *self, gconstpointer data)
{
  RafilmHttpRequest request = { 0 };

  g_assert_cmpint (send (self, &request, "/zip"), ==, RAFILM_HTTP_OK);
  g_assert_cmpuint (self->response.body_length, ==, 100000);
  g_assert_cmpint (self->response.body[99999], ==, 'z');
  g_assert_cmpint (send (self, &request, "/zip-cut"), ==, RAFILM_HTTP_INVALID);
  g_assert_cmpint (send (self, &request, "/zip-bomb"), ==, RAFILM_HTTP_TOO_LARGE);
}

static void
test_bounds (Fixture *self, gconstpointer data)
{
  g_autofree char *big = g_strnfill (200000, 'b');
  RafilmHttpRequest request = { .body = big, .body_length = 200000, .max_bytes = 199999 };
  RafilmHttpRequest slow = { .timeout_ms = 200 };
  gint64 began;

  g_assert_cmpint (send (self, &request, "/echo"), ==, RAFILM_HTTP_TOO_LARGE);
  request.max_bytes = 200000;
  g_assert_cmpint (send (self, &request, "/echo"), ==, RAFILM_HTTP_OK);
  began = g_get_monotonic_time ();
  g_assert_cmpint (send (self, &slow, "/slow"), ==, RAFILM_HTTP_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 600000);
}

typedef struct
{
  GString *text;
  RafilmHttpClient *other; /* used while a body comes */
  const char *url;
  gsize stop_at;
} Stream;

static bool
take_body_cb (const char *bytes, size_t length, void *data)
{
  Stream *stream = data;

  g_string_append_len (stream->text, bytes, (gssize) length);
  if (stream->other != NULL)
    {
      RafilmHttpRequest request = { .method = "GET", .url = (char *) stream->url };
      RafilmHttpResponse response = { 0 };

      g_assert_cmpint (rafilm_http_client_send (stream->other, &request, &response), ==,
                       RAFILM_HTTP_OK);
      rafilm_http_response_clear (&response);
    }
  return stream->stop_at == 0 || stream->text->len < stream->stop_at;
}

static void
test_stream (Fixture *self, gconstpointer data)
{
  g_autoptr (CloudPeer) other = cloud_peer_new (answer_cb, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *url = g_strconcat (cloud_peer_get_url (other), "/nowhere", NULL);
  Stream stream = { text, rafilm_http_client_new (), url, 0 };
  RafilmHttpRequest request = { .body_func = take_body_cb, .body_data = &stream };

  g_assert_cmpint (send (self, &request, "/chunks"), ==, RAFILM_HTTP_OK);
  g_assert_cmpuint (text->len, ==, 400);
  g_assert_true (g_str_has_suffix (text->str, "00980099"));
  g_assert_cmpuint (cloud_peer_get_n_requests (other), >, 0);
  rafilm_http_client_free (stream.other);

  stream = (Stream) { text, NULL, NULL, 40 };
  g_string_truncate (text, 0);
  g_assert_cmpint (send (self, &request, "/chunks"), ==, RAFILM_HTTP_STOPPED);

  /* The body of a refusal is kept, not streamed. */
  stream.stop_at = 0;
  g_string_truncate (text, 0);
  g_assert_cmpint (send (self, &request, "/nowhere"), ==, RAFILM_HTTP_OK);
  g_assert_cmpuint (text->len, ==, 0);
  g_assert_cmpstr (self->response.body, ==, "{\"no\":1}");
}

static void
test_many (Fixture *self, gconstpointer data)
{
  RafilmHttpRequest requests[30] = { 0 };
  RafilmHttpResponse responses[30] = { 0 };
  RafilmHttpStatus statuses[30];
  char texts[30][8];

  for (guint i = 0; i < 30; i++)
    {
      g_snprintf (texts[i], sizeof texts[i], "%u", i);
      requests[i] = (RafilmHttpRequest) { .method = "POST",
                                          .body = texts[i],
                                          .body_length = strlen (texts[i]) };
      requests[i].url =
          rafilm_printf ("%s%s", i == 7 ? "http://127.0.0.1:9" : cloud_peer_get_url (self->peer),
                         i == 8 ? "/last" : "/echo");
    }
  rafilm_http_client_send_many (self->client, requests, 30, 6, statuses, responses);
  for (guint i = 0; i < 30; i++)
    {
      g_assert_cmpint (statuses[i], ==, i == 7 ? RAFILM_HTTP_UNREACHABLE : RAFILM_HTTP_OK);
      if (i != 7 && i != 8)
        g_assert_cmpstr (responses[i].body, ==, texts[i]);
      rafilm_http_request_clear (&requests[i]);
      rafilm_http_response_clear (&responses[i]);
    }
}

static void
test_wrong (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *url;
    RafilmHttpStatus status;
  } cases[] = {
    { "ftp://127.0.0.1/", RAFILM_HTTP_INVALID },
    { "http://", RAFILM_HTTP_INVALID },
    { "http://user@127.0.0.1/", RAFILM_HTTP_INVALID },
    { "http://127.0.0.1:99x/", RAFILM_HTTP_INVALID },
    { "http://127.0.0.1/a b", RAFILM_HTTP_INVALID },
    { "http://127.0.0.1/a\r\nX: y", RAFILM_HTTP_INVALID },
    { "http://127.0.0.1:9/", RAFILM_HTTP_UNREACHABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      RafilmHttpRequest request = { .method = "GET", .url = (char *) cases[i].url };

      g_assert_cmpint (rafilm_http_client_send (self->client, &request, &self->response), ==,
                       cases[i].status);
      rafilm_http_response_clear (&self->response);
    }
}

/* A server that answers one request on a connection and then closes it without a word; the next
 * request finds that out and is sent again. */
static gpointer
serve_twice (gpointer data)
{
  GSocketListener *listener = data;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GSocketConnection) connection =
          g_socket_listener_accept (listener, NULL, NULL, NULL);
      static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      char request[4096];

      g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), request,
                           sizeof request, NULL, NULL);
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), answer,
                                 sizeof answer - 1, NULL, NULL, NULL);
    }
  return NULL;
}

static void
test_stale (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);
  GThread *thread = g_thread_new ("server", serve_twice, listener);

  for (guint i = 0; i < 2; i++)
    {
      RafilmHttpRequest request = { .method = "GET", .url = url };

      g_assert_cmpint (rafilm_http_client_send (self->client, &request, &self->response), ==,
                       RAFILM_HTTP_OK);
      g_assert_cmpstr (self->response.body, ==, "ok");
      rafilm_http_response_clear (&self->response);
      g_usleep (50000);
    }
  g_thread_join (thread);
}

/* Nobody may have told that a connection is gone. */
static void
test_old (Fixture *self, gconstpointer data)
{
  RafilmHttpRequest request = { 0 };

  g_assert_cmpint (send (self, &request, "/nothing"), ==, RAFILM_HTTP_OK);
  g_assert_cmpint (send (self, &request, "/nothing"), ==, RAFILM_HTTP_OK);
  g_assert_cmpuint (cloud_peer_get_n_connections (self->peer), ==, 1);
  rafilm_http_client_set_max_idle (self->client, 50);
  g_usleep (100000);
  g_assert_cmpint (send (self, &request, "/nothing"), ==, RAFILM_HTTP_OK);
  g_assert_cmpuint (cloud_peer_get_n_connections (self->peer), ==, 2);
  g_assert_cmpint (send (self, &request, "/nothing"), ==, RAFILM_HTTP_OK);
  g_assert_cmpuint (cloud_peer_get_n_connections (self->peer), ==, 2);
}

/* A certificate of its own authority, for one name. */
static char *
make_certificate (const char *alternative)
{
  EVP_PKEY *key = EVP_RSA_gen (2048);
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, alternative);
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text, *copy;
  long length;

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -60);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "test", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  X509_add_ext (certificate, extension, -1);
  g_assert_cmpint (X509_sign (certificate, key, EVP_sha256 ()), >, 0);
  PEM_write_bio_X509 (bio, certificate);
  PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
  length = BIO_get_mem_data (bio, &text);
  copy = g_strndup (text, (gsize) length);
  X509_EXTENSION_free (extension);
  X509_free (certificate);
  EVP_PKEY_free (key);
  BIO_free (bio);
  return copy;
}

typedef struct
{
  GSocketListener *listener;
  const char *pem;
} TlsServer;

/* Answers on one connection, as long as the client wants. */
static gpointer
serve_tls (gpointer data)
{
  TlsServer *self = data;
  g_autoptr (GSocketConnection) connection =
      g_socket_listener_accept (self->listener, NULL, NULL, NULL);
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  SSL_CTX *context = SSL_CTX_new (TLS_server_method ());
  BIO *bio = BIO_new_mem_buf (self->pem, -1);
  X509 *certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);
  char request[4096];
  SSL *ssl;
  int fd;

  SSL_CTX_use_certificate (context, certificate);
  SSL_CTX_use_PrivateKey (context, key);
  ssl = SSL_new (context);
  /* GSocket waits by itself, so its descriptor never does. */
  fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  SSL_set_fd (ssl, fd);
  if (SSL_accept (ssl) == 1)
    while (SSL_read (ssl, request, sizeof request) > 0)
      SSL_write (ssl, answer, sizeof answer - 1);
  SSL_free (ssl);
  SSL_CTX_free (context);
  X509_free (certificate);
  EVP_PKEY_free (key);
  BIO_free (bio);
  return NULL;
}

static RafilmHttpStatus
send_tls (const char *bundle, const char *pem, const char *trusted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/", port);
  TlsServer server = { listener, pem };
  GThread *thread = g_thread_new ("tls", serve_tls, &server);
  RafilmHttpClient *client = rafilm_http_client_new ();
  RafilmHttpRequest request = { .method = "GET", .url = url };
  RafilmHttpResponse response = { 0 };
  RafilmHttpStatus status = RAFILM_HTTP_OK;

  g_file_set_contents (bundle, trusted, -1, &error);
  g_assert_no_error (error);
  g_setenv ("SSL_CERT_FILE", bundle, TRUE);
  for (guint i = 0; i < 3 && status == RAFILM_HTTP_OK; i++)
    {
      status = rafilm_http_client_send (client, &request, &response);
      if (status == RAFILM_HTTP_OK)
        g_assert_cmpstr (response.body, ==, "ok");
      rafilm_http_response_clear (&response);
    }
  rafilm_http_client_free (client);
  g_thread_join (thread);
  return status;
}

/* The bundle of authorities is a file of this test alone. */
static void
test_tls (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rafilm-test-XXXXXX", NULL);
  g_autofree char *bundle = g_build_filename (folder, "authorities.pem", NULL);
  g_autofree char *before = g_strdup (g_getenv ("SSL_CERT_FILE"));
  g_autofree char *right = make_certificate ("IP:127.0.0.1");
  g_autofree char *other_name = make_certificate ("DNS:example.org");

  g_assert_cmpint (send_tls (bundle, right, right), ==, RAFILM_HTTP_OK);
  g_assert_cmpint (send_tls (bundle, right, other_name), ==, RAFILM_HTTP_TLS);
  g_assert_cmpint (send_tls (bundle, other_name, other_name), ==, RAFILM_HTTP_TLS);
  g_remove (bundle);
  g_rmdir (folder);
  if (before != NULL)
    g_setenv ("SSL_CERT_FILE", before, TRUE);
  else
    g_unsetenv ("SSL_CERT_FILE");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGPIPE, SIG_IGN);
  g_test_add ("/cloud/http/plain", Fixture, NULL, set_up, test_plain, tear_down);
  g_test_add ("/cloud/http/gzip", Fixture, NULL, set_up, test_gzip, tear_down);
  g_test_add ("/cloud/http/bounds", Fixture, NULL, set_up, test_bounds, tear_down);
  g_test_add ("/cloud/http/stream", Fixture, NULL, set_up, test_stream, tear_down);
  g_test_add ("/cloud/http/many", Fixture, NULL, set_up, test_many, tear_down);
  g_test_add ("/cloud/http/wrong", Fixture, NULL, set_up, test_wrong, tear_down);
  g_test_add ("/cloud/http/stale", Fixture, NULL, set_up, test_stale, tear_down);
  g_test_add ("/cloud/http/old", Fixture, NULL, set_up, test_old, tear_down);
  g_test_add_func ("/cloud/http/tls", test_tls);
  return g_test_run ();
}
