/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-http-client.h"

#include "rafilm-tls.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define DEFAULT_MAX_BYTES (8 * 1024 * 1024)
#define DEFAULT_TIMEOUT_MS 10000
#define MAX_HEADER_BYTES (64 * 1024)
#define MAX_IDLE 8

typedef struct _Connection Connection;

struct _Connection
{
  Connection *next;
  char *origin; /* "https://host:port" */
  struct evhttp_connection *http;
  bool used;    /* has answered before */
  bool refused; /* its certificate was */
};

struct _RafilmHttpClient
{
  struct event_base *base;
  struct evdns_base *dns;
  SSL_CTX *tls;     /* made at the first https request */
  Connection *idle; /* last used first */
};

typedef struct
{
  bool secure;
  char host[256];
  char port[6];
  const char *target; /* within the URL; "" for none */
} Address;

typedef struct
{
  RafilmHttpClient *client;
  const RafilmHttpRequest *request;
  RafilmHttpResponse *response;
  RafilmHttpStatus status;
  Connection *connection;
  struct event *timer;
  RafilmBuffer body;
  bool answered; /* the head of an answer came */
  bool keep;     /* the connection may be used again */
  bool retried;
  bool done;
} Exchange;

RafilmHttpClient *
rafilm_http_client_new (void)
{
  RafilmHttpClient *self = rafilm_alloc0 (sizeof *self);

  self->base = event_base_new ();
  if (self->base == NULL)
    abort ();
  /* Never getaddrinfo (): it would load NSS modules, which a static program has not. */
  self->dns = evdns_base_new (self->base, 0);
  if (self->dns == NULL)
    abort ();
  evdns_base_resolv_conf_parse (self->dns, DNS_OPTIONS_ALL & ~DNS_OPTION_HOSTSFILE,
                                "/etc/resolv.conf");
  evdns_base_load_hosts (self->dns, "/etc/hosts");
  return self;
}

static void
connection_free (Connection *connection)
{
  if (connection->http != NULL)
    evhttp_connection_free (connection->http);
  free (connection->origin);
  free (connection);
}

void
rafilm_http_client_free (RafilmHttpClient *self)
{
  if (self == NULL)
    return;
  while (self->idle != NULL)
    {
      Connection *connection = self->idle;

      self->idle = connection->next;
      connection_free (connection);
    }
  evdns_base_free (self->dns, 0);
  event_base_free (self->base);
  SSL_CTX_free (self->tls);
  free (self);
}

static bool
parse_url (const char *url, Address *address)
{
  const char *host, *end, *colon;
  size_t length;

  for (const char *c = url; *c != '\0'; c++)
    if ((unsigned char) *c <= ' ' || *c == 0x7f)
      return false;
  if (strncasecmp (url, "https://", 8) == 0)
    address->secure = true;
  else if (strncasecmp (url, "http://", 7) == 0)
    address->secure = false;
  else
    return false;

  host = strstr (url, "://") + 3;
  end = host + strcspn (host, "/?#");
  colon = memchr (host, ':', (size_t) (end - host));
  length = (size_t) ((colon != NULL ? colon : end) - host);
  if (length == 0 || length >= sizeof address->host || memchr (host, '@', (size_t) (end - host)))
    return false;
  memcpy (address->host, host, length);
  address->host[length] = '\0';
  strcpy (address->port, address->secure ? "443" : "80");
  if (colon != NULL)
    {
      length = (size_t) (end - colon - 1);
      if (length == 0 || length >= sizeof address->port
          || strspn (colon + 1, "0123456789") < length)
        return false;
      memcpy (address->port, colon + 1, length);
      address->port[length] = '\0';
    }
  address->target = end;
  return true;
}

