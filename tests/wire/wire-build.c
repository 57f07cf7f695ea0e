/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

static RafilmWireValue
parse_value (const char *kind, const char *name, const char *json)
{
  g_autoptr (JsonNode) node = json_from_string (json, NULL);

  g_assert_nonnull (node);
  return rafilm_wire_value_from_json (rafilm_wire_field_find (rafilm_wire_kind_find (kind), name),
                                      node);
}

RafilmWireRow *
wire_build_row (const char *kind, const char *id, gint64 q, ...)
{
  RafilmWireRow *row = rafilm_wire_row_new (kind, id);
  const char *name;
  va_list args;

  row->q = q;
  va_start (args, q);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      RafilmWireStamp stamp = { 0 };
      RafilmWireValue value = parse_value (kind, name, va_arg (args, const char *));

      stamp.fseq = va_arg (args, gint64);
      stamp.h = va_arg (args, guint64);
      g_strlcpy (stamp.dev, va_arg (args, const char *), sizeof stamp.dev);
      stamp.n = 1;
      rafilm_wire_fields_take (&row->fields, name, value, &stamp);
    }
  va_end (args);
  return row;
}

RafilmWireOp *
wire_build_op (gint64 n, const char *kind, const char *id, gint64 base, gboolean full, ...)
{
  RafilmWireOp *op = rafilm_wire_op_new (n, kind, id);
  const char *name;
  va_list args;

  op->base = base;
  op->full = full;
  va_start (args, full);
  while ((name = va_arg (args, const char *)) != NULL)
    {
      g_auto (RafilmWireValue) value = parse_value (kind, name, va_arg (args, const char *));

      rafilm_wire_op_set (op, name, &value, va_arg (args, guint64));
    }
  va_end (args);
  return op;
}

char *
wire_build_show (const RafilmWireFields *fields, const char *kind, const char *name)
{
  const RafilmWireValue *value = rafilm_wire_fields_peek (fields, name);
  g_autoptr (JsonNode) node = NULL;

  if (value == NULL)
    return NULL;
  node = rafilm_wire_value_to_json (value);
  return json_to_string (node, FALSE);
}
