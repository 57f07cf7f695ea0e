/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-socket-event.h"

#include "rafilm-time.h"

static const json_t *
get_context (const json_t *event)
{
  return json_object_get (event, "requestContext");
}

const char *
rafilm_socket_event_get_route (const json_t *event)
{
  const char *route = json_string_value (json_object_get (get_context (event), "routeKey"));

  return route != NULL ? route : "";
}

const char *
rafilm_socket_event_get_connection (const json_t *event)
{
  return json_string_value (json_object_get (get_context (event), "connectionId"));
}

const char *
rafilm_socket_event_get_authorized (const json_t *event, const char *name)
{
  json_t *authorizer = json_object_get (get_context (event), "authorizer");

  return json_string_value (json_object_get (authorizer, name));
}

RafilmSenderStatus
rafilm_socket_event_get_sender (RafilmContext *context, const json_t *event, char **ret_uid)
{
  const char *connection = rafilm_socket_event_get_connection (event);
  const char *uid = rafilm_socket_event_get_authorized (event, "uid");
  const char *exp = rafilm_socket_event_get_authorized (event, "exp");
  RafilmConnection found = { 0 };

  *ret_uid = NULL;
  if (uid != NULL && exp != NULL)
    {
      found.uid = rafilm_strdup (uid);
      found.exp = strtoll (exp, NULL, 10);
    }
  else if (connection == NULL)
    return RAFILM_SENDER_UNKNOWN;
  else if (rafilm_connections_find (context->connections, connection, &found) != RAFILM_DYNAMODB_OK)
    return RAFILM_SENDER_FAILED;
  if (found.uid == NULL)
    return RAFILM_SENDER_UNKNOWN;
  *ret_uid = found.uid;
  return found.exp < rafilm_time_now () - RAFILM_JWT_LEEWAY ? RAFILM_SENDER_EXPIRED
                                                            : RAFILM_SENDER_OK;
}

json_t *
rafilm_socket_answer (int status)
{
  return json_pack ("{s:i}", "statusCode", status);
}
