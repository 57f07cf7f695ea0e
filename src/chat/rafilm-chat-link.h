/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>

G_BEGIN_DECLS

/**
 * RafilmChatLink:
 *
 * The way from the chat to the service: messages go out, and messages whose member `t` begins with
 * "chat." come in by the signal `message` (#JsonObject), in any order, some twice, some never.
 */
#define RAFILM_TYPE_CHAT_LINK (rafilm_chat_link_get_type ())
G_DECLARE_INTERFACE (RafilmChatLink, rafilm_chat_link, RAFILM, CHAT_LINK, GObject)

/**
 * RafilmChatLinkInterface:
 * @is_connected: whether a message that is sent now leaves at once
 * @send: see rafilm_chat_link_send()
 */
struct _RafilmChatLinkInterface
{
  GTypeInterface parent_iface;

  gboolean (*is_connected) (RafilmChatLink *self);
  DexFuture *(*send) (RafilmChatLink *self, JsonNode *message);
};

gboolean rafilm_chat_link_is_connected (RafilmChatLink *self);

/**
 * rafilm_chat_link_send:
 * @message: (transfer none): an object with the member `action`
 *
 * Returns: (transfer full): resolves to a boolean when @message is on its way, or rejects with
 *   %RAFILM_ERROR_OFFLINE, %RAFILM_ERROR_NOT_SIGNED_IN, …
 */
DexFuture *rafilm_chat_link_send (RafilmChatLink *self,
                                  JsonNode *message) G_GNUC_WARN_UNUSED_RESULT;

/* Emits the signal `message`. For implementations. */
void rafilm_chat_link_received (RafilmChatLink *self, JsonObject *message);

G_END_DECLS
