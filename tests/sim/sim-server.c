/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-server.h"

#include <libdex.h>

#include "rafilm-item.h"
#include "rafilm-memory.h"
#include "rafilm-spawn.h"
#include "sim-check-merge.h"
#include "sim-random.h"
#include "sim-report.h"
#include "sim-table.h"
#include "sim-version.h"
#include "sync-codec.h"
#include "sync-ledger.h"

#define LIFETIME 29000
#define HOLD_UP 350 /* of 1000 calls */

/* One request that is being served. */
typedef struct
{
  SimServer *server;
  guint64 request;
  RafilmLedgerRequest *body;
  gint64 begun;
  DexPromise *gate; /* what it is held up at */
  gboolean killed;
  gboolean ended;
  SimReply *reply;
} Task;

struct _SimServer
{
  char *account;
  char *pk;
  SimTable *table;
  GPtrArray *tasks;
  GPtrArray *replies;
  GPtrArray *backups;   /* GTree */
  GHashTable *applied;  /* "epoch dev" to the last operation's number */
  DexPromise *settling; /* for the end of a task's turn */
  gboolean is_healthy;
  gboolean is_punctual; /* a request that takes longer than the platform allows is ended */
};

static void
settle (SimServer *self)
{
  if (self->settling != NULL)
    dex_promise_resolve_boolean (self->settling, TRUE);
}

/* The calls of one request */

/* Holds the request up; FALSE when it is dead afterwards. */
static gboolean
pass (Task *task)
{
  if (!task->killed && !task->server->is_healthy && sim_random_strikes (HOLD_UP))
    {
      task->gate = dex_promise_new ();
      settle (task->server);
      dex_await (dex_ref (task->gate), NULL);
      dex_clear (&task->gate);
      if (task->server->is_punctual && sim_now () - task->begun > LIFETIME)
        task->killed = TRUE;
    }
  return !task->killed;
}

static RafilmDynamodbStatus
task_get (void *data, const char *pk, const char *sk, json_t **ret_item)
{
  Task *task = data;

  return pass (task) ? sim_table_get (task->server->table, pk, sk, ret_item)
                     : RAFILM_DYNAMODB_FAILED;
}

static RafilmDynamodbStatus
task_batch_get (void *data, json_t *keys, json_t **ret_items)
{
  Task *task = data;

  return pass (task) ? sim_table_batch_get (task->server->table, keys, ret_items)
                     : RAFILM_DYNAMODB_FAILED;
}

static RafilmDynamodbStatus
task_query (void *data, json_t *query, json_t **ret_answer)
{
  Task *task = data;

  return pass (task) ? sim_table_query (task->server->table, query, ret_answer)
                     : RAFILM_DYNAMODB_FAILED;
}

static RafilmDynamodbStatus
task_put_new (void *data, json_t *item)
{
  Task *task = data;

  return pass (task) ? sim_table_put_new (task->server->table, item) : RAFILM_DYNAMODB_FAILED;
}

/* I7: each operation of a device is applied once, and in order. */
static void
check_order (SimServer *self, const RafilmLedgerRequest *body)
{
  char *name = g_strdup_printf ("%s %s", sim_server_get_epoch (self), body->dev);
  gint64 last = GPOINTER_TO_INT (g_hash_table_lookup (self->applied, name));

  if (body->ops[0].n != last + 1)
    sim_fail ("I7 device %s: operation %d was applied after %d", body->dev, (int) body->ops[0].n,
              (int) last);
  last = body->ops[body->n_ops - 1].n;
  g_hash_table_insert (self->applied, name, GINT_TO_POINTER ((int) last));
}

static RafilmWireVerdict
find_verdict (const json_t *verdicts, gint64 n)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, n);
  const char *text = json_string_value (json_object_get (verdicts, number));
  RafilmWireVerdict verdict = RAFILM_WIRE_OK;

  if (text != NULL && !rafilm_wire_verdict_parse (text, &verdict))
    sim_fail ("I13 verdict %s", text);
  if (verdict == RAFILM_WIRE_BAD)
    sim_fail ("I13 operation %d was refused: %s", (int) n, text);
  return verdict;
}

