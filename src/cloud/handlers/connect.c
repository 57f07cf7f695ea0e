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

/* Where the account's diary stands, so that no news is missed by who has just come. */
static json_t *
make_pong (RafilmContext *context, const char *uid)
{
  rafilm_autofree char *pk = rafilm_printf ("U#%s", uid);
  json_auto_t *meta = NULL;
  const char *epoch;

  rafilm_dynamodb_get_item (context->dynamodb, pk, "M", true, &meta);
  epoch = rafilm_item_get_text (meta, "e");
  if (epoch == NULL)
    return json_pack ("{s:s}", "t", "pong");
  return json_pack ("{s:s, s:s, s:I}", "t", "pong", "epoch", epoch, "head",
                    (json_int_t) rafilm_item_get_int (meta, "h", 0));
}

static json_t *
answer_message (RafilmContext *context, const json_t *event, const char *connection, bool is_ping)
{
  rafilm_autofree char *uid = NULL;
  RafilmSenderStatus sender = rafilm_socket_event_get_sender (context, event, &uid);
  json_auto_t *message = NULL;

  if (sender == RAFILM_SENDER_FAILED)
    return rafilm_socket_answer (503);
  if (sender == RAFILM_SENDER_UNKNOWN)
    return rafilm_socket_answer (410);
  message = is_ping ? make_pong (context, uid)
                    : json_pack ("{s:s, s:s, s:s}", "t", "error", "code", "unknown_action",
                                 "message", "There is no such action.");
  rafilm_connections_post (context->connections, uid, connection, message);
  return rafilm_socket_answer (200);
}

json_t *
rafilm_connect_handler (RafilmContext *context, json_t *event)
{
  const char *route = rafilm_socket_event_get_route (event);
  const char *connection = rafilm_socket_event_get_connection (event);
  bool is_ping = false;

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
  is_ping = strcmp (route, "ping") == 0;
  if (!is_ping)
    context->route = "$default";
  return answer_message (context, event, connection, is_ping);
}
