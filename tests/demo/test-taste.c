/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "rafilm-demo-dice.h"
#include "rafilm-demo-sample.h"
#include "rafilm-demo-taste.h"
#include "rafilm-error.h"
#include "rafilm-test.h"

static void
test_sample (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, &error);
  gint64 last = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (films->len, >, 500);
  for (guint i = 0; i < films->len; i++)
    {
      RafilmFilm *film = films->pdata[i];
      const RafilmFilmFacts *facts = rafilm_film_get_facts (film);
      g_autofree char *poster =
          g_strdup_printf ("/%" G_GINT64_FORMAT ".jpg", rafilm_film_get_id (film));

      g_assert_cmpint (rafilm_film_get_id (film), >, last);
      g_assert_cmpstr (facts->poster_path, ==, poster);
      g_assert_nonnull (facts->backdrop_path);
      g_assert_nonnull (facts->overview);
      g_assert_nonnull (facts->language);
      g_assert_nonnull (facts->directors);
      last = rafilm_film_get_id (film);
    }
}

static void
test_broken_sample (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *films = g_build_filename (folder, "films", NULL);
  g_autofree char *path = g_build_filename (films, "x.json", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (rafilm_demo_sample_read (folder, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  g_assert_cmpint (g_mkdir_with_parents (films, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "[{\"title\": \"No id\"}]", -1, NULL));
  g_assert_null (rafilm_demo_sample_read (folder, &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_MALFORMED);
}

static RafilmFilm *
find (GPtrArray *films, const char *title)
{
  for (guint i = 0; i < films->len; i++)
    if (g_str_equal (rafilm_film_get_title (films->pdata[i]), title))
      return films->pdata[i];

  g_error ("%s is not in the sample", title);
}

static void
test_score (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  const RafilmDemoTaste *taste = &rafilm_demo_taste_of_diary;
  const RafilmDemoTaste none = { 0 };
  double heat = rafilm_demo_taste_score (taste, find (films, "Heat"));

  g_assert_cmpfloat (heat, >, rafilm_demo_taste_score (taste, find (films, "Safety Last!")));
  g_assert_cmpfloat (heat, >, rafilm_demo_taste_score (taste, find (films, "Bridesmaids")));
  g_assert_cmpfloat (rafilm_demo_taste_score (&none, find (films, "Heat")), ==, 0);
}

static void
test_draw (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  const double logits[] = { 0, 3, -INFINITY, 0, 0 };
  guint first[G_N_ELEMENTS (logits)] = { 0 };

  for (guint i = 0; i < 2000; i++)
    {
      g_autoptr (GArray) drawn = rafilm_demo_dice_draw (rand, logits, G_N_ELEMENTS (logits), 9);
      guint seen = 0;

      g_assert_cmpuint (drawn->len, ==, 4);
      for (guint j = 0; j < drawn->len; j++)
        seen |= 1u << g_array_index (drawn, guint, j);
      g_assert_cmpuint (seen, ==, 0x1b);
      first[g_array_index (drawn, guint, 0)]++;
    }
  /* exp (3) / (exp (3) + 3) = 0.87 */
  g_assert_cmpuint (first[1], >, 1650);
  g_assert_cmpuint (first[1], <, 1830);
  g_assert_cmpuint (first[2], ==, 0);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/demo/taste/sample", test_sample);
  g_test_add_func ("/demo/taste/broken-sample", test_broken_sample);
  g_test_add_func ("/demo/taste/score", test_score);
  g_test_add_func ("/demo/taste/draw", test_draw);

  return g_test_run ();
}
