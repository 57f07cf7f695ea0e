/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a person types into the search, as a value: no database here.
 *
 *   heat pacino            films that have words beginning with both
 *   "the heat"             the same as the heat; quotes hold an operator's words together
 *   director:mann          director:"michael mann", actor:, keyword:
 *   tag:cinema             a whole tag; genre:crime: a part of a genre's name
 *   year:1995              year:1990..1999, year:1990.., year:..1999, year:>=1990
 *   rating:8               rating:>=8, rating:7..9, in half stars
 *   is:watchlist           watched, liked, unfinished, rated
 *
 * Letter case doesn't matter. What looks like an operator but isn't is searched as words. */

#define RAFILM_SEARCH_MAX_TEXT 1000 /* bytes that are looked at */
#define RAFILM_SEARCH_MAX_WORDS 24

typedef enum
{
  RAFILM_SEARCH_WATCHED = 1 << 0,
  RAFILM_SEARCH_WATCHLIST = 1 << 1,
  RAFILM_SEARCH_LIKED = 1 << 2,
  RAFILM_SEARCH_UNFINISHED = 1 << 3,
  RAFILM_SEARCH_RATED = 1 << 4,
} RafilmSearchFlags;

/**
 * RafilmSearchQuery:
 * @words: (element-type utf8): free words
 * @fields: (element-type utf8): FTS5 expressions of the operators on indexed columns
 * @tags: (element-type utf8): all of which the film's viewings must have
 * @genres: (element-type utf8): lower case
 * @min_year, @max_year: 0 for none
 * @min_rating, @max_rating: half stars; 0 for none
 * @flags: all of which must apply
 */
typedef struct
{
  GPtrArray *words;
  GPtrArray *fields;
  GPtrArray *tags;
  GPtrArray *genres;
  int min_year;
  int max_year;
  int min_rating;
  int max_rating;
  RafilmSearchFlags flags;
} RafilmSearchQuery;

/** Never fails. */
RafilmSearchQuery *rafilm_search_query_parse (const char *text);
void rafilm_search_query_free (RafilmSearchQuery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmSearchQuery, rafilm_search_query_free)

/** Whether it asks for nothing. */
gboolean rafilm_search_query_is_empty (const RafilmSearchQuery *self);

/**
 * rafilm_search_query_match_title:
 *
 * Returns: (transfer full) (nullable): the FTS5 expression for titles that begin with the words
 *   (@anchored) or have them; %NULL when there are no words
 */
char *rafilm_search_query_match_title (const RafilmSearchQuery *self, gboolean anchored);

/**
 * rafilm_search_query_match_all:
 *
 * Returns: (transfer full) (nullable): the FTS5 expression for all columns, with the operators
 */
char *rafilm_search_query_match_all (const RafilmSearchQuery *self);

G_END_DECLS
