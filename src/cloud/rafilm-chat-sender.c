/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-sender.h"

#include "rafilm-time.h"

/* About ten deltas an answer: the first at once, so that a person sees it begin. */
#define GATHER_MS 300
#define GATHER_BYTES 600

void
rafilm_chat_sender_init (RafilmChatSender *self, RafilmConnections *connections, const char *uid,
                         const char *connection, const char *id)
{
  *self = (RafilmChatSender) {
    .connections = connections,
    .uid = uid,
    .connection = connection,
    .id = id,
  };
}

void
rafilm_chat_sender_clear (RafilmChatSender *self)
{
  rafilm_buffer_clear (&self->text);
}

/* Takes the reference. Numbers stay without gaps: one that failed is the last. */
static void
post (RafilmChatSender *self, json_t *message)
{
  if (!self->gone)
    {
      json_object_set_new (message, "id", json_string (self->id));
      json_object_set_new (message, "seq", json_integer (self->seq + 1));
      if (rafilm_connections_post (self->connections, self->uid, self->connection, message)
          == RAFILM_POST_SENT)
        self->seq++;
      else
        self->gone = true;
    }
  json_decref (message);
}

static void
flush (RafilmChatSender *self)
{
  if (self->text.length == 0)
    return;
  post (self,
        json_pack ("{s:s, s:s%}", "t", "chat.delta", "text", self->text.data, self->text.length));
  rafilm_buffer_clear (&self->text);
  self->sent_at = rafilm_time_now_ms ();
}

void
rafilm_chat_sender_add_text (RafilmChatSender *self, const char *text, size_t length)
{
  self->said = true;
  rafilm_buffer_append (&self->text, text, length);
  if (self->text.length >= GATHER_BYTES || rafilm_time_now_ms () - self->sent_at >= GATHER_MS)
    flush (self);
}

void
rafilm_chat_sender_add_film (RafilmChatSender *self, json_t *film)
{
  post (self, json_pack ("{s:s, s:O}", "t", "chat.film", "film", film));
}

void
rafilm_chat_sender_finish (RafilmChatSender *self, const char *stop)
{
  flush (self);
  post (self, json_pack ("{s:s, s:s}", "t", "chat.done", "stop", stop));
}

void
rafilm_chat_sender_fail (RafilmChatSender *self, const char *code, const char *message)
{
  flush (self);
  post (self, json_pack ("{s:s, s:s, s:s}", "t", "chat.error", "code", code, "message", message));
}