/* The rows that the transaction is to write, as they are; NULL where there is none. */
static GPtrArray *
list_before (SimServer *self, const json_t *actions)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);

  for (size_t i = 0; i < json_array_size (actions); i++)
    {
      json_t *item = json_object_get (json_object_get (json_array_get (actions, i), "Put"), "Item");
      const json_t *old =
          item != NULL ? sim_table_find (self->table, self->pk, rafilm_item_get_text (item, "sk"))
                       : NULL;

      g_ptr_array_add (rows, old != NULL ? rafilm_sync_codec_row_from_item (old) : NULL);
    }
  return rows;
}

static GPtrArray *
list_after (const json_t *actions)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);

  for (size_t i = 0; i < json_array_size (actions); i++)
    {
      json_t *item = json_object_get (json_object_get (json_array_get (actions, i), "Put"), "Item");

      g_ptr_array_add (rows, item != NULL ? rafilm_sync_codec_row_from_item (item) : NULL);
    }
  return rows;
}

static void
note_rows (GPtrArray *before, GPtrArray *after)
{
  for (guint i = 0; i < after->len; i++)
    if (after->pdata[i] != NULL && g_str_equal (((RafilmWireRow *) after->pdata[i])->kind, "x"))
      sim_history_keep (after->pdata[i]);
  for (guint i = 0; i < after->len; i++)
    if (before->pdata[i] != NULL && after->pdata[i] != NULL)
      sim_check_merge (before->pdata[i], after->pdata[i]);
}

static void
note_applied (Task *task, const json_t *actions, GPtrArray *before)
{
  const RafilmLedgerRequest *body = task->body;
  const json_t *update = json_object_get (json_array_get (actions, 0), "Update");
  json_auto_t *record =
      rafilm_item_get_json (json_object_get (update, "ExpressionAttributeValues"), ":d");
  g_autoptr (GPtrArray) after = list_after (actions);

  if (strcmp (body->acct, task->server->account) != 0)
    sim_fail ("I10 a batch of the account %s was stored under %s", body->acct,
              task->server->account);
  check_order (task->server, body);
  for (size_t i = 0; i < body->n_ops; i++)
    sim_history_answer (body->dev, body->ops[i].op,
                        find_verdict (json_object_get (record, "r"), body->ops[i].n));
  note_rows (before, after);
}

static RafilmDynamodbStatus
task_transact (void *data, json_t *actions, const char *token, json_t **ret_reasons)
{
  Task *task = data;
  g_autoptr (GPtrArray) before = NULL;
  RafilmDynamodbStatus status;

  if (!pass (task))
    return RAFILM_DYNAMODB_FAILED;
  before = list_before (task->server, actions);
  status = sim_table_transact (task->server->table, actions, token, ret_reasons);
  if (status == RAFILM_DYNAMODB_OK)
    note_applied (task, actions, before);
  /* Done, but the answer of the table was lost. */
  if (status == RAFILM_DYNAMODB_OK && !task->server->is_healthy && sim_random_strikes (30))
    return RAFILM_DYNAMODB_FAILED;
  return status;
}

static bool
task_back_off (void *data, unsigned attempt)
{
  return pass (data);
}

static int64_t
task_now (void *data)
{
  return sim_now ();
}

static uint64_t
task_random (void *data)
{
  return sim_random_next ();
}

/* Requests */

static void
serve (Task *task)
{
  const RafilmSyncTable table = { .data = task,
                                  .get = task_get,
                                  .batch_get = task_batch_get,
                                  .query = task_query,
                                  .put_new = task_put_new,
                                  .transact = task_transact,
                                  .back_off = task_back_off,
                                  .now = task_now,
                                  .random = task_random };
  RafilmSyncReply reply;

  rafilm_sync_ledger_serve (&table, task->server->account, task->body, &reply);
  if (reply.status >= 500 && reply.status != 503)
    sim_fail ("the function failed: %d %s", reply.status, reply.code);
  task->reply->status = task->killed ? 0 : (guint) reply.status;
  if (reply.body != NULL)
    task->reply->text = json_dumps (reply.body, JSON_COMPACT);
  rafilm_sync_reply_clear (&reply);
}

static DexFuture *
task_fiber (gpointer data)
{
  Task *task = data;

  serve (task);
  task->ended = TRUE;
  settle (task->server);
  return dex_future_new_true ();
}

static void
free_task (gpointer data)
{
  Task *task = data;

  rafilm_ledger_request_free (task->body);
  g_clear_pointer (&task->reply, sim_reply_free);
  g_free (task);
}

