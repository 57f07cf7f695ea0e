/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The simulation's table against an emulator of DynamoDB: the same random calls to both, as the
 * function of synchronisation makes them, and the same answers: items, pages, conditions that
 * hold or fail, the reasons of cancelled transactions. The seed is printed; RAFILM_TEST_SEED
 * replays it. */

#include "cloud-fixture.h"
#include "sim-random.h"
#include "sim-table.h"

#define CALLS 400
#define RECORDS 12
#define PK "U#table"

typedef struct
{
  SimTable *fake;
  RafilmDynamodb *real;
  gint64 version; /* of META, as far as it is known */
  gint64 head;
  gint64 q[RECORDS]; /* of each row; 0 = it is not there */
  guint met[6];      /* how often each kind of answer was met, so that none is missing */
} Pair;

enum
{
  MET_ITEM,
  MET_NOTHING,
  MET_DONE,
  MET_REFUSED,
  MET_CANCELLED,
  MET_PAGES,
};

static char *
make_name (guint record)
{
  return g_strdup_printf ("d#%02u", record);
}

/* Dynamic strings of JSON that differ are easier read than a failed comparison. */
static void
assert_same (const json_t *fake, const json_t *real)
{
  g_autofree char *one = fake != NULL ? json_dumps (fake, JSON_SORT_KEYS) : NULL;
  g_autofree char *other = real != NULL ? json_dumps (real, JSON_SORT_KEYS) : NULL;

  g_assert_cmpstr (one, ==, other);
}

/* One name more than there are records: that one is never there. */
static void
compare_get (Pair *self)
{
  g_autofree char *name =
      sim_random_strikes (200) ? g_strdup ("M") : make_name ((guint) sim_random_pick (RECORDS + 1));
  json_auto_t *fake = NULL;
  json_auto_t *real = NULL;

  g_assert_cmpint (sim_table_get (self->fake, PK, name, &fake), ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_dynamodb_get_item (self->real, PK, name, true, &real), ==,
                   RAFILM_DYNAMODB_OK);
  assert_same (fake, real);
  self->met[fake != NULL ? MET_ITEM : MET_NOTHING]++;
}

/* The items of a batch come in no order. */
static json_t *
by_name (const json_t *items)
{
  json_t *object = json_object ();

  for (size_t i = 0; i < json_array_size (items); i++)
    json_object_set (object, rafilm_item_get_text (json_array_get (items, i), "sk"),
                     json_array_get (items, i));
  return object;
}

