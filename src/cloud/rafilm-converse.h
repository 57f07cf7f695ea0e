/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of Bedrock's ConverseStream: text as it comes, and the whole message at the end.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
#pragma once

#include "rafilm-eventstream.h"
#include "rafilm-handler.h"

#define RAFILM_CONVERSE_MAX_BLOCKS 32

typedef enum
{
  RAFILM_CONVERSE_OK,
  RAFILM_CONVERSE_STOPPED,     /* the text callback returned false */
  RAFILM_CONVERSE_THROTTLED,   /* throttlingException, model not ready */
  RAFILM_CONVERSE_UNAVAILABLE, /* unreachable, 5xx, timed out, cut off */
  RAFILM_CONVERSE_REFUSED,     /* validation, access, no such model: our own mistake */
  RAFILM_CONVERSE_BROKEN,      /* a stream that is not one */
} RafilmConverseStatus;

const char *rafilm_converse_status_to_string (RafilmConverseStatus status);

/* A piece of the answer's text; false ends it. */
typedef bool (*RafilmConverseTextFunc) (const char *text, size_t length, void *data);

typedef struct
{
  bool used, closed;
  bool is_tool;
  char *tool_id, *tool_name;
  RafilmBuffer text; /* of the block; a tool's input in JSON */
} RafilmConverseBlock;

/* The answer as far as it has come. Fed with the stream's messages; without any network. */
typedef struct
{
  RafilmConverseBlock blocks[RAFILM_CONVERSE_MAX_BLOCKS];
  RafilmConverseTextFunc text_func;
  void *text_data;
  RafilmConverseStatus status;
  char stop_reason[48]; /* "" until messageStop: "end_turn", "tool_use", "max_tokens" … */
  char exception[64];   /* the type of an exception, or "" */
  int64_t input_tokens, output_tokens;
} RafilmConverse;

void rafilm_converse_init (RafilmConverse *self, RafilmConverseTextFunc text_func, void *text_data);
void rafilm_converse_clear (RafilmConverse *self);

/* False when the stream is to end: an exception, something broken, or the callback said so. */
bool rafilm_converse_take (RafilmConverse *self, const RafilmEventstreamMessage *message);

/* The blocks as "content" of an assistant message: [{"text"}…,
 * {"toolUse":{toolUseId,name,input}}…]; blank texts are left out, since they are refused in a
 * request. A tool's input that is no JSON object becomes {}. New reference. */
json_t *rafilm_converse_dup_content (const RafilmConverse *self);

/* Whether the input of the tool call `tool_id` was a JSON object (or empty). */
bool rafilm_converse_input_is_sound (const RafilmConverse *self, const char *tool_id);

/* Sends `request` (messages, system, toolConfig …; borrowed) to the model of the settings and feeds
 * `self`, which must be fresh. */
RafilmConverseStatus rafilm_converse_send (RafilmConverse *self, RafilmContext *context,
                                           const json_t *request);
