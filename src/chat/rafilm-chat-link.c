/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-link.h"

G_DEFINE_INTERFACE (RafilmChatLink, rafilm_chat_link, G_TYPE_OBJECT)

static guint message_signal;

static void
rafilm_chat_link_default_init (RafilmChatLinkInterface *iface)
{
  message_signal = g_signal_new ("message", RAFILM_TYPE_CHAT_LINK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

gboolean
rafilm_chat_link_is_connected (RafilmChatLink *self)
{
  g_return_val_if_fail (RAFILM_IS_CHAT_LINK (self), FALSE);

  return RAFILM_CHAT_LINK_GET_IFACE (self)->is_connected (self);
}

DexFuture *
rafilm_chat_link_send (RafilmChatLink *self, JsonNode *message)
{
  dex_return_error_if_fail (RAFILM_IS_CHAT_LINK (self));
  dex_return_error_if_fail (message != NULL);

  return RAFILM_CHAT_LINK_GET_IFACE (self)->send (self, message);
}

void
rafilm_chat_link_received (RafilmChatLink *self, JsonObject *message)
{
  g_return_if_fail (RAFILM_IS_CHAT_LINK (self));
  g_return_if_fail (message != NULL);

  g_signal_emit (self, message_signal, 0, message);
}
