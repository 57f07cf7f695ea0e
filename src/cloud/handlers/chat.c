/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The routes chat and chat.stop. An answer may last longer than a route's 29 seconds, so the route
 * hands the message to the function chat-worker by an asynchronous invocation and returns. */
#include "rafilm-chat-request.h"
#include "rafilm-chat-sender.h"
#include "rafilm-socket-event.h"

#include "rafilm-lambda.h"
#include "rafilm-time.h"

#include <string.h>

static void
refuse (RafilmContext *context, const char *uid, const char *connection, const char *id,
        const char *code, const char *message)
{
  RafilmChatSender sender;

  rafilm_chat_sender_init (&sender, context->connections, uid, connection, id);
  rafilm_chat_sender_fail (&sender, code, message);
  rafilm_chat_sender_clear (&sender);
}

static bool
invoke_worker (RafilmContext *context, const char *uid, const char *connection,
               const json_t *request)
{
  json_auto_t *payload =
      json_pack ("{s:s, s:s, s:O}", "uid", uid, "connection", connection, "request", request);

  return rafilm_lambda_invoke_async (context->aws, context->settings->chat_worker, payload);
}

static void
begin_chat (RafilmContext *context, const char *uid, const char *connection, const json_t *request)
{
  const char *id = json_string_value (json_object_get (request, "id"));
  int64_t now = rafilm_time_now ();
  RafilmAccountStatus counted;

  if (!rafilm_chat_request_is_valid (request))
    {
      refuse (context, uid, connection, rafilm_chat_id_is_valid (id, "m_") ? id : "", "bad_request",
              "The message is not in order.");
      return;
    }
  counted =
      rafilm_chat_count_message (context->dynamodb, uid, context->settings->chat_daily_quota, now);
  if (counted == RAFILM_ACCOUNT_REFUSED)
    refuse (context, uid, connection, id, "quota", "No more messages are left for today.");
  else if (counted != RAFILM_ACCOUNT_OK)
    refuse (context, uid, connection, id, "unavailable", "The chat does not answer now.");
  else if (!invoke_worker (context, uid, connection, request))
    {
      rafilm_chat_uncount_message (context->dynamodb, uid, now);
      refuse (context, uid, connection, id, "unavailable", "The chat does not answer now.");
    }
}

static void
stop_chat (RafilmContext *context, const char *uid, const json_t *request)
{
  const char *id = json_string_value (json_object_get (request, "id"));

  if (rafilm_chat_id_is_valid (id, "m_"))
    rafilm_chat_stop_answer (context->dynamodb, uid, id, rafilm_time_now ());
}

json_t *
rafilm_chat_handler (RafilmContext *context, json_t *event)
{
  const char *connection = rafilm_socket_event_get_connection (event);
  rafilm_autofree char *uid = NULL;
  json_auto_t *request = NULL, *problem = NULL;
  const char *action;

  context->route = rafilm_socket_event_get_route (event);
  if (connection == NULL)
    return NULL;
  switch (rafilm_socket_event_get_sender (context, event, &uid))
    {
    case RAFILM_SENDER_OK:
      break;
    case RAFILM_SENDER_EXPIRED:
      refuse (context, uid, connection, "", "sign_in_expired", "Please sign in again.");
      return rafilm_socket_answer (200);
    case RAFILM_SENDER_UNKNOWN:
      return rafilm_socket_answer (410);
    case RAFILM_SENDER_FAILED:
      return rafilm_socket_answer (503);
    }
  request = rafilm_event_get_json (event, RAFILM_CHAT_MAX_BODY, &problem);
  action = json_string_value (json_object_get (request, "action"));
  if (request == NULL || action == NULL)
    refuse (context, uid, connection, "", "bad_request", "The message is not in order.");
  else if (strcmp (action, "chat") == 0)
    begin_chat (context, uid, connection, request);
  else if (strcmp (action, "chat.stop") == 0)
    stop_chat (context, uid, request);
  else
    refuse (context, uid, connection, "", "bad_request", "There is no such action.");
  return rafilm_socket_answer (200);
}
