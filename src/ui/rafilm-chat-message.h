/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "rafilm-message.h"

G_BEGIN_DECLS

/*
 * RafilmChatMessage: one message of the chat with the films that it names, as
 * rows that open them, put them on the watchlist and log them.  The text
 * follows the message while it streams in; its end is announced once.
 */
#define RAFILM_TYPE_CHAT_MESSAGE (rafilm_chat_message_get_type ())
G_DECLARE_FINAL_TYPE (RafilmChatMessage, rafilm_chat_message, RAFILM, CHAT_MESSAGE, GtkWidget)

GtkWidget *rafilm_chat_message_new (RafilmMessage *message);

G_END_DECLS
