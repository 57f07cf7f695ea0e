/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rafilm-conversation-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "rafilm-chat-history.h"
#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-id.h"
#include "rafilm-spawn.h"

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

void
rafilm_conversation_notify_state (RafilmConversation *self)
{
  for (ConversationProperty property = PROP_BUSY; property <= PROP_N_ITEMS; property++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
announce (RafilmConversation *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  rafilm_conversation_notify_state (self);
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

void
rafilm_conversation_persist (RafilmConversation *self, RafilmMessage *message)
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
      g_signal_connect_object (link, "message", G_CALLBACK (rafilm_conversation_take_message), self,
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
  rafilm_conversation_persist (self, append (self, RAFILM_MESSAGE_USER, trimmed));
  append (self, RAFILM_MESSAGE_ASSISTANT, "");
  rafilm_conversation_begin_answer (self, self->messages->len - 1);

  return TRUE;
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
  rafilm_conversation_begin_answer (self, index);
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
    rafilm_conversation_persist (self, g_ptr_array_index (self->messages, i));
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
