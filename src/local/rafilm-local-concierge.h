/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the Bedrock stand-in says: no language model, but rules that behave as a good one does
 * with the tools it is offered. It looks a named film up, asks for recommendations under the
 * person's conditions, looks up runtimes where they matter, and names only films that a tool
 * gave, each with a reason made from the facts in the results. The same request always gives the
 * same answer. */

/**
 * RafilmLocalToolCall:
 * @id: e.g. "tooluse_3f6c…"
 */
typedef struct
{
  char *id;
  char *name;
  JsonObject *input;
} RafilmLocalToolCall;

/**
 * RafilmLocalReply:
 * @text: (nullable): the answer, where there are no calls
 * @calls: (element-type RafilmLocalToolCall): the tools to call first
 */
typedef struct
{
  char *text;
  GPtrArray *calls;
} RafilmLocalReply;

/**
 * rafilm_local_concierge_reply:
 * @request: the body of a ConverseStream request
 *
 * Returns: (transfer full) (nullable): what the assistant says next, or %NULL when the request
 *   has no message of the user last
 */
RafilmLocalReply *rafilm_local_concierge_reply (JsonObject *request);
void rafilm_local_reply_free (RafilmLocalReply *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmLocalReply, rafilm_local_reply_free)

G_END_DECLS
