/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "rafilm-window-private.h"

#include <glib/gi18n.h>

#include "rafilm-chat-pane.h"
#include "rafilm-closures.h"
#include "rafilm-diary-page.h"
#include "rafilm-error.h"
#include "rafilm-error-text.h"
#include "rafilm-film-page.h"
#include "rafilm-films-page.h"
#include "rafilm-for-you-page.h"
#include "rafilm-lists-page.h"
#include "rafilm-search-page.h"
#include "rafilm-spawn.h"
#include "rafilm-statistics-page.h"
#include "rafilm-sync-button.h"
#include "rafilm-watchlist-page.h"

struct _RafilmWindow
{
  AdwApplicationWindow parent_instance;

  RafilmAppContext *context;
  guint refused;  /* changes, as last told */
  AdwToast *edit; /* what was last told of an edit; weak */

  AdwToastOverlay *toasts;
  AdwOverlaySplitView *split;
  RafilmChatPane *chat;
  RafilmSyncButton *sync_button;
  AdwNavigationView *navigation;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  AdwBanner *banner;
  GtkStack *content;
  AdwViewStack *pages;
  RafilmForYouPage *for_you_page;
  RafilmFilmsPage *films_page;
  RafilmDiaryPage *diary_page;
  RafilmWatchlistPage *watchlist_page;
  RafilmListsPage *lists_page;
  RafilmStatisticsPage *statistics_page;
  RafilmSearchPage *search_page;
};

G_DEFINE_FINAL_TYPE (RafilmWindow, rafilm_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- What the focus is about ---- */

/* Pages, rows and cards each tell what they show by a property. */
static gpointer
find_subject (GtkWidget *widget, const char *property, GType type)
{
  GParamSpec *pspec;
  gpointer subject = NULL;

  pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (widget), property);
  if (pspec == NULL || pspec->value_type != type)
    return NULL;

  /* The widget holds the subject, so that the reference can be given back. */
  g_object_get (widget, property, &subject, NULL);
  if (subject != NULL)
    g_object_unref (subject);

  return subject;
}

/* A list gives the focus to the cell around a row or a card, so that each
 * step up looks at the first child too. */
static gpointer
get_current (RafilmWindow *self, const char *property, GType type)
{
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->navigation);
  GtkWidget *widget = gtk_root_get_focus (GTK_ROOT (self));

  for (; widget != NULL && widget != GTK_WIDGET (self); widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *child = gtk_widget_get_first_child (widget);
      gpointer subject = find_subject (widget, property, type);

      if (subject == NULL && child != NULL && gtk_widget_get_next_sibling (child) == NULL)
        subject = find_subject (child, property, type);
      if (subject != NULL)
        return subject;
    }

  return page != NULL ? find_subject (GTK_WIDGET (page), property, type) : NULL;
}

RafilmFilm *
rafilm_window_get_current_film (RafilmWindow *self)
{
  g_return_val_if_fail (RAFILM_IS_WINDOW (self), NULL);

  return get_current (self, "film", RAFILM_TYPE_FILM);
}

RafilmViewing *
rafilm_window_get_current_viewing (RafilmWindow *self)
{
  g_return_val_if_fail (RAFILM_IS_WINDOW (self), NULL);

  return get_current (self, "viewing", RAFILM_TYPE_VIEWING);
}

/* ---- Messages and edits ---- */

static AdwToast *
create_toast (const char *text)
{
  return g_object_new (ADW_TYPE_TOAST, "title", text, "use-markup", FALSE, "timeout", 4, NULL);
}

void
rafilm_window_say (RafilmWindow *self, const char *text)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  adw_toast_overlay_add_toast (self->toasts, create_toast (text));
}

/* Takes TOAST over.  What was told of the edit before is no longer so, and its button would undo
 * something else. */
static void
say_of_edit (RafilmWindow *self, AdwToast *toast)
{
  if (self->edit != NULL)
    adw_toast_dismiss (self->edit);
  g_set_weak_pointer (&self->edit, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
rafilm_window_say_undo (RafilmWindow *self, const char *text)
{
  AdwToast *toast;

  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  toast = g_object_new (ADW_TYPE_TOAST, "title", text, "use-markup", FALSE, NULL);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  adw_toast_set_action_name (toast, "win.undo");
  say_of_edit (self, toast);
}

void
rafilm_window_say_undone (RafilmWindow *self, const char *text)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (text != NULL);

  say_of_edit (self, create_toast (text));
}

void
rafilm_window_add_toast (RafilmWindow *self, AdwToast *toast)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (ADW_IS_TOAST (toast));

  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
rafilm_window_say_error (RafilmWindow *self, const GError *error)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (error != NULL);

  if (!rafilm_error_is_cancelled (error))
    rafilm_window_say (self, rafilm_error_text (error));
}

