/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What must hold when all has come to rest: the invariants of docs/sync.md that are about rows and
 * tables. Those about who had seen what are in sim-check-writes.c. */

#include "sim-check.h"

#include "sim-report.h"

/* What people see of records that are not in the Trash. A film's row may be there or not when it
 * says nothing. */
static const char *const view_queries[] = {
  "SELECT * FROM viewing WHERE deleted_at IS NULL ORDER BY id",
  "SELECT * FROM viewing_tag ORDER BY tag, viewing",
  "SELECT * FROM rating ORDER BY film",
  "SELECT * FROM watch ORDER BY film",
  "SELECT * FROM list WHERE deleted_at IS NULL ORDER BY id",
  "SELECT * FROM item ORDER BY list, film",
  "SELECT list, film FROM item WHERE listed ORDER BY list, position, film",
  "SELECT * FROM profile ORDER BY id",
  "SELECT * FROM version ORDER BY id",
  "SELECT id, rating, liked, seen, hidden, listed, listed_at, note, viewings, last_on, unfinished"
  " FROM film WHERE rating > 0 OR liked OR seen OR hidden OR listed OR viewings > 0 ORDER BY id",
};

typedef struct
{
  GPtrArray *rows; /* RafilmWireRow */
  GString *view;
  RafilmWireDigest digest;
} DeviceState;

static void
write_query (RafilmMirror *mirror, const char *sql, GString *text)
{
  g_autoptr (RafilmStatement) query = rafilm_database_query (mirror->db, sql, "");

  g_string_append_printf (text, "-- %s\n", sql);
  while (rafilm_database_next (mirror->db, query))
    {
      for (int column = 0; column < sqlite3_column_count (query); column++)
        {
          const char *value = rafilm_statement_text (query, column);

          g_string_append_printf (text, "%s|", value != NULL ? value : "NULL");
        }
      g_string_append_c (text, '\n');
    }
}

static void
load_state_work (RafilmMirror *mirror, gpointer data)
{
  DeviceState *state = data;
  g_autoptr (RafilmStatement) query = rafilm_database_query (
      mirror->db, "SELECT kind, id, q, purged, body FROM mirror ORDER BY kind, id", "");

  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (state->rows, rafilm_mirror_read_row (mirror, query));
  for (gsize i = 0; i < G_N_ELEMENTS (view_queries); i++)
    write_query (mirror, view_queries[i], state->view);
  rafilm_mirror_get_digest (mirror, &state->digest);
}

static char *
describe_row (const RafilmWireRow *row)
{
  GString *text = g_string_new (NULL);

  if (row == NULL)
    return g_string_free (g_string_append (text, "none"), FALSE);
  g_string_append_printf (text, "q %d%s:", (int) row->q, row->purged ? " purged" : "");
  for (size_t i = 0; i < row->fields.n_items; i++)
    {
      const RafilmWireField *field = &row->fields.items[i];
      g_autofree char *value = sim_history_describe (&field->value);
      char stamp[RAFILM_WIRE_STAMP_SIZE];

      rafilm_wire_stamp_format (&field->stamp, stamp);
      g_string_append_printf (text, " %s=%s (%s)", field->name, value, stamp);
    }
  return g_string_free (text, FALSE);
}

/* The Trash may have been emptied of a record after the computer got it. */
static gboolean
rows_agree (const RafilmWireRow *here, const RafilmWireRow *server)
{
  if (here == NULL || server == NULL)
    return FALSE;
  if (server->purged)
    return here->q == server->q && rafilm_wire_row_is_deleted (here);
  return rafilm_wire_row_equal (here, server);
}

static const RafilmWireRow *
find_row (GPtrArray *rows, const RafilmWireRow *like)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (rows, i);

      if (g_str_equal (row->kind, like->kind) && g_str_equal (row->id, like->id))
        return row;
    }
  return NULL;
}

static void
check_mirror (SimDevice *device, GPtrArray *here, GPtrArray *server)
{
  for (guint i = 0; i < server->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (server, i);
      const RafilmWireRow *found = find_row (here, row);

      if (!rows_agree (found, row))
        sim_fail ("I1 computer %u has %s#%s otherwise: %s, the server %s", device->index, row->kind,
                  row->id, describe_row (found), describe_row (row));
    }
  if (here->len != server->len)
    sim_fail ("I1 computer %u has %u rows, the server %u", device->index, here->len, server->len);
}

static void
check_view (SimDevice *device, const GString *here, const GString *first)
{
  g_auto (GStrv) ours = NULL;
  g_auto (GStrv) theirs = NULL;

  if (g_string_equal (here, first))
    return;
  ours = g_strsplit (here->str, "\n", -1);
  theirs = g_strsplit (first->str, "\n", -1);
  for (guint i = 0; ours[i] != NULL && theirs[i] != NULL; i++)
    if (!g_str_equal (ours[i], theirs[i]))
      sim_fail ("I1 computer %u shows %s, computer 0 %s", device->index, ours[i], theirs[i]);
  sim_fail ("I1 computer %u shows more or less than computer 0", device->index);
}

static void
check_sequence (GPtrArray *rows, gint64 head)
{
  RafilmWireDigest digest = { 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = g_ptr_array_index (rows, i);

      if (row->q < 1 || row->q > head)
        sim_fail ("I6 row %s#%s has the number %d of %d", row->kind, row->id, (int) row->q,
                  (int) head);
      rafilm_wire_digest_toggle (&digest, row->kind, row->id, row->q);
    }
}

void
sim_check_agreement (SimWorld *world)
{
  g_autoptr (GPtrArray) server = sim_server_list_rows (world->server);
  RafilmWireDigest digest;
  DeviceState first = { 0 };

  sim_server_get_digest (world->server, &digest);
  check_sequence (server, sim_server_get_head (world->server));
  for (guint i = 0; i < world->devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (world->devices, i);
      DeviceState state = { g_ptr_array_new (), g_string_new (NULL), { { 0 } } };
      g_autoptr (RafilmSyncState) sync = sim_device_get_state (device);

      sim_device_read (device, load_state_work, &state);
      check_mirror (device, state.rows, server);
      if (!rafilm_wire_digest_equal (&state.digest, &digest))
        sim_fail ("I9 computer %u has another digest than the server", device->index);
      if (i == 0)
        first = state;
      check_view (device, state.view, first.view);
      sim_device_check_overlay (device);
      if (sync->dead > 0)
        sim_fail ("I13 computer %u has %u refused changes", device->index, sync->dead);
    }
}

void
sim_check_world (SimWorld *world)
{
  g_autoptr (GPtrArray) server = sim_server_list_rows (world->server);

  sim_check_agreement (world);
  sim_check_writes (world, server);
}
