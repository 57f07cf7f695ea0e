/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values around the HTTP client: headers, requests, responses, escaping. */
#include "rafilm-http-client.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *
rafilm_http_status_to_string (RafilmHttpStatus status)
{
  switch (status)
    {
    case RAFILM_HTTP_OK:
      return "ok";
    case RAFILM_HTTP_UNREACHABLE:
      return "unreachable";
    case RAFILM_HTTP_TLS:
      return "tls";
    case RAFILM_HTTP_TIMED_OUT:
      return "timed out";
    case RAFILM_HTTP_TOO_LARGE:
      return "too large";
    case RAFILM_HTTP_STOPPED:
      return "stopped";
    case RAFILM_HTTP_INVALID:
      break;
    }
  return "invalid";
}

void
rafilm_http_headers_add (RafilmHttpHeaders *self, const char *name, const char *value)
{
  self->items = rafilm_realloc (self->items, (self->length + 1) * sizeof self->items[0]);
  self->items[self->length].name = rafilm_strdup (name);
  self->items[self->length].value = rafilm_strdup (value);
  self->length++;
}

const char *
rafilm_http_headers_get (const RafilmHttpHeaders *self, const char *name)
{
  for (size_t i = 0; i < self->length; i++)
    if (strcasecmp (self->items[i].name, name) == 0)
      return self->items[i].value;
  return NULL;
}

void
rafilm_http_headers_clear (RafilmHttpHeaders *self)
{
  for (size_t i = 0; i < self->length; i++)
    {
      free (self->items[i].name);
      free (self->items[i].value);
    }
  free (self->items);
  self->items = NULL;
  self->length = 0;
}

void
rafilm_http_request_clear (RafilmHttpRequest *self)
{
  free (self->url);
  self->url = NULL;
  rafilm_http_headers_clear (&self->headers);
}

void
rafilm_http_response_clear (RafilmHttpResponse *self)
{
  rafilm_http_headers_clear (&self->headers);
  free (self->body);
  self->body = NULL;
  self->body_length = 0;
  self->status = 0;
}

char *
rafilm_http_escape (const char *text, bool keep_slash)
{
  rafilm_auto_buffer escaped = RAFILM_BUFFER_INIT (0);

  for (const unsigned char *c = (const unsigned char *) text; *c != '\0'; c++)
    {
      if ((*c < 0x80 && isalnum (*c)) || strchr ("-._~", *c) != NULL || (keep_slash && *c == '/'))
        rafilm_buffer_append (&escaped, c, 1);
      else
        rafilm_buffer_printf (&escaped, "%%%02X", *c);
    }
  return rafilm_buffer_steal (&escaped);
}