typedef struct
{
  RafilmWindow *window;
  RafilmEdit *edit;
  char *toast;
} ApplyData;

static void
apply_data_free (ApplyData *data)
{
  g_object_unref (data->window);
  rafilm_edit_unref (data->edit);
  g_free (data->toast);
  g_free (data);
}

static DexFuture *
apply_fiber (gpointer user_data)
{
  ApplyData *data = user_data;
  g_autoptr (GError) error = NULL;
  RafilmStore *store = rafilm_app_context_get_store (data->window->context);

  if (dex_await_int64 (rafilm_store_apply (store, data->edit), &error) == 0)
    {
      if (error != NULL)
        rafilm_window_say_error (data->window, error);
      return NULL;
    }
  if (data->toast != NULL)
    rafilm_window_say_undo (data->window, data->toast);

  return NULL;
}

void
rafilm_window_apply (RafilmWindow *self, RafilmEdit *edit, const char *toast)
{
  ApplyData *data;

  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (edit != NULL);

  data = g_new0 (ApplyData, 1);
  data->window = g_object_ref (self);
  data->edit = rafilm_edit_ref (edit);
  data->toast = g_strdup (toast);
  /* The edit must be written even when the window is closed right after. */
  dex_future_disown (rafilm_spawn (apply_fiber, data, (GDestroyNotify) apply_data_free));
}

/* ---- Navigation ---- */

void
rafilm_window_show_page (RafilmWindow *self, const char *name)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));

  if (adw_view_stack_get_child_by_name (self->pages, name) == NULL)
    return;
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  adw_navigation_view_pop_to_tag (self->navigation, "main");
  adw_view_stack_set_visible_child_name (self->pages, name);
}

void
rafilm_window_push (RafilmWindow *self, AdwNavigationPage *page)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));

  adw_navigation_view_push (self->navigation, page);
}

void
rafilm_window_open_film (RafilmWindow *self, RafilmFilm *film)
{
  AdwNavigationPage *page;

  g_return_if_fail (RAFILM_IS_WINDOW (self));
  g_return_if_fail (RAFILM_IS_FILM (film));

  page = adw_navigation_view_get_visible_page (self->navigation);
  if (RAFILM_IS_FILM_PAGE (page) && rafilm_film_page_get_film (RAFILM_FILM_PAGE (page)) == film)
    return;

  /* On a narrow window the chat lies over the page that it has opened. */
  if (adw_overlay_split_view_get_collapsed (self->split))
    adw_overlay_split_view_set_show_sidebar (self->split, FALSE);
  rafilm_window_push (self, rafilm_film_page_new (self->context, film));
}

gboolean
rafilm_window_go_back (RafilmWindow *self)
{
  g_return_val_if_fail (RAFILM_IS_WINDOW (self), FALSE);

  if (adw_navigation_view_pop (self->navigation))
    return TRUE;
  if (gtk_search_bar_get_search_mode (self->search_bar))
    {
      gtk_search_bar_set_search_mode (self->search_bar, FALSE);
      return TRUE;
    }

  return FALSE;
}

gboolean
rafilm_window_is_covered (RafilmWindow *self)
{
  g_return_val_if_fail (RAFILM_IS_WINDOW (self), FALSE);

  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (self)) != NULL;
}

void
rafilm_window_set_chat_visible (RafilmWindow *self, gboolean visible)
{
  adw_overlay_split_view_set_show_sidebar (self->split, visible);
  if (visible)
    rafilm_chat_pane_focus_entry (self->chat);
  else if (gtk_root_get_focus (GTK_ROOT (self)) == NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->pages));
}

gboolean
rafilm_window_get_chat_visible (RafilmWindow *self)
{
  return adw_overlay_split_view_get_show_sidebar (self->split);
}

GtkWidget *
rafilm_window_get_chat (RafilmWindow *self)
{
  return GTK_WIDGET (self->chat);
}

/* ---- Search ---- */

static void
search_mode_changed_cb (RafilmWindow *self)
{
  gboolean searching;

  /* Also called while the window is taken apart. */
  if (self->content == NULL || self->search_bar == NULL)
    return;
  searching = gtk_search_bar_get_search_mode (self->search_bar);
  gtk_stack_set_visible_child_name (self->content, searching ? "search" : "pages");
}

