/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-history.h"
#include "rafilm-chat-test.h"
#include "rafilm-conversation.h"
#include "rafilm-error.h"

typedef struct
{
  RafilmStore *store;
  RafilmScriptedLink *link;
  RafilmConversation *conversation;
} World;

static RafilmConversation *
make_conversation (RafilmStore *store, RafilmScriptedLink *link)
{
  g_autoptr (RafilmRecommender) recommender = rafilm_recommender_new (store, NULL);
  g_autoptr (RafilmConcierge) concierge = rafilm_concierge_new (store, recommender);

  return rafilm_conversation_new (store, link != NULL ? RAFILM_CHAT_LINK (link) : NULL, concierge);
}

static void
world_init (World *world)
{
  world->store = rafilm_chat_test_open_sample ();
  world->link = rafilm_scripted_link_new ();
  world->conversation = make_conversation (world->store, world->link);
}

static void
world_clear (World *world)
{
  /* The fiber of an answer that was stopped ends in its turn. */
  rafilm_test_sleep (20);
  g_assert_finalize_object (world->conversation);
  g_clear_object (&world->link);
  g_clear_object (&world->store);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

static void
send (World *world, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (rafilm_conversation_send (world->conversation, text, &error));
  g_assert_no_error (error);
}

static void
wait_until_idle (RafilmConversation *conversation)
{
  g_autoptr (GError) error = NULL;

  dex_await (rafilm_conversation_wait (conversation), &error);
  g_assert_no_error (error);
  g_assert_false (rafilm_conversation_get_busy (conversation));
}

/* Borrowed; the conversation keeps it. */
static RafilmMessage *
get_message (RafilmConversation *conversation, guint index)
{
  g_autoptr (RafilmMessage) message = g_list_model_get_item (G_LIST_MODEL (conversation), index);

  g_assert_nonnull (message);

  return message;
}

static void
assert_message (RafilmConversation *conversation, guint index, RafilmMessageState state,
                RafilmMessageSource source, const char *text)
{
  RafilmMessage *message = get_message (conversation, index);

  g_assert_cmpint (rafilm_message_get_state (message), ==, state);
  g_assert_cmpint (rafilm_message_get_source (message), ==, source);
  if (text != NULL)
    g_assert_cmpstr (rafilm_message_get_text (message), ==, text);
  else
    g_assert_cmpstr (rafilm_message_get_text (message), !=, "");
}

#define FILM(seq, id, title)                                                                       \
  "{\"t\":\"chat.film\",\"seq\":" #seq ",\"film\":{\"id\":" #id ",\"title\":\"" title              \
  "\",\"release_date\":\"2001-02-03\"}}"
#define DELTA(seq, text) "{\"t\":\"chat.delta\",\"seq\":" #seq ",\"text\":\"" text "\"}"
#define DONE(seq, stop) "{\"t\":\"chat.done\",\"seq\":" #seq ",\"stop\":\"" stop "\"}"
#define ERROR(seq, code)                                                                           \
  "{\"t\":\"chat.error\",\"seq\":" #seq ",\"code\":\"" code "\",\"message\":\"x\"}"

static void
test_stream (void)
{
  g_auto (World) world = { 0 };
  JsonObject *request;
  RafilmMessage *answer;

  world_init (&world);
  send (&world, "  something new \n");
  request = rafilm_scripted_link_await (world.link, 0);
  g_assert_cmpstr (json_object_get_string_member (request, "action"), ==, "chat");
  g_assert_cmpstr (json_object_get_string_member (request, "text"), ==, "something new");
  g_assert_true (g_str_has_prefix (json_object_get_string_member (request, "id"), "m_"));
  g_assert_true (g_str_has_prefix (json_object_get_string_member (request, "conversation"), "c_"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (request, "turns")), ==, 0);

  g_assert_true (rafilm_conversation_get_busy (world.conversation));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.conversation)), ==, 2);
  answer = get_message (world.conversation, 1);

  rafilm_scripted_link_say (world.link, DELTA (2, "See [[tmdb:"));
  rafilm_scripted_link_say (world.link, DELTA (3, "9000001]] and [[tmdb:5]]."));
  rafilm_scripted_link_say (world.link, FILM (1, 9000001, "A New One"));
  rafilm_scripted_link_say (world.link, DELTA (3, "9000001]] and [[tmdb:5]]."));
  rafilm_scripted_link_say (world.link, DONE (4, "end_turn"));
  wait_until_idle (world.conversation);

  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD,
                  "See [[tmdb:9000001]] and .");
  rafilm_chat_test_check_films (world.store, answer);
  g_assert_cmpuint (g_list_model_get_n_items (rafilm_message_get_films (answer)), ==, 1);
  {
    g_autofree char *plain = rafilm_message_dup_plain_text (answer);

    g_assert_cmpstr (plain, ==, "See A New One (2001) and .");
  }

  /* What was said goes with the next question. */
  send (&world, "another");
  request = rafilm_scripted_link_await (world.link, 1);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (request, "turns")), ==, 2);
  rafilm_conversation_stop (world.conversation);
  wait_until_idle (world.conversation);
}

