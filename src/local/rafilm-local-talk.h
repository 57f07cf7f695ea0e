/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-local-wish.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * RafilmLocalTalk:
 *
 * A conversation as the concierge sees it: what was asked last, which tools there are, what was
 * called since, and what came back.
 */
typedef struct
{
  char *question;
  RafilmLocalWish *wish;
  GHashTable *tools;    /* name -> JsonObject of its properties */
  GHashTable *called;   /* names of tools called since the question */
  GPtrArray *found;     /* JsonObject: films that search_films gave */
  GPtrArray *suggested; /* JsonObject: films that recommend gave */
  GHashTable *details;  /* id (gint64 in a pointer) -> JsonObject that film gave */
  GPtrArray *entries;   /* JsonObject: what diary gave */
  gboolean must_call;   /* toolChoice is "any" or names a tool */
} RafilmLocalTalk;

/**
 * rafilm_local_talk_new:
 * @request: the body of a ConverseStream request
 *
 * Returns: (transfer full) (nullable)
 */
RafilmLocalTalk *rafilm_local_talk_new (JsonObject *request);
void rafilm_local_talk_free (RafilmLocalTalk *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalTalk, rafilm_local_talk_free)

/**
 * rafilm_local_talk_get_seed:
 *
 * Returns: (nullable): the film that the question names, where a search found it
 */
JsonObject *rafilm_local_talk_get_seed (RafilmLocalTalk *self);

/**
 * rafilm_local_talk_get_runtime:
 *
 * Returns: the minutes of a film as far as a tool told, 0 when not known
 */
int rafilm_local_talk_get_runtime (RafilmLocalTalk *self, JsonObject *film);

/**
 * rafilm_local_talk_list_candidates:
 *
 * Returns: (transfer container): the suggested films that fit the wish as far as is known
 */
GPtrArray *rafilm_local_talk_list_candidates (RafilmLocalTalk *self);

/**
 * rafilm_local_talk_needs_runtime:
 *
 * Returns: whether the wish is about length
 */
gboolean rafilm_local_talk_needs_runtime (RafilmLocalTalk *self);

G_END_DECLS