static void
search_changed_cb (RafilmWindow *self)
{
  if (self->search_page == NULL)
    return;
  rafilm_search_page_set_text (self->search_page,
                               gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

/* Down and Return lead from the entry into the results. */
static void
search_activate_cb (RafilmWindow *self)
{
  rafilm_search_page_activate_first (self->search_page);
}

static void
search_next_cb (RafilmWindow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search_page));
}

void
rafilm_window_search (RafilmWindow *self, const char *text)
{
  g_return_if_fail (RAFILM_IS_WINDOW (self));

  adw_navigation_view_pop_to_tag (self->navigation, "main");
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  if (text != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->search_entry), text);
      gtk_editable_set_position (GTK_EDITABLE (self->search_entry), -1);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

/* A letter that nothing else wanted begins a search, wherever the focus is; it
 * goes to the text inside the entry, since the entry itself takes no letters.
 * Keys of a dialog pass the window too, and are not its business. */
static gboolean
key_pressed_cb (GtkEventControllerKey *keys, guint keyval, guint keycode, GdkModifierType state,
                RafilmWindow *self)
{
  gunichar letter = gdk_keyval_to_unicode (keyval);
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->search_entry));

  if (rafilm_window_is_covered (self) || gtk_search_bar_get_search_mode (self->search_bar))
    return GDK_EVENT_PROPAGATE;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0 || letter == ' '
      || !g_unichar_isgraph (letter))
    return GDK_EVENT_PROPAGATE;

  adw_navigation_view_pop_to_tag (self->navigation, "main");
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  if (!gtk_event_controller_key_forward (keys, GTK_WIDGET (text)))
    {
      gtk_search_bar_set_search_mode (self->search_bar, FALSE);
      return GDK_EVENT_PROPAGATE;
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_set_position (GTK_EDITABLE (self->search_entry), -1);

  return GDK_EVENT_STOP;
}

/* ---- State that is kept ---- */

static void
page_changed_cb (RafilmWindow *self)
{
  GSettings *settings = rafilm_app_context_get_settings (self->context);
  const char *name = adw_view_stack_get_visible_child_name (self->pages);

  if (name != NULL)
    g_settings_set_string (settings, "page", name);
}

static gboolean
close_request_cb (RafilmWindow *self)
{
  GSettings *settings = rafilm_app_context_get_settings (self->context);
  int width;
  int height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));

  return GDK_EVENT_PROPAGATE;
}

static void
restore_state (RafilmWindow *self)
{
  GSettings *settings = rafilm_app_context_get_settings (self->context);
  g_autofree char *page = g_settings_get_string (settings, "page");
  int width;
  int height;

  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  if (adw_view_stack_get_child_by_name (self->pages, page) != NULL)
    adw_view_stack_set_visible_child_name (self->pages, page);
}

static void
update_undo_cb (RafilmWindow *self)
{
  RafilmStore *store = rafilm_app_context_get_store (self->context);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.undo", rafilm_store_can_undo (store));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.redo", rafilm_store_can_redo (store));
}

static void
update_banner_cb (RafilmWindow *self)
{
  gboolean undecided = rafilm_app_context_is_undecided (self->context);

  if (undecided)
    adw_banner_set_title (self->banner, _ ("This computer’s diary and the account’s are apart."));
  else
    adw_banner_set_title (self->banner,
                          _ ("You are offline. Everything is saved here and sent later."));
  adw_banner_set_button_label (self->banner, undecided ? _ ("_Choose…") : NULL);
  adw_banner_set_revealed (self->banner,
                           undecided || rafilm_app_context_is_offline (self->context));
}

/* Said once, and never in the way; the button of the sync state goes on telling it. */
static void
refused_changed_cb (RafilmWindow *self, GParamSpec *pspec, RafilmSyncEngine *engine)
{
  guint refused = rafilm_sync_engine_get_refused (engine);
  guint before = self->refused;
  AdwToast *toast;

  self->refused = refused;
  if (refused <= before)
    return;
  toast = adw_toast_new (
      ngettext ("The server refused a change", "The server refused changes", refused - before));
  adw_toast_set_button_label (toast, _ ("_Show…"));
  adw_toast_set_action_name (toast, "win.changes");
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
shown_changed_cb (RafilmWindow *self)
{
  /* Also called while the window is taken apart for another one. */
  if (self->context == NULL)
    return;
  rafilm_attention_set_shown (rafilm_app_context_get_attention (self->context),
                              gtk_widget_get_mapped (GTK_WIDGET (self))
                                  && !gtk_window_is_suspended (GTK_WINDOW (self)));
}

/* ---- Type ---- */

static void
rafilm_window_dispose (GObject *object)
{
  RafilmWindow *self = RAFILM_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), RAFILM_TYPE_WINDOW);
  g_clear_weak_pointer (&self->edit);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (rafilm_window_parent_class)->dispose (object);
}

