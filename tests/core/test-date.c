/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-date.h"

static void
test_valid (void)
{
  const char *good[] = { "1895-12-28", "2024-02-29", "2026-11-22", "9999-12-31" };
  const char *bad[] = { NULL,         "",           "2026",        "2026-13-01", "2026-00-10",
                        "2023-02-29", "2026-1-01",  "2026-01-01 ", " 026-01-01", "2026/01/01",
                        "-026-01-01", "0000-01-01", "２026-01-01", "2026-04-31" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (rafilm_date_is_valid (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (rafilm_date_is_valid (bad[i]));
}

static void
test_format (void)
{
  g_autofree char *day = rafilm_date_format ("2026-03-03");
  g_autofree char *month = rafilm_date_format_month ("2026-03-03");

  g_assert_cmpstr (day, ==, "3 March 2026");
  g_assert_cmpstr (month, ==, "March 2026");
}

static void
test_year (void)
{
  g_assert_cmpint (rafilm_date_get_year ("1995-12-15"), ==, 1995);
  g_assert_cmpint (rafilm_date_get_year ("1995"), ==, 1995);
  g_assert_cmpint (rafilm_date_get_year ("199"), ==, 0);
  g_assert_cmpint (rafilm_date_get_year (""), ==, 0);
  g_assert_cmpint (rafilm_date_get_year (NULL), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/date/valid", test_valid);
  g_test_add_func ("/core/date/format", test_format);
  g_test_add_func ("/core/date/year", test_year);

  return g_test_run ();
}
