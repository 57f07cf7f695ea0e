/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-cli.h"
#include "rafilm-test.h"

static gboolean
parse (RafilmCli *cli, const char *line, GError **error)
{
  g_auto (GStrv) words = NULL;
  int n_words = 0;

  g_assert_true (g_shell_parse_argv (line, &n_words, &words, NULL));

  return rafilm_cli_parse (cli, &words, error);
}

static void
test_values (void)
{
  RafilmCli cli = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (&cli,
                        "rafilm-cli log --rating 4.5 Heat --tag a --tag 'b c' --like --json "
                        "--profile /nowhere",
                        &error));
  g_assert_no_error (error);
  g_assert_cmpstr (cli.command->name, ==, "log");
  g_assert_cmpuint (g_strv_length (cli.arguments), ==, 1);
  g_assert_cmpstr (cli.arguments[0], ==, "Heat");
  g_assert_cmpstr (cli.options.rating, ==, "4.5");
  g_assert_cmpstr (cli.options.tags[1], ==, "b c");
  g_assert_true (cli.options.like);
  g_assert_false (cli.options.rewatch);
  g_assert_true (cli.options.json);
  g_assert_cmpint (cli.options.limit, ==, -1);
  g_assert_cmpstr (cli.folder, ==, "/nowhere");
  rafilm_cli_clear (&cli);
}

/* What all commands know may stand before the command. */
static void
test_before (void)
{
  RafilmCli cli = { 0 };

  g_assert_true (parse (&cli, "rafilm-cli --profile /a --json log --like Heat", NULL));
  g_assert_cmpstr (cli.command->name, ==, "log");
  g_assert_cmpstr (cli.folder, ==, "/a");
  g_assert_true (cli.options.json);
  g_assert_true (cli.options.like);
  g_assert_cmpstr (cli.arguments[0], ==, "Heat");
  g_assert_null (cli.arguments[1]);
  rafilm_cli_clear (&cli);

  g_assert_true (parse (&cli, "rafilm-cli --profile=/b status", NULL));
  g_assert_cmpstr (cli.command->name, ==, "status");
  g_assert_cmpstr (cli.folder, ==, "/b");
  rafilm_cli_clear (&cli);

  g_assert_false (parse (&cli, "rafilm-cli --json", NULL));
  rafilm_cli_clear (&cli);
}

/* What begins with a dash can be a title too. */
static void
test_dashes (void)
{
  RafilmCli cli = { 0 };

  g_assert_true (parse (&cli, "rafilm-cli log --like -- --json", NULL));
  g_assert_cmpstr (cli.arguments[0], ==, "--json");
  g_assert_null (cli.arguments[1]);
  g_assert_false (cli.options.json);
  g_assert_true (cli.options.like);
  rafilm_cli_clear (&cli);
}

static void
test_wrong (void)
{
  static const char *const wrong[] = { "rafilm-cli",
                                       "rafilm-cli frob",
                                       "rafilm-cli log",
                                       "rafilm-cli log a b",
                                       "rafilm-cli diary a",
                                       "rafilm-cli diary --rating 3",
                                       "rafilm-cli --json",
                                       "rafilm-cli sync --like",
                                       "rafilm-cli diary --limit x",
                                       "rafilm-cli log Heat --tag" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      RafilmCli cli = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (parse (&cli, wrong[i], &error));
      g_assert_true (error->domain == G_OPTION_ERROR);
      rafilm_cli_clear (&cli);
    }
}

/* No two commands of one name; each is in the overview and finds itself. */
static void
test_table (void)
{
  g_autofree char *help = rafilm_cli_dup_help ();

  for (const RafilmCliCommand *command = rafilm_cli_commands; command->name != NULL; command++)
    {
      g_assert_true (rafilm_cli_command_find (command->name) == command);
      g_assert_nonnull (strstr (help, command->name));
      g_assert_nonnull (command->run);
      g_assert_nonnull (command->summary);
      g_assert_cmpuint (command->min_arguments, <=, command->max_arguments);
    }
  g_assert_null (rafilm_cli_command_find ("frob"));
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/cli/options/values", test_values);
  g_test_add_func ("/cli/options/before", test_before);
  g_test_add_func ("/cli/options/dashes", test_dashes);
  g_test_add_func ("/cli/options/wrong", test_wrong);
  g_test_add_func ("/cli/options/table", test_table);

  return g_test_run ();
}
