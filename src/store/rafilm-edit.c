/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-edit-private.h"

#include <string.h>

#include "rafilm-wire-kinds.h"

struct _RafilmEdit
{
  char *label;
  GPtrArray *changes;
};

G_DEFINE_BOXED_TYPE (RafilmEdit, rafilm_edit, rafilm_edit_ref, rafilm_edit_unref)

static void
change_free (gpointer data)
{
  RafilmChange *change = data;

  g_free (change->kind);
  g_free (change->id);
  g_free (change->field);
  rafilm_wire_value_clear (&change->value);
  g_free (change);
}

static RafilmChange *
add_change (RafilmEdit *self, RafilmChangeAction action, const char *kind, const char *id)
{
  RafilmChange *change = NULL;

  change = g_new0 (RafilmChange, 1);
  change->action = action;
  change->kind = g_strdup (kind);
  change->id = g_strdup (id);
  g_ptr_array_add (self->changes, change);
  return change;
}

static void
edit_clear (gpointer data)
{
  RafilmEdit *self = data;

  g_free (self->label);
  g_ptr_array_unref (self->changes);
}

RafilmEdit *
rafilm_edit_new (const char *label)
{
  RafilmEdit *self = NULL;

  g_return_val_if_fail (label != NULL, NULL);

  self = g_atomic_rc_box_new0 (RafilmEdit);
  self->label = g_strdup (label);
  self->changes = g_ptr_array_new_with_free_func (change_free);
  return self;
}

RafilmEdit *
rafilm_edit_ref (RafilmEdit *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
rafilm_edit_unref (RafilmEdit *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, edit_clear);
}

const char *
rafilm_edit_get_label (RafilmEdit *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->label;
}

gboolean
rafilm_edit_is_empty (RafilmEdit *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->changes->len == 0;
}

GPtrArray *
rafilm_edit_get_changes (RafilmEdit *self)
{
  return self->changes;
}

char *
rafilm_edit_make_item_id (const char *list, gint64 film)
{
  return g_strdup_printf ("%s:%" G_GINT64_FORMAT, list, film);
}

void
rafilm_edit_create (RafilmEdit *self, const char *kind, const char *id)
{
  g_return_if_fail (self != NULL && kind != NULL && id != NULL);

  add_change (self, RAFILM_CHANGE_CREATE, kind, id);
}

void
rafilm_edit_delete (RafilmEdit *self, const char *kind, const char *id)
{
  g_return_if_fail (self != NULL && kind != NULL && id != NULL);

  add_change (self, RAFILM_CHANGE_DELETE, kind, id);
}

void
rafilm_edit_restore (RafilmEdit *self, const char *kind, const char *id)
{
  g_return_if_fail (self != NULL && kind != NULL && id != NULL);

  add_change (self, RAFILM_CHANGE_RESTORE, kind, id);
}

void
rafilm_edit_set (RafilmEdit *self, const char *kind, const char *id, const char *field,
                 RafilmWireValue value)
{
  RafilmChange *change = NULL;

  g_return_if_fail (self != NULL && kind != NULL && id != NULL);
  g_return_if_fail (field != NULL && strcmp (field, RAFILM_WIRE_DELETED) != 0);

  change = add_change (self, RAFILM_CHANGE_SET, kind, id);
  change->field = g_strdup (field);
  change->value = value;
}

void
rafilm_edit_move_in_list (RafilmEdit *self, const char *list, gint64 film, guint index)
{
  g_autofree char *id = NULL;

  g_return_if_fail (self != NULL && list != NULL && film > 0);

  id = rafilm_edit_make_item_id (list, film);
  add_change (self, RAFILM_CHANGE_MOVE, "i", id)->index = index;
}

void
rafilm_edit_add_to_list (RafilmEdit *self, const char *list, gint64 film, const char *note)
{
  g_autofree char *id = NULL;

  g_return_if_fail (self != NULL && list != NULL && film > 0);

  id = rafilm_edit_make_item_id (list, film);
  add_change (self, RAFILM_CHANGE_APPEND, "i", id);
  if (note != NULL && note[0] != '\0')
    rafilm_edit_set (self, "i", id, "note", rafilm_wire_text (note));
}

void
rafilm_edit_use_version (RafilmEdit *self, const char *version)
{
  g_return_if_fail (self != NULL && version != NULL);

  add_change (self, RAFILM_CHANGE_USE_VERSION, "x", version);
  rafilm_edit_delete (self, "x", version);
}
