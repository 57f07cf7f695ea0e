/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-title-index.h"

G_BEGIN_DECLS

/* Understands what people ask in English. Pure: no mirror, no clock. The words are not translated,
 * since sentences are built differently elsewhere; a request in another language is understood only
 * by the titles in it. */

/**
 * RafilmRequestKind:
 * @RAFILM_REQUEST_NONE: not understood
 * @RAFILM_REQUEST_HELP: what can you do?
 * @RAFILM_REQUEST_GREETING: hello
 * @RAFILM_REQUEST_THANKS: thank you
 * @RAFILM_REQUEST_RECOMMEND: what to watch
 * @RAFILM_REQUEST_LIST: films of the diary, the watchlist, a person
 * @RAFILM_REQUEST_COUNT: how many of them
 * @RAFILM_REQUEST_TIME: how much time was spent
 * @RAFILM_REQUEST_AVERAGE: the mean rating
 * @RAFILM_REQUEST_FAVOURITE: the director, genre or decade watched most
 * @RAFILM_REQUEST_FACT: something about one film
 * @RAFILM_REQUEST_MORE: more of the same as before
 */
typedef enum
{
  RAFILM_REQUEST_NONE,
  RAFILM_REQUEST_HELP,
  RAFILM_REQUEST_GREETING,
  RAFILM_REQUEST_THANKS,
  RAFILM_REQUEST_RECOMMEND,
  RAFILM_REQUEST_LIST,
  RAFILM_REQUEST_COUNT,
  RAFILM_REQUEST_TIME,
  RAFILM_REQUEST_AVERAGE,
  RAFILM_REQUEST_FAVOURITE,
  RAFILM_REQUEST_FACT,
  RAFILM_REQUEST_MORE,
} RafilmRequestKind;

/* Which films; ANY leaves it to the kind: a recommendation is of unseen films. */
typedef enum
{
  RAFILM_SCOPE_ANY,
  RAFILM_SCOPE_UNSEEN,
  RAFILM_SCOPE_SEEN,
  RAFILM_SCOPE_WATCHLIST,
  RAFILM_SCOPE_LIKED,
  RAFILM_SCOPE_UNFINISHED,
} RafilmScope;

typedef enum
{
  RAFILM_ORDER_NONE,
  RAFILM_ORDER_BEST,
  RAFILM_ORDER_WORST,
  RAFILM_ORDER_RECENT,
  RAFILM_ORDER_OLDEST,
  RAFILM_ORDER_LONGEST,
  RAFILM_ORDER_SHORTEST,
} RafilmOrder;

/* What is asked about one film. */
typedef enum
{
  RAFILM_FACT_ALL,
  RAFILM_FACT_DIRECTOR,
  RAFILM_FACT_CAST,
  RAFILM_FACT_RUNTIME,
  RAFILM_FACT_YEAR,
  RAFILM_FACT_SEEN,
  RAFILM_FACT_RATING,
  RAFILM_FACT_REVIEW,
  RAFILM_FACT_TIMES,
} RafilmFact;

typedef enum
{
  RAFILM_PERSON_ANY,
  RAFILM_PERSON_DIRECTOR,
  RAFILM_PERSON_ACTOR,
} RafilmPersonRole;

typedef enum
{
  RAFILM_FAVOURITE_DIRECTOR,
  RAFILM_FAVOURITE_GENRE,
  RAFILM_FAVOURITE_DECADE,
} RafilmFavourite;

/* How the films should be beside @film of the request. */
typedef enum
{
  RAFILM_RELATION_LIKE = 1 << 0,
  RAFILM_RELATION_SHORTER = 1 << 1,
  RAFILM_RELATION_LONGER = 1 << 2,
  RAFILM_RELATION_OLDER = 1 << 3,
  RAFILM_RELATION_NEWER = 1 << 4,
} RafilmRelations;

#define RAFILM_REQUEST_MAX_GENRES 3
#define RAFILM_REQUEST_MAX_LIMIT 20

/**
 * RafilmRequest:
 * @kind: what is asked
 * @film: the film that it is about, or that the films should resemble; 0 for none
 * @others: (nullable) (element-type gint64): other films of that title, where no year was given
 * @unknown_title: (nullable): a title that the index doesn't have, as it was typed
 * @person: (nullable): a name, as it was typed
 * @topic: (nullable): what the films should be about
 * @tag: (nullable): a tag of the diary
 * @ignored: (nullable): words that were not understood
 * @genres: TMDb's English names
 * @n_genres: how many; all apply
 * @without: a genre that is not wanted
 * @language: (nullable): ISO 639-1
 * @min_year: of release; 0 for any, as the next three
 * @min_runtime: minutes
 * @min_rating: half stars, of one's own rating
 * @from: the first day of a time in the diary; empty for any
 * @to: the last day
 * @limit: how many films; 0 for what is usual
 * @surprise: any will do
 */
typedef struct
{
  RafilmRequestKind kind;
  RafilmScope scope;
  RafilmOrder order;
  RafilmFact fact;
  RafilmFavourite favourite;
  RafilmRelations relations;
  RafilmPersonRole role;
  gint64 film;
  GArray *others;
  char *unknown_title;
  char *person;
  char *topic;
  char *tag;
  char *ignored;
  const char *genres[RAFILM_REQUEST_MAX_GENRES];
  guint n_genres;
  const char *without;
  const char *language;
  int min_year;
  int max_year;
  int min_runtime;
  int max_runtime;
  int min_rating;
  int max_rating;
  char from[11];
  char to[11];
  guint limit;
  gboolean surprise;
} RafilmRequest;

void rafilm_request_copy (const RafilmRequest *self, RafilmRequest *ret_copy);
void rafilm_request_clear (RafilmRequest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RafilmRequest, rafilm_request_clear)

/**
 * rafilm_concierge_parse:
 * @text: what the person typed
 * @today: "YYYY-MM-DD"
 * @titles: the titles that are known
 * @ret_request: (out): to be cleared with rafilm_request_clear()
 */
void rafilm_concierge_parse (const char *text, const char *today, RafilmTitleIndex *titles,
                             RafilmRequest *ret_request);

/* Whether @self narrows down which films are meant. */
gboolean rafilm_request_has_constraints (const RafilmRequest *self);

G_END_DECLS
