/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-shots.h"

#include <adwaita.h>
#include <glib/gstdio.h>

#include "rafilm-arrival-page.h"
#include "rafilm-shots-scene.h"
#include "rafilm-spawn.h"
#include "rafilm-window.h"

/* What is quiet for so long, and what is waited for at most. */
#define QUIET_MS 160
#define PATIENCE_MS 4000

typedef struct
{
  GtkApplication *application;
  RafilmAppContext *context;
  RafilmAppContext *scene; /* nullable */
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
  g_clear_object (&data->scene);
  g_free (data->folder);
  g_free (data);
}

static void
painted_cb (gint64 *last)
{
  *last = g_get_monotonic_time ();
}

/* Until WINDOW, which draws only what changes, has drawn nothing for a while:
 * then its lists, pictures and animations are where they belong. */
static void
settle (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gint64 begin = g_get_monotonic_time ();
  gint64 last = begin;
  gint64 now = begin;
  gulong handler = 0;

  if (clock != NULL)
    handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (painted_cb), &last);
  do
    {
      /* A timeout always rejects, and that is what is waited for. */
      dex_await (dex_timeout_new_msec (QUIET_MS / 2), NULL);
      now = g_get_monotonic_time ();
    }
  while (now - last < QUIET_MS * 1000 && now - begin < PATIENCE_MS * 1000);
  if (handler != 0)
    g_signal_handler_disconnect (clock, handler);
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

static GListModel *
list_films (RafilmStore *store)
{
  RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHED, .sort = RAFILM_FILM_SORT_RATING };

  query.descending = TRUE;
  query.limit = 2;

  return dex_await_object (rafilm_store_list_films (store, &query), NULL);
}

static RafilmFilm *
find_film (RafilmStore *store)
{
  g_autoptr (GListModel) films = list_films (store);

  return films != NULL ? g_list_model_get_item (films, 0) : NULL;
}

static void
shoot_pages (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  static const char *const pages[] = { "for-you",   "films", "diary",
                                       "watchlist", "lists", "statistics" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      rafilm_window_show_page (window, pages[i]);
      settle (GTK_WIDGET (window));
      save (GTK_WIDGET (window), data, look, pages[i]);
    }

  rafilm_window_search (window, "the");
  settle (GTK_WIDGET (window));
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
  settle (GTK_WIDGET (window));
  save (GTK_WIDGET (window), data, look, "film");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.log-film", "x", rafilm_film_get_id (film));
  settle (GTK_WIDGET (window));
  save (GTK_WIDGET (window), data, look, "log");
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  rafilm_window_show_page (window, "films");
  settle (GTK_WIDGET (window));
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
      settle (GTK_WIDGET (window));
      save (GTK_WIDGET (window), data, look, name);
      dialog = adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window));
      if (dialog != NULL)
        adw_dialog_force_close (dialog);
      settle (GTK_WIDGET (window));
    }
}

static void
shoot_chat (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  RafilmConversation *conversation = rafilm_app_context_get_conversation (data->context);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.chat", NULL);
  settle (GTK_WIDGET (window));
  if (g_list_model_get_n_items (G_LIST_MODEL (conversation)) == 0)
    {
      save (GTK_WIDGET (window), data, look, "chat-empty");
      if (rafilm_conversation_send (conversation, "What should I watch tonight?", NULL))
        dex_await (rafilm_conversation_wait (conversation), NULL);
      settle (GTK_WIDGET (window));
    }
  save (GTK_WIDGET (window), data, look, "chat");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.chat", NULL);
  settle (GTK_WIDGET (window));
}

/* ---- What takes two computers ---- */

static void
shoot_arrival (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  const RafilmArrivalPlan plan = {
    .here = 301, .there = 1180, .same = 197, .added = 104, .lists = 2, .films = 48
  };
  RafilmArrivalPage *page = g_object_new (RAFILM_TYPE_ARRIVAL_PAGE, NULL);
  AdwDialog *dialog = adw_dialog_new ();
  g_autoptr (GSimpleActionGroup) actions = g_simple_action_group_new ();
  static const char *const names[] = { "merge", "use-account", "sign-out", "compare" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GSimpleAction) action = g_simple_action_new (names[i], NULL);

      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  gtk_widget_insert_action_group (GTK_WIDGET (dialog), "account", G_ACTION_GROUP (actions));
  rafilm_arrival_page_show_plan (page, &plan, "/home/ana/.local/share/rafilm/aside");
  adw_dialog_set_child (dialog, GTK_WIDGET (page));
  adw_dialog_set_follows_content_size (dialog, TRUE);
  adw_dialog_present (dialog, GTK_WIDGET (window));
  settle (GTK_WIDGET (window));
  save (GTK_WIDGET (window), data, look, "dialog-arrival");
  adw_dialog_force_close (dialog);
}

static void
shoot_scene (RafilmWindow *window, const ShotsData *data, const Look *look)
{
  GtkWidget *widget = GTK_WIDGET (window);

  rafilm_window_show_page (window, "diary");
  settle (widget);
  save (widget, data, look, "diary-mark");
  gtk_widget_activate_action (widget, "win.open-viewing", "s", RAFILM_SHOTS_SCENE_VIEWING);
  settle (widget);
  save (widget, data, look, "viewing");
  gtk_widget_activate_action (widget, "win.versions", NULL);
  settle (widget);
  save (widget, data, look, "versions");
  rafilm_window_show_page (window, "diary");
  gtk_widget_activate_action (widget, "win.trash", NULL);
  settle (widget);
  save (widget, data, look, "trash");
  gtk_widget_activate_action (widget, "win.changes", NULL);
  settle (widget);
  save (widget, data, look, "dialog-changes");
  adw_dialog_force_close (
      adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)));
  settle (widget);
  shoot_arrival (window, data, look);
}

/* ---- All ---- */

static RafilmWindow *
replace_window (const ShotsData *data, RafilmAppContext *context, const Look *look)
{
  GtkWindow *old = gtk_application_get_active_window (data->application);
  RafilmWindow *window;

  gtk_window_destroy (old);
  window = rafilm_window_new (data->application, context);
  gtk_window_set_default_size (GTK_WINDOW (window), look->width, look->height);
  gtk_window_present (GTK_WINDOW (window));
  settle (GTK_WIDGET (window));

  return window;
}

static void
make_scene (ShotsData *data)
{
  g_autoptr (GListModel) films = list_films (rafilm_app_context_get_store (data->context));
  g_autofree char *folder = g_dir_make_tmp ("rafilm-shots-XXXXXX", NULL);

  if (films != NULL && folder != NULL)
    data->scene = rafilm_shots_scene_new (folder, films);
}

static DexFuture *
shots_fiber (gpointer user_data)
{
  ShotsData *data = user_data;

  /* As GNOME has it, and a phone. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", "appmenu:close", NULL);
  g_mkdir_with_parents (data->folder, 0755);
  make_scene (data);
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      RafilmWindow *window;

      adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                          looks[i].dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                        : ADW_COLOR_SCHEME_FORCE_LIGHT);
      window = replace_window (data, data->context, &looks[i]);
      shoot_pages (window, data, &looks[i]);
      shoot_film (window, data, &looks[i]);
      shoot_dialogs (window, data, &looks[i]);
      shoot_chat (window, data, &looks[i]);
      if (data->scene != NULL)
        shoot_scene (replace_window (data, data->scene, &looks[i]), data, &looks[i]);
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
