/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-connections.h"

#include "rafilm-log.h"
#include "rafilm-time.h"

#include <string.h>

/* API Gateway closes a connection after two hours; a row is kept a little longer. */
#define ROW_SECONDS (2 * 3600 + 600)
/* Until $connect has answered, messages to a socket are refused as to one that is gone. */
#define OPENING_SECONDS 30
#define MAX_FRAME (32 * 1024)
#define MAX_SOCKETS 100
#define POST_MS 5000
#define LAST_POST_MS 400 /* of what is kept back from the deadline, to answer */

struct _RafilmConnections
{
  RafilmAws *aws;
  RafilmDynamodb *dynamodb;
  char *url;
};

RafilmConnections *
rafilm_connections_new (RafilmAws *aws, RafilmDynamodb *dynamodb, const char *url)
{
  RafilmConnections *self = rafilm_alloc0 (sizeof *self);

  self->aws = aws;
  self->dynamodb = dynamodb;
  self->url = rafilm_strdup (url);
  return self;
}

void
rafilm_connections_free (RafilmConnections *self)
{
  if (self == NULL)
    return;
  free (self->url);
  free (self);
}

void
rafilm_connection_clear (RafilmConnection *self)
{
  free (self->uid);
  self->uid = NULL;
}

RafilmDynamodbStatus
rafilm_connections_add (RafilmConnections *self, const char *connection, const char *uid,
                        const char *dev, int64_t expires, int64_t now)
{
  rafilm_autofree char *user_key = rafilm_printf ("U#%s", uid);
  rafilm_autofree char *socket_key = rafilm_printf ("C#%s", connection);
  json_t *of_user = rafilm_item_key (user_key, socket_key);
  json_t *of_socket = rafilm_item_key (socket_key, "M");
  json_auto_t *actions = NULL;

  rafilm_item_set_text (of_user, "dev", dev);
  rafilm_item_set_int (of_user, "exp", expires);
  rafilm_item_set_int (of_user, "ttl", now + ROW_SECONDS);
  rafilm_item_set_text (of_socket, "uid", uid);
  rafilm_item_set_int (of_socket, "exp", expires);
  rafilm_item_set_int (of_socket, "ttl", now + ROW_SECONDS);
  actions = json_pack ("[{s:{s:o}}, {s:{s:o}}]", "Put", "Item", of_user, "Put", "Item", of_socket);
  return rafilm_dynamodb_transact (self->dynamodb, actions, NULL, NULL);
}

static RafilmDynamodbStatus
remove_rows (RafilmConnections *self, const char *uid, const char *connection)
{
  rafilm_autofree char *user_key = rafilm_printf ("U#%s", uid);
  rafilm_autofree char *socket_key = rafilm_printf ("C#%s", connection);
  RafilmDynamodbStatus status = rafilm_dynamodb_delete_item (self->dynamodb, user_key, socket_key);

  if (status != RAFILM_DYNAMODB_OK)
    return status;
  return rafilm_dynamodb_delete_item (self->dynamodb, socket_key, "M");
}

RafilmDynamodbStatus
rafilm_connections_remove (RafilmConnections *self, const char *connection)
{
  RafilmConnection found = { 0 };
  RafilmDynamodbStatus status = rafilm_connections_find (self, connection, &found);

  if (status == RAFILM_DYNAMODB_OK && found.uid != NULL)
    status = remove_rows (self, found.uid, connection);
  rafilm_connection_clear (&found);
  return status;
}

RafilmDynamodbStatus
rafilm_connections_find (RafilmConnections *self, const char *connection,
                         RafilmConnection *ret_connection)
{
  rafilm_autofree char *key = rafilm_printf ("C#%s", connection);
  json_auto_t *item = NULL;
  RafilmDynamodbStatus status = rafilm_dynamodb_get_item (self->dynamodb, key, "M", true, &item);

  *ret_connection = (RafilmConnection) { 0 };
  if (rafilm_item_get_int (item, "ttl", 0) < rafilm_time_now ())
    return status;
  ret_connection->uid = rafilm_strdup (rafilm_item_get_text (item, "uid"));
  ret_connection->exp = rafilm_item_get_int (item, "exp", 0);
  return status;
}

