/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incremental decoder of application/vnd.amazon.eventstream: bytes in pieces of any size, messages
 * out. Both checksums are checked before anything of a message is looked at.
 *
 * A message: u32 total length, u32 length of the headers, u32 CRC32 of these 8 bytes, the headers
 * {u8 length, name, u8 type, value}, the payload, u32 CRC32 of all before; big-endian.
 * https://smithy.io/2.0/aws/amazon-eventstream.html */
#pragma once

#include "rafilm-memory.h"

#define RAFILM_EVENTSTREAM_MAX_HEADERS 32

typedef enum
{
  RAFILM_EVENTSTREAM_OK,
  RAFILM_EVENTSTREAM_STOPPED, /* the callback returned false */
  RAFILM_EVENTSTREAM_LENGTH,  /* lengths that cannot be, or a message above the bound */
  RAFILM_EVENTSTREAM_PRELUDE_CHECKSUM,
  RAFILM_EVENTSTREAM_MESSAGE_CHECKSUM,
  RAFILM_EVENTSTREAM_HEADER, /* cut off, without a name, of an unknown type, or too many */
} RafilmEventstreamStatus;

/* Numbers in `value` are as they came, big-endian. */
typedef struct
{
  char *name;
  uint8_t type; /* 0 true, 1 false, 2 byte, 3 i16, 4 i32, 5 i64, 6 bytes, 7 text, 8 time, 9 uuid */
  char *value;  /* followed by a zero byte */
  size_t length;
} RafilmEventstreamHeader;

typedef struct
{
  RafilmEventstreamHeader headers[RAFILM_EVENTSTREAM_MAX_HEADERS];
  size_t n_headers;
  const char *payload; /* borrowed from the decoder */
  size_t payload_length;
} RafilmEventstreamMessage;

/* The text of a header of type 7; "" when there is none. */
const char *rafilm_eventstream_get_text (const RafilmEventstreamMessage *message, const char *name);

/* Takes one message; false ends the decoding. */
typedef bool (*RafilmEventstreamFunc) (const RafilmEventstreamMessage *message, void *data);

typedef struct
{
  RafilmBuffer pending;
  size_t max_message;             /* bytes */
  RafilmEventstreamStatus status; /* anything but OK stays */
} RafilmEventstream;

void rafilm_eventstream_init (RafilmEventstream *self, size_t max_message);
void rafilm_eventstream_clear (RafilmEventstream *self);

RafilmEventstreamStatus rafilm_eventstream_push (RafilmEventstream *self, const void *bytes,
                                                 size_t length, RafilmEventstreamFunc func,
                                                 void *data);

/* Whether the stream ended between two messages. */
bool rafilm_eventstream_is_whole (const RafilmEventstream *self);
