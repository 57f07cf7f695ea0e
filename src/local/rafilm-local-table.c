/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-table.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"

#include "rafilm-spawn.h"

#define DYNAMODB "DynamoDB_20120810."
#define JSON_TYPE "application/x-amz-json-1.0"
/* DynamoDB's limit of a request, and some for what is around. */
#define MAX_BODY_BYTES (17 * 1024 * 1024)
#define MAX_READERS 16
/* So much is made again at a start within about two seconds. */
#define MAX_RECORDS 200
#define MAX_JOURNAL_BYTES (4 * 1024 * 1024)

struct _RafilmLocalTable
{
  RafilmLocalMoto *moto;
  RafilmLocalState *state;
  RafilmLocalJournal *journal;
  SoupServer *server;
  SoupSession *session;
  char *name;
  char *address;
  GQueue waiting; /* of DexPromise: whoever writes next */
  gboolean writing;
  gboolean stopped;
};

typedef struct
{
  RafilmLocalTable *table;
  RafilmLocalExchange *exchange;
} Call;

static void
table_clear (gpointer data)
{
  RafilmLocalTable *self = data;

  g_clear_pointer (&self->journal, rafilm_local_journal_free);
  g_clear_object (&self->session);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->address, g_free);
}

static void
table_unref (gpointer data)
{
  g_rc_box_release_full (data, table_clear);
}

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_pointer (&call->exchange, rafilm_local_exchange_end);
  g_clear_pointer (&call->table, table_unref);
  g_free (call);
}

/* ---- one write at a time ------------------------------------------------------------------ */

static void
begin_writing (RafilmLocalTable *self)
{
  DexPromise *turn;

  if (!self->writing)
    {
      self->writing = TRUE;
      return;
    }
  turn = dex_promise_new ();
  g_queue_push_tail (&self->waiting, dex_ref (turn));
  dex_await (DEX_FUTURE (turn), NULL);
}

static void
end_writing (RafilmLocalTable *self)
{
  DexPromise *turn = g_queue_pop_head (&self->waiting);

  if (turn == NULL)
    {
      self->writing = FALSE;
      return;
    }
  dex_promise_resolve_boolean (turn, TRUE);
  dex_unref (turn);
}

/* ---- serving ------------------------------------------------------------------------------ */

static void
refuse (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  JsonObject *object = json_object_new ();
  g_autofree char *full = g_strconcat ("com.amazonaws.dynamodb.v20120810#", type, NULL);

  json_object_set_string_member (object, "__type", full);
  json_object_set_string_member (object, "message", text);
  rafilm_local_http_reply (message, status, object);
}

/* What follows the service's name, when it is one of those that change items. */
static const char *
get_write (const char *target)
{
  static const char *const writes[] = { "PutItem",        "UpdateItem",         "DeleteItem",
                                        "BatchWriteItem", "TransactWriteItems", NULL };

  if (target == NULL || !g_str_has_prefix (target, DYNAMODB))
    return NULL;
  target += strlen (DYNAMODB);

  return g_strv_contains (writes, target) ? target : NULL;
}

static void
copy_header (SoupMessageHeaders *from, SoupMessageHeaders *to, const char *name)
{
  const char *value = soup_message_headers_get_one (from, name);

  if (value != NULL)
    soup_message_headers_replace (to, name, value);
}

static void
pass (RafilmLocalTable *self, SoupServerMessage *message, GBytes *body)
{
  static const char *const asked[] = { "X-Amz-Target", "Authorization", "X-Amz-Date" };
  static const char *const answered[] = { "Content-Type", "x-amzn-RequestId", "x-amz-crc32" };
  g_autoptr (SoupMessage) passed = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;

  passed = soup_message_new (SOUP_METHOD_POST, rafilm_local_moto_get_dynamodb (self->moto));
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    copy_header (soup_server_message_get_request_headers (message),
                 soup_message_get_request_headers (passed), asked[i]);
  answer =
      dex_await_boxed (rafilm_local_http_send (self->session, passed, body, JSON_TYPE), &error);
  if (answer == NULL)
    {
      refuse (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "InternalServerError", error->message);
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (answered); i++)
    copy_header (soup_message_get_response_headers (passed),
                 soup_server_message_get_response_headers (message), answered[i]);
  rafilm_local_http_reply_bytes (message, soup_message_get_status (passed), NULL, answer);
}