static void
compare_batch_get (Pair *self)
{
  json_auto_t *keys = json_array ();
  json_auto_t *fake = NULL;
  json_auto_t *real = NULL;
  json_auto_t *one = NULL;
  json_auto_t *other = NULL;

  for (guint i = 0; i < RECORDS; i++)
    if (i == 0 || sim_random_strikes (500))
      {
        g_autofree char *name = make_name (i);

        json_array_append_new (keys, rafilm_item_key (PK, name));
      }
  g_assert_cmpint (sim_table_batch_get (self->fake, keys, &fake), ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (rafilm_dynamodb_batch_get (self->real, keys, true, &real), ==,
                   RAFILM_DYNAMODB_OK);
  one = by_name (fake);
  other = by_name (real);
  assert_same (one, other);
}

static json_t *
make_meta (void)
{
  json_t *item = rafilm_item_key (PK, "M");
  json_auto_t *devices = json_object ();
  json_auto_t *none = json_object ();

  rafilm_item_set_int (item, "v", 1);
  rafilm_item_set_text (item, "e", "e_1");
  rafilm_item_set_int (item, "h", 0);
  rafilm_item_set_json (item, "dv", devices);
  rafilm_item_set_json (item, "ct", none);
  json_object_set_new (item, "dg", rafilm_attribute_bytes ("0123456789abcdef", 16));
  return item;
}

static void
compare_put_new (Pair *self)
{
  json_auto_t *item = make_meta ();
  RafilmDynamodbStatus fake = sim_table_put_new (self->fake, item);
  RafilmDynamodbStatus real =
      rafilm_dynamodb_put_item (self->real, item, "attribute_not_exists(pk)", NULL, NULL);

  g_assert_cmpint (fake, ==, real);
  self->met[fake == RAFILM_DYNAMODB_OK ? MET_DONE : MET_REFUSED]++;
}

/* META as sync-meta.c updates it; the condition holds unless `wrong`. */
static json_t *
make_update (Pair *self, gboolean wrong)
{
  int number = sim_random_pick (4);
  g_autofree char *dev = g_strdup_printf ("dev%d", number);
  g_autofree char *old = g_strdup_printf ("dev%d", (number + 1) % 4);
  gboolean removes = sim_random_strikes (300);
  json_auto_t *record = json_pack ("{s:i, s:s, s:{}}", "n", sim_random_pick (100), "b", "b_1", "r");
  json_auto_t *counts = json_pack ("{s:i}", "d", sim_random_pick (100));
  json_t *names = json_pack ("{s:s}", "#d", dev);
  json_t *values = json_object ();

  rafilm_item_set_int (values, ":v0", self->version + (wrong ? 1 : 0));
  rafilm_item_set_text (values, ":e", "e_1");
  rafilm_item_set_int (values, ":v", self->version + 1);
  rafilm_item_set_int (values, ":h", self->head + 1);
  rafilm_item_set_int (values, ":hc", 2);
  json_object_set_new (values, ":dg", rafilm_attribute_bytes ("fedcba9876543210", 16));
  rafilm_item_set_json (values, ":ct", counts);
  rafilm_item_set_json (values, ":d", record);
  if (removes)
    json_object_set_new (names, "#r0", json_string (old));
  return json_pack ("{s:{s:o, s:s, s:s, s:o, s:o}}", "Update", "Key", rafilm_item_key (PK, "M"),
                    "UpdateExpression",
                    removes ? "SET v = :v, h = :h, hc = :hc, dg = :dg, ct = :ct, dv.#d = :d"
                              " REMOVE dv.#r0"
                            : "SET v = :v, h = :h, hc = :hc, dg = :dg, ct = :ct, dv.#d = :d",
                    "ConditionExpression", "v = :v0 AND e = :e", "ExpressionAttributeNames", names,
                    "ExpressionAttributeValues", values);
}

/* A row as sync-plan.c puts it; the condition holds unless `wrong`. */
static json_t *
make_put (Pair *self, guint record, gboolean wrong)
{
  g_autofree char *name = make_name (record);
  json_auto_t *fields = json_pack ("{s:i, s:s, s:b, s:n}", "rating", sim_random_pick (11), "rv",
                                   "Größer \"als\" 😀", "liked", 1, "on");
  json_t *item = rafilm_item_key (PK, name);
  json_t *values;
  gboolean is_new = (self->q[record] == 0) != wrong;

  rafilm_item_set_int (item, "q", self->head + 1);
  rafilm_item_set_json (item, "f", fields);
  rafilm_item_set_bool (item, "x", sim_random_strikes (200));
  if (is_new)
    return json_pack ("{s:{s:o, s:s}}", "Put", "Item", item, "ConditionExpression",
                      "attribute_not_exists(pk)");
  values = json_object ();
  rafilm_item_set_int (values, ":q", self->q[record] > 0 && !wrong ? self->q[record] : 999999);
  return json_pack ("{s:{s:o, s:s, s:o}}", "Put", "Item", item, "ConditionExpression", "q = :q",
                    "ExpressionAttributeValues", values);
}

static void
compare_transact (Pair *self)
{
  g_autofree char *token = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", sim_random_next ());
  guint8 chosen[RECORDS] = { 0 };
  json_auto_t *actions = json_pack ("[o]", make_update (self, sim_random_strikes (120)));
  json_auto_t *fake_reasons = NULL;
  json_auto_t *real_reasons = NULL;
  RafilmDynamodbStatus fake;

  for (guint i = 0; i < RECORDS; i++)
    if (sim_random_strikes (250))
      {
        json_array_append_new (actions, make_put (self, i, sim_random_strikes (60)));
        chosen[i] = 1;
      }
  fake = sim_table_transact (self->fake, actions, token, &fake_reasons);
  g_assert_cmpint (rafilm_dynamodb_transact (self->real, actions, token, &real_reasons), ==, fake);
  assert_same (fake_reasons, real_reasons);
  self->met[fake == RAFILM_DYNAMODB_OK ? MET_DONE : MET_CANCELLED]++;
  if (fake != RAFILM_DYNAMODB_OK)
    return;
  self->version++;
  self->head++;
  for (guint i = 0; i < RECORDS; i++)
    self->q[i] = chosen[i] ? self->head : self->q[i];
}

static json_t *
make_query (gint64 cursor, guint limit, gboolean back, const json_t *start)
{
  json_t *values = json_object ();
  json_t *query;

  rafilm_item_set_text (values, ":pk", PK);
  rafilm_item_set_int (values, ":q", cursor);
  query =
      json_pack ("{s:s, s:s, s:o, s:b, s:i}", "IndexName", "bySeq", "KeyConditionExpression",
                 back ? "pk = :pk AND q <= :q" : "pk = :pk AND q > :q", "ExpressionAttributeValues",
                 values, "ConsistentRead", 1, "Limit", (int) limit);
  if (back)
    json_object_set_new (query, "ScanIndexForward", json_false ());
  if (start != NULL)
    json_object_set (query, "ExclusiveStartKey", (json_t *) start);
  return query;
}

/* All pages, as one list of items. Where a page is full and the last one, either service may say
 * that there could be more. */
static json_t *
read_pages (Pair *self, gboolean fake, gint64 cursor, guint limit, gboolean back)
{
  json_t *items = json_array ();
  json_auto_t *start = NULL;

  do
    {
      json_auto_t *query = make_query (cursor, limit, back, start);
      json_auto_t *answer = NULL;

      g_assert_cmpint (fake ? sim_table_query (self->fake, query, &answer)
                            : rafilm_dynamodb_query (self->real, query, &answer),
                       ==, RAFILM_DYNAMODB_OK);
      g_assert_cmpuint (json_array_size (json_object_get (answer, "Items")), <=, limit);
      json_array_extend (items, json_object_get (answer, "Items"));
      json_decref (start);
      start = json_incref (json_object_get (answer, "LastEvaluatedKey"));
      self->met[MET_PAGES] += start != NULL;
    }
  while (start != NULL);
  return items;
}

static void
compare_query (Pair *self)
{
  gint64 cursor = sim_random_pick ((int) self->head + 2) - 1;
  guint limit = (guint) (1 + sim_random_pick (RECORDS + 2));
  gboolean back = sim_random_pick (3) == 0;
  json_auto_t *fake = read_pages (self, TRUE, cursor, limit, back);
  json_auto_t *real = read_pages (self, FALSE, cursor, limit, back);

  assert_same (fake, real);
}

static void
compare_once (Pair *self)
{
  int what = sim_random_pick (100);

  if (what < 15)
    compare_get (self);
  else if (what < 25)
    compare_batch_get (self);
  else if (what < 30)
    compare_put_new (self);
  else if (what < 75)
    compare_transact (self);
  else
    compare_query (self);
}

static void
test_same_answers (gconstpointer data)
{
  const CloudFixture *fixture = data;
  const char *text = g_getenv ("RAFILM_TEST_SEED");
  guint64 seed = text != NULL ? g_ascii_strtoull (text, NULL, 10) : g_random_int ();
  Pair pair = { .version = 1 };

  g_test_message ("RAFILM_TEST_SEED=%" G_GUINT64_FORMAT, seed);
  pair.fake = sim_table_new ();
  pair.real = fixture->context->dynamodb;
  sim_random_begin_step (seed, 0);
  for (guint i = 0; i < CALLS; i++)
    compare_once (&pair);
  for (guint i = 0; i < G_N_ELEMENTS (pair.met); i++)
    g_assert_cmpuint (pair.met[i], >, 0);
  sim_table_free (pair.fake);
}

int
main (int argc, char **argv)
{
  CloudFixture *fixture;
  int result;

  g_test_init (&argc, &argv, NULL);
  fixture = cloud_fixture_new ();
  g_test_add_data_func ("/sim/table/same-answers", fixture, test_same_answers);
  result = g_test_run ();
  g_clear_pointer (&fixture, cloud_fixture_free);
  return result;
}
