/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows, operations and stamps as text, in the application. */
#include "fuzz.h"

#include "rafilm-wire-json.h"
#include "rafilm-wire-merge.h"

#include <string.h>

#define MS G_GINT64_CONSTANT (1790000000000)

/* A real number of a field that is not known may be spelled anew the first time, so it is what was
 * written that must be read as the same. */
static void
check_row (const char *text)
{
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_from_text (text, NULL);
  g_autoptr (RafilmWireRow) first = NULL;
  g_autoptr (RafilmWireRow) second = NULL;
  g_autofree char *written = row != NULL ? rafilm_wire_row_to_text (row) : NULL;
  g_autofree char *rewritten = NULL;
  g_autofree char *stamps = NULL;

  if (row == NULL)
    return;
  first = rafilm_wire_row_from_text (written, NULL);
  g_assert_nonnull (first);
  rewritten = rafilm_wire_row_to_text (first);
  second = rafilm_wire_row_from_text (rewritten, NULL);
  g_assert_nonnull (second);
  g_assert_true (rafilm_wire_row_equal (first, second));
  stamps = rafilm_wire_stamps_to_text (&first->fields);
  g_assert_true (rafilm_wire_stamps_from_text (stamps, &second->fields, NULL));
  g_assert_true (rafilm_wire_row_equal (first, second));
}

static void
check_op (const char *text)
{
  g_autoptr (RafilmWireOp) op = rafilm_wire_op_from_text (text, NULL);
  g_autoptr (RafilmWireOp) again = NULL;
  g_autoptr (RafilmWireRow) row = NULL;
  g_autofree char *written = op != NULL ? rafilm_wire_op_to_text (op) : NULL;
  g_autofree char *rewritten = NULL;
  RafilmWireMergeContext context = { "aaaaaaaa", 2000, MS, MS };
  RafilmWireMerge merge;

  if (op == NULL)
    return;
  again = rafilm_wire_op_from_text (written, NULL);
  g_assert_nonnull (again);
  rewritten = rafilm_wire_op_to_text (again);
  g_assert_cmpstr (written, ==, rewritten);
  if (rafilm_wire_op_check (op) != NULL)
    return;
  row = rafilm_wire_row_new (op->kind, op->id);
  rafilm_wire_merge (row, op, &context, &merge);
  rafilm_wire_merge_clear (&merge);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_new ("d", "Vn3k");
  RafilmWireValue value = rafilm_wire_int (1);

  check_row (text);
  check_op (text);
  rafilm_wire_fields_take (&row->fields, "rating", value, NULL);
  rafilm_wire_stamps_from_text (text, &row->fields, NULL);
  return 0;
}
