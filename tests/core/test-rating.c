/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-rating.h"

static void
test_text (void)
{
  const struct
  {
    int rating;
    const char *stars;
    const char *number;
  } cases[] = { { 0, "", "" },       { 1, "½", "½" },      { 2, "★", "1" },
                { 7, "★★★½", "3½" }, { 9, "★★★★½", "4½" }, { 10, "★★★★★", "5" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stars = rafilm_rating_dup_stars (cases[i].rating);
      g_autofree char *number = rafilm_rating_dup_number (cases[i].rating);

      g_assert_cmpstr (stars, ==, cases[i].stars);
      g_assert_cmpstr (number, ==, cases[i].number);
    }
}

static void
test_parse (void)
{
  const struct
  {
    const char *text;
    int rating;
  } good[] = { { "4.5", 9 },    { "4,5", 9 },  { "4½", 9 }, { "★★★★½", 9 }, { "½", 1 },
               { "0.5", 1 },    { ".5", 1 },   { "5", 10 }, { "5.0", 10 },  { "9/10", 9 },
               { "10/10", 10 }, { "none", 0 }, { "-", 0 } };
  const char *bad[] = { "",      "0",    "5.5", "6",      "4.25",   "11/10", "0/10", "/10",
                        "9/100", "four", "-1",  "★★★★★★", "★★★★★½", "4.5 ",  "1/10x" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      int rating = -1;

      g_assert_true (rafilm_rating_parse (good[i].text, &rating));
      g_assert_cmpint (rating, ==, good[i].rating);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      int rating = -1;

      g_assert_false (rafilm_rating_parse (bad[i], &rating));
      g_assert_cmpint (rating, ==, -1);
    }
}

/* What is written can be read again. */
static void
test_round_trip (void)
{
  for (int rating = 1; rating <= RAFILM_RATING_MAX; rating++)
    {
      g_autofree char *stars = rafilm_rating_dup_stars (rating);
      g_autofree char *number = rafilm_rating_dup_number (rating);
      int parsed = 0;

      g_assert_true (rafilm_rating_parse (stars, &parsed));
      g_assert_cmpint (parsed, ==, rating);
      g_assert_true (rafilm_rating_parse (number, &parsed));
      g_assert_cmpint (parsed, ==, rating);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/rating/text", test_text);
  g_test_add_func ("/core/rating/parse", test_parse);
  g_test_add_func ("/core/rating/round-trip", test_round_trip);

  return g_test_run ();
}
