/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions against moto (DynamoDB, SSM): a table, a context, events as API Gateway makes them.
 */
#pragma once

#include "rafilm-handler.h"

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GPid moto;
  char *url; /* of moto */
  RafilmSettings *settings;
  RafilmContext *context;
} CloudFixture;

/* Starts moto on a free port and makes the table (pk, sk, LSI bySeq (pk, q)), with the table's name
 * and all endpoints in the environment. Variables that a test wants to be set otherwise (e.g.
 * RAFILM_TMDB_URL) must be set before. */
CloudFixture *cloud_fixture_new (void);
void cloud_fixture_free (CloudFixture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CloudFixture, cloud_fixture_free)

/* Empties nothing, but gives the next tests a table of their own. */
void cloud_fixture_new_table (CloudFixture *self);

/* A REST event, format 1.0. `resource` as in the template ("/v1/films/{id}"). `uid` NULL = a public
 * route. `query` and `parameters` are JSON objects of texts, taken, or NULL; `body` is taken, or
 * NULL. */
json_t *cloud_rest_event (const char *method, const char *resource, const char *uid,
                          json_t *parameters, json_t *query, json_t *body);

/* A message over the socket: route "$connect", "$disconnect", "ping", "chat" … `body` is taken. */
json_t *cloud_socket_event (const char *route, const char *connection, const char *uid,
                            gint64 expires, json_t *body);

/* Calls the handler as the runtime would (with a deadline); takes the event. */
json_t *cloud_fixture_call (CloudFixture *self, RafilmHandlerFunc handler, json_t *event);

int cloud_answer_status (const json_t *answer);
json_t *cloud_answer_body (const json_t *answer); /* new reference; NULL when it has none */

/* "a.b.0.c" of a JSON value as text: the text itself, or the value in JSON; "" when absent. */
char *cloud_json_at (const json_t *json, const char *path);

#define cloud_assert_json(json, path, expected)                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *cloud_found = cloud_json_at (json, path);                                     \
    g_assert_cmpstr (cloud_found, ==, expected);                                                   \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
