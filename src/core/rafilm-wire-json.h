/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-wire-record.h"

G_BEGIN_DECLS

/* The JSON of rows and operations, as the sync API speaks it (docs/sync.md) and the mirror keeps
 * it, for json-glib. The types come from the table in rafilm-wire-kinds.h:
 *
 *   BOOL, INT, TEXT and null are JSON's own; a REVIEW is a plain string, or, with marks,
 *   {"text": "…", "spoiler": true, "lang": "en"}. What the table doesn't know, or what has another
 *   type than it says, becomes RAW: its JSON text, which comes out again as it went in.
 *
 *   row  {"k": "d", "id": "Vn3k", "q": 1043, "f": {"film": 603, "rating": 8},
 *         "s": {"": "1043.019b7d3a1c7b0000.k7Qm2xPa.211", "rating": "998.….….17"},
 *         "x": true, "c": true}
 *        "s": stamps, "" for all fields that have none of their own. "x": the reserved field
 *        "deleted", whose stamp is in "s" too. "c": purged, nothing but "x" is left.
 *   op   {"n": 212, "k": "d", "id": "Vn3k", "base": 998, "full": true,
 *         "h": "019b7d3a1c7b0000" or {"rv": "…", "rating": "…"},
 *         "set": {"rating": 9}, "fill": {"film": 603}, "x": false}
 *        A recovery has "s" as in a row instead of "h". */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmWireValue, rafilm_wire_value_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmWireFields, rafilm_wire_fields_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmWireRow, rafilm_wire_row_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmWireOp, rafilm_wire_op_free)

/**
 * rafilm_wire_value_to_json:
 *
 * Returns: (transfer full): the value; RAW that is no JSON becomes null
 */
JsonNode *rafilm_wire_value_to_json (const RafilmWireValue *value);

/**
 * rafilm_wire_value_from_json:
 * @spec: (nullable): the field it stands in; %NULL makes it RAW
 *
 * Never fails; rafilm_wire_field_allows() says whether the value is within its limits.
 *
 * Returns: the value, to be cleared with rafilm_wire_value_clear()
 */
RafilmWireValue rafilm_wire_value_from_json (const RafilmWireFieldSpec *spec, JsonNode *node);

/**
 * rafilm_wire_row_to_json:
 *
 * Returns: (transfer full): the row
 */
JsonNode *rafilm_wire_row_to_json (const RafilmWireRow *row);

/**
 * rafilm_wire_row_from_json:
 * @error: %RAFILM_ERROR_MALFORMED when it is no row
 *
 * Takes rows of unknown kinds and fields too, since a newer server may send them.
 *
 * Returns: (transfer full) (nullable): the row
 */
RafilmWireRow *rafilm_wire_row_from_json (JsonNode *node, GError **error);

/**
 * rafilm_wire_op_to_json:
 *
 * Returns: (transfer full): the operation
 */
JsonNode *rafilm_wire_op_to_json (const RafilmWireOp *op);

/**
 * rafilm_wire_op_from_json:
 * @error: %RAFILM_ERROR_MALFORMED when it is no operation
 *
 * Returns: (transfer full) (nullable): the operation, not yet checked by rafilm_wire_op_check()
 */
RafilmWireOp *rafilm_wire_op_from_json (JsonNode *node, GError **error);

/**
 * rafilm_wire_row_to_text:
 *
 * Returns: (transfer full): the row as compact JSON
 */
char *rafilm_wire_row_to_text (const RafilmWireRow *row);

/**
 * rafilm_wire_row_from_text:
 * @error: %RAFILM_ERROR_MALFORMED when it is no row
 *
 * Returns: (transfer full) (nullable): the row
 */
RafilmWireRow *rafilm_wire_row_from_text (const char *text, GError **error);

/**
 * rafilm_wire_op_to_text:
 *
 * Returns: (transfer full): the operation as compact JSON
 */
char *rafilm_wire_op_to_text (const RafilmWireOp *op);

/**
 * rafilm_wire_op_from_text:
 * @error: %RAFILM_ERROR_MALFORMED when it is no operation
 *
 * Returns: (transfer full) (nullable): the operation
 */
RafilmWireOp *rafilm_wire_op_from_text (const char *text, GError **error);

/**
 * rafilm_wire_fields_to_text:
 *
 * Returns: (transfer full): {"name": value, …} as compact JSON, without stamps; "x" is among them
 */
char *rafilm_wire_fields_to_text (const RafilmWireFields *fields);

/**
 * rafilm_wire_fields_from_text:
 * @kind: the kind that the fields belong to
 * @fields: (out): empty when it fails
 * @error: %RAFILM_ERROR_MALFORMED when it is no object
 *
 * Returns: whether it could be read
 */
gboolean rafilm_wire_fields_from_text (const char *kind, const char *text, RafilmWireFields *fields,
                                       GError **error);

/**
 * rafilm_wire_stamps_to_text:
 *
 * Returns: (transfer full): {"": stamp, "name": stamp, …} as compact JSON
 */
char *rafilm_wire_stamps_to_text (const RafilmWireFields *fields);

/**
 * rafilm_wire_stamps_from_text:
 * @fields: fields without stamps, which get those of @text
 * @error: %RAFILM_ERROR_MALFORMED when it is no object of stamps
 *
 * Returns: whether it could be read
 */
gboolean rafilm_wire_stamps_from_text (const char *text, RafilmWireFields *fields, GError **error);

G_END_DECLS
