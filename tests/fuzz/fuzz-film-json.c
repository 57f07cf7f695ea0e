/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A film's facts, as the service sends them and the mirror keeps them. */
#include "fuzz.h"

#include "rafilm-error.h"
#include "rafilm-film-json.h"
#include "rafilm-json-body.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (JsonNode) node = rafilm_json_body_parse (bytes, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (RafilmFilm) again = NULL;
  g_autoptr (JsonObject) written = NULL;
  g_autoptr (JsonObject) rewritten = NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return 0;
  film = rafilm_film_from_json (json_node_get_object (node), &error);
  if (film == NULL)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
      return 0;
    }
  written = rafilm_film_to_json (film);
  again = rafilm_film_from_json (written, &error);
  g_assert_no_error (error);
  rewritten = rafilm_film_to_json (again);
  {
    g_autoptr (JsonNode) one = json_node_init_object (json_node_alloc (), written);
    g_autoptr (JsonNode) other = json_node_init_object (json_node_alloc (), rewritten);
    g_autofree char *text = json_to_string (one, FALSE);
    g_autofree char *same = json_to_string (other, FALSE);

    g_assert_cmpstr (text, ==, same);
  }
  return 0;
}
