/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A local edit. rafilm_mirror_apply_edit() is the only function that makes operations of what a
 * person does; it follows write() of the protocol's model (docs/sync.md, "Local edit"). */

#include "config.h"

#include "rafilm-store-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-edit-private.h"
#include "rafilm-error.h"
#include "rafilm-store-undo.h"
#include "rafilm-wire-hlc.h"
#include "rafilm-wire-kinds.h"
#include "rafilm-wire-order.h"
#include "rafilm-wire-mutant.h"

typedef struct
{
  RafilmMirror *mirror;
  RafilmUndoStep *step;
  gint64 number;
  gboolean changed;
} Writer;

/* What one record gets in one go. */
typedef struct
{
  const char *kind;
  const char *id;
  gboolean create;
  RafilmWireFields fields;
} RecordWrite;

static void
record_write_clear (RecordWrite *self)
{
  rafilm_wire_fields_clear (&self->fields);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RecordWrite, record_write_clear)

/* No value, false and an empty text mean the same where there is nothing yet. */
static gboolean
is_nothing (const RafilmWireValue *value)
{
  const char *text = NULL;

  switch (value->type)
    {
    case RAFILM_WIRE_NULL:
      return TRUE;
    case RAFILM_WIRE_BOOL:
      return !value->boolean;
    case RAFILM_WIRE_TEXT:
    case RAFILM_WIRE_REVIEW:
      text = rafilm_wire_value_peek_text (value);
      return text[0] == '\0';
    default:
      return FALSE;
    }
}

static gboolean
changes_nothing (const RafilmWireFields *view, const RafilmWireField *field)
{
  const RafilmWireValue *old = NULL;

  old = rafilm_wire_fields_peek (view, field->name);
  if (old == NULL)
    return is_nothing (&field->value);
  return rafilm_wire_value_equal (old, &field->value);
}

/* The `q` of the row that the person saw when making this change (docs/sync.md, "base"). */
static gint64
find_base (RafilmMirror *self, GPtrArray *entries, const RecordWrite *write, const char *field)
{
  gboolean deletes = strcmp (field, RAFILM_WIRE_DELETED) == 0;
  gint64 base = -1;

  for (guint i = 0; i < entries->len && (deletes || !rafilm_mutant ("base_now")); i++)
    {
      const RafilmWireOp *op = ((RafilmOutboxEntry *) g_ptr_array_index (entries, i))->op;

      if (deletes)
        base = base < 0 ? op->base : MIN (base, op->base);
      else if (rafilm_wire_fields_get (&op->set, field) != NULL)
        return op->base;
    }
  return base >= 0 ? base : rafilm_mirror_get_row_seq (self, write->kind, write->id);
}

/* The newest operation of the record, when these fields may still go into it. */
static RafilmOutboxEntry *
find_coalescable (GPtrArray *entries, const RafilmWireOp *op)
{
  RafilmOutboxEntry *last = NULL;

  if (entries->len == 0 || rafilm_wire_fields_get (&op->set, RAFILM_WIRE_DELETED) != NULL)
    return NULL;
  last = g_ptr_array_index (entries, entries->len - 1);
  if (last->batch != NULL || last->op->recovery || last->edit == RAFILM_EDIT_ARRIVAL
      || last->op->base != op->base
      || rafilm_wire_fields_get (&last->op->set, RAFILM_WIRE_DELETED) != NULL)
    return NULL;
  return last;
}

/* A combined operation must not outgrow what the server takes. */
static gboolean
fits_together (const RafilmWireOp *a, const RafilmWireOp *b)
{
  return rafilm_wire_fields_size (&a->set) + rafilm_wire_fields_size (&b->set)
             <= RAFILM_WIRE_MAX_BATCH / 2
         && a->set.n_items + b->set.n_items <= RAFILM_WIRE_MAX_FIELDS;
}

/* Takes @op. */
static void
put_op (Writer *writer, GPtrArray *entries, RafilmWireOp *op)
{
  RafilmOutboxEntry *entry = NULL;

  entry = find_coalescable (entries, op);
  if (entry != NULL && fits_together (entry->op, op))
    {
      for (size_t i = 0; i < op->set.n_items; i++)
        rafilm_wire_fields_set (&entry->op->set, op->set.items[i].name, &op->set.items[i].value,
                                &op->set.items[i].stamp);
      entry->op->full = entry->op->full || op->full;
      rafilm_mirror_update_entry (writer->mirror, entry);
      rafilm_wire_op_free (op);
      return;
    }
  entry = rafilm_outbox_entry_new (op, writer->number);
  rafilm_mirror_append_entry (writer->mirror, entry);
  g_ptr_array_add (entries, entry);
}

