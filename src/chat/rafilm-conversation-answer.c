/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How one answer comes about: from the service while it can be reached, else from the concierge. */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "rafilm-chat-history.h"
#include "rafilm-conversation-private.h"
#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "rafilm-stream-assembler.h"

/* How long a question waits to leave: for a connection that is there, and for one that is not. */
#define SEND_MSEC 10000
#define CONNECT_MSEC 2000

/* An answer on its way. The fiber owns it; the conversation points at the current one. */
struct _RafilmAnswer
{
  RafilmConversation *self;
  RafilmMessage *message;
  char *text;    /* the question */
  char *request; /* the id at the service, once it was asked */
  RafilmStreamAssembler *assembler;
  DexPromise *wake;    /* resolved when a message has come */
  DexPromise *stopped; /* resolved when nobody waits for the answer any more */
  gboolean abandoned;
};

static void
answer_free (RafilmAnswer *answer)
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
send_stop (RafilmAnswer *answer)
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
end_answer (RafilmAnswer *answer, RafilmMessageState state, const char *error)
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
  rafilm_conversation_persist (self, message);
  rafilm_conversation_notify_state (self);
}

/* Facts go into the mirror first, so that the film of a card is the same as everywhere else. */
static void
await_film (RafilmAnswer *answer, RafilmFilm *facts)
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
has_text (RafilmAnswer *answer)
{
  return *rafilm_message_get_text (answer->message) != '\0';
}

static StreamOutcome
end_stream (RafilmAnswer *answer, RafilmStreamEvent *event)
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
await_events (RafilmAnswer *answer, gint64 *progress)
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
give_up (RafilmAnswer *answer)
{
  send_stop (answer);
  if (!has_text (answer))
    return STREAM_FAILED;

  end_answer (answer, RAFILM_MESSAGE_STOPPED, _ ("The answer was cut off."));

  return STREAM_ENDED;
}

/* What was said before the question. */
static GPtrArray *
list_turns (RafilmAnswer *answer)
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
await_sent (RafilmAnswer *answer)
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
await_service (RafilmAnswer *answer)
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
await_concierge (RafilmAnswer *answer)
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
answer_fiber (RafilmAnswer *answer)
{
  RafilmConversation *self = answer->self;

  if (self->loaded != NULL)
    dex_await (dex_ref (self->loaded), NULL);
  if (!answer->abandoned && !await_service (answer) && !answer->abandoned)
    await_concierge (answer);

  return dex_future_new_true ();
}

void
rafilm_conversation_begin_answer (RafilmConversation *self, guint index)
{
  RafilmMessage *question = g_ptr_array_index (self->messages, index - 1);
  RafilmAnswer *answer = g_new0 (RafilmAnswer, 1);

  answer->self = g_object_ref (self);
  answer->message = g_object_ref (g_ptr_array_index (self->messages, index));
  answer->text = g_strdup (rafilm_message_get_text (question));

  answer->stopped = dex_promise_new ();
  self->answer = answer;
  /* It ends the answer itself; `answer` says when it is over. */
  dex_future_disown (
      rafilm_spawn ((DexFiberFunc) answer_fiber, answer, (GDestroyNotify) answer_free));
  rafilm_conversation_notify_state (self);
}

void
rafilm_conversation_take_message (RafilmConversation *self, JsonObject *message)
{
  const char *id = json_object_get_string_member_with_default (message, "id", "");
  RafilmAnswer *answer = self->answer;

  if (answer == NULL || answer->assembler == NULL || g_strcmp0 (answer->request, id) != 0)
    return;

  if (rafilm_stream_assembler_take (answer->assembler, message, get_milliseconds ())
      && answer->wake != NULL && dex_future_is_pending (DEX_FUTURE (answer->wake)))
    dex_promise_resolve_boolean (answer->wake, TRUE);
}

void
rafilm_conversation_stop (RafilmConversation *self)
{
  RafilmAnswer *answer;

  g_return_if_fail (RAFILM_IS_CONVERSATION (self));

  answer = self->answer;
  if (answer == NULL)
    return;

  send_stop (answer);
  end_answer (answer, RAFILM_MESSAGE_STOPPED, NULL);
  dex_promise_resolve_boolean (answer->stopped, TRUE);
}
