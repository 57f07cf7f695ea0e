/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The films of the sample catalogue (data/sample/films): what the stand-ins of TMDb, Bedrock and
 * Personalize know. */

/**
 * RafilmLocalFilm:
 *
 * A film's facts. Texts are never %NULL; lists are never %NULL, but may be empty.
 */
typedef struct
{
  gint64 id;
  char *title;
  char *original_title;
  char *language;     /* ISO 639-1 */
  GStrv countries;    /* ISO 3166-1 */
  char *release_date; /* "YYYY-MM-DD", or empty */
  int year;           /* 0 when not known */
  int runtime;        /* minutes, 0 when not known */
  GStrv genres;       /* TMDb's English names */
  GStrv directors;
  GStrv cast;       /* names */
  GStrv characters; /* of the cast, one for each */
  GStrv keywords;
  double popularity;
  char *synopsis;
  GStrv words; /* folded words of both titles, for searching */
} RafilmLocalFilm;

typedef struct _RafilmLocalCatalogue RafilmLocalCatalogue;

/**
 * rafilm_local_catalogue_new:
 * @folder: holds *.json files, each an array of films
 *
 * What is no film, or has the id of one already read, is left out with a warning.
 *
 * Returns: (transfer full) (nullable): the films, or %NULL with an error when the folder or a
 *   file cannot be read
 */
RafilmLocalCatalogue *rafilm_local_catalogue_new (const char *folder, GError **error);
void rafilm_local_catalogue_free (RafilmLocalCatalogue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalCatalogue, rafilm_local_catalogue_free)

/**
 * rafilm_local_catalogue_get_films:
 *
 * Returns: (element-type RafilmLocalFilm): all films, the most popular first
 */
GPtrArray *rafilm_local_catalogue_get_films (RafilmLocalCatalogue *self);

RafilmLocalFilm *rafilm_local_catalogue_find (RafilmLocalCatalogue *self, gint64 id);

/**
 * rafilm_local_catalogue_search:
 * @year: of the release, or 0 for any
 *
 * Films whose titles hold every word of @text, the last one as a beginning; whole titles first,
 * then by popularity.
 *
 * Returns: (transfer container) (element-type RafilmLocalFilm)
 */
GPtrArray *rafilm_local_catalogue_search (RafilmLocalCatalogue *self, const char *text, int year);

/**
 * rafilm_local_catalogue_list_similar:
 *
 * The nearest films by what they share: directors, keywords, genres, cast, years; what few films
 * have counts more.
 *
 * Returns: (transfer container) (element-type RafilmLocalFilm)
 */
GPtrArray *rafilm_local_catalogue_list_similar (RafilmLocalCatalogue *self, RafilmLocalFilm *film,
                                                guint limit);

/**
 * rafilm_local_catalogue_fold:
 *
 * Returns: (transfer full): the words of @text without case and accents
 */
GStrv rafilm_local_catalogue_fold (const char *text);

G_END_DECLS
