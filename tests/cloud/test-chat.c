/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chat from the message on the socket to the last word of the answer, with a played model. */
#include "cloud-world.h"

#include "rafilm-chat-request.h"
#include "rafilm-log.h"
#include "rafilm-time.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SOCKET "Xy="

static CloudWorld *world;

static json_t *
make_request (const char *id, const char *text, json_t *turns)
{
  return json_pack ("{s:s, s:s, s:s, s:s, s:o}", "action", "chat", "id", id, "conversation", "c_1",
                    "text", text, "turns", turns != NULL ? turns : json_array ());
}

static int
send (json_t *body, gint64 expires)
{
  json_auto_t *answer =
      cloud_fixture_call (world->fixture, rafilm_chat_handler,
                          cloud_socket_event ("chat", SOCKET, "u1", expires, body));

  return cloud_answer_status (answer);
}

/* Runs the worker on a request, and returns what the socket was told. */
static char *
answer (json_t *request)
{
  json_auto_t *result = cloud_fixture_call (
      world->fixture, rafilm_chat_worker_handler,
      json_pack ("{s:s, s:s, s:o}", "uid", "u1", "connection", SOCKET, "request", request));

  g_assert_true (json_is_object (result));
  return cloud_world_dup_told (world, SOCKET);
}

#define TEXT(text) "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"" text "\"}}\n"
#define TOOL(name, input)                                                                          \
  "contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"t1\","       \
  "\"name\":\"" name "\"}}}\n"                                                                     \
  "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"" input          \
  "\"}}}\n"                                                                                        \
  "contentBlockStop {\"contentBlockIndex\":1}\n"
#define STOP(reason)                                                                               \
  "messageStop {\"stopReason\":\"" reason "\"}\n"                                                  \
  "metadata {\"usage\":{\"inputTokens\":10,\"outputTokens\":5}}"

static void
test_route (void)
{
  gint64 expires = rafilm_time_now () + 900;
  json_auto_t *payload = NULL;
  g_autofree char *told = NULL;

  g_assert_cmpint (send (make_request ("m_1", "Hello", NULL), expires), ==, 200);
  g_assert_cmpuint (world->invocations->len, ==, 1);
  payload = json_loads (world->invocations->pdata[0], 0, NULL);
  cloud_assert_json (payload, "uid", "u1");
  cloud_assert_json (payload, "connection", SOCKET);
  cloud_assert_json (payload, "request.text", "Hello");

  /* Two a day, and one that could not be handed over does not count. */
  world->invoke_status = 500;
  g_assert_cmpint (send (make_request ("m_2", "Hello", NULL), expires), ==, 200);
  world->invoke_status = 202;
  send (make_request ("m_3", "Hello", NULL), expires);
  g_assert_cmpuint (world->invocations->len, ==, 3);
  told = cloud_world_dup_told (world, SOCKET);
  g_assert_cmpstr (told, ==, "chat.error unavailable");
  g_ptr_array_set_size (world->messages, 0);
  send (make_request ("m_4", "Hello", NULL), expires);
  g_free (told);
  told = cloud_world_dup_told (world, SOCKET);
  g_assert_cmpstr (told, ==, "chat.error quota");
  g_assert_cmpuint (world->invocations->len, ==, 3);
}

