/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-converse.h"

#include "rafilm-log.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MAX_MESSAGE (1024 * 1024)
#define MAX_TEXT (64 * 1024)
#define TIMEOUT_MS 90000

const char *
rafilm_converse_status_to_string (RafilmConverseStatus status)
{
  static const char *const names[] = { "ok",          "stopped", "throttled",
                                       "unavailable", "refused", "broken" };

  return names[status];
}

void
rafilm_converse_init (RafilmConverse *self, RafilmConverseTextFunc text_func, void *text_data)
{
  *self = (RafilmConverse) { .text_func = text_func, .text_data = text_data };
  for (size_t i = 0; i < RAFILM_CONVERSE_MAX_BLOCKS; i++)
    self->blocks[i].text = RAFILM_BUFFER_INIT (MAX_TEXT);
}

void
rafilm_converse_clear (RafilmConverse *self)
{
  for (size_t i = 0; i < RAFILM_CONVERSE_MAX_BLOCKS; i++)
    {
      free (self->blocks[i].tool_id);
      free (self->blocks[i].tool_name);
      rafilm_buffer_clear (&self->blocks[i].text);
    }
}

static RafilmConverseBlock *
get_block (RafilmConverse *self, const json_t *payload)
{
  json_t *index = json_object_get (payload, "contentBlockIndex");

  if (!json_is_integer (index) || json_integer_value (index) < 0
      || json_integer_value (index) >= RAFILM_CONVERSE_MAX_BLOCKS)
    {
      self->status = RAFILM_CONVERSE_BROKEN;
      return NULL;
    }
  return &self->blocks[json_integer_value (index)];
}

static void
take_block_start (RafilmConverse *self, const json_t *payload)
{
  RafilmConverseBlock *block = get_block (self, payload);
  json_t *tool = json_object_get (json_object_get (payload, "start"), "toolUse");
  const char *id = json_string_value (json_object_get (tool, "toolUseId"));
  const char *name = json_string_value (json_object_get (tool, "name"));

  if (block == NULL || tool == NULL)
    return;
  if (id == NULL || name == NULL || block->used)
    {
      self->status = RAFILM_CONVERSE_BROKEN;
      return;
    }
  block->used = true;
  block->is_tool = true;
  block->tool_id = rafilm_strdup (id);
  block->tool_name = rafilm_strdup (name);
}

/* A block of text has no start: its first delta is one. */
static void
take_block_delta (RafilmConverse *self, const json_t *payload)
{
  RafilmConverseBlock *block = get_block (self, payload);
  json_t *delta = json_object_get (payload, "delta");
  json_t *text = json_object_get (delta, "text");
  json_t *input = json_object_get (json_object_get (delta, "toolUse"), "input");
  json_t *piece = text != NULL ? text : input;

  if (block == NULL || !json_is_string (piece))
    return;
  if (block->is_tool != (text == NULL))
    {
      self->status = RAFILM_CONVERSE_BROKEN;
      return;
    }
  block->used = true;
  if (!rafilm_buffer_append (&block->text, json_string_value (piece), json_string_length (piece)))
    self->status = RAFILM_CONVERSE_BROKEN;
  else if (!block->is_tool && self->text_func != NULL && json_string_length (piece) > 0
           && !self->text_func (json_string_value (piece), json_string_length (piece),
                                self->text_data))
    self->status = RAFILM_CONVERSE_STOPPED;
}

static void
take_metadata (RafilmConverse *self, const json_t *payload)
{
  json_t *usage = json_object_get (payload, "usage");

  self->input_tokens = json_integer_value (json_object_get (usage, "inputTokens"));
  self->output_tokens = json_integer_value (json_object_get (usage, "outputTokens"));
}

