/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A diary that arrives in an account's: reading the one, planning, and taking it into the other. */

#include "config.h"

#include "rafilm-store-arrival-private.h"

#include <string.h>

#include "rafilm-store-codec.h"

/* "arrived:" with the device id of a diary that was taken */
#define META_ARRIVED_PREFIX "arrived:"

typedef struct
{
  GPtrArray *rows;
  char *from;
  RafilmArrivalPlan plan;
  RafilmSyncState *state;
} ArrivalRequest;

static void
arrival_request_free (gpointer data)
{
  ArrivalRequest *request = data;

  g_clear_pointer (&request->rows, g_ptr_array_unref);
  g_clear_pointer (&request->from, g_free);
  g_clear_pointer (&request->state, rafilm_sync_state_free);
  g_free (request);
}

G_DEFINE_BOXED_TYPE (RafilmArrivalPlan, rafilm_arrival_plan, rafilm_arrival_plan_copy,
                     rafilm_arrival_plan_free)

RafilmArrivalPlan *
rafilm_arrival_plan_copy (const RafilmArrivalPlan *self)
{
  return g_memdup2 (self, sizeof *self);
}

void
rafilm_arrival_plan_free (RafilmArrivalPlan *self)
{
  g_free (self);
}

/* Reading a diary */

static void
add_record (RafilmMirror *mirror, GPtrArray *rows, const char *kind, const char *id)
{
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_new (kind, id);

  rafilm_mirror_load_view (mirror, kind, id, &row->fields);
  if (row->fields.n_items == 0 || rafilm_wire_row_is_deleted (row))
    return;
  rafilm_wire_fields_remove (&row->fields, RAFILM_WIRE_DELETED);
  if (row->fields.n_items > 0)
    g_ptr_array_add (rows, g_steal_pointer (&row));
}

/* The tables that are read name all records, and in the right order: newest viewings first, lists
 * before what is in them. */
static void
list_records_work (RafilmMirror *mirror, gpointer data)
{
  ArrivalRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  request->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);
  query = rafilm_database_query (
      mirror->db,
      "SELECT kind, id FROM ("
      " SELECT 'd' AS kind, id, 1 AS part, watched_on AS at FROM viewing WHERE deleted_at IS NULL"
      " UNION ALL SELECT 'f', CAST (film AS TEXT), 2, NULL FROM rating"
      " UNION ALL SELECT 'w', CAST (film AS TEXT), 3, NULL FROM watch"
      " UNION ALL SELECT 'l', id, 4, NULL FROM list WHERE deleted_at IS NULL"
      " UNION ALL SELECT 'i', list || ':' || film, 5, NULL FROM item"
      "  WHERE list IN (SELECT id FROM list WHERE deleted_at IS NULL)"
      " UNION ALL SELECT 'p', id, 6, NULL FROM profile)"
      " ORDER BY part, at DESC, id",
      "");
  while (rafilm_database_next (mirror->db, query))
    add_record (mirror, request->rows, rafilm_statement_text (query, 0),
                rafilm_statement_text (query, 1));
}

static void
list_records_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_PTR_ARRAY,
                             g_steal_pointer (&((ArrivalRequest *) data)->rows));
}

DexFuture *
rafilm_store_list_records (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_records_work, list_records_reply, g_new0 (ArrivalRequest, 1),
                            arrival_request_free);
}

/* Planning */

static void
count_arrival (const RafilmArrival *arrival, RafilmArrivalPlan *plan, GHashTable *films)
{
  g_auto (RafilmWireFields) lacking = { 0 };
  g_auto (RafilmWireFields) texts = { 0 };
  const char *kind = arrival->row->kind;

  if (strcmp (kind, KIND_VIEWING) == 0)
    {
      plan->here++;
      plan->same += arrival->partner != NULL;
      plan->added += arrival->partner == NULL;
      return;
    }
  if (strcmp (kind, KIND_LIST) == 0)
    plan->lists += arrival->partner == NULL;
  if (strcmp (kind, KIND_FILM) != 0 && strcmp (kind, KIND_WATCH) != 0)
    return;
  rafilm_arrival_compare (arrival, &lacking, &texts);
  if (lacking.n_items > 0)
    g_hash_table_add (films, arrival->row->id);
}

