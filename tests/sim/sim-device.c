/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-device.h"

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "rafilm-store-test.h"
#include "rafilm-sync-cycle.h"
#include "sim-history.h"
#include "sim-random.h"
#include "sim-report.h"
#include "sim-transport.h"
#include "sim-version.h"

#define TEMPLATE "sim-template"
#define CUT 40        /* of 1000 turns, in so many the machine may end */
#define CUT_WRITES 60 /* before at most so many writes */

static SimDiskImage *template;

static void
reply_done (RafilmStore *store, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static char *
make_path (const char *name)
{
  return g_build_filename (g_get_tmp_dir (), name, NULL);
}

void
sim_device_prepare (void)
{
  g_autofree char *path = make_path (TEMPLATE);
  g_autoptr (GError) error = NULL;
  RafilmFilmRegistry *registry = rafilm_film_registry_new ();
  RafilmMirror *mirror = rafilm_mirror_open (path, registry, NULL, &error);

  g_assert_no_error (error);
  rafilm_mirror_close (mirror);
  rafilm_film_registry_unref (registry);
  template = sim_disk_copy (path);
}

/* The computer's turn: its clock, and its version of the program. */
static void
turn_to (SimDevice *self)
{
  rafilm_clock_stop_at (sim_now () + self->skew);
  sim_version_set_old (self->is_old);
}

static void
open_store (SimDevice *self)
{
  g_autoptr (GError) error = NULL;

  turn_to (self);
  self->store = dex_await_object (rafilm_store_open (self->path), &error);
  if (self->store == NULL)
    sim_fail ("I15 the store does not open: %s", error->message);
  if (rafilm_store_get_recovered_path (self->store) != NULL)
    sim_fail ("I15 the file was taken for a damaged one");
}

static void
close_store (SimDevice *self)
{
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);
}

static SimDevice *
device_new (guint index, const SimDiskImage *image, gint64 skew, guint batch, int page)
{
  SimDevice *self = g_new0 (SimDevice, 1);
  g_autofree char *name = g_strdup_printf ("sim-%u.db", index);

  self->index = index;
  self->account = SIM_ACCOUNT;
  self->path = make_path (name);
  self->skew = skew;
  self->batch = batch;
  self->page = page;
  self->backups = g_ptr_array_new ();
  self->pending = g_ptr_array_new ();
  sim_disk_put (self->path, image);
  open_store (self);
  return self;
}

static void
name_device_work (RafilmMirror *mirror, gpointer data)
{
  g_autofree char *dev = rafilm_id_new_device ();

  rafilm_database_run (mirror->db, "UPDATE meta SET value = ? WHERE key = 'dev'", "t", dev);
}

SimDevice *
sim_device_new (guint index, gint64 skew, guint batch, int page)
{
  SimDevice *self = device_new (index, template, skew, batch, page);

  dex_await (rafilm_store_write (self->store, name_device_work, reply_done, NULL, NULL), NULL);
  return self;
}

SimDevice *
sim_device_clone (SimDevice *self, guint index)
{
  SimDiskImage *image = sim_disk_copy (self->path);
  SimDevice *clone = device_new (index, image, self->skew, self->batch, self->page);

  sim_disk_image_free (image);
  if (self->is_old)
    sim_device_install (clone, TRUE);
  return clone;
}

/* Reading */

void
sim_device_read (SimDevice *self, RafilmStoreWork work, gpointer data)
{
  g_autoptr (GError) error = NULL;

  turn_to (self);
  if (!dex_await_boolean (rafilm_store_read (self->store, work, reply_done, data, NULL), &error))
    sim_fail ("the store cannot be read: %s", error->message);
}

RafilmSyncState *
sim_device_get_state (SimDevice *self)
{
  turn_to (self);
  return dex_await_boxed (rafilm_store_sync_state (self->store), NULL);
}

typedef struct
{
  const char *sql;
  GPtrArray *found;
} ListRequest;

static void
list_work (RafilmMirror *mirror, gpointer data)
{
  ListRequest *request = data;
  g_autoptr (RafilmStatement) query = rafilm_database_query (mirror->db, request->sql, "");

  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (request->found, g_strdup (rafilm_statement_text (query, 0)));
}

GPtrArray *
sim_device_list (SimDevice *self, const char *sql)
{
  ListRequest request = { sql, g_ptr_array_new_with_free_func (g_free) };

  sim_device_read (self, list_work, &request);
  return request.found;
}

void
sim_device_check_overlay (SimDevice *self)
{
  turn_to (self);
  store_test_check_overlay (self->store);
}

/* What was written */

