/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One request in a test's fiber. */

typedef struct
{
  guint status;
  SoupMessageHeaders *headers;
  GBytes *body;
  JsonObject *object; /* NULL when the body is none */
} LocalAnswer;

/**
 * local_client_send:
 * @headers: (nullable): pairs of name and value, %NULL-terminated
 */
LocalAnswer *local_client_send (const char *method, const char *uri, const char *const *headers,
                                GBytes *body);
LocalAnswer *local_client_get (const char *base, const char *path);
void local_answer_free (LocalAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LocalAnswer, local_answer_free)

/**
 * local_server_new:
 * @ret_address: (out): "http://127.0.0.1:PORT"
 */
SoupServer *local_server_new (char **ret_address);

G_END_DECLS
