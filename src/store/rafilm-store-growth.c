/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an earlier version of the program did not know of, and kept (docs/sync.md, "Growth"). */

#include "config.h"

#include "rafilm-store-private.h"

/* The version of the table of kinds and fields that the tables which are shown were built by. */
#define META_SCHEMA "schema"

/* Everything there is a row or an operation of, as kind, id, kind, id… */
static GPtrArray *
list_records (RafilmMirror *self)
{
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (RafilmStatement) query = rafilm_database_query (
      self->db, "SELECT kind, id FROM mirror UNION SELECT kind, id FROM outbox", "");

  while (rafilm_database_next (self->db, query))
    {
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 0)));
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 1)));
    }
  return keys;
}

gboolean
rafilm_mirror_grow (RafilmMirror *self, GError **error)
{
  gint64 now = rafilm_wire_schema ();
  gint64 before = 0;

  rafilm_mirror_begin (self, FALSE);
  before = rafilm_mirror_get_meta_int (self, META_SCHEMA, 1);
  if (!rafilm_mirror_end (self, error))
    return FALSE;
  if (before == now)
    return TRUE;

  rafilm_mirror_begin (self, TRUE);
  if (before < now)
    {
      g_autoptr (GPtrArray) keys = list_records (self);

      for (guint i = 0; i + 1 < keys->len; i += 2)
        rafilm_mirror_rebuild (self, keys->pdata[i], keys->pdata[i + 1]);
    }
  rafilm_mirror_set_meta_int (self, META_SCHEMA, now);
  return rafilm_mirror_end (self, error);
}
