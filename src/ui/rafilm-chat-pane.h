/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "rafilm-conversation.h"

G_BEGIN_DECLS

/*
 * RafilmChatPane: the chat beside the pages: its messages, and an entry in
 * which Return sends and Shift+Return begins a new line.  What was typed and
 * could not be sent stays in the entry.
 *
 * Its actions, which the window's keys use: chat.send, chat.stop,
 * chat.regenerate and chat.clear.
 */
#define RAFILM_TYPE_CHAT_PANE (rafilm_chat_pane_get_type ())
G_DECLARE_FINAL_TYPE (RafilmChatPane, rafilm_chat_pane, RAFILM, CHAT_PANE, AdwBin)

void rafilm_chat_pane_set_conversation (RafilmChatPane *self, RafilmConversation *conversation);
void rafilm_chat_pane_focus_entry (RafilmChatPane *self);
void rafilm_chat_pane_stop (RafilmChatPane *self);

G_END_DECLS
