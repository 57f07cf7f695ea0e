/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gi18n.h>

#include "rafilm-about.h"
#include "rafilm-account-dialog.h"
#include "rafilm-changes-dialog.h"
#include "rafilm-chat-pane.h"
#include "rafilm-log-dialog.h"
#include "rafilm-preferences-dialog.h"
#include "rafilm-shortcuts-dialog.h"
#include "rafilm-spawn.h"
#include "rafilm-trash-page.h"
#include "rafilm-versions-page.h"
#include "rafilm-viewing-page.h"
#include "rafilm-window-private.h"

#define SMALLEST_POSTER 96
#define LARGEST_POSTER 330
#define USUAL_POSTER 150

/* ---- Films ---- */

typedef void (*FilmFunc) (RafilmWindow *self, RafilmFilm *film);

typedef struct
{
  RafilmWindow *window;
  gint64 film;
  FilmFunc func;
} FilmData;

static void
film_data_free (FilmData *data)
{
  g_object_unref (data->window);
  g_free (data);
}

static DexFuture *
film_fiber (gpointer user_data)
{
  FilmData *data = user_data;
  RafilmAppContext *context = rafilm_window_get_context (data->window);
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (GError) error = NULL;

  film = dex_await_object (
      rafilm_store_get_film (rafilm_app_context_get_store (context), data->film), &error);
  if (film != NULL)
    data->func (data->window, film);
  else
    rafilm_window_say_error (data->window, error);

  return NULL;
}

/* An action names a film by its id; 0 means the one that is looked at. */
static void
with_film (RafilmWindow *self, GVariant *parameter, FilmFunc func)
{
  gint64 id = parameter != NULL ? g_variant_get_int64 (parameter) : 0;
  RafilmFilm *current;
  FilmData *data;

  if (id == 0)
    {
      current = rafilm_window_get_current_film (self);
      if (current != NULL && !rafilm_window_is_covered (self))
        func (self, current);
      return;
    }

  data = g_new0 (FilmData, 1);
  data->window = g_object_ref (self);
  data->film = id;
  data->func = func;
  dex_future_disown (rafilm_spawn (film_fiber, data, (GDestroyNotify) film_data_free));
}

static void
open_film (RafilmWindow *self, RafilmFilm *film)
{
  rafilm_window_open_film (self, film);
}

static void
log_film (RafilmWindow *self, RafilmFilm *film)
{
  adw_dialog_present (rafilm_log_dialog_new (rafilm_window_get_context (self), film, NULL),
                      GTK_WIDGET (self));
}

static void
toggle_watchlist (RafilmWindow *self, RafilmFilm *film)
{
  gboolean on = !rafilm_film_get_state (film)->watchlist;
  g_autofree char *text = NULL;
  g_autoptr (RafilmEdit) edit = NULL;

  /* Translators: %s is a film's title */
  text = g_strdup_printf (on ? _ ("“%s” is on your watchlist") : _ ("“%s” left your watchlist"),
                          rafilm_film_get_title (film));
  edit = rafilm_edit_new (text);
  rafilm_edit_set_watchlist (edit, rafilm_film_get_id (film), on, NULL);
  rafilm_window_apply (self, edit, text);
}

static void
toggle_like (RafilmWindow *self, RafilmFilm *film)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (_ ("Like"));

  rafilm_edit_like_film (edit, rafilm_film_get_id (film), !rafilm_film_get_state (film)->like);
  rafilm_window_apply (self, edit, NULL);
}

static void
toggle_seen (RafilmWindow *self, RafilmFilm *film)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (_ ("Mark as Seen"));

  rafilm_edit_mark_seen (edit, rafilm_film_get_id (film), !rafilm_film_get_state (film)->seen);
  rafilm_window_apply (self, edit, NULL);
}

static void
hide_film (RafilmWindow *self, RafilmFilm *film)
{
  g_autofree char *text = NULL;
  g_autoptr (RafilmEdit) edit = NULL;

  /* Translators: %s is a film's title */
  text = g_strdup_printf (_ ("“%s” will not be recommended"), rafilm_film_get_title (film));
  edit = rafilm_edit_new (text);
  rafilm_edit_hide_film (edit, rafilm_film_get_id (film), TRUE);
  rafilm_window_apply (self, edit, text);
}

static void
open_film_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  with_film (RAFILM_WINDOW (widget), parameter, open_film);
}

static void
log_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmWindow *self = RAFILM_WINDOW (widget);

  if (rafilm_window_is_covered (self))
    return;
  adw_dialog_present (rafilm_log_dialog_new (rafilm_window_get_context (self),
                                             rafilm_window_get_current_film (self), NULL),
                      widget);
}