static void
take_event (RafilmConverse *self, const char *type, const json_t *payload)
{
  if (strcmp (type, "contentBlockStart") == 0)
    take_block_start (self, payload);
  else if (strcmp (type, "contentBlockDelta") == 0)
    take_block_delta (self, payload);
  else if (strcmp (type, "contentBlockStop") == 0)
    {
      RafilmConverseBlock *block = get_block (self, payload);

      if (block != NULL)
        block->closed = true;
    }
  else if (strcmp (type, "messageStop") == 0)
    {
      const char *reason = json_string_value (json_object_get (payload, "stopReason"));

      snprintf (self->stop_reason, sizeof self->stop_reason, "%s", reason != NULL ? reason : "");
    }
  else if (strcmp (type, "metadata") == 0)
    take_metadata (self, payload);
}

/* Names are with a small first letter in the stream and a capital one in an HTTP answer. */
static RafilmConverseStatus
judge_exception (const char *type)
{
  static const struct
  {
    const char *type;
    RafilmConverseStatus status;
  } known[] = {
    { "hrottlingException", RAFILM_CONVERSE_THROTTLED },
    { "odelNotReadyException", RAFILM_CONVERSE_THROTTLED },
    { "erviceQuotaExceededException", RAFILM_CONVERSE_THROTTLED },
    { "alidationException", RAFILM_CONVERSE_REFUSED },
    { "ccessDeniedException", RAFILM_CONVERSE_REFUSED },
    { "esourceNotFoundException", RAFILM_CONVERSE_REFUSED },
  };

  for (size_t i = 0; *type != '\0' && i < sizeof known / sizeof known[0]; i++)
    if (strcmp (type + 1, known[i].type) == 0)
      return known[i].status;
  return RAFILM_CONVERSE_UNAVAILABLE;
}

bool
rafilm_converse_take (RafilmConverse *self, const RafilmEventstreamMessage *message)
{
  const char *kind = rafilm_eventstream_get_text (message, ":message-type");
  json_auto_t *payload = NULL;

  if (strcmp (kind, "event") != 0)
    {
      bool is_exception = strcmp (kind, "exception") == 0;

      snprintf (
          self->exception, sizeof self->exception, "%s",
          rafilm_eventstream_get_text (message, is_exception ? ":exception-type" : ":error-code"));
      self->status = judge_exception (self->exception);
      return false;
    }
  payload = json_loadb (message->payload, message->payload_length, 0, NULL);
  if (!json_is_object (payload))
    self->status = RAFILM_CONVERSE_BROKEN;
  else
    take_event (self, rafilm_eventstream_get_text (message, ":event-type"), payload);
  return self->status == RAFILM_CONVERSE_OK;
}

static bool
is_blank (const RafilmBuffer *text)
{
  for (size_t i = 0; i < text->length; i++)
    if (!isspace ((unsigned char) text->data[i]))
      return false;
  return true;
}

/* NULL when it is no JSON object. Nothing at all stands for an empty one. */
static json_t *
parse_input (const RafilmConverseBlock *block)
{
  json_t *input;

  if (is_blank (&block->text))
    return json_object ();
  input = json_loadb (block->text.data, block->text.length, 0, NULL);
  if (json_is_object (input))
    return input;
  json_decref (input);
  return NULL;
}

json_t *
rafilm_converse_dup_content (const RafilmConverse *self)
{
  json_t *content = json_array ();

  for (size_t i = 0; i < RAFILM_CONVERSE_MAX_BLOCKS; i++)
    {
      const RafilmConverseBlock *block = &self->blocks[i];

      if (block->used && block->is_tool)
        {
          json_t *input = parse_input (block);

          json_array_append_new (content,
                                 json_pack ("{s:{s:s, s:s, s:o}}", "toolUse", "toolUseId",
                                            block->tool_id, "name", block->tool_name, "input",
                                            input != NULL ? input : json_object ()));
        }
      else if (block->used && !is_blank (&block->text))
        json_array_append_new (content,
                               json_pack ("{s:s%}", "text", block->text.data, block->text.length));
    }
  return content;
}

