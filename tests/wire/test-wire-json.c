/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

#include "rafilm-error.h"

static void
assert_row_survives (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_from_text (text, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = rafilm_wire_row_to_text (row);
  g_assert_cmpstr (again, ==, text);
}

static void
assert_op_survives (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmWireOp) op = rafilm_wire_op_from_text (text, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = rafilm_wire_op_to_text (op);
  g_assert_cmpstr (again, ==, text);
}

static void
test_rows (void)
{
  assert_row_survives ("{\"k\":\"d\",\"id\":\"Vn3k\",\"q\":1043,\"f\":{\"film\":603,\"on\":null,"
                       "\"rating\":8,\"rv\":\"Saw it again…\",\"tag:plane\":true},"
                       "\"s\":{\"\":\"1.019b7d3a1c7b0000.k7Qm2xPa.211\","
                       "\"rv\":\"1043.019b7d3a1c7b0001.k7Qm2xPa.212\"}}");
  assert_row_survives (
      "{\"k\":\"d\",\"id\":\"Vn3k\",\"q\":7,\"f\":{\"rv\":{\"text\":\"He \\\"dies\\\"\","
      "\"spoiler\":true,\"lang\":\"en\"}},"
      "\"s\":{\"\":\"7.019b7d3a1c7b0000.k7Qm2xPa\"},\"x\":false}");
  assert_row_survives ("{\"k\":\"d\",\"id\":\"Vn3k\",\"q\":9,\"f\":{},"
                       "\"s\":{\"\":\"9.019b7d3a1c7b0000.k7Qm2xPa.3\"},\"x\":true,\"c\":true}");
}

static void
test_unknown (void)
{
  /* A kind, fields and values of a newer schema. */
  assert_row_survives (
      "{\"k\":\"zz\",\"id\":\"a:b/c\",\"q\":1,\"f\":{\"a\":1,\"b\":[1,2.5,{\"c\":null}],"
      "\"d\":\"t\",\"e\":null},\"s\":{\"\":\"1.019b7d3a1c7b0000.k7Qm2xPa\"},"
      "\"x\":true}");
  assert_row_survives (
      "{\"k\":\"d\",\"id\":\"Vn3k\",\"q\":1,\"f\":{\"mood\":{\"z\":[],\"a\":\"é\\n\"},"
      "\"rating\":\"four\",\"rv\":{\"text\":\"t\",\"mood\":[true]}},"
      "\"s\":{\"\":\"1.019b7d3a1c7b0000.k7Qm2xPa\"}}");
}

/* Texts of JSON that the table doesn't know come out byte by byte. */
static void
test_raw_bytes (void)
{
  const char *texts[] = {
    "0",      "-1",     "9223372036854775807", "0.5",  "\"\"", "\"\\u0001\\t\\\\\\\"\"", "[]", "{}",
    "[[[]]]", "\"🎬\"", "{\"b\":1,\"a\":2}",   "true", "null"
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (texts[i], NULL);
      g_auto (RafilmWireValue) value = rafilm_wire_value_from_json (NULL, node);
      g_autoptr (JsonNode) again = NULL;
      g_autofree char *text = NULL;

      g_assert_cmpint (value.type, ==, RAFILM_WIRE_RAW);
      g_assert_cmpstr (value.text, ==, texts[i]);
      again = rafilm_wire_value_to_json (&value);
      text = json_to_string (again, FALSE);
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

/* A real number may be spelled otherwise the first time, never after that. */
static void
test_raw_reals (void)
{
  const char *texts[] = { "1.5e300", "0.1", "1E-7", "-2.50", "3.0" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (texts[i], NULL);
      g_auto (RafilmWireValue) value = rafilm_wire_value_from_json (NULL, node);
      g_autoptr (JsonNode) again = rafilm_wire_value_to_json (&value);
      g_auto (RafilmWireValue) second = rafilm_wire_value_from_json (NULL, again);

      g_assert_cmpfloat (json_node_get_double (again), ==, g_ascii_strtod (texts[i], NULL));
      g_assert_true (rafilm_wire_value_equal (&value, &second));
    }
}

static void
test_ops (void)
{
  assert_op_survives ("{\"n\":211,\"k\":\"d\",\"id\":\"Vn3k\",\"base\":0,\"full\":true,"
                      "\"h\":\"019b7d3a1c7b0000\",\"set\":{\"film\":603,\"on\":\"2026-01-02\","
                      "\"rating\":8,\"rewatch\":false}}");
  assert_op_survives ("{\"n\":212,\"k\":\"d\",\"id\":\"Qz81\",\"base\":998,"
                      "\"h\":{\"rating\":\"019b7d3a1f000000\",\"rv\":\"019b7d3a2b110000\"},"
                      "\"set\":{\"rating\":9,\"rv\":\"Saw it again\"}}");
  assert_op_survives ("{\"n\":213,\"k\":\"d\",\"id\":\"Qz81\",\"base\":998,"
                      "\"h\":\"019b7d3a2b110000\",\"set\":{},\"x\":true}");
  assert_op_survives ("{\"n\":214,\"k\":\"d\",\"id\":\"Qz81\",\"base\":998,\"full\":true,"
                      "\"h\":\"019b7d3a2b110000\",\"set\":{\"rating\":1},"
                      "\"fill\":{\"film\":603,\"rv\":\"t\"}}");
  assert_op_survives ("{\"n\":1,\"k\":\"d\",\"id\":\"Qz81\",\"base\":0,\"full\":true,"
                      "\"s\":{\"\":\"7.019b7d3a2b110000.k7Qm2xPa.9\","
                      "\"rating\":\"8.019b7d3a2b110000.k7Qm2xPa.10\"},"
                      "\"set\":{\"film\":603,\"on\":null,\"rating\":9},\"x\":false}");
}

static void
test_clock_of_each_field (void)
{
  g_autoptr (RafilmWireOp) op = NULL;

  op = rafilm_wire_op_from_text (
      "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,"
      "\"h\":{\"rating\":\"000000000000000a\",\"x\":\"000000000000000b\"},"
      "\"set\":{\"rating\":9},\"x\":false}",
      NULL);
  g_assert_cmpuint (rafilm_wire_fields_get (&op->set, "rating")->stamp.h, ==, 10);
  g_assert_cmpuint (rafilm_wire_fields_get (&op->set, "x")->stamp.h, ==, 11);
}

static void
test_malformed (void)
{
  const char *rows[] = {
    "",
    "[]",
    "null",
    "{\"k\":\"d\"}",
    "{\"k\":\"d\",\"id\":\"a\",\"f\":{}}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":-1,\"f\":{}}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1.5,\"f\":{}}",
    "{\"k\":\"d\",\"id\":\"\",\"q\":1,\"f\":{}}",
    "{\"k\":\"d\",\"id\":\"a b\",\"q\":1,\"f\":{}}",
    "{\"k\":\"\",\"id\":\"a\",\"q\":1,\"f\":{}}",
    "{\"k\":7,\"id\":\"a\",\"q\":1,\"f\":{}}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":[]}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":{\"x\":true}}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":{\"\":true}}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":{},\"x\":1}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":{},\"c\":\"yes\"}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":{\"film\":1},\"s\":{\"\":\"1.2.3\"}}",
    "{\"k\":\"d\",\"id\":\"a\",\"q\":1,\"f\":{\"film\":1},\"s\":{\"film\":3}}",
  };
  const char *ops[] = {
    "",
    "7",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\"}",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"set\":{\"film\":1}}",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"h\":\"1\",\"set\":{\"film\":1}}",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"h\":{},\"set\":{\"film\":1}}",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"h\":\"019b7d3a2b110000\",\"set\":{\"x\":true}}",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"h\":\"019b7d3a2b110000\",\"set\":1}",
    "{\"n\":-1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"h\":\"019b7d3a2b110000\",\"set\":{}}",
    "{\"n\":1,\"k\":\"d\",\"id\":\"a\",\"base\":0,\"s\":{\"\":5},\"set\":{\"film\":1}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", rows[i]);
      g_assert_null (rafilm_wire_row_from_text (rows[i], &error));
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (ops); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", ops[i]);
      g_assert_null (rafilm_wire_op_from_text (ops[i], &error));
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
    }
}

static void
test_too_many_fields (void)
{
  g_autoptr (RafilmWireRow) row = rafilm_wire_row_new ("d", "a");
  g_autoptr (RafilmWireRow) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (int i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("tag:%d", i);

      rafilm_wire_fields_take (&row->fields, name, rafilm_wire_bool (true), NULL);
    }
  text = rafilm_wire_row_to_text (row);
  read = rafilm_wire_row_from_text (text, &error);
  g_assert_null (read);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
}

static void
test_field_texts (void)
{
  g_autoptr (RafilmWireRow) row = NULL;
  g_auto (RafilmWireFields) fields = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *values = NULL;
  g_autofree char *stamps = NULL;

  row = wire_build_row ("d", "a", 9, "film", "1", G_GINT64_CONSTANT (1), H (0), DEV_A, "rv",
                        "\"t\"", G_GINT64_CONSTANT (2), H (7), DEV_B, "x", "true",
                        G_GINT64_CONSTANT (2), H (0), DEV_A, NULL);
  values = rafilm_wire_fields_to_text (&row->fields);
  stamps = rafilm_wire_stamps_to_text (&row->fields);
  g_assert_cmpstr (values, ==, "{\"film\":1,\"rv\":\"t\",\"x\":true}");
  g_assert_true (rafilm_wire_fields_from_text ("d", values, &fields, &error));
  g_assert_no_error (error);
  g_assert_true (rafilm_wire_fields_equal_values (&fields, &row->fields));
  g_assert_true (rafilm_wire_stamps_from_text (stamps, &fields, &error));
  g_assert_true (rafilm_wire_fields_equal (&fields, &row->fields));

  rafilm_wire_fields_clear (&fields);
  g_assert_false (rafilm_wire_fields_from_text ("d", "[]", &fields, &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/json/rows", test_rows);
  g_test_add_func ("/wire/json/unknown", test_unknown);
  g_test_add_func ("/wire/json/raw-bytes", test_raw_bytes);
  g_test_add_func ("/wire/json/raw-reals", test_raw_reals);
  g_test_add_func ("/wire/json/ops", test_ops);
  g_test_add_func ("/wire/json/clock-of-each-field", test_clock_of_each_field);
  g_test_add_func ("/wire/json/malformed", test_malformed);
  g_test_add_func ("/wire/json/too-many-fields", test_too_many_fields);
  g_test_add_func ("/wire/json/field-texts", test_field_texts);

  return g_test_run ();
}
