/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-json-body.h"

#include <glib/gi18n-lib.h>

#include "rafilm-error.h"

JsonNode *
rafilm_json_body_parse (GBytes *body, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) parse_error = NULL;
  const char *text = NULL;
  JsonNode *root = NULL;
  gsize length = 0;

  g_return_val_if_fail (body != NULL, NULL);

  /* Otherwise the parser takes several values in a row, and ends the program over them. */
  json_parser_set_strict (parser, TRUE);
  text = g_bytes_get_data (body, &length);
  if (length > 0 && length <= G_MAXSSIZE && g_utf8_validate_len (text, length, NULL)
      && json_parser_load_from_data (parser, text, (gssize) length, &parse_error))
    root = json_parser_steal_root (parser);

  if (root == NULL)
    {
      g_debug ("Not JSON: %s", parse_error != NULL ? parse_error->message : "empty or not UTF-8");
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED,
                           _ ("The server sent an answer that makes no sense."));
    }

  return root;
}

GBytes *
rafilm_json_body_serialize (JsonNode *node)
{
  char *text = NULL;

  g_return_val_if_fail (node != NULL, NULL);

  text = json_to_string (node, /* pretty= */ FALSE);

  return g_bytes_new_take (text, strlen (text));
}

const char *
rafilm_json_body_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

JsonObject *
rafilm_json_body_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gint64
rafilm_json_body_get_int (JsonObject *object, const char *name, gint64 low, gint64 high,
                          gint64 fallback)
{
  JsonNode *node = NULL;
  gint64 value = 0;

  g_return_val_if_fail (object != NULL, fallback);

  node = json_object_get_member (object, name);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return fallback;
  value = json_node_get_int (node);

  return value >= low && value <= high ? value : fallback;
}