static guint64
tick (RafilmMirror *self)
{
  guint64 hlc = 0;

  hlc = rafilm_wire_hlc_next ((guint64) rafilm_mirror_get_meta_int (self, "hlc", 0),
                              rafilm_clock_now ());
  rafilm_mirror_set_meta_int (self, "hlc", (gint64) hlc);
  return hlc;
}

/* Fields of one record become one operation for each base that they have. */
static void
put_fields (Writer *writer, GPtrArray *entries, const RecordWrite *write)
{
  g_autoptr (GPtrArray) ops = NULL;
  guint64 hlc = tick (writer->mirror);

  ops = g_ptr_array_new ();
  for (size_t i = 0; i < write->fields.n_items; i++)
    {
      const RafilmWireField *field = &write->fields.items[i];
      RafilmWireOp *op = NULL;
      gint64 base = find_base (writer->mirror, entries, write, field->name);

      for (guint o = 0; o < ops->len && op == NULL; o++)
        if (((RafilmWireOp *) g_ptr_array_index (ops, o))->base == base)
          op = g_ptr_array_index (ops, o);
      if (op == NULL)
        {
          op = rafilm_wire_op_new (0, write->kind, write->id);
          op->base = base;
          op->full = write->create;
          g_ptr_array_add (ops, op);
        }
      rafilm_wire_op_set (op, field->name, &field->value, hlc);
    }
  for (guint o = 0; o < ops->len; o++)
    put_op (writer, entries, g_ptr_array_index (ops, o));
}

static gboolean
check_write (RafilmMirror *self, const RecordWrite *write, const RafilmWireFields *view)
{
  g_autoptr (RafilmWireOp) op = NULL;
  const RafilmWireKind *kind = rafilm_wire_kind_find (write->kind);

  op = rafilm_wire_op_new (1, write->kind, write->id);
  op->full = write->create;
  rafilm_wire_fields_copy (&write->fields, &op->set);
  if (kind == NULL || rafilm_wire_op_check (op) != NULL)
    {
      rafilm_mirror_fail (self, RAFILM_ERROR_INVALID, _ ("This value cannot be stored."));
      return FALSE;
    }
  if (!kind->upsert && !write->create && view->n_items == 0)
    {
      rafilm_mirror_fail (self, RAFILM_ERROR_NOT_FOUND, _ ("This no longer exists."));
      return FALSE;
    }
  return TRUE;
}

/* A record that is in the trash comes back with any edit (the merge's rule, and the overlay's). */
static void
remember_fields (Writer *writer, const RecordWrite *write, const RafilmWireFields *view)
{
  const RafilmWireValue nothing = { 0 };
  const RafilmWireValue deleted = { .type = RAFILM_WIRE_BOOL, .boolean = true };
  const RafilmWireValue alive = { .type = RAFILM_WIRE_BOOL, .boolean = false };

  if (view->n_items == 0 && write->create)
    rafilm_undo_step_add (writer->step, write->kind, write->id, RAFILM_WIRE_DELETED, &deleted,
                          &alive);
  else if (rafilm_fields_are_deleted (view)
           && rafilm_wire_fields_get (&write->fields, RAFILM_WIRE_DELETED) == NULL)
    rafilm_undo_step_add (writer->step, write->kind, write->id, RAFILM_WIRE_DELETED, &deleted,
                          &alive);
  for (size_t i = 0; i < write->fields.n_items; i++)
    {
      const RafilmWireField *field = &write->fields.items[i];
      const RafilmWireValue *old = rafilm_wire_fields_peek (view, field->name);

      if (view->n_items == 0 && write->create)
        continue;
      rafilm_undo_step_add (writer->step, write->kind, write->id, field->name,
                            old != NULL ? old : &nothing, &field->value);
    }
}

