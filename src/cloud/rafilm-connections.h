/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open sockets of the WebSocket API: their rows in the table, and messages to them.
 *
 * A socket has two items: pk U#uid sk C#connection {dev, exp, ttl}, to find the sockets of a user,
 * and pk C#connection sk M {uid, exp, ttl}, to find the user of a socket.
 * `exp` is when its token expires (seconds of 1970), `ttl` when DynamoDB may delete the row.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
 */
#pragma once

#include "rafilm-dynamodb.h"

typedef enum
{
  RAFILM_POST_SENT,
  RAFILM_POST_GONE,   /* 410: the socket is closed; its rows are deleted */
  RAFILM_POST_FAILED, /* refused or unreachable */
} RafilmPostStatus;

typedef struct _RafilmConnections RafilmConnections;

RafilmConnections *rafilm_connections_new (RafilmAws *aws, RafilmDynamodb *dynamodb,
                                           const char *url);
void rafilm_connections_free (RafilmConnections *self);

/* Who is behind a socket. `dev` is the device id that the client gave, "" when it gave none. */
typedef struct
{
  char *uid;
  int64_t exp;
} RafilmConnection;

void rafilm_connection_clear (RafilmConnection *self);

/* `expires` is the token's exp. */
RafilmDynamodbStatus rafilm_connections_add (RafilmConnections *self, const char *connection,
                                             const char *uid, const char *dev, int64_t expires,
                                             int64_t now);
RafilmDynamodbStatus rafilm_connections_remove (RafilmConnections *self, const char *connection);

/* Finds the user of a socket. An unknown socket is OK with `uid` NULL. */
RafilmDynamodbStatus rafilm_connections_find (RafilmConnections *self, const char *connection,
                                              RafilmConnection *ret_connection);

/* Posts one message (borrowed; at most 32 KB as text, one frame) to one socket of `uid`, by which
 * something has come. */
RafilmPostStatus rafilm_connections_post (RafilmConnections *self, const char *uid,
                                          const char *connection, const json_t *message);

/* Posts to every open socket of `uid` but those of the device `except_dev` (may be NULL). One that
 * is only being opened refuses as if it were closed, and keeps its rows.
 * Returns how many were reached. A failure is logged, never more: such a message is a hint. */
unsigned rafilm_connections_post_all (RafilmConnections *self, const char *uid,
                                      const char *except_dev, const json_t *message);
