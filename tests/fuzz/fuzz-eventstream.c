/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bedrock's stream: decoded in pieces, and the answer that it makes. The first byte says whether
 * checksums and lengths are made right first, since chance never would, and how long a piece is. */
#include "fuzz.h"

#include "rafilm-converse.h"

#include <glib.h>
#include <string.h>
#include <zlib.h>

#define MAX_MESSAGE 16384

typedef struct
{
  RafilmConverse converse;
  guint messages;
  gsize text; /* bytes that the callback was given */
} Run;

static void
write_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, 4);
}

static guint32
read_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, 4);
  return GUINT32_FROM_BE (value);
}

static void
mend (guint8 *bytes, gsize left)
{
  while (left >= 16)
    {
      gsize total = read_u32 (bytes);

      if (total < 16 || total > left)
        total = left;
      write_u32 (bytes, (guint32) total);
      write_u32 (bytes + 8, (guint32) crc32 (0, bytes, 8));
      write_u32 (bytes + total - 4, (guint32) crc32 (0, bytes, (unsigned) total - 4));
      bytes += total;
      left -= total;
    }
}

static bool
take_text (const char *text, size_t length, void *data)
{
  Run *run = data;

  run->text += length;
  return run->text < 4096;
}

static bool
take_message (const RafilmEventstreamMessage *message, void *data)
{
  Run *run = data;

  g_assert_cmpuint (message->n_headers, <=, RAFILM_EVENTSTREAM_MAX_HEADERS);
  for (size_t i = 0; i < message->n_headers; i++)
    g_assert_cmpint (message->headers[i].value[message->headers[i].length], ==, '\0');
  run->messages++;
  return rafilm_converse_take (&run->converse, message);
}

static RafilmEventstreamStatus
decode (Run *run, const guint8 *bytes, gsize size, gsize piece)
{
  RafilmEventstream stream;
  RafilmEventstreamStatus status;

  rafilm_converse_init (&run->converse, take_text, run);
  rafilm_eventstream_init (&stream, MAX_MESSAGE);
  for (gsize at = 0; at < size; at += piece)
    rafilm_eventstream_push (&stream, bytes + at, MIN (piece, size - at), take_message, run);
  status = stream.status;
  rafilm_eventstream_clear (&stream);
  return status;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *bytes = NULL;
  Run in_pieces = { 0 }, at_once = { 0 };
  json_auto_t *content = NULL, *same = NULL;
  RafilmEventstreamStatus status;

  if (size < 2)
    return 0;
  bytes = g_memdup2 (data + 1, size - 1);
  if (data[0] & 1)
    mend (bytes, size - 1);
  status = decode (&in_pieces, bytes, size - 1, 1 + (gsize) (data[0] >> 1));
  g_assert_cmpint (status, ==, decode (&at_once, bytes, size - 1, size));
  g_assert_cmpuint (in_pieces.messages, ==, at_once.messages);
  content = rafilm_converse_dup_content (&in_pieces.converse);
  same = rafilm_converse_dup_content (&at_once.converse);
  g_assert_true (json_is_array (content) && json_equal (content, same));
  rafilm_converse_clear (&in_pieces.converse);
  rafilm_converse_clear (&at_once.converse);
  return 0;
}