/* The film that the service names is the object of the mirror, with what the person thinks of it.
 */
static void
test_same_film (void)
{
  g_auto (World) world = { 0 };
  g_autoptr (RafilmFilm) heat = NULL;
  g_autoptr (RafilmFilm) named = NULL;

  world_init (&world);
  rafilm_chat_test_log (world.store, HEAT, "2026-03-03", 9, NULL);
  send (&world, "hm");
  rafilm_scripted_link_await (world.link, 0);
  rafilm_scripted_link_say (world.link, FILM (1, 949, "Heat"));
  rafilm_scripted_link_say (world.link, DELTA (2, "[[tmdb:949]]"));
  rafilm_scripted_link_say (world.link, DONE (3, "end_turn"));
  wait_until_idle (world.conversation);

  named = g_list_model_get_item (rafilm_message_get_films (get_message (world.conversation, 1)), 0);
  heat = dex_await_object (rafilm_store_get_film (world.store, HEAT), NULL);
  g_assert_true (named == heat);
  g_assert_cmpint (rafilm_film_get_state (named)->rating, ==, 9);
  /* The service's short facts did not wipe out the details. */
  g_assert_cmpint (rafilm_film_get_facts (named)->runtime, ==, 170);
}

static void
test_offline (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  rafilm_scripted_link_set_connected (world.link, FALSE);
  send (&world, "surprise me");
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 0, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD, "surprise me");
  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE, NULL);
  rafilm_chat_test_check_films (world.store, get_message (world.conversation, 1));
  g_assert_cmpuint (rafilm_scripted_link_get_sent (world.link), ==, 0);
}

static void
test_without_service (void)
{
  g_autoptr (RafilmStore) store = rafilm_chat_test_open_sample ();
  g_autoptr (RafilmConversation) conversation = make_conversation (store, NULL);

  g_assert_true (rafilm_conversation_send (conversation, "who directed Heat?", NULL));
  wait_until_idle (conversation);
  assert_message (conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE,
                  "[[tmdb:949]] was directed by Michael Mann.");
}

static void
test_refused (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  send (&world, "who directed Heat?");
  rafilm_scripted_link_await (world.link, 0);
  rafilm_scripted_link_say (world.link, ERROR (1, "quota"));
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE,
                  "[[tmdb:949]] was directed by Michael Mann.");

  /* An answer without a word is none. */
  send (&world, "who directed Heat?");
  rafilm_scripted_link_await (world.link, 1);
  rafilm_scripted_link_say (world.link, DONE (1, "end_turn"));
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 3, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE, NULL);
}

