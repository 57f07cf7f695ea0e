/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-cli-commands.h"
#include "rafilm-cli-journal.h"
#include "rafilm-error.h"
#include "rafilm-test.h"

static void
apply (RafilmCli *cli, RafilmEdit *edit)
{
  g_autoptr (RafilmEdit) owned = edit;

  g_assert_true (dex_await (rafilm_store_apply (cli->store, owned), NULL));
}

static gboolean
restore (RafilmCli *cli, const char *text, GError **error)
{
  const char *words[] = { "restore", text, NULL };
  gboolean done;

  cli->command = rafilm_cli_command_find ("trash");
  cli->arguments = g_strdupv ((char **) words);
  done = rafilm_cli_run_trash (cli, error);
  g_clear_pointer (&cli->arguments, g_strfreev);
  return done;
}

static guint
count (DexFuture *future)
{
  g_autoptr (GListModel) model = dex_await_object (future, NULL);

  return g_list_model_get_n_items (model);
}

/* A list comes back by its name or by its id, with its films; undo deletes it again. */
static void
test_list (void)
{
  RafilmCli cli = { 0 };
  RafilmEdit *edit = rafilm_edit_new ("list");
  g_autofree char *list = g_strdup (rafilm_edit_create_list (edit, "Nights", NULL, FALSE, FALSE));
  g_autofree char *undone = NULL;
  g_autoptr (GError) error = NULL;

  cli.folder = rafilm_test_make_dir ();
  g_setenv ("RAFILM_KEYRING", "file", TRUE);
  g_assert_true (rafilm_cli_open_store (&cli, &error));
  g_assert_no_error (error);
  rafilm_edit_add_to_list (edit, list, 949, NULL);
  apply (&cli, edit);
  edit = rafilm_edit_new ("delete");
  rafilm_edit_delete_list (edit, list);
  apply (&cli, edit);
  g_assert_cmpuint (count (rafilm_store_list_trash_lists (cli.store)), ==, 1);

  g_assert_false (restore (&cli, "Days", &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (restore (&cli, "nights", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count (rafilm_store_list_lists (cli.store)), ==, 1);
  g_assert_cmpuint (count (rafilm_store_list_entries (cli.store, list)), ==, 1);

  undone = rafilm_cli_journal_undo (&cli, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count (rafilm_store_list_trash_lists (cli.store)), ==, 1);
  g_assert_true (restore (&cli, list, &error));
  g_assert_cmpuint (count (rafilm_store_list_trash_lists (cli.store)), ==, 0);
  g_assert_true (rafilm_cli_close_store (&cli, NULL));
  rafilm_cli_clear (&cli);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/cli/trash/list", test_list);

  return g_test_run ();
}
