/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-gateway.h"

#include "rafilm-local-compression.h"
#include "rafilm-local-error.h"
#include "rafilm-local-event.h"
#include "rafilm-local-http.h"
#include "rafilm-local-routes.h"

#include "rafilm-spawn.h"

#define MAX_BODY_BYTES (10 * 1024 * 1024)
/* What Lambda takes in one invocation. */
#define MAX_EVENT_BYTES (6 * 1024 * 1024)
#define MIN_COMPRESSION_BYTES 400 /* as infra/template.yaml has it */
/* API Gateway's integration limit. */
#define INTEGRATION_MS 29000

struct _RafilmLocalGateway
{
  SoupServer *server;
  RafilmLocalFindFunction find;
  RafilmLocalAuthorize authorize;
  gpointer data;
};

typedef struct
{
  RafilmLocalGateway *gateway;
  RafilmLocalExchange *exchange;
  const RafilmLocalRoute *route;
  JsonObject *parameters;
  JsonObject *claims;
  GBytes *body;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->exchange, rafilm_local_exchange_end);
  g_clear_pointer (&call->parameters, json_object_unref);
  g_clear_pointer (&call->claims, json_object_unref);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_free (call);
}

/* What API Gateway answers by itself, as the gateway responses of infra/template.yaml say. */
typedef enum
{
  REFUSED_UNAUTHORIZED,
  REFUSED_EXPIRED,
  REFUSED_THROTTLED,
  REFUSED_TOO_LARGE,
  REFUSED_NO_ROUTE,
  REFUSED_TIMED_OUT,
  REFUSED_FAILED,
  REFUSED_BAD_BODY,
} Refusal;

static void
refuse (SoupServerMessage *message, Refusal refusal)
{
  static const struct
  {
    guint status;
    const char *code;
    const char *retry_after; /* seconds */
  } refusals[] = {
    [REFUSED_UNAUTHORIZED] = { 401, "unauthorized", NULL },
    [REFUSED_EXPIRED] = { 401, "expired", NULL },
    [REFUSED_THROTTLED] = { 429, "throttled", "10" },
    [REFUSED_TOO_LARGE] = { 413, "too_large", NULL },
    [REFUSED_NO_ROUTE] = { 404, "not_found", NULL },
    [REFUSED_TIMED_OUT] = { 504, "unavailable", "5" },
    [REFUSED_FAILED] = { 502, "unavailable", "5" },
    [REFUSED_BAD_BODY] = { 400, "bad_request", NULL },
  };

  if (refusals[refusal].retry_after != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                  refusals[refusal].retry_after);
  rafilm_local_http_reply_problem (message, refusals[refusal].status, refusals[refusal].code, NULL);
}

static void
refuse_for (SoupServerMessage *message, const GError *error)
{
  if (g_error_matches (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_TIMED_OUT))
    refuse (message, REFUSED_TIMED_OUT);
  else if (g_error_matches (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_THROTTLED))
    refuse (message, REFUSED_THROTTLED);
  else
    refuse (message, REFUSED_FAILED);
}

static void
append_header (SoupMessageHeaders *headers, const char *name, JsonNode *node)
{
  g_autofree char *value = NULL;

  if (!JSON_NODE_HOLDS_VALUE (node))
    return;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    value = json_node_dup_string (node);
  else
    value = json_to_string (node, FALSE);
  if (g_ascii_strcasecmp (name, "Content-Length") != 0)
    soup_message_headers_append (headers, name, value);
}

static void
set_answer_headers (SoupMessageHeaders *headers, JsonObject *answer)
{
  JsonObject *single = rafilm_local_json_get_object (answer, "headers");
  JsonObject *multi = rafilm_local_json_get_object (answer, "multiValueHeaders");
  g_autoptr (GList) names = single != NULL ? json_object_get_members (single) : NULL;
  g_autoptr (GList) multi_names = multi != NULL ? json_object_get_members (multi) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    if (multi == NULL || !json_object_has_member (multi, l->data))
      append_header (headers, l->data, json_object_get_member (single, l->data));
  for (GList *l = multi_names; l != NULL; l = l->next)
    {
      JsonArray *values = rafilm_local_json_get_array (multi, l->data);

      for (guint i = 0; values != NULL && i < json_array_get_length (values); i++)
        append_header (headers, l->data, json_array_get_element (values, i));
    }
  if (soup_message_headers_get_one (headers, "Content-Type") == NULL)
    soup_message_headers_append (headers, "Content-Type", "application/json");
}

static GBytes *
decode_answer_body (JsonObject *answer)
{
  const char *text = rafilm_local_json_get_text (answer, "body");
  JsonNode *encoded = json_object_get_member (answer, "isBase64Encoded");
  gsize size = 0;
  guint8 *data;

  if (text == NULL)
    return g_bytes_new (NULL, 0);
  if (encoded == NULL || !JSON_NODE_HOLDS_VALUE (encoded) || !json_node_get_boolean (encoded))
    return g_bytes_new (text, strlen (text));
  data = g_base64_decode (text, &size);

  return g_bytes_new_take (data, size);
}

static gboolean
client_takes_gzip (SoupServerMessage *message)
{
  const char *accepted = soup_message_headers_get_list (
      soup_server_message_get_request_headers (message), "Accept-Encoding");

  return accepted != NULL && soup_header_contains (accepted, "gzip");
}

