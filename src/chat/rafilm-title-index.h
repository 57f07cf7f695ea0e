/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-film.h"

G_BEGIN_DECLS

/**
 * rafilm_title_normalise:
 *
 * Returns: (transfer full): @text as titles are compared: lower case, without accents and
 *   apostrophes, one blank for whatever else is no letter or digit, "and" for "&"
 */
char *rafilm_title_normalise (const char *text);

/**
 * RafilmTitleIndex:
 *
 * Finds films by the whole title, the original one too. Plain memory, made from what the mirror
 * knows.
 */
typedef struct _RafilmTitleIndex RafilmTitleIndex;

RafilmTitleIndex *rafilm_title_index_new (void);
void rafilm_title_index_free (RafilmTitleIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmTitleIndex, rafilm_title_index_free)

/* Adds a film whose facts are known; others are left out. */
void rafilm_title_index_add (RafilmTitleIndex *self, RafilmFilm *film);

/**
 * rafilm_title_index_find:
 * @title: normalised
 * @year: the year that was given with it, or 0. A release may be a year off; a film of an exact
 *   year goes before.
 * @ret_others: (out) (optional) (nullable) (transfer full) (element-type gint64): other films of
 *   that title that fit as well
 *
 * A title matches whole, without its article ("Godfather"), or by what stands before a colon
 * ("Star Wars"), in that order. Of several films, one of the diary goes before, then the more
 * popular one.
 *
 * Returns: the id of a film, or 0
 */
gint64 rafilm_title_index_find (RafilmTitleIndex *self, const char *title, int year,
                                GArray **ret_others);

G_END_DECLS
