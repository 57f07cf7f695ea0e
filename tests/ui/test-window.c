/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-live-list.h"
#include "rafilm-test.h"
#include "rafilm-ui.h"
#include "rafilm-window.h"

typedef struct
{
  RafilmStore *store;
  RafilmAppContext *context;
  RafilmWindow *window;
  RafilmFilm *film;
} Fixture;

static void
wait_until (gboolean (*is_so) (Fixture *), Fixture *fixture)
{
  for (guint i = 0; i < 300 && !is_so (fixture); i++)
    rafilm_test_sleep (10);
  g_assert_true (is_so (fixture));
}

static void
set_up (Fixture *fixture)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (RafilmFilmFacts) facts = { 0 };
  RafilmFilm *film = rafilm_film_new (949);

  facts.title = g_strdup ("Heat");
  facts.release_date = g_strdup ("1995-12-15");
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);
  g_ptr_array_add (films, film);

  fixture->store = dex_await_object (rafilm_store_open (path), NULL);
  dex_await (rafilm_store_put_films (fixture->store, films), NULL);
  fixture->film = dex_await_object (rafilm_store_get_film (fixture->store, 949), NULL);
  fixture->context = rafilm_app_context_new (fixture->store);
  fixture->window = rafilm_window_new (NULL, fixture->context);
  gtk_window_present (GTK_WINDOW (fixture->window));
  rafilm_test_sleep (100);
}

static void
tear_down (Fixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  rafilm_test_sleep (50);
  g_clear_object (&fixture->film);
  g_clear_object (&fixture->context);
  g_clear_object (&fixture->store);
}

static gboolean
is_on_watchlist (Fixture *fixture)
{
  return rafilm_film_get_state (fixture->film)->watchlist;
}

static gboolean
is_off_watchlist (Fixture *fixture)
{
  return !rafilm_film_get_state (fixture->film)->watchlist;
}

static gboolean
is_liked (Fixture *fixture)
{
  return rafilm_film_get_state (fixture->film)->like;
}

static gboolean
is_film_open (Fixture *fixture)
{
  return rafilm_window_get_current_film (fixture->window) == fixture->film;
}

static gboolean
is_dialog_open (Fixture *fixture)
{
  return adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture->window))
         != NULL;
}

static void
activate (Fixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL));
}

static void
activate_film (Fixture *fixture, const char *action, gint64 film)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, "x", film));
}

static void
test_film_actions (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture);
  activate_film (&fixture, "win.watchlist", 949);
  wait_until (is_on_watchlist, &fixture);
  activate (&fixture, "win.undo");
  wait_until (is_off_watchlist, &fixture);
  activate (&fixture, "win.redo");
  wait_until (is_on_watchlist, &fixture);
  activate_film (&fixture, "win.like", 949);
  wait_until (is_liked, &fixture);
  tear_down (&fixture);
}

/* On a film's page the keys mean that film. */
static void
test_current_film (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture);
  g_assert_null (rafilm_window_get_current_film (fixture.window));
  activate_film (&fixture, "win.open-film", 949);
  wait_until (is_film_open, &fixture);
  activate_film (&fixture, "win.watchlist", 0);
  wait_until (is_on_watchlist, &fixture);
  activate (&fixture, "win.log");
  wait_until (is_dialog_open, &fixture);

  /* Under a dialog the window's own keys do nothing. */
  activate_film (&fixture, "win.watchlist", 0);
  rafilm_test_sleep (100);
  g_assert_true (is_on_watchlist (&fixture));
  tear_down (&fixture);
}

static void
test_zoom (void)
{
  Fixture fixture = { 0 };
  GSettings *settings;

  set_up (&fixture);
  settings = rafilm_app_context_get_settings (fixture.context);
  activate (&fixture, "win.zoom-normal");
  g_assert_cmpint (g_settings_get_int (settings, "poster-width"), ==, 150);
  for (guint i = 0; i < 12; i++)
    activate (&fixture, "win.zoom-in");
  g_assert_cmpint (g_settings_get_int (settings, "poster-width"), ==, 330);
  for (guint i = 0; i < 12; i++)
    activate (&fixture, "win.zoom-out");
  g_assert_cmpint (g_settings_get_int (settings, "poster-width"), ==, 96);
  activate (&fixture, "win.zoom-normal");
  tear_down (&fixture);
}

static void
test_dialogs (void)
{
  static const char *const actions[] = { "win.log", "win.preferences", "win.shortcuts",
                                         "win.about" };
  Fixture fixture = { 0 };

  set_up (&fixture);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      activate (&fixture, actions[i]);
      wait_until (is_dialog_open, &fixture);
      adw_dialog_force_close (
          adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (fixture.window)));
      rafilm_test_sleep (50);
      g_assert_false (is_dialog_open (&fixture));
    }
  tear_down (&fixture);
}

static DexFuture *
load_watchlist (RafilmStore *store, gpointer data)
{
  const RafilmFilmQuery query = { .flags = RAFILM_FILM_WATCHLIST };

  return rafilm_store_list_films (store, &query);
}

/* A list follows the mirror by itself. */
static void
test_live_list (void)
{
  Fixture fixture = { 0 };
  g_autoptr (RafilmLiveList) list = NULL;

  set_up (&fixture);
  list = rafilm_live_list_new (fixture.store, RAFILM_TYPE_FILM, RAFILM_STORE_CHANGE_WATCHLIST,
                               load_watchlist, NULL, NULL);
  g_assert_false (rafilm_live_list_is_loaded (list));
  activate_film (&fixture, "win.watchlist", 949);
  for (guint i = 0; i < 300 && g_list_model_get_n_items (G_LIST_MODEL (list)) == 0; i++)
    rafilm_test_sleep (10);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  g_assert_true (rafilm_live_list_is_loaded (list));
  tear_down (&fixture);
}

