/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connections of an HTTP client: kept after an answer, and taken again for the same origin. */
#pragma once

#include "rafilm-memory.h"

#include <event2/dns.h>
#include <event2/event.h>
#include <event2/http.h>
#include <openssl/ssl.h>

typedef struct
{
  bool secure;
  char host[256];
  char port[6];
  const char *target; /* within the URL; "" for none */
} RafilmHttpAddress;

/* False when `url` is none, or of another scheme than http and https, or names a user. */
bool rafilm_http_address_parse (const char *url, RafilmHttpAddress *ret_address);

typedef struct _RafilmHttpConnection RafilmHttpConnection;

struct _RafilmHttpConnection
{
  RafilmHttpConnection *next;
  char *origin; /* "https://host:port" */
  struct evhttp_connection *http;
  int64_t kept_at; /* ms of 1970: when it has answered last */
  bool used;       /* has answered before */
  bool refused;    /* its certificate was */
};

void rafilm_http_connection_free (RafilmHttpConnection *self);

typedef struct
{
  struct event_base *base;
  struct evdns_base *dns;
  SSL_CTX *tls;               /* made at the first https request */
  RafilmHttpConnection *idle; /* last used first */
  int64_t max_idle;           /* ms; an older one is closed and not used again */
} RafilmHttpPool;

void rafilm_http_pool_init (RafilmHttpPool *self);
void rafilm_http_pool_clear (RafilmHttpPool *self);

/* A kept connection, or a new one that will connect; always a new one when `fresh`. NULL when there
 * is no TLS here. */
RafilmHttpConnection *rafilm_http_pool_take (RafilmHttpPool *self, const RafilmHttpAddress *address,
                                             bool fresh);

/* Takes it back for others. */
void rafilm_http_pool_keep (RafilmHttpPool *self, RafilmHttpConnection *connection);