/* Waits until every task is held up or has ended. */
static void
await_turn (SimServer *self, Task *task)
{
  while (task->gate == NULL && !task->ended)
    {
      self->settling = dex_promise_new ();
      dex_await (dex_ref (self->settling), NULL);
      dex_clear (&self->settling);
    }
  if (!task->ended)
    return;
  g_ptr_array_add (self->replies, g_steal_pointer (&task->reply));
  g_ptr_array_remove (self->tasks, task);
}

void
sim_server_begin (SimServer *self, guint64 request, const char *text)
{
  Task *task = g_new0 (Task, 1);
  json_auto_t *json = json_loads (text, 0, NULL);
  const char *problem = NULL;

  sim_version_set_old (FALSE);
  task->server = self;
  task->request = request;
  task->begun = sim_now ();
  task->reply = g_new0 (SimReply, 1);
  task->reply->request = request;
  task->body = rafilm_ledger_request_new (json, &problem);
  if (task->body == NULL)
    sim_fail ("the function refused a request: %s %s", problem, text);
  g_ptr_array_add (self->tasks, task);
  if (strcmp (task->body->acct, self->account) != 0)
    {
      /* As src/cloud/handlers/sync.c does, before anything is looked at. */
      task->reply->status = 409;
      task->reply->text = g_strdup ("{\"status\":409,\"code\":\"acct\",\"err\":\"acct\"}");
      task->ended = TRUE;
      await_turn (self, task);
      return;
    }
  dex_future_disown (rafilm_spawn (task_fiber, task, NULL));
  await_turn (self, task);
}

guint
sim_server_count_running (SimServer *self)
{
  return self->tasks->len;
}

void
sim_server_go_on (SimServer *self, guint which)
{
  Task *task = g_ptr_array_index (self->tasks, which);
  DexPromise *gate = g_steal_pointer (&task->gate);

  sim_version_set_old (FALSE);
  dex_promise_resolve_boolean (gate, TRUE);
  dex_unref (gate);
  await_turn (self, task);
}

void
sim_server_kill (SimServer *self, guint which)
{
  ((Task *) g_ptr_array_index (self->tasks, which))->killed = TRUE;
  sim_server_go_on (self, which);
}

SimReply *
sim_server_take_reply (SimServer *self)
{
  return self->replies->len > 0 ? g_ptr_array_steal_index (self->replies, 0) : NULL;
}

void
sim_reply_free (SimReply *self)
{
  g_free (self->text);
  g_free (self);
}

/* The server's life */

