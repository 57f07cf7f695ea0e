/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-chat-history.h"

#include <string.h>

#include "rafilm-conversation.h"

#define SOURCE_FACTOR 16

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

/* The index of the first message that goes along. */
static guint
find_first_turn (GPtrArray *messages)
{
  guint first = messages->len;
  gsize bytes = 0;

  while (first > 0 && messages->len - first < RAFILM_CONVERSATION_MAX_TURNS)
    {
      RafilmMessage *message = g_ptr_array_index (messages, first - 1);

      bytes += strlen (rafilm_message_get_text (message));
      if (bytes > RAFILM_CONVERSATION_MAX_TURN_BYTES)
        break;
      first--;
    }

  return first;
}

JsonNode *
rafilm_chat_history_make_request (const char *id, const char *conversation, GPtrArray *messages,
                                  const char *text)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "action");
  json_builder_add_string_value (builder, "chat");
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, id);
  json_builder_set_member_name (builder, "conversation");
  json_builder_add_string_value (builder, conversation);
  json_builder_set_member_name (builder, "text");
  json_builder_add_string_value (builder, text);
  json_builder_set_member_name (builder, "turns");
  json_builder_begin_array (builder);
  for (guint i = find_first_turn (messages); i < messages->len; i++)
    {
      RafilmMessage *message = g_ptr_array_index (messages, i);

      if (*rafilm_message_get_text (message) == '\0')
        continue;
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "role");
      json_builder_add_string_value (builder, roles[rafilm_message_get_role (message)]);
      json_builder_set_member_name (builder, "text");
      json_builder_add_string_value (builder, rafilm_message_get_text (message));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
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
