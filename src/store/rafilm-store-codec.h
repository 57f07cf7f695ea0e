/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fields lie in the database: a compact form that is quick to write and to read, since a first
 * synchronisation writes tens of thousands of them. Integers are LEB128, signed ones zigzag.
 *
 *   body   = version 1 (1 byte), count, field…
 *   field  = name (text), type (1 byte, RafilmWireType), value, stamp
 *   value  = nothing | 1 byte | signed integer | text | text, text or 0xff, 1 byte
 *   stamp  = 0 (as that of the field before) | 1, fseq, h (8 bytes, big endian), dev (text), n
 *   text   = length, bytes */

#pragma once

#include <glib.h>

#include "rafilm-wire-record.h"

G_BEGIN_DECLS

/** Returns: (transfer full): the body of @fields */
GBytes *rafilm_store_codec_encode (const RafilmWireFields *fields);

/**
 * rafilm_store_codec_decode:
 * @ret_fields: must be empty; stays so on failure
 *
 * Returns: whether the @size bytes at @data are a body, to the last byte
 */
gboolean rafilm_store_codec_decode (const void *data, gsize size, RafilmWireFields *ret_fields);

/**
 * rafilm_store_codec_learn:
 * @kind: of the record
 *
 * What an earlier version of the program did not know is there as RAW; what this one knows of it
 * gets its type.
 */
void rafilm_store_codec_learn (const char *kind, RafilmWireFields *fields);

G_END_DECLS
