/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The routes of the WebSocket API that are not chat: $connect, $disconnect, ping and $default. */
#include "rafilm-socket-event.h"

#include "rafilm-account.h"
#include "rafilm-time.h"

#include <string.h>

/* The device that opened the socket, so that it is not told of its own changes. Optional. */
static const char *
get_device (const json_t *event)
{
  const char *dev = rafilm_event_get_query (event, "dev");

  if (dev == NULL || strlen (dev) != 8
      || strspn (dev, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != 8)
    return "";
  return dev;
}

static json_t *
open_socket (RafilmContext *context, const json_t *event, const char *connection)
{
  const char *uid = rafilm_socket_event_get_authorized (event, "uid");
  const char *exp = rafilm_socket_event_get_authorized (event, "exp");
  RafilmDynamodbStatus status;
  bool gone = true;

  if (uid == NULL || exp == NULL)
    return rafilm_socket_answer (401);
  status = rafilm_connections_add (context->connections, connection, uid, get_device (event),
                                   strtoll (exp, NULL, 10), rafilm_time_now ());
  /* Looked for afterwards: who deletes the account later finds the socket. */
  if (status == RAFILM_DYNAMODB_OK)
    status = rafilm_account_is_gone (context->dynamodb, uid, &gone);
  if (status == RAFILM_DYNAMODB_OK && !gone)
    return rafilm_socket_answer (200);
  rafilm_connections_remove (context->connections, connection);
  return rafilm_socket_answer (status == RAFILM_DYNAMODB_OK ? 403 : 503);
}

static json_t *
answer_message (RafilmContext *context, const json_t *event, const char *connection,
                const json_t *message)
{
  rafilm_autofree char *uid = NULL;
  RafilmSenderStatus sender = rafilm_socket_event_get_sender (context, event, &uid);

  if (sender == RAFILM_SENDER_FAILED)
    return rafilm_socket_answer (503);
  if (sender == RAFILM_SENDER_UNKNOWN)
    return rafilm_socket_answer (410);
  rafilm_connections_post (context->connections, uid, connection, message);
  return rafilm_socket_answer (200);
}

json_t *
rafilm_connect_handler (RafilmContext *context, json_t *event)
{
  const char *route = rafilm_socket_event_get_route (event);
  const char *connection = rafilm_socket_event_get_connection (event);
  json_auto_t *message = NULL;

  context->route = route;
  if (connection == NULL)
    return NULL;
  if (strcmp (route, "$connect") == 0)
    return open_socket (context, event, connection);
  if (strcmp (route, "$disconnect") == 0)
    {
      RafilmDynamodbStatus status = rafilm_connections_remove (context->connections, connection);

      return rafilm_socket_answer (status == RAFILM_DYNAMODB_OK ? 200 : 503);
    }
  if (strcmp (route, "ping") == 0)
    message = json_pack ("{s:s}", "t", "pong");
  else
    {
      context->route = "$default";
      message = json_pack ("{s:s, s:s, s:s}", "t", "error", "code", "unknown_action", "message",
                           "There is no such action.");
    }
  return answer_message (context, event, connection, message);
}
