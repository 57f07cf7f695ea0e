/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-chat-pane.h"

#include <glib/gi18n.h>

#include "rafilm-chat-message.h"
#include "rafilm-closures.h"

/* Whoever is this near to the end reads along with the answer. */
#define NEAR_END 60

struct _RafilmChatPane
{
  AdwBin parent_instance;

  RafilmConversation *conversation;
  gboolean follow;

  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListBox *messages;
  GtkTextView *entry;
  GtkWidget *placeholder;
  GtkStack *buttons;
};

G_DEFINE_FINAL_TYPE (RafilmChatPane, rafilm_chat_pane, ADW_TYPE_BIN)

static char *
dup_entry_text (RafilmChatPane *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->entry);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);

  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
entry_changed_cb (RafilmChatPane *self)
{
  g_autofree char *text = dup_entry_text (self);

  gtk_widget_set_visible (self->placeholder, *text == '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.send", *g_strchug (text) != '\0');
}

static gboolean
send_text (RafilmChatPane *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  if (self->conversation == NULL)
    return FALSE;

  self->follow = TRUE;
  if (rafilm_conversation_send (self->conversation, text, &error))
    return TRUE;

  gtk_accessible_announce (GTK_ACCESSIBLE (self), error->message,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
  gtk_widget_error_bell (GTK_WIDGET (self->entry));

  return FALSE;
}

static void
send_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmChatPane *self = RAFILM_CHAT_PANE (widget);
  g_autofree char *text = dup_entry_text (self);

  if (send_text (self, text))
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->entry), "", 0);
}

static void
stop_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rafilm_chat_pane_stop (RAFILM_CHAT_PANE (widget));
}

static void
regenerate_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmChatPane *self = RAFILM_CHAT_PANE (widget);

  self->follow = TRUE;
  rafilm_conversation_regenerate (self->conversation);
}

static void
clear_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmChatPane *self = RAFILM_CHAT_PANE (widget);

  rafilm_conversation_clear (self->conversation);
  rafilm_chat_pane_focus_entry (self);
}

static void
suggestion_clicked_cb (RafilmChatPane *self, GtkButton *button)
{
  send_text (self, gtk_button_get_label (button));
  rafilm_chat_pane_focus_entry (self);
}

static gboolean
key_pressed_cb (RafilmChatPane *self, guint keyval, guint keycode, GdkModifierType state,
                GtkEventControllerKey *controller)
{
  if (keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter)
    return GDK_EVENT_PROPAGATE;
  if ((state & GDK_SHIFT_MASK) != 0)
    return GDK_EVENT_PROPAGATE;

  gtk_widget_activate_action (GTK_WIDGET (self), "chat.send", NULL);

  return GDK_EVENT_STOP;
}

static gboolean
is_near_end (GtkAdjustment *adjustment)
{
  return gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment)
         >= gtk_adjustment_get_upper (adjustment) - NEAR_END;
}

/* Whoever scrolls up to read is left there. */
static void
scrolled_cb (RafilmChatPane *self, GtkAdjustment *adjustment)
{
  self->follow = is_near_end (adjustment);
}

static void
grown_cb (RafilmChatPane *self, GtkAdjustment *adjustment)
{
  if (self->follow)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

static void
update_state (RafilmChatPane *self)
{
  gboolean any = self->conversation != NULL
                 && g_list_model_get_n_items (G_LIST_MODEL (self->conversation)) > 0;
  gboolean busy = self->conversation != NULL && rafilm_conversation_get_busy (self->conversation);
  gboolean can_regenerate = FALSE;

  if (self->conversation != NULL)
    g_object_get (self->conversation, "can-regenerate", &can_regenerate, NULL);

  gtk_stack_set_visible_child_name (self->stack, any ? "messages" : "empty");
  gtk_stack_set_visible_child_name (self->buttons, busy ? "stop" : "send");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.stop", busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.regenerate", can_regenerate);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "chat.clear", any);
}

static GtkWidget *
create_message_cb (gpointer item, gpointer data)
{
  GtkWidget *row = gtk_list_box_row_new ();

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), rafilm_chat_message_new (item));

  return row;
}

static gboolean
rafilm_chat_pane_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RAFILM_CHAT_PANE (widget)->entry));
}

static void
rafilm_chat_pane_dispose (GObject *object)
{
  RafilmChatPane *self = RAFILM_CHAT_PANE (object);

  if (self->messages != NULL)
    gtk_list_box_bind_model (self->messages, NULL, NULL, NULL, NULL);
  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_CHAT_PANE);
  g_clear_object (&self->conversation);

  G_OBJECT_CLASS (rafilm_chat_pane_parent_class)->dispose (object);
}

static void
rafilm_chat_pane_class_init (RafilmChatPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_chat_pane_dispose;
  widget_class->grab_focus = rafilm_chat_pane_grab_focus;

  gtk_widget_class_install_action (widget_class, "chat.send", NULL, send_cb);
  gtk_widget_class_install_action (widget_class, "chat.stop", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "chat.regenerate", NULL, regenerate_cb);
  gtk_widget_class_install_action (widget_class, "chat.clear", NULL, clear_cb);

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-chat-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmChatPane, stack);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatPane, messages);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatPane, entry);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatPane, placeholder);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatPane, buttons);
  gtk_widget_class_bind_template_callback (widget_class, suggestion_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
}

static void
rafilm_chat_pane_init (RafilmChatPane *self)
{
  GtkAdjustment *adjustment;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->follow = TRUE;
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (grown_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_text_view_get_buffer (self->entry), "changed",
                           G_CALLBACK (entry_changed_cb), self, G_CONNECT_SWAPPED);
  entry_changed_cb (self);
  update_state (self);
}

void
rafilm_chat_pane_set_conversation (RafilmChatPane *self, RafilmConversation *conversation)
{
  g_return_if_fail (RAFILM_IS_CHAT_PANE (self));
  g_return_if_fail (RAFILM_IS_CONVERSATION (conversation));
  g_return_if_fail (self->conversation == NULL);

  self->conversation = g_object_ref (conversation);
  gtk_list_box_bind_model (self->messages, G_LIST_MODEL (conversation), create_message_cb, NULL,
                           NULL);
  g_signal_connect_object (conversation, "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::busy", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (conversation, "notify::can-regenerate", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  update_state (self);
}

void
rafilm_chat_pane_focus_entry (RafilmChatPane *self)
{
  g_return_if_fail (RAFILM_IS_CHAT_PANE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

void
rafilm_chat_pane_stop (RafilmChatPane *self)
{
  g_return_if_fail (RAFILM_IS_CHAT_PANE (self));

  if (self->conversation != NULL)
    rafilm_conversation_stop (self->conversation);
}
