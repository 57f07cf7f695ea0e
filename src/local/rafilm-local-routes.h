/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RafilmLocalRoute:
 * @method: of the request
 * @resource: path with "{name}" where a part is a parameter
 * @function: name of the function that answers
 * @is_public: whether no access token is asked for
 *
 * The REST API's routes, as infra/template.yaml has them.
 */
typedef struct
{
  const char *method;
  const char *resource;
  const char *function;
  gboolean is_public;
} RafilmLocalRoute;

/**
 * rafilm_local_routes_find:
 * @path: the request's path without the stage
 * @ret_parameters: (out) (transfer full) (nullable): the path's parameters, %NULL without any
 *
 * Fixed parts win over parameters, as in API Gateway.
 *
 * Returns: (nullable): the route, or %NULL
 */
const RafilmLocalRoute *rafilm_local_routes_find (const char *method, const char *path,
                                                  JsonObject **ret_parameters);

/**
 * rafilm_local_routes_find_action:
 *
 * Returns: the function that answers a WebSocket message with that "action"
 */
const char *rafilm_local_routes_find_action (const char *action, const char **ret_route);

G_END_DECLS
