/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli.h"

#include <glib/gi18n.h>

typedef struct
{
  const char *name;
  char letter;
  GOptionArg type;
  gsize place; /* in RafilmCliOptions */
  const char *meaning;
  const char *value;
} Option;

#define PLACE(member) G_STRUCT_OFFSET (RafilmCliOptions, member)

/* The one table of options. */
static const Option options[] = {
  { "json", 0, G_OPTION_ARG_NONE, PLACE (json), N_ ("Print JSON"), NULL },
  { "profile", 0, G_OPTION_ARG_FILENAME, PLACE (profile),
    N_ ("Use this data folder instead of ${XDG_DATA_HOME}/rafilm"), N_ ("DIR") },
  { "merge", 0, G_OPTION_ARG_NONE, PLACE (merge),
    N_ ("Add what was kept without an account to the account’s diary"), NULL },
  { "use-account", 0, G_OPTION_ARG_NONE, PLACE (use_account),
    N_ ("Use the account’s diary alone, and put the other one aside"), NULL },
  { "keep-diary", 0, G_OPTION_ARG_NONE, PLACE (keep_diary),
    N_ ("Go on with the account’s diary on this computer, without the account"), NULL },
  { "everywhere", 0, G_OPTION_ARG_NONE, PLACE (everywhere), N_ ("On all devices of the account"),
    NULL },
  { "date", 'd', G_OPTION_ARG_STRING, PLACE (date),
    N_ ("The day, YYYY-MM-DD, “today”, “yesterday”, or “none”"), N_ ("DAY") },
  { "rating", 'r', G_OPTION_ARG_STRING, PLACE (rating),
    N_ ("The rating: 0.5 to 5 stars in halves, or “none”"), N_ ("STARS") },
  { "like", 0, G_OPTION_ARG_NONE, PLACE (like), N_ ("Liked it"), NULL },
  { "unlike", 0, G_OPTION_ARG_NONE, PLACE (unlike), N_ ("Take the like back"), NULL },
  { "rewatch", 0, G_OPTION_ARG_NONE, PLACE (rewatch), N_ ("Not for the first time"), NULL },
  { "unfinished", 0, G_OPTION_ARG_NONE, PLACE (unfinished), N_ ("Did not watch it to the end"),
    NULL },
  { "finished", 0, G_OPTION_ARG_NONE, PLACE (finished), N_ ("Did watch it to the end"), NULL },
  { "review", 0, G_OPTION_ARG_STRING, PLACE (review), N_ ("The review; “-” reads standard input"),
    N_ ("TEXT") },
  { "tag", 't', G_OPTION_ARG_STRING_ARRAY, PLACE (tags),
    N_ ("A tag; give it again for more; “-TAG” takes one off"), N_ ("TAG") },
  { "spoiler", 0, G_OPTION_ARG_NONE, PLACE (spoiler), N_ ("The review gives something away"),
    NULL },
  { "note", 0, G_OPTION_ARG_STRING, PLACE (note), N_ ("A note on why"), N_ ("TEXT") },
  { "seen", 0, G_OPTION_ARG_NONE, PLACE (seen), N_ ("Has been seen"), NULL },
  { "unseen", 0, G_OPTION_ARG_NONE, PLACE (unseen), N_ ("Has not been seen"), NULL },
  { "hide", 0, G_OPTION_ARG_NONE, PLACE (hide), N_ ("Not interested: do not recommend it"), NULL },
  { "unhide", 0, G_OPTION_ARG_NONE, PLACE (unhide), N_ ("Recommend it again"), NULL },
  { "name", 0, G_OPTION_ARG_STRING, PLACE (name), N_ ("The new name"), N_ ("NAME") },
  { "description", 0, G_OPTION_ARG_STRING, PLACE (description), N_ ("What the list is about"),
    N_ ("TEXT") },
  { "ranked", 0, G_OPTION_ARG_NONE, PLACE (ranked), N_ ("The order of the list counts"), NULL },
  { "unranked", 0, G_OPTION_ARG_NONE, PLACE (unranked), N_ ("The order does not count"), NULL },
  { "bio", 0, G_OPTION_ARG_STRING, PLACE (bio), N_ ("A few words about yourself"), N_ ("TEXT") },
  { "limit", 'n', G_OPTION_ARG_INT, PLACE (limit), N_ ("At most so many"), N_ ("N") },
  { "wait", 'w', G_OPTION_ARG_INT, PLACE (wait), N_ ("Give up after so many seconds"),
    N_ ("SECONDS") },
};

static const char environment_help[] = N_ (
    "Environment:\n"
    "  RAFILM_PASSWORD   the password, where no terminal asks for it\n"
    "  RAFILM_API_URL, RAFILM_SOCKET_URL, RAFILM_COGNITO_URL, RAFILM_COGNITO_CLIENT,\n"
    "  RAFILM_COGNITO_POOL, RAFILM_IMAGES_URL\n"
    "                    where the cloud is, instead of what was built in\n"
    "  RAFILM_CLOCK_OFFSET\n"
    "                    seconds that this program’s clock is ahead of the system’s, for tests\n"
    "  RAFILM_KEYRING    “file” keeps the sign-in in the profile’s folder, “session” nowhere;\n"
    "                    otherwise the keyring, or the file where no keyring answers\n"
    "\n"
    "Exit status: 0 when all went well, 1 when something failed (standard error says what),\n"
    "2 for a wrong use.");

