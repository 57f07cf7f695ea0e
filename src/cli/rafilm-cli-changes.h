/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"

#include "rafilm-store-sync.h"

G_BEGIN_DECLS

/**
 * rafilm_cli_load_changes:
 * @ret_waiting: (out): (element-type RafilmPendingChange): what waits to be sent, oldest first
 * @ret_refused: (out): likewise what the server refused for good
 *
 * In a fiber only.
 */
gboolean rafilm_cli_load_changes (RafilmCli *self, GPtrArray **ret_waiting, GPtrArray **ret_refused,
                                  GError **error);

/** One line a change, at most @limit of them, and how many more there are; 0 for all. */
void rafilm_cli_say_changes (RafilmCli *self, GPtrArray *changes, guint limit);

/** [{"n", "kind", "id", "film", "fields", "at", "sent", "code", "reason", "text"}] */
JsonNode *rafilm_cli_changes_to_json (GPtrArray *changes);

/** The words for why the server refused a change: for "bad:size", "too large". */
const char *rafilm_cli_get_reason (const char *code);

G_END_DECLS
