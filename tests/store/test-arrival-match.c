/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-arrival-match.h"
#include "rafilm-test.h"

static void
test_one_to_one (void)
{
  const RafilmMatchEntry mine[] = {
    { "b", 1, "2026-01-01" }, { "a", 1, "2026-01-01" }, { "c", 1, "2026-01-01" },
    { "d", 2, NULL },         { "e", 2, "2026-01-01" }, { "same", 9, NULL },
  };
  const RafilmMatchEntry theirs[] = {
    { "x", 1, "2026-01-01" },
    { "same", 1, "2026-01-01" },
    { "w", 1, "2026-01-01" },
    { "z", 2, NULL },
  };
  guint matches[G_N_ELEMENTS (mine)];

  rafilm_arrival_match (mine, G_N_ELEMENTS (mine), theirs, G_N_ELEMENTS (theirs), matches);
  g_assert_cmpuint (matches[1], ==, 2); /* a, w: the first by id */
  g_assert_cmpuint (matches[0], ==, 0); /* b, x */
  g_assert_cmpuint (matches[2], ==, RAFILM_MATCH_NONE);
  g_assert_cmpuint (matches[3], ==, 3);
  g_assert_cmpuint (matches[4], ==, RAFILM_MATCH_NONE); /* a day is not no day */
  g_assert_cmpuint (matches[5], ==, 1);                 /* the same record, whatever it says now */
}

/* Whatever the diaries: nobody is matched twice, and of each key as many as both have are. */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (rafilm_test_seed ());

  for (guint round = 0; round < 300; round++)
    {
      RafilmMatchEntry entries[2][40];
      char ids[2][40][8];
      guint n[2];
      guint counts[2][7] = { 0 };
      guint matched[7] = { 0 };
      gboolean taken[40] = { FALSE };
      guint matches[40];

      for (guint s = 0; s < 2; s++)
        {
          n[s] = (guint) g_rand_int_range (rand, 0, 40);
          for (guint i = 0; i < n[s]; i++)
            {
              guint film = (guint) g_rand_int_range (rand, 1, 7);

              g_snprintf (ids[s][i], sizeof ids[s][i], "%c%u", s == 0 ? 'm' : 't', i);
              entries[s][i] = (RafilmMatchEntry) { ids[s][i], film, NULL };
              counts[s][film]++;
            }
        }
      rafilm_arrival_match (entries[0], n[0], entries[1], n[1], matches);
      for (guint i = 0; i < n[0]; i++)
        if (matches[i] != RAFILM_MATCH_NONE)
          {
            g_assert_cmpuint (matches[i], <, n[1]);
            g_assert_false (taken[matches[i]]);
            taken[matches[i]] = TRUE;
            g_assert_cmpint (entries[0][i].film, ==, entries[1][matches[i]].film);
            matched[entries[0][i].film]++;
          }
      for (guint film = 1; film < 7; film++)
        g_assert_cmpuint (matched[film], ==, MIN (counts[0][film], counts[1][film]));
    }
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/store/arrival-match/one-to-one", test_one_to_one);
  g_test_add_func ("/store/arrival-match/random", test_random);

  return g_test_run ();
}