typedef struct
{
  SimDevice *device;
  GPtrArray *before; /* RafilmWireOp */
  GPtrArray *after;  /* RafilmWireOp */
  guint added;
} Scan;

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const RafilmWireOp *one = a;
  const RafilmWireOp *other = b;

  return one->n < other->n ? -1 : one->n > other->n;
}

static GPtrArray *
load_outbox (RafilmMirror *mirror)
{
  GPtrArray *ops = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_op_free);
  g_autoptr (RafilmStatement) query =
      rafilm_database_query (mirror->db, "SELECT DISTINCT kind, id FROM outbox", "");

  while (rafilm_database_next (mirror->db, query))
    {
      g_autoptr (GPtrArray) entries = rafilm_mirror_load_entries (
          mirror, rafilm_statement_text (query, 0), rafilm_statement_text (query, 1));

      for (guint i = 0; i < entries->len; i++)
        g_ptr_array_add (ops, rafilm_wire_op_copy (((RafilmOutboxEntry *) entries->pdata[i])->op));
    }
  g_ptr_array_sort_values (ops, compare_numbers);
  return ops;
}

static GPtrArray *
list_of_record (GPtrArray *ops, const RafilmWireOp *like)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < ops->len; i++)
    {
      const RafilmWireOp *op = g_ptr_array_index (ops, i);

      if (g_str_equal (op->kind, like->kind) && g_str_equal (op->id, like->id))
        g_ptr_array_add (found, (gpointer) op);
    }
  return found;
}

static void
note_op (Scan *scan, RafilmMirror *mirror, const RafilmWireOp *op)
{
  g_autofree char *key = g_strconcat (op->kind, "#", op->id, NULL);
  g_autoptr (GPtrArray) ops = NULL;
  g_autoptr (RafilmWireRow) row = NULL;

  for (size_t i = 0; i < op->set.n_items && !op->recovery; i++)
    {
      SimRecordState before;

      if (sim_history_find_pending (key, &op->set.items[i]) >= 0)
        continue;
      if (ops == NULL)
        {
          ops = list_of_record (scan->before, op);
          row = rafilm_mirror_load_row (mirror, op->kind, op->id);
        }
      before = (SimRecordState) { row, ops };
      sim_history_add (scan->device->index, sim_now (), key, &op->set.items[i], &before);
      scan->added++;
    }
}

static void
scan_work (RafilmMirror *mirror, gpointer data)
{
  Scan *scan = data;

  scan->after = load_outbox (mirror);
  for (guint i = 0; i < scan->after->len; i++)
    note_op (scan, mirror, g_ptr_array_index (scan->after, i));
}

/* Looks at the outbox; `edited` when a person's edit alone can have changed it. Returns how many
 * fields were written. */
static guint
scan_outbox (SimDevice *self, gboolean edited)
{
  Scan scan = { .device = self, .before = self->pending };

  sim_device_read (self, scan_work, &scan);
  for (guint i = 0; edited && i < scan.before->len; i++)
    {
      const RafilmWireOp *op = g_ptr_array_index (scan.before, i);
      g_autoptr (GPtrArray) now = list_of_record (scan.after, op);

      sim_history_compare (op, now);
    }
  g_ptr_array_unref (self->pending);
  self->pending = scan.after;
  return scan.added;
}

/* The end of the machine */

static void
await_rest (SimDevice *self)
{
  while (self->syncing && self->request == 0)
    {
      self->settling = dex_promise_new ();
      dex_await (dex_ref (self->settling), NULL);
      dex_clear (&self->settling);
    }
}

void
sim_device_give_up (SimDevice *self)
{
  g_autoptr (DexPromise) answer = g_steal_pointer (&self->answer);

  if (answer == NULL)
    return;
  turn_to (self);
  self->request = 0;
  dex_promise_reject (answer, g_error_new_literal (RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT, "lost"));
  await_rest (self);
}

static void
begin_turn (SimDevice *self)
{
  turn_to (self);
  if (sim_cut > 0)
    sim_disk_cut_before (self->path, sim_cut);
  else if (sim_may_cut && sim_random_strikes (CUT))
    sim_disk_cut_after (self->path, (guint) sim_random_pick (CUT_WRITES));
}

/* TRUE when the machine has ended meanwhile, and begun again. */
static gboolean
end_turn (SimDevice *self)
{
  gboolean lose;

  if (!sim_disk_is_dead ())
    {
      sim_disk_spare ();
      return FALSE;
    }
  lose = sim_random_strikes (700);
  sim_tally.cuts++;
  sim_say ("computer %u: %s", self->index, lose ? "the power is cut" : "it is killed");
  sim_device_give_up (self);
  close_store (self);
  sim_disk_revive (lose);
  open_store (self);
  return TRUE;
}

