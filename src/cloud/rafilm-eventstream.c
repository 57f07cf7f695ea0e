/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-eventstream.h"

#include <string.h>
#include <zlib.h>

#define PRELUDE 12
#define CHECKSUM 4

void
rafilm_eventstream_init (RafilmEventstream *self, size_t max_message)
{
  *self = (RafilmEventstream) { .max_message = max_message };
}

void
rafilm_eventstream_clear (RafilmEventstream *self)
{
  rafilm_buffer_clear (&self->pending);
}

static uint32_t
read_u32 (const char *bytes)
{
  const unsigned char *b = (const unsigned char *) bytes;

  return (uint32_t) b[0] << 24 | (uint32_t) b[1] << 16 | (uint32_t) b[2] << 8 | b[3];
}

static uint32_t
checksum (const char *bytes, size_t length)
{
  return (uint32_t) crc32 (0, (const unsigned char *) bytes, (unsigned) length);
}

static void
message_clear (RafilmEventstreamMessage *message)
{
  for (size_t i = 0; i < message->n_headers; i++)
    {
      free (message->headers[i].name);
      free (message->headers[i].value);
    }
}

/* How long the value of a header is, from its type and the bytes at `at`; false when cut off.
 * `*ret_prefix` bytes of length come before it. */
static bool
value_length (uint8_t type, const char *at, size_t left, size_t *ret_prefix, size_t *ret_length)
{
  static const size_t fixed[] = { 0, 0, 1, 2, 4, 8, 0, 0, 8, 16 };

  if (type >= sizeof fixed / sizeof fixed[0])
    return false;
  *ret_prefix = type == 6 || type == 7 ? 2 : 0;
  if (left < *ret_prefix)
    return false;
  *ret_length =
      *ret_prefix > 0 ? (size_t) ((unsigned char) at[0] << 8 | (unsigned char) at[1]) : fixed[type];
  return left - *ret_prefix >= *ret_length;
}

static bool
read_headers (RafilmEventstreamMessage *message, const char *at, size_t left)
{
  while (left > 0)
    {
      RafilmEventstreamHeader *header = &message->headers[message->n_headers];
      size_t name = (unsigned char) *at, prefix, length;
      uint8_t type;

      if (message->n_headers == RAFILM_EVENTSTREAM_MAX_HEADERS || name == 0 || left < name + 2)
        return false;
      type = (uint8_t) at[1 + name];
      if (!value_length (type, at + name + 2, left - name - 2, &prefix, &length))
        return false;
      header->name = rafilm_strndup (at + 1, name);
      header->type = type;
      header->value = rafilm_strndup (at + name + 2 + prefix, length);
      header->length = length;
      message->n_headers++;
      at += name + 2 + prefix + length;
      left -= name + 2 + prefix + length;
    }
  return true;
}

const char *
rafilm_eventstream_get_text (const RafilmEventstreamMessage *message, const char *name)
{
  for (size_t i = 0; i < message->n_headers; i++)
    if (message->headers[i].type == 7 && strcmp (message->headers[i].name, name) == 0)
      return message->headers[i].value;
  return "";
}

/* The message at the front of the bytes, which are `total` long. */
static RafilmEventstreamStatus
take_message (const char *bytes, size_t total, size_t headers, RafilmEventstreamFunc func,
              void *data)
{
  RafilmEventstreamMessage message = { .n_headers = 0 };
  RafilmEventstreamStatus status = RAFILM_EVENTSTREAM_OK;

  if (checksum (bytes, total - CHECKSUM) != read_u32 (bytes + total - CHECKSUM))
    return RAFILM_EVENTSTREAM_MESSAGE_CHECKSUM;
  if (!read_headers (&message, bytes + PRELUDE, headers))
    status = RAFILM_EVENTSTREAM_HEADER;
  else
    {
      message.payload = bytes + PRELUDE + headers;
      message.payload_length = total - PRELUDE - headers - CHECKSUM;
      if (!func (&message, data))
        status = RAFILM_EVENTSTREAM_STOPPED;
    }
  message_clear (&message);
  return status;
}

RafilmEventstreamStatus
rafilm_eventstream_push (RafilmEventstream *self, const void *bytes, size_t length,
                         RafilmEventstreamFunc func, void *data)
{
  size_t done = 0;

  if (self->status != RAFILM_EVENTSTREAM_OK)
    return self->status;
  rafilm_buffer_append (&self->pending, bytes, length);
  while (self->status == RAFILM_EVENTSTREAM_OK && self->pending.length - done >= PRELUDE)
    {
      const char *at = self->pending.data + done;
      size_t total = read_u32 (at), headers = read_u32 (at + 4);

      if (checksum (at, 8) != read_u32 (at + 8))
        self->status = RAFILM_EVENTSTREAM_PRELUDE_CHECKSUM;
      else if (total < PRELUDE + CHECKSUM || total > self->max_message
               || headers > total - PRELUDE - CHECKSUM)
        self->status = RAFILM_EVENTSTREAM_LENGTH;
      else if (self->pending.length - done < total)
        break;
      else
        {
          self->status = take_message (at, total, headers, func, data);
          done += total;
        }
    }
  rafilm_buffer_remove (&self->pending, done);
  return self->status;
}

bool
rafilm_eventstream_is_whole (const RafilmEventstream *self)
{
  return self->status == RAFILM_EVENTSTREAM_OK && self->pending.length == 0;
}