static gboolean
takes_option (const RafilmCliCommand *command, const char *name)
{
  g_auto (GStrv) names = g_strsplit (command->options, " ", -1);

  return g_str_equal (name, "json") || g_str_equal (name, "profile")
         || g_strv_contains ((const char *const *) names, name);
}

static GOptionContext *
make_context (const RafilmCliCommand *command, RafilmCliOptions *values)
{
  g_autofree char *usage = g_strconcat (command->name, " ", command->arguments, NULL);
  GOptionContext *context = g_option_context_new (g_strchomp (usage));
  g_autofree char *description =
      g_strconcat (command->help != NULL ? _ (command->help) : "",
                   command->help != NULL ? "\n\n" : "", _ (environment_help), NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const Option *option = &options[i];
      GOptionEntry entries[2] = { { option->name, option->letter, 0, option->type,
                                    (char *) values + option->place, option->meaning,
                                    option->value },
                                  { NULL } };

      if (takes_option (command, option->name))
        g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    }
  g_option_context_set_summary (context, _ (command->summary));
  g_option_context_set_description (context, description);

  return context;
}

const RafilmCliCommand *
rafilm_cli_command_find (const char *name)
{
  for (const RafilmCliCommand *command = rafilm_cli_commands; command->name != NULL; command++)
    if (g_str_equal (command->name, name))
      return command;

  return NULL;
}

char *
rafilm_cli_dup_help (void)
{
  GString *help = g_string_new (_ ("Usage: rafilm-cli COMMAND [OPTION…]\n\n"
                                   "The film diary from a terminal. Everything but what needs "
                                   "the network works without it;\n"
                                   "“sync” sends it later.\n\n"));

  for (const RafilmCliCommand *command = rafilm_cli_commands; command->name != NULL; command++)
    g_string_append_printf (help, "  %-12s%s\n", command->name, _ (command->summary));
  g_string_append (help, _ ("\n“rafilm-cli COMMAND --help” tells more.\n\n"));
  g_string_append (help, _ (environment_help));
  g_string_append_c (help, '\n');

  return g_string_free_and_steal (help);
}

/* The options that every command has may stand before it; the command is moved to the front. */
static void
bring_command_first (GStrv words)
{
  guint at = 1;
  char *command;

  while (words[at] != NULL)
    {
      if (g_str_equal (words[at], "--profile") && words[at + 1] != NULL)
        at += 2;
      else if (g_str_equal (words[at], "--json") || g_str_has_prefix (words[at], "--profile="))
        at++;
      else
        break;
    }
  if (words[at] == NULL)
    return;

  command = words[at];
  for (; at > 1; at--)
    words[at] = words[at - 1];
  words[1] = command;
}

gboolean
rafilm_cli_parse (RafilmCli *self, char ***argv, GError **error)
{
  g_autoptr (GOptionContext) context = NULL;
  g_auto (GStrv) rest = NULL;
  guint n_arguments;

  g_return_val_if_fail (self != NULL && argv != NULL && (*argv)[0] != NULL, FALSE);

  if ((*argv)[1] == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Which command?"));
      return FALSE;
    }
  bring_command_first (*argv);
  self->command = rafilm_cli_command_find ((*argv)[1]);
  if (self->command == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
                   _ ("There is no command “%s”"), (*argv)[1]);
      return FALSE;
    }

  self->options.limit = -1;
  self->options.wait = -1;
  context = make_context (self->command, &self->options);
  rest = g_strdupv (*argv + 1);
  g_set_str (&rest[0], "rafilm-cli");
  if (!g_option_context_parse_strv (context, &rest, error))
    return FALSE;

  /* Words after "--" are words, whatever they look like. */
  self->arguments = g_strdupv (rest + 1);
  if (self->arguments[0] != NULL && g_str_equal (self->arguments[0], "--"))
    {
      g_free (self->arguments[0]);
      for (guint i = 0; self->arguments[i] != NULL; i++)
        self->arguments[i] = self->arguments[i + 1];
    }
  n_arguments = g_strv_length (self->arguments);
  if (n_arguments < self->command->min_arguments || n_arguments > self->command->max_arguments)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("Usage: rafilm-cli %s %s"),
                   self->command->name, self->command->arguments);
      return FALSE;
    }
  self->folder = self->options.profile != NULL ? g_strdup (self->options.profile) : NULL;

  return TRUE;
}

void
rafilm_cli_clear (RafilmCli *self)
{
  g_clear_object (&self->store);
  g_clear_object (&self->api);
  g_clear_object (&self->account);
  g_clear_object (&self->keyring);
  g_clear_object (&self->http);
  g_clear_pointer (&self->endpoints, rafilm_endpoints_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->arguments, g_strfreev);
  g_clear_pointer (&self->options.profile, g_free);
  g_clear_pointer (&self->options.date, g_free);
  g_clear_pointer (&self->options.rating, g_free);
  g_clear_pointer (&self->options.review, g_free);
  g_clear_pointer (&self->options.tags, g_strfreev);
  g_clear_pointer (&self->options.note, g_free);
  g_clear_pointer (&self->options.name, g_free);
  g_clear_pointer (&self->options.description, g_free);
  g_clear_pointer (&self->options.bio, g_free);
}
