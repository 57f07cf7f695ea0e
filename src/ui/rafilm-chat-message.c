/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-chat-message.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "rafilm-closures.h"
#include "rafilm-film-row.h"

#define LINK_PREFIX "film:"

struct _RafilmChatMessage
{
  GtkWidget parent_instance;

  RafilmMessage *message;
  gboolean announced;

  GtkWidget *bubble;
  GtkLabel *label;
  GtkWidget *spinner;
  GtkListBox *films;
  GtkLabel *error_label;
  GtkWidget *source_label;
};

G_DEFINE_FINAL_TYPE (RafilmChatMessage, rafilm_chat_message, GTK_TYPE_WIDGET)

static void
append_segment (GString *markup, const RafilmMessageSegment *segment)
{
  g_autofree char *name = NULL;
  g_autofree char *escaped = NULL;

  if (segment->film == NULL)
    {
      escaped = g_markup_escape_text (segment->text, -1);
      g_string_append (markup, escaped);
      return;
    }

  name = rafilm_message_dup_film_name (segment->film);
  escaped = g_markup_escape_text (name, -1);
  g_string_append_printf (markup, "<a href=\"" LINK_PREFIX "%" G_GINT64_FORMAT "\">%s</a>",
                          rafilm_film_get_id (segment->film), escaped);
}

static void
update_text (RafilmChatMessage *self)
{
  g_autoptr (GPtrArray) segments = rafilm_message_dup_segments (self->message);
  g_autoptr (GString) markup = g_string_new (NULL);
  gboolean streaming = rafilm_message_get_state (self->message) == RAFILM_MESSAGE_STREAMING;

  for (guint i = 0; i < segments->len; i++)
    append_segment (markup, g_ptr_array_index (segments, i));

  gtk_label_set_markup (self->label, markup->str);
  gtk_widget_set_visible (GTK_WIDGET (self->label), markup->len > 0);
  gtk_widget_set_visible (self->spinner, streaming && markup->len == 0);
}

static void
update_films (RafilmChatMessage *self)
{
  gboolean any = g_list_model_get_n_items (rafilm_message_get_films (self->message)) > 0;

  gtk_widget_set_visible (GTK_WIDGET (self->films), any);
}

/* The end of an answer is said once, not word by word. */
static void
announce (RafilmChatMessage *self)
{
  g_autofree char *text = NULL;

  if (self->announced || rafilm_message_get_role (self->message) != RAFILM_MESSAGE_ASSISTANT)
    return;

  self->announced = TRUE;
  text = rafilm_message_dup_plain_text (self->message);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
update_state (RafilmChatMessage *self)
{
  const char *error = rafilm_message_get_error (self->message);
  gboolean user = rafilm_message_get_role (self->message) == RAFILM_MESSAGE_USER;

  gtk_label_set_label (self->error_label, error != NULL ? error : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
  gtk_widget_set_visible (self->source_label,
                          !user
                              && rafilm_message_get_source (self->message) == RAFILM_MESSAGE_DEVICE
                              && rafilm_message_get_state (self->message) == RAFILM_MESSAGE_DONE);
  update_text (self);
}

static void
state_changed_cb (RafilmChatMessage *self)
{
  update_state (self);
  if (rafilm_message_get_state (self->message) != RAFILM_MESSAGE_STREAMING)
    announce (self);
}

static gboolean
activate_link_cb (RafilmChatMessage *self, const char *uri, GtkLabel *label)
{
  if (!g_str_has_prefix (uri, LINK_PREFIX))
    return FALSE;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x",
                              g_ascii_strtoll (uri + strlen (LINK_PREFIX), NULL, 10));

  return TRUE;
}

static void
film_activated_cb (RafilmChatMessage *self, GtkListBoxRow *row, GtkListBox *films)
{
  g_autoptr (RafilmFilm) film = g_list_model_get_item (rafilm_message_get_films (self->message),
                                                       (guint) gtk_list_box_row_get_index (row));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-film", "x", rafilm_film_get_id (film));
}

static GtkWidget *
make_button (const char *icon, const char *label, const char *action, gint64 film)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x", film);

  return button;
}

static GtkWidget *
create_film_cb (gpointer item, gpointer data)
{
  RafilmFilm *film = RAFILM_FILM (item);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *film_row = rafilm_film_row_new ();

  rafilm_film_row_set_film (RAFILM_FILM_ROW (film_row), film);
  gtk_widget_set_hexpand (film_row, TRUE);
  gtk_box_append (GTK_BOX (box), film_row);
  gtk_box_append (GTK_BOX (box), make_button ("rafilm-bookmark-symbolic", _ ("On the watchlist"),
                                              "win.watchlist", rafilm_film_get_id (film)));
  gtk_box_append (GTK_BOX (box), make_button ("list-add-symbolic", _ ("Log this film"),
                                              "win.log-film", rafilm_film_get_id (film)));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_bind_property (film, "accessible-label", row, "tooltip-text", G_BINDING_SYNC_CREATE);

  return row;
}

static void
rafilm_chat_message_dispose (GObject *object)
{
  RafilmChatMessage *self = RAFILM_CHAT_MESSAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_CHAT_MESSAGE);
  g_clear_object (&self->message);

  G_OBJECT_CLASS (rafilm_chat_message_parent_class)->dispose (object);
}

static void
rafilm_chat_message_class_init (RafilmChatMessageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_chat_message_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-chat-message.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmChatMessage, bubble);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatMessage, label);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatMessage, spinner);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatMessage, films);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatMessage, error_label);
  gtk_widget_class_bind_template_child (widget_class, RafilmChatMessage, source_label);
  gtk_widget_class_bind_template_callback (widget_class, activate_link_cb);
  gtk_widget_class_bind_template_callback (widget_class, film_activated_cb);
  gtk_widget_class_set_css_name (widget_class, "chatmessage");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ARTICLE);
}

static void
rafilm_chat_message_init (RafilmChatMessage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rafilm_chat_message_new (RafilmMessage *message)
{
  RafilmChatMessage *self;
  gboolean user;

  g_return_val_if_fail (RAFILM_IS_MESSAGE (message), NULL);

  self = g_object_new (RAFILM_TYPE_CHAT_MESSAGE, NULL);
  self->message = g_object_ref (message);
  self->announced = rafilm_message_get_state (message) != RAFILM_MESSAGE_STREAMING;

  user = rafilm_message_get_role (message) == RAFILM_MESSAGE_USER;
  gtk_widget_add_css_class (self->bubble, user ? "from-user" : "from-assistant");
  gtk_widget_set_halign (self->bubble, user ? GTK_ALIGN_END : GTK_ALIGN_FILL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  user ? _ ("You") : _ ("Answer"), -1);
  gtk_list_box_bind_model (self->films, rafilm_message_get_films (message), create_film_cb, NULL,
                           NULL);

  g_signal_connect_object (message, "notify::text", G_CALLBACK (update_text), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::source", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (rafilm_message_get_films (message), "items-changed",
                           G_CALLBACK (update_films), self, G_CONNECT_SWAPPED);
  update_films (self);
  update_state (self);

  return GTK_WIDGET (self);
}