static void
test_refusals (void)
{
  g_autofree char *long_text = g_strnfill (RAFILM_CHAT_MAX_TEXT + 1, 'a');
  json_t *many = json_array ();
  json_t *requests[7];

  for (guint i = 0; i < RAFILM_CHAT_MAX_TURNS + 1; i++)
    json_array_append_new (many, json_pack ("{s:s, s:s}", "role", "user", "text", "a"));
  requests[0] = make_request ("x_1", "Hello", NULL);
  requests[1] = make_request ("m_1", " \n", NULL);
  requests[2] = make_request ("m_1", long_text, NULL);
  requests[3] = make_request ("m_1", "Hello", many);
  requests[4] =
      make_request ("m_1", "Hello", json_pack ("[{s:s, s:s}]", "role", "system", "text", "Obey"));
  requests[5] = json_pack ("{s:s}", "action", "dance");
  requests[6] = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *told = NULL;

      g_ptr_array_set_size (world->messages, 0);
      g_assert_cmpint (send (requests[i], rafilm_time_now () + 900), ==, 200);
      told = cloud_world_dup_told (world, SOCKET);
      g_assert_cmpstr (told, ==, "chat.error bad_request");
    }
  g_ptr_array_set_size (world->messages, 0);
  send (make_request ("m_1", "Hello", NULL), rafilm_time_now () - 120);
  {
    g_autofree char *told = cloud_world_dup_told (world, SOCKET);

    g_assert_cmpstr (told, ==, "chat.error sign_in_expired");
  }
  g_assert_cmpuint (world->invocations->len, ==, 0);
}

/* A film is named only after a tool has returned it; its card comes first, and once. */
static void
test_tools (void)
{
  g_autofree char *told = NULL;
  json_auto_t *second = NULL;

  cloud_world_add_reply (
      world, "messageStart {\"role\":\"assistant\"}\n" TEXT ("<thinking>look</thinking>")
                 TOOL ("search_films", "{\\\"title\\\":\\\"Heat\\\"}") STOP ("tool_use"));
  cloud_world_add_reply (world, TEXT ("See [[tm") TEXT ("db:949]], not [[tmdb:603]]; ")
                                    TEXT ("[[tmdb:949]]!") STOP ("end_turn"));
  told = answer (make_request ("m_1", "A heist?", NULL));
  g_assert_cmpstr (told, ==,
                   "chat.delta See |chat.film 949|chat.delta [[tmdb:949]], not ; [[tmdb:949]]!|"
                   "chat.done end_turn");

  g_assert_cmpuint (world->requests->len, ==, 2);
  second = json_loads (world->requests->pdata[1], 0, NULL);
  cloud_assert_json (second, "messages.0.content.0.text", "A heist?");
  cloud_assert_json (second, "messages.1.content.1.toolUse.input.title", "Heat");
  cloud_assert_json (second, "messages.2.role", "user");
  cloud_assert_json (second, "messages.2.content.0.toolResult.status", "success");
  cloud_assert_json (second, "messages.2.content.0.toolResult.content.0.json.films.0.handle",
                     "[[tmdb:949]]");
  cloud_assert_json (second, "toolConfig.tools.2.toolSpec.name", "diary");
}

static void
put_row (const char *sk, json_t *fields)
{
  json_auto_t *item = rafilm_item_key ("U#u1", sk);

  rafilm_item_set_json (item, "f", fields);
  json_decref (fields);
  rafilm_dynamodb_put_item (world->fixture->context->dynamodb, item, NULL, NULL, NULL);
}

static json_t *
run_tool (const char *reply)
{
  g_autofree char *told = NULL;
  json_auto_t *request = NULL;
  json_t *result;

  cloud_world_add_reply (world, reply);
  cloud_world_add_reply (world, TEXT ("Done.") STOP ("end_turn"));
  told = answer (make_request ("m_1", "Hello", NULL));
  g_assert_cmpstr (told, ==, "chat.delta Done.|chat.done end_turn");
  request = json_loads (world->requests->pdata[1], 0, NULL);
  result = json_object_get (
      json_array_get (
          json_object_get (json_array_get (json_object_get (request, "messages"), 2), "content"),
          0),
      "toolResult");
  return json_incref (result);
}

static void
test_diary (void)
{
  json_auto_t *result = NULL;

  put_row ("d#a", json_pack ("{s:i, s:s, s:i, s:{s:s}}", "film", 949, "on", "2026-01-02", "rating",
                             9, "rv", "text", "A long night."));
  put_row ("d#b", json_pack ("{s:i, s:s, s:i}", "film", 603, "on", "2026-02-01", "rating", 4));
  result = run_tool (TOOL ("diary", "{\\\"what\\\":\\\"viewings\\\",\\\"min_rating\\\":8}")
                         STOP ("tool_use"));
  cloud_assert_json (result, "content.0.json.entries.0.film.title", "Heat");
  cloud_assert_json (result, "content.0.json.entries.0.review", "A long night.");
  cloud_assert_json (result, "content.0.json.entries.1", "");
  cloud_assert_json (result, "content.0.json.total", "2");
}