static Connection *
connection_new (RafilmHttpClient *self, const Address *address, const char *origin)
{
  Connection *connection = rafilm_alloc0 (sizeof *connection);
  struct bufferevent *stream;
  /* An empty root has no hosts file. */
  const char *host = strcmp (address->host, "localhost") == 0 ? "127.0.0.1" : address->host;

  connection->origin = rafilm_strdup (origin);
  if (address->secure)
    {
      SSL *ssl;

      if (self->tls == NULL)
        self->tls = rafilm_tls_context_new ();
      ssl = self->tls != NULL ? rafilm_tls_new (self->tls, address->host, &connection->refused)
                              : NULL;
      if (ssl == NULL)
        {
          connection_free (connection);
          return NULL;
        }
      stream = bufferevent_openssl_socket_new (self->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
                                               BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    }
  else
    stream = bufferevent_socket_new (self->base, -1, BEV_OPT_CLOSE_ON_FREE);
  if (stream == NULL)
    abort ();
  connection->http = evhttp_connection_base_bufferevent_new (self->base, self->dns, stream, host,
                                                             (uint16_t) atoi (address->port));
  if (connection->http == NULL)
    abort ();
  evhttp_connection_set_family (connection->http, AF_INET);
  evhttp_connection_set_retries (connection->http, 0);
  evhttp_connection_set_max_headers_size (connection->http, MAX_HEADER_BYTES);
  /* The whole exchange has its own timer. */
  evhttp_connection_set_timeout (connection->http, INT_MAX);
  return connection;
}

static Connection *
take_connection (RafilmHttpClient *self, const Address *address, bool fresh)
{
  rafilm_autofree char *origin = rafilm_printf ("%s://%s:%s", address->secure ? "https" : "http",
                                                address->host, address->port);

  for (Connection **link = &self->idle; *link != NULL && !fresh; link = &(*link)->next)
    if (strcmp ((*link)->origin, origin) == 0)
      {
        Connection *connection = *link;

        *link = connection->next;
        connection->next = NULL;
        return connection;
      }
  return connection_new (self, address, origin);
}

static void
keep_connection (RafilmHttpClient *self, Connection *connection)
{
  unsigned n = 0;

  connection->used = true;
  connection->next = self->idle;
  self->idle = connection;
  for (Connection **link = &self->idle; *link != NULL; link = &(*link)->next)
    if (++n > MAX_IDLE)
      {
        Connection *oldest = *link;

        *link = NULL;
        connection_free (oldest);
        break;
      }
}

static void
finish (Exchange *exchange, RafilmHttpStatus status)
{
  if (exchange->done)
    return;
  exchange->done = true;
  exchange->status = status;
  event_base_loopbreak (exchange->client->base);
}

static void
timed_out_cb (evutil_socket_t fd, short what, void *data)
{
  finish (data, RAFILM_HTTP_TIMED_OUT);
}

static int
head_received_cb (struct evhttp_request *answer, void *data)
{
  Exchange *exchange = data;
  struct evkeyvalq *headers = evhttp_request_get_input_headers (answer);
  const char *connection;

  exchange->answered = true;
  exchange->response->status = evhttp_request_get_response_code (answer);
  for (struct evkeyval *header = headers->tqh_first; header != NULL; header = header->next.tqe_next)
    rafilm_http_headers_add (&exchange->response->headers, header->key, header->value);
  connection = rafilm_http_headers_get (&exchange->response->headers, "Connection");
  exchange->keep = connection == NULL || strcasecmp (connection, "close") != 0;
  return 0;
}

static void
body_received_cb (struct evhttp_request *answer, void *data)
{
  Exchange *exchange = data;
  const RafilmHttpRequest *request = exchange->request;
  struct evbuffer *input = evhttp_request_get_input_buffer (answer);
  size_t length = evbuffer_get_length (input);
  rafilm_autofree char *bytes = rafilm_alloc0 (length + 1);

  if (exchange->done)
    return;
  evbuffer_remove (input, bytes, length);
  if (request->body_func != NULL && exchange->response->status < 300)
    {
      if (!request->body_func (bytes, length, request->body_data))
        finish (exchange, RAFILM_HTTP_STOPPED);
    }
  else if (!rafilm_buffer_append (&exchange->body, bytes, length))
    finish (exchange, RAFILM_HTTP_TOO_LARGE);
}

static void
failed_cb (enum evhttp_request_error error, void *data)
{
  switch (error)
    {
    case EVREQ_HTTP_TIMEOUT:
      finish (data, RAFILM_HTTP_TIMED_OUT);
      break;
    case EVREQ_HTTP_DATA_TOO_LONG:
      finish (data, RAFILM_HTTP_TOO_LARGE);
      break;
    case EVREQ_HTTP_INVALID_HEADER:
      finish (data, RAFILM_HTTP_INVALID);
      break;
    case EVREQ_HTTP_EOF:
    case EVREQ_HTTP_BUFFER_ERROR:
    case EVREQ_HTTP_REQUEST_CANCEL:
      finish (data, RAFILM_HTTP_UNREACHABLE);
      break;
    }
}

static void
completed_cb (struct evhttp_request *answer, void *data)
{
  int status = answer != NULL ? evhttp_request_get_response_code (answer) : 0;

  if (status == 0)
    finish (data, RAFILM_HTTP_UNREACHABLE);
  else
    finish (data, status >= 100 && status <= 999 ? RAFILM_HTTP_OK : RAFILM_HTTP_INVALID);
}

/* 1 KiB is what the chunked framing and the head of a request may add. */
static void
set_bounds (Exchange *exchange)
{
  const RafilmHttpRequest *request = exchange->request;
  size_t max = request->max_bytes > 0 ? request->max_bytes : DEFAULT_MAX_BYTES;
  int timeout = request->timeout_ms != 0 ? request->timeout_ms : DEFAULT_TIMEOUT_MS;

  exchange->body = RAFILM_BUFFER_INIT (max);
  evhttp_connection_set_max_body_size (exchange->connection->http,
                                       request->body_func != NULL ? -1 : (ev_ssize_t) max + 1024);
  if (timeout > 0 && exchange->timer == NULL)
    {
      struct timeval wait = { timeout / 1000, timeout % 1000 * 1000 };

      exchange->timer = evtimer_new (exchange->client->base, timed_out_cb, exchange);
      evtimer_add (exchange->timer, &wait);
    }
}

static enum evhttp_cmd_type
method_command (const char *method)
{
  if (strcmp (method, "POST") == 0)
    return EVHTTP_REQ_POST;
  if (strcmp (method, "PUT") == 0)
    return EVHTTP_REQ_PUT;
  if (strcmp (method, "DELETE") == 0)
    return EVHTTP_REQ_DELETE;
  return EVHTTP_REQ_GET;
}

static void
add_headers (const Exchange *exchange, const Address *address, struct evkeyvalq *headers)
{
  const RafilmHttpRequest *request = exchange->request;

  for (size_t i = 0; i < request->headers.length; i++)
    evhttp_add_header (headers, request->headers.items[i].name, request->headers.items[i].value);
  if (rafilm_http_headers_get (&request->headers, "Host") == NULL)
    {
      bool usual = strcmp (address->port, address->secure ? "443" : "80") == 0;
      rafilm_autofree char *host =
          rafilm_printf ("%s%s%s", address->host, usual ? "" : ":", usual ? "" : address->port);

      evhttp_add_header (headers, "Host", host);
    }
  if (request->body_func == NULL
      && rafilm_http_headers_get (&request->headers, "Accept-Encoding") == NULL)
    evhttp_add_header (headers, "Accept-Encoding", "gzip");
  if (request->body_length > 0 || strcmp (request->method, "GET") != 0)
    {
      char length[24];

      snprintf (length, sizeof length, "%zu", request->body_length);
      evhttp_add_header (headers, "Content-Length", length);
    }
}

static void
start (Exchange *exchange)
{
  const RafilmHttpRequest *request = exchange->request;
  Address address;
  struct evhttp_request *outgoing;
  rafilm_autofree char *target = NULL;

  exchange->done = false;
  exchange->answered = false;
  exchange->keep = false;
  rafilm_http_response_clear (exchange->response);
  if (!parse_url (request->url, &address))
    {
      finish (exchange, RAFILM_HTTP_INVALID);
      return;
    }
  exchange->connection = take_connection (exchange->client, &address, exchange->retried);
  if (exchange->connection == NULL)
    {
      finish (exchange, RAFILM_HTTP_TLS);
      return;
    }
  set_bounds (exchange);

  outgoing = evhttp_request_new (completed_cb, exchange);
  if (outgoing == NULL)
    abort ();
  evhttp_request_set_header_cb (outgoing, head_received_cb);
  evhttp_request_set_chunked_cb (outgoing, body_received_cb);
  evhttp_request_set_error_cb (outgoing, failed_cb);
  add_headers (exchange, &address, evhttp_request_get_output_headers (outgoing));
  if (request->body_length > 0)
    evbuffer_add (evhttp_request_get_output_buffer (outgoing), request->body, request->body_length);
  target = rafilm_printf ("%s%.*s", *address.target == '/' ? "" : "/",
                          (int) strcspn (address.target, "#"), address.target);
  if (evhttp_make_request (exchange->connection->http, outgoing, method_command (request->method),
                           target)
      != 0)
    finish (exchange, RAFILM_HTTP_UNREACHABLE);
}

/* A wrong or cut stream, and one that grows past the bound, is an answer that cannot be used. */
static RafilmHttpStatus
undo_gzip (RafilmBuffer *body)
{
  rafilm_auto_buffer plain = RAFILM_BUFFER_INIT (body->limit);
  z_stream stream = { 0 };
  unsigned char block[16384];
  int result = Z_OK;

  if (body->length == 0)
    return RAFILM_HTTP_OK;
  if (inflateInit2 (&stream, 16 + MAX_WBITS) != Z_OK)
    abort ();
  stream.next_in = (unsigned char *) body->data;
  stream.avail_in = (unsigned) body->length;
  while (result == Z_OK && !plain.overflowed)
    {
      stream.next_out = block;
      stream.avail_out = sizeof block;
      result = inflate (&stream, Z_NO_FLUSH);
      if (result == Z_OK || result == Z_STREAM_END)
        rafilm_buffer_append (&plain, block, sizeof block - stream.avail_out);
    }
  inflateEnd (&stream);
  if (plain.overflowed)
    return RAFILM_HTTP_TOO_LARGE;
  if (result != Z_STREAM_END)
    return RAFILM_HTTP_INVALID;
  rafilm_buffer_clear (body);
  *body = plain;
  plain = RAFILM_BUFFER_INIT (0);
  return RAFILM_HTTP_OK;
}

/* Puts the connection back or closes it. False: sent once more, since a kept connection was closed.
 */
static bool
settle (Exchange *exchange)
{
  Connection *connection = exchange->connection;
  const char *encoding;

  exchange->connection = NULL;
  if (connection != NULL)
    {
      bool stale = connection->used && !exchange->answered
                   && exchange->status == RAFILM_HTTP_UNREACHABLE && !exchange->retried;

      if (connection->refused && exchange->status == RAFILM_HTTP_UNREACHABLE)
        exchange->status = RAFILM_HTTP_TLS;
      if (exchange->status == RAFILM_HTTP_OK && exchange->keep)
        keep_connection (exchange->client, connection);
      else
        connection_free (connection);
      if (stale)
        {
          exchange->retried = true;
          rafilm_buffer_clear (&exchange->body);
          start (exchange);
          return false;
        }
    }
  if (exchange->timer != NULL)
    event_free (exchange->timer);
  exchange->timer = NULL;

  encoding = rafilm_http_headers_get (&exchange->response->headers, "Content-Encoding");
  if (exchange->status == RAFILM_HTTP_OK && encoding != NULL && strcasecmp (encoding, "gzip") == 0)
    exchange->status = undo_gzip (&exchange->body);
  exchange->response->body_length = exchange->body.length;
  exchange->response->body = rafilm_buffer_steal (&exchange->body);
  return true;
}

void
rafilm_http_client_send_many (RafilmHttpClient *self, const RafilmHttpRequest *requests,
                              size_t length, unsigned parallel, RafilmHttpStatus *ret_statuses,
                              RafilmHttpResponse *ret_responses)
{
  rafilm_autofree Exchange *exchanges = rafilm_alloc0 (length * sizeof *exchanges);
  size_t started = 0, settled = 0;
  rafilm_autofree bool *is_settled = rafilm_alloc0 (length * sizeof *is_settled);

  while (settled < length)
    {
      bool moved = false;

      for (; started < length && started - settled < parallel; started++)
        {
          exchanges[started].client = self;
          exchanges[started].request = &requests[started];
          exchanges[started].response = &ret_responses[started];
          start (&exchanges[started]);
        }
      for (size_t i = 0; i < started; i++)
        if (exchanges[i].done && !is_settled[i] && settle (&exchanges[i]))
          {
            is_settled[i] = true;
            ret_statuses[i] = exchanges[i].status;
            settled++;
            moved = true;
          }
      if (!moved)
        event_base_loop (self->base, EVLOOP_ONCE);
    }
}

RafilmHttpStatus
rafilm_http_client_send (RafilmHttpClient *self, const RafilmHttpRequest *request,
                         RafilmHttpResponse *ret_response)
{
  RafilmHttpStatus status;

  *ret_response = (RafilmHttpResponse) { 0 };
  rafilm_http_client_send_many (self, request, 1, 1, &status, ret_response);
  return status;
}
