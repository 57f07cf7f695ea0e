/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-account.h"
#include "rafilm-api.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/* rafilm-cli: the diary from a terminal. One process runs one command, in a fiber. */

/** What options give; each command names those that it takes. */
typedef struct
{
  gboolean json;
  char *profile;
  gboolean everywhere;
  gboolean merge;
  gboolean use_account;
  gboolean keep_diary;
  char *date;
  char *rating;
  gboolean like;
  gboolean unlike;
  gboolean rewatch;
  gboolean unfinished;
  gboolean finished;
  char *review;
  GStrv tags;
  gboolean spoiler;
  char *note;
  gboolean seen;
  gboolean unseen;
  gboolean hide;
  gboolean unhide;
  char *name;
  char *description;
  gboolean ranked;
  gboolean unranked;
  char *bio;
  int limit;
  int wait;
} RafilmCliOptions;

typedef struct _RafilmCliCommand RafilmCliCommand;

/**
 * RafilmCli:
 * @command: what is run
 * @options: what was given
 * @arguments: the words after the command
 * @folder: the profile's folder
 * @endpoints: where the cloud is; %NULL until rafilm_cli_open_account()
 * @keyring_file: the sign-in is kept in a file, since no keyring answers
 * @store: the diary; %NULL until rafilm_cli_open_store()
 * @undecided: somebody is signed in, and nobody has said yet what becomes of what was kept without
 *   an account; @store is that diary
 *
 * One run of the program.
 */
typedef struct
{
  const RafilmCliCommand *command;
  RafilmCliOptions options;
  GStrv arguments;
  char *folder;
  RafilmEndpoints *endpoints;
  RafilmHttp *http;
  RafilmKeyring *keyring;
  RafilmAccount *account;
  RafilmApi *api;
  RafilmStore *store;
  gboolean undecided;
  gboolean keyring_file;
} RafilmCli;

/**
 * RafilmCliCommand:
 * @name: such as "log"
 * @arguments: as the usage line shows them
 * @summary: one line
 * @help: (nullable): more, with examples
 * @options: names of the options that it takes beside --json and --profile, one space between two
 * @min_arguments: how few words may follow
 * @max_arguments: how many words may follow
 * @run: does it, in a fiber; %FALSE with an error. G_OPTION_ERROR means that it was used wrongly
 */
struct _RafilmCliCommand
{
  const char *name;
  const char *arguments;
  const char *summary;
  const char *help;
  const char *options;
  guint min_arguments;
  guint max_arguments;
  gboolean (*run) (RafilmCli *cli, GError **error);
};

/** All commands; the last one has no name. */
extern const RafilmCliCommand rafilm_cli_commands[];

const RafilmCliCommand *rafilm_cli_command_find (const char *name);

/** What `rafilm-cli --help` prints. */
char *rafilm_cli_dup_help (void);

/**
 * rafilm_cli_parse:
 * @argv: (inout): with the program's name; options are taken out
 *
 * Finds the command and reads its options. Prints the command's help and ends the program when it
 * is asked for.
 *
 * Returns: %FALSE with G_OPTION_ERROR
 */
gboolean rafilm_cli_parse (RafilmCli *self, char ***argv, GError **error);

void rafilm_cli_clear (RafilmCli *self);

/* Session: each opens what is not open yet. */

/** Endpoints, keyring and account. Reads no network. */
gboolean rafilm_cli_open_account (RafilmCli *self, GError **error);

/** Whether the service answers, whatever it says; waits for five seconds at most. */
gboolean rafilm_cli_is_online (RafilmCli *self);

/** The diary of whoever is signed in, or while it is undecided the one that was kept without an
 * account; the account before that. */
gboolean rafilm_cli_open_store (RafilmCli *self, GError **error);

/**
 * rafilm_cli_settle_arrival:
 *
 * While it is undecided: opens the account's diary and merges, or doesn't, as --merge and
 * --use-account say. Without either it shows the numbers and fails, and nothing has changed.
 */
gboolean rafilm_cli_settle_arrival (RafilmCli *self, GError **error);

/** Writes down what is to be written and closes the diary. */
gboolean rafilm_cli_close_store (RafilmCli *self, GError **error);

/**
 * rafilm_cli_ask:
 *
 * Returns: (transfer full) (nullable): the line that was typed, without spaces around it; %NULL
 *   where nobody sits at a terminal
 */
char *rafilm_cli_ask (const char *prompt);

/**
 * rafilm_cli_read_password:
 * @prompt: what to show on a terminal
 * @twice: ask again, and compare
 *
 * From RAFILM_PASSWORD, or from the terminal without showing it.
 *
 * Returns: (transfer full) (nullable): to be freed with rafilm_cli_password_free()
 */
char *rafilm_cli_read_password (const char *prompt, gboolean twice, GError **error);
void rafilm_cli_password_free (char *password);
typedef char RafilmCliPassword;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmCliPassword, rafilm_cli_password_free)

G_END_DECLS
