/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-event.h"

#include "rafilm-local-http.h"

static void
add_value (JsonObject *single, JsonObject *multi, const char *name, const char *value)
{
  if (!json_object_has_member (multi, name))
    json_object_set_array_member (multi, name, json_array_new ());
  json_array_add_string_element (json_object_get_array_member (multi, name), value);
  json_object_set_string_member (single, name, value);
}

/* One value a name in the first map, which is the last one, and all of them in the second. */
static void
set_headers (JsonObject *event, SoupMessageHeaders *headers)
{
  JsonObject *single = json_object_new ();
  JsonObject *multi = json_object_new ();
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  soup_message_headers_iter_init (&iter, headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    {
      g_autofree char *valid = g_utf8_make_valid (value, -1);

      add_value (single, multi, name, valid);
    }
  json_object_set_object_member (event, "headers", single);
  json_object_set_object_member (event, "multiValueHeaders", multi);
}

static char *
decode_query_part (const char *part)
{
  g_autofree char *spaced = g_strdup (part);
  char *text;

  g_strdelimit (spaced, "+", ' ');
  text = g_uri_unescape_string (spaced, NULL);

  return text != NULL ? text : g_steal_pointer (&spaced);
}

static void
set_query (JsonObject *event, const char *query)
{
  g_autoptr (JsonObject) single = json_object_new ();
  g_autoptr (JsonObject) multi = json_object_new ();
  g_auto (GStrv) parts = g_strsplit (query != NULL ? query : "", "&", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;

      if (parts[i][0] == '\0')
        continue;
      if (equals != NULL)
        *equals = '\0';
      name = decode_query_part (parts[i]);
      value = decode_query_part (equals != NULL ? equals + 1 : "");
      if (g_utf8_validate (name, -1, NULL) && g_utf8_validate (value, -1, NULL))
        add_value (single, multi, name, value);
    }

  if (json_object_get_size (single) == 0)
    {
      json_object_set_null_member (event, "queryStringParameters");
      json_object_set_null_member (event, "multiValueQueryStringParameters");
      return;
    }
  json_object_set_object_member (event, "queryStringParameters", g_steal_pointer (&single));
  json_object_set_object_member (event, "multiValueQueryStringParameters",
                                 g_steal_pointer (&multi));
}

static void
set_object_or_null (JsonObject *object, const char *member, JsonObject *value)
{
  if (value != NULL)
    json_object_set_object_member (object, member, json_object_ref (value));
  else
    json_object_set_null_member (object, member);
}

/* The authorizer passes every claim on as text. */
static JsonObject *
make_claims (JsonObject *claims)
{
  JsonObject *texts = json_object_new ();
  g_autoptr (GList) members = json_object_get_members (claims);

  for (GList *l = members; l != NULL; l = l->next)
    {
      JsonNode *node = json_object_get_member (claims, l->data);
      g_autofree char *text = NULL;

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        text = json_node_dup_string (node);
      else
        text = json_to_string (node, FALSE);
      json_object_set_string_member (texts, l->data, text);
    }

  return texts;
}

static JsonObject *
make_identity (const char *source_ip, const char *user_agent)
{
  static const char *const absent[] = {
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "user",
  };
  JsonObject *identity = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (absent); i++)
    json_object_set_null_member (identity, absent[i]);
  json_object_set_string_member (identity, "sourceIp", source_ip);
  if (user_agent != NULL)
    json_object_set_string_member (identity, "userAgent", user_agent);
  else
    json_object_set_null_member (identity, "userAgent");

  return identity;
}

/* "09/Apr/2015:12:34:56 +0000" */
static char *
format_request_time (GDateTime *now)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  return g_strdup_printf ("%02d/%s/%04d:%02d:%02d:%02d +0000", g_date_time_get_day_of_month (now),
                          months[g_date_time_get_month (now) - 1], g_date_time_get_year (now),
                          g_date_time_get_hour (now), g_date_time_get_minute (now),
                          g_date_time_get_second (now));
}

static void
set_request_times (JsonObject *context)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time_text = format_request_time (now);
  g_autofree char *request_id = g_uuid_string_random ();
  g_autofree char *extended = g_strndup (request_id, 15);

  extended[14] = '=';
  json_object_set_string_member (context, "requestId", request_id);
  json_object_set_string_member (context, "extendedRequestId", extended);
  json_object_set_string_member (context, "requestTime", time_text);
  json_object_set_int_member (context, "requestTimeEpoch", g_get_real_time () / 1000);
}

static JsonObject *
make_rest_context (const RafilmLocalRequest *request)
{
  JsonObject *context = json_object_new ();
  const char *host = soup_message_headers_get_one (request->headers, "Host");
  const char *agent = soup_message_headers_get_one (request->headers, "User-Agent");
  g_autofree char *path = g_strconcat ("/" RAFILM_LOCAL_STAGE, request->path, NULL);
  g_autofree char *resource_id = NULL;

  resource_id = g_strdup_printf ("%06x", g_str_hash (request->resource) & 0xffffff);
  json_object_set_string_member (context, "resourceId", resource_id);
  if (request->claims != NULL)
    {
      JsonObject *authorizer = json_object_new ();

      json_object_set_object_member (authorizer, "claims", make_claims (request->claims));
      json_object_set_object_member (context, "authorizer", authorizer);
    }
  json_object_set_string_member (context, "resourcePath", request->resource);
  json_object_set_string_member (context, "httpMethod", request->method);
  json_object_set_string_member (context, "path", path);
  json_object_set_string_member (context, "accountId", RAFILM_LOCAL_ACCOUNT);
  json_object_set_string_member (context, "protocol", "HTTP/1.1");
  json_object_set_string_member (context, "stage", RAFILM_LOCAL_STAGE);
  json_object_set_string_member (context, "domainPrefix", RAFILM_LOCAL_API_ID);
  json_object_set_string_member (context, "domainName", host != NULL ? host : "127.0.0.1");
  json_object_set_string_member (context, "deploymentId", "l0ca1d");
  json_object_set_string_member (context, "apiId", RAFILM_LOCAL_API_ID);
  json_object_set_object_member (context, "identity", make_identity (request->source_ip, agent));
  set_request_times (context);

  return context;
}

