/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "rafilm-date.h"
#include "rafilm-demo-plan.h"
#include "rafilm-demo-sample.h"
#include "rafilm-test.h"

#define TODAY "2026-11-20"

static void
test_shape (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autoptr (RafilmDemoPlan) plan = rafilm_demo_plan_new (films, TODAY, 1995);
  guint n_reviews = 0, n_rewatches = 0, n_unfinished = 0, n_liked = 0, n_undated = 0;
  const char *last = "";

  g_assert_cmpuint (plan->viewings->len, ==, RAFILM_DEMO_VIEWINGS);
  for (guint i = 0; i < plan->viewings->len; i++)
    {
      const RafilmDemoViewing *viewing = plan->viewings->pdata[i];
      const RafilmFilmFacts *facts = rafilm_film_get_facts (films->pdata[viewing->film]);

      n_reviews += viewing->review != NULL;
      n_rewatches += viewing->rewatch;
      n_unfinished += !viewing->finished;
      n_liked += viewing->liked;
      n_undated += viewing->date == NULL;
      g_assert_cmpint (viewing->rating, >=, 0);
      g_assert_cmpint (viewing->rating, <=, 10);
      if (viewing->date == NULL)
        continue;
      g_assert_true (rafilm_date_is_valid (viewing->date));
      g_assert_cmpstr (viewing->date, >=, last);
      g_assert_cmpstr (viewing->date, <=, TODAY);
      g_assert_cmpstr (viewing->date, >=, "2023-11-20");
      g_assert_cmpstr (viewing->date, >, facts->release_date);
      last = viewing->date;
    }
  g_assert_cmpuint (n_reviews, ==, RAFILM_DEMO_REVIEWS);
  g_assert_cmpuint (n_undated, ==, 4);
  g_assert_cmpuint (n_rewatches, >=, 15);
  g_assert_cmpuint (n_rewatches, <=, 80);
  g_assert_cmpuint (n_unfinished, >=, 3);
  g_assert_cmpuint (n_unfinished, <=, 30);
  g_assert_cmpuint (n_liked, >=, 40);
}

/* The owner has a taste, and it shows. */
static void
test_believable (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autoptr (RafilmDemoPlan) plan = rafilm_demo_plan_new (films, TODAY, 1995);
  double sum[2] = { 0 };
  guint count[2] = { 0 };

  for (guint i = 0; i < plan->viewings->len; i++)
    {
      const RafilmDemoViewing *viewing = plan->viewings->pdata[i];
      guint side = plan->scores[viewing->film] > 0.8;

      if (viewing->rating == 0)
        continue;
      sum[side] += viewing->rating;
      count[side]++;
    }
  g_assert_cmpuint (count[0], >, 20);
  g_assert_cmpuint (count[1], >, 60);
  g_assert_cmpfloat (sum[1] / count[1], >, sum[0] / count[0] + 1);
}

static char *
describe (const RafilmDemoPlan *plan)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < plan->viewings->len; i++)
    {
      const RafilmDemoViewing *viewing = plan->viewings->pdata[i];

      g_string_append_printf (text, "%u %s %d %s\n", viewing->film, viewing->date, viewing->rating,
                              viewing->review);
    }

  return g_string_free_and_steal (text);
}

static void
test_seed (void)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (SAMPLE, NULL);
  g_autoptr (RafilmDemoPlan) a = rafilm_demo_plan_new (films, TODAY, 4);
  g_autoptr (RafilmDemoPlan) b = rafilm_demo_plan_new (films, TODAY, 4);
  g_autoptr (RafilmDemoPlan) c = rafilm_demo_plan_new (films, TODAY, 5);
  g_autofree char *text_a = describe (a);
  g_autofree char *text_b = describe (b);
  g_autofree char *text_c = describe (c);

  g_assert_cmpstr (text_a, ==, text_b);
  g_assert_cmpstr (text_a, !=, text_c);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/demo/plan/shape", test_shape);
  g_test_add_func ("/demo/plan/believable", test_believable);
  g_test_add_func ("/demo/plan/seed", test_seed);

  return g_test_run ();
}
