/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-meter.h"

#include "rafilm-loopback.h"

#define PREFIX "DynamoDB_20120810."

struct _RafilmMeter
{
  char *emulator;
  char *url;
  RafilmLoopback *server;
  SoupSession *session; /* of the server's thread */
  char *authorization;  /* of the last request: the emulator wants one */

  GMutex lock; /* of what follows */
  gboolean counting;
  RafilmMeterFigures figures;
};

/* A key or an item of a call, and how it was before. */
typedef struct
{
  char *table;
  JsonObject *key;
  JsonObject *before; /* NULL = there was none */
} Write;

static void
write_free (gpointer data)
{
  Write *write = data;

  g_free (write->table);
  g_clear_pointer (&write->key, json_object_unref);
  g_clear_pointer (&write->before, json_object_unref);
  g_free (write);
}

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static GBytes *
call_emulator (RafilmMeter *self, const char *target, GBytes *body, guint *ret_status)
{
  g_autoptr (SoupMessage) message = soup_message_new ("POST", self->emulator);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GError) error = NULL;
  GBytes *answer;

  soup_message_headers_replace (headers, "X-Amz-Target", target);
  if (self->session == NULL)
    self->session = soup_session_new ();
  if (self->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization", self->authorization);
  soup_message_set_request_body_from_bytes (message, "application/x-amz-json-1.0", body);
  answer = soup_session_send_and_read (self->session, message, NULL, &error);
  if (answer == NULL)
    g_error ("The emulator does not answer: %s", error->message);
  *ret_status = soup_message_get_status (message);
  return answer;
}

static JsonObject *
parse (GBytes *bytes)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  JsonNode *root;

  if (length == 0 || !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root)) : NULL;
}

static JsonObject *
read_item (RafilmMeter *self, const char *table, JsonObject *key)
{
  g_autoptr (JsonObject) request = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) answer_body = NULL;
  g_autoptr (JsonObject) answer = NULL;
  JsonObject *item;
  guint status;
  char *text;

  json_object_set_string_member (request, "TableName", table);
  json_object_set_object_member (request, "Key", json_object_ref (key));
  json_object_set_boolean_member (request, "ConsistentRead", TRUE);
  json_node_init_object (node, request);
  text = json_to_string (node, FALSE);
  body = g_bytes_new_take (text, strlen (text));
  answer_body = call_emulator (self, PREFIX "GetItem", body, &status);
  answer = parse (answer_body);
  item = get_object (answer, "Item");
  return item != NULL ? json_object_ref (item) : NULL;
}

/* The primary key of an item to put, or the key that is given. */
static void
add_write (RafilmMeter *self, GPtrArray *writes, const char *table, JsonObject *action)
{
  JsonObject *item = get_object (action, "Item"), *key = get_object (action, "Key");
  Write *write = g_new0 (Write, 1);

  write->table = g_strdup (table);
  if (key != NULL)
    write->key = json_object_ref (key);
  else
    {
      write->key = json_object_new ();
      json_object_set_member (write->key, "pk",
                              json_node_copy (json_object_get_member (item, "pk")));
      json_object_set_member (write->key, "sk",
                              json_node_copy (json_object_get_member (item, "sk")));
    }
  write->before = read_item (self, table, write->key);
  g_ptr_array_add (writes, write);
}

static void
add_transaction (RafilmMeter *self, GPtrArray *writes, JsonArray *actions)
{
  for (guint i = 0; i < json_array_get_length (actions); i++)
    {
      JsonObject *element = json_array_get_object_element (actions, i);
      g_autoptr (GList) members = json_object_get_members (element);
      JsonObject *action = get_object (element, members->data);

      add_write (self, writes, json_object_get_string_member (action, "TableName"), action);
    }
}

static void
add_batch (RafilmMeter *self, GPtrArray *writes, JsonObject *tables)
{
  JsonObjectIter iter;
  const char *table;
  JsonNode *node;

  json_object_iter_init (&iter, tables);
  while (json_object_iter_next (&iter, &table, &node))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        JsonObject *element = json_array_get_object_element (json_node_get_array (node), i);
        JsonObject *put = get_object (element, "PutRequest");

        add_write (self, writes, table, put != NULL ? put : get_object (element, "DeleteRequest"));
      }
}

static GPtrArray *
find_writes (RafilmMeter *self, const char *operation, JsonObject *request)
{
  GPtrArray *writes = g_ptr_array_new_with_free_func (write_free);

  if (g_str_equal (operation, "PutItem") || g_str_equal (operation, "UpdateItem")
      || g_str_equal (operation, "DeleteItem"))
    add_write (self, writes, json_object_get_string_member (request, "TableName"), request);
  else if (g_str_equal (operation, "TransactWriteItems"))
    add_transaction (self, writes, get_array (request, "TransactItems"));
  else if (g_str_equal (operation, "BatchWriteItem"))
    add_batch (self, writes, get_object (request, "RequestItems"));
  return writes;
}

static void
count_writes (RafilmMeter *self, RafilmMeterFigures *figures, GPtrArray *writes, gboolean done,
              int times)
{
  for (guint i = 0; i < writes->len; i++)
    {
      Write *write = writes->pdata[i];
      g_autoptr (JsonObject) after = done ? read_item (self, write->table, write->key) : NULL;

      rafilm_capacity_add_write (&figures->capacity, write->before, done ? after : write->before,
                                 times);
      figures->items_written += done;
    }
}

