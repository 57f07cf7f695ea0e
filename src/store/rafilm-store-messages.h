/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "rafilm-store.h"

G_BEGIN_DECLS

/** What one conversation may hold; the oldest messages make room. */
#define RAFILM_STORE_MAX_MESSAGES 1000

/**
 * RafilmStoreMessage:
 * @conversation: the conversation's id
 * @id: the message's id, unique in its conversation
 * @role: "user" or "assistant"
 * @text: what was said
 * @films: (nullable) (element-type gint64): the films that it shows
 * @at: milliseconds since 1970
 * @state: as the conversation numbers its states
 *
 * A message of the chat. Kept on this computer only.
 */
typedef struct
{
  char *conversation;
  char *id;
  char *role;
  char *text;
  GArray *films;
  gint64 at;
  int state;
} RafilmStoreMessage;

#define RAFILM_TYPE_STORE_MESSAGE (rafilm_store_message_get_type ())
GType rafilm_store_message_get_type (void);
RafilmStoreMessage *rafilm_store_message_copy (const RafilmStoreMessage *self);
void rafilm_store_message_free (RafilmStoreMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RafilmStoreMessage, rafilm_store_message_free)

/**
 * rafilm_store_put_message:
 * @message: copied; takes the place of one with the same conversation and id
 *
 * Returns: (transfer full): resolves to a boolean
 */
DexFuture *rafilm_store_put_message (RafilmStore *self,
                                     const RafilmStoreMessage *message) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_messages:
 * @limit: the newest ones; 0 for all
 *
 * Returns: (transfer full): resolves to a boxed GPtrArray of RafilmStoreMessage, oldest first
 */
DexFuture *rafilm_store_list_messages (RafilmStore *self, const char *conversation,
                                       guint limit) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_store_list_conversations:
 *
 * Returns: (transfer full): resolves to a boxed GPtrArray of RafilmStoreMessage: the first message
 *   of each conversation, the conversation that was used last first
 */
DexFuture *rafilm_store_list_conversations (RafilmStore *self) G_GNUC_WARN_UNUSED_RESULT;

/** Resolves to a boolean. */
DexFuture *rafilm_store_delete_message (RafilmStore *self, const char *conversation,
                                        const char *id) G_GNUC_WARN_UNUSED_RESULT;
/** Resolves to a boolean. */
DexFuture *rafilm_store_delete_conversation (RafilmStore *self,
                                             const char *conversation) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
