/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

static void
test_zeroed (void)
{
  RafilmWireValue value = { 0 };
  RafilmWireValue null = rafilm_wire_null ();

  g_assert_true (rafilm_wire_value_equal (&value, &null));
  rafilm_wire_value_clear (&value);
  g_assert_null (rafilm_wire_value_peek_text (&value));
  g_assert_false (rafilm_wire_value_is_true (NULL));
  g_assert_cmpint (rafilm_wire_value_get_int (NULL, -7), ==, -7);
}

static void
test_equal_and_copy (void)
{
  RafilmWireValue values[] = {
    rafilm_wire_null (),
    rafilm_wire_bool (false),
    rafilm_wire_bool (true),
    rafilm_wire_int (0),
    rafilm_wire_int (1),
    rafilm_wire_text (""),
    rafilm_wire_text ("1"),
    rafilm_wire_raw ("1"),
    rafilm_wire_review ("1", false, NULL),
    rafilm_wire_review ("1", true, NULL),
    rafilm_wire_review ("1", false, "en"),
    rafilm_wire_review ("2", false, "en"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint k = 0; k < G_N_ELEMENTS (values); k++)
      {
        g_auto (RafilmWireValue) copy = rafilm_wire_value_copy (&values[k]);

        g_assert_cmpint (rafilm_wire_value_equal (&values[i], &copy), ==, i == k);
      }
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    rafilm_wire_value_clear (&values[i]);
}

static void
test_copy_is_deep (void)
{
  g_auto (RafilmWireValue) review = rafilm_wire_review ("Seen twice", true, "en");
  g_auto (RafilmWireValue) copy = rafilm_wire_value_copy (&review);

  g_assert_true (copy.review.text != review.review.text);
  g_assert_true (copy.review.lang != review.review.lang);
  review.review.text[0] = 'M';
  g_assert_cmpstr (rafilm_wire_value_peek_text (&copy), ==, "Seen twice");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/value/zeroed", test_zeroed);
  g_test_add_func ("/wire/value/equal-and-copy", test_equal_and_copy);
  g_test_add_func ("/wire/value/copy-is-deep", test_copy_is_deep);

  return g_test_run ();
}