static gboolean
is_consistent (JsonObject *request)
{
  return json_object_get_boolean_member_with_default (request, "ConsistentRead", FALSE);
}

/* Every key that was asked for counts, found or not. */
static void
count_batch_get (RafilmMeterFigures *figures, JsonObject *request, JsonObject *answer)
{
  JsonObject *tables = get_object (request, "RequestItems");
  JsonObjectIter iter;
  const char *table;
  JsonNode *node;

  json_object_iter_init (&iter, tables);
  while (json_object_iter_next (&iter, &table, &node))
    {
      gboolean consistent = is_consistent (json_node_get_object (node));
      JsonArray *items = get_array (get_object (answer, "Responses"), table);
      guint found = items != NULL ? json_array_get_length (items) : 0;
      guint asked = json_array_get_length (get_array (json_node_get_object (node), "Keys"));

      for (guint i = 0; i < asked; i++)
        rafilm_capacity_add_get (&figures->capacity,
                                 i < found ? json_array_get_object_element (items, i) : NULL,
                                 consistent, 1);
      figures->items_read += found;
    }
}

static void
count_reads (RafilmMeterFigures *figures, const char *operation, JsonObject *request,
             JsonObject *answer)
{
  if (g_str_equal (operation, "GetItem"))
    {
      rafilm_capacity_add_get (&figures->capacity, get_object (answer, "Item"),
                               is_consistent (request), 1);
      figures->items_read += get_object (answer, "Item") != NULL;
    }
  else if (g_str_equal (operation, "Query"))
    {
      JsonArray *items = get_array (answer, "Items");

      rafilm_capacity_add_query (&figures->capacity, items, is_consistent (request));
      figures->items_read += items != NULL ? json_array_get_length (items) : 0;
    }
  else if (g_str_equal (operation, "BatchGetItem"))
    count_batch_get (figures, request, answer);
}

static void
add_figures (RafilmMeter *self, const RafilmMeterFigures *one)
{
  RafilmMeterFigures *all = &self->figures;

  g_mutex_lock (&self->lock);
  all->calls += one->calls;
  all->items_read += one->items_read;
  all->items_written += one->items_written;
  all->bytes += one->bytes;
  all->emulator_ms += one->emulator_ms;
  all->capacity.reads += one->capacity.reads;
  all->capacity.writes += one->capacity.writes;
  g_mutex_unlock (&self->lock);
}

static GBytes *
forward (RafilmMeter *self, const char *target, GBytes *body, guint *ret_status)
{
  const char *operation = g_str_has_prefix (target, PREFIX) ? target + strlen (PREFIX) : "";
  g_autoptr (JsonObject) request = self->counting ? parse (body) : NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (GPtrArray) writes = NULL;
  RafilmMeterFigures figures = { .calls = 1 };
  gint64 began;
  GBytes *answer_body;

  if (request != NULL)
    writes = find_writes (self, operation, request);
  began = g_get_monotonic_time ();
  answer_body = call_emulator (self, target, body, ret_status);
  figures.emulator_ms = (double) (g_get_monotonic_time () - began) / 1000;
  figures.bytes = g_bytes_get_size (body) + g_bytes_get_size (answer_body);
  if (request != NULL)
    {
      answer = parse (answer_body);
      count_writes (self, &figures, writes, *ret_status == 200,
                    g_str_equal (operation, "TransactWriteItems") ? 2 : 1);
      if (*ret_status == 200)
        count_reads (&figures, operation, request, answer);
    }
  add_figures (self, &figures);
  return answer_body;
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  RafilmMeter *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *target = soup_message_headers_get_one (headers, "X-Amz-Target");
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GBytes) answer = NULL;
  gsize length;
  const char *bytes;
  guint status = 0;

  g_set_str (&self->authorization, soup_message_headers_get_one (headers, "Authorization"));
  answer = forward (self, target != NULL ? target : "", body, &status);
  bytes = g_bytes_get_data (answer, &length);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/x-amz-json-1.0", SOUP_MEMORY_COPY, bytes,
                                    length);
}

static void
leave_cb (gpointer data)
{
  RafilmMeter *self = data;

  g_clear_object (&self->session);
}

RafilmMeter *
rafilm_meter_new (const char *emulator)
{
  RafilmMeter *self = g_new0 (RafilmMeter, 1);

  self->emulator = g_strconcat (emulator, "/", NULL);
  g_mutex_init (&self->lock);
  self->server = rafilm_loopback_new (request_cb, leave_cb, self);
  self->url = g_strconcat ("http://", rafilm_loopback_get_address (self->server), NULL);
  return self;
}

void
rafilm_meter_free (RafilmMeter *self)
{
  if (self == NULL)
    return;
  rafilm_loopback_free (self->server);
  g_mutex_clear (&self->lock);
  g_free (self->emulator);
  g_free (self->url);
  g_free (self->authorization);
  g_free (self);
}

const char *
rafilm_meter_get_url (RafilmMeter *self)
{
  return self->url;
}

void
rafilm_meter_set_counting (RafilmMeter *self, gboolean counting)
{
  g_mutex_lock (&self->lock);
  self->counting = counting;
  g_mutex_unlock (&self->lock);
}

void
rafilm_meter_take (RafilmMeter *self, RafilmMeterFigures *ret_figures)
{
  g_mutex_lock (&self->lock);
  *ret_figures = self->figures;
  self->figures = (RafilmMeterFigures) { 0 };
  g_mutex_unlock (&self->lock);
}