bool
rafilm_converse_input_is_sound (const RafilmConverse *self, const char *tool_id)
{
  for (size_t i = 0; i < RAFILM_CONVERSE_MAX_BLOCKS; i++)
    if (self->blocks[i].is_tool && strcmp (self->blocks[i].tool_id, tool_id) == 0)
      {
        json_auto_t *input = parse_input (&self->blocks[i]);

        return input != NULL;
      }
  return false;
}

typedef struct
{
  RafilmConverse *converse;
  RafilmEventstream stream;
} Reading;

static bool
take_message_cb (const RafilmEventstreamMessage *message, void *data)
{
  return rafilm_converse_take (data, message);
}

static bool
body_received_cb (const char *bytes, size_t length, void *data)
{
  Reading *reading = data;

  return rafilm_eventstream_push (&reading->stream, bytes, length, take_message_cb,
                                  reading->converse)
         == RAFILM_EVENTSTREAM_OK;
}

static RafilmConverseStatus
judge_answer (RafilmConverse *self, RafilmHttpStatus status, const RafilmHttpResponse *response,
              const RafilmEventstream *stream)
{
  json_auto_t *body = NULL;
  rafilm_autofree char *type = NULL;

  if (self->status != RAFILM_CONVERSE_OK)
    return self->status;
  if (stream->status != RAFILM_EVENTSTREAM_OK)
    return RAFILM_CONVERSE_BROKEN;
  if (status != RAFILM_HTTP_OK)
    return RAFILM_CONVERSE_UNAVAILABLE;
  if (response->status == 200)
    return rafilm_eventstream_is_whole (stream) && *self->stop_reason != '\0'
               ? RAFILM_CONVERSE_OK
               : RAFILM_CONVERSE_UNAVAILABLE;
  body = json_loadb (response->body, response->body_length, 0, NULL);
  type = rafilm_aws_error_type (response, body);
  snprintf (self->exception, sizeof self->exception, "%s", type);
  if (response->status == 429)
    return RAFILM_CONVERSE_THROTTLED;
  if (response->status >= 500 || response->status == 408 || response->status == 424)
    return RAFILM_CONVERSE_UNAVAILABLE;
  return *type != '\0' ? judge_exception (type) : RAFILM_CONVERSE_REFUSED;
}

RafilmConverseStatus
rafilm_converse_send (RafilmConverse *self, RafilmContext *context, const json_t *request)
{
  const RafilmSettings *settings = context->settings;
  rafilm_autofree char *model = rafilm_http_escape (settings->bedrock_model, false);
  rafilm_autofree char *text = json_dumps (request, JSON_COMPACT);
  rafilm_auto_request http = { .method = "POST", .body_func = body_received_cb };
  rafilm_auto_response response = { 0 };
  Reading reading = { .converse = self };
  RafilmHttpStatus status;

  rafilm_eventstream_init (&reading.stream, MAX_MESSAGE);
  http.url = rafilm_printf ("%s/model/%s/converse-stream",
                            settings->endpoints[RAFILM_SERVICE_BEDROCK_RUNTIME], model);
  http.body = text;
  http.body_length = strlen (text);
  http.body_data = &reading;
  http.timeout_ms = rafilm_aws_time_left (context->aws, TIMEOUT_MS);
  rafilm_http_headers_add (&http.headers, "Content-Type", "application/json");
  rafilm_http_headers_add (&http.headers, "Accept", "application/vnd.amazon.eventstream");
  rafilm_aws_sign (context->aws, &http, "bedrock");
  status = rafilm_http_client_send (context->stream_http, &http, &response);
  self->status = judge_answer (self, status, &response, &reading.stream);
  rafilm_eventstream_clear (&reading.stream);
  if (self->status != RAFILM_CONVERSE_OK && self->status != RAFILM_CONVERSE_STOPPED)
    rafilm_log_error ("converse.failed", "status", rafilm_converse_status_to_string (self->status),
                      "http", rafilm_http_status_to_string (status), "type", self->exception, NULL);
  return self->status;
}