static void
test_silent (void)
{
  g_auto (World) world = { 0 };
  JsonObject *stop;

  world_init (&world);
  rafilm_conversation_set_patience (world.conversation, 100);
  send (&world, "who directed Heat?");
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE, NULL);
  /* The service need not go on. */
  stop = rafilm_scripted_link_await (world.link, 1);
  g_assert_cmpstr (json_object_get_string_member (stop, "action"), ==, "chat.stop");

  /* What comes too late is not taken. */
  rafilm_scripted_link_say (world.link, DELTA (1, "late"));
  rafilm_test_sleep (20);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE,
                  "[[tmdb:949]] was directed by Michael Mann.");
}

static void
test_stuck (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  rafilm_scripted_link_set_connected (world.link, FALSE);
  rafilm_scripted_link_set_stuck (world.link, TRUE);
  send (&world, "who directed Heat?");
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE, NULL);

  /* Nothing waits on for an answer that was stopped: the conversation goes away at once. */
  send (&world, "who directed Heat?");
  rafilm_test_sleep (20);
  rafilm_conversation_stop (world.conversation);
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 3, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_CLOUD, "");
}

/* What is found out on this computer after Stop is not said any more. */
static void
test_stop_on_device (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  rafilm_scripted_link_set_connected (world.link, FALSE);
  send (&world, "a comedy");
  for (int i = 0;
       rafilm_message_get_source (get_message (world.conversation, 1)) != RAFILM_MESSAGE_DEVICE;
       i++)
    {
      g_assert_cmpint (i, <, 1000);
      rafilm_test_sleep (0);
    }
  rafilm_conversation_stop (world.conversation);
  wait_until_idle (world.conversation);
  rafilm_test_sleep (300);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_DEVICE, "");
}

/* Words that came are kept, and the message says that more were to come. */
static void
test_cut_off (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  rafilm_conversation_set_patience (world.conversation, 100);
  send (&world, "hm");
  rafilm_scripted_link_await (world.link, 0);
  rafilm_scripted_link_say (world.link, DELTA (1, "Well, [[tmdb"));
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_CLOUD, "Well, ");
  g_assert_nonnull (rafilm_message_get_error (get_message (world.conversation, 1)));

  send (&world, "hm");
  rafilm_scripted_link_await (world.link, 2);
  rafilm_scripted_link_say (world.link, DELTA (1, "Well"));
  rafilm_scripted_link_say (world.link, ERROR (2, "unavailable"));
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 3, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_CLOUD, "Well");
}

static void
test_stop (void)
{
  g_auto (World) world = { 0 };
  JsonObject *request;
  JsonObject *stop;

  world_init (&world);
  send (&world, "hm");
  request = rafilm_scripted_link_await (world.link, 0);
  rafilm_scripted_link_say (world.link, DELTA (1, "One "));
  rafilm_test_sleep (20);
  rafilm_conversation_stop (world.conversation);
  g_assert_false (rafilm_conversation_get_busy (world.conversation));
  rafilm_scripted_link_say (world.link, DELTA (2, "two"));
  wait_until_idle (world.conversation);

  stop = rafilm_scripted_link_await (world.link, 1);
  g_assert_cmpstr (json_object_get_string_member (stop, "action"), ==, "chat.stop");
  g_assert_cmpstr (json_object_get_string_member (stop, "id"), ==,
                   json_object_get_string_member (request, "id"));
  assert_message (world.conversation, 1, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_CLOUD, "One ");
  g_assert_null (rafilm_message_get_error (get_message (world.conversation, 1)));

  /* Stopping at once, before anything was sent, and twice. */
  send (&world, "hm");
  rafilm_conversation_stop (world.conversation);
  rafilm_conversation_stop (world.conversation);
  wait_until_idle (world.conversation);
  rafilm_test_sleep (20);
  assert_message (world.conversation, 3, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_CLOUD, "");
}

