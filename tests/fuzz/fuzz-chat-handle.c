/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Films in the text of a message. */
#include "fuzz.h"

#include "rafilm-handle.h"
#include "rafilm-message.h"

#include <string.h>

static void
check_handles (const char *text)
{
  for (const char *at = strstr (text, "[["); at != NULL; at = strstr (at + 1, "[["))
    {
      gint64 film = -1;
      gsize length = rafilm_handle_read (at, &film);

      g_assert_cmpuint (length, <=, RAFILM_HANDLE_MAX);
      g_assert_cmpuint (length, <=, strlen (at));
      if (length > 0 && film > 0)
        {
          g_autofree char *handle = rafilm_handle_dup (film);
          gint64 again = 0;

          g_assert_cmpuint (rafilm_handle_read (handle, &again), ==, strlen (handle));
          g_assert_cmpint (again, ==, film);
        }
      rafilm_handle_may_grow (at);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *given = g_strndup ((const char *) data, size);
  g_autofree char *text = g_utf8_make_valid (given, -1);
  g_autoptr (RafilmMessage) message = rafilm_message_new (NULL, RAFILM_MESSAGE_ASSISTANT, 0);
  g_autoptr (RafilmFilm) film = rafilm_film_new (949);
  g_autoptr (GPtrArray) segments = NULL;
  g_autofree char *plain = NULL;

  check_handles (text);
  rafilm_message_add_film (message, film);
  rafilm_message_append_text (message, text);
  segments = rafilm_message_dup_segments (message);
  for (guint i = 0; i < segments->len; i++)
    {
      RafilmMessageSegment *segment = segments->pdata[i];

      g_assert_true ((segment->text != NULL) != (segment->film != NULL));
      if (segment->film != NULL)
        g_assert_true (segment->film == film);
    }
  plain = rafilm_message_dup_plain_text (message);
  g_assert_true (g_utf8_validate (plain, -1, NULL));
  return 0;
}