static void
log_film_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  with_film (RAFILM_WINDOW (widget), parameter, log_film);
}

static void
watchlist_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  with_film (RAFILM_WINDOW (widget), parameter, toggle_watchlist);
}

static void
like_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  with_film (RAFILM_WINDOW (widget), parameter, toggle_like);
}

static void
seen_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  with_film (RAFILM_WINDOW (widget), parameter, toggle_seen);
}

static void
hide_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  with_film (RAFILM_WINDOW (widget), parameter, hide_film);
}

/* ---- Viewings ---- */

typedef struct
{
  RafilmWindow *window;
  char *viewing; /* an id, or NULL for the newest one of `film` */
  gint64 film;
} ViewingData;

static void
viewing_data_free (ViewingData *data)
{
  g_object_unref (data->window);
  g_free (data->viewing);
  g_free (data);
}

static DexFuture *
edit_viewing_fiber (gpointer user_data)
{
  ViewingData *data = user_data;
  RafilmAppContext *context = rafilm_window_get_context (data->window);
  RafilmStore *store = rafilm_app_context_get_store (context);
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GError) error = NULL;

  if (data->viewing != NULL)
    viewing = dex_await_object (rafilm_store_get_viewing (store, data->viewing), &error);
  else
    viewings = dex_await_object (rafilm_store_list_viewings (store, data->film, 1, 0), &error);
  if (viewings != NULL)
    viewing = g_list_model_get_item (viewings, 0);

  if (viewing != NULL)
    adw_dialog_present (rafilm_log_dialog_new (context, rafilm_viewing_get_film (viewing), viewing),
                        GTK_WIDGET (data->window));
  else if (error != NULL)
    rafilm_window_say_error (data->window, error);
  else
    rafilm_window_say (data->window, _ ("This film has no viewing yet"));

  return NULL;
}

static void
edit_viewing (RafilmWindow *self, const char *id, gint64 film)
{
  ViewingData *data = g_new0 (ViewingData, 1);

  data->window = g_object_ref (self);
  data->viewing = g_strdup (id);
  data->film = film;
  dex_future_disown (rafilm_spawn (edit_viewing_fiber, data, (GDestroyNotify) viewing_data_free));
}

static void
edit_viewing_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  edit_viewing (RAFILM_WINDOW (widget), g_variant_get_string (parameter, NULL), 0);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmWindow *self = RAFILM_WINDOW (widget);
  RafilmViewing *viewing = rafilm_window_get_current_viewing (self);
  RafilmFilm *film = rafilm_window_get_current_film (self);

  if (rafilm_window_is_covered (self))
    return;
  if (viewing != NULL)
    edit_viewing (self, rafilm_viewing_get_id (viewing), 0);
  else if (film != NULL)
    edit_viewing (self, NULL, rafilm_film_get_id (film));
}

static DexFuture *
open_viewing_fiber (gpointer user_data)
{
  ViewingData *data = user_data;
  RafilmAppContext *context = rafilm_window_get_context (data->window);
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (GError) error = NULL;

  viewing = dex_await_object (
      rafilm_store_get_viewing (rafilm_app_context_get_store (context), data->viewing), &error);
  if (viewing != NULL)
    rafilm_window_push (data->window, rafilm_viewing_page_new (context, viewing));
  else
    rafilm_window_say_error (data->window, error);

  return NULL;
}

static void
open_viewing_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ViewingData *data = g_new0 (ViewingData, 1);

  data->window = g_object_ref (RAFILM_WINDOW (widget));
  data->viewing = g_variant_dup_string (parameter, NULL);
  dex_future_disown (rafilm_spawn (open_viewing_fiber, data, (GDestroyNotify) viewing_data_free));
}

static void
delete_viewing (RafilmWindow *self, const char *id)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new (_ ("Delete Viewing"));

  rafilm_edit_delete_viewing (edit, id);
  rafilm_window_apply (self, edit, _ ("The viewing was deleted"));
}

static void
delete_viewing_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  delete_viewing (RAFILM_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* Delete takes away what the focus is on: a viewing from the diary, else a
 * film from the watchlist.  It asks nothing, since it can be undone. */
static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmWindow *self = RAFILM_WINDOW (widget);
  RafilmViewing *viewing = rafilm_window_get_current_viewing (self);
  RafilmFilm *film = rafilm_window_get_current_film (self);

  if (rafilm_window_is_covered (self))
    return;
  if (viewing != NULL)
    delete_viewing (self, rafilm_viewing_get_id (viewing));
  else if (film != NULL && rafilm_film_get_state (film)->watchlist)
    toggle_watchlist (self, film);
}

