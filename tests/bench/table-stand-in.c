/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table-stand-in.h"

#include "rafilm-item.h"

#include <string.h>

#define TABLE_CALLS "DynamoDB_20120810."
#define STREAM_CALLS "DynamoDBStreams_20120810."
#define STREAM "arn:aws:dynamodb:us-east-1:123456789012:table/rafilm/stream/stand-in"
#define MAX_PAGE_BYTES (1024 * 1024) /* of a query's answer, as DynamoDB has it */

struct _TableStandIn
{
  SimTable *table;
  GTree *places;   /* the local index: make_place () to the item's text */
  GQueue *records; /* of the stream; those that were read are forgotten */
  gint64 first;    /* sequence number of the first of them */
};

/* What a write may change: each item before it. */
typedef struct
{
  const char *pk;
  const char *sk;
  json_t *before;
} Touched;

static int
compare_texts (gconstpointer a, gconstpointer b, gpointer data)
{
  return strcmp (a, b);
}

TableStandIn *
table_stand_in_new (void)
{
  TableStandIn *self = g_new0 (TableStandIn, 1);

  self->table = sim_table_new ();
  self->places = g_tree_new_full (compare_texts, NULL, g_free, g_free);
  self->records = g_queue_new ();
  self->first = 1;
  return self;
}

void
table_stand_in_free (TableStandIn *self)
{
  g_queue_free_full (self->records, (GDestroyNotify) json_decref);
  g_tree_unref (self->places);
  sim_table_free (self->table);
  g_free (self);
}

static char *
dump (const json_t *json)
{
  return json_dumps (json, JSON_COMPACT);
}

static char *
dump_new (json_t *json)
{
  char *text = dump (json);

  json_decref (json);
  return text;
}

static char *
refuse (const char *type, json_t *more, unsigned *ret_status)
{
  json_t *answer = more != NULL ? more : json_object ();
  g_autofree char *full = g_strconcat ("com.amazonaws.dynamodb.v20120810#", type, NULL);

  json_object_set_new (answer, "__type", json_string (full));
  *ret_status = 400;
  return dump_new (answer);
}

/* Writing */

/* In the index's order: by sequence number, then by sort key. */
static char *
make_place (const char *pk, gint64 q, const char *sk)
{
  return g_strdup_printf ("%s\n%020" G_GINT64_FORMAT "\n%s", pk, q, sk);
}

static char *
find_place (const json_t *item)
{
  if (item == NULL || json_object_get (item, "q") == NULL)
    return NULL;
  return make_place (rafilm_item_get_text (item, "pk"), rafilm_item_get_int (item, "q", 0),
                     rafilm_item_get_text (item, "sk"));
}

static void
add_record (TableStandIn *self, const Touched *touched, json_t *after)
{
  json_t *change = json_pack ("{s:o, s:s}", "Keys", rafilm_item_key (touched->pk, touched->sk),
                              "StreamViewType", "NEW_AND_OLD_IMAGES");
  g_autofree char *number = g_strdup_printf (
      "%021" G_GINT64_FORMAT, self->first + (gint64) g_queue_get_length (self->records));

  json_object_set_new (change, "SequenceNumber", json_string (number));
  if (touched->before != NULL)
    json_object_set (change, "OldImage", touched->before);
  if (after != NULL)
    json_object_set (change, "NewImage", after);
  g_queue_push_tail (self->records, json_pack ("{s:s, s:o}", "eventName",
                                               after == NULL             ? "REMOVE"
                                               : touched->before == NULL ? "INSERT"
                                                                         : "MODIFY",
                                               "dynamodb", change));
}

static void
touch (TableStandIn *self, GArray *all, const json_t *key)
{
  Touched touched = { .pk = rafilm_item_get_text (key, "pk"),
                      .sk = rafilm_item_get_text (key, "sk") };

  touched.before = json_incref (sim_table_find (self->table, touched.pk, touched.sk));
  g_array_append_val (all, touched);
}

/* The table has been written: the index and the stream follow. */
static void
follow (TableStandIn *self, GArray *all)
{
  for (guint i = 0; i < all->len; i++)
    {
      Touched *touched = &g_array_index (all, Touched, i);
      json_t *after = sim_table_find (self->table, touched->pk, touched->sk);
      g_autofree char *old_place = find_place (touched->before);
      char *new_place = find_place (after);

      if (after == touched->before)
        continue;
      if (old_place != NULL)
        g_tree_remove (self->places, old_place);
      if (new_place != NULL)
        g_tree_replace (self->places, new_place, dump (after));
      add_record (self, touched, after);
    }
}

static void
clear_touched (gpointer data)
{
  json_decref (((Touched *) data)->before);
}

static GArray *
new_touched (void)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (Touched));

  g_array_set_clear_func (all, clear_touched);
  return all;
}

