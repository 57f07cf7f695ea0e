/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Undo and redo: the fields of an edit before and after it, kept for this session. Taking an edit
 * back is an ordinary edit, which is synchronised as any other. */

#include "config.h"

#include "rafilm-store-undo.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-edit-private.h"
#include "rafilm-wire-kinds.h"

static void
undo_field_free (gpointer data)
{
  RafilmUndoField *field = data;

  g_free (field->kind);
  g_free (field->id);
  g_free (field->field);
  rafilm_wire_value_clear (&field->before);
  rafilm_wire_value_clear (&field->after);
  g_free (field);
}

RafilmUndoStep *
rafilm_undo_step_new (const char *label)
{
  RafilmUndoStep *self = NULL;

  self = g_new0 (RafilmUndoStep, 1);
  self->label = g_strdup (label);
  self->fields = g_ptr_array_new_with_free_func (undo_field_free);
  return self;
}

void
rafilm_undo_step_free (gpointer step)
{
  RafilmUndoStep *self = step;

  if (self == NULL)
    return;
  g_free (self->label);
  g_ptr_array_unref (self->fields);
  g_free (self);
}

void
rafilm_undo_step_add (RafilmUndoStep *self, const char *kind, const char *id, const char *field,
                      const RafilmWireValue *before, const RafilmWireValue *after)
{
  RafilmUndoField *entry = NULL;

  entry = g_new0 (RafilmUndoField, 1);
  entry->kind = g_strdup (kind);
  entry->id = g_strdup (id);
  entry->field = g_strdup (field);
  entry->before = rafilm_wire_value_copy (before);
  entry->after = rafilm_wire_value_copy (after);
  g_ptr_array_add (self->fields, entry);
}

static void
push (GPtrArray *steps, RafilmUndoStep *step)
{
  if (step == NULL)
    return;
  g_ptr_array_add (steps, step);
  if (steps->len > RAFILM_UNDO_MAX_STEPS)
    g_ptr_array_remove_index (steps, 0);
}

static void
pop (GPtrArray *steps)
{
  if (steps->len > 0)
    g_ptr_array_remove_index (steps, steps->len - 1);
}

void
rafilm_mirror_commit_step (RafilmMirror *self)
{
  switch (self->reason)
    {
    case RAFILM_EDIT_NONE:
      break;
    case RAFILM_EDIT_NEW:
      push (self->undo, g_steal_pointer (&self->step));
      g_ptr_array_set_size (self->redo, 0);
      break;
    case RAFILM_EDIT_UNDO:
      pop (self->undo);
      push (self->redo, g_steal_pointer (&self->step));
      break;
    case RAFILM_EDIT_REDO:
      pop (self->redo);
      push (self->undo, g_steal_pointer (&self->step));
      break;
    default:
      g_assert_not_reached ();
    }
  rafilm_mirror_drop_step (self);
}

void
rafilm_mirror_drop_step (RafilmMirror *self)
{
  g_clear_pointer (&self->step, rafilm_undo_step_free);
  self->reason = RAFILM_EDIT_NONE;
}

/* What stands for "as if it had never been set" in this field; RAW for "leave it". */
static RafilmWireValue
make_nothing (const RafilmWireFieldSpec *spec)
{
  RafilmWireValue null = rafilm_wire_null ();
  RafilmWireValue no = rafilm_wire_bool (false);
  RafilmWireValue empty = rafilm_wire_text ("");

  if (rafilm_wire_field_allows (spec, &null))
    {
      rafilm_wire_value_clear (&empty);
      return null;
    }
  if (rafilm_wire_field_allows (spec, &no))
    {
      rafilm_wire_value_clear (&empty);
      return no;
    }
  return empty;
}

static void
revert_field (RafilmEdit *edit, const RafilmUndoField *entry)
{
  const RafilmWireFieldSpec *spec = NULL;
  g_auto (RafilmWireValue) value = { 0 };

  if (strcmp (entry->field, RAFILM_WIRE_DELETED) == 0)
    {
      if (rafilm_wire_value_is_true (&entry->before))
        rafilm_edit_delete (edit, entry->kind, entry->id);
      else
        rafilm_edit_restore (edit, entry->kind, entry->id);
      return;
    }

  spec = rafilm_wire_field_find (rafilm_wire_kind_find (entry->kind), entry->field);
  if (spec == NULL)
    return;
  value = entry->before.type == RAFILM_WIRE_NULL ? make_nothing (spec)
                                                 : rafilm_wire_value_copy (&entry->before);
  /* A field such as a position can't be cleared, and means nothing without the others. */
  if (rafilm_wire_field_allows (spec, &value))
    rafilm_edit_set (edit, entry->kind, entry->id, entry->field, rafilm_wire_value_copy (&value));
}

static gboolean
still_holds (const RafilmWireFields *view, const RafilmUndoField *entry)
{
  const RafilmWireValue *now = NULL;

  now = rafilm_wire_fields_peek (view, entry->field);
  if (strcmp (entry->field, RAFILM_WIRE_DELETED) == 0)
    return (now != NULL && rafilm_wire_value_is_true (now))
           == rafilm_wire_value_is_true (&entry->after);
  return now != NULL && rafilm_wire_value_equal (now, &entry->after);
}

static RafilmEdit *
make_reverse (RafilmMirror *self, const RafilmUndoStep *step)
{
  RafilmEdit *edit = NULL;
  g_auto (RafilmWireFields) view = { 0 };
  const RafilmUndoField *last = NULL;

  edit = rafilm_edit_new (step->label);
  for (guint i = step->fields->len; i-- > 0;)
    {
      const RafilmUndoField *entry = g_ptr_array_index (step->fields, i);

      if (last == NULL || strcmp (last->kind, entry->kind) != 0
          || strcmp (last->id, entry->id) != 0)
        {
          rafilm_wire_fields_clear (&view);
          rafilm_mirror_load_view (self, entry->kind, entry->id, &view);
        }
      last = entry;
      if (still_holds (&view, entry))
        revert_field (edit, entry);
    }
  return edit;
}

char *
rafilm_mirror_revert (RafilmMirror *self, RafilmEditReason reason)
{
  GPtrArray *steps = reason == RAFILM_EDIT_UNDO ? self->undo : self->redo;
  const RafilmUndoStep *step = NULL;
  g_autoptr (RafilmEdit) edit = NULL;

  if (steps->len == 0)
    {
      rafilm_mirror_fail (self, RAFILM_ERROR_NOT_FOUND, _ ("There is nothing to undo or redo."));
      return NULL;
    }
  step = g_ptr_array_index (steps, steps->len - 1);
  edit = make_reverse (self, step);
  rafilm_mirror_apply_edit (self, edit, reason);
  /* Also when nothing was left to take back, the step is used up. */
  self->reason = reason;
  return g_strdup (step->label);
}
