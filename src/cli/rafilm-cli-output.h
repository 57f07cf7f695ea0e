/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"

G_BEGIN_DECLS

/* What is printed: lines for people, or one JSON value a run for programs. JSON names are the
 * product's words; ratings are half stars; a missing value is null. */

/** Prints a line for people, and nothing with --json. */
void rafilm_cli_say (RafilmCli *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** Prints @node (transfer full) with --json, and nothing without. */
void rafilm_cli_show (RafilmCli *self, JsonNode *node);

/** Prints {"NAME": value} of one string, with --json. */
void rafilm_cli_show_string (RafilmCli *self, const char *name, const char *value);

/** {"id", "title", "year", "runtime", "genres", "directors", "rating", "like", "seen",
 * "hidden", "watchlist", "note"} */
JsonNode *rafilm_cli_film_to_json (RafilmFilm *film);

/** {"id", "film", "date", "rating", "liked", "rewatch", "finished", "review", "spoiler", "tags",
 * "versions", "pending"} */
JsonNode *rafilm_cli_viewing_to_json (RafilmViewing *viewing);

/** {"id", "record", "kind", "field", "text", "by", "at"} of a RafilmVersion. */
JsonNode *rafilm_cli_version_to_json (gpointer item);

/** A JSON array of what @to_json makes of the items. */
JsonNode *rafilm_cli_model_to_json (GListModel *model, JsonNode *(*to_json) (gpointer item));

/** "Heat (1995)" */
char *rafilm_cli_dup_film_name (RafilmFilm *film);

/** "949  Heat (1995) · Michael Mann · 170 min · ★★★★½" */
char *rafilm_cli_dup_film_line (RafilmFilm *film);

/** A viewing in a few lines: date, film, rating, marks, tags, id, review. */
char *rafilm_cli_dup_viewing_text (RafilmViewing *viewing);

G_END_DECLS