static char *
put_item (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  g_autoptr (GArray) all = new_touched ();
  json_t *item = json_object_get (request, "Item");
  const char *condition = json_string_value (json_object_get (request, "ConditionExpression"));

  if (g_strcmp0 (condition, "attribute_not_exists(pk)") != 0)
    return refuse ("ValidationException", NULL, ret_status);
  touch (self, all, item);
  if (sim_table_put_new (self->table, item) != RAFILM_DYNAMODB_OK)
    return refuse ("ConditionalCheckFailedException", NULL, ret_status);
  follow (self, all);
  return g_strdup ("{}");
}

static char *
delete_item (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  g_autoptr (GArray) all = new_touched ();
  const json_t *key = json_object_get (request, "Key");
  g_autofree char *name =
      g_strconcat (rafilm_item_get_text (key, "pk"), "|", rafilm_item_get_text (key, "sk"), NULL);

  if (json_object_get (request, "ConditionExpression") != NULL)
    return refuse ("ValidationException", NULL, ret_status);
  touch (self, all, key);
  g_tree_remove (self->table->items, name);
  follow (self, all);
  return g_strdup ("{}");
}

/* A transaction with a token is a batch's, with a condition for each item; one without is a
 * socket's that comes, and only puts. */
static gboolean
write_all (TableStandIn *self, const json_t *request, json_t **ret_reasons)
{
  json_t *actions = json_object_get (request, "TransactItems");
  const char *token = json_string_value (json_object_get (request, "ClientRequestToken"));

  if (token != NULL)
    return sim_table_transact (self->table, actions, token, ret_reasons) == RAFILM_DYNAMODB_OK;
  for (size_t i = 0; i < json_array_size (actions); i++)
    {
      const json_t *put = json_object_get (json_array_get (actions, i), "Put");

      g_assert_null (json_object_get (put, "ConditionExpression"));
      sim_table_put (self->table, json_deep_copy (json_object_get (put, "Item")));
    }
  return TRUE;
}

static char *
transact (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  g_autoptr (GArray) all = new_touched ();
  json_t *actions = json_object_get (request, "TransactItems");
  json_t *reasons = NULL;
  json_t *codes;

  for (size_t i = 0; i < json_array_size (actions); i++)
    {
      const json_t *put = json_object_get (json_array_get (actions, i), "Put");
      const json_t *update = json_object_get (json_array_get (actions, i), "Update");

      if (put == NULL && update == NULL)
        return refuse ("ValidationException", NULL, ret_status);
      touch (self, all,
             put != NULL ? json_object_get (put, "Item") : json_object_get (update, "Key"));
    }
  if (write_all (self, request, &reasons))
    {
      follow (self, all);
      return g_strdup ("{}");
    }
  codes = json_array ();
  for (size_t i = 0; i < json_array_size (reasons); i++)
    json_array_append_new (codes, json_pack ("{s:O}", "Code", json_array_get (reasons, i)));
  json_decref (reasons);
  return refuse ("TransactionCanceledException", json_pack ("{s:o}", "CancellationReasons", codes),
                 ret_status);
}

/* Reading */

static char *
get_item (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  const json_t *key = json_object_get (request, "Key");
  json_t *item = sim_table_find (self->table, rafilm_item_get_text (key, "pk"),
                                 rafilm_item_get_text (key, "sk"));

  return dump_new (item != NULL ? json_pack ("{s:O}", "Item", item) : json_object ());
}

static char *
batch_get_item (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  json_t *answer = json_object ();
  const char *name;
  json_t *asked;

  json_object_foreach (json_object_get (request, "RequestItems"), name, asked)
  {
    json_t *items = NULL;

    sim_table_batch_get (self->table, json_object_get (asked, "Keys"), &items);
    json_object_set_new (answer, name, items);
  }
  return dump_new (json_pack ("{s:o, s:{}}", "Responses", answer, "UnprocessedKeys"));
}

/* The last key of a page, from its place. */
static char *
make_last_key (const char *place)
{
  g_auto (GStrv) parts = g_strsplit (place, "\n", 3);
  json_t *key = rafilm_item_key (parts[0], parts[2]);

  rafilm_item_set_int (key, "q", g_ascii_strtoll (parts[1], NULL, 10));
  return dump_new (key);
}

/* The first row behind q, or the last one up to it. */
static GTreeNode *
find_start (TableStandIn *self, const char *pk, gboolean back, const json_t *request)
{
  const json_t *values = json_object_get (request, "ExpressionAttributeValues");
  const json_t *start = json_object_get (request, "ExclusiveStartKey");
  g_autofree char *place = NULL;
  GTreeNode *node = NULL;

  if (start != NULL)
    {
      place = find_place (start);
      node = back ? g_tree_lower_bound (self->places, place)
                  : g_tree_upper_bound (self->places, place);
    }
  else
    {
      place = make_place (pk, rafilm_item_get_int (values, ":q", 0) + 1, "");
      node = g_tree_lower_bound (self->places, place);
    }
  if (!back)
    return node;
  return node != NULL ? g_tree_node_previous (node) : g_tree_node_last (self->places);
}

