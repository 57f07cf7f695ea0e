/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "rafilm-clock.h"
#include "rafilm-log-dialog.h"
#include "rafilm-stars.h"
#include "rafilm-test.h"
#include "rafilm-ui.h"

static RafilmStore *
open_store (void)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (GError) error = NULL;
  RafilmStore *store = dex_await_object (rafilm_store_open (path), &error);

  g_assert_no_error (error);

  return store;
}

static RafilmFilm *
put_film (RafilmStore *store, gint64 id, const char *title)
{
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (RafilmFilmFacts) facts = { 0 };
  g_autoptr (GError) error = NULL;
  RafilmFilm *film = rafilm_film_new (id);

  facts.title = g_strdup (title);
  facts.release_date = g_strdup ("1995-12-15");
  facts.fetched_at = 1;
  rafilm_film_take_facts (film, &facts);
  g_ptr_array_add (films, film);
  dex_await (rafilm_store_put_films (store, films), &error);
  g_assert_no_error (error);

  return dex_await_object (rafilm_store_get_film (store, id), NULL);
}

/* The widget of a type inside a template, in the order of the tree. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
saved_cb (AdwDialog *dialog, const char *id, char **saved)
{
  g_set_str (saved, id);
}

static char *
save (AdwDialog *dialog)
{
  char *saved = NULL;

  g_signal_connect (dialog, "saved", G_CALLBACK (saved_cb), &saved);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (dialog), "log.save", NULL));
  for (guint i = 0; i < 200 && saved == NULL; i++)
    rafilm_test_sleep (10);
  g_assert_nonnull (saved);

  return saved;
}

static void
test_save (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autoptr (RafilmFilm) film = put_film (store, 949, "Heat");
  g_autoptr (RafilmAppContext) context = rafilm_app_context_new (store);
  g_autoptr (AdwDialog) dialog = g_object_ref_sink (rafilm_log_dialog_new (context, film, NULL));
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autofree char *today = rafilm_clock_dup_today ();
  g_autofree char *id = NULL;

  rafilm_stars_set_value (RAFILM_STARS (find (adw_dialog_get_child (dialog), RAFILM_TYPE_STARS)),
                          9);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (
                                find (adw_dialog_get_child (dialog), GTK_TYPE_TEXT_VIEW))),
                            "  The coffee scene.\n", -1);
  gtk_editable_set_text (GTK_EDITABLE (find (adw_dialog_get_child (dialog), ADW_TYPE_ENTRY_ROW)),
                         "cinema, #mann,, cinema");
  id = save (dialog);

  viewing = dex_await_object (rafilm_store_get_viewing (store, id), NULL);
  g_assert_nonnull (viewing);
  g_assert_cmpstr (rafilm_viewing_get_date (viewing), ==, today);
  g_assert_cmpint (rafilm_viewing_get_rating (viewing), ==, 9);
  g_assert_true (rafilm_viewing_get_finished (viewing));
  g_assert_false (rafilm_viewing_get_rewatch (viewing));
  g_assert_cmpstr (rafilm_viewing_get_review (viewing), ==, "The coffee scene.");
  g_assert_cmpuint (g_strv_length ((char **) rafilm_viewing_get_tags (viewing)), ==, 2);
  g_assert_cmpint (rafilm_film_get_state (film)->rating, ==, 9);
  g_assert_true (rafilm_film_get_state (film)->seen);

  g_assert_true (rafilm_store_can_undo (store));
  g_free (dex_await_string (rafilm_store_undo (store), NULL));
  g_assert_cmpuint (rafilm_film_get_state (film)->viewings, ==, 0);
}

/* Editing changes what was changed, and a film seen before is a rewatch. */
static void
test_edit (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autoptr (RafilmFilm) film = put_film (store, 11645, "Ran");
  g_autoptr (RafilmAppContext) context = rafilm_app_context_new (store);
  g_autoptr (AdwDialog) first = g_object_ref_sink (rafilm_log_dialog_new (context, film, NULL));
  g_autofree char *id = save (first);
  g_autoptr (RafilmViewing) before = dex_await_object (rafilm_store_get_viewing (store, id), NULL);
  g_autoptr (RafilmViewing) after = NULL;
  g_autoptr (AdwDialog) second = NULL;
  g_autoptr (AdwDialog) third = NULL;
  g_autofree char *same = NULL;

  second = g_object_ref_sink (rafilm_log_dialog_new (context, film, before));
  rafilm_stars_set_value (RAFILM_STARS (find (adw_dialog_get_child (second), RAFILM_TYPE_STARS)),
                          10);
  same = save (second);
  g_assert_cmpstr (same, ==, id);
  after = dex_await_object (rafilm_store_get_viewing (store, id), NULL);
  g_assert_cmpint (rafilm_viewing_get_rating (after), ==, 10);
  g_assert_cmpuint (rafilm_film_get_state (film)->viewings, ==, 1);

  third = g_object_ref_sink (rafilm_log_dialog_new (context, film, NULL));
  g_assert_true (adw_switch_row_get_active (
      ADW_SWITCH_ROW (find (adw_dialog_get_child (third), ADW_TYPE_SWITCH_ROW))));
}

/* Without a film there is nothing to save yet. */
static void
test_choose_first (void)
{
  g_autoptr (RafilmStore) store = open_store ();
  g_autoptr (RafilmAppContext) context = rafilm_app_context_new (store);
  g_autoptr (AdwDialog) dialog = g_object_ref_sink (rafilm_log_dialog_new (context, NULL, NULL));
  g_autoptr (GListModel) viewings = NULL;

  gtk_widget_activate_action (GTK_WIDGET (dialog), "log.save", NULL);
  rafilm_test_sleep (50);
  viewings = dex_await_object (rafilm_store_list_viewings (store, 0, 0, 0), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, 0);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  /* With the folders of a test alone, no loader for SVG icons is found. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  adw_init ();
  rafilm_ui_init ();

  rafilm_test_add_fiber ("/ui/log-dialog/save", test_save);
  rafilm_test_add_fiber ("/ui/log-dialog/edit", test_edit);
  rafilm_test_add_fiber ("/ui/log-dialog/choose-first", test_choose_first);

  return g_test_run ();
}