void
sim_device_crash (SimDevice *self, gboolean lose)
{
  scan_outbox (self, FALSE);
  turn_to (self);
  sim_disk_cut_after (self->path, 0);
  sim_disk_kill ();
  sim_device_give_up (self);
  close_store (self);
  sim_disk_revive (lose);
  open_store (self);
  scan_outbox (self, TRUE);
}

/* Edits */

static void
settle_edit (SimDevice *self, gboolean done, const GError *error)
{
  gboolean died = sim_disk_is_dead ();
  guint added;

  if (error != NULL && !died && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND))
    sim_fail ("an edit failed: %s", error->message);
  end_turn (self);
  added = scan_outbox (self, TRUE);
  if (done && died && added == 0)
    sim_fail ("I15 an edit that was done is gone");
}

void
sim_device_apply (SimDevice *self, RafilmEdit *edit)
{
  g_autoptr (GError) error = NULL;
  gint64 number;

  scan_outbox (self, FALSE);
  begin_turn (self);
  number = dex_await_int64 (rafilm_store_apply (self->store, edit), &error);
  rafilm_edit_unref (edit);
  settle_edit (self, error == NULL && number > 0, error);
}

void
sim_device_revert (SimDevice *self, gboolean redo)
{
  g_autoptr (GError) error = NULL;

  scan_outbox (self, FALSE);
  begin_turn (self);
  dex_await (redo ? rafilm_store_redo (self->store) : rafilm_store_undo (self->store), &error);
  if (error != NULL && !sim_disk_is_dead ()
      && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND))
    sim_fail ("an undo failed: %s", error->message);
  end_turn (self);
  scan_outbox (self, TRUE);
}

/* Synchronisation */

static DexFuture *
cycle_ended_cb (DexFuture *future, gpointer data)
{
  SimDevice *self = data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (error != NULL && !sim_disk_is_dead ()
      && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT)
      && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE)
      && !(self->may_be_refused && g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_REFUSED)))
    sim_fail ("a cycle failed: %s", error->message);
  self->syncing = FALSE;
  if (self->settling != NULL)
    dex_promise_resolve_boolean (self->settling, TRUE);
  return dex_future_new_true ();
}

void
sim_device_sync (SimDevice *self)
{
  g_autoptr (RafilmSyncTransport) transport = NULL;
  g_autoptr (RafilmSyncCycle) cycle = NULL;
  g_autofree char *name = NULL;

  if (self->syncing)
    return;
  name = g_strdup_printf ("Computer %u", self->index);
  transport = sim_transport_new (self);
  cycle = rafilm_sync_cycle_new (self->store, transport, self->account, name);
  cycle->max_ops = self->batch;
  begin_turn (self);
  self->syncing = TRUE;
  dex_future_disown (
      dex_future_finally (rafilm_sync_cycle_run (cycle), cycle_ended_cb, self, NULL));
  await_rest (self);
  end_turn (self);
}

/* To an earlier version the server may use words that it doesn't know. */
static JsonNode *
read_answer (SimDevice *self, const char *text)
{
  g_autoptr (GString) words = g_string_new (text);

  if (self->is_old)
    g_string_replace (words, ":\"noop\"", ":\"moot\"", 0);
  return json_from_string (words->str, NULL);
}

void
sim_device_deliver (SimDevice *self, guint64 request, guint status, const char *text)
{
  g_autoptr (DexPromise) answer = NULL;
  g_autoptr (JsonNode) body = NULL;

  if (self->request != request)
    return;
  answer = g_steal_pointer (&self->answer);
  self->request = 0;
  if (text != NULL)
    body = read_answer (self, text);
  begin_turn (self);
  dex_promise_resolve_boxed (answer, RAFILM_TYPE_SYNC_RESPONSE,
                             rafilm_sync_response_new (status, body, NULL, 0));
  await_rest (self);
  end_turn (self);
}

void
sim_device_install (SimDevice *self, gboolean old)
{
  sim_device_give_up (self);
  close_store (self);
  self->is_old = old;
  open_store (self);
}

/* Backups */

void
sim_device_back_up (SimDevice *self)
{
  g_ptr_array_add (self->backups, sim_disk_copy (self->path));
}

gboolean
sim_device_put_back (SimDevice *self)
{
  if (self->backups->len == 0)
    return FALSE;
  sim_device_give_up (self);
  close_store (self);
  sim_disk_put (self->path, self->backups->pdata[sim_random_pick ((int) self->backups->len)]);
  open_store (self);
  return TRUE;
}
