/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Films for one user. In this order, whichever has an answer: the Personalize campaign, when there
 * is one; what Personalize's last batch left in the table (pk U#uid sk R {items}); what is popular.
 * Films that the user has seen, rated or hidden are left out. */
#pragma once

#include "rafilm-handler.h"

#define RAFILM_SUGGESTIONS_MAX 40

typedef struct
{
  size_t limit;      /* 1 to RAFILM_SUGGESTIONS_MAX */
  const char *genre; /* by name, any case; or NULL */
  int year_from;     /* of release; 0 = any */
  int year_to;       /* 0 = any */
  bool include_seen;
} RafilmSuggestionsQuery;

/* {"source":"personalize"|"popular","items":[{"film":short FILM,"score":0.93,"because":[id…]}…]}.
 * New reference; NULL when neither the table nor the catalogue answers. */
json_t *rafilm_suggestions_get (RafilmContext *context, const char *uid,
                                const RafilmSuggestionsQuery *query);
