/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP/1.1 client on libevent, with TLS by OpenSSL (1.2 or newer, host name and chain checked).
 *
 * Calls block: the client runs its own event loop until the answers are there. Connections are kept
 * open and used again, also by later invocations; when a kept connection turns out to be closed
 * before anything of an answer came, the request is sent once more on a new one.
 * While a body callback of one client runs, another client may be used, the same may not. */
#pragma once

#include "rafilm-memory.h"

typedef enum
{
  RAFILM_HTTP_OK,          /* an answer came, whatever its status */
  RAFILM_HTTP_UNREACHABLE, /* no connection, or it broke before the answer was whole */
  RAFILM_HTTP_TLS,         /* the certificate or the handshake was refused */
  RAFILM_HTTP_TIMED_OUT,
  RAFILM_HTTP_TOO_LARGE, /* the body would pass max_bytes */
  RAFILM_HTTP_STOPPED,   /* the body callback returned false */
  RAFILM_HTTP_INVALID,   /* not a URL, or an answer that is not HTTP */
} RafilmHttpStatus;

const char *rafilm_http_status_to_string (RafilmHttpStatus status);

typedef struct
{
  char *name;
  char *value;
} RafilmHttpHeader;

typedef struct
{
  RafilmHttpHeader *items;
  size_t length;
} RafilmHttpHeaders;

void rafilm_http_headers_add (RafilmHttpHeaders *self, const char *name, const char *value);
const char *rafilm_http_headers_get (const RafilmHttpHeaders *self,
                                     const char *name); /* any case */
void rafilm_http_headers_clear (RafilmHttpHeaders *self);

/* Bytes of a body as they come; false stops the answer and closes the connection. Not called for
 * answers with a status of 300 or more, whose body is kept in the response instead. */
typedef bool (*RafilmHttpBodyFunc) (const char *data, size_t length, void *data_of_func);

typedef struct
{
  const char *method; /* static: "GET", "POST", "PUT", "DELETE" */
  char *url;          /* absolute, http or https, already escaped */
  RafilmHttpHeaders headers;
  const void *body; /* borrowed */
  size_t body_length;
  size_t max_bytes;             /* of the answer's body after decompression; 0 = 8 MiB */
  int timeout_ms;               /* of the whole exchange; 0 = 10 s, -1 = none */
  RafilmHttpBodyFunc body_func; /* or NULL */
  void *body_data;
} RafilmHttpRequest;

void rafilm_http_request_clear (RafilmHttpRequest *self);

typedef struct
{
  int status;
  RafilmHttpHeaders headers;
  char *body; /* zero-terminated; "" when there was none; gzip is undone */
  size_t body_length;
} RafilmHttpResponse;

void rafilm_http_response_clear (RafilmHttpResponse *self);

#define rafilm_auto_request __attribute__ ((cleanup (rafilm_http_request_clear))) RafilmHttpRequest
#define rafilm_auto_response                                                                       \
  __attribute__ ((cleanup (rafilm_http_response_clear))) RafilmHttpResponse

typedef struct _RafilmHttpClient RafilmHttpClient;

RafilmHttpClient *rafilm_http_client_new (void);
void rafilm_http_client_free (RafilmHttpClient *self);

/* How long a connection may have been idle to be used again; 20 s unless told. */
void rafilm_http_client_set_max_idle (RafilmHttpClient *self, int64_t ms);

/* `ret_response` is filled when OK, and is to be cleared in any case. */
RafilmHttpStatus rafilm_http_client_send (RafilmHttpClient *self, const RafilmHttpRequest *request,
                                          RafilmHttpResponse *ret_response);

/* Sends all, at most `parallel` at a time, and returns when every one is answered or has failed.
 * `ret_statuses` and `ret_responses` are arrays of `length`. */
void rafilm_http_client_send_many (RafilmHttpClient *self, const RafilmHttpRequest *requests,
                                   size_t length, unsigned parallel, RafilmHttpStatus *ret_statuses,
                                   RafilmHttpResponse *ret_responses);

/* Percent-encodes all but A-Z a-z 0-9 - . _ ~ (and "/" when asked). malloc'd. */
char *rafilm_http_escape (const char *text, bool keep_slash);