static void
plan_work (RafilmMirror *mirror, gpointer data)
{
  ArrivalRequest *request = data;
  g_autoptr (GPtrArray) arrivals = NULL;
  g_autoptr (GHashTable) films = g_hash_table_new (g_str_hash, g_str_equal);

  arrivals = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_arrival_free);
  for (guint i = 0; i < request->rows->len; i++)
    g_ptr_array_add (arrivals,
                     rafilm_arrival_new (0, rafilm_wire_row_copy (request->rows->pdata[i])));
  request->plan.there = rafilm_mirror_match_arrivals (mirror, arrivals, NULL);
  for (guint i = 0; i < arrivals->len; i++)
    count_arrival (arrivals->pdata[i], &request->plan, films);
  request->plan.films = g_hash_table_size (films);
}

static void
plan_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_ARRIVAL_PLAN,
                             rafilm_arrival_plan_copy (&((ArrivalRequest *) data)->plan));
}

DexFuture *
rafilm_store_plan_arrival (RafilmStore *self, GPtrArray *records)
{
  ArrivalRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (records != NULL);

  request = g_new0 (ArrivalRequest, 1);
  request->rows = g_ptr_array_ref (records);
  return rafilm_store_read (self, plan_work, plan_reply, request, arrival_request_free);
}

/* Taking */

/* The file itself becomes an account's: its operations go, since they come again as arrivals. */
static GPtrArray *
empty_outbox (RafilmMirror *mirror)
{
  g_autoptr (RafilmStatement) query = NULL;
  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);

  query = rafilm_database_query (mirror->db, "SELECT DISTINCT kind, id FROM outbox", "");
  while (rafilm_database_next (mirror->db, query))
    {
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 0)));
      g_ptr_array_add (keys, g_strdup (rafilm_statement_text (query, 1)));
    }
  rafilm_database_run (mirror->db, "DELETE FROM outbox", "");
  rafilm_mirror_set_meta_int (mirror, "next_n", 1);
  return keys;
}

static void
make_room (RafilmMirror *mirror, ArrivalRequest *request, GPtrArray **ret_keys)
{
  g_autofree char *dev = rafilm_mirror_dup_meta (mirror, META_DEV);

  *ret_keys = NULL;
  if (g_strcmp0 (dev, request->from) == 0)
    *ret_keys = empty_outbox (mirror);
}

static void
take_work (RafilmMirror *mirror, gpointer data)
{
  ArrivalRequest *request = data;
  g_autofree char *key = g_strconcat (META_ARRIVED_PREFIX, request->from, NULL);
  g_autoptr (GPtrArray) keys = NULL;

  if (rafilm_mirror_get_meta_int (mirror, key, 0) == 0)
    {
      make_room (mirror, request, &keys);
      for (guint i = 0; i < request->rows->len; i++)
        {
          const RafilmWireRow *row = request->rows->pdata[i];
          g_autoptr (GBytes) body = rafilm_store_codec_encode (&row->fields);

          rafilm_database_run (mirror->db,
                               "INSERT INTO arrival (kind, id, done, body) VALUES (?, ?, 0, ?)",
                               "ttb", row->kind, row->id, body);
        }
      rafilm_mirror_set_meta_int (mirror, key, 1);
      rafilm_mirror_rematch (mirror);
      for (guint i = 0; keys != NULL && i + 1 < keys->len; i += 2)
        rafilm_mirror_rebuild (mirror, keys->pdata[i], keys->pdata[i + 1]);
      /* Seen at once; sent when it is certain that nothing newer is there. */
      rafilm_mirror_set_meta_int (mirror, META_REMATCH, 1);
    }
  request->state = rafilm_mirror_load_sync_state (mirror);
}

static void
state_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, RAFILM_TYPE_SYNC_STATE,
                             g_steal_pointer (&((ArrivalRequest *) data)->state));
}

DexFuture *
rafilm_store_take_arrival (RafilmStore *self, GPtrArray *records, const char *from)
{
  ArrivalRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (records != NULL);
  dex_return_error_if_fail (from != NULL);

  request = g_new0 (ArrivalRequest, 1);
  request->rows = g_ptr_array_ref (records);
  request->from = g_strdup (from);
  return rafilm_store_write (self, take_work, state_reply, request, arrival_request_free);
}

static void
match_again_work (RafilmMirror *mirror, gpointer data)
{
  rafilm_mirror_release_batch (mirror);
  rafilm_mirror_set_meta_int (mirror, META_REMATCH, 1);
  ((ArrivalRequest *) data)->state = rafilm_mirror_load_sync_state (mirror);
}

DexFuture *
rafilm_store_match_again (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_write (self, match_again_work, state_reply, g_new0 (ArrivalRequest, 1),
                             arrival_request_free);
}
