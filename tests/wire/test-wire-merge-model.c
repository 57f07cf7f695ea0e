/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

#include <gio/gio.h>

#include "rafilm-test.h"

#define CASES 20000

/* Random rows and operations are merged here and by merge-model.py, the same rules written a second
 * time; any difference fails. Clocks and sequence numbers come from small ranges, so that ties and
 * all orders are met. */

static const char *const devices[] = { DEV_A, DEV_B, DEV_C };

static guint64
random_h (GRand *rand)
{
  return H (g_rand_int_range (rand, 0, 12)) + (guint64) g_rand_int_range (rand, 0, 2);
}

static RafilmWireStamp
random_stamp (GRand *rand)
{
  RafilmWireStamp stamp = { .fseq = g_rand_int_range (rand, 1, 9),
                            .h = random_h (rand),
                            .n = g_rand_int_range (rand, 1, 5) };

  g_strlcpy (stamp.dev, devices[g_rand_int_range (rand, 0, 3)], sizeof stamp.dev);
  return stamp;
}

static RafilmWireValue
random_prose (GRand *rand, gboolean review)
{
  const char *const texts[] = { "", "Old", "New" };
  const char *text = texts[g_rand_int_range (rand, 0, 3)];

  if (g_rand_int_range (rand, 0, 5) == 0)
    return rafilm_wire_null ();
  if (review)
    return rafilm_wire_review (text, g_rand_int_range (rand, 0, 4) == 0, NULL);
  return rafilm_wire_text (text);
}

static void
random_fields (GRand *rand, const char *kind, double share, RafilmWireFields *fields)
{
  gboolean viewing = g_str_equal (kind, "d");
  const char *const *names = viewing
                                 ? (const char *[]) { "film", "rating", "rv", "tag:plane", NULL }
                                 : (const char *[]) { "on", "note", NULL };

  for (; *names != NULL; names++)
    {
      RafilmWireStamp stamp = random_stamp (rand);
      RafilmWireValue value;

      if (g_rand_double (rand) >= share)
        continue;
      if (g_str_equal (*names, "rv") || g_str_equal (*names, "note"))
        value = random_prose (rand, viewing);
      else if (g_str_equal (*names, "film") || g_str_equal (*names, "rating"))
        value = rafilm_wire_int (g_rand_int_range (rand, 1, 4));
      else
        value = rafilm_wire_bool (g_rand_boolean (rand));
      rafilm_wire_fields_take (fields, *names, value, &stamp);
    }
}

static RafilmWireRow *
random_row (GRand *rand, const char *kind, const char *id)
{
  RafilmWireRow *row = rafilm_wire_row_new (kind, id);
  RafilmWireStamp stamp = random_stamp (rand);

  if (g_rand_int_range (rand, 0, 6) == 0)
    return row;
  random_fields (rand, kind, 0.8, &row->fields);
  if (g_rand_int_range (rand, 0, 3) == 0)
    rafilm_wire_fields_take (&row->fields, "x",
                             rafilm_wire_bool (g_rand_int_range (rand, 0, 4) != 0), &stamp);
  if (rafilm_wire_row_is_deleted (row) && g_rand_int_range (rand, 0, 3) == 0)
    {
      rafilm_wire_fields_clear (&row->fields);
      rafilm_wire_fields_take (&row->fields, "x", rafilm_wire_bool (true), &stamp);
      row->purged = true;
    }
  if (row->fields.n_items > 0)
    row->q = 8;
  return row;
}

static RafilmWireOp *
random_op (GRand *rand, const char *kind, const char *id)
{
  RafilmWireOp *op = rafilm_wire_op_new (g_rand_int_range (rand, 6, 9), kind, id);
  RafilmWireStamp stamp = random_stamp (rand);

  op->base = g_rand_int_range (rand, 0, 9);
  op->full = g_rand_boolean (rand);
  op->recovery = g_rand_int_range (rand, 0, 6) == 0;
  random_fields (rand, kind, 0.5, &op->set);
  if (!op->recovery && g_rand_int_range (rand, 0, 4) == 0)
    {
      rafilm_wire_fields_clear (&op->set);
      rafilm_wire_fields_take (&op->set, "x", rafilm_wire_bool (true), &stamp);
    }
  else if (g_rand_int_range (rand, 0, 8) == 0)
    rafilm_wire_fields_take (&op->set, "x", rafilm_wire_bool (op->recovery), &stamp);
  if (!op->recovery && op->full && g_rand_boolean (rand))
    random_fields (rand, kind, 0.5, &op->fill);
  return op;
}

