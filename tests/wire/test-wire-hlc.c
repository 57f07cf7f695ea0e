/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire-build.h"

#include "rafilm-wire-hlc.h"

static void
test_next (void)
{
  g_assert_cmpuint (rafilm_wire_hlc_next (0, 1000), ==, (guint64) 1000 << 16);
  g_assert_cmpuint (rafilm_wire_hlc_next ((guint64) 1000 << 16, 1000), ==,
                    ((guint64) 1000 << 16) + 1);
  /* A clock that went back doesn't take the hybrid one with it. */
  g_assert_cmpuint (rafilm_wire_hlc_next ((guint64) 1000 << 16, 5), ==, ((guint64) 1000 << 16) + 1);
  g_assert_cmpuint (rafilm_wire_hlc_next (7, -1), ==, 8);
}

static void
test_correct (void)
{
  /* An edit made 10 s before it is sent is placed 10 s before the server's now, whatever the
   * sender's clock says. */
  for (gint64 skew = -3 * 86400000; skew <= 3 * 86400000; skew += 43200000)
    g_assert_cmpuint (rafilm_wire_hlc_correct (H (skew - 10000), MS (skew), MS (0)), ==,
                      H (-10000));
  /* Nothing is placed in the future. */
  g_assert_cmpuint (rafilm_wire_hlc_correct (H (60000), MS (0), MS (0)), ==, H (0) | 0xffff);
  /* Nothing falls below 1, and nothing overflows. */
  g_assert_cmpuint (rafilm_wire_hlc_correct (5, MS (0), 0), ==, 1);
  g_assert_cmpuint (rafilm_wire_hlc_correct (G_MAXUINT64, 0, MS (0)), ==, H (0) | 0xffff);
  g_assert_cmpuint (rafilm_wire_hlc_correct (0, G_MININT64, G_MAXINT64), >=, 1);
  g_assert_cmpuint (rafilm_wire_hlc_correct (G_MAXUINT64, G_MAXINT64, G_MININT64), ==, 0xffff);
}

static void
test_rebase (void)
{
  /* With nothing pending, a clock that ran a day ahead is forgotten. */
  g_assert_cmpuint (rafilm_wire_hlc_rebase (H (86400000), false, H (-5), MS (0), MS (0)), ==,
                    H (-5));
  g_assert_cmpuint (rafilm_wire_hlc_rebase (H (86400000), true, H (-5), MS (0), MS (0)), ==,
                    H (86400000));
  /* What the server's clock says is told in this computer's. */
  g_assert_cmpuint (rafilm_wire_hlc_rebase (0, false, H (0), MS (0), MS (3600000)), ==,
                    H (3600000));
  g_assert_cmpuint (rafilm_wire_hlc_rebase (0, false, H (0), MS (3600000), MS (0)), ==,
                    H (-3600000));
  g_assert_cmpuint (rafilm_wire_hlc_rebase (9, false, 0, MS (0), MS (0)), ==, 0);
}

static void
test_text (void)
{
  const char *bad[] = { "",
                        "0",
                        "019b7d3a1c7b000",
                        "019b7d3a1c7b00000",
                        "019B7D3A1C7B0000",
                        "019b7d3a1c7b000g",
                        " 19b7d3a1c7b0000" };
  char text[RAFILM_WIRE_HLC_SIZE];
  guint64 h = 42;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (rafilm_wire_hlc_parse (bad[i], &h));
  g_assert_cmpuint (h, ==, 42);
  g_assert_true (rafilm_wire_hlc_parse ("019b7d3a1c7b0001", &h));
  g_assert_cmpuint (h, ==, G_GUINT64_CONSTANT (0x019b7d3a1c7b0001));
  g_assert_cmpint (rafilm_wire_hlc_to_ms (h), ==, 0x019b7d3a1c7b);
  rafilm_wire_hlc_format (h, text);
  g_assert_cmpstr (text, ==, "019b7d3a1c7b0001");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/hlc/next", test_next);
  g_test_add_func ("/wire/hlc/correct", test_correct);
  g_test_add_func ("/wire/hlc/rebase", test_rebase);
  g_test_add_func ("/wire/hlc/text", test_text);

  return g_test_run ();
}
