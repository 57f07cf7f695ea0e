/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-fixture.h"

#include "rafilm-time.h"

static CloudFixture *fixture;

static json_t *
make_item (const char *pk, const char *sk, int64_t value)
{
  json_t *item = rafilm_item_key (pk, sk);

  rafilm_item_set_int (item, "value", value);
  return item;
}

static void
test_put_and_get (void)
{
  RafilmDynamodb *dynamodb = fixture->context->dynamodb;
  json_auto_t *item = make_item ("U#a", "M", 7), *found = NULL, *absent = NULL;
  json_auto_t *nested =
      json_pack ("{s:[i,f,n], s:{s:b}, s:s}", "list", 1, 2.5, "map", "yes", 1, "empty", "");
  json_auto_t *read = NULL;

  rafilm_item_set_json (item, "f", nested);
  json_object_set_new (item, "dg", rafilm_attribute_bytes ("\0\1\2\xff", 4));
  g_assert_cmpint (rafilm_dynamodb_put_item (dynamodb, item, NULL, NULL, NULL), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_dynamodb_get_item (dynamodb, "U#a", "M", true, &found), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_item_get_int (found, "value", 0), ==, 7);
  read = rafilm_item_get_json (found, "f");
  g_assert_true (json_equal (read, nested));
  {
    size_t length = 0;
    g_autofree unsigned char *bytes = rafilm_item_get_bytes (found, "dg", &length);

    g_assert_cmpmem (bytes, length, "\0\1\2\xff", 4);
  }

  g_assert_cmpint (rafilm_dynamodb_get_item (dynamodb, "U#a", "none", true, &absent), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_null (absent);
}

static void
test_conditions (void)
{
  RafilmDynamodb *dynamodb = fixture->context->dynamodb;
  json_auto_t *item = make_item ("U#c", "M", 1), *after = NULL;
  json_auto_t *values =
      json_pack ("{s:o, s:o}", ":v", rafilm_attribute_int (2), ":v0", rafilm_attribute_int (1));
  json_auto_t *names = json_pack ("{s:s}", "#v", "value");

  g_assert_cmpint (
      rafilm_dynamodb_put_item (dynamodb, item, "attribute_not_exists(pk)", NULL, NULL), ==,
      RAFILM_DYNAMODB_OK);
  g_assert_cmpint (
      rafilm_dynamodb_put_item (dynamodb, item, "attribute_not_exists(pk)", NULL, NULL), ==,
      RAFILM_DYNAMODB_CONDITION_FAILED);
  g_assert_cmpint (rafilm_dynamodb_update_item (dynamodb, "U#c", "M", "SET #v = :v", "#v = :v0",
                                                names, values, &after),
                   ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_item_get_int (after, "value", 0), ==, 2);
  g_assert_cmpint (rafilm_dynamodb_update_item (dynamodb, "U#c", "M", "SET #v = :v", "#v = :v0",
                                                names, values, NULL),
                   ==, RAFILM_DYNAMODB_CONDITION_FAILED);
  g_assert_cmpint (rafilm_dynamodb_delete_item (dynamodb, "U#c", "M"), ==, RAFILM_DYNAMODB_OK);
}

static void
test_transactions (void)
{
  RafilmDynamodb *dynamodb = fixture->context->dynamodb;
  json_auto_t *actions = json_pack (
      "[{s:{s:o,s:s}}, {s:{s:o}}]", "Put", "Item", make_item ("U#t", "M", 1), "ConditionExpression",
      "attribute_not_exists(pk)", "Put", "Item", make_item ("U#t", "d#1", 2));
  json_auto_t *reasons = NULL, *other = NULL, *found = NULL;

  g_assert_cmpint (rafilm_dynamodb_transact (dynamodb, actions, NULL, &reasons), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_null (reasons);

  /* The second time the condition fails, and nothing of it is done. */
  other = json_pack ("[{s:{s:o,s:s}}, {s:{s:o}}]", "Put", "Item", make_item ("U#t", "M", 5),
                     "ConditionExpression", "attribute_not_exists(pk)", "Put", "Item",
                     make_item ("U#t", "d#1", 9));
  g_assert_cmpint (rafilm_dynamodb_transact (dynamodb, other, NULL, &reasons), ==,
                   RAFILM_DYNAMODB_CANCELLED);
  cloud_assert_json (reasons, "0", "ConditionalCheckFailed");
  cloud_assert_json (reasons, "1", "None");
  g_assert_cmpint (rafilm_dynamodb_get_item (dynamodb, "U#t", "d#1", true, &found), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_item_get_int (found, "value", 0), ==, 2);
}

static void
test_many (void)
{
  RafilmDynamodb *dynamodb = fixture->context->dynamodb;
  json_auto_t *keys = json_array (), *items = NULL, *query = NULL, *answer = NULL;

  for (int i = 0; i < 130; i++)
    {
      g_autofree char *sk = g_strdup_printf ("d#%03d", i);
      json_auto_t *item = make_item ("U#m", sk, i);

      rafilm_item_set_int (item, "q", i);
      g_assert_cmpint (rafilm_dynamodb_put_item (dynamodb, item, NULL, NULL, NULL), ==,
                       RAFILM_DYNAMODB_OK);
      json_array_append_new (keys, rafilm_item_key ("U#m", sk));
    }
  json_array_append_new (keys, rafilm_item_key ("U#m", "absent"));
  g_assert_cmpint (rafilm_dynamodb_batch_get (dynamodb, keys, true, &items), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpuint (json_array_size (items), ==, 130);

  query = json_pack ("{s:s, s:s, s:o, s:b, s:i}", "IndexName", "bySeq", "KeyConditionExpression",
                     "pk = :pk AND q > :q", "ExpressionAttributeValues",
                     json_pack ("{s:o, s:o}", ":pk", rafilm_attribute_text ("U#m"), ":q",
                                rafilm_attribute_int (99)),
                     "ConsistentRead", 1, "Limit", 10);
  g_assert_cmpint (rafilm_dynamodb_query (dynamodb, query, &answer), ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpuint (json_array_size (json_object_get (answer, "Items")), ==, 10);
  cloud_assert_json (answer, "Items.0.value.N", "100");
  g_assert_nonnull (json_object_get (answer, "LastEvaluatedKey"));
}

static void
test_mistake (void)
{
  json_auto_t *query = json_pack ("{s:s}", "KeyConditionExpression", "pk ~ 1");

  g_assert_cmpint (rafilm_dynamodb_query (fixture->context->dynamodb, query, NULL), ==,
                   RAFILM_DYNAMODB_INVALID);
}

static void
test_sockets (void)
{
  RafilmConnections *connections = fixture->context->connections;
  RafilmConnection found;
  int64_t now = rafilm_time_now ();

  g_assert_cmpint (rafilm_connections_add (connections, "Xy12=", "u1", "k7Qm2xPa", now + 900, now),
                   ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_connections_find (connections, "Xy12=", &found), ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpstr (found.uid, ==, "u1");
  g_assert_cmpint (found.exp, ==, now + 900);
  rafilm_connection_clear (&found);

  g_assert_cmpint (rafilm_connections_remove (connections, "Xy12="), ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_connections_find (connections, "Xy12=", &found), ==, RAFILM_DYNAMODB_OK);
  g_assert_null (found.uid);

  /* A row whose time is over does not count, though DynamoDB has not deleted it yet. */
  g_assert_cmpint (rafilm_connections_add (connections, "old", "u1", "", now - 90000, now - 90000),
                   ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_connections_find (connections, "old", &found), ==, RAFILM_DYNAMODB_OK);
  g_assert_null (found.uid);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  fixture = cloud_fixture_new ();
  g_test_add_func ("/cloud/dynamodb/put-and-get", test_put_and_get);
  g_test_add_func ("/cloud/dynamodb/conditions", test_conditions);
  g_test_add_func ("/cloud/dynamodb/transactions", test_transactions);
  g_test_add_func ("/cloud/dynamodb/many", test_many);
  g_test_add_func ("/cloud/dynamodb/mistake", test_mistake);
  g_test_add_func ("/cloud/connections/rows", test_sockets);
  result = g_test_run ();
  g_clear_pointer (&fixture, cloud_fixture_free);
  return result;
}
