/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-cli-input.h"
#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-test.h"

static void
test_rating (void)
{
  static const struct
  {
    const char *text;
    int rating;
  } cases[] = { { "4.5", 9 }, { "4½", 9 },   { "0.5", 1 }, { "½", 1 },    { "5", 10 },
                { "3", 6 },   { "9/10", 9 }, { "★★★", 6 }, { "none", 0 }, { "-", 0 } };
  static const char *const wrong[] = { "", "0", "5.5", "6", "4.3", "11/10", "0/10", "-1", "4.5 " };
  int rating = 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (rafilm_cli_parse_rating (cases[i].text, &rating, &error));
      g_assert_no_error (error);
      g_assert_cmpint (rating, ==, cases[i].rating);
    }
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (rafilm_cli_parse_rating (wrong[i], &rating, &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    }
}

static void
test_date (void)
{
  g_autofree char *today = rafilm_clock_dup_today ();
  g_autofree char *date = NULL;
  static const char *const wrong[] = { "2026-02-29", "2026-2-1", "tomorrow", "", "01.02.2026" };

  g_assert_true (rafilm_cli_parse_date ("2024-02-29", &date, NULL));
  g_assert_cmpstr (date, ==, "2024-02-29");
  g_clear_pointer (&date, g_free);
  g_assert_true (rafilm_cli_parse_date ("today", &date, NULL));
  g_assert_cmpstr (date, ==, today);
  g_clear_pointer (&date, g_free);
  g_assert_true (rafilm_cli_parse_date ("yesterday", &date, NULL));
  g_assert_cmpstr (date, <, today);
  g_clear_pointer (&date, g_free);
  g_assert_true (rafilm_cli_parse_date ("none", &date, NULL));
  g_assert_null (date);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (rafilm_cli_parse_date (wrong[i], &date, &error));
      g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    }
}

static void
check_tags (const char *tags, const char *changes, const char *expected)
{
  g_auto (GStrv) before = g_strsplit (tags, ",", -1);
  g_auto (GStrv) change = g_strsplit (changes, ",", -1);
  g_auto (GStrv) after =
      rafilm_cli_apply_tags ((const char *const *) before, (const char *const *) change);
  g_autofree char *text = g_strjoinv (",", after);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_tags (void)
{
  g_auto (GStrv) none = rafilm_cli_apply_tags (NULL, NULL);

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  check_tags ("", "cinema,with Ana", "cinema,with Ana");
  check_tags ("cinema", "cinema", "cinema");
  check_tags ("cinema,home", "-home,70mm", "cinema,70mm");
  check_tags ("cinema", "-home", "cinema");
  check_tags ("cinema", "-cinema,cinema", "cinema");
}

/* ---- films and viewings ------------------------------------------------------------------- */

static RafilmFilm *
make_film (gint64 id, const char *title, const char *original, const char *date)
{
  RafilmFilm *film = rafilm_film_new (id);
  g_auto (RafilmFilmFacts) facts = { .title = g_strdup (title),
                                     .original_title = g_strdup (original),
                                     .release_date = g_strdup (date),
                                     .fetched_at = 1 };

  rafilm_film_take_facts (film, &facts);

  return film;
}

static void
open_diary (RafilmCli *cli)
{
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  cli->folder = rafilm_test_make_dir ();
  g_setenv ("RAFILM_KEYRING", "file", TRUE);
  g_assert_true (rafilm_cli_open_store (cli, &error));
  g_assert_no_error (error);
  g_ptr_array_add (films, make_film (949, "Heat", "Heat", "1995-12-15"));
  g_ptr_array_add (films, make_film (653, "Nosferatu", "Nosferatu", "1922-02-16"));
  g_ptr_array_add (films, make_film (426063, "Nosferatu", "Nosferatu", "2024-12-25"));
  g_ptr_array_add (films, make_film (530915, "1917", "1917", "2019-12-25"));
  g_ptr_array_add (films, make_film (4588, "The Wages of Fear", "Le Salaire de la peur", "1953"));
  g_assert_true (dex_await (rafilm_store_put_films (cli->store, films), &error));
}

static void
check_film (RafilmCli *cli, const char *text, gint64 expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmFilm) film = rafilm_cli_find_film (cli, text, &error);

  if (expected == 0)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpint (rafilm_film_get_id (film), ==, expected);
}

static void
test_find_film (void)
{
  RafilmCli cli = { 0 };

  open_diary (&cli);
  check_film (&cli, "949", 949);
  check_film (&cli, "HEAT", 949);
  check_film (&cli, "Heat (1995)", 949);
  check_film (&cli, "Heat (1996)", 0);
  check_film (&cli, "Nosferatu", 0);
  check_film (&cli, "Nosferatu (1922)", 653);
  check_film (&cli, "1917", 1917);
  check_film (&cli, "title:1917", 530915);
  check_film (&cli, "Le salaire de la peur", 4588);
  check_film (&cli, "", 0);
  check_film (&cli, "*\"(", 0);
  check_film (&cli, "99999999999999999999", 0);
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

static void
test_find_viewing (void)
{
  static const char *const ids[] = { "Abc1", "Abd2", "Xyz3" };
  RafilmCli cli = { 0 };
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Log");
  g_autoptr (RafilmFilm) film = rafilm_film_new (949);
  g_autoptr (RafilmViewing) found = NULL;
  g_autoptr (GError) error = NULL;

  open_diary (&cli);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (ids[i], film);

      rafilm_edit_log_viewing (edit, viewing);
    }
  g_assert_true (dex_await (rafilm_store_apply (cli.store, edit), NULL));

  found = rafilm_cli_find_viewing (&cli, "X", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (rafilm_viewing_get_id (found), ==, "Xyz3");
  g_assert_null (rafilm_cli_find_viewing (&cli, "Ab", &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (rafilm_cli_find_viewing (&cli, "", &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/cli/input/rating", test_rating);
  g_test_add_func ("/cli/input/date", test_date);
  g_test_add_func ("/cli/input/tags", test_tags);
  rafilm_test_add_fiber ("/cli/input/find-film", test_find_film);
  rafilm_test_add_fiber ("/cli/input/find-viewing", test_find_viewing);

  return g_test_run ();
}