/* A question during an answer ends that answer. */
static void
test_send_again (void)
{
  g_auto (World) world = { 0 };

  world_init (&world);
  send (&world, "first");
  rafilm_scripted_link_await (world.link, 0);
  rafilm_scripted_link_say (world.link, DELTA (1, "On the first"));
  rafilm_test_sleep (20);
  send (&world, "second");
  rafilm_scripted_link_await (world.link, 2);
  rafilm_scripted_link_say (world.link, DELTA (1, "On the second"));
  rafilm_scripted_link_say (world.link, DONE (2, "end_turn"));
  wait_until_idle (world.conversation);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_STOPPED, RAFILM_MESSAGE_CLOUD,
                  "On the first");
  assert_message (world.conversation, 3, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD,
                  "On the second");
}

static void
test_regenerate (void)
{
  g_auto (World) world = { 0 };
  RafilmMessage *answer;
  JsonObject *request;

  world_init (&world);
  rafilm_conversation_regenerate (world.conversation);
  g_assert_false (rafilm_conversation_get_busy (world.conversation));

  send (&world, "hm");
  rafilm_scripted_link_await (world.link, 0);
  rafilm_scripted_link_say (world.link, DELTA (1, "First"));
  rafilm_scripted_link_say (world.link, DONE (2, "end_turn"));
  wait_until_idle (world.conversation);
  answer = get_message (world.conversation, 1);

  rafilm_conversation_regenerate (world.conversation);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_STREAMING, RAFILM_MESSAGE_CLOUD, "");
  request = rafilm_scripted_link_await (world.link, 1);
  g_assert_cmpstr (json_object_get_string_member (request, "text"), ==, "hm");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (request, "turns")), ==, 0);
  rafilm_scripted_link_say (world.link, DELTA (1, "Second"));
  rafilm_scripted_link_say (world.link, DONE (2, "end_turn"));
  wait_until_idle (world.conversation);
  g_assert_true (get_message (world.conversation, 1) == answer);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.conversation)), ==, 2);
  assert_message (world.conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD, "Second");
}

static void
test_restart (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);

  for (int run = 0; run < 3; run++)
    {
      g_autoptr (RafilmStore) store = rafilm_chat_test_open (path);
      g_autoptr (RafilmScriptedLink) link = rafilm_scripted_link_new ();
      g_autoptr (RafilmConversation) conversation = make_conversation (store, link);
      g_autofree char *question = g_strdup_printf ("Question %d", run);
      g_autoptr (GError) error = NULL;
      g_autoptr (DexFuture) loaded = rafilm_conversation_load (conversation);
      JsonObject *request;

      /* A question may come before the history is there. */
      if (run == 2)
        g_assert_true (rafilm_conversation_send (conversation, question, NULL));
      dex_await (g_steal_pointer (&loaded), &error);
      g_assert_no_error (error);
      if (run > 0)
        {
          assert_message (conversation, 0, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD, "Question 0");
          assert_message (conversation, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD,
                          "[[tmdb:7000001]]!");
          rafilm_chat_test_check_films (store, get_message (conversation, 1));
        }
      if (run != 2)
        g_assert_true (rafilm_conversation_send (conversation, question, NULL));
      request = rafilm_scripted_link_await (link, 0);
      g_assert_cmpuint (json_array_get_length (json_object_get_array_member (request, "turns")), ==,
                        run * 2);
      rafilm_scripted_link_say (link, FILM (1, 7000001, "One"));
      rafilm_scripted_link_say (link, DELTA (2, "[[tmdb:7000001]]!"));
      rafilm_scripted_link_say (link, DONE (3, "end_turn"));
      wait_until_idle (conversation);
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 2 + run * 2);
      dex_await (rafilm_store_close (store), &error);
      g_assert_no_error (error);
    }
}

