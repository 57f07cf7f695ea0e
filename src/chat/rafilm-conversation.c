/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-conversation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-chat-history.h"
#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "rafilm-stream-assembler.h"

/* How long a question waits to leave: for a connection that is there, and for one that is not. */
#define SEND_MSEC 10000
#define CONNECT_MSEC 2000

/* An answer on its way. The fiber owns it; the conversation points at the current one. */
typedef struct
{
  RafilmConversation *self;
  RafilmMessage *message;
  char *text;    /* the question */
  char *request; /* the id at the service, once it was asked */
  RafilmStreamAssembler *assembler;
  DexPromise *wake;    /* resolved when a message has come */
  DexPromise *stopped; /* resolved when nobody waits for the answer any more */
  gboolean abandoned;
} Answer;

struct _RafilmConversation
{
  GObject parent_instance;

  RafilmStore *store;
  RafilmChatLink *link;
  RafilmConcierge *concierge;
  GPtrArray *messages;
  char *id;
  GPtrArray *cleared; /* what rafilm_conversation_clear() took away */
  char *cleared_id;
  DexFuture *loaded; /* %NULL before rafilm_conversation_load() */
  Answer *answer;    /* %NULL while none is on its way */
  DexPromise *idle;  /* %NULL while nobody waits */
  guint writes;
  guint patience; /* milliseconds */
};

typedef enum
{
  PROP_BUSY = 1,
  PROP_CAN_REGENERATE,
  PROP_CAN_RESTORE,
  PROP_N_ITEMS,
} ConversationProperty;

static GParamSpec *properties[PROP_N_ITEMS + 1];

static void rafilm_conversation_init_list (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RafilmConversation, rafilm_conversation, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      rafilm_conversation_init_list))

/* ---- The list ---- */

static GType
get_item_type (GListModel *model)
{
  return RAFILM_TYPE_MESSAGE;
}

static guint
get_n_items (GListModel *model)
{
  return RAFILM_CONVERSATION (model)->messages->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  RafilmConversation *self = RAFILM_CONVERSATION (model);

  return position < self->messages->len
             ? g_object_ref (g_ptr_array_index (self->messages, position))
             : NULL;
}

