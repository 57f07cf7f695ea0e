/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which record of the account is the same as one that arrives, and what the account lacks of it. */

#include "config.h"

#include "rafilm-store-arrival-private.h"

#include <string.h>

#include "rafilm-arrival-match.h"

RafilmArrival *
rafilm_arrival_new (gint64 number, RafilmWireRow *row)
{
  RafilmArrival *self = g_new0 (RafilmArrival, 1);

  self->number = number;
  self->row = row;
  return self;
}

void
rafilm_arrival_free (RafilmArrival *self)
{
  g_clear_pointer (&self->row, rafilm_wire_row_free);
  g_clear_pointer (&self->partner, rafilm_wire_row_free);
  g_free (self);
}

static gboolean
is_viewing (const RafilmArrival *arrival)
{
  return strcmp (arrival->row->kind, KIND_VIEWING) == 0;
}

static RafilmMatchEntry
make_entry (const RafilmWireRow *row)
{
  const RafilmWireValue *film = rafilm_wire_fields_peek (&row->fields, "film");
  const RafilmWireValue *on = rafilm_wire_fields_peek (&row->fields, "on");

  return (RafilmMatchEntry) {
    .id = row->id,
    .film = film != NULL ? rafilm_wire_value_get_int (film, 0) : 0,
    .on = on != NULL && on->type == RAFILM_WIRE_TEXT ? on->text : NULL,
  };
}

/* The account's viewings as the server has them, without those in the trash. */
static GPtrArray *
load_viewings (RafilmMirror *self)
{
  g_autoptr (RafilmStatement) query = NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);

  query = rafilm_database_query (
      self->db, "SELECT kind, id, q, purged, body FROM mirror WHERE kind = 'd' ORDER BY id", "");
  while (rafilm_database_next (self->db, query))
    {
      g_autoptr (RafilmWireRow) row = rafilm_mirror_read_row (self, query);

      if (row != NULL && !rafilm_wire_row_is_deleted (row))
        g_ptr_array_add (rows, g_steal_pointer (&row));
    }
  return rows;
}

static void
match_viewings (GPtrArray *arrivals, GPtrArray *rows, GHashTable *claimed)
{
  g_autoptr (GArray) mine = g_array_new (FALSE, FALSE, sizeof (RafilmMatchEntry));
  g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (RafilmMatchEntry));
  g_autoptr (GPtrArray) mine_arrivals = g_ptr_array_new ();
  g_autoptr (GPtrArray) free_rows = g_ptr_array_new ();
  g_autofree guint *matches = g_new (guint, arrivals->len + 1);

  for (guint i = 0; i < arrivals->len; i++)
    if (is_viewing (arrivals->pdata[i]))
      {
        RafilmMatchEntry entry = make_entry (((RafilmArrival *) arrivals->pdata[i])->row);

        g_array_append_val (mine, entry);
        g_ptr_array_add (mine_arrivals, arrivals->pdata[i]);
      }
  for (guint i = 0; i < rows->len; i++)
    {
      RafilmMatchEntry entry = make_entry (rows->pdata[i]);

      if (claimed != NULL && g_hash_table_contains (claimed, entry.id))
        continue;
      g_array_append_val (theirs, entry);
      g_ptr_array_add (free_rows, rows->pdata[i]);
    }
  rafilm_arrival_match ((const RafilmMatchEntry *) (void *) mine->data, mine->len,
                        (const RafilmMatchEntry *) (void *) theirs->data, theirs->len, matches);
  for (guint i = 0; i < mine->len; i++)
    if (matches[i] != RAFILM_MATCH_NONE)
      ((RafilmArrival *) mine_arrivals->pdata[i])->partner =
          rafilm_wire_row_copy (free_rows->pdata[matches[i]]);
}

guint
rafilm_mirror_match_arrivals (RafilmMirror *self, GPtrArray *arrivals, GHashTable *claimed)
{
  g_autoptr (GPtrArray) rows = load_viewings (self);

  match_viewings (arrivals, rows, claimed);
  /* Records of other kinds are the same when their names are. */
  for (guint i = 0; i < arrivals->len; i++)
    {
      RafilmArrival *arrival = arrivals->pdata[i];

      if (!is_viewing (arrival))
        arrival->partner = rafilm_mirror_load_row (self, arrival->row->kind, arrival->row->id);
    }
  return rows->len;
}

/* False is an answer; no value and an empty text are none. */
static gboolean
is_lacking (const RafilmWireValue *value)
{
  const char *text = NULL;

  if (value == NULL || value->type == RAFILM_WIRE_NULL)
    return TRUE;
  if (value->type != RAFILM_WIRE_TEXT && value->type != RAFILM_WIRE_REVIEW)
    return FALSE;
  text = rafilm_wire_value_peek_text (value);
  return text == NULL || text[0] == '\0';
}

static gboolean
is_other_review (const RafilmWireField *field, const RafilmWireValue *theirs)
{
  return strcmp (field->name, "rv") == 0
         && g_strcmp0 (rafilm_wire_value_peek_text (&field->value),
                       rafilm_wire_value_peek_text (theirs))
                != 0;
}

void
rafilm_arrival_compare (const RafilmArrival *self, RafilmWireFields *ret_lacking,
                        RafilmWireFields *ret_texts)
{
  for (size_t i = 0; i < self->row->fields.n_items; i++)
    {
      const RafilmWireField *field = &self->row->fields.items[i];
      const RafilmWireValue *theirs = NULL;

      if (strcmp (field->name, RAFILM_WIRE_DELETED) == 0)
        continue;
      if (self->partner != NULL)
        theirs = rafilm_wire_fields_peek (&self->partner->fields, field->name);
      if (is_lacking (theirs))
        {
          if (self->partner == NULL || !is_lacking (&field->value))
            rafilm_wire_fields_set (ret_lacking, field->name, &field->value, &field->stamp);
        }
      else if (!is_lacking (&field->value) && is_other_review (field, theirs))
        rafilm_wire_fields_set (ret_texts, field->name, &field->value, &field->stamp);
    }
}