/* The program ends in the middle of an answer: the question is there, and can be asked again. */
static void
test_interrupted (void)
{
  g_autoptr (RafilmStore) store = rafilm_chat_test_open_sample ();
  g_autoptr (RafilmScriptedLink) link = rafilm_scripted_link_new ();
  g_autoptr (RafilmConversation) first = make_conversation (store, link);
  g_autoptr (RafilmConversation) second = make_conversation (store, NULL);

  g_assert_true (rafilm_conversation_send (first, "who directed Heat?", NULL));
  rafilm_scripted_link_await (link, 0);
  rafilm_scripted_link_say (link, DELTA (1, "Micha"));
  rafilm_test_sleep (50);

  dex_await (rafilm_conversation_load (second), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (second)), ==, 1);
  assert_message (second, 0, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD, "who directed Heat?");
  rafilm_conversation_regenerate (second);
  wait_until_idle (second);
  assert_message (second, 1, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_DEVICE,
                  "[[tmdb:949]] was directed by Michael Mann.");
  rafilm_conversation_stop (first);
  wait_until_idle (first);
}

static guint
count_stored (RafilmStore *store)
{
  g_autoptr (GPtrArray) rows = dex_await_boxed (rafilm_store_list_conversations (store), NULL);

  return rows->len;
}

static void
test_clear (void)
{
  g_auto (World) world = { 0 };
  gboolean can_restore = FALSE;

  world_init (&world);
  rafilm_scripted_link_set_connected (world.link, FALSE);
  send (&world, "who directed Heat?");
  wait_until_idle (world.conversation);
  g_assert_cmpuint (count_stored (world.store), ==, 1);

  rafilm_conversation_clear (world.conversation);
  wait_until_idle (world.conversation);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.conversation)), ==, 0);
  g_assert_cmpuint (count_stored (world.store), ==, 0);
  g_object_get (world.conversation, "can-restore", &can_restore, NULL);
  g_assert_true (can_restore);

  rafilm_conversation_restore (world.conversation);
  wait_until_idle (world.conversation);
  g_assert_cmpuint (count_stored (world.store), ==, 1);
  assert_message (world.conversation, 0, RAFILM_MESSAGE_DONE, RAFILM_MESSAGE_CLOUD,
                  "who directed Heat?");

  /* In the middle of an answer nothing is left over. */
  rafilm_scripted_link_set_connected (world.link, TRUE);
  send (&world, "hm");
  rafilm_scripted_link_await (world.link, 0);
  rafilm_conversation_clear (world.conversation);
  wait_until_idle (world.conversation);
  g_assert_cmpuint (count_stored (world.store), ==, 0);
}