static void
write_record (Writer *writer, RecordWrite *write)
{
  RafilmMirror *self = writer->mirror;
  g_auto (RafilmWireFields) view = { 0 };
  g_autoptr (GPtrArray) entries = NULL;

  rafilm_mirror_load_view (self, write->kind, write->id, &view);
  if (!write->create)
    for (size_t i = write->fields.n_items; i-- > 0;)
      if (changes_nothing (&view, &write->fields.items[i]))
        {
          g_autofree char *name = g_strdup (write->fields.items[i].name);

          rafilm_wire_fields_remove (&write->fields, name);
        }
  if (write->fields.n_items == 0 || !check_write (self, write, &view))
    return;

  entries = rafilm_mirror_load_entries (self, write->kind, write->id);
  put_fields (writer, entries, write);
  remember_fields (writer, write, &view);
  rafilm_mirror_rebuild (self, write->kind, write->id);
  writer->changed = TRUE;
}

static void
write_field (Writer *writer, const char *kind, const char *id, const char *field,
             RafilmWireValue value)
{
  g_auto (RecordWrite) write = { .kind = kind, .id = id };

  rafilm_wire_fields_take (&write.fields, field, value, NULL);
  write_record (writer, &write);
}

/* Lists: positions are found when the edit is applied */

static GPtrArray *
load_positions (RafilmMirror *self, const char *list, gint64 but_film, GArray *films)
{
  g_autoptr (RafilmStatement) query = NULL;
  GPtrArray *positions = NULL;

  positions = g_ptr_array_new_with_free_func (g_free);
  query = rafilm_database_query (self->db,
                                 "SELECT position, film FROM item WHERE list = ? AND listed = 1"
                                 " AND film <> ? ORDER BY position, film",
                                 "tl", list, but_film);
  while (rafilm_database_next (self->db, query))
    {
      gint64 film = rafilm_statement_int (query, 1);

      g_ptr_array_add (positions, g_strdup (rafilm_statement_text (query, 0)));
      g_array_append_val (films, film);
    }
  return positions;
}

/* Where there is no room between two neighbours, or texts got long: spread the whole list. */
static void
spread (Writer *writer, const char *list, GArray *films, guint index, gint64 film)
{
  g_array_insert_val (films, index, film);
  for (guint i = 0; i < films->len; i++)
    {
      g_autofree char *id = NULL;
      char *position = NULL;

      id = rafilm_edit_make_item_id (list, g_array_index (films, gint64, i));
      position = rafilm_wire_order_spread (i, films->len, g_random_int ());
      write_field (writer, "i", id, "pos", rafilm_wire_text (position));
      free (position);
    }
}

static void
place_item (Writer *writer, const RafilmChange *change, gboolean append)
{
  g_autoptr (GPtrArray) positions = NULL;
  g_autoptr (GArray) films = NULL;
  g_autofree char *list = NULL;
  g_autofree char *position = NULL;
  char *between = NULL;
  gint64 film = 0;
  guint index = 0;

  if (!rafilm_wire_id_is_valid (rafilm_wire_kind_find (KIND_ITEM), change->id))
    {
      rafilm_mirror_fail (writer->mirror, RAFILM_ERROR_INVALID, _ ("This value cannot be stored."));
      return;
    }
  film = g_ascii_strtoll (strrchr (change->id, ':') + 1, NULL, 10);
  list = g_strndup (change->id, strrchr (change->id, ':') - change->id);
  films = g_array_new (FALSE, FALSE, sizeof (gint64));
  positions = load_positions (writer->mirror, list, film, films);
  index = append ? positions->len : MIN (change->index, positions->len);

  between = rafilm_wire_order_between (index > 0 ? g_ptr_array_index (positions, index - 1) : NULL,
                                       index < positions->len ? g_ptr_array_index (positions, index)
                                                              : NULL,
                                       ((guint64) g_random_int () << 32) | g_random_int ());
  position = g_strdup (between);
  free (between);
  if (position == NULL || strlen (position) > RAFILM_WIRE_ORDER_REBALANCE)
    spread (writer, list, films, index, film);
  else
    write_field (writer, "i", change->id, "pos", rafilm_wire_text (position));
}

static void
append_item (Writer *writer, const RafilmChange *change)
{
  g_auto (RafilmWireFields) view = { 0 };

  rafilm_mirror_load_view (writer->mirror, "i", change->id, &view);
  if (rafilm_wire_fields_is_true (&view, "on"))
    return;
  place_item (writer, change, TRUE);
  write_field (writer, "i", change->id, "on", rafilm_wire_bool (true));
}

