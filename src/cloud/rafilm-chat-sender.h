/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of one answer to one socket: in order, numbered, one post at a time, with small
 * deltas gathered: every post is a request of its own and costs as one. */
#pragma once

#include "rafilm-connections.h"

typedef struct
{
  RafilmConnections *connections;
  const char *uid; /* borrowed, as the next two */
  const char *connection;
  const char *id;    /* of the message that is answered */
  int64_t seq;       /* of the last message sent; the first is 1 */
  RafilmBuffer text; /* not yet sent */
  int64_t sent_at;   /* ms of 1970 of the last delta; 0 = none yet */
  bool said;         /* some text was sent or gathered */
  bool gone;         /* nobody is listening any more */
} RafilmChatSender;

void rafilm_chat_sender_init (RafilmChatSender *self, RafilmConnections *connections,
                              const char *uid, const char *connection, const char *id);
void rafilm_chat_sender_clear (RafilmChatSender *self);

/* chat.delta: sent when the last was sent some time ago, or enough is gathered. */
void rafilm_chat_sender_add_text (RafilmChatSender *self, const char *text, size_t length);
/* chat.film (short FILM, borrowed): at once, so before the delta that names it. */
void rafilm_chat_sender_add_film (RafilmChatSender *self, json_t *film);
/* What is gathered, then chat.done. `stop`: "end_turn", "stopped" or "max_tokens". */
void rafilm_chat_sender_finish (RafilmChatSender *self, const char *stop);
/* What is gathered, then chat.error. Codes: bad_request, quota, sign_in_expired, throttled,
 * unavailable, too_many_steps. */
void rafilm_chat_sender_fail (RafilmChatSender *self, const char *code, const char *message);
