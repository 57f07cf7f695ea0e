/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-shots.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "rafilm-spawn.h"
#include "rafilm-window.h"

/* Pictures, lists and animations settle within this. */
#define SETTLE_MS 900

typedef struct
{
  GtkApplication *application;
  RafilmAppContext *context;
  char *folder;
} ShotsData;

typedef struct
{
  const char *name;
  int width;
  int height;
  gboolean dark;
} Look;

static const Look looks[] = {
  { "wide", 1180, 800, FALSE },
  { "wide-dark", 1180, 800, TRUE },
  { "narrow", 360, 720, FALSE },
  { "narrow-dark", 360, 720, TRUE },
};

static void
shots_data_free (ShotsData *data)
{
  g_object_unref (data->application);
  g_object_unref (data->context);
  g_free (data->folder);
  g_free (data);
}

/* A timeout always rejects, and that is what is waited for. */
static void
settle (guint milliseconds)
{
  dex_await (dex_timeout_new_msec (milliseconds), NULL);
}

static void
save (GtkWidget *window, const ShotsData *data, const Look *look, const char *name)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autofree char *file = g_strdup_printf ("%s-%s.png", look->name, name);
  g_autofree char *path = g_build_filename (data->folder, file, NULL);
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (window),
                          gtk_widget_get_height (window));
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL || renderer == NULL)
    return;
  texture = gsk_renderer_render_texture (renderer, node, NULL);
  if (!gdk_texture_save_to_png (texture, path))
    g_warning ("“%s” cannot be written", path);
}

static RafilmFilm *
find_film (RafilmStore *store)
{
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHED, .sort = RAFILM_FILM_SORT_RATING };
  g_autoptr (GListModel) films = NULL;

  query.descending = TRUE;
  query.limit = 1;
  films = dex_await_object (rafilm_store_list_films (store, &query), NULL);
  if (films == NULL)
    return NULL;

  return g_list_model_get_item (films, 0);
}

static void
shoot_pages (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  static const char *const pages[] = { "for-you",   "films", "diary",
                                       "watchlist", "lists", "statistics" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      rafilm_window_show_page (window, pages[i]);
      settle (SETTLE_MS);
      save (GTK_WIDGET (window), data, look, pages[i]);
    }

  rafilm_window_search (window, "the");
  settle (2 * SETTLE_MS);
  save (GTK_WIDGET (window), data, look, "search");
  rafilm_window_show_page (window, "films");
}

static void
shoot_film (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  g_autoptr (RafilmFilm) film = find_film (rafilm_app_context_get_store (data->context));

  if (film == NULL)
    return;
  rafilm_window_open_film (window, film);
  settle (2 * SETTLE_MS);
  save (GTK_WIDGET (window), data, look, "film");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.log-film", "x", rafilm_film_get_id (film));
  settle (SETTLE_MS);
  save (GTK_WIDGET (window), data, look, "log");
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  rafilm_window_show_page (window, "films");
  settle (SETTLE_MS);
}

static void
shoot_dialogs (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  static const char *const actions[] = { "log", "account", "preferences", "shortcuts", "about" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      g_autofree char *action = g_strconcat ("win.", actions[i], NULL);
      g_autofree char *name = g_strconcat ("dialog-", actions[i], NULL);
      AdwDialog *dialog;

      gtk_widget_activate_action (GTK_WIDGET (window), action, NULL);
      settle (SETTLE_MS);
      save (GTK_WIDGET (window), data, look, name);
      dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window));
      if (dialog != NULL)
        adw_dialog_force_close (dialog);
      settle (SETTLE_MS / 2);
    }
}

static void
shoot_chat (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  RafilmConversation *conversation = rafilm_app_context_get_conversation (data->context);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.chat", NULL);
  settle (SETTLE_MS);
  if (g_list_model_get_n_items (G_LIST_MODEL (conversation)) == 0)
    {
      save (GTK_WIDGET (window), data, look, "chat-empty");
      if (rafilm_conversation_send (conversation, "What should I watch tonight?", NULL))
        dex_await (rafilm_conversation_wait (conversation), NULL);
      settle (SETTLE_MS);
    }
  save (GTK_WIDGET (window), data, look, "chat");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.chat", NULL);
  settle (SETTLE_MS);
}

static DexFuture *
shots_fiber (gpointer user_data)
{
  ShotsData *data = user_data;

  /* As GNOME has it, and a phone. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", "appmenu:close", NULL);
  g_mkdir_with_parents (data->folder, 0755);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      RafilmWindow *window = RAFILM_WINDOW (gtk_application_get_active_window (data->application));

      adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                          looks[i].dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                        : ADW_COLOR_SCHEME_FORCE_LIGHT);
      gtk_window_destroy (GTK_WINDOW (window));
      window = rafilm_window_new (data->application, data->context);
      gtk_window_set_default_size (GTK_WINDOW (window), looks[i].width, looks[i].height);
      gtk_window_present (GTK_WINDOW (window));
      settle (2 * SETTLE_MS);

      shoot_pages (window, data, &looks[i]);
      shoot_film (window, data, &looks[i]);
      shoot_dialogs (window, data, &looks[i]);
      shoot_chat (window, data, &looks[i]);
    }
  g_application_quit (G_APPLICATION (data->application));

  return NULL;
}

DexFuture *
rafilm_shots_take (GtkApplication *application, RafilmAppContext *context, const char *folder)
{
  ShotsData *data = g_new0 (ShotsData, 1);

  data->application = g_object_ref (application);
  data->context = g_object_ref (context);
  data->folder = g_strdup (folder);
  /* Between two windows there is none, which must not end the application. */
  g_application_hold (G_APPLICATION (application));

  return rafilm_spawn (shots_fiber, data, (GDestroyNotify) shots_data_free);
}
