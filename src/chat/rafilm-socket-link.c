/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-socket-link.h"

struct _RafilmSocketLink
{
  GObject parent_instance;

  RafilmSocket *socket;
};

static gboolean
is_connected (RafilmChatLink *link)
{
  return rafilm_socket_get_connected (RAFILM_SOCKET_LINK (link)->socket);
}

static DexFuture *
send_message (RafilmChatLink *link, JsonNode *message)
{
  return rafilm_socket_send (RAFILM_SOCKET_LINK (link)->socket, message);
}

static void
rafilm_socket_link_init_iface (RafilmChatLinkInterface *iface)
{
  iface->is_connected = is_connected;
  iface->send = send_message;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmSocketLink, rafilm_socket_link, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_CHAT_LINK,
                                                      rafilm_socket_link_init_iface))

static void
message_received_cb (RafilmSocketLink *self, JsonObject *message)
{
  const char *type = json_object_get_string_member_with_default (message, "t", "");

  if (g_str_has_prefix (type, "chat."))
    rafilm_chat_link_received (RAFILM_CHAT_LINK (self), message);
}

static void
rafilm_socket_link_finalize (GObject *object)
{
  g_clear_object (&RAFILM_SOCKET_LINK (object)->socket);

  G_OBJECT_CLASS (rafilm_socket_link_parent_class)->finalize (object);
}

static void
rafilm_socket_link_class_init (RafilmSocketLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rafilm_socket_link_finalize;
}

static void
rafilm_socket_link_init (RafilmSocketLink *self)
{
}

RafilmChatLink *
rafilm_socket_link_new (RafilmSocket *socket)
{
  RafilmSocketLink *self;

  g_return_val_if_fail (RAFILM_IS_SOCKET (socket), NULL);

  self = g_object_new (RAFILM_TYPE_SOCKET_LINK, NULL);
  self->socket = g_object_ref (socket);
  g_signal_connect_object (socket, "message", G_CALLBACK (message_received_cb), self,
                           G_CONNECT_SWAPPED);

  return RAFILM_CHAT_LINK (self);
}
