/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What waits in the outbox and what was refused, to be shown; sending a refused change again. */

#include "config.h"

#include "rafilm-store-sync-private.h"

#include <glib/gi18n.h>

#include "rafilm-clock.h"
#include "rafilm-store-codec.h"
#include "rafilm-wire-hlc.h"

typedef struct
{
  gint64 n;
  GPtrArray *found;
} PendingRequest;

static void
pending_request_free (gpointer data)
{
  PendingRequest *request = data;

  g_clear_pointer (&request->found, g_ptr_array_unref);
  g_free (request);
}

static GStrv
list_names (const RafilmWireFields *fields)
{
  g_autoptr (GStrvBuilder) names = NULL;

  names = g_strv_builder_new ();
  for (size_t i = 0; i < fields->n_items; i++)
    g_strv_builder_add (names, fields->items[i].name);
  return g_strv_builder_end (names);
}

/* A change rarely writes two texts; then the first stands for it. */
static char *
dup_text (const RafilmWireFields *fields)
{
  for (size_t i = 0; i < fields->n_items; i++)
    {
      const RafilmWireValue *value = &fields->items[i].value;

      if (value->type == RAFILM_WIRE_REVIEW)
        return g_strdup (value->review.text);
      if (value->type == RAFILM_WIRE_TEXT && !g_str_equal (fields->items[i].name, "pos")
          && !g_str_equal (fields->items[i].name, "on"))
        return g_strdup (value->text);
    }

  return NULL;
}

/* A viewing that was refused when it was made is in no table, but names its film itself. */
static gint64
find_film (RafilmMirror *mirror, const char *kind, const char *id, const RafilmWireFields *fields)
{
  const RafilmWireValue *film = rafilm_wire_fields_peek (fields, "film");
  const char *colon = NULL;

  if (g_str_equal (kind, KIND_VIEWING) && film != NULL && film->type == RAFILM_WIRE_INT)
    return film->integer;
  if (g_str_equal (kind, KIND_VIEWING))
    return rafilm_database_get_int (mirror->db, 0, "SELECT film FROM viewing WHERE id = ?", "t",
                                    id);
  if (g_str_equal (kind, KIND_FILM) || g_str_equal (kind, KIND_WATCH))
    return g_ascii_strtoll (id, NULL, 10);
  colon = g_str_equal (kind, KIND_ITEM) ? strrchr (id, ':') : NULL;
  return colon != NULL ? g_ascii_strtoll (colon + 1, NULL, 10) : 0;
}

/* Columns: n, kind, id, sets, at, sent, code */
static void
read_changes (RafilmMirror *mirror, RafilmStatement *query, GPtrArray *found)
{
  while (rafilm_database_next (mirror->db, query))
    {
      g_auto (RafilmWireFields) fields = { 0 };
      RafilmPendingChange *change = NULL;
      const void *data = NULL;
      gsize size = 0;

      data = rafilm_statement_blob (query, 3, &size);
      if (!rafilm_store_codec_decode (data, size, &fields))
        rafilm_mirror_fail (mirror, RAFILM_ERROR_DATABASE_UNREADABLE, _ ("A change is damaged."));
      change = g_new0 (RafilmPendingChange, 1);
      change->n = rafilm_statement_int (query, 0);
      change->kind = g_strdup (rafilm_statement_text (query, 1));
      change->id = g_strdup (rafilm_statement_text (query, 2));
      change->fields = list_names (&fields);
      change->film = find_film (mirror, change->kind, change->id, &fields);
      change->at = rafilm_statement_int (query, 4);
      change->sent = rafilm_statement_int (query, 5) != 0;
      change->code = g_strdup (rafilm_statement_text (query, 6));
      change->text = dup_text (&fields);
      g_ptr_array_add (found, change);
    }
}

static void
list_outbox_work (RafilmMirror *mirror, gpointer data)
{
  PendingRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT n, kind, id, sets, at, batch IS NOT NULL, NULL"
                                 " FROM outbox ORDER BY n",
                                 "");
  read_changes (mirror, query, request->found);
}

static void
list_dead_work (RafilmMirror *mirror, gpointer data)
{
  PendingRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT n, kind, id, sets, at, 0, code FROM dead ORDER BY n", "");
  read_changes (mirror, query, request->found);
}

static void
changes_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_PTR_ARRAY,
                             g_steal_pointer (&((PendingRequest *) data)->found));
}

static void
done_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static PendingRequest *
pending_request_new (gint64 n)
{
  PendingRequest *request = NULL;

  request = g_new0 (PendingRequest, 1);
  request->n = n;
  request->found = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_pending_change_free);
  return request;
}

DexFuture *
rafilm_store_list_outbox (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_outbox_work, changes_reply, pending_request_new (0),
                            pending_request_free);
}

DexFuture *
rafilm_store_list_dead (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_dead_work, changes_reply, pending_request_new (0),
                            pending_request_free);
}

static gboolean
decode_column (RafilmStatement *query, int column, RafilmWireFields *ret_fields)
{
  const void *data = NULL;
  gsize size = 0;

  if (rafilm_statement_is_null (query, column))
    return TRUE;
  data = rafilm_statement_blob (query, column, &size);
  return rafilm_store_codec_decode (data, size, ret_fields);
}

/* The change is made again as it was, on what the server has now. */
static void
retry_work (RafilmMirror *mirror, gpointer data)
{
  PendingRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;
  g_autoptr (RafilmOutboxEntry) entry = NULL;
  RafilmWireOp *op = NULL;

  query = rafilm_database_query (
      mirror->db, "SELECT kind, id, whole, sets, fill FROM dead WHERE n = ?", "l", request->n);
  if (!rafilm_database_next (mirror->db, query))
    {
      rafilm_mirror_fail (mirror, RAFILM_ERROR_NOT_FOUND, _ ("This change no longer exists."));
      return;
    }
  op = rafilm_wire_op_new (0, rafilm_statement_text (query, 0), rafilm_statement_text (query, 1));
  entry = rafilm_outbox_entry_new (op, 0);
  op->full = rafilm_statement_int (query, 2) != 0;
  op->base = rafilm_mirror_get_row_seq (mirror, op->kind, op->id);
  if (!decode_column (query, 3, &op->set) || !decode_column (query, 4, &op->fill))
    rafilm_mirror_fail (mirror, RAFILM_ERROR_DATABASE_UNREADABLE, _ ("A change is damaged."));
  rafilm_mirror_append_entry (mirror, entry);
  rafilm_database_run (mirror->db, "DELETE FROM dead WHERE n = ?", "l", request->n);
  rafilm_mirror_rebuild (mirror, op->kind, op->id);
}

static void
discard_work (RafilmMirror *mirror, gpointer data)
{
  rafilm_database_run (mirror->db, "DELETE FROM dead WHERE n = ?", "l",
                       ((PendingRequest *) data)->n);
  mirror->kinds |= RAFILM_STORE_CHANGE_OUTBOX;
}

DexFuture *
rafilm_store_retry_dead (RafilmStore *self, gint64 n)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_write (self, retry_work, done_reply, pending_request_new (n),
                             pending_request_free);
}

DexFuture *
rafilm_store_discard_dead (RafilmStore *self, gint64 n)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_write (self, discard_work, done_reply, pending_request_new (n),
                             pending_request_free);
}