SimServer *
sim_server_new (const char *account, guint page, gboolean is_punctual)
{
  SimServer *self = g_new0 (SimServer, 1);

  self->account = g_strdup (account);
  self->pk = g_strconcat ("U#", account, NULL);
  self->table = sim_table_new ();
  self->table->page = page;
  self->is_punctual = is_punctual;
  self->table->conflicts = 30;
  self->table->late_rows = TRUE;
  self->tasks = g_ptr_array_new_with_free_func (free_task);
  self->replies = g_ptr_array_new ();
  self->backups = g_ptr_array_new ();
  self->applied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
sim_server_heal (SimServer *self)
{
  self->is_healthy = TRUE;
  self->table->conflicts = 0;
  self->table->late_rows = FALSE;
  while (self->tasks->len > 0)
    sim_server_go_on (self, 0);
}

static void
purge_item (json_t *item)
{
  json_auto_t *none = json_object ();
  json_auto_t *stamps = rafilm_item_get_json (item, "s");
  json_t *stamp = json_object_get (stamps, "x");

  if (stamp == NULL)
    stamp = json_object_get (stamps, "*");
  json_incref (stamp);
  json_object_clear (stamps);
  json_object_set_new (stamps, "*", stamp);
  rafilm_item_set_json (item, "f", none);
  rafilm_item_set_json (item, "s", stamps);
  rafilm_item_set_bool (item, "c", true);
}

guint
sim_server_purge (SimServer *self)
{
  guint purged = 0;

  for (GTreeNode *node = g_tree_node_first (self->table->items); node != NULL;
       node = g_tree_node_next (node))
    {
      json_t *item = g_tree_node_value (node);

      if (!rafilm_item_get_bool (item, "x", false) || rafilm_item_get_bool (item, "c", false)
          || sim_random_strikes (500))
        continue;
      purge_item (item);
      purged++;
    }
  return purged;
}

void
sim_server_back_up (SimServer *self)
{
  if (sim_table_find (self->table, self->pk, "M") != NULL)
    g_ptr_array_add (self->backups, sim_table_copy (self->table));
}

static void
begin_epoch (json_t *meta, gint64 newest)
{
  json_auto_t *history = rafilm_item_get_json (meta, "hist");
  g_autofree char *epoch = g_strdup_printf ("e_%08x", (guint) sim_random_next ());

  json_array_append_new (history,
                         json_pack ("{s:s, s:I}", "e", rafilm_item_get_text (meta, "e"), "low",
                                    (json_int_t) rafilm_item_get_int (meta, "h", 0)));
  rafilm_item_set_json (meta, "hist", history);
  rafilm_item_set_text (meta, "e", epoch);
  rafilm_item_set_int (meta, "v", rafilm_item_get_int (meta, "v", 0) + 1);
  rafilm_item_set_int (meta, "h", newest + 1000000);
  rafilm_item_set_int (meta, "hc", 0);
}

/* What devices had done is what the backup says. */
static void
restore_order (SimServer *self, const json_t *meta)
{
  json_auto_t *devices = rafilm_item_get_json (meta, "dv");
  const char *dev;
  json_t *record;

  json_object_foreach (devices, dev, record)
  {
    g_hash_table_insert (
        self->applied, g_strdup_printf ("%s %s", sim_server_get_epoch (self), dev),
        GINT_TO_POINTER ((int) json_integer_value (json_object_get (record, "n"))));
  }
}

gboolean
sim_server_restore (SimServer *self)
{
  json_t *meta = sim_table_find (self->table, self->pk, "M");
  json_auto_t *history = NULL;
  gint64 newest;

  if (self->backups->len == 0 || meta == NULL)
    return FALSE;
  /* A restored table is another table; what still runs on the old one is ended with it. */
  while (self->tasks->len > 0)
    sim_server_kill (self, 0);
  meta = sim_table_find (self->table, self->pk, "M");
  newest = rafilm_item_get_int (meta, "h", 0);
  history = rafilm_item_get_json (meta, "hist");
  /* The epoch that ends is the one that is lost, whose name must stay known. */
  {
    g_autofree char *epoch = g_strdup (rafilm_item_get_text (meta, "e"));
    guint which = (guint) sim_random_pick ((int) self->backups->len);

    sim_table_restore (self->table, g_ptr_array_steal_index (self->backups, which));
    meta = sim_table_find (self->table, self->pk, "M");
    rafilm_item_set_text (meta, "e", epoch);
    rafilm_item_set_json (meta, "hist", history);
  }
  begin_epoch (meta, newest);
  restore_order (self, meta);
  while (self->backups->len > 0)
    g_tree_unref (g_ptr_array_steal_index (self->backups, 0));
  return TRUE;
}

/* What it has */

const char *
sim_server_get_epoch (SimServer *self)
{
  return rafilm_item_get_text (sim_table_find (self->table, self->pk, "M"), "e");
}

gint64
sim_server_get_head (SimServer *self)
{
  return rafilm_item_get_int (sim_table_find (self->table, self->pk, "M"), "h", 0);
}

void
sim_server_get_digest (SimServer *self, RafilmWireDigest *ret_digest)
{
  size_t length = 0;
  rafilm_autofree unsigned char *bytes =
      rafilm_item_get_bytes (sim_table_find (self->table, self->pk, "M"), "dg", &length);

  *ret_digest = (RafilmWireDigest) { 0 };
  if (bytes != NULL && length == sizeof ret_digest->bytes)
    memcpy (ret_digest->bytes, bytes, length);
}

GPtrArray *
sim_server_list_rows (SimServer *self)
{
  g_autofree char *prefix = g_strconcat (self->pk, "|", NULL);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_wire_row_free);

  for (GTreeNode *node = g_tree_node_first (self->table->items); node != NULL;
       node = g_tree_node_next (node))
    if (g_str_has_prefix (g_tree_node_key (node), prefix)
        && !g_str_has_suffix (g_tree_node_key (node), "|M"))
      {
        RafilmWireRow *row = rafilm_sync_codec_row_from_item (g_tree_node_value (node));

        if (row == NULL)
          sim_fail ("I6 a row makes no sense: %s", (char *) g_tree_node_key (node));
        g_ptr_array_add (rows, row);
      }
  return rows;
}
