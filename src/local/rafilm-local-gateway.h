/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-function.h"

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Amazon API Gateway's REST API, as far as Rafilm uses it: routes, the user pool's authorizer,
 * events of format 1.0, compression both ways, and the gateway's own answers where no function
 * is asked: 401, 403, 413, 429, 502, 504. */

typedef struct _RafilmLocalGateway RafilmLocalGateway;

/**
 * RafilmLocalFindFunction:
 *
 * Returns: (nullable): the function of that name
 */
typedef RafilmLocalFunction *(*RafilmLocalFindFunction) (const char *name, gpointer data);

/**
 * RafilmLocalAuthorize:
 * @authorization: (nullable): the header's value
 * @ret_expired: (out): whether the token was good once
 *
 * Returns: (transfer full) (nullable): the claims of a good access token, or %NULL
 */
typedef JsonObject *(*RafilmLocalAuthorize) (const char *authorization, gboolean *ret_expired,
                                             gpointer data);

/**
 * rafilm_local_gateway_new:
 * @server: where the API's stage appears as "/prod"; bound to 10 MB bodies by the caller
 */
RafilmLocalGateway *rafilm_local_gateway_new (SoupServer *server, RafilmLocalFindFunction find,
                                              RafilmLocalAuthorize authorize, gpointer data);
void rafilm_local_gateway_free (RafilmLocalGateway *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalGateway, rafilm_local_gateway_free)

G_END_DECLS