/* ---- Undo ---- */

typedef struct
{
  RafilmWindow *window;
  gboolean redo;
} UndoData;

static void
undo_data_free (UndoData *data)
{
  g_object_unref (data->window);
  g_free (data);
}

static DexFuture *
undo_fiber (gpointer user_data)
{
  UndoData *data = user_data;
  RafilmStore *store = rafilm_app_context_get_store (rafilm_window_get_context (data->window));
  g_autofree char *label = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  label =
      dex_await_string (data->redo ? rafilm_store_redo (store) : rafilm_store_undo (store), &error);
  if (label == NULL)
    {
      rafilm_window_say_error (data->window, error);
      return NULL;
    }

  /* Translators: %s is what was undone or redone */
  text = g_strdup_printf (data->redo ? _ ("Redone: %s") : _ ("Undone: %s"), label);
  rafilm_window_say_undone (data->window, text);

  return NULL;
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  UndoData *data;

  if (rafilm_window_is_covered (RAFILM_WINDOW (widget)))
    return;
  data = g_new0 (UndoData, 1);
  data->window = g_object_ref (RAFILM_WINDOW (widget));
  data->redo = g_str_equal (name, "win.redo");
  dex_future_disown (rafilm_spawn (undo_fiber, data, (GDestroyNotify) undo_data_free));
}

/* ---- Pages and the window ---- */

static void
show_page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!rafilm_window_is_covered (RAFILM_WINDOW (widget)))
    rafilm_window_show_page (RAFILM_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
trash_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmWindow *self = RAFILM_WINDOW (widget);

  if (!rafilm_window_is_covered (self))
    rafilm_window_push (self, rafilm_trash_page_new (rafilm_window_get_context (self)));
}

static void
versions_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmWindow *self = RAFILM_WINDOW (widget);

  if (!rafilm_window_is_covered (self))
    rafilm_window_push (self, rafilm_versions_page_new (rafilm_window_get_context (self), NULL));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!rafilm_window_is_covered (RAFILM_WINDOW (widget)))
    rafilm_window_go_back (RAFILM_WINDOW (widget));
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (!rafilm_window_is_covered (RAFILM_WINDOW (widget)))
    rafilm_window_search (RAFILM_WINDOW (widget), NULL);
}

static void
zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmAppContext *context = rafilm_window_get_context (RAFILM_WINDOW (widget));
  GSettings *settings = rafilm_app_context_get_settings (context);
  int width = g_settings_get_int (settings, "poster-width");

  if (g_str_equal (name, "win.zoom-in"))
    width = width * 5 / 4;
  else if (g_str_equal (name, "win.zoom-out"))
    width = width * 4 / 5;
  else
    width = USUAL_POSTER;
  g_settings_set_int (settings, "poster-width", CLAMP (width, SMALLEST_POSTER, LARGEST_POSTER));
}

static void
chat_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmWindow *self = RAFILM_WINDOW (widget);

  if (rafilm_window_is_covered (self))
    return;
  if (g_str_equal (name, "win.chat-entry"))
    rafilm_window_set_chat_visible (self, TRUE);
  else
    rafilm_window_set_chat_visible (self, !rafilm_window_get_chat_visible (self));
}

static void
chat_stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rafilm_chat_pane_stop (RAFILM_CHAT_PANE (rafilm_window_get_chat (RAFILM_WINDOW (widget))));
}

static void
sync_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  rafilm_app_context_sync_now (rafilm_window_get_context (RAFILM_WINDOW (widget)));
}

static void
dialog_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RafilmAppContext *context = rafilm_window_get_context (RAFILM_WINDOW (widget));
  AdwDialog *dialog = NULL;

  if (rafilm_window_is_covered (RAFILM_WINDOW (widget)))
    return;
  if (g_str_equal (name, "win.account") && !rafilm_app_context_has_cloud (context))
    {
      rafilm_window_say (RAFILM_WINDOW (widget), _ ("This build knows no service to sign in to"));
      return;
    }
  if (g_str_equal (name, "win.account"))
    dialog = rafilm_account_dialog_new (context);
  else if (g_str_equal (name, "win.changes"))
    dialog = rafilm_changes_dialog_new (rafilm_app_context_get_store (context));
  else if (g_str_equal (name, "win.preferences"))
    dialog = rafilm_preferences_dialog_new (context);
  else if (g_str_equal (name, "win.shortcuts"))
    dialog = rafilm_shortcuts_dialog_new ();
  else
    dialog = rafilm_about_new ();
  adw_dialog_present (dialog, widget);
}

