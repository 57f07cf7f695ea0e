/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-table.h"

#include "rafilm-item.h"
#include "sim-random.h"

#define MAX_ACTIONS 100
#define MAX_ITEM 400000
#define MAX_TRANSACTION 4000000
#define MAX_TOKEN 36
#define MAX_LATE 2

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

SimTable *
sim_table_new (void)
{
  SimTable *self = g_new0 (SimTable, 1);

  self->items = new_items ();
  self->page = 500;
  return self;
}

void
sim_table_free (SimTable *self)
{
  g_tree_unref (self->items);
  json_decref (self->late_before);
  g_free (self);
}

GTree *
sim_table_copy (const SimTable *self)
{
  GTree *copy = new_items ();

  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    g_tree_insert (copy, g_strdup (g_tree_node_key (node)),
                   json_deep_copy (g_tree_node_value (node)));
  return copy;
}

void
sim_table_restore (SimTable *self, GTree *items)
{
  g_tree_unref (self->items);
  self->items = items;
  self->late = 0;
}

static char *
make_key (const char *pk, const char *sk)
{
  return g_strconcat (pk, "|", sk, NULL);
}

json_t *
sim_table_find (const SimTable *self, const char *pk, const char *sk)
{
  g_autofree char *key = make_key (pk, sk);

  return g_tree_lookup (self->items, key);
}

static json_t *
find_by_key (const SimTable *self, const json_t *key)
{
  return sim_table_find (self, rafilm_item_get_text (key, "pk"), rafilm_item_get_text (key, "sk"));
}

void
sim_table_put (SimTable *self, json_t *item)
{
  g_assert (json_dumpb (item, NULL, 0, JSON_COMPACT) < MAX_ITEM);
  g_tree_replace (self->items,
                  make_key (rafilm_item_get_text (item, "pk"), rafilm_item_get_text (item, "sk")),
                  item);
}

/* Reading */

RafilmDynamodbStatus
sim_table_get (void *data, const char *pk, const char *sk, json_t **ret_item)
{
  json_t *item = sim_table_find (data, pk, sk);

  *ret_item = item != NULL ? json_deep_copy (item) : NULL;
  return RAFILM_DYNAMODB_OK;
}

RafilmDynamodbStatus
sim_table_batch_get (void *data, json_t *keys, json_t **ret_items)
{
  *ret_items = json_array ();
  for (size_t i = 0; i < json_array_size (keys); i++)
    {
      json_t *item = find_by_key (data, json_array_get (keys, i));

      /* DynamoDB refuses a key that comes twice. */
      for (size_t j = 0; j < i; j++)
        g_assert_false (json_equal (json_array_get (keys, i), json_array_get (keys, j)));
      if (item != NULL)
        json_array_append_new (*ret_items, json_deep_copy (item));
    }
  return RAFILM_DYNAMODB_OK;
}

/* By q, then by sort key, as the local index has them. */
static int
compare_places (const json_t *a, const json_t *b)
{
  gint64 one = rafilm_item_get_int (a, "q", 0);
  gint64 other = rafilm_item_get_int (b, "q", 0);

  if (one != other)
    return one < other ? -1 : 1;
  return strcmp (rafilm_item_get_text (a, "sk"), rafilm_item_get_text (b, "sk"));
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  return compare_places (a, b);
}

/* The item as queries see it; NULL for not at all. */
static json_t *
seen_item (SimTable *self, json_t *item)
{
  return self->late > 0 && item == self->late_now ? self->late_before : item;
}

static int
compare_rows_back (gconstpointer a, gconstpointer b)
{
  return compare_places (b, a);
}

/* Rows after q, or back from it. */
static GPtrArray *
list_rows (SimTable *self, const char *pk, gint64 q, gboolean back, const json_t *start)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (GTreeNode *node = g_tree_node_first (self->items); node != NULL;
       node = g_tree_node_next (node))
    {
      json_t *item = seen_item (self, g_tree_node_value (node));

      if (item != NULL && g_str_equal (rafilm_item_get_text (item, "pk"), pk)
          && json_object_get (item, "q") != NULL
          && (rafilm_item_get_int (item, "q", -1) > q) != back
          && (start == NULL || compare_places (item, start) * (back ? -1 : 1) > 0))
        g_ptr_array_add (rows, item);
    }
  g_ptr_array_sort_values (rows, back ? compare_rows_back : compare_rows);
  return rows;
}

static json_t *
make_start (const json_t *item)
{
  json_t *start =
      rafilm_item_key (rafilm_item_get_text (item, "pk"), rafilm_item_get_text (item, "sk"));

  rafilm_item_set_int (start, "q", rafilm_item_get_int (item, "q", 0));
  return start;
}

