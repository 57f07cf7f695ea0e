/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-wire-order.h"

#include <glib.h>
#include <stdlib.h>

static guint64
rand64 (void)
{
  return (guint64) (guint32) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
}

static void
assert_between (const char *low, const char *high, const char *position)
{
  g_assert_nonnull (position);
  g_assert_true (rafilm_wire_order_is_valid (position));
  if (low != NULL)
    g_assert_cmpstr (low, <, position);
  if (high != NULL)
    g_assert_cmpstr (position, <, high);
}

static void
test_valid (void)
{
  g_autofree char *longest = g_strnfill (RAFILM_WIRE_ORDER_MAX, 'a');
  g_autofree char *too_long = g_strnfill (RAFILM_WIRE_ORDER_MAX + 1, 'a');

  g_assert_true (rafilm_wire_order_is_valid ("V3k"));
  g_assert_true (rafilm_wire_order_is_valid ("01"));
  g_assert_true (rafilm_wire_order_is_valid (longest));
  g_assert_false (rafilm_wire_order_is_valid (too_long));
  g_assert_false (rafilm_wire_order_is_valid (""));
  g_assert_false (rafilm_wire_order_is_valid ("V0"));
  g_assert_false (rafilm_wire_order_is_valid ("V-k"));
}

static void
test_narrow (void)
{
  const char *pairs[][2] = { { NULL, NULL },     { NULL, "01" },  { NULL, "1" },  { "z", NULL },
                             { "zzz", NULL },    { "A", "A1" },   { "A", "A01" }, { "Az", "B" },
                             { "Azzz", "B1" },   { "1", "2" },    { "1z", "2" },  { "A", "Az" },
                             { "AzzzzzB", "B" }, { NULL, "0001" } };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    for (guint round = 0; round < 500; round++)
      {
        char *position = rafilm_wire_order_between (pairs[i][0], pairs[i][1], rand64 ());

        assert_between (pairs[i][0], pairs[i][1], position);
        free (position);
      }
}

static void
test_no_room (void)
{
  g_assert_null (rafilm_wire_order_between ("B", "A", 1));
  g_assert_null (rafilm_wire_order_between ("A", "A", 1));
  g_assert_null (rafilm_wire_order_between ("A0", NULL, 1));
  g_assert_null (rafilm_wire_order_between (NULL, "", 1));
}

/* Inserting anywhere, thousands of times, keeps the order of insertion places. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) positions = g_ptr_array_new_with_free_func (free);
  size_t longest = 0;

  for (guint round = 0; round < 5000; round++)
    {
      guint at = (guint) g_test_rand_int_range (0, (gint32) positions->len + 1);
      const char *low = at > 0 ? g_ptr_array_index (positions, at - 1) : NULL;
      const char *high = at < positions->len ? g_ptr_array_index (positions, at) : NULL;
      char *position = rafilm_wire_order_between (low, high, rand64 ());

      assert_between (low, high, position);
      longest = MAX (longest, strlen (position));
      g_ptr_array_insert (positions, (gint) at, position);
    }
  g_assert_cmpuint (longest, <=, RAFILM_WIRE_ORDER_REBALANCE);
}

/* Always at the front, or always in the same gap: positions grow, but slowly. */
static void
test_worst (void)
{
  g_autofree char *high = NULL;
  guint rounds = 0;

  while (high == NULL || strlen (high) <= RAFILM_WIRE_ORDER_REBALANCE)
    {
      char *next = rafilm_wire_order_between ("A", high, rand64 ());

      assert_between ("A", high, next);
      free (high);
      high = next;
      rounds++;
    }
  g_assert_cmpuint (rounds, >, 100);
}

static void
test_spread (void)
{
  const size_t counts[] = { 1, 2, 60, 61, 62, 1000, 5000 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *last = NULL;

      for (size_t k = 0; k < counts[i]; k++)
        {
          char *position = rafilm_wire_order_spread (k, counts[i], rand64 ());

          assert_between (last, NULL, position);
          g_assert_cmpuint (strlen (position), <, 8);
          free (last);
          last = position;
        }
    }
}

/* Two computers that insert at the same place rarely choose the same position. */
static void
test_jitter (void)
{
  guint same = 0;

  for (guint round = 0; round < 20000; round++)
    {
      g_autofree char *one = rafilm_wire_order_between ("A", "C", rand64 ());
      g_autofree char *other = rafilm_wire_order_between ("A", "C", rand64 ());

      same += g_str_equal (one, other);
    }
  g_assert_cmpuint (same, <, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/order/valid", test_valid);
  g_test_add_func ("/wire/order/narrow", test_narrow);
  g_test_add_func ("/wire/order/no-room", test_no_room);
  g_test_add_func ("/wire/order/many", test_many);
  g_test_add_func ("/wire/order/worst", test_worst);
  g_test_add_func ("/wire/order/spread", test_spread);
  g_test_add_func ("/wire/order/jitter", test_jitter);

  return g_test_run ();
}
