/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-cli.h"

G_BEGIN_DECLS

/* What a person typed, as values. Wrong values are G_OPTION_ERROR_BAD_VALUE. */

/** "4.5", "4½", "9/10" or "none", as half stars. */
gboolean rafilm_cli_parse_rating (const char *text, int *ret_rating, GError **error);

/** "2026-03-01", "today" or "yesterday" as a date; %NULL for "none". */
gboolean rafilm_cli_parse_date (const char *text, char **ret_date, GError **error);

/**
 * rafilm_cli_apply_tags:
 * @tags: (nullable): those that are there
 * @changes: (nullable): "TAG" puts one on, "-TAG" takes one off
 *
 * Returns: (transfer full): the tags afterwards
 */
GStrv rafilm_cli_apply_tags (const char *const *tags, const char *const *changes);

/**
 * rafilm_cli_read_review:
 * @text: the review, or "-" for standard input
 *
 * Returns: (transfer full): the review; %NULL with an error
 */
char *rafilm_cli_read_review (const char *text, GError **error);

/**
 * rafilm_cli_find_film:
 * @text: a film's id; or its title, with or without the year: "Heat", "Heat (1995)", "title:1917"
 *
 * Looks in the mirror first, and online when the mirror doesn't know the film. An id needs no
 * network: the film's facts come later.
 *
 * Returns: (transfer full): the film, or %NULL with %RAFILM_ERROR_NOT_FOUND, whose message lists
 *   films that may have been meant
 */
RafilmFilm *rafilm_cli_find_film (RafilmCli *self, const char *text, GError **error);

/**
 * rafilm_cli_find_viewing:
 * @text: a viewing's id, or the beginning of one of the diary
 *
 * Returns: (transfer full): the viewing, or %NULL with %RAFILM_ERROR_NOT_FOUND
 */
RafilmViewing *rafilm_cli_find_viewing (RafilmCli *self, const char *text, GError **error);
/** Likewise, among these; %NULL without an error when it is none of them. */
RafilmViewing *rafilm_cli_choose_viewing (GListModel *viewings, const char *text, GError **error);

G_END_DECLS
