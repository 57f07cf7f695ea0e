/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-moto.h"

#include "rafilm-local-error.h"
#include "rafilm-local-event.h"
#include "rafilm-local-http.h"
#include "rafilm-local-process.h"

#define RUNNING "Running on http://"
#define DYNAMODB "DynamoDB_20120810."
#define BATCH_ITEMS 25

struct _RafilmLocalMoto
{
  SoupSession *session;
  RafilmLocalProcess *process;
  DexPromise *started; /* until it is known whether the server runs */
  char *address;
  char *dynamodb; /* of another one; NULL for its own */
};

/* moto answers in several threads and locks nothing, so that of two transactions at once both may
 * find their conditions true. One request after the other, as DynamoDB's transactions are. */
static const char program[] = "import threading\n"
                              "from moto import server\n"
                              "lock = threading.Lock()\n"
                              "answer = server.DomainDispatcherApplication.__call__\n"
                              "def answer_alone(self, environ, start):\n"
                              "    with lock:\n"
                              "        return answer(self, environ, start)\n"
                              "server.DomainDispatcherApplication.__call__ = answer_alone\n"
                              "server.main()\n";

static const char ttl_json[] = "{\"AttributeName\": \"ttl\", \"Enabled\": true}";

static const char table_json[] =
    "{\"BillingMode\": \"PAY_PER_REQUEST\","
    " \"AttributeDefinitions\": [{\"AttributeName\": \"pk\", \"AttributeType\": \"S\"},"
    "  {\"AttributeName\": \"sk\", \"AttributeType\": \"S\"},"
    "  {\"AttributeName\": \"q\", \"AttributeType\": \"N\"}],"
    " \"KeySchema\": [{\"AttributeName\": \"pk\", \"KeyType\": \"HASH\"},"
    "  {\"AttributeName\": \"sk\", \"KeyType\": \"RANGE\"}],"
    " \"LocalSecondaryIndexes\": [{\"IndexName\": \"bySeq\","
    "  \"KeySchema\": [{\"AttributeName\": \"pk\", \"KeyType\": \"HASH\"},"
    "   {\"AttributeName\": \"q\", \"KeyType\": \"RANGE\"}],"
    "  \"Projection\": {\"ProjectionType\": \"ALL\"}}]}";

static void
line_cb (const char *line, gpointer data)
{
  RafilmLocalMoto *self = data;
  const char *running = strstr (line, RUNNING);
  const char *start;

  g_info ("moto: %s", line);
  if (running == NULL || self->started == NULL || self->address != NULL)
    return;

  start = running + strlen ("Running on ");
  self->address = g_strndup (start, strcspn (start, " \r\n\033"));
  dex_promise_resolve_boolean (self->started, TRUE);
}

static void
end_cb (gboolean clean, gpointer data)
{
  RafilmLocalMoto *self = data;

  if (self->address == NULL)
    dex_promise_reject (self->started, g_error_new (RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED,
                                                    "moto_server ended before it was ready"));
  else
    g_warning ("moto_server ended: there is no DynamoDB any more");
}

RafilmLocalMoto *
rafilm_local_moto_start (SoupSession *session, const char *dynamodb, GError **error)
{
  static const char *const arguments[] = { "python3",   "-c", program, "-H",
                                           "127.0.0.1", "-p", "0",     NULL };
  g_autoptr (RafilmLocalMoto) self = g_new0 (RafilmLocalMoto, 1);

  g_return_val_if_fail (SOUP_IS_SESSION (session), NULL);

  self->session = g_object_ref (session);
  self->dynamodb = g_strdup (dynamodb);
  self->started = dex_promise_new ();
  self->process = rafilm_local_process_start (arguments, NULL, line_cb, end_cb, self, error);
  if (self->process == NULL || !dex_await (dex_ref (self->started), error))
    return NULL;

  return g_steal_pointer (&self);
}

void
rafilm_local_moto_free (RafilmLocalMoto *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->process, rafilm_local_process_free);
  g_clear_object (&self->session);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->dynamodb, g_free);
  dex_clear (&self->started);
  g_free (self);
}

const char *
rafilm_local_moto_get_address (RafilmLocalMoto *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address;
}

const char *
rafilm_local_moto_get_dynamodb (RafilmLocalMoto *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->dynamodb != NULL ? self->dynamodb : self->address;
}

/* moto finds the service by the credential scope; it checks no signature. */
static void
sign (SoupMessage *message, const char *service)
{
  g_autofree char *authorization =
      g_strdup_printf ("AWS4-HMAC-SHA256 Credential=local/20260101/" RAFILM_LOCAL_REGION
                       "/%s/aws4_request, SignedHeaders=host, Signature=0",
                       service);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                authorization);
}