static void
rafilm_conversation_init_list (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
notify_state (RafilmConversation *self)
{
  for (ConversationProperty property = PROP_BUSY; property <= PROP_N_ITEMS; property++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
announce (RafilmConversation *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  notify_state (self);
}

static RafilmMessage *
append (RafilmConversation *self, RafilmMessageRole role, const char *text)
{
  gint64 at = rafilm_clock_now ();
  RafilmMessage *message;

  /* The order of the messages is that of their times, whatever the clock does. */
  if (self->messages->len > 0)
    {
      RafilmMessage *last = g_ptr_array_index (self->messages, self->messages->len - 1);

      at = MAX (at, rafilm_message_get_at (last) + 1);
    }
  message = rafilm_message_new (NULL, role, at);
  rafilm_message_append_text (message, text);
  g_ptr_array_add (self->messages, message);
  announce (self, self->messages->len - 1, 0, 1);

  return message;
}

/* ---- Writing ---- */

static void
check_idle (RafilmConversation *self)
{
  g_autoptr (DexPromise) idle = NULL;

  if (self->idle == NULL || self->answer != NULL || self->writes > 0)
    return;

  idle = g_steal_pointer (&self->idle);
  dex_promise_resolve_boolean (idle, TRUE);
}

typedef struct
{
  RafilmConversation *self;
  RafilmMessage *message;
  DexFuture *written; /* %NULL until the conversation is known */
} Write;

static void
write_free (Write *write)
{
  g_clear_object (&write->self);
  g_clear_object (&write->message);
  dex_clear (&write->written);
  g_free (write);
}

static gboolean
is_loading (RafilmConversation *self)
{
  return self->loaded != NULL && dex_future_is_pending (self->loaded);
}

static DexFuture *
write_fiber (Write *write)
{
  RafilmConversation *self = write->self;
  g_autoptr (GError) error = NULL;

  if (write->written == NULL)
    {
      dex_await (dex_ref (self->loaded), NULL);
      write->written = rafilm_chat_history_write (self->store, self->id, write->message);
    }
  if (!dex_await (dex_ref (write->written), &error))
    {
      g_warning ("A message could not be stored: %s, ignoring", error->message);
      rafilm_message_finish (write->message, rafilm_message_get_state (write->message),
                             error->message);
    }
  self->writes--;
  check_idle (self);

  return dex_future_new_true ();
}

static void
persist (RafilmConversation *self, RafilmMessage *message)
{
  Write *write = g_new0 (Write, 1);

  write->self = g_object_ref (self);
  write->message = g_object_ref (message);
  /* The history says which conversation this is. */
  if (!is_loading (self))
    write->written = rafilm_chat_history_write (self->store, self->id, message);
  self->writes++;
  /* Nobody waits for it; rafilm_conversation_wait() counts. */
  dex_future_disown (rafilm_spawn ((DexFiberFunc) write_fiber, write, (GDestroyNotify) write_free));
}

/* ---- An answer ---- */

static void
answer_free (Answer *answer)
{
  g_clear_object (&answer->message);
  g_clear_pointer (&answer->text, g_free);
  g_clear_pointer (&answer->request, g_free);
  g_clear_pointer (&answer->assembler, rafilm_stream_assembler_free);
  dex_clear (&answer->wake);
  dex_clear (&answer->stopped);
  g_clear_object (&answer->self);
  g_free (answer);
}

static gint64
get_milliseconds (void)
{
  return g_get_monotonic_time () / 1000;
}

/* Tells the service that nobody listens any more. */
static void
send_stop (Answer *answer)
{
  g_autoptr (JsonNode) message = NULL;

  if (answer->request == NULL || answer->self->link == NULL
      || !rafilm_chat_link_is_connected (answer->self->link))
    return;

  message = rafilm_chat_history_make_stop (answer->request);
  /* If it is lost, the service ends by itself. */
  dex_future_disown (rafilm_chat_link_send (answer->self->link, message));
}

static void
end_answer (Answer *answer, RafilmMessageState state, const char *error)
{
  RafilmConversation *self = answer->self;
  g_autoptr (RafilmMessage) message = g_object_ref (answer->message);

  if (answer->assembler != NULL)
    g_debug ("An answer ended: %u handles dropped, %u gaps",
             rafilm_stream_assembler_get_dropped (answer->assembler),
             rafilm_stream_assembler_get_gaps (answer->assembler));
  answer->abandoned = TRUE;
  self->answer = NULL;
  rafilm_message_finish (message, state, error);
  persist (self, message);
  notify_state (self);
}

/* Facts go into the mirror first, so that the film of a card is the same as everywhere else. */
static void
await_film (Answer *answer, RafilmFilm *facts)
{
  RafilmConversation *self = answer->self;
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (films, g_object_ref (facts));
  if (!dex_await (rafilm_store_put_films (self->store, films), &error) && !answer->abandoned)
    g_warning ("A film could not be stored: %s, ignoring", error->message);
  g_clear_error (&error);
  if (answer->abandoned)
    return;

  film = dex_await_object (rafilm_store_get_film (self->store, rafilm_film_get_id (facts)), NULL);
  if (!answer->abandoned)
    rafilm_message_add_film (answer->message,
                             film != NULL && rafilm_film_is_known (film) ? film : facts);
}

typedef enum
{
  STREAM_GOES_ON,
  STREAM_ENDED,
  STREAM_FAILED, /* nothing came that could be shown */
} StreamOutcome;

static gboolean
has_text (Answer *answer)
{
  return *rafilm_message_get_text (answer->message) != '\0';
}

static StreamOutcome
end_stream (Answer *answer, RafilmStreamEvent *event)
{
  if (!has_text (answer))
    return STREAM_FAILED;

  if (event->kind == RAFILM_STREAM_DONE)
    end_answer (answer, RAFILM_MESSAGE_DONE, NULL);
  else if (event->kind == RAFILM_STREAM_STOPPED && g_strcmp0 (event->text, "stopped") == 0)
    end_answer (answer, RAFILM_MESSAGE_STOPPED, NULL);
  else
    end_answer (answer, RAFILM_MESSAGE_STOPPED, _ ("The answer was cut off."));

  return STREAM_ENDED;
}

/* Takes in all that has come. Counts what did as progress. */
static StreamOutcome
await_events (Answer *answer, gint64 *progress)
{
  while (!answer->abandoned)
    {
      gint64 now = get_milliseconds ();
      g_autoptr (RafilmStreamEvent) event = NULL;

      event = rafilm_stream_assembler_pop (answer->assembler, now);
      if (event == NULL)
        return STREAM_GOES_ON;
      *progress = now;
      if (event->kind == RAFILM_STREAM_TEXT)
        rafilm_message_append_text (answer->message, event->text);
      else if (event->kind == RAFILM_STREAM_FILM)
        await_film (answer, event->film);
      else
        return end_stream (answer, event);
    }

  return STREAM_ENDED;
}

static StreamOutcome
give_up (Answer *answer)
{
  send_stop (answer);
  if (!has_text (answer))
    return STREAM_FAILED;

  end_answer (answer, RAFILM_MESSAGE_STOPPED, _ ("The answer was cut off."));

  return STREAM_ENDED;
}

/* What was said before the question. */
static GPtrArray *
list_turns (Answer *answer)
{
  RafilmConversation *self = answer->self;
  GPtrArray *turns = g_ptr_array_new_with_free_func (g_object_unref);
  guint index = 0;

  if (g_ptr_array_find (self->messages, answer->message, &index))
    for (guint i = 0; i + 1 < index; i++)
      g_ptr_array_add (turns, g_object_ref (g_ptr_array_index (self->messages, i)));

  return turns;
}

static gboolean
await_sent (Answer *answer)
{
  RafilmConversation *self = answer->self;
  g_autoptr (GPtrArray) turns = list_turns (answer);
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *id = rafilm_id_new ();
  int patience = rafilm_chat_link_is_connected (self->link) ? SEND_MSEC : CONNECT_MSEC;

  answer->request = g_strconcat ("m_", id, NULL);
  answer->assembler = rafilm_stream_assembler_new ();
  request = rafilm_chat_history_make_request (answer->request, self->id, turns, answer->text);

  return dex_await (dex_future_first (rafilm_chat_link_send (self->link, request),
                                      dex_ref (DEX_FUTURE (answer->stopped)),
                                      dex_timeout_new_msec (patience), NULL),
                    NULL);
}

/* Whether the service has answered, or nobody waits any more. */
static gboolean
await_service (Answer *answer)
{
  RafilmConversation *self = answer->self;
  gint64 progress;
  StreamOutcome outcome;

  if (self->link == NULL)
    return FALSE;
  if (!await_sent (answer))
    return answer->abandoned;

  progress = get_milliseconds ();
  while (!answer->abandoned)
    {
      gint64 until;

      outcome = await_events (answer, &progress);
      if (outcome != STREAM_GOES_ON)
        return outcome == STREAM_ENDED;

      until = progress + self->patience;
      if (get_milliseconds () >= until)
        return give_up (answer) == STREAM_ENDED;
      until = MIN (until, rafilm_stream_assembler_get_deadline (answer->assembler));
      dex_clear (&answer->wake);
      answer->wake = dex_promise_new ();
      dex_await (dex_future_first (
                     dex_ref (DEX_FUTURE (answer->wake)), dex_ref (DEX_FUTURE (answer->stopped)),
                     dex_timeout_new_msec ((int) MAX (until - get_milliseconds (), 1)), NULL),
                 NULL);
    }

  return TRUE;
}

static void
copy_message (RafilmMessage *from, RafilmMessage *to)
{
  GListModel *films = rafilm_message_get_films (from);

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

      rafilm_message_add_film (to, film);
    }
  rafilm_message_append_text (to, rafilm_message_get_text (from));
}

static void
await_concierge (Answer *answer)
{
  RafilmConversation *self = answer->self;
  g_autoptr (RafilmMessage) draft = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done;

  rafilm_message_reset (answer->message, RAFILM_MESSAGE_DEVICE);
  /* The concierge goes on when it is stopped, so it must not write into the message itself. */
  draft = rafilm_message_new (NULL, RAFILM_MESSAGE_ASSISTANT, 0);
  done =
      dex_await (dex_future_first (rafilm_concierge_answer (self->concierge, answer->text, draft),
                                   dex_ref (DEX_FUTURE (answer->stopped)), NULL),
                 &error);
  if (answer->abandoned)
    return;

  if (done)
    copy_message (draft, answer->message);
  end_answer (answer, done ? RAFILM_MESSAGE_DONE : RAFILM_MESSAGE_FAILED,
              done ? NULL : error->message);
}

static DexFuture *
answer_fiber (Answer *answer)
{
  RafilmConversation *self = answer->self;

  if (self->loaded != NULL)
    dex_await (dex_ref (self->loaded), NULL);
  if (!answer->abandoned && !await_service (answer) && !answer->abandoned)
    await_concierge (answer);

  return dex_future_new_true ();
}

/* Answers the message before @index, which is the person's, with the one there. */
static void
begin_answer (RafilmConversation *self, guint index)
{
  RafilmMessage *question = g_ptr_array_index (self->messages, index - 1);
  Answer *answer = g_new0 (Answer, 1);

  answer->self = g_object_ref (self);
  answer->message = g_object_ref (g_ptr_array_index (self->messages, index));
  answer->text = g_strdup (rafilm_message_get_text (question));

  answer->stopped = dex_promise_new ();
  self->answer = answer;
  /* It ends the answer itself; `answer` says when it is over. */
  dex_future_disown (
      rafilm_spawn ((DexFiberFunc) answer_fiber, answer, (GDestroyNotify) answer_free));
  notify_state (self);
}

static void
message_received_cb (RafilmConversation *self, JsonObject *message)
{
  const char *id = json_object_get_string_member_with_default (message, "id", "");
  Answer *answer = self->answer;

  if (answer == NULL || answer->assembler == NULL || g_strcmp0 (answer->request, id) != 0)
    return;

  if (rafilm_stream_assembler_take (answer->assembler, message, get_milliseconds ())
      && answer->wake != NULL && dex_future_is_pending (DEX_FUTURE (answer->wake)))
    dex_promise_resolve_boolean (answer->wake, TRUE);
}

/* The index of the last message of the person; -1 for none. */
static int
find_question (RafilmConversation *self)
{
  for (int i = (int) self->messages->len - 1; i >= 0; i--)
    {
      RafilmMessage *message = g_ptr_array_index (self->messages, (guint) i);

      if (rafilm_message_get_role (message) == RAFILM_MESSAGE_USER)
        return i;
    }

  return -1;
}

/* ---- Object ---- */

static void
rafilm_conversation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RafilmConversation *self = RAFILM_CONVERSATION (object);

  switch ((ConversationProperty) prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, self->answer != NULL);
      break;
    case PROP_CAN_REGENERATE:
      g_value_set_boolean (value, self->answer == NULL && find_question (self) >= 0);
      break;
    case PROP_CAN_RESTORE:
      g_value_set_boolean (value, self->cleared != NULL && self->messages->len == 0);
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->messages->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
rafilm_conversation_finalize (GObject *object)
{
  RafilmConversation *self = RAFILM_CONVERSATION (object);

  dex_clear (&self->loaded);
  dex_clear (&self->idle);
  g_clear_object (&self->store);
  g_clear_object (&self->link);
  g_clear_object (&self->concierge);
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_pointer (&self->cleared, g_ptr_array_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->cleared_id, g_free);

  G_OBJECT_CLASS (rafilm_conversation_parent_class)->finalize (object);
}

static void
rafilm_conversation_class_init (RafilmConversationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = rafilm_conversation_get_property;
  object_class->finalize = rafilm_conversation_finalize;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_REGENERATE] =
      g_param_spec_boolean ("can-regenerate", NULL, NULL, FALSE, flags);
  properties[PROP_CAN_RESTORE] = g_param_spec_boolean ("can-restore", NULL, NULL, FALSE, flags);
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static char *
make_conversation_id (void)
{
  g_autofree char *id = rafilm_id_new ();

  return g_strconcat ("c_", id, NULL);
}

static void
rafilm_conversation_init (RafilmConversation *self)
{
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->id = make_conversation_id ();
  self->patience = RAFILM_CONVERSATION_PATIENCE_SECONDS * 1000;
}

RafilmConversation *
rafilm_conversation_new (RafilmStore *store, RafilmChatLink *link, RafilmConcierge *concierge)
{
  RafilmConversation *self;

  g_return_val_if_fail (RAFILM_IS_STORE (store), NULL);
  g_return_val_if_fail (link == NULL || RAFILM_IS_CHAT_LINK (link), NULL);
  g_return_val_if_fail (RAFILM_IS_CONCIERGE (concierge), NULL);

  self = g_object_new (RAFILM_TYPE_CONVERSATION, NULL);
  self->store = g_object_ref (store);
  self->concierge = g_object_ref (concierge);
  if (link != NULL)
    {
      self->link = g_object_ref (link);
      g_signal_connect_object (link, "message", G_CALLBACK (message_received_cb), self,
                               G_CONNECT_SWAPPED);
    }

  return self;
}

static DexFuture *
load_fiber (RafilmConversation *self)
{
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  guint n;

  id = rafilm_chat_history_await_id (self->store);
  if (id == NULL)
    return dex_future_new_true ();
  messages = rafilm_chat_history_await_messages (self->store, id, &error);
  if (messages == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_set_str (&self->id, id);
  n = messages->len;
  for (guint i = 0; i < n; i++)
    g_ptr_array_insert (self->messages, (int) i, g_object_ref (g_ptr_array_index (messages, i)));
  announce (self, 0, 0, n);

  return dex_future_new_true ();
}

DexFuture *
rafilm_conversation_load (RafilmConversation *self)
{
  dex_return_error_if_fail (RAFILM_IS_CONVERSATION (self));

  if (self->loaded == NULL)
    self->loaded = rafilm_spawn ((DexFiberFunc) load_fiber, g_object_ref (self), g_object_unref);

  return dex_ref (self->loaded);
}

gboolean
rafilm_conversation_send (RafilmConversation *self, const char *text, GError **error)
{
  g_autofree char *trimmed = NULL;

  g_return_val_if_fail (RAFILM_IS_CONVERSATION (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  trimmed = g_strstrip (g_strdup (text));
  if (*trimmed == '\0' || !g_utf8_validate (trimmed, -1, NULL))
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_INVALID,
                           _ ("There is nothing to send."));
      return FALSE;
    }
  if (strlen (trimmed) > RAFILM_CONVERSATION_MAX_TEXT)
    {
      g_set_error_literal (error, RAFILM_ERROR, RAFILM_ERROR_TOO_LARGE,
                           _ ("That is too long for one message."));
      return FALSE;
    }

  rafilm_conversation_stop (self);
  g_clear_pointer (&self->cleared, g_ptr_array_unref);
  persist (self, append (self, RAFILM_MESSAGE_USER, trimmed));
  append (self, RAFILM_MESSAGE_ASSISTANT, "");
  begin_answer (self, self->messages->len - 1);

  return TRUE;
}

void
rafilm_conversation_stop (RafilmConversation *self)
{
  Answer *answer;

  g_return_if_fail (RAFILM_IS_CONVERSATION (self));

  answer = self->answer;
  if (answer == NULL)
    return;

  send_stop (answer);
  end_answer (answer, RAFILM_MESSAGE_STOPPED, NULL);
  dex_promise_resolve_boolean (answer->stopped, TRUE);
}

void
rafilm_conversation_regenerate (RafilmConversation *self)
{
  int question;
  guint index;

  g_return_if_fail (RAFILM_IS_CONVERSATION (self));

  rafilm_conversation_stop (self);
  question = find_question (self);
  if (question < 0)
    return;

  index = (guint) question + 1;
  if (index == self->messages->len)
    append (self, RAFILM_MESSAGE_ASSISTANT, "");
  else
    rafilm_message_reset (g_ptr_array_index (self->messages, index), RAFILM_MESSAGE_CLOUD);
  begin_answer (self, index);
}

void
rafilm_conversation_clear (RafilmConversation *self)
{
  guint n;

  g_return_if_fail (RAFILM_IS_CONVERSATION (self));

  rafilm_conversation_stop (self);
  n = self->messages->len;
  if (n == 0 || is_loading (self))
    return;

  g_clear_pointer (&self->cleared, g_ptr_array_unref);
  g_free (self->cleared_id);
  self->cleared = g_steal_pointer (&self->messages);
  self->cleared_id = g_steal_pointer (&self->id);
  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->id = make_conversation_id ();
  rafilm_concierge_forget (self->concierge);
  /* What is written before is deleted with it, since the mirror keeps the order. */
  dex_future_disown (rafilm_store_delete_conversation (self->store, self->cleared_id));
  announce (self, 0, n, 0);
}

void
rafilm_conversation_restore (RafilmConversation *self)
{
  g_return_if_fail (RAFILM_IS_CONVERSATION (self));

  if (self->cleared == NULL || self->messages->len > 0)
    return;

  g_clear_pointer (&self->messages, g_ptr_array_unref);
  self->messages = g_steal_pointer (&self->cleared);
  g_free (self->id);
  self->id = g_steal_pointer (&self->cleared_id);
  for (guint i = 0; i < self->messages->len; i++)
    persist (self, g_ptr_array_index (self->messages, i));
  announce (self, 0, 0, self->messages->len);
}

gboolean
rafilm_conversation_get_busy (RafilmConversation *self)
{
  g_return_val_if_fail (RAFILM_IS_CONVERSATION (self), FALSE);

  return self->answer != NULL;
}

void
rafilm_conversation_set_patience (RafilmConversation *self, guint milliseconds)
{
  g_return_if_fail (RAFILM_IS_CONVERSATION (self));

  self->patience = milliseconds;
}

DexFuture *
rafilm_conversation_wait (RafilmConversation *self)
{
  dex_return_error_if_fail (RAFILM_IS_CONVERSATION (self));

  if (self->answer == NULL && self->writes == 0)
    return dex_future_new_true ();
  if (self->idle == NULL)
    self->idle = dex_promise_new ();

  return dex_ref (DEX_FUTURE (self->idle));
}