static RafilmPostStatus
post (RafilmConnections *self, const char *connection, const json_t *message)
{
  rafilm_autofree char *text = json_dumps (message, JSON_COMPACT);
  rafilm_autofree char *id = rafilm_http_escape (connection, false);
  rafilm_auto_request request = { .method = "POST" };
  rafilm_auto_response response = { 0 };
  RafilmHttpStatus status;

  if (self->url == NULL || text == NULL || strlen (text) > MAX_FRAME)
    {
      rafilm_log_error ("connections.not-sent", "reason",
                        self->url == NULL ? "no endpoint" : "too large", NULL);
      return RAFILM_POST_FAILED;
    }
  request.url = rafilm_printf ("%s/@connections/%s", self->url, id);
  request.body = text;
  request.body_length = strlen (text);
  /* Who waits is told that there is no answer also when the time for one has passed. */
  request.timeout_ms = rafilm_aws_time_left (self->aws, POST_MS);
  if (request.timeout_ms < LAST_POST_MS)
    request.timeout_ms = LAST_POST_MS;
  rafilm_http_headers_add (&request.headers, "Content-Type", "application/json");
  rafilm_aws_sign (self->aws, &request, "execute-api");
  status = rafilm_http_client_send (rafilm_aws_get_http (self->aws), &request, &response);
  if (status == RAFILM_HTTP_OK && response.status == 410)
    return RAFILM_POST_GONE;
  if (status != RAFILM_HTTP_OK || response.status >= 300)
    {
      rafilm_autofree char *number = rafilm_printf ("%d", response.status);

      rafilm_log_warning ("connections.not-sent", "reason", rafilm_http_status_to_string (status),
                          "status", number, NULL);
      return RAFILM_POST_FAILED;
    }
  return RAFILM_POST_SENT;
}

RafilmPostStatus
rafilm_connections_post (RafilmConnections *self, const char *uid, const char *connection,
                         const json_t *message)
{
  RafilmPostStatus status = post (self, connection, message);

  if (status == RAFILM_POST_GONE)
    remove_rows (self, uid, connection);
  return status;
}

/* Posts to one of a user's sockets, of which `item` was read. One that is only being opened keeps
 * its rows. */
static bool
post_hint (RafilmConnections *self, const char *uid, const json_t *item, const json_t *message)
{
  const char *connection = rafilm_item_get_text (item, "sk") + strlen ("C#");
  int64_t opened = rafilm_item_get_int (item, "ttl", 0) - ROW_SECONDS;
  RafilmPostStatus status = post (self, connection, message);

  if (status == RAFILM_POST_GONE && opened + OPENING_SECONDS <= rafilm_time_now ())
    remove_rows (self, uid, connection);
  return status == RAFILM_POST_SENT;
}

unsigned
rafilm_connections_post_all (RafilmConnections *self, const char *uid, const char *except_dev,
                             const json_t *message)
{
  rafilm_autofree char *key = rafilm_printf ("U#%s", uid);
  json_auto_t *query = json_pack ("{s:s, s:{s:{s:s}, s:{s:s}}, s:i}", "KeyConditionExpression",
                                  "pk = :pk AND begins_with(sk, :sk)", "ExpressionAttributeValues",
                                  ":pk", "S", key, ":sk", "S", "C#", "Limit", MAX_SOCKETS);
  json_auto_t *answer = NULL;
  json_t *item;
  unsigned reached = 0;
  size_t i;

  if (rafilm_dynamodb_query (self->dynamodb, query, &answer) != RAFILM_DYNAMODB_OK)
    return 0;
  json_array_foreach (json_object_get (answer, "Items"), i, item)
  {
    const char *socket = rafilm_item_get_text (item, "sk");
    const char *dev = rafilm_item_get_text (item, "dev");

    if (rafilm_aws_time_left (self->aws, POST_MS) < LAST_POST_MS)
      break;
    if (strncmp (socket, "C#", 2) != 0 || rafilm_item_get_int (item, "ttl", 0) < rafilm_time_now ())
      continue;
    if (except_dev != NULL && *except_dev != '\0' && dev != NULL && strcmp (dev, except_dev) == 0)
      continue;
    reached += post_hint (self, uid, item, message);
  }
  return reached;
}