static void
ensure_types (void)
{
  g_type_ensure (RAFILM_TYPE_CHAT_PANE);
  g_type_ensure (RAFILM_TYPE_DIARY_PAGE);
  g_type_ensure (RAFILM_TYPE_FILMS_PAGE);
  g_type_ensure (RAFILM_TYPE_FOR_YOU_PAGE);
  g_type_ensure (RAFILM_TYPE_LISTS_PAGE);
  g_type_ensure (RAFILM_TYPE_SEARCH_PAGE);
  g_type_ensure (RAFILM_TYPE_STATISTICS_PAGE);
  g_type_ensure (RAFILM_TYPE_SYNC_BUTTON);
  g_type_ensure (RAFILM_TYPE_WATCHLIST_PAGE);
}

static void
rafilm_window_class_init (RafilmWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = rafilm_window_dispose;

  ensure_types ();
  rafilm_window_install_actions (widget_class);
  gtk_widget_class_set_template_from_resource (widget_class, RAFILM_UI "rafilm-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, split);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, chat);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, sync_button);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, navigation);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, search_bar);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, content);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, for_you_page);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, films_page);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, diary_page);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, watchlist_page);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, lists_page);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, statistics_page);
  gtk_widget_class_bind_template_child (widget_class, RafilmWindow, search_page);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_changed_cb);
}

static void
rafilm_window_init (RafilmWindow *self)
{
  GtkEventController *keys;

  gtk_widget_init_template (GTK_WIDGET (self));

  keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);

  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search_entry));
  g_signal_connect_object (self->search_entry, "search-changed", G_CALLBACK (search_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "activate", G_CALLBACK (search_activate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search_entry, "next-match", G_CALLBACK (search_next_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
set_context (RafilmWindow *self, RafilmAppContext *context)
{
  RafilmStore *store = rafilm_app_context_get_store (context);

  self->context = g_object_ref (context);
  rafilm_for_you_page_set_context (self->for_you_page, context);
  rafilm_films_page_set_context (self->films_page, context);
  rafilm_diary_page_set_context (self->diary_page, context);
  rafilm_watchlist_page_set_context (self->watchlist_page, context);
  rafilm_lists_page_set_context (self->lists_page, context);
  rafilm_statistics_page_set_context (self->statistics_page, context);
  rafilm_search_page_set_context (self->search_page, context);

  rafilm_chat_pane_set_conversation (self->chat, rafilm_app_context_get_conversation (context));
  gtk_widget_set_visible (GTK_WIDGET (self->sync_button), rafilm_app_context_has_cloud (context));
  if (rafilm_app_context_has_cloud (context))
    {
      rafilm_sync_button_set_context (self->sync_button, context);
      g_signal_connect_object (rafilm_app_context_get_engine (context), "notify::refused",
                               G_CALLBACK (refused_changed_cb), self, G_CONNECT_SWAPPED);
    }

  g_signal_connect_object (store, "notify::can-undo", G_CALLBACK (update_undo_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "notify::can-redo", G_CALLBACK (update_undo_cb), self,
                           G_CONNECT_SWAPPED);
  update_undo_cb (self);
  g_signal_connect_object (context, "notify::offline", G_CALLBACK (update_banner_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "notify::undecided", G_CALLBACK (update_banner_cb), self,
                           G_CONNECT_SWAPPED);
  update_banner_cb (self);
  g_signal_connect (self, "notify::suspended", G_CALLBACK (shown_changed_cb), NULL);
  g_signal_connect (self, "map", G_CALLBACK (shown_changed_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (shown_changed_cb), NULL);

  restore_state (self);
  g_signal_connect_object (self->pages, "notify::visible-child-name", G_CALLBACK (page_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "close-request", G_CALLBACK (close_request_cb), NULL);
}

RafilmWindow *
rafilm_window_new (GtkApplication *application, RafilmAppContext *context)
{
  RafilmWindow *self;

  g_return_val_if_fail (RAFILM_IS_APP_CONTEXT (context), NULL);

  self = g_object_new (RAFILM_TYPE_WINDOW, "application", application, NULL);
  set_context (self, context);

  return self;
}

RafilmAppContext *
rafilm_window_get_context (RafilmWindow *self)
{
  g_return_val_if_fail (RAFILM_IS_WINDOW (self), NULL);

  return self->context;
}