static void
install_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint keyval;
    GdkModifierType modifiers;
    const char *action;
  } keys[] = {
    { GDK_KEY_n, GDK_CONTROL_MASK, "win.log" },
    { GDK_KEY_f, GDK_CONTROL_MASK, "win.search" },
    { GDK_KEY_e, GDK_CONTROL_MASK, "win.edit" },
    { GDK_KEY_Delete, 0, "win.delete" },
    { GDK_KEY_z, GDK_CONTROL_MASK, "win.undo" },
    { GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo" },
    { GDK_KEY_Left, GDK_ALT_MASK, "win.back" },
    { GDK_KEY_F9, 0, "win.chat" },
    { GDK_KEY_l, GDK_CONTROL_MASK, "win.chat-entry" },
    { GDK_KEY_period, GDK_CONTROL_MASK, "win.chat-stop" },
    { GDK_KEY_r, GDK_CONTROL_MASK, "win.sync" },
    { GDK_KEY_comma, GDK_CONTROL_MASK, "win.preferences" },
    { GDK_KEY_question, GDK_CONTROL_MASK, "win.shortcuts" },
    { GDK_KEY_question, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.shortcuts" },
    { GDK_KEY_w, GDK_CONTROL_MASK, "window.close" },
    { GDK_KEY_plus, GDK_CONTROL_MASK, "win.zoom-in" },
    { GDK_KEY_plus, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.zoom-in" },
    { GDK_KEY_equal, GDK_CONTROL_MASK, "win.zoom-in" },
    { GDK_KEY_KP_Add, GDK_CONTROL_MASK, "win.zoom-in" },
    { GDK_KEY_minus, GDK_CONTROL_MASK, "win.zoom-out" },
    { GDK_KEY_KP_Subtract, GDK_CONTROL_MASK, "win.zoom-out" },
    { GDK_KEY_0, GDK_CONTROL_MASK, "win.zoom-normal" },
    { GDK_KEY_KP_0, GDK_CONTROL_MASK, "win.zoom-normal" },
  };
  static const char *const pages[] = { "for-you",   "films", "diary",
                                       "watchlist", "lists", "statistics" };

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_d, GDK_CONTROL_MASK, "win.watchlist",
                                       "x", G_GINT64_CONSTANT (0));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].keyval, keys[i].modifiers,
                                         keys[i].action, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    gtk_widget_class_add_binding_action (widget_class, GDK_KEY_1 + i, GDK_ALT_MASK, "win.show-page",
                                         "s", pages[i]);
}

/* The keys are the window's own and not the application's, so that they reach
 * it last: Delete and Ctrl+Z in an entry are the entry's. */
void
rafilm_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-film", "x", open_film_action);
  gtk_widget_class_install_action (widget_class, "win.log", NULL, log_action);
  gtk_widget_class_install_action (widget_class, "win.log-film", "x", log_film_action);
  gtk_widget_class_install_action (widget_class, "win.watchlist", "x", watchlist_action);
  gtk_widget_class_install_action (widget_class, "win.like", "x", like_action);
  gtk_widget_class_install_action (widget_class, "win.seen", "x", seen_action);
  gtk_widget_class_install_action (widget_class, "win.hide", "x", hide_action);
  gtk_widget_class_install_action (widget_class, "win.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "win.edit-viewing", "s", edit_viewing_action);
  gtk_widget_class_install_action (widget_class, "win.open-viewing", "s", open_viewing_action);
  gtk_widget_class_install_action (widget_class, "win.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "win.delete-viewing", "s", delete_viewing_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "win.trash", NULL, trash_action);
  gtk_widget_class_install_action (widget_class, "win.versions", NULL, versions_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-in", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-out", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "win.zoom-normal", NULL, zoom_action);
  gtk_widget_class_install_action (widget_class, "win.chat", NULL, chat_action);
  gtk_widget_class_install_action (widget_class, "win.chat-entry", NULL, chat_action);
  gtk_widget_class_install_action (widget_class, "win.chat-stop", NULL, chat_stop_action);
  gtk_widget_class_install_action (widget_class, "win.sync", NULL, sync_action);
  gtk_widget_class_install_action (widget_class, "win.account", NULL, dialog_action);
  gtk_widget_class_install_action (widget_class, "win.changes", NULL, dialog_action);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, dialog_action);
  gtk_widget_class_install_action (widget_class, "win.shortcuts", NULL, dialog_action);
  gtk_widget_class_install_action (widget_class, "win.about", NULL, dialog_action);
  install_keys (widget_class);
}