static JsonNode *
copies_to_json (const RafilmWireMerge *merge)
{
  JsonArray *copies = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (size_t i = 0; i < merge->n_copies; i++)
    {
      JsonArray *copy = json_array_new ();

      json_array_add_string_element (copy, merge->copies[i].field);
      json_array_add_element (copy, rafilm_wire_value_to_json (&merge->copies[i].value));
      json_array_add_string_element (copy, merge->copies[i].stamp.dev);
      json_array_add_int_element (copy, merge->copies[i].stamp.n);
      json_array_add_array_element (copies, copy);
    }
  json_node_take_array (node, copies);
  return node;
}

static char *
run_case (GRand *rand, guint *verdicts)
{
  gboolean viewing = g_rand_boolean (rand);
  const char *kind = viewing ? "d" : "w";
  const char *id = viewing ? "a" : "603";
  g_autoptr (RafilmWireRow) row = random_row (rand, kind, id);
  g_autoptr (RafilmWireOp) op = random_op (rand, kind, id);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  RafilmWireMergeContext context = { .dev = devices[g_rand_int_range (rand, 0, 3)],
                                     .seq = 9,
                                     .sender_ms = MS (g_rand_int_range (rand, -3, 3)),
                                     .server_ms = MS (8) };
  JsonObject *object = json_object_new ();
  JsonObject *result = json_object_new ();
  RafilmWireMerge merge;

  if (op->set.n_items == 0)
    {
      RafilmWireStamp stamp = random_stamp (rand);

      rafilm_wire_fields_take (&op->set, viewing ? "liked" : "on", rafilm_wire_bool (true), &stamp);
    }
  g_assert_cmpstr (rafilm_wire_op_check (op), ==, NULL);
  if (row->q == 0)
    json_object_set_null_member (object, "row");
  else
    json_object_set_member (object, "row", rafilm_wire_row_to_json (row));
  json_object_set_member (object, "op", rafilm_wire_op_to_json (op));
  json_object_set_string_member (object, "dev", context.dev);
  json_object_set_int_member (object, "seq", context.seq);
  json_object_set_int_member (object, "sender", context.sender_ms);
  json_object_set_int_member (object, "server", context.server_ms);

  rafilm_wire_merge (row, op, &context, &merge);
  verdicts[merge.verdict]++;
  json_object_set_string_member (result, "verdict", rafilm_wire_verdict_to_text (merge.verdict));
  json_object_set_boolean_member (result, "changed", merge.changed);
  json_object_set_member (result, "row", rafilm_wire_row_to_json (row));
  json_object_set_member (result, "copies", copies_to_json (&merge));
  json_object_set_object_member (object, "result", result);
  rafilm_wire_merge_clear (&merge);
  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

static void
test_model (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());
  g_autoptr (GString) cases = g_string_new (NULL);
  g_autoptr (GSubprocess) judge = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  g_autofree char *difference = NULL;
  guint verdicts[RAFILM_WIRE_BAD + 1] = { 0 };

  for (guint i = 0; i < CASES; i++)
    {
      g_autofree char *line = run_case (rand, verdicts);

      g_string_append (cases, line);
      g_string_append_c (cases, '\n');
    }
  for (guint i = 0; i < RAFILM_WIRE_BAD; i++)
    g_assert_cmpuint (verdicts[i], >, CASES / 200);

  judge = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                            &error, "python3", MODEL, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (judge, cases->str, NULL, &said, &difference, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (difference, ==, "");
  g_assert_true (g_subprocess_get_successful (judge));
  g_assert_cmpint (g_ascii_strtoll (said, NULL, 10), ==, CASES);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/wire/merge-model/random", test_model);

  return g_test_run ();
}
