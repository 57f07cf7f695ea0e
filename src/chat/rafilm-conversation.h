/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rafilm-chat-link.h"
#include "rafilm-concierge.h"
#include "rafilm-message.h"
#include "rafilm-store.h"

G_BEGIN_DECLS

/** The longest text, in bytes, that a person may send. */
#define RAFILM_CONVERSATION_MAX_TEXT 4000

/** How many earlier messages, and how many bytes of them, go with a question; the service takes no
 * more. Of one message no more than %RAFILM_CONVERSATION_MAX_TEXT bytes go along. */
#define RAFILM_CONVERSATION_MAX_TURNS 20
#define RAFILM_CONVERSATION_MAX_TURN_BYTES 19000

/** How long the service may take for the first words of an answer, and between two of them. */
#define RAFILM_CONVERSATION_PATIENCE_SECONDS 20

/**
 * RafilmConversation:
 *
 * The chat: a GListModel of RafilmMessage, oldest first. Its history is in the mirror and stays on
 * this computer.
 *
 * A question goes to the service when there is one and it can be reached; the answer streams in.
 * Where there is none, where it refuses, or where it says nothing for
 * %RAFILM_CONVERSATION_PATIENCE_SECONDS, the concierge answers on this computer, and the message's
 * `source` says so. Facts of films that the service names are in the mirror before the text that
 * names them, so a film of an answer is the same object as everywhere else.
 *
 * Properties, read-only: busy (an answer is on its way), can-regenerate, can-restore (what
 * rafilm_conversation_clear() took away can be put back) and n-items.
 */
#define RAFILM_TYPE_CONVERSATION (rafilm_conversation_get_type ())
G_DECLARE_FINAL_TYPE (RafilmConversation, rafilm_conversation, RAFILM, CONVERSATION, GObject)

/**
 * rafilm_conversation_new:
 * @link: (nullable): the way to the service, such as rafilm_socket_link_new(); %NULL answers
 *   everything on this computer
 */
RafilmConversation *rafilm_conversation_new (RafilmStore *store, RafilmChatLink *link,
                                             RafilmConcierge *concierge);

/**
 * rafilm_conversation_load:
 *
 * Restores the history. Call it once, at the start; what is sent meanwhile comes after it.
 *
 * Returns: (transfer full): resolves to a boolean when the messages are in the list
 */
DexFuture *rafilm_conversation_load (RafilmConversation *self) G_GNUC_WARN_UNUSED_RESULT;

/**
 * rafilm_conversation_send:
 * @text: what the person typed
 * @error: %RAFILM_ERROR_INVALID for nothing but blanks, %RAFILM_ERROR_TOO_LARGE for more than
 *   %RAFILM_CONVERSATION_MAX_TEXT bytes
 *
 * Appends a message of the person and begins an answer to it. An answer that is still on its way
 * is stopped. When this returns %FALSE the text was not taken, and should be left in its entry.
 */
gboolean rafilm_conversation_send (RafilmConversation *self, const char *text, GError **error);

/* Ends the answer that is on its way; what came of it is kept. */
void rafilm_conversation_stop (RafilmConversation *self);

/* Answers the last question anew, in the place of the answer that is there. */
void rafilm_conversation_regenerate (RafilmConversation *self);

/* Begins an empty conversation and deletes the history; rafilm_conversation_restore() undoes it. */
void rafilm_conversation_clear (RafilmConversation *self);
void rafilm_conversation_restore (RafilmConversation *self);

/* For tests: how long the service may be silent. */
void rafilm_conversation_set_patience (RafilmConversation *self, guint milliseconds);

gboolean rafilm_conversation_get_busy (RafilmConversation *self);

/**
 * rafilm_conversation_wait:
 *
 * Returns: (transfer full): resolves to a boolean as soon as no answer is on its way and all is
 *   written to the mirror
 */
DexFuture *rafilm_conversation_wait (RafilmConversation *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
