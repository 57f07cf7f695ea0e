/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions: a table from the name in _HANDLER to the C function that answers an event. */
#pragma once

#include "rafilm-answer.h"
#include "rafilm-connections.h"
#include "rafilm-jwt.h"
#include "rafilm-tmdb.h"

/* Lives as long as the sandbox; what is of one invocation is said to be. */
typedef struct
{
  const RafilmSettings *settings;
  RafilmHttpClient *http;        /* ordinary calls */
  RafilmHttpClient *stream_http; /* long answers; ordinary calls can be made while one is read */
  RafilmAws *aws;
  RafilmDynamodb *dynamodb;
  RafilmConnections *connections;
  RafilmTmdb *tmdb;
  RafilmJwt *jwt;

  /* of this invocation */
  char request_id[64];
  int64_t deadline;  /* ms of 1970 */
  const char *route; /* for metrics: "GET /v1/films/{id}", "$connect" …; set by the handler, static
                        or borrowed from the event */
} RafilmContext;

/* Takes an event (borrowed) and returns the answer, a new reference; NULL is an invocation error.
 * REST events have format 1.0; make their answers with rafilm-answer.h. */
typedef json_t *(*RafilmHandlerFunc) (RafilmContext *context, json_t *event);

/* NULL when there is none of that name. */
RafilmHandlerFunc rafilm_handler_find (const char *name);

RafilmContext *rafilm_context_new (const RafilmSettings *settings);
void rafilm_context_free (RafilmContext *self);

json_t *rafilm_authorizer_handler (RafilmContext *context, json_t *event);
json_t *rafilm_connect_handler (RafilmContext *context, json_t *event);
json_t *rafilm_films_handler (RafilmContext *context, json_t *event);
json_t *rafilm_recommendations_handler (RafilmContext *context, json_t *event);
json_t *rafilm_chat_handler (RafilmContext *context, json_t *event);
json_t *rafilm_chat_worker_handler (RafilmContext *context, json_t *event);
json_t *rafilm_sync_handler (RafilmContext *context, json_t *event);
json_t *rafilm_account_handler (RafilmContext *context, json_t *event);
json_t *rafilm_account_worker_handler (RafilmContext *context, json_t *event);
json_t *rafilm_publisher_handler (RafilmContext *context, json_t *event);
json_t *rafilm_reviews_handler (RafilmContext *context, json_t *event);
json_t *rafilm_interactions_handler (RafilmContext *context, json_t *event);
json_t *rafilm_training_clean_handler (RafilmContext *context, json_t *event);
json_t *rafilm_training_export_handler (RafilmContext *context, json_t *event);
json_t *rafilm_training_guard_handler (RafilmContext *context, json_t *event);
json_t *rafilm_training_load_handler (RafilmContext *context, json_t *event);
