/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-conversation.h"

G_BEGIN_DECLS

/* What rafilm-conversation.c (the messages and their writing) and rafilm-conversation-answer.c (how
 * one answer comes about) share. */

typedef struct _RafilmAnswer RafilmAnswer;

struct _RafilmConversation
{
  GObject parent_instance;

  RafilmStore *store;
  RafilmChatLink *link;
  RafilmConcierge *concierge;
  GPtrArray *messages;
  char *id;
  GPtrArray *cleared; /* what rafilm_conversation_clear() took away */
  char *cleared_id;
  DexFuture *loaded;    /* %NULL before rafilm_conversation_load() */
  RafilmAnswer *answer; /* %NULL while none is on its way */
  DexPromise *idle;     /* %NULL while nobody waits */
  guint writes;
  guint patience; /* milliseconds */
};

/* In rafilm-conversation.c. */

/** Writes @message into the history; rafilm_conversation_wait() waits for it. */
void rafilm_conversation_persist (RafilmConversation *self, RafilmMessage *message);
void rafilm_conversation_notify_state (RafilmConversation *self);

/* In rafilm-conversation-answer.c. */

/** Answers the message before @index, which is the person's, with the one there. */
void rafilm_conversation_begin_answer (RafilmConversation *self, guint index);
/** Takes what came over the link; what belongs to no answer on its way is ignored. */
void rafilm_conversation_take_message (RafilmConversation *self, JsonObject *message);

G_END_DECLS