static void
write_down_and_pass (RafilmLocalTable *self, SoupServerMessage *message, const char *write,
                     GBytes *body)
{
  g_autoptr (GError) error = NULL;

  if (self->stopped)
    refuse (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "ServiceUnavailable", "It is going away");
  else if (!rafilm_local_journal_add (self->journal, write, body, &error))
    refuse (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "InternalServerError", error->message);
  else
    pass (self, message, body);
  if (error != NULL)
    g_warning ("The journal cannot be written: %s", error->message);
}

static DexFuture *
call_fiber (gpointer data)
{
  Call *call = data;
  RafilmLocalTable *self = call->table;
  SoupServerMessage *message = call->exchange->message;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *write = get_write (soup_message_headers_get_one (headers, "X-Amz-Target"));
  g_autoptr (GBytes) body = rafilm_local_http_dup_body (message);

  if (write == NULL)
    {
      pass (self, message, body);
      return dex_future_new_true ();
    }
  begin_writing (self);
  write_down_and_pass (self, message, write, body);
  end_writing (self);

  return dex_future_new_true ();
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer data)
{
  RafilmLocalTable *self = data;
  Call *call;

  if (rafilm_local_http_is_too_large (message))
    {
      refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "RequestEntityTooLarge",
              "The request is too large");
      return;
    }
  if (strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0)
    {
      refuse (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "UnknownOperationException", "POST only");
      return;
    }
  call = g_new0 (Call, 1);
  call->table = g_rc_box_acquire (self);
  call->exchange = rafilm_local_exchange_begin (message);
  dex_future_disown (rafilm_spawn (call_fiber, call, call_free));
}

/* ---- saving ------------------------------------------------------------------------------- */

static JsonArray *
read_items (RafilmLocalTable *self, GError **error)
{
  g_autoptr (JsonArray) items = json_array_new ();
  g_autoptr (JsonNode) start = NULL;

  do
    {
      JsonObject *input = json_object_new ();
      g_autoptr (JsonObject) output = NULL;
      JsonArray *page;

      json_object_set_string_member (input, "TableName", self->name);
      json_object_set_boolean_member (input, "ConsistentRead", TRUE);
      if (start != NULL)
        json_object_set_member (input, "ExclusiveStartKey", g_steal_pointer (&start));
      output = rafilm_local_moto_call (self->moto, DYNAMODB "Scan", input, error);
      if (output == NULL)
        return NULL;
      page = rafilm_local_json_get_array (output, "Items");
      for (guint i = 0; page != NULL && i < json_array_get_length (page); i++)
        json_array_add_element (items, json_array_dup_element (page, i));
      if (json_object_has_member (output, "LastEvaluatedKey"))
        start = json_object_dup_member (output, "LastEvaluatedKey");
    }
  while (start != NULL);

  return g_steal_pointer (&items);
}

static gboolean
save (RafilmLocalTable *self, GError **error)
{
  g_autoptr (JsonArray) items = read_items (self, error);
  RafilmLocalJournal *journal =
      items != NULL ? rafilm_local_state_save_table (self->state, items, error) : NULL;

  if (journal == NULL)
    return FALSE;
  g_clear_pointer (&self->journal, rafilm_local_journal_free);
  self->journal = journal;

  return TRUE;
}

gboolean
rafilm_local_table_save (RafilmLocalTable *self, GError **error)
{
  gboolean saved;

  g_return_val_if_fail (self != NULL, FALSE);

  begin_writing (self);
  saved = save (self, error);
  end_writing (self);

  return saved;
}

