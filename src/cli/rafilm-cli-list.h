/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"

G_BEGIN_DECLS

/**
 * rafilm_cli_find_list:
 * @text: a list's id, the beginning of one, or the list's name
 *
 * Returns: (transfer full): the list, or %NULL with %RAFILM_ERROR_NOT_FOUND
 */
RafilmList *rafilm_cli_find_list (RafilmCli *self, const char *text, GError **error);
/** Likewise, among these. */
RafilmList *rafilm_cli_choose_list (GListModel *lists, const char *text, GError **error);

/**
 * rafilm_cli_list_to_json:
 *
 * {"id", "name", "description", "ranked", "public", "films": [{"film", "note"}]}, the films in the
 * list's order. In a fiber only.
 *
 * Returns: (transfer full): %NULL with an error
 */
JsonNode *rafilm_cli_list_to_json (RafilmCli *self, RafilmList *list, GError **error);

/** Adds all of @lists to @array, as rafilm_cli_list_to_json() gives them. */
gboolean rafilm_cli_lists_to_json (RafilmCli *self, GListModel *lists, JsonArray *array,
                                   GError **error);
/** One line, unless JSON is wanted. */
void rafilm_cli_say_list (RafilmCli *self, RafilmList *list);
void rafilm_cli_say_lists (RafilmCli *self, GListModel *lists);

/**
 * rafilm_cli_list_revert:
 * @before: (nullable): the list before an edit, as rafilm_cli_list_to_json() gives it; %NULL when
 *   there was none
 * @after: (nullable): likewise after it
 * @now: (nullable): likewise now
 *
 * Adds to @edit what takes the edit back, but for what was changed again since.
 */
void rafilm_cli_list_revert (RafilmEdit *edit, JsonObject *before, JsonObject *after,
                             JsonObject *now);

G_END_DECLS
