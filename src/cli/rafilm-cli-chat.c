/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-cli-commands.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "rafilm-cli-output.h"
#include "rafilm-cli-recommend.h"
#include "rafilm-conversation.h"
#include "rafilm-error.h"
#include "rafilm-handle.h"
#include "rafilm-socket-link.h"

#define CONNECT_SECONDS 5

/* What of the answer is on the terminal already. */
typedef struct
{
  RafilmCli *cli;
  RafilmMessage *message;
  GString *printed;
} Stream;

/* The text without a film's handle that is still being written. */
static char *
dup_settled_text (RafilmMessage *message)
{
  char *text = rafilm_message_dup_plain_text (message);
  char *open = strrchr (text, '[');

  if (open != NULL && open > text && open[-1] == '[')
    open--;
  if (open != NULL && rafilm_message_get_state (message) == RAFILM_MESSAGE_STREAMING
      && rafilm_handle_may_grow (open))
    *open = '\0';

  return text;
}

static void
print_more (Stream *self)
{
  g_autofree char *text = dup_settled_text (self->message);

  if (self->cli->options.json)
    return;
  /* It began anew, on this computer instead of in the service. */
  if (!g_str_has_prefix (text, self->printed->str))
    {
      g_print ("\n");
      g_string_truncate (self->printed, 0);
    }
  g_print ("%s", text + self->printed->len);
  fflush (stdout);
  g_string_assign (self->printed, text);
}

static void
text_cb (RafilmMessage *message, GParamSpec *pspec, Stream *self)
{
  print_more (self);
}

static JsonNode *
film_item_to_json (gpointer item)
{
  return rafilm_cli_film_to_json (item);
}

static void
show_answer (RafilmCli *self, RafilmMessage *message)
{
  gboolean device = rafilm_message_get_source (message) == RAFILM_MESSAGE_DEVICE;
  GListModel *films = rafilm_message_get_films (message);
  g_autofree char *text = rafilm_message_dup_plain_text (message);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  rafilm_cli_say (self, "\n");
  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);
      g_autofree char *line = rafilm_cli_dup_film_line (film);

      rafilm_cli_say (self, "%s", line);
    }
  if (device)
    rafilm_cli_say (self, _ ("(answered on this computer)"));

  json_object_set_string_member (object, "answer", text);
  json_object_set_string_member (object, "source", device ? "device" : "cloud");
  json_object_set_member (object, "films", rafilm_cli_model_to_json (films, film_item_to_json));
  json_node_set_object (node, object);
  rafilm_cli_show (self, node);
}

static void
connected_cb (RafilmSocket *socket, GParamSpec *pspec, DexPromise *connected)
{
  if (rafilm_socket_get_connected (socket) && dex_future_is_pending (DEX_FUTURE (connected)))
    dex_promise_resolve_boolean (connected, TRUE);
}

/* The way to the service; NULL where nobody is signed in or nothing answers. */
static RafilmSocket *
connect_socket (RafilmCli *self)
{
  g_autoptr (RafilmSocket) socket = NULL;
  g_autoptr (DexPromise) connected = NULL;
  gulong handler;

  if (rafilm_account_get_state (self->account) != RAFILM_ACCOUNT_SIGNED_IN
      || self->endpoints->socket == NULL || !rafilm_cli_is_online (self))
    return NULL;

  connected = dex_promise_new ();
  socket = rafilm_socket_new (self->http, self->endpoints, self->account);
  handler = g_signal_connect (socket, "notify::connected", G_CALLBACK (connected_cb), connected);
  rafilm_socket_set_wanted (socket, TRUE);
  dex_await (dex_future_first (dex_ref (DEX_FUTURE (connected)),
                               dex_timeout_new_seconds (CONNECT_SECONDS), NULL),
             NULL);
  g_signal_handler_disconnect (socket, handler);
  if (rafilm_socket_get_connected (socket))
    return g_steal_pointer (&socket);
  rafilm_socket_set_wanted (socket, FALSE);

  return NULL;
}

static gboolean
stream_answer (RafilmCli *self, RafilmConversation *conversation, GError **error)
{
  guint n_messages = g_list_model_get_n_items (G_LIST_MODEL (conversation));
  g_autoptr (RafilmMessage) message = NULL;
  g_autoptr (GString) printed = g_string_new (NULL);
  Stream stream = { .cli = self, .printed = printed };
  gulong handler;
  gboolean waited;

  message = g_list_model_get_item (G_LIST_MODEL (conversation), n_messages - 1);
  stream.message = message;
  handler = g_signal_connect (message, "notify::text", G_CALLBACK (text_cb), &stream);
  waited = dex_await (rafilm_conversation_wait (conversation), error);
  g_signal_handler_disconnect (message, handler);
  if (!waited)
    return FALSE;

  print_more (&stream);
  if (rafilm_message_get_state (message) != RAFILM_MESSAGE_DONE)
    {
      const char *reason = rafilm_message_get_error (message);

      g_set_error (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE, "%s",
                   reason != NULL ? reason : _ ("The answer was cut off"));
      return FALSE;
    }
  show_answer (self, message);

  return TRUE;
}

gboolean
rafilm_cli_run_chat (RafilmCli *self, GError **error)
{
  g_autofree char *text = g_strjoinv (" ", self->arguments);
  g_autoptr (RafilmRecommender) recommender = NULL;
  g_autoptr (RafilmConcierge) concierge = NULL;
  g_autoptr (RafilmSocket) socket = NULL;
  g_autoptr (RafilmChatLink) link = NULL;
  g_autoptr (RafilmConversation) conversation = NULL;
  gboolean answered;

  if (!rafilm_cli_open_store (self, error))
    return FALSE;

  socket = connect_socket (self);
  link = socket != NULL ? rafilm_socket_link_new (socket) : NULL;
  recommender = rafilm_cli_make_recommender (self);
  concierge = rafilm_concierge_new (self->store, recommender);
  conversation = rafilm_conversation_new (self->store, link, concierge);
  answered = dex_await (rafilm_conversation_load (conversation), error)
             && rafilm_conversation_send (conversation, text, error)
             && stream_answer (self, conversation, error);
  if (socket != NULL)
    rafilm_socket_set_wanted (socket, FALSE);

  return answered;
}
