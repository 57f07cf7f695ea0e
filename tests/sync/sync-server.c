/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-server.h"

#include "rafilm-item.h"
#include "sync-ledger.h"

struct _SyncServer
{
  GRand *rand;
  GTree *items; /* "pk|sk" -> json_t; ordered, so that a seed means the same run everywhere */
  GTree *kept;
  guint races;
  guint delayed;
  guint requests;
  guint cancelled;
};

static int
compare_keys (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

static void
free_item (gpointer item)
{
  json_decref (item);
}

static GTree *
new_items (void)
{
  return g_tree_new_full (compare_keys, NULL, g_free, free_item);
}

static GTree *
copy_items (GTree *items)
{
  GTree *copy = new_items ();

  for (GTreeNode *node = g_tree_node_first (items); node != NULL; node = g_tree_node_next (node))
    g_tree_insert (copy, g_strdup (g_tree_node_key (node)),
                   json_deep_copy (g_tree_node_value (node)));
  return copy;
}

static char *
item_key (const char *pk, const char *sk)
{
  return g_strconcat (pk, "|", sk, NULL);
}

static json_t *
find_item (SyncServer *self, const char *pk, const char *sk)
{
  g_autofree char *key = item_key (pk, sk);

  return g_tree_lookup (self->items, key);
}

static void
put_item (SyncServer *self, json_t *item)
{
  g_tree_replace (self->items,
                  item_key (rafilm_item_get_text (item, "pk"), rafilm_item_get_text (item, "sk")),
                  json_deep_copy (item));
}

/* The calls */

static RafilmDynamodbStatus
table_get (void *data, const char *pk, const char *sk, json_t **ret_item)
{
  json_t *item = find_item (data, pk, sk);

  *ret_item = item != NULL ? json_deep_copy (item) : NULL;
  return RAFILM_DYNAMODB_OK;
}

static RafilmDynamodbStatus
table_batch_get (void *data, json_t *keys, json_t **ret_items)
{
  *ret_items = json_array ();
  for (size_t i = 0; i < json_array_size (keys); i++)
    {
      json_t *key = json_array_get (keys, i);
      json_t *item =
          find_item (data, rafilm_item_get_text (key, "pk"), rafilm_item_get_text (key, "sk"));

      if (item != NULL)
        json_array_append_new (*ret_items, json_deep_copy (item));
    }
  return RAFILM_DYNAMODB_OK;
}

static RafilmDynamodbStatus
table_put_new (void *data, json_t *item)
{
  if (find_item (data, rafilm_item_get_text (item, "pk"), rafilm_item_get_text (item, "sk")))
    return RAFILM_DYNAMODB_CONDITION_FAILED;
  put_item (data, item);
  return RAFILM_DYNAMODB_OK;
}

static int
compare_seq (gconstpointer a, gconstpointer b)
{
  gint64 one = rafilm_item_get_int (*(json_t *const *) a, "q", 0);
  gint64 other = rafilm_item_get_int (*(json_t *const *) b, "q", 0);

  return one < other ? -1 : one > other;
}

/* The newest rows up to a sequence number, newest first. */
static RafilmDynamodbStatus
table_query_back (SyncServer *self, json_t *query, json_t **ret_answer)
{
  json_t *values = json_object_get (query, "ExpressionAttributeValues");
  guint limit = (guint) json_integer_value (json_object_get (query, "Limit"));
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  json_t *items = json_array ();

  g_assert_cmpstr (json_string_value (json_object_get (query, "KeyConditionExpression")), ==,
                   "pk = :pk AND q <= :q");
  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    {
      json_t *item = g_tree_node_value (node);
      gint64 q = rafilm_item_get_int (item, "q", -1);

      if (g_str_equal (rafilm_item_get_text (item, "pk"), rafilm_item_get_text (values, ":pk"))
          && q >= 0 && q <= rafilm_item_get_int (values, ":q", -1))
        g_ptr_array_add (rows, item);
    }
  g_ptr_array_sort (rows, compare_seq);
  for (guint i = rows->len; i-- > 0 && json_array_size (items) < limit;)
    json_array_append_new (items, json_deep_copy (rows->pdata[i]));
  *ret_answer = json_pack ("{s:o}", "Items", items);
  return RAFILM_DYNAMODB_OK;
}

/* Pages of three rows, so that the loop over pages is met. */
static RafilmDynamodbStatus
table_query (void *data, json_t *query, json_t **ret_answer)
{
  SyncServer *self = data;
  json_t *values = json_object_get (query, "ExpressionAttributeValues");
  const char *pk = rafilm_item_get_text (values, ":pk");
  gint64 after = rafilm_item_get_int (values, ":q", -1);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  gint64 first = rafilm_item_get_int (json_object_get (query, "ExclusiveStartKey"), "at", 0);
  json_t *items = json_array ();
  guint end;

  if (json_is_false (json_object_get (query, "ScanIndexForward")))
    return table_query_back (self, query, ret_answer);
  g_assert_cmpstr (json_string_value (json_object_get (query, "KeyConditionExpression")), ==,
                   "pk = :pk AND q > :q");
  g_assert_cmpstr (json_string_value (json_object_get (query, "IndexName")), ==, "bySeq");
  g_assert_true (json_is_true (json_object_get (query, "ConsistentRead")));
  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    {
      json_t *item = g_tree_node_value (node);

      if (g_str_equal (rafilm_item_get_text (item, "pk"), pk)
          && rafilm_item_get_int (item, "q", -1) > after)
        g_ptr_array_add (rows, item);
    }
  g_ptr_array_sort (rows, compare_seq);
  if (self->delayed > 0 && rows->len > 0
      && rafilm_item_get_int (rows->pdata[rows->len - 1], "q", -1)
             == rafilm_item_get_int (find_item (self, pk, "M"), "h", -2))
    {
      self->delayed--;
      g_ptr_array_set_size (rows, (gint) rows->len - 1);
    }
  end = MIN (rows->len, (guint) first + 3);
  for (guint i = (guint) first; i < end; i++)
    json_array_append_new (items, json_deep_copy (rows->pdata[i]));
  *ret_answer = json_pack ("{s:o}", "Items", items);
  if (end < rows->len)
    json_object_set_new (*ret_answer, "LastEvaluatedKey",
                         json_pack ("{s:o}", "at", rafilm_attribute_int (end)));
  return RAFILM_DYNAMODB_OK;
}

/* Transactions */

static gboolean
put_holds (SyncServer *self, json_t *put)
{
  json_t *item = json_object_get (put, "Item");
  const char *condition = json_string_value (json_object_get (put, "ConditionExpression"));
  json_t *old =
      find_item (self, rafilm_item_get_text (item, "pk"), rafilm_item_get_text (item, "sk"));

  if (g_str_equal (condition, "attribute_not_exists(pk)"))
    return old == NULL;
  g_assert_cmpstr (condition, ==, "q = :q");
  return old != NULL
         && rafilm_item_get_int (old, "q", -1)
                == rafilm_item_get_int (json_object_get (put, "ExpressionAttributeValues"), ":q",
                                        -2);
}

static json_t *
updated_item (SyncServer *self, json_t *update)
{
  json_t *key = json_object_get (update, "Key");

  return find_item (self, rafilm_item_get_text (key, "pk"), rafilm_item_get_text (key, "sk"));
}

static gboolean
update_holds (SyncServer *self, json_t *update)
{
  json_t *values = json_object_get (update, "ExpressionAttributeValues");
  json_t *old = updated_item (self, update);

  g_assert_cmpstr (json_string_value (json_object_get (update, "ConditionExpression")), ==,
                   "v = :v0 AND e = :e");
  return old != NULL
         && rafilm_item_get_int (old, "v", -1) == rafilm_item_get_int (values, ":v0", -2)
         && g_strcmp0 (rafilm_item_get_text (old, "e"), rafilm_item_get_text (values, ":e")) == 0;
}

/* "v = :v" or "dv.#d = :d". */
static void
assign (json_t *item, json_t *update, const char *assignment)
{
  g_auto (GStrv) sides = g_strsplit (assignment, " = ", 2);
  json_t *names = json_object_get (update, "ExpressionAttributeNames");
  json_t *value = json_object_get (json_object_get (update, "ExpressionAttributeValues"), sides[1]);
  const char *dot = strchr (sides[0], '.');

  g_assert_nonnull (value);
  if (dot == NULL)
    json_object_set (item, sides[0], value);
  else
    {
      g_assert_true (g_str_has_prefix (sides[0], "dv."));
      json_object_set (rafilm_item_get_map (item, "dv"),
                       json_string_value (json_object_get (names, dot + 1)), value);
    }
}

static void
run_update (SyncServer *self, json_t *update)
{
  json_t *item = updated_item (self, update);
  json_t *names = json_object_get (update, "ExpressionAttributeNames");
  const char *expression = json_string_value (json_object_get (update, "UpdateExpression"));
  g_auto (GStrv) clauses = g_strsplit (expression, " REMOVE ", 2);
  g_auto (GStrv) assignments = NULL;

  g_assert_true (g_str_has_prefix (clauses[0], "SET "));
  assignments = g_strsplit (clauses[0] + 4, ", ", -1);
  for (guint i = 0; assignments[i] != NULL; i++)
    assign (item, update, assignments[i]);
  if (clauses[1] != NULL)
    {
      g_auto (GStrv) removals = g_strsplit (clauses[1], ", ", -1);

      for (guint i = 0; removals[i] != NULL; i++)
        json_object_del (rafilm_item_get_map (item, "dv"),
                         json_string_value (json_object_get (names, removals[i] + 3)));
    }
}

/* Another writer's batch that comes to nothing still moves META's version. */
static void
lose_race (SyncServer *self, json_t *update)
{
  json_t *item = updated_item (self, update);

  rafilm_item_set_int (item, "v", rafilm_item_get_int (item, "v", 0) + 1);
}

static RafilmDynamodbStatus
table_transact (void *data, json_t *actions, const char *token, json_t **ret_reasons)
{
  SyncServer *self = data;
  json_t *update = json_object_get (json_array_get (actions, 0), "Update");
  gboolean holds;

  g_assert_cmpuint (json_array_size (actions), <=, 100);
  g_assert_cmpuint (strlen (token), <=, 36);
  if ((guint) g_rand_int_range (self->rand, 0, 100) < self->races)
    lose_race (self, update);
  holds = update_holds (self, update);
  *ret_reasons = json_array ();
  json_array_append_new (*ret_reasons, json_string (holds ? "None" : "ConditionalCheckFailed"));
  for (size_t i = 1; i < json_array_size (actions); i++)
    {
      gboolean fits = put_holds (self, json_object_get (json_array_get (actions, i), "Put"));

      holds = holds && fits;
      json_array_append_new (*ret_reasons, json_string (fits ? "None" : "ConditionalCheckFailed"));
    }
  if (!holds)
    {
      self->cancelled++;
      return RAFILM_DYNAMODB_CANCELLED;
    }
  run_update (self, update);
  for (size_t i = 1; i < json_array_size (actions); i++)
    put_item (self, json_object_get (json_object_get (json_array_get (actions, i), "Put"), "Item"));
  return RAFILM_DYNAMODB_OK;
}

static bool
table_back_off (void *data, unsigned attempt)
{
  return true;
}

static int64_t
table_now (void *data)
{
  return g_get_real_time () / 1000;
}

static uint64_t
table_random (void *data)
{
  SyncServer *self = data;

  return (guint64) g_rand_int (self->rand) << 32 | g_rand_int (self->rand);
}

/* The server */

SyncServer *
sync_server_new (guint32 seed)
{
  SyncServer *self = g_new0 (SyncServer, 1);

  self->rand = g_rand_new_with_seed (seed);
  self->items = new_items ();
  return self;
}

void
sync_server_free (SyncServer *self)
{
  g_rand_free (self->rand);
  g_clear_pointer (&self->items, g_tree_unref);
  g_clear_pointer (&self->kept, g_tree_unref);
  g_free (self);
}

guint
sync_server_serve (SyncServer *self, const char *uid, const char *text, char **ret_answer)
{
  const RafilmSyncTable table = { .data = self,
                                  .get = table_get,
                                  .batch_get = table_batch_get,
                                  .query = table_query,
                                  .put_new = table_put_new,
                                  .transact = table_transact,
                                  .back_off = table_back_off,
                                  .now = table_now,
                                  .random = table_random };
  const char *problem = NULL;
  json_t *body = json_loads (text, 0, NULL);
  RafilmLedgerRequest *request = rafilm_ledger_request_new (body, &problem);
  RafilmSyncReply reply;
  guint status;

  self->requests++;
  if (request == NULL)
    g_error ("%s %s", problem, text);
  g_assert_cmpstr (request->acct, ==, uid);
  /* Small pages, so that there are many. */
  if (request->max == RAFILM_WIRE_PAGE_DEFAULT)
    request->max = g_rand_int_range (self->rand, 1, 4000);
  rafilm_sync_ledger_serve (&table, uid, request, &reply);
  status = (guint) reply.status;
  *ret_answer = reply.body != NULL ? json_dumps (reply.body, JSON_COMPACT) : NULL;
  rafilm_sync_reply_clear (&reply);
  rafilm_ledger_request_free (request);
  json_decref (body);
  return status;
}

void
sync_server_set_races (SyncServer *self, guint percent)
{
  self->races = percent;
}

void
sync_server_delay_rows (SyncServer *self, guint queries)
{
  self->delayed = queries;
}

void
sync_server_purge (SyncServer *self)
{
  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    {
      json_t *item = g_tree_node_value (node);
      json_auto_t *none = json_object ();
      json_auto_t *stamps = NULL;
      json_t *stamp;

      if (!rafilm_item_get_bool (item, "x", false))
        continue;
      stamps = rafilm_item_get_json (item, "s");
      stamp = json_object_get (stamps, "x");
      if (stamp == NULL)
        stamp = json_object_get (stamps, "*");
      json_incref (stamp);
      json_object_clear (stamps);
      json_object_set_new (stamps, "*", stamp);
      rafilm_item_set_json (item, "f", none);
      rafilm_item_set_json (item, "s", stamps);
      rafilm_item_set_bool (item, "c", true);
    }
}

void
sync_server_keep (SyncServer *self)
{
  g_clear_pointer (&self->kept, g_tree_unref);
  self->kept = copy_items (self->items);
}

static void
begin_epoch (SyncServer *self, json_t *meta, gint64 newest)
{
  json_auto_t *history = rafilm_item_get_json (meta, "hist");
  g_autofree char *epoch = g_strdup_printf ("e_%08x", g_rand_int (self->rand));

  json_array_append_new (history,
                         json_pack ("{s:s, s:i}", "e", rafilm_item_get_text (meta, "e"), "low", 0));
  rafilm_item_set_json (meta, "hist", history);
  rafilm_item_set_text (meta, "e", epoch);
  rafilm_item_set_int (meta, "h", newest + 1000000);
  rafilm_item_set_int (meta, "hc", 0);
}

void
sync_server_restore (SyncServer *self)
{
  g_autoptr (GTree) lost = g_steal_pointer (&self->items);

  g_assert_nonnull (self->kept);
  self->items = g_steal_pointer (&self->kept);
  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    if (g_str_has_suffix (g_tree_node_key (node), "|M"))
      begin_epoch (self, g_tree_node_value (node),
                   rafilm_item_get_int (g_tree_lookup (lost, g_tree_node_key (node)), "h", 0));
}

guint
sync_server_get_requests (SyncServer *self)
{
  return self->requests;
}

guint
sync_server_get_cancelled (SyncServer *self)
{
  return self->cancelled;
}

guint
sync_server_count_rows (SyncServer *self, const char *uid, const char *kind)
{
  g_autofree char *prefix = g_strdup_printf ("U#%s|%s#", uid, kind);
  guint count = 0;

  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    count += g_str_has_prefix (g_tree_node_key (node), prefix);
  return count;
}
