/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers one message of the chat: asks the model, lets it use the tools, and sends what it writes
 * to the socket as it comes. Event: {"uid","connection","request"}, from handlers/chat.c only. */
#include "rafilm-chat-request.h"
#include "rafilm-chat-scanner.h"
#include "rafilm-chat-sender.h"
#include "rafilm-chat-tools.h"
#include "rafilm-converse.h"

#include "rafilm-log.h"
#include "rafilm-time.h"

#include <string.h>

#define MAX_TOOL_ROUNDS 5
#define MAX_TOKENS 800
#define STOP_CHECK_MS 1000
#define MAX_TOOL_RESULT (48 * 1024)

static const char system_prompt[] =
    "You are the film companion of Rafilm, a film diary. Talk about films, the user's own diary "
    "and what to watch next; decline other subjects in one sentence. Answer in the language of "
    "the user, in short plain paragraphs without headings.\n"
    "Name a film only by the handle that a tool returned with it, such as [[tmdb:603]]; the app "
    "shows its title, year and poster there, so do not write the title beside it. Never make up "
    "a handle, and never name a film that no tool has returned: call search_films, recommend, "
    "diary or film first. Give years, cast, stories and ratings only as the tools gave them, and "
    "never quote critics. When a tool fails or finds nothing, say so.";

/* One answer on its way. */
typedef struct
{
  RafilmContext *context;
  const char *uid;
  const char *id;
  RafilmChatSender sender;
  RafilmChatScanner scanner;
  RafilmChatTools tools;
  json_t *shown;      /* ids as text of the films already sent */
  int64_t checked_at; /* ms of 1970: when it was last looked whether to stop */
  bool stopped;
  bool break_wanted; /* text goes on after a round with tools */
} Answer;

static bool
film_named_cb (int64_t id, void *data)
{
  Answer *answer = data;
  json_t *film = rafilm_chat_tools_find_film (&answer->tools, id);
  rafilm_autofree char *key = rafilm_printf ("%lld", (long long) id);

  if (film == NULL)
    return false;
  if (json_object_get (answer->shown, key) == NULL)
    {
      json_object_set_new (answer->shown, key, json_true ());
      rafilm_chat_sender_add_film (&answer->sender, film);
    }
  return true;
}

static void
text_shown_cb (const char *text, size_t length, void *data)
{
  Answer *answer = data;

  if (answer->break_wanted && answer->sender.said)
    rafilm_chat_sender_add_text (&answer->sender, "\n\n", 2);
  answer->break_wanted = false;
  rafilm_chat_sender_add_text (&answer->sender, text, length);
}

static bool
is_to_stop (Answer *answer)
{
  int64_t now = rafilm_time_now_ms ();

  if (!answer->stopped && now - answer->checked_at >= STOP_CHECK_MS)
    {
      answer->checked_at = now;
      answer->stopped =
          rafilm_chat_answer_is_stopped (answer->context->dynamodb, answer->uid, answer->id);
    }
  return answer->stopped || answer->sender.gone;
}

static bool
text_received_cb (const char *text, size_t length, void *data)
{
  Answer *answer = data;

  rafilm_chat_scanner_push (&answer->scanner, text, length);
  return !is_to_stop (answer);
}

static void
begin_scan (Answer *answer)
{
  RafilmChatScannerFuncs funcs = { film_named_cb, text_shown_cb, answer };

  rafilm_chat_scanner_init (&answer->scanner, funcs);
}

static void
end_scan (Answer *answer)
{
  rafilm_chat_scanner_finish (&answer->scanner);
  if (answer->scanner.removed > 0)
    rafilm_log_count ("ChatHandlesRemoved", answer->scanner.removed);
  rafilm_chat_scanner_clear (&answer->scanner);
}

/* The results of all tools of one message go back in one message. New reference. */
static json_t *
run_tools (Answer *answer, const RafilmConverse *converse, const json_t *content)
{
  json_t *results = json_array (), *block;
  size_t i;

  json_array_foreach (content, i, block)
  {
    json_t *use = json_object_get (block, "toolUse");
    const char *id = json_string_value (json_object_get (use, "toolUseId"));
    json_t *result;
    rafilm_autofree char *text = NULL;
    bool failed = false;

    if (use == NULL)
      continue;
    if (rafilm_converse_input_is_sound (converse, id))
      result =
          rafilm_chat_tools_call (&answer->tools, json_string_value (json_object_get (use, "name")),
                                  json_object_get (use, "input"), &failed);
    else
      {
        failed = true;
        result = json_pack ("{s:s}", "error", "the input is not a JSON object");
      }
    text = json_dumps (result, JSON_COMPACT);
    if (text == NULL || strlen (text) > MAX_TOOL_RESULT)
      {
        json_decref (result);
        failed = true;
        result = json_pack ("{s:s}", "error", "the result is too large; ask for less");
      }
    json_array_append_new (results, json_pack ("{s:{s:s, s:[{s:o}], s:s}}", "toolResult",
                                               "toolUseId", id, "content", "json", result, "status",
                                               failed ? "error" : "success"));
  }
  return results;
}

