/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every function with events of API Gateway, of streams and of other functions: the input's first
 * line names the handler, then comes the event, a line "--", and what DynamoDB, TMDb, Bedrock and
 * all others answer meanwhile. */
#include "fuzz.h"

#include "fuzz-peer.h"
#include "rafilm-handler.h"
#include "rafilm-time.h"

#include <string.h>

#define DEADLINE_MS 700 /* less what the runtime keeps back: a loop of tries ends by it */
#define TIME_MS 8000

static FuzzPeer *peer;
static RafilmContext *context;

static void
set_up (void)
{
  static const char *const variables[] = {
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ENDPOINT_URL_LAMBDA",
    "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
    "AWS_ENDPOINT_URL_PERSONALIZE_RUNTIME",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "RAFILM_TMDB_URL",
    "RAFILM_CONNECTIONS_URL",
    "RAFILM_ISSUER",
  };
  static const char *const names[] = { "RAFILM_TABLE",          "RAFILM_POOL_ID",
                                       "RAFILM_CLIENT_ID",      "RAFILM_TMDB_KEY_PARAMETER",
                                       "RAFILM_BEDROCK_MODEL",  "RAFILM_CHAT_WORKER",
                                       "RAFILM_ACCOUNT_WORKER", "RAFILM_CAMPAIGN_ARN" };
  g_autofree char *url = NULL;

  peer = fuzz_peer_new ();
  url = g_strdup_printf ("http://127.0.0.1:%u", fuzz_peer_get_port (peer));
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_setenv (variables[i], url, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_setenv (names[i], "name", TRUE);
  context = rafilm_context_new (rafilm_settings_new_from_environment ());
}

/* A REST answer is one of HTTP with JSON in it. */
static void
check_answer (const char *name, const json_t *answer)
{
  const char *body = json_string_value (json_object_get (answer, "body"));
  g_autofree char *text = json_dumps (answer, JSON_COMPACT | JSON_ENCODE_ANY);

  g_assert_nonnull (text);
  if (body != NULL)
    {
      json_auto_t *json = json_loads (body, JSON_REJECT_DUPLICATES, NULL);
      int status = (int) json_integer_value (json_object_get (answer, "statusCode"));

      g_assert_true (json_is_object (json));
      g_assert_true (status >= 200 && status < 600);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *event_text = strchr (text, '\n');
  char *answers = NULL;
  json_auto_t *event = NULL, *answer = NULL;
  RafilmHandlerFunc handler;
  gint64 began;

  if (event_text == NULL)
    return 0;
  *event_text++ = '\0';
  answers = strstr (event_text, "\n--\n");
  if (answers != NULL)
    {
      *answers = '\0';
      answers += 4;
    }
  handler = rafilm_handler_find (text);
  event = json_loads (event_text, 0, NULL);
  if (handler == NULL || !json_is_object (event))
    return 0;
  if (context == NULL)
    set_up ();
  fuzz_peer_answer_body (peer, (const guint8 *) (answers != NULL ? answers : "{}"),
                         answers != NULL ? strlen (answers) : 2);

  began = g_get_monotonic_time ();
  context->route = "";
  context->deadline = rafilm_time_now_ms () + DEADLINE_MS;
  rafilm_aws_set_deadline (context->aws, context->deadline - 500);
  answer = handler (context, event);
  if (answer != NULL)
    check_answer (text, answer);
  g_assert_cmpint (g_get_monotonic_time () - began, <, TIME_MS * 1000);
  return 0;
}
