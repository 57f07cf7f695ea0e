/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-frame.h"

#include <string.h>

#define PRELUDE_BYTES 12
#define HEADER_TEXT 7

/* ISO 3309's polynomial, reflected, as in zlib. */
static guint32
compute_crc (const guint8 *data, gsize size)
{
  guint32 crc = G_MAXUINT32;

  for (gsize i = 0; i < size; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
    }

  return ~crc;
}

static void
append_number (GByteArray *frame, guint32 number)
{
  guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (frame, (const guint8 *) &big, sizeof big);
}

static void
append_header (GByteArray *headers, const char *name, const char *value)
{
  guint8 name_size = (guint8) strlen (name);
  guint8 type = HEADER_TEXT;
  guint16 value_size = GUINT16_TO_BE ((guint16) strlen (value));

  g_byte_array_append (headers, &name_size, 1);
  g_byte_array_append (headers, (const guint8 *) name, name_size);
  g_byte_array_append (headers, &type, 1);
  g_byte_array_append (headers, (const guint8 *) &value_size, sizeof value_size);
  g_byte_array_append (headers, (const guint8 *) value, strlen (value));
}

GBytes *
rafilm_local_frame_new (const char *message_type, const char *type, const char *payload)
{
  g_autoptr (GByteArray) headers = g_byte_array_new ();
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  gsize payload_size;

  g_return_val_if_fail (message_type != NULL && type != NULL && payload != NULL, NULL);

  payload_size = strlen (payload);
  append_header (headers,
                 strcmp (message_type, "exception") == 0 ? ":exception-type" : ":event-type", type);
  append_header (headers, ":content-type", "application/json");
  append_header (headers, ":message-type", message_type);

  append_number (frame, (guint32) (PRELUDE_BYTES + headers->len + payload_size + 4));
  append_number (frame, headers->len);
  append_number (frame, compute_crc (frame->data, frame->len));
  g_byte_array_append (frame, headers->data, headers->len);
  g_byte_array_append (frame, (const guint8 *) payload, payload_size);
  append_number (frame, compute_crc (frame->data, frame->len));

  return g_byte_array_free_to_bytes (g_steal_pointer (&frame));
}
