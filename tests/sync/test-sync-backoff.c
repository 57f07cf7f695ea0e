/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-sync-backoff.h"

static void
test_growth (void)
{
  const guint whole[] = {
    5000, 10000, 20000, 40000, 80000, 160000, 320000, 640000, 900000, 900000
  };

  g_assert_cmpuint (rafilm_sync_backoff_delay (0, 0.5), ==, RAFILM_SYNC_DEBOUNCE);
  for (guint i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      g_assert_cmpuint (rafilm_sync_backoff_delay (i + 1, 0), ==, whole[i] / 2);
      g_assert_cmpuint (rafilm_sync_backoff_delay (i + 1, 1), ==, whole[i]);
    }
}

static void
test_never_ends (void)
{
  g_assert_cmpuint (rafilm_sync_backoff_delay (G_MAXUINT, 1), ==, RAFILM_SYNC_BACKOFF_CAP);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/backoff/growth", test_growth);
  g_test_add_func ("/sync/backoff/never-ends", test_never_ends);

  return g_test_run ();
}
