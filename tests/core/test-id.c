/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-id.h"

#include <string.h>

static void
test_new (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < 10000; i++)
    {
      char *id = rafilm_id_new ();

      g_assert_cmpuint (strlen (id), ==, RAFILM_ID_LENGTH);
      g_assert_true (rafilm_id_is_valid (id));
      g_assert_true (g_hash_table_add (seen, id));
    }
}

static void
test_device (void)
{
  g_autofree char *first = rafilm_id_new_device ();
  g_autofree char *second = rafilm_id_new_device ();

  g_assert_cmpuint (strlen (first), ==, RAFILM_DEVICE_ID_LENGTH);
  g_assert_cmpstr (first, !=, second);
}

static void
test_valid (void)
{
  g_autofree char *longest = g_strnfill (128, 'a');
  g_autofree char *too_long = g_strnfill (129, 'a');

  g_assert_true (rafilm_id_is_valid ("949"));
  g_assert_true (rafilm_id_is_valid ("L1x_-:603"));
  g_assert_true (rafilm_id_is_valid (longest));
  g_assert_false (rafilm_id_is_valid (too_long));
  g_assert_false (rafilm_id_is_valid (""));
  g_assert_false (rafilm_id_is_valid (NULL));
  g_assert_false (rafilm_id_is_valid ("a b"));
  g_assert_false (rafilm_id_is_valid ("a#b"));
  g_assert_false (rafilm_id_is_valid ("é"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/id/new", test_new);
  g_test_add_func ("/core/id/device", test_device);
  g_test_add_func ("/core/id/valid", test_valid);

  return g_test_run ();
}
