/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules by which DynamoDB counts, with sizes reckoned by hand. */
#include "rafilm-capacity.h"

static JsonObject *
parse (const char *text)
{
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  return json_object_ref (json_node_get_object (node));
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *item;
    gsize size;
  } cases[] = {
    { "{}", 0 },
    { "{\"pk\":{\"S\":\"U#1\"}}", 5 },
    { "{\"n\":{\"N\":\"0\"}}", 2 },
    { "{\"n\":{\"N\":\"603\"}}", 4 },
    { "{\"n\":{\"N\":\"-603\"}}", 5 },
    { "{\"n\":{\"N\":\"0.0012\"}}", 3 },
    { "{\"b\":{\"BOOL\":true},\"z\":{\"NULL\":true}}", 4 },
    { "{\"dg\":{\"B\":\"AAECAw==\"}}", 6 },
    { "{\"m\":{\"M\":{}}}", 4 },
    { "{\"m\":{\"M\":{\"ab\":{\"S\":\"c\"}}}}", 8 },
    { "{\"l\":{\"L\":[{\"S\":\"ab\"},{\"N\":\"7\"}]}}", 10 },
    { "{\"s\":{\"SS\":[\"ab\",\"c\"]},\"ns\":{\"NS\":[\"12\"]}}", 8 },
    { "{\"\\u00e9\":{\"S\":\"\\u6771\"}}", 5 },
    { "{\"M\":{\"S\":\"x\"},\"L\":{\"S\":\"y\"}}", 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) item = parse (cases[i].item);

      g_test_message ("%s", cases[i].item);
      g_assert_cmpuint (rafilm_capacity_item_size (item), ==, cases[i].size);
    }
}

/* An item of about so many bytes, with a key of the index or without. */
static JsonObject *
make_item (gsize size, const char *q)
{
  g_autofree char *text = g_strnfill (size, 'x');
  g_autofree char *json =
      q != NULL ? g_strdup_printf ("{\"q\":{\"N\":\"%s\"},\"t\":{\"S\":\"%s\"}}", q, text)
                : g_strdup_printf ("{\"t\":{\"S\":\"%s\"}}", text);

  return parse (json);
}

static void
test_reads (void)
{
  g_autoptr (JsonObject) small = make_item (100, NULL);
  g_autoptr (JsonObject) large = make_item (4096, NULL);
  g_autoptr (JsonArray) page = json_array_new ();
  RafilmCapacity capacity = { 0 };

  rafilm_capacity_add_get (&capacity, NULL, FALSE, 1);
  g_assert_cmpfloat (capacity.reads, ==, 0.5);
  rafilm_capacity_add_get (&capacity, small, TRUE, 1);
  g_assert_cmpfloat (capacity.reads, ==, 1.5);
  rafilm_capacity_add_get (&capacity, large, TRUE, 2);
  g_assert_cmpfloat (capacity.reads, ==, 5.5);

  /* 50 items of 101 bytes are 5050 bytes: two units, not fifty. */
  for (int i = 0; i < 50; i++)
    json_array_add_object_element (page, json_object_ref (small));
  capacity = (RafilmCapacity) { 0 };
  rafilm_capacity_add_query (&capacity, page, TRUE);
  g_assert_cmpfloat (capacity.reads, ==, 2);
  rafilm_capacity_add_query (&capacity, NULL, FALSE);
  g_assert_cmpfloat (capacity.reads, ==, 2.5);
  g_assert_cmpfloat (capacity.writes, ==, 0);
}

static double
write_units (JsonObject *before, JsonObject *after, int times)
{
  RafilmCapacity capacity = { 0 };

  rafilm_capacity_add_write (&capacity, before, after, times);
  return capacity.writes;
}

static void
test_writes (void)
{
  g_autoptr (JsonObject) meta = make_item (500, NULL);
  g_autoptr (JsonObject) row = make_item (500, "5");
  g_autoptr (JsonObject) moved = make_item (500, "6");
  g_autoptr (JsonObject) grown = make_item (1500, "6");

  g_assert_cmpfloat (write_units (NULL, meta, 1), ==, 1);
  g_assert_cmpfloat (write_units (NULL, NULL, 1), ==, 1);
  g_assert_cmpfloat (write_units (NULL, row, 1), ==, 2);
  g_assert_cmpfloat (write_units (row, NULL, 1), ==, 2);
  g_assert_cmpfloat (write_units (row, moved, 1), ==, 3);
  g_assert_cmpfloat (write_units (row, moved, 2), ==, 6);
  g_assert_cmpfloat (write_units (moved, grown, 1), ==, 4);
  g_assert_cmpfloat (write_units (row, grown, 1), ==, 5);
  g_assert_cmpfloat (write_units (row, row, 1), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bench/capacity/sizes", test_sizes);
  g_test_add_func ("/bench/capacity/reads", test_reads);
  g_test_add_func ("/bench/capacity/writes", test_writes);
  return g_test_run ();
}
