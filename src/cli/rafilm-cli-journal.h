/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"

G_BEGIN_DECLS

/* The mirror's own undo lasts as long as a program runs, and here every command is a run. So the
 * newest edits are kept beside the diary, in cli-undo.json: the film and the viewing, or the list,
 * that they changed, before and after. */

#define RAFILM_CLI_JOURNAL_MAX 20

/** What an edit may change: read once before it and once after it. */
typedef struct
{
  RafilmFilm *film;
  char *viewing;
  char *list;
  JsonNode *before;
} RafilmCliJournalEntry;

/**
 * rafilm_cli_journal_begin:
 * @film: the film that the edit is about
 * @viewing: (nullable): the id of the viewing that it makes, changes or deletes
 */
gboolean rafilm_cli_journal_begin (RafilmCli *self, RafilmCliJournalEntry *entry, RafilmFilm *film,
                                   const char *viewing, GError **error);

/** Likewise for an edit that makes, changes or deletes the list @list. */
gboolean rafilm_cli_journal_begin_list (RafilmCli *self, RafilmCliJournalEntry *entry,
                                        const char *list, GError **error);

/**
 * rafilm_cli_journal_end:
 * @label: what was done
 *
 * Keeps the entry, after the edit. A journal that cannot be written is only warned of: the edit
 * is done.
 */
void rafilm_cli_journal_end (RafilmCli *self, RafilmCliJournalEntry *entry, const char *label);

void rafilm_cli_journal_entry_clear (RafilmCliJournalEntry *entry);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmCliJournalEntry, rafilm_cli_journal_entry_clear)

/**
 * rafilm_cli_journal_undo:
 *
 * Takes the newest edit back, but for what was changed again since.
 *
 * Returns: (transfer full): its label; %NULL with %RAFILM_ERROR_NOT_FOUND when there is none
 */
char *rafilm_cli_journal_undo (RafilmCli *self, GError **error);

G_END_DECLS
