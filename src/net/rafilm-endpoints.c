/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-endpoints.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "rafilm-error.h"

G_DEFINE_BOXED_TYPE (RafilmEndpoints, rafilm_endpoints, rafilm_endpoints_copy,
                     rafilm_endpoints_free)

static gboolean
host_is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0;
}

gboolean
rafilm_endpoints_check_uri (const char *uri, const char *scheme)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  g_autofree char *secure = g_strconcat (scheme, "s", NULL);
  const char *host = NULL;

  if (parsed == NULL)
    return FALSE;

  host = g_uri_get_host (parsed);
  if (host == NULL || *host == '\0' || g_uri_get_userinfo (parsed) != NULL
      || g_uri_get_query (parsed) != NULL || g_uri_get_fragment (parsed) != NULL)
    return FALSE;

  if (g_ascii_strcasecmp (g_uri_get_scheme (parsed), secure) == 0)
    return TRUE;

  return g_ascii_strcasecmp (g_uri_get_scheme (parsed), scheme) == 0 && host_is_loopback (host);
}

static char *
read_setting (const char *variable, const char *built_in)
{
  const char *value = g_getenv (variable);

  if (value == NULL)
    value = built_in;

  return *value != '\0' ? g_strdup (value) : NULL;
}

static gboolean
read_address (const char *variable, const char *built_in, const char *scheme, char **ret_address,
              GError **error)
{
  g_autofree char *address = read_setting (variable, built_in);

  if (address != NULL)
    {
      for (gsize length = strlen (address); length > 0 && address[length - 1] == '/'; length--)
        address[length - 1] = '\0';

      if (!rafilm_endpoints_check_uri (address, scheme))
        {
          g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID,
                       _ ("%s is not the address of a secure server."), variable);
          return FALSE;
        }
    }

  *ret_address = g_steal_pointer (&address);

  return TRUE;
}

RafilmEndpoints *
rafilm_endpoints_new_from_environment (GError **error)
{
  g_autoptr (RafilmEndpoints) self = g_new0 (RafilmEndpoints, 1);

  if (!read_address ("RAFILM_API_URL", DEFAULT_API, "http", &self->api, error)
      || !read_address ("RAFILM_SOCKET_URL", DEFAULT_SOCKET, "ws", &self->socket, error)
      || !read_address ("RAFILM_COGNITO_URL", DEFAULT_COGNITO, "http", &self->cognito, error)
      || !read_address ("RAFILM_IMAGES_URL", DEFAULT_IMAGES, "http", &self->images, error))
    return NULL;

  self->cognito_client = read_setting ("RAFILM_COGNITO_CLIENT", DEFAULT_COGNITO_CLIENT);
  self->cognito_pool = read_setting ("RAFILM_COGNITO_POOL", DEFAULT_COGNITO_POOL);

  return g_steal_pointer (&self);
}

RafilmEndpoints *
rafilm_endpoints_copy (const RafilmEndpoints *self)
{
  RafilmEndpoints *copy = g_new0 (RafilmEndpoints, 1);

  copy->api = g_strdup (self->api);
  copy->socket = g_strdup (self->socket);
  copy->cognito = g_strdup (self->cognito);
  copy->cognito_client = g_strdup (self->cognito_client);
  copy->cognito_pool = g_strdup (self->cognito_pool);
  copy->images = g_strdup (self->images);

  return copy;
}

void
rafilm_endpoints_free (RafilmEndpoints *self)
{
  if (self == NULL)
    return;

  g_free (self->api);
  g_free (self->socket);
  g_free (self->cognito);
  g_free (self->cognito_client);
  g_free (self->cognito_pool);
  g_free (self->images);
  g_free (self);
}

gboolean
rafilm_endpoints_has_account (const RafilmEndpoints *self)
{
  return self->api != NULL && self->cognito != NULL && self->cognito_client != NULL
         && self->cognito_pool != NULL;
}
