/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history of the chat, which stays on this computer. */

#include "config.h"

#include "rafilm-store-private.h"

#define MESSAGE_COLUMNS "conversation, id, role, text, films, at, state"

typedef struct
{
  RafilmStoreMessage *message;
  char *conversation;
  char *id;
  guint limit;
  GPtrArray *found;
} MessageRequest;

G_DEFINE_BOXED_TYPE (RafilmStoreMessage, rafilm_store_message, rafilm_store_message_copy,
                     rafilm_store_message_free)

RafilmStoreMessage *
rafilm_store_message_copy (const RafilmStoreMessage *self)
{
  RafilmStoreMessage *copy = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_new0 (RafilmStoreMessage, 1);
  copy->conversation = g_strdup (self->conversation);
  copy->id = g_strdup (self->id);
  copy->role = g_strdup (self->role);
  copy->text = g_strdup (self->text);
  copy->films = self->films != NULL ? g_array_copy (self->films) : NULL;
  copy->at = self->at;
  copy->state = self->state;
  return copy;
}

void
rafilm_store_message_free (RafilmStoreMessage *self)
{
  if (self == NULL)
    return;
  g_free (self->conversation);
  g_free (self->id);
  g_free (self->role);
  g_free (self->text);
  g_clear_pointer (&self->films, g_array_unref);
  g_free (self);
}

static MessageRequest *
message_request_new (const char *conversation, const char *id)
{
  MessageRequest *self = NULL;

  self = g_new0 (MessageRequest, 1);
  self->conversation = g_strdup (conversation);
  self->id = g_strdup (id);
  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify) rafilm_store_message_free);
  return self;
}

static void
message_request_free (gpointer data)
{
  MessageRequest *request = data;

  g_clear_pointer (&request->message, rafilm_store_message_free);
  g_free (request->conversation);
  g_free (request->id);
  g_clear_pointer (&request->found, g_ptr_array_unref);
  g_free (request);
}

static char *
join_films (GArray *films)
{
  GString *text = NULL;

  if (films == NULL || films->len == 0)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < films->len; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "",
                            g_array_index (films, gint64, i));
  return g_string_free (text, FALSE);
}

static GArray *
split_films (const char *text)
{
  g_auto (GStrv) parts = NULL;
  GArray *films = NULL;

  if (text == NULL)
    return NULL;
  parts = g_strsplit (text, ",", -1);
  films = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (gsize i = 0; parts[i] != NULL; i++)
    {
      gint64 film = g_ascii_strtoll (parts[i], NULL, 10);

      g_array_append_val (films, film);
    }
  return films;
}

static RafilmStoreMessage *
read_message (RafilmStatement *query)
{
  RafilmStoreMessage *message = NULL;

  message = g_new0 (RafilmStoreMessage, 1);
  message->conversation = g_strdup (rafilm_statement_text (query, 0));
  message->id = g_strdup (rafilm_statement_text (query, 1));
  message->role = g_strdup (rafilm_statement_text (query, 2));
  message->text = g_strdup (rafilm_statement_text (query, 3));
  message->films = split_films (rafilm_statement_text (query, 4));
  message->at = rafilm_statement_int (query, 5);
  message->state = (int) rafilm_statement_int (query, 6);
  return message;
}

static void
read_messages (RafilmMirror *mirror, RafilmStatement *query, GPtrArray *found)
{
  while (rafilm_database_next (mirror->db, query))
    g_ptr_array_add (found, read_message (query));
}

static void
done_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static void
messages_reply (RafilmStore *self, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boxed (promise, G_TYPE_PTR_ARRAY,
                             g_steal_pointer (&((MessageRequest *) data)->found));
}

static void
put_message_work (RafilmMirror *mirror, gpointer data)
{
  const RafilmStoreMessage *message = ((MessageRequest *) data)->message;
  g_autofree char *films = NULL;

  films = join_films (message->films);
  rafilm_database_run (mirror->db,
                       "INSERT OR REPLACE INTO message (" MESSAGE_COLUMNS ")"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
                       "tttttli", message->conversation, message->id, message->role, message->text,
                       films, message->at, message->state);
  rafilm_database_run (mirror->db,
                       "DELETE FROM message WHERE conversation = ?1 AND id IN (SELECT id"
                       " FROM message WHERE conversation = ?1 ORDER BY at DESC, id DESC"
                       " LIMIT -1 OFFSET ?2)",
                       "ti", message->conversation, RAFILM_STORE_MAX_MESSAGES);
  mirror->kinds |= RAFILM_STORE_CHANGE_CONVERSATION;
}

DexFuture *
rafilm_store_put_message (RafilmStore *self, const RafilmStoreMessage *message)
{
  MessageRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (message != NULL && message->conversation != NULL);
  dex_return_error_if_fail (message->id != NULL && message->role != NULL && message->text != NULL);

  request = message_request_new (NULL, NULL);
  request->message = rafilm_store_message_copy (message);
  return rafilm_store_write (self, put_message_work, done_reply, request, message_request_free);
}

static void
list_messages_work (RafilmMirror *mirror, gpointer data)
{
  MessageRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (mirror->db,
                                 "SELECT * FROM (SELECT " MESSAGE_COLUMNS " FROM message"
                                 " WHERE conversation = ? ORDER BY at DESC, id DESC LIMIT ?)"
                                 " ORDER BY at, id",
                                 "tl", request->conversation,
                                 request->limit != 0 ? (gint64) request->limit : (gint64) -1);
  read_messages (mirror, query, request->found);
}

DexFuture *
rafilm_store_list_messages (RafilmStore *self, const char *conversation, guint limit)
{
  MessageRequest *request = NULL;

  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (conversation != NULL);

  request = message_request_new (conversation, NULL);
  request->limit = limit;
  return rafilm_store_read (self, list_messages_work, messages_reply, request,
                            message_request_free);
}

static void
list_conversations_work (RafilmMirror *mirror, gpointer data)
{
  MessageRequest *request = data;
  g_autoptr (RafilmStatement) query = NULL;

  query = rafilm_database_query (
      mirror->db,
      "SELECT " MESSAGE_COLUMNS " FROM message AS m WHERE id = (SELECT id FROM message"
      "  WHERE conversation = m.conversation ORDER BY at, id LIMIT 1)"
      " ORDER BY (SELECT max (at) FROM message WHERE conversation = m.conversation) DESC",
      "");
  read_messages (mirror, query, request->found);
}

DexFuture *
rafilm_store_list_conversations (RafilmStore *self)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));

  return rafilm_store_read (self, list_conversations_work, messages_reply,
                            message_request_new (NULL, NULL), message_request_free);
}

static void
delete_messages_work (RafilmMirror *mirror, gpointer data)
{
  MessageRequest *request = data;

  rafilm_database_run (mirror->db,
                       "DELETE FROM message WHERE conversation = ?1 AND (?2 IS NULL OR id = ?2)",
                       "tt", request->conversation, request->id);
  mirror->kinds |= RAFILM_STORE_CHANGE_CONVERSATION;
}

DexFuture *
rafilm_store_delete_message (RafilmStore *self, const char *conversation, const char *id)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (conversation != NULL && id != NULL);

  return rafilm_store_write (self, delete_messages_work, done_reply,
                             message_request_new (conversation, id), message_request_free);
}

DexFuture *
rafilm_store_delete_conversation (RafilmStore *self, const char *conversation)
{
  dex_return_error_if_fail (RAFILM_IS_STORE (self));
  dex_return_error_if_fail (conversation != NULL);

  return rafilm_store_write (self, delete_messages_work, done_reply,
                             message_request_new (conversation, NULL), message_request_free);
}