static void
test_limits (void)
{
  g_auto (World) world = { 0 };
  g_autofree char *longest = g_strnfill (RAFILM_CONVERSATION_MAX_TEXT, 'x');
  g_autofree char *longer = g_strnfill (RAFILM_CONVERSATION_MAX_TEXT + 1, 'x');
  g_autoptr (GError) error = NULL;
  JsonObject *request = NULL;
  gsize bytes = 0;

  world_init (&world);
  g_assert_false (rafilm_conversation_send (world.conversation, " \n ", &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (rafilm_conversation_send (world.conversation, "\xff", &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (rafilm_conversation_send (world.conversation, longer, &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (world.conversation)), ==, 0);

  for (guint i = 0; i < 15; i++)
    {
      send (&world, longest);
      request = rafilm_scripted_link_await (world.link, i);
      rafilm_scripted_link_say (world.link, DELTA (1, "Oh"));
      rafilm_scripted_link_say (world.link, DONE (2, "end_turn"));
      wait_until_idle (world.conversation);
    }
  {
    JsonArray *turns = json_object_get_array_member (request, "turns");

    g_assert_cmpuint (json_array_get_length (turns), >, 4);
    g_assert_cmpuint (json_array_get_length (turns), <=, RAFILM_CONVERSATION_MAX_TURNS);
    for (guint i = 0; i < json_array_get_length (turns); i++)
      bytes +=
          strlen (json_object_get_string_member (json_array_get_object_element (turns, i), "text"));
    g_assert_cmpuint (bytes, <=, RAFILM_CONVERSATION_MAX_TURN_BYTES);
  }
}

/* What the service would not take does not go along: blanks, long texts, halves of handles. */
static void
test_turns (void)
{
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *filling = g_strnfill (RAFILM_CONVERSATION_MAX_TEXT - 6, 'x');
  g_autofree char *quotes = g_strnfill (3000, '"');
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *wire = NULL;
  const char *last;
  JsonArray *turns;

  for (int i = 0; i < 40; i++)
    {
      RafilmMessage *message =
          rafilm_message_new (NULL, i % 2 == 0 ? RAFILM_MESSAGE_USER : RAFILM_MESSAGE_ASSISTANT, i);

      rafilm_message_append_text (message, i == 38 ? " \n" : i == 39 ? filling : quotes);
      if (i == 39)
        rafilm_message_append_text (message, "[[tmdb:949]] and on");
      g_ptr_array_add (messages, message);
    }
  request = rafilm_chat_history_make_request ("m_1", "c_1", messages, "hm");
  wire = json_to_string (request, FALSE);
  g_assert_cmpuint (strlen (wire), <, 32 * 1024);
  turns = json_object_get_array_member (json_node_get_object (request), "turns");
  g_assert_cmpuint (json_array_get_length (turns), >, 1);
  for (guint i = 0; i < json_array_get_length (turns); i++)
    g_assert_cmpstr (
        json_object_get_string_member (json_array_get_object_element (turns, i), "text"), !=, "");
  last = json_object_get_string_member (
      json_array_get_object_element (turns, json_array_get_length (turns) - 1), "text");
  g_assert_cmpstr (last, ==, filling);
}

/* Each change of the list is announced, once and rightly. */
static void
changed_cb (GListModel *model, guint position, guint removed, guint added, guint *n)
{
  *n = *n - removed + added;
  g_assert_cmpuint (*n, ==, g_list_model_get_n_items (model));
}

static void
test_list_model (void)
{
  g_auto (World) world = { 0 };
  guint n = 0;

  world_init (&world);
  g_signal_connect (world.conversation, "items-changed", G_CALLBACK (changed_cb), &n);
  g_assert_cmpuint (g_list_model_get_item_type (G_LIST_MODEL (world.conversation)), ==,
                    RAFILM_TYPE_MESSAGE);
  rafilm_scripted_link_set_connected (world.link, FALSE);
  send (&world, "hello");
  wait_until_idle (world.conversation);
  g_assert_cmpuint (n, ==, 2);
  rafilm_conversation_clear (world.conversation);
  g_assert_cmpuint (n, ==, 0);
  rafilm_conversation_restore (world.conversation);
  g_assert_cmpuint (n, ==, 2);
  wait_until_idle (world.conversation);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_chat_test_set_today ();
  rafilm_test_add_fiber ("/chat/conversation/stream", test_stream);
  rafilm_test_add_fiber ("/chat/conversation/same-film", test_same_film);
  rafilm_test_add_fiber ("/chat/conversation/offline", test_offline);
  rafilm_test_add_fiber ("/chat/conversation/without-service", test_without_service);
  rafilm_test_add_fiber ("/chat/conversation/refused", test_refused);
  rafilm_test_add_fiber ("/chat/conversation/silent", test_silent);
  rafilm_test_add_fiber ("/chat/conversation/stuck", test_stuck);
  rafilm_test_add_fiber ("/chat/conversation/stop-on-device", test_stop_on_device);
  rafilm_test_add_fiber ("/chat/conversation/cut-off", test_cut_off);
  rafilm_test_add_fiber ("/chat/conversation/stop", test_stop);
  rafilm_test_add_fiber ("/chat/conversation/send-again", test_send_again);
  rafilm_test_add_fiber ("/chat/conversation/regenerate", test_regenerate);
  rafilm_test_add_fiber ("/chat/conversation/restart", test_restart);
  rafilm_test_add_fiber ("/chat/conversation/interrupted", test_interrupted);
  rafilm_test_add_fiber ("/chat/conversation/clear", test_clear);
  rafilm_test_add_fiber ("/chat/conversation/limits", test_limits);
  g_test_add_func ("/chat/conversation/turns", test_turns);
  rafilm_test_add_fiber ("/chat/conversation/list-model", test_list_model);

  return g_test_run ();
}
