/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The events that API Gateway hands to functions, field by field as AWS describes them:
 * "Input format of a Lambda function for proxy integration" (REST API, format 1.0), "Input to an
 * API Gateway Lambda authorizer" (REQUEST) and "Set up integration requests in WebSocket APIs". */

#define RAFILM_LOCAL_ACCOUNT "123456789012"
#define RAFILM_LOCAL_REGION "us-east-1"
#define RAFILM_LOCAL_API_ID "r4f1lmrest"
#define RAFILM_LOCAL_SOCKET_ID "r4f1lmsock"
#define RAFILM_LOCAL_STAGE "prod"
#define RAFILM_LOCAL_SOCKET_STAGE "live"

/**
 * RafilmLocalRequest:
 *
 * What the gateway knows about a REST request.
 */
typedef struct
{
  const char *method;
  const char *resource; /* e.g. "/v1/films/{id}" */
  const char *path;     /* without the stage */
  const char *query;    /* (nullable) encoded */
  SoupMessageHeaders *headers;
  JsonObject *path_parameters; /* (nullable) */
  JsonObject *claims;          /* (nullable) of the access token */
  const char *source_ip;
  GBytes *body; /* (nullable) decompressed */
} RafilmLocalRequest;

/**
 * rafilm_local_event_rest:
 *
 * Returns: (transfer full): the event's JSON text
 */
GBytes *rafilm_local_event_rest (const RafilmLocalRequest *request);

/**
 * RafilmLocalConnection:
 *
 * What the gateway knows about a WebSocket connection.
 */
typedef struct
{
  const char *id;
  gint64 connected_at; /* Unix milliseconds */
  const char *host;    /* host and port of this server */
  const char *source_ip;
  const char *user_agent;      /* (nullable) */
  JsonObject *authorizer;      /* (nullable) principalId and context */
  SoupMessageHeaders *headers; /* (nullable) of the handshake: for $connect and the authorizer */
  const char *query;           /* (nullable) of the handshake */
} RafilmLocalConnection;

/**
 * rafilm_local_event_socket:
 * @event_type: CONNECT, MESSAGE or DISCONNECT
 * @route: e.g. "$connect" or "chat"
 * @body: (nullable): the message
 */
GBytes *rafilm_local_event_socket (const RafilmLocalConnection *connection, const char *event_type,
                                   const char *route, const char *body);

/**
 * rafilm_local_event_authorizer:
 *
 * The REQUEST authorizer's event for $connect.
 */
GBytes *rafilm_local_event_authorizer (const RafilmLocalConnection *connection);

G_END_DECLS
