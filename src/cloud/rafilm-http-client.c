/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-http-client.h"

#include "rafilm-http-pool.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define DEFAULT_MAX_BYTES (8 * 1024 * 1024)
#define DEFAULT_TIMEOUT_MS 10000

struct _RafilmHttpClient
{
  RafilmHttpPool pool;
};

typedef struct
{
  RafilmHttpClient *client;
  const RafilmHttpRequest *request;
  RafilmHttpResponse *response;
  RafilmHttpStatus status;
  RafilmHttpConnection *connection;
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

  rafilm_http_pool_init (&self->pool);
  return self;
}

void
rafilm_http_client_free (RafilmHttpClient *self)
{
  if (self == NULL)
    return;
  rafilm_http_pool_clear (&self->pool);
  free (self);
}

void
rafilm_http_client_set_max_idle (RafilmHttpClient *self, int64_t ms)
{
  self->pool.max_idle = ms;
}

static void
finish (Exchange *exchange, RafilmHttpStatus status)
{
  if (exchange->done)
    return;
  exchange->done = true;
  exchange->status = status;
  event_base_loopbreak (exchange->client->pool.base);
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

      exchange->timer = evtimer_new (exchange->client->pool.base, timed_out_cb, exchange);
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
add_headers (const Exchange *exchange, const RafilmHttpAddress *address, struct evkeyvalq *headers)
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
  RafilmHttpAddress address;
  struct evhttp_request *outgoing;
  rafilm_autofree char *target = NULL;

  exchange->done = false;
  exchange->answered = false;
  exchange->keep = false;
  rafilm_http_response_clear (exchange->response);
  if (!rafilm_http_address_parse (request->url, &address))
    {
      finish (exchange, RAFILM_HTTP_INVALID);
      return;
    }
  exchange->connection =
      rafilm_http_pool_take (&exchange->client->pool, &address, exchange->retried);
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
  RafilmHttpConnection *connection = exchange->connection;
  const char *encoding;

  exchange->connection = NULL;
  if (connection != NULL)
    {
      bool stale = connection->used && !exchange->answered
                   && exchange->status == RAFILM_HTTP_UNREACHABLE && !exchange->retried;

      if (connection->refused && exchange->status == RAFILM_HTTP_UNREACHABLE)
        exchange->status = RAFILM_HTTP_TLS;
      if (exchange->status == RAFILM_HTTP_OK && exchange->keep)
        rafilm_http_pool_keep (&exchange->client->pool, connection);
      else
        rafilm_http_connection_free (connection);
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
        event_base_loop (self->pool.base, EVLOOP_ONCE);
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
