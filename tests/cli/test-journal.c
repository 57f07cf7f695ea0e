/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-cli-journal.h"
#include "rafilm-error.h"
#include "rafilm-test.h"

static void
open_diary (RafilmCli *cli)
{
  g_autoptr (GError) error = NULL;

  cli->folder = rafilm_test_make_dir ();
  g_setenv ("RAFILM_KEYRING", "file", TRUE);
  g_assert_true (rafilm_cli_open_store (cli, &error));
  g_assert_no_error (error);
}

static void
rate (RafilmCli *cli, gint64 id, int rating, gboolean journal)
{
  g_auto (RafilmCliJournalEntry) entry = { 0 };
  g_autoptr (RafilmFilm) film = rafilm_film_new (id);
  g_autofree char *label = g_strdup_printf ("Rate %d", rating);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (label);

  rafilm_edit_rate_film (edit, id, rating);
  if (journal)
    g_assert_true (rafilm_cli_journal_begin (cli, &entry, film, NULL, NULL));
  g_assert_true (dex_await (rafilm_store_apply (cli->store, edit), NULL));
  if (journal)
    rafilm_cli_journal_end (cli, &entry, label);
}

static int
get_rating (RafilmCli *cli, gint64 id)
{
  g_autoptr (RafilmFilm) film = dex_await_object (rafilm_store_get_film (cli->store, id), NULL);

  return rafilm_film_get_state (film)->rating;
}

static void
check_undo (RafilmCli *cli, const char *label)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *undone = rafilm_cli_journal_undo (cli, &error);

  g_assert_cmpstr (undone, ==, label);
  if (label == NULL)
    g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
  else
    g_assert_no_error (error);
}

static void
test_back (void)
{
  RafilmCli cli = { 0 };

  open_diary (&cli);
  rate (&cli, 949, 8, TRUE);
  rate (&cli, 949, 9, TRUE);
  check_undo (&cli, "Rate 9");
  g_assert_cmpint (get_rating (&cli, 949), ==, 8);
  check_undo (&cli, "Rate 8");
  g_assert_cmpint (get_rating (&cli, 949), ==, 0);
  check_undo (&cli, NULL);
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

/* What was changed by others since then is theirs. */
static void
test_changed_since (void)
{
  RafilmCli cli = { 0 };

  open_diary (&cli);
  rate (&cli, 949, 8, TRUE);
  rate (&cli, 949, 3, FALSE);
  check_undo (&cli, "Rate 8");
  g_assert_cmpint (get_rating (&cli, 949), ==, 3);
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

static void
test_bounded (void)
{
  RafilmCli cli = { 0 };

  open_diary (&cli);
  for (int i = 0; i < RAFILM_CLI_JOURNAL_MAX + 5; i++)
    rate (&cli, 949, 1 + i % 10, TRUE);
  for (int i = RAFILM_CLI_JOURNAL_MAX + 4; i >= 5; i--)
    {
      g_autofree char *label = g_strdup_printf ("Rate %d", 1 + i % 10);

      check_undo (&cli, label);
    }
  check_undo (&cli, NULL);
  g_assert_cmpint (get_rating (&cli, 949), ==, 5);
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

/* A journal that somebody damaged is as an empty one, or fails; it never changes the diary. */
static void
test_damaged (void)
{
  static const char *const texts[] = { "",
                                       "{}",
                                       "[",
                                       "[7]",
                                       "[{}]",
                                       "[null]",
                                       "[[]]",
                                       "[{\"label\": 5}]",
                                       "[{\"label\": \"x\", \"before\": [], \"after\": {}}]",
                                       "[{\"before\": {\"film\": {\"id\": 949, \"rating\": 1}},"
                                       " \"after\": {\"film\": 3, \"viewing\": \"x\"}}]" };
  RafilmCli cli = { 0 };
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;

  open_diary (&cli);
  rate (&cli, 949, 8, FALSE);
  folder = g_path_get_dirname (rafilm_store_get_path (cli.store));
  path = g_build_filename (folder, "cli-undo.json", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *label = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      label = rafilm_cli_journal_undo (&cli, NULL);
      g_assert_cmpint (get_rating (&cli, 949), ==, 8);
    }
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/cli/journal/back", test_back);
  rafilm_test_add_fiber ("/cli/journal/changed-since", test_changed_since);
  rafilm_test_add_fiber ("/cli/journal/bounded", test_bounded);
  rafilm_test_add_fiber ("/cli/journal/damaged", test_damaged);

  return g_test_run ();
}
