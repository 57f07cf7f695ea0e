/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

static void
test_stamps (void)
{
  const char *good[] = { "1043.019b7d3a1c7b0000.k7Qm2xPa.211", "1.000000000000000a.AAAAAAAA",
                         "0.0000000000000000." };
  const char *bad[] = { "",
                        "1",
                        "1.2.3",
                        "1.019b7d3a1c7b0000",
                        "x.019b7d3a1c7b0000.AAAAAAAA",
                        ".019b7d3a1c7b0000.AAAAAAAA",
                        "1.019b7d3a1c7b0000.AAAAAAA",
                        "1.019b7d3a1c7b0000.AAAAAAAAA",
                        "1.019b7d3a1c7b0000.AAAAAAAA.",
                        "1.019b7d3a1c7b0000.AAAAAAAA.1.2",
                        "1.019b7d3a1c7b0000.AAAAAAAA.-1",
                        "-1.019b7d3a1c7b0000.AAAAAAAA",
                        "9999999999999999999.019b7d3a1c7b0000.AAAAAAAA" };
  RafilmWireStamp stamp;
  char text[RAFILM_WIRE_STAMP_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (rafilm_wire_stamp_parse (good[i], &stamp));
      rafilm_wire_stamp_format (&stamp, text);
      g_assert_cmpstr (text, ==, good[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      g_assert_false (rafilm_wire_stamp_parse (bad[i], &stamp));
    }
  stamp = (RafilmWireStamp) { .fseq = G_MAXINT64, .h = G_MAXUINT64, .n = G_MAXINT64 };
  g_strlcpy (stamp.dev, DEV_A, sizeof stamp.dev);
  rafilm_wire_stamp_format (&stamp, text);
  g_assert_true (g_str_has_suffix (text, "9223372036854775807"));
}

static void
test_beaten (void)
{
  RafilmWireStamp stamp = { .h = 100, .dev = "BBBBBBBB" };

  g_assert_true (rafilm_wire_stamp_is_beaten (&stamp, 101, DEV_A));
  g_assert_false (rafilm_wire_stamp_is_beaten (&stamp, 99, DEV_C));
  g_assert_true (rafilm_wire_stamp_is_beaten (&stamp, 100, DEV_C));
  g_assert_false (rafilm_wire_stamp_is_beaten (&stamp, 100, DEV_A));
  g_assert_false (rafilm_wire_stamp_is_beaten (&stamp, 100, DEV_B));
}

/* Fields against a hash table, over many random changes. */
static void
test_fields_like_a_map (void)
{
  RafilmWireFields fields = { 0 };
  g_autoptr (GHashTable) model = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint round = 0; round < 20000; round++)
    {
      g_autofree char *name = g_strdup_printf ("f%d", g_test_rand_int_range (0, 60));
      RafilmWireValue value = rafilm_wire_int ((gint64) round);

      if (g_test_rand_int_range (0, 3) == 0)
        g_assert_cmpint (rafilm_wire_fields_remove (&fields, name), ==,
                         g_hash_table_remove (model, name));
      else
        {
          rafilm_wire_fields_set (&fields, name, &value, NULL);
          g_hash_table_replace (model, g_strdup (name), GUINT_TO_POINTER (round));
        }
      g_assert_cmpuint (fields.n_items, ==, g_hash_table_size (model));
      for (size_t i = 0; i < fields.n_items; i++)
        {
          const RafilmWireField *field = &fields.items[i];

          g_assert_cmpint (field->value.integer, ==,
                           GPOINTER_TO_UINT (g_hash_table_lookup (model, field->name)));
          g_assert_true (i == 0 || strcmp (fields.items[i - 1].name, field->name) < 0);
        }
    }
  rafilm_wire_fields_clear (&fields);
}

static void
test_set_from_itself (void)
{
  g_autoptr (RafilmWireRow) row =
      wire_build_row ("d", "a", 1, "rv", "\"text\"", G_GINT64_CONSTANT (1), H (0), DEV_A, NULL);
  const RafilmWireField *field = rafilm_wire_row_get (row, "rv");

  rafilm_wire_row_set (row, "rv", &field->value, &field->stamp);
  wire_assert_field (row, "rv", "\"text\"");
  g_assert_cmpint (rafilm_wire_row_get (row, "rv")->stamp.fseq, ==, 1);
  for (int i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("tag:%d", i);

      field = rafilm_wire_row_get (row, "rv");
      rafilm_wire_row_set (row, name, &field->value, &field->stamp);
    }
  g_assert_cmpuint (row->fields.n_items, ==, 41);
}

static void
test_common_stamp (void)
{
  g_autoptr (RafilmWireRow) row = NULL;
  RafilmWireStamp stamp;
  RafilmWireFields none = { 0 };

  row = wire_build_row ("d", "a", 9, "film", "1", G_GINT64_CONSTANT (1), H (0), DEV_A, "liked",
                        "true", G_GINT64_CONSTANT (2), H (0), DEV_A, "rating", "3",
                        G_GINT64_CONSTANT (2), H (0), DEV_A, NULL);
  stamp = rafilm_wire_fields_common_stamp (&row->fields);
  g_assert_cmpint (stamp.fseq, ==, 2);
  stamp = rafilm_wire_fields_common_stamp (&none);
  g_assert_cmpint (stamp.fseq, ==, 0);
}

static void
test_row_copy (void)
{
  g_autoptr (RafilmWireRow) row = NULL;
  g_autoptr (RafilmWireRow) copy = NULL;

  row = wire_build_row ("d", "a", 9, "film", "1", G_GINT64_CONSTANT (1), H (0), DEV_A, "rv",
                        "\"text\"", G_GINT64_CONSTANT (2), H (0), DEV_A, NULL);
  copy = rafilm_wire_row_copy (row);
  g_assert_true (rafilm_wire_row_equal (row, copy));
  copy->fields.items[1].stamp.n++;
  g_assert_false (rafilm_wire_row_equal (row, copy));
  g_assert_true (rafilm_wire_fields_equal_values (&row->fields, &copy->fields));
}

static void
assert_check (RafilmWireOp *op, const char *code)
{
  g_assert_cmpstr (rafilm_wire_op_check (op), ==, code);
  rafilm_wire_op_free (op);
}

static void
test_check (void)
{
  RafilmWireOp *op;

  assert_check (wire_build_op (1, "d", "a", 0, TRUE, "film", "603", H (0), NULL), NULL);
  assert_check (wire_build_op (1, "d", "a", 3, FALSE, "x", "true", H (0), NULL), NULL);
  assert_check (
      wire_build_op (1, "d", "a", 3, FALSE, "x", "false", H (0), "liked", "true", H (0), NULL),
      NULL);
  assert_check (wire_build_op (1, "z", "a", 0, FALSE, "film", "603", H (0), NULL), "kind");
  assert_check (wire_build_op (1, "f", "a", 0, FALSE, "rating", "6", H (0), NULL), "id");
  assert_check (wire_build_op (0, "d", "a", 0, FALSE, "film", "603", H (0), NULL), "form");
  assert_check (wire_build_op (1, "d", "a", -1, FALSE, "film", "603", H (0), NULL), "form");
  assert_check (wire_build_op (1, "d", "a", 0, FALSE, NULL), "form");
  assert_check (
      wire_build_op (1, "d", "a", 0, FALSE, "x", "true", H (0), "liked", "true", H (0), NULL),
      "form");
  assert_check (wire_build_op (1, "d", "a", 0, FALSE, "mood", "1", H (0), NULL), "field");
  assert_check (wire_build_op (1, "d", "a", 0, FALSE, "rating", "11", H (0), NULL), "value");
  assert_check (wire_build_op (1, "x", "a", 0, FALSE, "text", "\"t\"", H (0), NULL), "field");
  assert_check (wire_build_op (1, "x", "a", 0, FALSE, "x", "true", H (0), NULL), NULL);

  op = wire_build_op (1, "x", "a", 0, TRUE, "text", "\"t\"", H (0), NULL);
  op->recovery = true;
  g_strlcpy (op->set.items[0].stamp.dev, "AAAAAAAA", sizeof op->set.items[0].stamp.dev);
  assert_check (op, NULL);
  op = wire_build_op (1, "f", "1", 0, TRUE, "like", "true", H (0), NULL);
  op->recovery = true;
  assert_check (op, "form");

  op = wire_build_op (1, "d", "a", 0, FALSE, "rating", "1", H (0), NULL);
  rafilm_wire_fields_take (&op->fill, "x", rafilm_wire_bool (true), NULL);
  assert_check (op, "form");

  op = wire_build_op (1, "d", "a", 0, FALSE, "rating", "1", H (0), NULL);
  for (int i = 0; i < RAFILM_WIRE_MAX_FIELDS; i++)
    {
      g_autofree char *name = g_strdup_printf ("tag:%d", i);

      rafilm_wire_fields_take (&op->fill, name, rafilm_wire_bool (true), NULL);
    }
  assert_check (op, "size");
}

static void
test_cost (void)
{
  g_autoptr (RafilmWireOp) plain = NULL;
  g_autoptr (RafilmWireOp) prose = NULL;

  plain = wire_build_op (1, "d", "a", 0, FALSE, "rating", "1", H (0), NULL);
  prose = wire_build_op (1, "d", "a", 0, FALSE, "rating", "1", H (0), "rv", "\"t\"", H (0), NULL);
  g_assert_cmpuint (rafilm_wire_op_cost (plain), ==, 1);
  g_assert_cmpuint (rafilm_wire_op_cost (prose), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/record/stamps", test_stamps);
  g_test_add_func ("/wire/record/beaten", test_beaten);
  g_test_add_func ("/wire/record/fields-like-a-map", test_fields_like_a_map);
  g_test_add_func ("/wire/record/set-from-itself", test_set_from_itself);
  g_test_add_func ("/wire/record/common-stamp", test_common_stamp);
  g_test_add_func ("/wire/record/row-copy", test_row_copy);
  g_test_add_func ("/wire/record/check", test_check);
  g_test_add_func ("/wire/record/cost", test_cost);

  return g_test_run ();
}