/* Without binary media types API Gateway hands on text; what is none comes as Base64. */
static void
set_body (JsonObject *event, GBytes *body)
{
  gsize size = 0;
  const char *data = body != NULL ? g_bytes_get_data (body, &size) : NULL;
  gboolean text = size == 0 || g_utf8_validate_len (data, size, NULL);

  json_object_set_boolean_member (event, "isBase64Encoded", !text);
  if (size == 0)
    {
      json_object_set_null_member (event, "body");
    }
  else
    {
      g_autofree char *value =
          text ? g_strndup (data, size) : g_base64_encode ((const guint8 *) data, size);

      json_object_set_string_member (event, "body", value);
    }
}

GBytes *
rafilm_local_event_rest (const RafilmLocalRequest *request)
{
  g_autoptr (JsonObject) event = json_object_new ();

  g_return_val_if_fail (request != NULL, NULL);

  json_object_set_string_member (event, "resource", request->resource);
  json_object_set_string_member (event, "path", request->path);
  json_object_set_string_member (event, "httpMethod", request->method);
  set_headers (event, request->headers);
  set_query (event, request->query);
  set_object_or_null (event, "pathParameters", request->path_parameters);
  json_object_set_null_member (event, "stageVariables");
  json_object_set_object_member (event, "requestContext", make_rest_context (request));
  set_body (event, request->body);

  return rafilm_local_json_to_bytes (event);
}

static JsonObject *
make_socket_context (const RafilmLocalConnection *connection, const char *event_type,
                     const char *route)
{
  JsonObject *context = json_object_new ();

  json_object_set_string_member (context, "routeKey", route);
  json_object_set_string_member (context, "eventType", event_type);
  json_object_set_string_member (context, "messageDirection", "IN");
  json_object_set_string_member (context, "stage", RAFILM_LOCAL_SOCKET_STAGE);
  json_object_set_int_member (context, "connectedAt", connection->connected_at);
  json_object_set_object_member (context, "identity",
                                 make_identity (connection->source_ip, connection->user_agent));
  json_object_set_string_member (context, "domainName", connection->host);
  json_object_set_string_member (context, "connectionId", connection->id);
  json_object_set_string_member (context, "apiId", RAFILM_LOCAL_SOCKET_ID);
  if (connection->authorizer != NULL)
    json_object_set_object_member (context, "authorizer", json_object_ref (connection->authorizer));
  set_request_times (context);

  return context;
}

GBytes *
rafilm_local_event_socket (const RafilmLocalConnection *connection, const char *event_type,
                           const char *route, const char *body)
{
  g_autoptr (JsonObject) event = json_object_new ();
  JsonObject *context;

  g_return_val_if_fail (connection != NULL, NULL);

  context = make_socket_context (connection, event_type, route);
  if (strcmp (event_type, "MESSAGE") == 0)
    {
      g_autofree char *message_id =
          g_strndup (json_object_get_string_member (context, "extendedRequestId"), 15);

      json_object_set_string_member (context, "messageId", message_id);
    }
  else if (strcmp (event_type, "CONNECT") == 0)
    {
      set_headers (event, connection->headers);
      if (connection->query != NULL)
        set_query (event, connection->query);
    }
  else
    {
      json_object_set_int_member (context, "disconnectStatusCode", 1005);
      json_object_set_string_member (context, "disconnectReason", "");
    }
  json_object_set_object_member (event, "requestContext", context);
  if (body != NULL)
    json_object_set_string_member (event, "body", body);
  json_object_set_boolean_member (event, "isBase64Encoded", FALSE);

  return rafilm_local_json_to_bytes (event);
}

GBytes *
rafilm_local_event_authorizer (const RafilmLocalConnection *connection)
{
  g_autoptr (JsonObject) event = json_object_new ();

  g_return_val_if_fail (connection != NULL, NULL);

  json_object_set_string_member (event, "type", "REQUEST");
  json_object_set_string_member (event, "methodArn",
                                 "arn:aws:execute-api:" RAFILM_LOCAL_REGION ":" RAFILM_LOCAL_ACCOUNT
                                 ":" RAFILM_LOCAL_SOCKET_ID "/" RAFILM_LOCAL_SOCKET_STAGE
                                 "/$connect");
  set_headers (event, connection->headers);
  set_query (event, connection->query);
  json_object_set_object_member (event, "stageVariables", json_object_new ());
  json_object_set_object_member (event, "requestContext",
                                 make_socket_context (connection, "CONNECT", "$connect"));

  return rafilm_local_json_to_bytes (event);
}