static void
check_query (const json_t *query, gboolean back)
{
  g_assert_cmpstr (json_string_value (json_object_get (query, "KeyConditionExpression")), ==,
                   back ? "pk = :pk AND q <= :q" : "pk = :pk AND q > :q");
  g_assert_cmpstr (json_string_value (json_object_get (query, "IndexName")), ==, "bySeq");
  g_assert_true (json_is_true (json_object_get (query, "ConsistentRead")));
  g_assert_null (json_object_get (query, "FilterExpression"));
  g_assert_true (back || json_object_get (query, "ScanIndexForward") == NULL);
}

RafilmDynamodbStatus
sim_table_query (void *data, json_t *query, json_t **ret_answer)
{
  SimTable *self = data;
  const json_t *values = json_object_get (query, "ExpressionAttributeValues");
  guint limit = (guint) json_integer_value (json_object_get (query, "Limit"));
  gboolean back = json_is_false (json_object_get (query, "ScanIndexForward"));
  json_t *items = json_array ();
  g_autoptr (GPtrArray) rows = NULL;

  check_query (query, back);
  rows =
      list_rows (self, rafilm_item_get_text (values, ":pk"), rafilm_item_get_int (values, ":q", 0),
                 back, json_object_get (query, "ExclusiveStartKey"));
  if (self->late > 0)
    self->late--;
  limit = MIN (limit, self->page);
  for (guint i = 0; i < MIN (rows->len, limit); i++)
    json_array_append_new (items, json_deep_copy (rows->pdata[i]));
  *ret_answer = json_pack ("{s:o}", "Items", items);
  if (rows->len > limit)
    json_object_set_new (*ret_answer, "LastEvaluatedKey", make_start (rows->pdata[limit - 1]));
  return RAFILM_DYNAMODB_OK;
}

/* Conditions: attribute_not_exists(pk), or attributes that have given values. */

static gboolean
condition_holds (const json_t *item, const json_t *action)
{
  const char *text = json_string_value (json_object_get (action, "ConditionExpression"));
  const json_t *values = json_object_get (action, "ExpressionAttributeValues");
  g_auto (GStrv) terms = NULL;

  g_assert_nonnull (text);
  if (g_str_equal (text, "attribute_not_exists(pk)"))
    return item == NULL;
  terms = g_strsplit (text, " AND ", -1);
  for (guint i = 0; terms[i] != NULL; i++)
    {
      g_auto (GStrv) sides = g_strsplit (terms[i], " = ", -1);
      const json_t *value;

      g_assert_cmpuint (g_strv_length (sides), ==, 2);
      g_assert_true (g_ascii_isalpha (sides[0][0]) && sides[1][0] == ':');
      value = json_object_get (values, sides[1]);
      g_assert_nonnull (value);
      if (item == NULL || !json_equal (json_object_get (item, sides[0]), value))
        return FALSE;
    }
  return TRUE;
}

RafilmDynamodbStatus
sim_table_put_new (void *data, json_t *item)
{
  if (find_by_key (data, item) != NULL)
    return RAFILM_DYNAMODB_CONDITION_FAILED;
  sim_table_put (data, json_deep_copy (item));
  return RAFILM_DYNAMODB_OK;
}

/* Updates: SET a = :a, m.#k = :b … REMOVE m.#r, … */

/* The map or item that `path` ends in, and the last name. */
static json_t *
follow_path (json_t *item, const json_t *update, const char *path, const char **ret_name)
{
  const json_t *names = json_object_get (update, "ExpressionAttributeNames");
  const char *dot = strchr (path, '.');
  g_autofree char *map = NULL;

  if (dot == NULL)
    {
      *ret_name = path;
      return item;
    }
  g_assert_true (dot[1] == '#' && strchr (dot + 1, '.') == NULL);
  *ret_name = json_string_value (json_object_get (names, dot + 1));
  g_assert_nonnull (*ret_name);
  map = g_strndup (path, (gsize) (dot - path));
  g_assert_nonnull (rafilm_item_get_map (item, map));
  return rafilm_item_get_map (item, map);
}

static void
assign (json_t *item, const json_t *update, const char *assignment)
{
  g_auto (GStrv) sides = g_strsplit (assignment, " = ", -1);
  const char *name;
  json_t *value;
  json_t *target;

  g_assert_cmpuint (g_strv_length (sides), ==, 2);
  value = json_object_get (json_object_get (update, "ExpressionAttributeValues"), sides[1]);
  g_assert_nonnull (value);
  target = follow_path (item, update, sides[0], &name);
  json_object_set_new (target, name, json_deep_copy (value));
}

