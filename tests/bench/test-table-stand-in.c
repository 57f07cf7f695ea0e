/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stand-in's own parts: the index in order and its pages, conditions that fail, sockets, and
 * the stream. Its table is the simulation's, which tests/sim/test-sim-table.c holds against moto.
 */

#include "table-stand-in.h"

#include "rafilm-item.h"

#define CALL "DynamoDB_20120810."
#define STREAM "DynamoDBStreams_20120810."
#define PK "U#one"
#define ROWS 250

/* Takes the request. */
static json_t *
call (TableStandIn *table, const char *target, json_t *request, unsigned status)
{
  unsigned got = 0;
  g_autofree char *text = table_stand_in_call (table, target, request, &got);
  json_t *answer = json_loads (text, 0, NULL);

  g_assert_cmpuint (got, ==, status);
  g_assert_nonnull (answer);
  json_decref (request);
  return answer;
}

static void
call_only (TableStandIn *table, const char *target, json_t *request, unsigned status)
{
  json_decref (call (table, target, request, status));
}

static json_t *
make_row (const char *pk, const char *sk, gint64 q)
{
  json_t *item = rafilm_item_key (pk, sk);

  rafilm_item_set_int (item, "q", q);
  return item;
}

/* A batch of one row, on the condition that it is new, or that it still is as it was read. */
static json_t *
make_batch (const char *sk, gint64 q, gint64 read)
{
  json_t *values = json_object ();
  json_t *put = json_pack ("{s:o, s:s}", "Item", make_row (PK, sk, q), "ConditionExpression",
                           read == 0 ? "attribute_not_exists(pk)" : "q = :q");

  rafilm_item_set_int (values, ":q", read);
  if (read != 0)
    json_object_set (put, "ExpressionAttributeValues", values);
  json_decref (values);
  return json_pack ("{s:s, s:[{s:o}]}", "ClientRequestToken", "t", "TransactItems", "Put", put);
}

static void
write_row (TableStandIn *table, int i, gint64 q, gint64 read)
{
  g_autofree char *sk = g_strdup_printf ("d#%03d", i);

  call_only (table, CALL "TransactWriteItems", make_batch (sk, q, read), 200);
}

static json_t *
make_query (gint64 cursor, int limit, json_t *start)
{
  json_t *values = json_object ();
  json_t *query = NULL;

  rafilm_item_set_text (values, ":pk", PK);
  rafilm_item_set_int (values, ":q", cursor);
  query = json_pack ("{s:s, s:s, s:o, s:i}", "IndexName", "bySeq", "KeyConditionExpression",
                     "pk = :pk AND q > :q", "ExpressionAttributeValues", values, "Limit", limit);
  if (start != NULL)
    json_object_set (query, "ExclusiveStartKey", start);
  return query;
}

/* Reads all after @cursor in pages, and expects it in order and without a gap. */
static guint
count_after (TableStandIn *table, gint64 cursor, int limit)
{
  json_auto_t *start = NULL;
  guint count = 0;

  do
    {
      json_auto_t *answer = call (table, CALL "Query", make_query (cursor, limit, start), 200);
      const json_t *items = json_object_get (answer, "Items");

      g_assert_cmpuint (json_array_size (items), <=, limit);
      for (size_t i = 0; i < json_array_size (items); i++)
        g_assert_cmpint (rafilm_item_get_int (json_array_get (items, i), "q", 0), ==,
                         cursor + (++count));
      json_decref (start);
      start = json_incref (json_object_get (answer, "LastEvaluatedKey"));
    }
  while (start != NULL);
  return count;
}

static void
test_index (void)
{
  TableStandIn *table = table_stand_in_new ();

  /* The sort keys are in another order than the sequence numbers, and another account has rows. */
  for (int i = 0; i < ROWS; i++)
    write_row (table, ROWS - i, 1 + i, 0);
  call_only (table, CALL "PutItem",
             json_pack ("{s:o, s:s}", "Item", make_row ("U#two", "d#1", 5), "ConditionExpression",
                        "attribute_not_exists(pk)"),
             200);
  g_assert_cmpuint (count_after (table, 0, 7), ==, ROWS);
  g_assert_cmpuint (count_after (table, 0, ROWS), ==, ROWS);
  g_assert_cmpuint (count_after (table, ROWS - 9, 100), ==, 9);
  /* What is written anew leaves its old place. */
  write_row (table, ROWS, ROWS + 1, 1);
  g_assert_cmpuint (count_after (table, 1, 100), ==, ROWS);
  table_stand_in_free (table);
}