/* ---- What a list announces ---- */

typedef struct
{
  GListModel *answer;
  guint n_asked;
  guint n_announced; /* items, gone or come */
} Source;

static DexFuture *
load_source (RafilmStore *store, gpointer data)
{
  Source *source = data;

  source->n_asked++;

  return dex_future_new_take_object (g_object_ref (source->answer));
}

static void
announced_cb (Source *source, guint position, guint removed, guint added)
{
  source->n_announced += removed + added;
}

/* Viewings as an answer makes them: anew each time. */
static GListModel *
make_viewings (RafilmFilm *film, guint from, guint to)
{
  GListStore *store = g_list_store_new (RAFILM_TYPE_VIEWING);

  for (guint i = from; i < to; i++)
    {
      g_autofree char *id = g_strdup_printf ("%u", i);
      g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (id, film);

      g_object_set (viewing, "rating", (int) (1 + i % 10), NULL);
      g_list_store_append (store, viewing);
    }

  return G_LIST_MODEL (store);
}

static void
ask (RafilmLiveList *list, Source *source, GListModel *answer)
{
  guint n_items = g_list_model_get_n_items (answer);

  g_set_object (&source->answer, answer);
  source->n_announced = 0;
  rafilm_live_list_refresh (list);
  rafilm_test_sleep (30);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n_items);
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (RafilmViewing) expected = g_list_model_get_item (answer, i);
      g_autoptr (RafilmViewing) shown = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_cmpstr (rafilm_viewing_get_id (shown), ==, rafilm_viewing_get_id (expected));
      g_assert_cmpint (rafilm_viewing_get_rating (shown), ==, rafilm_viewing_get_rating (expected));
    }
}

/* Only what differs is announced, however it is made anew. */
static void
test_announcements (void)
{
  Fixture fixture = { 0 };
  Source source = { 0 };
  g_autoptr (GListModel) all = NULL;
  g_autoptr (GListModel) same = NULL;
  g_autoptr (GListModel) moved = NULL;
  g_autoptr (GListModel) rated = NULL;
  g_autoptr (GListModel) others = NULL;
  g_autoptr (RafilmViewing) changed = NULL;
  g_autoptr (RafilmLiveList) list = NULL;

  set_up (&fixture);
  all = make_viewings (fixture.film, 10, 60);
  same = make_viewings (fixture.film, 10, 60);
  moved = make_viewings (fixture.film, 9, 59);
  rated = make_viewings (fixture.film, 9, 59);
  others = make_viewings (fixture.film, 100, 120);
  changed = g_list_model_get_item (rated, 20);
  g_object_set (changed, "rating", 3, NULL);

  source.answer = g_object_ref (all);
  list = rafilm_live_list_new (fixture.store, RAFILM_TYPE_VIEWING, 0, load_source, &source, NULL);
  g_signal_connect_swapped (list, "items-changed", G_CALLBACK (announced_cb), &source);
  rafilm_test_sleep (30);
  g_assert_cmpuint (source.n_announced, ==, 50);
  ask (list, &source, same);
  g_assert_cmpuint (source.n_announced, ==, 0);
  ask (list, &source, moved); /* one comes, and the last one goes */
  g_assert_cmpuint (source.n_announced, ==, 2);
  ask (list, &source, rated);
  g_assert_cmpuint (source.n_announced, ==, 2);
  ask (list, &source, all);
  ask (list, &source, others);
  g_assert_cmpuint (source.n_announced, ==, 70);
  g_clear_object (&source.answer);
  tear_down (&fixture);
}

/* A page that is not seen asks when it is. */
static void
test_unseen_list (void)
{
  Fixture fixture = { 0 };
  Source source = { 0 };
  GtkWidget *page = g_object_ref_sink (gtk_label_new (NULL));
  GtkWidget *window = gtk_window_new ();
  g_autoptr (RafilmLiveList) list = NULL;

  set_up (&fixture);
  source.answer = make_viewings (fixture.film, 0, 1);
  list = rafilm_live_list_new (fixture.store, RAFILM_TYPE_VIEWING, RAFILM_STORE_CHANGE_WATCHLIST,
                               load_source, &source, NULL);
  rafilm_live_list_show_in (list, page);
  rafilm_test_sleep (30);
  g_assert_cmpuint (source.n_asked, ==, 1);
  activate_film (&fixture, "win.watchlist", 949);
  wait_until (is_on_watchlist, &fixture);
  rafilm_test_sleep (30);
  g_assert_cmpuint (source.n_asked, ==, 1);

  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < 200 && source.n_asked < 2; i++)
    rafilm_test_sleep (10);
  g_assert_cmpuint (source.n_asked, ==, 2);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (page);
  g_clear_object (&source.answer);
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  /* With the folders of a test alone, no loader for SVG icons is found. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  adw_init ();
  rafilm_ui_init ();

  rafilm_test_add_fiber ("/ui/window/film-actions", test_film_actions);
  rafilm_test_add_fiber ("/ui/window/current-film", test_current_film);
  rafilm_test_add_fiber ("/ui/window/zoom", test_zoom);
  rafilm_test_add_fiber ("/ui/window/dialogs", test_dialogs);
  rafilm_test_add_fiber ("/ui/window/live-list", test_live_list);
  rafilm_test_add_fiber ("/ui/window/announcements", test_announcements);
  rafilm_test_add_fiber ("/ui/window/unseen-list", test_unseen_list);

  return g_test_run ();
}
