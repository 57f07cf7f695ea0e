/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "rafilm-demo-critic.h"
#include "rafilm-demo-sample.h"
#include "rafilm-test.h"

static const char *const cinema[] = { "cinema", "with Ana", NULL };

/* Every film at every rating: whatever is missing in its facts, a sentence stands. */
static void
test_always_something (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (int rating = 0; rating <= 10; rating++)
    {
      g_autoptr (RafilmDemoCritic) critic = rafilm_demo_critic_new (rand);

      for (guint i = (guint) rating; i < films->len && i < 60; i += 11)
        {
          RafilmDemoOccasion occasion = { films->pdata[i], rating, i % 5 == 0, i % 7 != 0, cinema };
          gboolean spoiler = FALSE;
          g_autofree char *review = rafilm_demo_critic_write (critic, &occasion, &spoiler);

          g_assert_cmpuint (strlen (review), >=, 3);
          g_assert_null (strchr (review, '{'));
          g_assert_null (strstr (review, "  "));
          g_assert_null (strstr (review, "(null)"));
          g_assert_false (g_str_has_suffix (review, "\n"));
          g_assert_true (g_utf8_validate (review, -1, NULL));
        }
    }
}

/* A film without people and facts must not be spoken of as if it had them. */
static void
test_bare_film (void)
{
  g_autoptr (RafilmFilm) film = rafilm_film_new (5);
  g_autoptr (GRand) rand = g_rand_new_with_seed (2);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (RafilmDemoCritic) critic = rafilm_demo_critic_new (rand);
      RafilmDemoOccasion occasion = { film, 9, FALSE, TRUE, NULL };
      gboolean spoiler = TRUE;
      g_autofree char *review = rafilm_demo_critic_write (critic, &occasion, &spoiler);

      g_assert_cmpuint (strlen (review), >, 0);
      g_assert_null (strchr (review, '{'));
      g_assert_false (spoiler);
    }
}

static void
test_unlike (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  g_autoptr (RafilmDemoCritic) critic = rafilm_demo_critic_new (rand);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_long = 0, n_short = 0;

  for (guint i = 0; i < 90; i++)
    {
      RafilmDemoOccasion occasion = { films->pdata[i * 5], 3 + (int) (i % 8), FALSE, TRUE,
                                      i % 2 ? cinema : NULL };
      gboolean spoiler = FALSE;
      char *review = rafilm_demo_critic_write (critic, &occasion, &spoiler);

      n_long += strlen (review) > 300;
      n_short += strlen (review) < 80;
      g_assert_true (g_hash_table_add (seen, review));
    }
  g_assert_cmpuint (n_long, >=, 10);
  g_assert_cmpuint (n_short, >=, 10);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/demo/critic/always-something", test_always_something);
  g_test_add_func ("/demo/critic/bare-film", test_bare_film);
  g_test_add_func ("/demo/critic/unlike", test_unlike);

  return g_test_run ();
}
