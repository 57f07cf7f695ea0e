/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * rafilm_local_frame_new:
 * @message_type: "event" or "exception"
 * @type: value of ":event-type" or ":exception-type"
 * @payload: JSON text
 *
 * One frame of application/vnd.amazon.eventstream: u32 total length, u32 length of the headers,
 * u32 CRC-32 of these eight bytes, headers (u8 name length, name, u8 type 7, u16 length, text),
 * payload, u32 CRC-32 of all before. Numbers are big-endian. Format: Smithy specification,
 * "Amazon Event Stream".
 *
 * Returns: (transfer full): the frame
 */
GBytes *rafilm_local_frame_new (const char *message_type, const char *type, const char *payload);

G_END_DECLS