static void
use_version (Writer *writer, const RafilmChange *change)
{
  g_auto (RafilmWireFields) view = { 0 };
  g_auto (GStrv) of = NULL;
  const RafilmWireValue *text = NULL;
  const RafilmWireValue *target = NULL;
  const RafilmWireValue *field = NULL;

  rafilm_mirror_load_view (writer->mirror, "x", change->id, &view);
  target = rafilm_wire_fields_peek (&view, "of");
  field = rafilm_wire_fields_peek (&view, "field");
  text = rafilm_wire_fields_peek (&view, "text");
  if (target == NULL || target->type != RAFILM_WIRE_TEXT || field == NULL
      || field->type != RAFILM_WIRE_TEXT || text == NULL || text->type != RAFILM_WIRE_REVIEW)
    {
      rafilm_mirror_fail (writer->mirror, RAFILM_ERROR_NOT_FOUND, _ ("This no longer exists."));
      return;
    }
  of = g_strsplit (target->text, "#", 2);
  if (of[0] == NULL || of[1] == NULL)
    return;
  write_field (writer, of[0], of[1], field->text,
               strcmp (field->text, "rv") == 0 ? rafilm_wire_value_copy (text)
                                               : rafilm_wire_text (text->review.text));
}

static gboolean
continues (const RecordWrite *write, const RafilmChange *change)
{
  return write->kind != NULL && strcmp (write->kind, change->kind) == 0
         && strcmp (write->id, change->id) == 0;
}

static void
flush (Writer *writer, RecordWrite *write)
{
  if (write->kind != NULL)
    write_record (writer, write);
  rafilm_wire_fields_clear (&write->fields);
  *write = (RecordWrite) { 0 };
}

/* Fields of one record that follow each other are written together. */
static void
collect_change (Writer *writer, RecordWrite *write, const RafilmChange *change)
{
  if (change->action == RAFILM_CHANGE_CREATE || !continues (write, change))
    flush (writer, write);
  write->kind = change->kind;
  write->id = change->id;
  if (change->action == RAFILM_CHANGE_CREATE)
    write->create = TRUE;
  else
    rafilm_wire_fields_set (&write->fields, change->field, &change->value, NULL);
}

static void
run_change (Writer *writer, RecordWrite *write, const RafilmChange *change)
{
  if (change->action == RAFILM_CHANGE_CREATE || change->action == RAFILM_CHANGE_SET)
    {
      collect_change (writer, write, change);
      return;
    }

  flush (writer, write);
  switch (change->action)
    {
    case RAFILM_CHANGE_DELETE:
      write_field (writer, change->kind, change->id, RAFILM_WIRE_DELETED, rafilm_wire_bool (true));
      break;
    case RAFILM_CHANGE_RESTORE:
      write_field (writer, change->kind, change->id, RAFILM_WIRE_DELETED, rafilm_wire_bool (false));
      break;
    case RAFILM_CHANGE_APPEND:
      append_item (writer, change);
      break;
    case RAFILM_CHANGE_MOVE:
      place_item (writer, change, FALSE);
      break;
    case RAFILM_CHANGE_USE_VERSION:
      use_version (writer, change);
      break;
    case RAFILM_CHANGE_CREATE:
    case RAFILM_CHANGE_SET:
    default:
      g_assert_not_reached ();
    }
}

gint64
rafilm_mirror_apply_edit (RafilmMirror *self, RafilmEdit *edit, RafilmEditReason reason)
{
  GPtrArray *changes = rafilm_edit_get_changes (edit);
  g_auto (RecordWrite) write = { 0 };
  Writer writer = { 0 };

  writer.mirror = self;
  writer.step = rafilm_undo_step_new (rafilm_edit_get_label (edit));
  writer.number = rafilm_mirror_get_meta_int (self, "next_edit", 1);
  for (guint i = 0; i < changes->len && !rafilm_database_has_failed (self->db); i++)
    run_change (&writer, &write, g_ptr_array_index (changes, i));
  flush (&writer, &write);

  if (!writer.changed || rafilm_database_has_failed (self->db))
    {
      rafilm_undo_step_free (writer.step);
      return 0;
    }
  rafilm_mirror_set_meta_int (self, "next_edit", writer.number + 1);
  rafilm_mirror_drop_step (self);
  self->step = writer.step;
  self->reason = reason;
  return writer.number;
}