static char *
query_index (TableStandIn *self, const char *pk, gboolean back, const json_t *request)
{
  gint64 limit = json_integer_value (json_object_get (request, "Limit"));
  g_autofree char *prefix = g_strconcat (pk, "\n", NULL);
  GString *text = g_string_new ("{\"Items\":[");
  GTreeNode *node = find_start (self, pk, back, request);
  const char *last = NULL;
  gint64 count = 0;

  for (; node != NULL && count < limit && text->len < MAX_PAGE_BYTES
         && g_str_has_prefix (g_tree_node_key (node), prefix);
       node = back ? g_tree_node_previous (node) : g_tree_node_next (node), count++)
    {
      last = g_tree_node_key (node);
      if (count > 0)
        g_string_append_c (text, ',');
      g_string_append (text, g_tree_node_value (node));
    }
  g_string_append_printf (text, "],\"Count\":%" G_GINT64_FORMAT, count);
  if (last != NULL && (count == limit || text->len >= MAX_PAGE_BYTES))
    {
      g_autofree char *key = make_last_key (last);

      g_string_append_printf (text, ",\"LastEvaluatedKey\":%s", key);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* The sockets of an account. */
static char *
query_prefix (TableStandIn *self, const char *pk, const char *sk)
{
  g_autofree char *prefix = g_strconcat (pk, "|", sk, NULL);
  json_t *items = json_array ();

  for (GTreeNode *node = g_tree_lower_bound (self->table->items, prefix);
       node != NULL && g_str_has_prefix (g_tree_node_key (node), prefix);
       node = g_tree_node_next (node))
    json_array_append (items, g_tree_node_value (node));
  return dump_new (json_pack ("{s:o}", "Items", items));
}

static char *
query (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  const char *condition = json_string_value (json_object_get (request, "KeyConditionExpression"));
  const json_t *values = json_object_get (request, "ExpressionAttributeValues");
  const char *pk = rafilm_item_get_text (values, ":pk");
  const char *index = json_string_value (json_object_get (request, "IndexName"));
  gboolean back = json_is_false (json_object_get (request, "ScanIndexForward"));

  if (pk == NULL || json_object_get (request, "FilterExpression") != NULL)
    return refuse ("ValidationException", NULL, ret_status);
  if (g_strcmp0 (condition, back ? "pk = :pk AND q <= :q" : "pk = :pk AND q > :q") == 0
      && g_strcmp0 (index, "bySeq") == 0)
    return query_index (self, pk, back, request);
  if (g_strcmp0 (condition, "pk = :pk AND begins_with(sk, :sk)") == 0 && index == NULL && !back)
    return query_prefix (self, pk, rafilm_item_get_text (values, ":sk"));
  return refuse ("ValidationException", NULL, ret_status);
}

/* The stream: one shard, one reader */

static char *
get_records (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  const char *iterator = json_string_value (json_object_get (request, "ShardIterator"));
  gint64 limit = json_integer_value (json_object_get (request, "Limit"));
  gint64 read = g_ascii_strtoll (iterator != NULL ? iterator : "0", NULL, 10);
  json_t *records = json_array ();

  for (; self->first <= read && !g_queue_is_empty (self->records); self->first++)
    json_decref (g_queue_pop_head (self->records));
  for (GList *l = self->records->head; l != NULL && (gint64) json_array_size (records) < limit;
       l = l->next)
    json_array_append (records, l->data);
  return dump_new (json_pack ("{s:o}", "Records", records));
}

static char *
get_shard_iterator (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  const char *number = json_string_value (json_object_get (request, "SequenceNumber"));

  return dump_new (json_pack ("{s:s}", "ShardIterator", number != NULL ? number : "0"));
}

static char *
describe_stream (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  return g_strdup ("{\"StreamDescription\":{\"Shards\":[{\"ShardId\":\"shard-0\"}]}}");
}

static char *
update_table (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  return g_strdup ("{\"TableDescription\":{\"LatestStreamArn\":\"" STREAM "\"}}");
}

static char *
accept_table (TableStandIn *self, const json_t *request, unsigned *ret_status)
{
  return g_strdup ("{}");
}

char *
table_stand_in_call (TableStandIn *self, const char *target, const json_t *request,
                     unsigned *ret_status)
{
  static const struct
  {
    const char *target;
    char *(*call) (TableStandIn *self, const json_t *request, unsigned *ret_status);
  } calls[] = {
    { TABLE_CALLS "GetItem", get_item },
    { TABLE_CALLS "BatchGetItem", batch_get_item },
    { TABLE_CALLS "Query", query },
    { TABLE_CALLS "PutItem", put_item },
    { TABLE_CALLS "DeleteItem", delete_item },
    { TABLE_CALLS "TransactWriteItems", transact },
    { TABLE_CALLS "CreateTable", accept_table },
    { TABLE_CALLS "UpdateTimeToLive", accept_table },
    { TABLE_CALLS "UpdateTable", update_table },
    { STREAM_CALLS "DescribeStream", describe_stream },
    { STREAM_CALLS "GetShardIterator", get_shard_iterator },
    { STREAM_CALLS "GetRecords", get_records },
  };

  *ret_status = 200;
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    if (g_strcmp0 (target, calls[i].target) == 0)
      return calls[i].call (self, request, ret_status);
  return refuse ("UnknownOperationException", NULL, ret_status);
}