/* The newest first, from a head on. */
static void
test_back (void)
{
  TableStandIn *table = table_stand_in_new ();
  json_t *query = make_query (7, 3, NULL);
  json_auto_t *answer = NULL;

  for (int i = 1; i <= 9; i++)
    write_row (table, i, i, 0);
  json_object_set_new (query, "KeyConditionExpression", json_string ("pk = :pk AND q <= :q"));
  json_object_set_new (query, "ScanIndexForward", json_false ());
  answer = call (table, CALL "Query", query, 200);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "Items")), ==, 3);
  for (size_t i = 0; i < 3; i++)
    g_assert_cmpint (
        rafilm_item_get_int (json_array_get (json_object_get (answer, "Items"), i), "q", 0), ==,
        7 - (gint64) i);
  table_stand_in_free (table);
}

static void
test_conditions (void)
{
  TableStandIn *table = table_stand_in_new ();
  json_auto_t *answer = NULL;

  write_row (table, 1, 1, 0);
  answer = call (table, CALL "TransactWriteItems", make_batch ("d#001", 2, 7), 400);
  g_assert_cmpstr (
      json_string_value (json_object_get (
          json_array_get (json_object_get (answer, "CancellationReasons"), 0), "Code")),
      ==, "ConditionalCheckFailed");
  call_only (table, CALL "TransactWriteItems", make_batch ("d#001", 2, 0), 400);
  g_assert_cmpuint (count_after (table, 0, 9), ==, 1);
  call_only (table, CALL "UpdateItem", json_object (), 400);
  call_only (table, CALL "Query", json_object (), 400);
  table_stand_in_free (table);
}

static guint
count_sockets (TableStandIn *table)
{
  json_auto_t *answer =
      call (table, CALL "Query",
            json_pack ("{s:s, s:{s:{s:s}, s:{s:s}}}", "KeyConditionExpression",
                       "pk = :pk AND begins_with(sk, :sk)", "ExpressionAttributeValues", ":pk", "S",
                       PK, ":sk", "S", "C#"),
            200);

  return (guint) json_array_size (json_object_get (answer, "Items"));
}

static void
test_sockets (void)
{
  TableStandIn *table = table_stand_in_new ();

  call_only (table, CALL "TransactWriteItems",
             json_pack ("{s:[{s:{s:o}}, {s:{s:o}}]}", "TransactItems", "Put", "Item",
                        rafilm_item_key (PK, "C#a"), "Put", "Item", rafilm_item_key (PK, "D#a")),
             200);
  g_assert_cmpuint (count_sockets (table), ==, 1);
  call_only (table, CALL "DeleteItem", json_pack ("{s:o}", "Key", rafilm_item_key (PK, "C#a")),
             200);
  g_assert_cmpuint (count_sockets (table), ==, 0);
  table_stand_in_free (table);
}

/* The records after one; what was read before is forgotten. */
static json_t *
read_stream (TableStandIn *table, const char *last)
{
  json_t *asked = json_object ();
  json_auto_t *iterator = NULL;
  json_t *records = NULL;

  if (last != NULL)
    json_object_set_new (asked, "SequenceNumber", json_string (last));
  iterator = call (table, STREAM "GetShardIterator", asked, 200);
  json_object_set_new (iterator, "Limit", json_integer (2));
  records = call (table, STREAM "GetRecords", json_incref (iterator), 200);
  return records;
}

static const json_t *
get_change (const json_t *answer, size_t i)
{
  return json_object_get (json_array_get (json_object_get (answer, "Records"), i), "dynamodb");
}

static void
test_stream (void)
{
  TableStandIn *table = table_stand_in_new ();
  json_auto_t *first = NULL;
  json_auto_t *rest = NULL;

  write_row (table, 1, 1, 0);
  write_row (table, 1, 2, 1);
  write_row (table, 2, 3, 0);
  first = read_stream (table, NULL);
  g_assert_cmpuint (json_array_size (json_object_get (first, "Records")), ==, 2);
  g_assert_null (json_object_get (get_change (first, 0), "OldImage"));
  g_assert_cmpint (
      rafilm_item_get_int (json_object_get (get_change (first, 1), "OldImage"), "q", 0), ==, 1);
  g_assert_cmpint (
      rafilm_item_get_int (json_object_get (get_change (first, 1), "NewImage"), "q", 0), ==, 2);
  rest = read_stream (
      table, json_string_value (json_object_get (get_change (first, 1), "SequenceNumber")));
  g_assert_cmpuint (json_array_size (json_object_get (rest, "Records")), ==, 1);
  g_assert_cmpstr (rafilm_item_get_text (json_object_get (get_change (rest, 0), "Keys"), "sk"), ==,
                   "d#002");
  table_stand_in_free (table);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/table-stand-in/index", test_index);
  g_test_add_func ("/bench/table-stand-in/back", test_back);
  g_test_add_func ("/bench/table-stand-in/conditions", test_conditions);
  g_test_add_func ("/bench/table-stand-in/sockets", test_sockets);
  g_test_add_func ("/bench/table-stand-in/stream", test_stream);
  return g_test_run ();
}
