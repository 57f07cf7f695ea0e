/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-sync-button.h"

#include <glib/gi18n.h>

#include "rafilm-clock.h"
#include "rafilm-closures.h"
#include "rafilm-sync-words.h"

struct _RafilmSyncButton
{
  AdwBin parent_instance;

  RafilmAppContext *context;
  RafilmSyncEngine *engine;
  RafilmAccount *account_object;

  GtkMenuButton *button;
  GtkStack *icon;
  GtkImage *image;
  GtkLabel *title;
  GtkLabel *detail;
  GtkProgressBar *progress;
  GtkButton *changes;
  GtkWidget *sync_now;
  GtkButton *account;
};

G_DEFINE_FINAL_TYPE (RafilmSyncButton, rafilm_sync_button, ADW_TYPE_BIN)

static const char *
get_icon (RafilmSyncEngineState state)
{
  switch (state)
    {
    case RAFILM_SYNC_OFF:
      return "computer-symbolic";
    case RAFILM_SYNC_SYNCED:
      return "rafilm-synced-symbolic";
    case RAFILM_SYNC_WAITING:
    case RAFILM_SYNC_SENDING:
      return "rafilm-waiting-symbolic";
    case RAFILM_SYNC_OFFLINE:
      return "network-offline-symbolic";
    case RAFILM_SYNC_NEEDS_SIGN_IN:
      return "dialog-password-symbolic";
    case RAFILM_SYNC_UPGRADE:
    case RAFILM_SYNC_FAILED:
    case RAFILM_SYNC_ACCOUNT_DELETED:
      return "dialog-warning-symbolic";
    default:
      g_assert_not_reached ();
    }
}

static void
show (RafilmSyncButton *self, const char *icon, const char *title, const char *detail)
{
  g_autofree char *label = g_strdup_printf ("%s. %s", title, detail);

  gtk_image_set_from_icon_name (self->image, icon);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->detail, detail);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
update_changes (RafilmSyncButton *self, const RafilmSyncFacts *facts)
{
  double progress = rafilm_sync_engine_get_progress (self->engine);
  g_autofree char *label = NULL;

  if (facts->refused > 0)
    {
      label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u _Refused Change…",
                                            "%u _Refused Changes…", facts->refused),
                               facts->refused);
      gtk_widget_add_css_class (GTK_WIDGET (self->changes), "warning");
      gtk_image_set_from_icon_name (self->image, "dialog-warning-symbolic");
    }
  else
    {
      label = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u _Waiting Change…",
                                            "%u _Waiting Changes…", facts->unsent),
                               facts->unsent);
      gtk_widget_remove_css_class (GTK_WIDGET (self->changes), "warning");
    }
  gtk_button_set_label (self->changes, label);
  gtk_widget_set_visible (GTK_WIDGET (self->changes), facts->refused + facts->unsent > 0);
  gtk_progress_bar_set_fraction (self->progress, progress);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), progress < 1.0);
}

static void
update (RafilmSyncButton *self)
{
  RafilmSyncFacts facts = { 0 };
  gboolean signed_in;
  gboolean undecided;
  gboolean syncs;
  g_autofree char *detail = NULL;

  if (self->engine == NULL)
    return;

  facts.state = rafilm_sync_engine_get_state (self->engine);
  facts.unsent = rafilm_sync_engine_get_pending (self->engine);
  facts.refused = rafilm_sync_engine_get_refused (self->engine);
  facts.last = rafilm_sync_engine_get_last_synced (self->engine);
  facts.now = rafilm_clock_now ();
  facts.sent = rafilm_sync_engine_get_sent (self->engine);
  facts.to_send = rafilm_sync_engine_get_to_send (self->engine);
  undecided = rafilm_app_context_is_undecided (self->context);
  signed_in = rafilm_account_get_state (self->account_object) == RAFILM_ACCOUNT_SIGNED_IN;
  syncs = signed_in && !undecided && facts.state != RAFILM_SYNC_ACCOUNT_DELETED;
  detail = rafilm_sync_words_dup_detail (&facts);

  gtk_stack_set_visible_child_name (self->icon,
                                    facts.state == RAFILM_SYNC_SENDING ? "busy" : "image");
  if (undecided)
    show (self, "dialog-question-symbolic", _ ("Two Diaries"),
          _ ("You are signed in, and it is not chosen yet what happens to the diary of this "
             "computer. Nothing is merged or sent until then."));
  else
    show (self, get_icon (facts.state), rafilm_sync_words_get_title (&facts), detail);
  gtk_widget_set_visible (self->sync_now, syncs);
  update_changes (self, &facts);
  if (undecided)
    gtk_button_set_label (self->account, _ ("_Choose…"));
  else
    gtk_button_set_label (self->account, signed_in ? _ ("_Account…") : _ ("_Sign In…"));
  if (syncs)
    gtk_widget_remove_css_class (GTK_WIDGET (self->account), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->account), "suggested-action");
}

/* A dialog must not open below the popover, so that goes first. */
static void
open_dialog (RafilmSyncButton *self, const char *action)
{
  gtk_menu_button_popdown (self->button);
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
}

static void
changes_clicked_cb (RafilmSyncButton *self)
{
  open_dialog (self, "win.changes");
}

static void
account_clicked_cb (RafilmSyncButton *self)
{
  open_dialog (self, "win.account");
}

static void
rafilm_sync_button_dispose (GObject *object)
{
  RafilmSyncButton *self = RAFILM_SYNC_BUTTON (object);

  /* The bin must let its child go first: it does not notice when the template does. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_SYNC_BUTTON);
  g_clear_object (&self->context);
  g_clear_object (&self->engine);
  g_clear_object (&self->account_object);

  G_OBJECT_CLASS (rafilm_sync_button_parent_class)->dispose (object);
}

static void
rafilm_sync_button_class_init (RafilmSyncButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rafilm_sync_button_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-sync-button.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, button);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, icon);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, image);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, title);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, detail);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, progress);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, changes);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, sync_now);
  gtk_widget_class_bind_template_child (widget_class, RafilmSyncButton, account);
  gtk_widget_class_bind_template_callback (widget_class, changes_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, account_clicked_cb);
}

static void
rafilm_sync_button_init (RafilmSyncButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
rafilm_sync_button_set_context (RafilmSyncButton *self, RafilmAppContext *context)
{
  g_return_if_fail (RAFILM_IS_SYNC_BUTTON (self));
  g_return_if_fail (rafilm_app_context_has_cloud (context));
  g_return_if_fail (self->context == NULL);

  self->context = g_object_ref (context);
  self->engine = g_object_ref (rafilm_app_context_get_engine (context));
  self->account_object = g_object_ref (rafilm_app_context_get_account (context));
  g_signal_connect_object (self->engine, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->account_object, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::undecided", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  /* "A minute ago" grows old while nobody looks. */
  g_signal_connect_object (gtk_menu_button_get_popover (self->button), "show", G_CALLBACK (update),
                           self, G_CONNECT_SWAPPED);
  update (self);
}