static void
reply_answer (SoupServerMessage *message, GBytes *payload)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (JsonObject) answer = rafilm_local_json_parse (payload);
  g_autoptr (GBytes) body = NULL;
  gint64 status = rafilm_local_json_get_int (answer, "statusCode", 0);

  if (status < 100 || status > 599)
    {
      g_message ("A function's answer has no statusCode");
      refuse (message, REFUSED_FAILED);
      return;
    }

  set_answer_headers (headers, answer);
  body = decode_answer_body (answer);
  if (g_bytes_get_size (body) >= MIN_COMPRESSION_BYTES && client_takes_gzip (message)
      && soup_message_headers_get_one (headers, "Content-Encoding") == NULL)
    {
      g_autoptr (GBytes) plain = g_steal_pointer (&body);

      body = rafilm_local_compress (plain);
      soup_message_headers_append (headers, "Content-Encoding", "gzip");
    }
  rafilm_local_http_reply_bytes (message, (guint) status, NULL, body);
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  SoupServerMessage *message = call->exchange->message;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) event = NULL;
  g_autoptr (GBytes) payload = NULL;
  GUri *uri = soup_server_message_get_uri (message);
  g_autofree char *path = g_utf8_make_valid (g_uri_get_path (uri), -1);
  RafilmLocalFunction *function = call->gateway->find (call->route->function, call->gateway->data);
  RafilmLocalRequest request = {
    .method = soup_server_message_get_method (message),
    .resource = call->route->resource,
    .path = path + strlen ("/" RAFILM_LOCAL_STAGE),
    .query = g_uri_get_query (uri),
    .headers = soup_server_message_get_request_headers (message),
    .path_parameters = call->parameters,
    .claims = call->claims,
    .source_ip = soup_server_message_get_remote_host (message),
    .body = call->body,
  };

  event = rafilm_local_event_rest (&request);
  if (g_bytes_get_size (event) > MAX_EVENT_BYTES)
    {
      refuse (message, REFUSED_TOO_LARGE);
      return dex_future_new_true ();
    }
  payload =
      dex_await_boxed (rafilm_local_function_invoke (function, event, INTEGRATION_MS), &error);
  if (payload == NULL)
    refuse_for (message, error);
  else
    reply_answer (message, payload);

  return dex_future_new_true ();
}

/* Returns FALSE after having refused a body that is too large or no good. */
static gboolean
read_body (SoupServerMessage *message, GBytes **ret_body)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *encoding = soup_message_headers_get_one (headers, "Content-Encoding");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  if (!rafilm_local_http_is_too_large (message))
    {
      body = rafilm_local_http_dup_body (message);
      if (g_strcmp0 (encoding, "gzip") == 0)
        {
          *ret_body = rafilm_local_decompress (body, MAX_BODY_BYTES, &error);
          soup_message_headers_remove (headers, "Content-Encoding");
        }
      else
        {
          *ret_body = g_steal_pointer (&body);
        }
      if (*ret_body != NULL)
        return TRUE;
    }

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    refuse (message, REFUSED_TOO_LARGE);
  else
    refuse (message, REFUSED_BAD_BODY);

  return FALSE;
}

static void
log_finished_cb (SoupServerMessage *message, gpointer data)
{
  g_info ("%s %s: %u", soup_server_message_get_method (message),
          g_uri_get_path (soup_server_message_get_uri (message)),
          soup_server_message_get_status (message));
}

static void
stage_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer data)
{
  RafilmLocalGateway *self = data;
  g_autoptr (JsonObject) parameters = NULL;
  g_autoptr (JsonObject) claims = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *valid = g_utf8_make_valid (path, -1);
  const RafilmLocalRoute *route;
  const char *authorization;
  gboolean expired = FALSE;
  Call *call;

  g_signal_connect (message, "finished", G_CALLBACK (log_finished_cb), NULL);
  route = rafilm_local_routes_find (soup_server_message_get_method (message),
                                    valid + strlen ("/" RAFILM_LOCAL_STAGE), &parameters);
  if (route == NULL || self->find (route->function, self->data) == NULL)
    {
      refuse (message, REFUSED_NO_ROUTE);
      return;
    }

  authorization = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                "Authorization");
  if (!route->is_public)
    claims = self->authorize (authorization, &expired, self->data);
  if (!route->is_public && claims == NULL)
    {
      refuse (message, expired ? REFUSED_EXPIRED : REFUSED_UNAUTHORIZED);
      return;
    }
  if (!read_body (message, &body))
    return;

  call = g_new0 (Call, 1);
  call->gateway = self;
  call->exchange = rafilm_local_exchange_begin (message);
  call->route = route;
  call->parameters = g_steal_pointer (&parameters);
  call->claims = g_steal_pointer (&claims);
  call->body = g_steal_pointer (&body);
  dex_future_disown (rafilm_spawn (call_fiber, call, call_free));
}

RafilmLocalGateway *
rafilm_local_gateway_new (SoupServer *server, RafilmLocalFindFunction find,
                          RafilmLocalAuthorize authorize, gpointer data)
{
  RafilmLocalGateway *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);
  g_return_val_if_fail (find != NULL && authorize != NULL, NULL);

  self = g_new0 (RafilmLocalGateway, 1);
  self->server = g_object_ref (server);
  self->find = find;
  self->authorize = authorize;
  self->data = data;
  soup_server_add_handler (server, "/" RAFILM_LOCAL_STAGE, stage_cb, self, NULL);

  return self;
}

void
rafilm_local_gateway_free (RafilmLocalGateway *self)
{
  g_return_if_fail (self != NULL);

  soup_server_remove_handler (self->server, "/" RAFILM_LOCAL_STAGE);
  g_clear_object (&self->server);
  g_free (self);
}