gboolean
rafilm_local_table_wants_saving (RafilmLocalTable *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return rafilm_local_journal_get_count (self->journal) > MAX_RECORDS
         || rafilm_local_journal_get_size (self->journal) > MAX_JOURNAL_BYTES;
}

/* ---- restoring ---------------------------------------------------------------------------- */

static gboolean
put_item (RafilmLocalTable *self, JsonObject *item, GError **error)
{
  JsonObject *input = json_object_new ();
  g_autoptr (JsonObject) output = NULL;

  json_object_set_string_member (input, "TableName", self->name);
  json_object_set_object_member (input, "Item", json_object_ref (item));
  output = rafilm_local_moto_call (self->moto, DYNAMODB "PutItem", input, error);

  return output != NULL;
}

/* What could not be done then, a condition that did not hold, cannot be done now. */
static void
make_again (RafilmLocalTable *self, const RafilmLocalRecord *record)
{
  g_autofree char *target = g_strconcat (DYNAMODB, record->name, NULL);
  JsonObject *input = rafilm_local_json_parse (record->body);
  g_autoptr (JsonObject) output = NULL;

  if (input != NULL)
    output = rafilm_local_moto_call (self->moto, target, input, NULL);
}

static gboolean
begin_epochs (RafilmLocalTable *self, GError **error)
{
  g_autoptr (JsonArray) items = read_items (self, error);

  if (items == NULL)
    return FALSE;
  if (json_array_get_length (items) > 0)
    g_message ("Something may be lost: the diaries begin a new epoch");
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *item = json_array_get_object_element (items, i);
      g_autofree char *epoch = g_strdup_printf ("e_%08x%08x", g_random_int (), g_random_int ());

      if (rafilm_local_state_begin_epoch (item, epoch, g_get_real_time () / 1000)
          && !put_item (self, item, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
restore (RafilmLocalTable *self, GError **error)
{
  g_autoptr (JsonArray) items = NULL;
  g_autoptr (GPtrArray) records = NULL;
  gboolean lost = FALSE;

  if (!rafilm_local_state_load_table (self->state, &items, &records, &lost, error)
      || !rafilm_local_moto_put_items (self->moto, self->name, items, error))
    return FALSE;
  for (guint i = 0; i < records->len; i++)
    make_again (self, records->pdata[i]);

  return (!lost || begin_epochs (self, error)) && save (self, error);
}

static gboolean
listen (RafilmLocalTable *self, GError **error)
{
  g_autoslist (GUri) uris = NULL;

  self->server = soup_server_new ("server-header", "rafilm-local", NULL);
  rafilm_local_http_bound (self->server, MAX_BODY_BYTES);
  soup_server_add_handler (self->server, "/", request_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));

  return TRUE;
}

RafilmLocalTable *
rafilm_local_table_start (RafilmLocalMoto *moto, RafilmLocalState *state, const char *name,
                          GError **error)
{
  RafilmLocalTable *self;

  g_return_val_if_fail (moto != NULL && state != NULL && name != NULL, NULL);

  self = g_rc_box_new0 (RafilmLocalTable);
  self->moto = moto;
  self->state = state;
  self->name = g_strdup (name);
  self->session = soup_session_new_with_options ("proxy-resolver", NULL, "max-conns", MAX_READERS,
                                                 "max-conns-per-host", MAX_READERS, NULL);
  g_queue_init (&self->waiting);
  if (!restore (self, error) || !listen (self, error))
    {
      rafilm_local_table_stop (self);
      return NULL;
    }

  return self;
}

void
rafilm_local_table_stop (RafilmLocalTable *self)
{
  g_return_if_fail (self != NULL);

  self->stopped = TRUE;
  if (self->server != NULL)
    {
      soup_server_remove_handler (self->server, "/");
      soup_server_disconnect (self->server);
    }
  g_clear_object (&self->server);
  table_unref (self);
}

const char *
rafilm_local_table_get_address (RafilmLocalTable *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address;
}
