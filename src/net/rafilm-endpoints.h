/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * RafilmEndpoints:
 * @api: the REST API with its stage, without a slash at the end
 * @socket: the WebSocket API with its stage
 * @cognito: the Cognito user pool service
 * @cognito_client: the id of the app client
 * @cognito_pool: the id of the user pool, such as `eu-west-1_AbCdEfGhI`
 * @images: where TMDb's pictures are, without a size and a path
 *
 * Where the cloud is. Each comes from the environment (RAFILM_API_URL, RAFILM_SOCKET_URL,
 * RAFILM_COGNITO_URL, RAFILM_COGNITO_CLIENT, RAFILM_COGNITO_POOL, RAFILM_IMAGES_URL) or from what
 * was built in. One that is not set is %NULL, never an empty string. Immutable.
 */
typedef struct
{
  char *api;
  char *socket;
  char *cognito;
  char *cognito_client;
  char *cognito_pool;
  char *images;
} RafilmEndpoints;

#define RAFILM_TYPE_ENDPOINTS (rafilm_endpoints_get_type ())
GType rafilm_endpoints_get_type (void);

/**
 * rafilm_endpoints_new_from_environment:
 *
 * Reads the endpoints and checks them. https (wss for the socket) is demanded except of an
 * address on this very computer; a query, a fragment or a user name is refused.
 *
 * Returns: (transfer full): the endpoints, or %NULL with %RAFILM_ERROR_INVALID
 */
RafilmEndpoints *rafilm_endpoints_new_from_environment (GError **error);

RafilmEndpoints *rafilm_endpoints_copy (const RafilmEndpoints *self);
void rafilm_endpoints_free (RafilmEndpoints *self);

/**
 * rafilm_endpoints_has_account:
 *
 * Returns: whether all is known that a sign-in needs. Without that everything stays local
 */
gboolean rafilm_endpoints_has_account (const RafilmEndpoints *self);

/**
 * rafilm_endpoints_check_uri:
 * @uri: an absolute address
 * @scheme: `http` or `ws`; the secure form is `https` or `wss`
 *
 * Returns: whether @uri is well-formed and either secure or on loopback
 */
gboolean rafilm_endpoints_check_uri (const char *uri, const char *scheme);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmEndpoints, rafilm_endpoints_free)

G_END_DECLS