static void
fail (Answer *answer, RafilmConverseStatus status)
{
  if (status == RAFILM_CONVERSE_THROTTLED)
    rafilm_chat_sender_fail (&answer->sender, "throttled", "The chat is busy. Try again soon.");
  else
    rafilm_chat_sender_fail (&answer->sender, "unavailable", "The chat does not answer now.");
}

typedef enum
{
  ROUND_AGAIN, /* tools have answered */
  ROUND_ENDED,
} Round;

static Round
run_round (Answer *answer, json_t *request, bool tools_left)
{
  json_t *messages = json_object_get (request, "messages");
  json_auto_t *content = NULL;
  RafilmConverse converse;
  RafilmConverseStatus status;
  Round round = ROUND_ENDED;

  begin_scan (answer);
  rafilm_converse_init (&converse, text_received_cb, answer);
  status = rafilm_converse_send (&converse, answer->context, request);
  end_scan (answer);
  content = rafilm_converse_dup_content (&converse);
  rafilm_log_count ("ChatInputTokens", converse.input_tokens);
  rafilm_log_count ("ChatOutputTokens", converse.output_tokens);

  if (status == RAFILM_CONVERSE_STOPPED || (status == RAFILM_CONVERSE_OK && is_to_stop (answer)))
    rafilm_chat_sender_finish (&answer->sender, "stopped");
  else if (status != RAFILM_CONVERSE_OK)
    fail (answer, status);
  else if (strcmp (converse.stop_reason, "tool_use") == 0 && !tools_left)
    rafilm_chat_sender_fail (&answer->sender, "too_many_steps",
                             "The chat did not come to an end with its search.");
  else if (strcmp (converse.stop_reason, "tool_use") == 0)
    {
      json_array_append_new (messages,
                             json_pack ("{s:s, s:O}", "role", "assistant", "content", content));
      json_array_append_new (messages, json_pack ("{s:s, s:o}", "role", "user", "content",
                                                  run_tools (answer, &converse, content)));
      answer->break_wanted = true;
      round = ROUND_AGAIN;
    }
  else
    rafilm_chat_sender_finish (&answer->sender, strcmp (converse.stop_reason, "max_tokens") == 0
                                                    ? "max_tokens"
                                                    : "end_turn");
  rafilm_converse_clear (&converse);
  return round;
}

static void
run_answer (Answer *answer, const json_t *request)
{
  int64_t ids[RAFILM_TMDB_MAX_IDS];
  size_t n = rafilm_chat_request_find_films (request, ids, RAFILM_TMDB_MAX_IDS);
  json_auto_t *converse = json_pack (
      "{s:o, s:[{s:s}], s:{s:i, s:f}, s:o}", "messages", rafilm_chat_request_to_messages (request),
      "system", "text", system_prompt, "inferenceConfig", "maxTokens", MAX_TOKENS, "temperature",
      0.4, "toolConfig", rafilm_chat_tools_dup_config ());
  unsigned rounds = 0;

  rafilm_chat_tools_allow (&answer->tools, ids, n);
  while (run_round (answer, converse, rounds < MAX_TOOL_ROUNDS) == ROUND_AGAIN)
    rounds++;
}

json_t *
rafilm_chat_worker_handler (RafilmContext *context, json_t *event)
{
  const char *uid = json_string_value (json_object_get (event, "uid"));
  const char *connection = json_string_value (json_object_get (event, "connection"));
  json_t *request = json_object_get (event, "request");
  RafilmAccountStatus begun;
  Answer answer = { .context = context };

  context->route = "chat-worker";
  if (uid == NULL || connection == NULL || !rafilm_chat_request_is_valid (request))
    return NULL;
  answer.uid = uid;
  answer.id = json_string_value (json_object_get (request, "id"));
  /* An asynchronous invocation may come twice. */
  begun = rafilm_chat_begin_answer (context->dynamodb, uid, answer.id, rafilm_time_now ());
  if (begun == RAFILM_ACCOUNT_REFUSED || begun == RAFILM_ACCOUNT_GONE)
    return json_object ();

  answer.shown = json_object ();
  rafilm_chat_sender_init (&answer.sender, context->connections, uid, connection, answer.id);
  rafilm_chat_tools_init (&answer.tools, context, uid);
  if (begun != RAFILM_ACCOUNT_OK || context->settings->bedrock_model == NULL)
    fail (&answer, RAFILM_CONVERSE_UNAVAILABLE);
  else
    run_answer (&answer, request);
  rafilm_chat_tools_clear (&answer.tools);
  rafilm_chat_sender_clear (&answer.sender);
  json_decref (answer.shown);
  return json_object ();
}
