/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-http-pool.h"

#include "rafilm-time.h"
#include "rafilm-tls.h"

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#define MAX_HEADER_BYTES (64 * 1024)
#define MAX_IDLE 8
/* A function stands still between invocations, and does not see a service hang up, which AWS's do
 * after a minute or less. Where the way has forgotten the connection as well, nothing tells. */
#define MAX_IDLE_MS 20000

void
rafilm_http_pool_init (RafilmHttpPool *self)
{
  *self = (RafilmHttpPool) { .base = event_base_new (), .max_idle = MAX_IDLE_MS };
  if (self->base == NULL)
    abort ();
  /* Never getaddrinfo (): it would load NSS modules, which a static program has not. */
  self->dns = evdns_base_new (self->base, 0);
  if (self->dns == NULL)
    abort ();
  evdns_base_resolv_conf_parse (self->dns, DNS_OPTIONS_ALL & ~DNS_OPTION_HOSTSFILE,
                                "/etc/resolv.conf");
  evdns_base_load_hosts (self->dns, "/etc/hosts");
}

void
rafilm_http_connection_free (RafilmHttpConnection *self)
{
  if (self->http != NULL)
    evhttp_connection_free (self->http);
  free (self->origin);
  free (self);
}

void
rafilm_http_pool_clear (RafilmHttpPool *self)
{
  while (self->idle != NULL)
    {
      RafilmHttpConnection *connection = self->idle;

      self->idle = connection->next;
      rafilm_http_connection_free (connection);
    }
  evdns_base_free (self->dns, 0);
  event_base_free (self->base);
  SSL_CTX_free (self->tls);
}

bool
rafilm_http_address_parse (const char *url, RafilmHttpAddress *address)
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

static RafilmHttpConnection *
connection_new (RafilmHttpPool *self, const RafilmHttpAddress *address, const char *origin)
{
  RafilmHttpConnection *connection = rafilm_alloc0 (sizeof *connection);
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
          rafilm_http_connection_free (connection);
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

RafilmHttpConnection *
rafilm_http_pool_take (RafilmHttpPool *self, const RafilmHttpAddress *address, bool fresh)
{
  rafilm_autofree char *origin = rafilm_printf ("%s://%s:%s", address->secure ? "https" : "http",
                                                address->host, address->port);
  RafilmHttpConnection **link = &self->idle;

  while (*link != NULL && !fresh)
    {
      RafilmHttpConnection *connection = *link;
      int64_t age = rafilm_time_now_ms () - connection->kept_at;

      if (strcmp (connection->origin, origin) != 0)
        {
          link = &connection->next;
          continue;
        }
      *link = connection->next;
      connection->next = NULL;
      if (age >= 0 && age <= self->max_idle)
        return connection;
      rafilm_http_connection_free (connection);
    }
  return connection_new (self, address, origin);
}

void
rafilm_http_pool_keep (RafilmHttpPool *self, RafilmHttpConnection *connection)
{
  unsigned n = 0;

  connection->used = true;
  connection->kept_at = rafilm_time_now_ms ();
  connection->next = self->idle;
  self->idle = connection;
  for (RafilmHttpConnection **link = &self->idle; *link != NULL; link = &(*link)->next)
    if (++n > MAX_IDLE)
      {
        RafilmHttpConnection *oldest = *link;

        *link = NULL;
        rafilm_http_connection_free (oldest);
        break;
      }
}
