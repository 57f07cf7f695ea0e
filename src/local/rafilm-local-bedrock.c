/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-bedrock.h"

#include "rafilm-local-converse.h"
#include "rafilm-local-frame.h"
#include "rafilm-local-http.h"

#define ROOT "/model"
#define ACTION "/converse-stream"
#define DELAY_MS 12

typedef enum
{
  FAULT_NONE,
  FAULT_THROTTLE,
  FAULT_EXCEPTION,
  FAULT_TRUNCATE,
  FAULT_GARBLE,
} Fault;

struct _RafilmLocalBedrock
{
  SoupServer *server;
  guint delay_ms;
  GHashTable *streams; /* set of Stream */
};

typedef struct
{
  RafilmLocalBedrock *bedrock;
  SoupServerMessage *message;
  GPtrArray *frames;
  guint next;
  Fault fault;
  guint timer;
  gulong finished_handler;
} Stream;

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_clear_handle_id (&stream->timer, g_source_remove);
  g_clear_signal_handler (&stream->finished_handler, stream->message);
  g_clear_object (&stream->message);
  g_clear_pointer (&stream->frames, g_ptr_array_unref);
  g_free (stream);
}

static void
finished_cb (SoupServerMessage *message, gpointer data)
{
  Stream *stream = data;

  g_hash_table_remove (stream->bedrock->streams, stream);
}

static GBytes *
garble (GBytes *frame)
{
  g_autoptr (GByteArray) array = g_byte_array_new ();

  g_byte_array_append (array, g_bytes_get_data (frame, NULL), (guint) g_bytes_get_size (frame));
  array->data[array->len - 1] ^= 0xff;

  return g_byte_array_free_to_bytes (g_steal_pointer (&array));
}

static GBytes *
take_frame (Stream *stream)
{
  gboolean half_way = stream->next == stream->frames->len / 2;
  GBytes *frame = stream->frames->pdata[stream->next++];

  if (half_way && stream->fault == FAULT_EXCEPTION)
    {
      stream->next = stream->frames->len;
      return rafilm_local_frame_new (
          "exception", "modelStreamErrorException",
          "{\"message\":\"The model has failed.\",\"originalStatusCode\":500}");
    }
  if (half_way && stream->fault == FAULT_GARBLE)
    return garble (frame);

  return g_bytes_ref (frame);
}

static gboolean
send_next_cb (gpointer data)
{
  Stream *stream = data;
  SoupMessageBody *body = soup_server_message_get_response_body (stream->message);
  g_autoptr (GBytes) frame = NULL;

  if (stream->fault == FAULT_TRUNCATE && stream->next >= stream->frames->len / 2)
    {
      GSocket *socket = soup_server_message_get_socket (stream->message);

      stream->timer = 0;
      g_socket_shutdown (socket, TRUE, TRUE, NULL);
      return G_SOURCE_REMOVE;
    }
  if (stream->next < stream->frames->len)
    {
      frame = take_frame (stream);
      soup_message_body_append_bytes (body, frame);
      soup_server_message_unpause (stream->message);
      return G_SOURCE_CONTINUE;
    }

  stream->timer = 0;
  soup_message_body_complete (body);
  soup_server_message_unpause (stream->message);

  return G_SOURCE_REMOVE;
}

static void
refuse (SoupServerMessage *message, guint status, const char *type, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "message", text);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "x-amzn-ErrorType", type);
  rafilm_local_http_reply (message, status, object);
}

static Fault
read_fault (SoupServerMessage *message)
{
  static const char *const names[] = { "", "throttle", "exception", "truncate", "garble" };
  const char *name = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "X-Rafilm-Fault");

  if (name == NULL)
    name = g_getenv ("RAFILM_LOCAL_BEDROCK_FAULT");
  for (gsize i = 1; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return (Fault) i;

  return FAULT_NONE;
}

static void
start_stream (RafilmLocalBedrock *self, SoupServerMessage *message, GPtrArray *frames, Fault fault)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  Stream *stream = g_new0 (Stream, 1);

  stream->bedrock = self;
  stream->message = g_object_ref (message);
  stream->frames = g_ptr_array_ref (frames);
  stream->fault = fault;
  stream->finished_handler =
      g_signal_connect (message, "finished", G_CALLBACK (finished_cb), stream);
  g_hash_table_add (self->streams, stream);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_replace (headers, "Content-Type", "application/vnd.amazon.eventstream");
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  stream->timer = g_timeout_add (self->delay_ms, send_next_cb, stream);
}

static void
model_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer data)
{
  RafilmLocalBedrock *self = data;
  g_autoptr (JsonObject) request = NULL;
  g_autoptr (RafilmLocalReply) reply = NULL;
  g_autoptr (GPtrArray) frames = NULL;
  Fault fault = read_fault (message);
  gint64 max_tokens;

  if (strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0
      || !g_str_has_suffix (path, ACTION))
    {
      refuse (message, SOUP_STATUS_NOT_FOUND, "ResourceNotFoundException", "Not found");
      return;
    }
  if (fault == FAULT_THROTTLE)
    {
      refuse (message, 429, "ThrottlingException",
              "Too many requests, please wait before trying again.");
      return;
    }

  request = rafilm_local_http_parse_body (message);
  if (request != NULL)
    reply = rafilm_local_concierge_reply (request);
  if (reply == NULL)
    {
      refuse (message, SOUP_STATUS_BAD_REQUEST, "ValidationException",
              "A conversation must end with a user message.");
      return;
    }
  max_tokens = rafilm_local_json_get_int (rafilm_local_json_get_object (request, "inferenceConfig"),
                                          "maxTokens", 0);
  frames = rafilm_local_converse_make_frames (reply, (guint) CLAMP (max_tokens, 0, 100000));
  start_stream (self, message, frames, fault);
}

RafilmLocalBedrock *
rafilm_local_bedrock_new (SoupServer *server)
{
  const char *delay = g_getenv ("RAFILM_LOCAL_BEDROCK_DELAY_MS");
  RafilmLocalBedrock *self;
  guint64 given = DELAY_MS;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);

  if (delay != NULL)
    g_ascii_string_to_unsigned (delay, 10, 0, 10000, &given, NULL);
  self = g_new0 (RafilmLocalBedrock, 1);
  self->server = g_object_ref (server);
  self->delay_ms = (guint) given;
  self->streams = g_hash_table_new_full (NULL, NULL, stream_free, NULL);
  soup_server_add_handler (server, ROOT, model_cb, self, NULL);

  return self;
}

void
rafilm_local_bedrock_free (RafilmLocalBedrock *self)
{
  g_return_if_fail (self != NULL);

  soup_server_remove_handler (self->server, ROOT);
  g_clear_pointer (&self->streams, g_hash_table_unref);
  g_clear_object (&self->server);
  g_free (self);
}
