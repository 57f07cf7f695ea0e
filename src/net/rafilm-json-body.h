/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * rafilm_json_body_parse:
 *
 * Parses what a peer sent.
 *
 * Returns: (transfer full): the value, or %NULL with %RAFILM_ERROR_MALFORMED
 */
JsonNode *rafilm_json_body_parse (GBytes *body, GError **error);

/**
 * rafilm_json_body_serialize:
 *
 * Returns: (transfer full): @node as JSON text in UTF-8
 */
GBytes *rafilm_json_body_serialize (JsonNode *node);

/**
 * rafilm_json_body_get_string:
 *
 * Returns: (nullable): the member @name of @object where it is a string, else %NULL
 */
const char *rafilm_json_body_get_string (JsonObject *object, const char *name);

/**
 * rafilm_json_body_get_object:
 *
 * Returns: (nullable): the member @name of @object where it is an object, else %NULL
 */
JsonObject *rafilm_json_body_get_object (JsonObject *object, const char *name);

/**
 * rafilm_json_body_get_int:
 *
 * Returns: the member @name of @object where it is a whole number from @low to @high, else
 *   @fallback
 */
gint64 rafilm_json_body_get_int (JsonObject *object, const char *name, gint64 low, gint64 high,
                                 gint64 fallback);

G_END_DECLS
