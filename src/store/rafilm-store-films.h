/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-film.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/** Which films; several flags mean films to which all apply. */
typedef enum
{
  RAFILM_FILM_WATCHED = 1 << 0,
  RAFILM_FILM_WATCHLIST = 1 << 1,
  RAFILM_FILM_LIKED = 1 << 2,
  RAFILM_FILM_UNFINISHED = 1 << 3,
  RAFILM_FILM_KNOWN = 1 << 4, /* the facts are there */
  RAFILM_FILM_RATED = 1 << 5,
  RAFILM_FILM_MINE = 1 << 6, /* seen, rated, liked or on the watchlist */
} RafilmFilmFlags;

typedef enum
{
  RAFILM_FILM_SORT_RECENT, /* the newest viewing, then what was marked or added last */
  RAFILM_FILM_SORT_TITLE,
  RAFILM_FILM_SORT_YEAR,
  RAFILM_FILM_SORT_RATING,
  RAFILM_FILM_SORT_POPULARITY,
  RAFILM_FILM_SORT_ADDED, /* when it came on the watchlist */
} RafilmFilmSort;

/**
 * RafilmFilmQuery:
 * @flags: which films; 0 for all
 * @genre: (nullable): TMDb's English genre name
 * @decade: such as 1990; 0 for all
 * @min_rating: half stars; 0 for all
 * @sort: the order
 * @descending: the other way round: newest, best, most popular first; Z to A
 * @limit: 0 for all
 * @offset: how many to leave out at the beginning
 */
typedef struct
{
  RafilmFilmFlags flags;
  const char *genre;
  int decade;
  int min_rating;
  RafilmFilmSort sort;
  gboolean descending;
  guint limit;
  guint offset;
} RafilmFilmQuery;

/**
 * rafilm_store_list_films:
 * @query: copied
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmFilm. Its films have all that a
 *   poster shows; overview, cast, keywords and similar films come by rafilm_store_get_film().
 */
DexFuture *rafilm_store_list_films (RafilmStore *self,
                                    const RafilmFilmQuery *query) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_get_film:
 *
 * Returns: (transfer full): resolves to a RafilmFilm with all its facts; one that is only an id
 *   when the mirror doesn't know it. The same object for the same film as long as it lives.
 */
DexFuture *rafilm_store_get_film (RafilmStore *self, gint64 id) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_get_films:
 * @ids: (element-type gint64): copied
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmFilm in the order of @ids
 */
DexFuture *rafilm_store_get_films (RafilmStore *self, GArray *ids) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_search:
 * @text: words and operators as rafilm-search-query.h describes them
 * @limit: 0 for all
 *
 * Searches titles, directors, cast, keywords, tags, reviews and notes, by prefixes. Titles that
 * begin with the text come first, then titles that have its words, then the rest; and in each of
 * these the diary's own films, then the most popular ones.
 *
 * Returns: (transfer full): resolves to a GListModel of RafilmFilm
 */
DexFuture *rafilm_store_search (RafilmStore *self, const char *text,
                                guint limit) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_genres:
 *
 * Returns: (transfer full): resolves to a GStrv of the genres of the diary's films, most frequent
 *   first
 */
DexFuture *rafilm_store_list_genres (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_put_films:
 * @films: (element-type RafilmFilm): their facts are stored; their state is not looked at
 *
 * Facts are not synced. Facts without details (as a search brings them) never replace the details
 * that are there.
 *
 * Returns: (transfer full): resolves to a boolean
 */
DexFuture *rafilm_store_put_films (RafilmStore *self, GPtrArray *films) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_missing_films:
 *
 * Returns: (transfer full): resolves to a boxed GArray of gint64: films of the diary, the watchlist
 * and lists whose facts were never fetched
 */
DexFuture *rafilm_store_list_missing_films (RafilmStore *self,
                                            guint limit) G_GNUC_WARN_UNUSED_RESULT;

/** What the recommender learns from: one film's state in eight bytes and four. */
typedef struct
{
  gint64 film;
  int rating; /* half stars, 0 for none */
  guint like : 1;
  guint seen : 1;
  guint hidden : 1;
  guint watchlist : 1;
} RafilmTaste;

/**
 * rafilm_store_list_taste:
 *
 * Returns: (transfer full): resolves to a boxed GArray of RafilmTaste, by ascending film
 */
DexFuture *rafilm_store_list_taste (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