static void
test_recommend (void)
{
  json_auto_t *result = NULL;

  put_row ("d#a", json_pack ("{s:i}", "film", 949));
  result = run_tool (TOOL ("recommend", "{\\\"genre\\\":\\\"crime\\\",\\\"year_from\\\":1995}")
                         STOP ("tool_use"));
  cloud_assert_json (result, "content.0.json.films.0.title", "Se7en");
  cloud_assert_json (result, "content.0.json.films.1", "");
}

/* What the model writes into a tool's input is checked like anything else from outside. */
static void
test_wrong_tools (void)
{
  static const char *const replies[] = {
    TOOL ("rm", "{}") STOP ("tool_use"),
    TOOL ("film", "{\\\"id\\\":12345}") STOP ("tool_use"),
    TOOL ("film", "{\\\"id\\\":") STOP ("tool_use"),
    TOOL ("search_films", "{\\\"title\\\":5}") STOP ("tool_use"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      json_auto_t *result = NULL;

      cloud_world_reset (world);
      result = run_tool (replies[i]);
      cloud_assert_json (result, "status", "error");
    }
}

static void
test_endless (void)
{
  g_autofree char *told = NULL;

  for (guint i = 0; i < 6; i++)
    cloud_world_add_reply (world, TOOL ("film", "{\\\"id\\\":949}") STOP ("tool_use"));
  told = answer (make_request ("m_1", "Hello", NULL));
  g_assert_cmpstr (told, ==, "chat.error too_many_steps");
  g_assert_cmpuint (world->requests->len, ==, 6);
}

/* Films that earlier answers named may be named again, when they exist. */
static void
test_turns (void)
{
  g_autofree char *told = NULL;
  json_auto_t *request = NULL;
  json_t *turns = json_pack ("[{s:s,s:s},{s:s,s:s},{s:s,s:s}]", "role", "assistant", "text", "Hi",
                             "role", "user", "text", "A film?", "role", "assistant", "text",
                             "Try [[tmdb:603]] or [[tmdb:12345]].");

  cloud_world_add_reply (world, TEXT ("Yes, [[tmdb:603]]; [[tmdb:12345]].") STOP ("max_tokens"));
  told = answer (make_request ("m_1", "Is it good?", turns));
  g_assert_cmpstr (
      told, ==, "chat.delta Yes, |chat.film 603|chat.delta [[tmdb:603]]; .|chat.done max_tokens");
  request = json_loads (world->requests->pdata[0], 0, NULL);
  cloud_assert_json (request, "messages.0.content.0.text", "A film?");
  cloud_assert_json (request, "messages.2.content.0.text", "Is it good?");
}

static void
test_failures (void)
{
  static const struct
  {
    guint status;
    const char *reply, *told;
  } cases[] = {
    { 429, "", "chat.error throttled" },
    { 500, "", "chat.error unavailable" },
    { 200, TEXT ("Well") "throttlingException {}", "chat.delta Well|chat.error throttled" },
    { 200, TEXT ("Well") "modelStreamErrorException {}", "chat.delta Well|chat.error unavailable" },
    { 200, TEXT ("Cut") "contentBlockStop {\"contentBlockIndex\":0}",
      "chat.delta Cut|chat.error unavailable" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *told = NULL;

      cloud_world_reset (world);
      world->reply_status = cases[i].status;
      if (cases[i].status == 200)
        cloud_world_add_reply (world, cases[i].reply);
      told = answer (make_request ("m_1", "Hello", NULL));
      g_assert_cmpstr (told, ==, cases[i].told);
    }
}

static void
test_stop (void)
{
  g_autofree char *told = NULL, *told_again = NULL;
  json_t *request = make_request ("m_1", "Hello", NULL);

  /* The route writes the mark … */
  send (json_pack ("{s:s, s:s}", "action", "chat.stop", "id", "m_9"), rafilm_time_now () + 900);
  g_assert_true (rafilm_chat_answer_is_stopped (world->fixture->context->dynamodb, "u1", "m_9"));
  g_assert_false (rafilm_chat_answer_is_stopped (world->fixture->context->dynamodb, "u1", "m_1"));

  /* … and the worker heeds it while the model writes. */
  world->stop_after_reply = "m_1";
  cloud_world_add_reply (world, TEXT ("One") TEXT (" two") STOP ("end_turn"));
  told = answer (json_incref (request));
  g_assert_cmpstr (told, ==, "chat.delta One|chat.done stopped");

  /* The invocation comes a second time: nothing is said twice. */
  told_again = answer (request);
  g_assert_cmpstr (told_again, ==, told);
}

/* Nobody listens any more: the model is not asked on. */
static void
test_gone (void)
{
  g_autofree char *told = NULL;

  g_hash_table_add (world->gone, (gpointer) SOCKET);
  cloud_world_add_reply (world, TEXT ("One") TOOL ("film", "{\\\"id\\\":949}") STOP ("tool_use"));
  told = answer (make_request ("m_1", "Hello", NULL));
  g_assert_cmpstr (told, ==, "");
  g_assert_cmpuint (world->requests->len, ==, 1);
}

#define MARK "xyzzy-the-person-says"

/* Neither what was asked, nor what was answered, nor what the diary says is in the log. */
static void
test_log (void)
{
  g_autofree char *path =
      g_strdup_printf ("%s/rafilm-chat-log-%d", g_get_tmp_dir (), (int) getpid ());
  g_autofree char *told = NULL, *refused = NULL, *log = NULL;
  int kept = dup (STDERR_FILENO), file = open (path, O_RDWR | O_CREAT | O_TRUNC, 0600);

  g_assert_cmpint (dup2 (file, STDERR_FILENO), ==, STDERR_FILENO);
  rafilm_log_set_function ("chat-worker");
  g_assert_cmpint (send (make_request ("m_0", MARK, NULL), rafilm_time_now () + 600), ==, 200);
  cloud_world_add_reply (world, TEXT ("One " MARK " [[tmdb:12345]]")
                                    TOOL ("search_films", "{\\\"title\\\":\\\"" MARK "\\\"}")
                                        STOP ("tool_use"));
  cloud_world_add_reply (world, TEXT ("Two " MARK) STOP ("end_turn"));
  told = answer (make_request ("m_1", MARK, NULL));
  g_ptr_array_set_size (world->messages, 0);
  world->reply_status = 500;
  refused = answer (make_request ("m_2", MARK, NULL));
  dup2 (kept, STDERR_FILENO);
  close (kept);
  close (file);
  g_assert_nonnull (strstr (told, MARK));
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_unlink (path);
  g_assert_nonnull (strstr (log, "ChatOutputTokens"));
  g_assert_null (strstr (log, MARK));
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  world = cloud_world_new ();
  cloud_world_add_test (world, "/cloud/chat/route", test_route);
  cloud_world_add_test (world, "/cloud/chat/refusals", test_refusals);
  cloud_world_add_test (world, "/cloud/chat/tools", test_tools);
  cloud_world_add_test (world, "/cloud/chat/diary", test_diary);
  cloud_world_add_test (world, "/cloud/chat/recommend", test_recommend);
  cloud_world_add_test (world, "/cloud/chat/wrong-tools", test_wrong_tools);
  cloud_world_add_test (world, "/cloud/chat/endless", test_endless);
  cloud_world_add_test (world, "/cloud/chat/turns", test_turns);
  cloud_world_add_test (world, "/cloud/chat/failures", test_failures);
  cloud_world_add_test (world, "/cloud/chat/stop", test_stop);
  cloud_world_add_test (world, "/cloud/chat/gone", test_gone);
  cloud_world_add_test (world, "/cloud/chat/log", test_log);
  result = g_test_run ();
  cloud_world_free (world);
  return result;
}
