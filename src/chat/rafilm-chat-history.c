/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-history.h"

#include <string.h>

#include "rafilm-conversation.h"

#define SOURCE_FACTOR 16

/* One frame of the WebSocket, less some room. */
#define MAX_WIRE (30 * 1024)

static const char *const roles[] = { "user", "assistant" };

DexFuture *
rafilm_chat_history_write (RafilmStore *store, const char *conversation, RafilmMessage *message)
{
  GListModel *films = rafilm_message_get_films (message);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  const RafilmStoreMessage row = {
    .conversation = (char *) conversation,
    .id = (char *) rafilm_message_get_id (message),
    .role = (char *) roles[rafilm_message_get_role (message)],
    .text = (char *) rafilm_message_get_text (message),
    .films = ids,
    .at = rafilm_message_get_at (message),
    .state = (int) rafilm_message_get_state (message)
             + SOURCE_FACTOR * (int) rafilm_message_get_source (message),
  };

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      gint64 id = rafilm_film_get_id (film);

      g_array_append_val (ids, id);
    }

  return rafilm_store_put_message (store, &row);
}

char *
rafilm_chat_history_await_id (RafilmStore *store)
{
  g_autoptr (GPtrArray) rows = NULL;

  rows = dex_await_boxed (rafilm_store_list_conversations (store), NULL);
  if (rows == NULL || rows->len == 0)
    return NULL;

  return g_strdup (((RafilmStoreMessage *) g_ptr_array_index (rows, 0))->conversation);
}

static RafilmMessage *
read_row (const RafilmStoreMessage *row)
{
  gboolean user = g_strcmp0 (row->role, roles[RAFILM_MESSAGE_USER]) == 0;
  int state = row->state % SOURCE_FACTOR;
  RafilmMessage *message;

  message =
      rafilm_message_new (row->id, user ? RAFILM_MESSAGE_USER : RAFILM_MESSAGE_ASSISTANT, row->at);
  rafilm_message_set_source (message, row->state / SOURCE_FACTOR == RAFILM_MESSAGE_DEVICE
                                          ? RAFILM_MESSAGE_DEVICE
                                          : RAFILM_MESSAGE_CLOUD);
  rafilm_message_append_text (message, row->text);
  /* What was still streaming when the program ended has no end. */
  if (state == RAFILM_MESSAGE_STREAMING || state > RAFILM_MESSAGE_FAILED || state < 0)
    state = RAFILM_MESSAGE_STOPPED;
  rafilm_message_finish (message, (RafilmMessageState) state, NULL);

  return message;
}

GPtrArray *
rafilm_chat_history_await_messages (RafilmStore *store, const char *conversation, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  rows = dex_await_boxed (rafilm_store_list_messages (store, conversation, RAFILM_CHAT_HISTORY_MAX),
                          error);
  if (rows == NULL)
    return NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmStoreMessage *row = g_ptr_array_index (rows, i);
      RafilmMessage *message = read_row (row);
      g_autoptr (GListModel) films = NULL;

      g_ptr_array_add (messages, message);
      if (row->films == NULL || row->films->len == 0)
        continue;
      films = dex_await_object (rafilm_store_get_films (store, row->films), error);
      if (films == NULL)
        return NULL;
      for (guint j = 0; j < g_list_model_get_n_items (films); j++)
        {
          g_autoptr (RafilmFilm) film = g_list_model_get_item (films, j);

          rafilm_message_add_film (message, film);
        }
    }

  return g_steal_pointer (&messages);
}

/* A turn as it goes along: nothing for blanks, and no more than a person may send. A handle at the
 * end is left whole or left out. */
static char *
dup_turn (RafilmMessage *message)
{
  g_autofree char *text = g_strstrip (g_strdup (rafilm_message_get_text (message)));
  char *open;

  if (strlen (text) > RAFILM_CONVERSATION_MAX_TEXT)
    {
      *g_utf8_find_prev_char (text, text + RAFILM_CONVERSATION_MAX_TEXT + 1) = '\0';
      open = g_strrstr (text, "[[");
      if (open != NULL && strstr (open, "]]") == NULL)
        *open = '\0';
    }

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

/* The newest turns that are within the bounds, oldest first. */
static JsonArray *
make_turns (GPtrArray *messages, gsize max_bytes)
{
  g_autoptr (GPtrArray) turns = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  JsonArray *array = json_array_new ();
  gsize bytes = 0;

  for (guint i = messages->len; i > 0 && turns->len < RAFILM_CONVERSATION_MAX_TURNS; i--)
    {
      RafilmMessage *message = g_ptr_array_index (messages, i - 1);
      g_autofree char *text = dup_turn (message);
      JsonObject *turn;

      if (text == NULL)
        continue;
      bytes += strlen (text);
      if (bytes > max_bytes)
        break;
      turn = json_object_new ();
      json_object_set_string_member (turn, "role", roles[rafilm_message_get_role (message)]);
      json_object_set_string_member (turn, "text", text);
      g_ptr_array_add (turns, turn);
    }
  for (guint i = turns->len; i > 0; i--)
    json_array_add_object_element (array, json_object_ref (g_ptr_array_index (turns, i - 1)));

  return array;
}

JsonNode *
rafilm_chat_history_make_request (const char *id, const char *conversation, GPtrArray *messages,
                                  const char *text)
{
  JsonNode *node = json_node_alloc ();
  JsonObject *request = json_object_new ();
  gsize max_bytes = RAFILM_CONVERSATION_MAX_TURN_BYTES;
  gsize length;

  json_object_set_string_member (request, "action", "chat");
  json_object_set_string_member (request, "id", id);
  json_object_set_string_member (request, "conversation", conversation);
  json_object_set_string_member (request, "text", text);
  json_node_init_object (node, request);
  json_object_unref (request);

  /* What JSON escapes takes more room on the wire than it does here. */
  do
    {
      g_autofree char *wire = NULL;

      json_object_set_array_member (request, "turns", make_turns (messages, max_bytes));
      wire = json_to_string (node, FALSE);
      length = strlen (wire);
      max_bytes /= 2;
    }
  while (length > MAX_WIRE && max_bytes > 0);

  return node;
}

JsonNode *
rafilm_chat_history_make_stop (const char *id)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "action");
  json_builder_add_string_value (builder, "chat.stop");
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, id);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}