static json_t *
make_updated (const json_t *old, const json_t *update)
{
  json_t *item = json_deep_copy (old);
  const char *text = json_string_value (json_object_get (update, "UpdateExpression"));
  g_auto (GStrv) clauses = NULL;
  g_auto (GStrv) assignments = NULL;
  g_auto (GStrv) removals = NULL;

  g_assert_true (g_str_has_prefix (text, "SET "));
  clauses = g_strsplit (text + strlen ("SET "), " REMOVE ", 2);
  assignments = g_strsplit (clauses[0], ", ", -1);
  for (guint i = 0; assignments[i] != NULL; i++)
    assign (item, update, assignments[i]);
  if (clauses[1] != NULL)
    removals = g_strsplit (clauses[1], ", ", -1);
  for (guint i = 0; removals != NULL && removals[i] != NULL; i++)
    {
      const char *name;
      json_t *target = follow_path (item, update, removals[i], &name);

      json_object_del (target, name);
    }
  return item;
}

/* Transactions */

static const json_t *
open_action (json_t *action, const char **ret_kind)
{
  g_assert_cmpuint (json_object_size (action), ==, 1);
  *ret_kind = json_object_get (action, "Put") != NULL ? "Put" : "Update";
  g_assert_nonnull (json_object_get (action, *ret_kind));
  return json_object_get (action, *ret_kind);
}

static const json_t *
key_of (const json_t *inner)
{
  const json_t *item = json_object_get (inner, "Item");

  return item != NULL ? item : json_object_get (inner, "Key");
}

static void
check_actions (const json_t *actions, const char *token)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_assert_cmpuint (json_array_size (actions), >, 0);
  g_assert_cmpuint (json_array_size (actions), <=, MAX_ACTIONS);
  g_assert_cmpuint (json_dumpb (actions, NULL, 0, JSON_COMPACT), <, MAX_TRANSACTION);
  g_assert_cmpuint (strlen (token), <=, MAX_TOKEN);
  for (size_t i = 0; i < json_array_size (actions); i++)
    {
      const char *kind;
      const json_t *key = key_of (open_action (json_array_get (actions, i), &kind));

      /* A transaction may not name an item twice. */
      g_assert_true (g_hash_table_add (
          keys, make_key (rafilm_item_get_text (key, "pk"), rafilm_item_get_text (key, "sk"))));
    }
}

static void
run_action (SimTable *self, json_t *action)
{
  const char *kind;
  const json_t *inner = open_action (action, &kind);

  if (g_str_equal (kind, "Put"))
    sim_table_put (self, json_deep_copy (json_object_get (inner, "Item")));
  else
    sim_table_put (self, make_updated (find_by_key (self, key_of (inner)), inner));
}

/* The last one may be visible later than the others. */
static void
run_last (SimTable *self, json_t *action)
{
  const char *kind;
  const json_t *key = key_of (open_action (action, &kind));
  json_t *before = find_by_key (self, key);

  json_decref (self->late_before);
  self->late_before = before != NULL ? json_incref (before) : NULL;
  run_action (self, action);
  self->late_now = find_by_key (self, key);
  self->late = self->late_rows ? (guint) sim_random_pick (MAX_LATE + 1) : 0;
}

RafilmDynamodbStatus
sim_table_transact (void *data, json_t *actions, const char *token, json_t **ret_reasons)
{
  SimTable *self = data;
  gboolean holds = TRUE;
  gboolean conflict = sim_random_strikes (self->conflicts);

  check_actions (actions, token);
  *ret_reasons = json_array ();
  for (size_t i = 0; i < json_array_size (actions); i++)
    {
      const char *kind;
      const json_t *inner = open_action (json_array_get (actions, i), &kind);
      const char *reason = "None";

      if (conflict)
        reason = "TransactionConflict";
      else if (!condition_holds (find_by_key (self, key_of (inner)), inner))
        reason = "ConditionalCheckFailed";
      holds = holds && g_str_equal (reason, "None");
      json_array_append_new (*ret_reasons, json_string (reason));
    }
  if (!holds)
    return RAFILM_DYNAMODB_CANCELLED;
  json_decref (*ret_reasons);
  *ret_reasons = NULL;
  for (size_t i = 0; i + 1 < json_array_size (actions); i++)
    run_action (self, json_array_get (actions, i));
  run_last (self, json_array_get (actions, json_array_size (actions) - 1));
  return RAFILM_DYNAMODB_OK;
}
