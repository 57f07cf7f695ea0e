/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading events of the WebSocket API and finding out who sent them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
#pragma once

#include "rafilm-handler.h"

const char *rafilm_socket_event_get_route (const json_t *event);      /* "$connect" …; "" */
const char *rafilm_socket_event_get_connection (const json_t *event); /* or NULL */

/* A text of requestContext.authorizer, as our authorizer wrote it; or NULL. */
const char *rafilm_socket_event_get_authorized (const json_t *event, const char *name);

typedef enum
{
  RAFILM_SENDER_OK,
  RAFILM_SENDER_UNKNOWN, /* no such connection */
  RAFILM_SENDER_EXPIRED, /* its token is too old by now */
  RAFILM_SENDER_FAILED,  /* the table could not be read */
} RafilmSenderStatus;

/* Who sent a message: the authorizer's answer that API Gateway repeats with every message, or else
 * the connection's row. `*ret_uid` is malloc'd, set when OK and when EXPIRED. */
RafilmSenderStatus rafilm_socket_event_get_sender (RafilmContext *context, const json_t *event,
                                                   char **ret_uid);

/* {"statusCode":…}: what a route answers to API Gateway. */
json_t *rafilm_socket_answer (int status);
