/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "rafilm-message.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/** So many messages are restored. */
#define RAFILM_CHAT_HISTORY_MAX 400

/* How messages of the chat are kept in the mirror, and how they travel. The number of the state
 * there is RafilmMessageState + 16 × RafilmMessageSource. */

/**
 * rafilm_chat_history_write:
 *
 * Returns: (transfer full): resolves to a boolean when the message, as it is now, is in the mirror
 */
DexFuture *rafilm_chat_history_write (RafilmStore *store, const char *conversation,
                                      RafilmMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_chat_history_await_id:
 *
 * For fibers.
 *
 * Returns: (transfer full) (nullable): the id of the conversation that was used last
 */
char *rafilm_chat_history_await_id (RafilmStore *store);

/**
 * rafilm_chat_history_await_messages:
 *
 * For fibers.
 *
 * Returns: (transfer full) (element-type RafilmMessage) (nullable): oldest first
 */
GPtrArray *rafilm_chat_history_await_messages (RafilmStore *store, const char *conversation,
                                               GError **error);

/**
 * rafilm_chat_history_make_request:
 * @id: of the request
 * @messages: (element-type RafilmMessage): what was said before, oldest first
 * @text: the question
 *
 * Returns: (transfer full): {"action": "chat", …} with the newest turns within
 *   %RAFILM_CONVERSATION_MAX_TURNS and %RAFILM_CONVERSATION_MAX_TURN_BYTES
 */
JsonNode *rafilm_chat_history_make_request (const char *id, const char *conversation,
                                            GPtrArray *messages, const char *text);

/** Returns: (transfer full): {"action": "chat.stop", …} */
JsonNode *rafilm_chat_history_make_stop (const char *id);

G_END_DECLS
