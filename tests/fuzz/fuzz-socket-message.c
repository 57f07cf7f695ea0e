/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of the WebSocket, one a line, put together to an answer of the chat. What comes out is
 * in order, valid and bounded, names no film that did not come before, and ends once. */
#include "fuzz.h"

#include "rafilm-json-body.h"
#include "rafilm-stream-assembler.h"

#include <string.h>

typedef struct
{
  gsize text;
  guint films;
  gboolean ended;
} Seen;

static void
check_event (Seen *seen, RafilmStreamEvent *event)
{
  g_assert_false (seen->ended);
  switch (event->kind)
    {
    case RAFILM_STREAM_TEXT:
      g_assert_true (g_utf8_validate (event->text, -1, NULL));
      seen->text += strlen (event->text);
      g_assert_cmpuint (seen->text, <=, RAFILM_STREAM_MAX_TEXT);
      if (strstr (event->text, "[[tmdb:") != NULL)
        g_assert_cmpuint (seen->films, >, 0);
      break;
    case RAFILM_STREAM_FILM:
      g_assert_cmpuint (++seen->films, <=, RAFILM_STREAM_MAX_FILMS);
      g_assert_nonnull (event->film);
      break;
    case RAFILM_STREAM_DONE:
    case RAFILM_STREAM_STOPPED:
    case RAFILM_STREAM_ERROR:
      seen->ended = TRUE;
      break;
    }
}

static void
pop_all (RafilmStreamAssembler *assembler, Seen *seen, gint64 now)
{
  RafilmStreamEvent *event;

  while ((event = rafilm_stream_assembler_pop (assembler, now)) != NULL)
    {
      check_event (seen, event);
      rafilm_stream_event_free (event);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RafilmStreamAssembler) assembler = rafilm_stream_assembler_new ();
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 300);
  Seen seen = { 0 };
  gint64 now = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (lines[i], strlen (lines[i]));
      g_autoptr (JsonNode) node = rafilm_json_body_parse (bytes, NULL);

      now += 100;
      if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
        rafilm_stream_assembler_take (assembler, json_node_get_object (node), now);
      else
        now += RAFILM_STREAM_GAP_MSEC;
      pop_all (assembler, &seen, now);
    }
  /* Gaps are given up, one after the other; then there is nothing to wait for. */
  for (guint i = 0; i <= RAFILM_STREAM_MAX_WAITING; i++)
    pop_all (assembler, &seen, now += RAFILM_STREAM_GAP_MSEC + 1);
  g_assert_cmpint (rafilm_stream_assembler_get_deadline (assembler), ==, G_MAXINT64);
  return 0;
}
