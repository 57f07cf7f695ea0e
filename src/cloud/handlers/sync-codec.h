/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and operations of synchronisation as jansson values, driven by the table of kinds
 * (rafilm-wire-kinds.h), and as items of the table. The JSON is that of docs/sync.md.
 *
 * An item of a row: pk "U#<uid>", sk "<kind>#<id>", q N, f M name -> value, s M name -> stamp with
 * "*" for all fields that have none of their own, x BOOL deleted, c BOOL purged. */
#pragma once

#include <jansson.h>

#include "rafilm-wire-record.h"

#define RAFILM_SYNC_KEY_SIZE (RAFILM_WIRE_MAX_ID + 24)

/* "<kind>#<id>", the sort key of a row. */
void rafilm_sync_codec_key (const char *kind, const char *id, char key[RAFILM_SYNC_KEY_SIZE]);

/* A new reference. */
json_t *rafilm_sync_codec_row_to_json (const RafilmWireRow *row);
json_t *rafilm_sync_codec_row_to_item (const RafilmWireRow *row, const char *pk);

/* NULL when the item is no row. Free it with rafilm_wire_row_free (). */
RafilmWireRow *rafilm_sync_codec_row_from_item (const json_t *item);

/* The item as rafilm_sync_codec_row_to_json () would give its row, without making the row: a feed
 * has thousands. A new reference, or NULL when the item is no row. */
json_t *rafilm_sync_codec_item_to_json (const json_t *item);

/* NULL when it is no operation at all; rafilm_wire_op_check () judges one that is. */
RafilmWireOp *rafilm_sync_codec_op_from_json (const json_t *json);
