/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-wire-overlay.h"

#include <string.h>

static bool
is_of_row (const RafilmWireOp *op, const char *kind, const char *id)
{
  return strcmp (op->kind, kind) == 0 && strcmp (op->id, id) == 0;
}

static void
overlay_op (RafilmWireFields *view, const RafilmWireOp *op)
{
  for (size_t i = 0; i < op->fill.n_items; i++)
    if (rafilm_wire_fields_get (view, op->fill.items[i].name) == NULL)
      rafilm_wire_fields_set (view, op->fill.items[i].name, &op->fill.items[i].value, NULL);
  for (size_t i = 0; i < op->set.n_items; i++)
    rafilm_wire_fields_set (view, op->set.items[i].name, &op->set.items[i].value,
                            &op->set.items[i].stamp);
  if (!rafilm_wire_fields_is_true (&op->set, RAFILM_WIRE_DELETED)
      && rafilm_wire_fields_is_true (view, RAFILM_WIRE_DELETED))
    {
      RafilmWireValue alive = rafilm_wire_bool (false);

      rafilm_wire_fields_set (view, RAFILM_WIRE_DELETED, &alive, NULL);
    }
}

void
rafilm_wire_overlay (const RafilmWireRow *row, const RafilmWireOp *const *ops, size_t n_ops,
                     RafilmWireFields *ret_view)
{
  const char *kind = row != NULL ? row->kind : NULL;
  const char *id = row != NULL ? row->id : NULL;

  *ret_view = (RafilmWireFields) { 0 };
  if (row != NULL)
    rafilm_wire_fields_copy (&row->fields, ret_view);
  for (size_t i = 0; i < n_ops; i++)
    {
      if (kind == NULL)
        {
          kind = ops[i]->kind;
          id = ops[i]->id;
        }
      if (is_of_row (ops[i], kind, id))
        overlay_op (ret_view, ops[i]);
    }
}