static GBytes *
send (RafilmLocalMoto *self, SoupMessage *message, GBytes *body, const char *content_type,
      GError **error)
{
  g_autoptr (GBytes) answer = NULL;
  guint status;

  answer =
      dex_await_boxed (rafilm_local_http_send (self->session, message, body, content_type), error);
  if (answer == NULL)
    return NULL;
  status = soup_message_get_status (message);
  if (status / 100 != 2)
    {
      g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED, "moto answered %u: %.*s",
                   status, (int) MIN (g_bytes_get_size (answer), 500),
                   (const char *) g_bytes_get_data (answer, NULL));
      return NULL;
    }

  return g_steal_pointer (&answer);
}

JsonObject *
rafilm_local_moto_call (RafilmLocalMoto *self, const char *target, JsonObject *input,
                        GError **error)
{
  g_autoptr (JsonObject) owned = input;
  g_autoptr (GBytes) body = rafilm_local_json_to_bytes (owned);
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (SoupMessage) message = NULL;
  gboolean dynamodb = g_str_has_prefix (target, "DynamoDB");
  JsonObject *output;

  g_return_val_if_fail (self != NULL, NULL);

  message = soup_message_new (SOUP_METHOD_POST,
                              dynamodb ? rafilm_local_moto_get_dynamodb (self) : self->address);
  soup_message_headers_replace (soup_message_get_request_headers (message), "X-Amz-Target", target);
  sign (message, dynamodb ? "dynamodb" : "ssm");
  answer = send (self, message, body,
                 dynamodb ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1", error);
  if (answer == NULL)
    return NULL;
  output = rafilm_local_json_parse (answer);
  if (output == NULL)
    g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED, "%s: no JSON answer",
                 target);

  return output;
}

gboolean
rafilm_local_moto_put_bucket (RafilmLocalMoto *self, const char *name, GError **error)
{
  g_autofree char *uri = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GBytes) answer = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);

  uri = g_strconcat (self->address, "/", name, NULL);
  message = soup_message_new (SOUP_METHOD_PUT, uri);
  sign (message, "s3");
  answer = send (self, message, NULL, NULL, error);

  return answer != NULL;
}

static JsonObject *
parse_static (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return rafilm_local_json_parse (bytes);
}

static gboolean
call_for_effect (RafilmLocalMoto *self, const char *target, JsonObject *input, GError **error)
{
  g_autoptr (JsonObject) output = rafilm_local_moto_call (self, target, input, error);

  return output != NULL;
}

gboolean
rafilm_local_moto_create_table (RafilmLocalMoto *self, const char *name, GError **error)
{
  JsonObject *ttl = parse_static (ttl_json);
  g_autoptr (JsonObject) table = parse_static (table_json);
  JsonObject *input = json_object_new ();
  g_autoptr (GList) members = json_object_get_members (table);

  for (GList *l = members; l != NULL; l = l->next)
    json_object_set_member (input, l->data,
                            json_node_copy (json_object_get_member (table, l->data)));
  json_object_set_string_member (input, "TableName", name);
  if (!call_for_effect (self, DYNAMODB "CreateTable", input, error))
    {
      json_object_unref (ttl);
      return FALSE;
    }
  input = json_object_new ();
  json_object_set_string_member (input, "TableName", name);
  json_object_set_object_member (input, "TimeToLiveSpecification", ttl);

  return call_for_effect (self, DYNAMODB "UpdateTimeToLive", input, error);
}

gboolean
rafilm_local_moto_put_secret (RafilmLocalMoto *self, const char *name, const char *value,
                              GError **error)
{
  JsonObject *input = json_object_new ();

  json_object_set_string_member (input, "Name", name);
  json_object_set_string_member (input, "Value", value);
  json_object_set_string_member (input, "Type", "SecureString");
  json_object_set_boolean_member (input, "Overwrite", TRUE);

  return call_for_effect (self, "AmazonSSM.PutParameter", input, error);
}

static gboolean
put_batch (RafilmLocalMoto *self, const char *table, JsonArray *items, guint first, GError **error)
{
  guint count = json_array_get_length (items);
  JsonArray *requests = json_array_new ();
  JsonObject *tables = json_object_new ();
  JsonObject *input = json_object_new ();

  for (guint i = first; i < count && i < first + BATCH_ITEMS; i++)
    {
      JsonObject *put = json_object_new ();
      JsonObject *request = json_object_new ();

      json_object_set_member (put, "Item", json_array_dup_element (items, i));
      json_object_set_object_member (request, "PutRequest", put);
      json_array_add_object_element (requests, request);
    }
  json_object_set_array_member (tables, table, requests);
  json_object_set_object_member (input, "RequestItems", tables);

  return call_for_effect (self, DYNAMODB "BatchWriteItem", input, error);
}

gboolean
rafilm_local_moto_put_items (RafilmLocalMoto *self, const char *table, JsonArray *items,
                             GError **error)
{
  g_return_val_if_fail (self != NULL && table != NULL && items != NULL, FALSE);

  for (guint first = 0; first < json_array_get_length (items); first += BATCH_ITEMS)
    if (!put_batch (self, table, items, first, error))
      return FALSE;

  return TRUE;
}
