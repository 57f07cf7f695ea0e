/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-viewing.h"

static void
test_copy (void)
{
  const char *tags[] = { "cinema", "35 mm", NULL };
  g_autoptr (RafilmFilm) film = rafilm_film_new (949);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new ("v1", film);
  g_autoptr (RafilmViewing) copy = NULL;

  g_assert_true (rafilm_viewing_get_finished (viewing));
  g_object_set (viewing, "date", "2026-03-03", "rating", 9, "rewatch", TRUE, "finished", FALSE,
                "review", "Saw it again", "spoiler", TRUE, "tags", tags, "versions", 2u, NULL);
  copy = rafilm_viewing_copy (viewing);

  g_assert_cmpstr (rafilm_viewing_get_id (copy), ==, "v1");
  g_assert_true (rafilm_viewing_get_film (copy) == film);
  g_assert_cmpstr (rafilm_viewing_get_date (copy), ==, "2026-03-03");
  g_assert_cmpint (rafilm_viewing_get_rating (copy), ==, 9);
  g_assert_true (rafilm_viewing_get_rewatch (copy));
  g_assert_false (rafilm_viewing_get_finished (copy));
  g_assert_cmpstr (rafilm_viewing_get_review (copy), ==, "Saw it again");
  g_assert_true (rafilm_viewing_get_spoiler (copy));
  g_assert_cmpuint (rafilm_viewing_get_versions (copy), ==, 2);
  g_assert_true (g_strv_equal (rafilm_viewing_get_tags (copy), tags));
}

static void
test_tags (void)
{
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, NULL);
  const char *tags[] = { "home", NULL };

  g_assert_nonnull (rafilm_viewing_get_tags (viewing));
  g_assert_null (rafilm_viewing_get_tags (viewing)[0]);
  g_object_set (viewing, "tags", tags, NULL);
  g_object_set (viewing, "tags", rafilm_viewing_get_tags (viewing), NULL);
  g_assert_cmpstr (rafilm_viewing_get_tags (viewing)[0], ==, "home");
  g_object_set (viewing, "tags", NULL, NULL);
  g_assert_null (rafilm_viewing_get_tags (viewing)[0]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/viewing/copy", test_copy);
  g_test_add_func ("/core/viewing/tags", test_tags);

  return g_test_run ();
}
