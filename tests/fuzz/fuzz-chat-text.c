/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model writes, in pieces, on its way to a person; and what a client sends to the chat. */
#include "fuzz.h"

#include "rafilm-chat-request.h"
#include "rafilm-chat-scanner.h"

#include <glib.h>
#include <string.h>

typedef struct
{
  GString *shown;
  guint films;
} Run;

static bool
take_film (int64_t id, void *data)
{
  Run *run = data;

  g_assert_cmpint (id, >, 0);
  run->films++;
  return id % 2 == 1;
}

static void
take_text (const char *text, size_t length, void *data)
{
  g_string_append_len (((Run *) data)->shown, text, (gssize) length);
}

static char *
scan (const char *text, gsize size, gsize piece)
{
  Run run = { g_string_new (NULL), 0 };
  RafilmChatScanner scanner;

  rafilm_chat_scanner_init (&scanner, (RafilmChatScannerFuncs) { take_film, take_text, &run });
  for (gsize at = 0; at < size; at += piece)
    rafilm_chat_scanner_push (&scanner, text + at, MIN (piece, size - at));
  rafilm_chat_scanner_finish (&scanner);
  rafilm_chat_scanner_clear (&scanner);
  return g_string_free_and_steal (run.shown);
}

/* A handle of a film that may not be named is never shown, however the text was cut. */
static void
check_scanner (const char *text, gsize size, gsize piece)
{
  g_autofree char *whole = scan (text, size, MAX (size, 1));
  g_autofree char *pieces = scan (text, size, piece);

  g_assert_cmpstr (whole, ==, pieces);
  for (const char *at = strstr (whole, "[[tmdb:"); at != NULL; at = strstr (at + 1, "[[tmdb:"))
    {
      char *end;
      gint64 id = g_ascii_strtoll (at + 7, &end, 10);

      if (id > 0 && strncmp (end, "]]", 2) == 0)
        g_assert_cmpint (id % 2, ==, 1);
    }
}

static void
check_request (const char *text, gsize size)
{
  json_auto_t *request = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
  json_auto_t *messages = NULL;
  json_t *message;
  int64_t films[8];
  size_t i;

  if (!json_is_object (request) || !rafilm_chat_request_is_valid (request))
    return;
  messages = rafilm_chat_request_to_messages (request);
  json_array_foreach (messages, i, message) g_assert_cmpstr (
      json_string_value (json_object_get (message, "role")), ==, i % 2 == 0 ? "user" : "assistant");
  g_assert_cmpuint (json_array_size (messages), >, 0);
  g_assert_cmpuint (rafilm_chat_request_find_films (request, films, 8), <=, 8);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 1)
    return 0;
  if (memchr (data, '\0', size) == NULL)
    check_scanner ((const char *) data + 1, size - 1, 1 + data[0] % 16);
  check_request ((const char *) data, size);
  return 0;
}
