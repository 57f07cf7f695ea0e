/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The pages of a window, over a mirror with two films, one viewing, and another version of its
 * review. */

#include "rafilm-changes-dialog.h"
#include "rafilm-chat-pane.h"
#include "rafilm-review.h"
#include "rafilm-search-page.h"
#include "rafilm-store-sync.h"
#include "rafilm-test.h"
#include "rafilm-text-diff.h"
#include "rafilm-trash-page.h"
#include "rafilm-ui.h"
#include "rafilm-versions-page.h"
#include "rafilm-viewing-page.h"
#include "rafilm-window.h"

#define PRESENT "A long night in Los Angeles."
#define OTHER "A long day in Los Angeles!"

/* Which of the two texts gives the film away. */
static gboolean present_spoils = TRUE;
static gboolean other_spoils = FALSE;

typedef struct
{
  RafilmStore *store;
  RafilmAppContext *context;
  RafilmWindow *window;
} Fixture;

static void
set_field (RafilmWireRow *row, const char *name, RafilmWireValue value)
{
  RafilmWireStamp stamp = { .fseq = row->q, .h = 1000, .dev = "otherdev", .n = 1 };

  rafilm_wire_fields_take (&row->fields, name, value, &stamp);
}

static RafilmWireRow *
add_row (RafilmSyncAnswer *answer, const char *kind, const char *id, gint64 q)
{
  RafilmWireRow *row = rafilm_wire_row_new (kind, id);

  row->q = q;
  g_ptr_array_add (answer->rows, row);

  return row;
}

/* What another computer left on the server. */
static void
pull (RafilmStore *store)
{
  g_autoptr (RafilmSyncState) bound = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();
  RafilmWireRow *row = add_row (answer, "d", "v", 3);

  answer->acct = g_strdup ("user");
  answer->epoch = g_strdup ("epoch");
  answer->server_now = 1790000000000;
  answer->head = answer->cursor = 5;
  set_field (row, "film", rafilm_wire_int (949));
  set_field (row, "on", rafilm_wire_text ("2026-01-01"));
  set_field (row, "rv", rafilm_wire_review (PRESENT, present_spoils, NULL));
  row = add_row (answer, "x", "abc", 4);
  set_field (row, "of", rafilm_wire_text ("d#v"));
  set_field (row, "field", rafilm_wire_text ("rv"));
  set_field (row, "text", rafilm_wire_review (OTHER, other_spoils, NULL));
  set_field (row, "by", rafilm_wire_text ("Laptop"));
  set_field (row, "at", rafilm_wire_int (1234));

  bound = dex_await_boxed (rafilm_store_bind_account (store, "user"), &error);
  g_assert_no_error (error);
  state = dex_await_boxed (rafilm_store_apply_answer (store, answer), &error);
  g_assert_no_error (error);
}

static void
put_films (RafilmStore *store)
{
  static const char *const titles[] = { "Heat", "Heat Lightning" };
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_auto (RafilmFilmFacts) facts = { 0 };
      RafilmFilm *film = rafilm_film_new (949 + i);

      facts.title = g_strdup (titles[i]);
      facts.fetched_at = 1;
      rafilm_film_take_facts (film, &facts);
      g_ptr_array_add (films, film);
    }
  dex_await (rafilm_store_put_films (store, films), NULL);
}

static void
set_up (Fixture *fixture)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);

  fixture->store = dex_await_object (rafilm_store_open (path), NULL);
  put_films (fixture->store);
  pull (fixture->store);
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
  g_clear_object (&fixture->context);
  g_clear_object (&fixture->store);
}

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

/* Waits for a widget of the window to come, or to go. */
static GtkWidget *
wait_for (Fixture *fixture, GType type, gboolean there)
{
  GtkWidget *found = NULL;

  for (guint i = 0; i < 300; i++)
    {
      found = find (GTK_WIDGET (fixture->window), type);
      if ((found != NULL) == there)
        break;
      rafilm_test_sleep (10);
    }
  g_assert_true ((found != NULL) == there);

  return found;
}

static void
assert_review (Fixture *fixture, const char *review, gboolean spoiler)
{
  g_autoptr (RafilmViewing) viewing =
      dex_await_object (rafilm_store_get_viewing (fixture->store, "v"), NULL);

  g_assert_nonnull (viewing);
  g_assert_cmpstr (rafilm_viewing_get_review (viewing), ==, review);
  g_assert_cmpint (rafilm_viewing_get_spoiler (viewing), ==, spoiler);
}

static guint
count_versions (Fixture *fixture)
{
  g_autoptr (GListModel) versions =
      dex_await_object (rafilm_store_list_versions (fixture->store, NULL), NULL);

  return g_list_model_get_n_items (versions);
}

static void
test_diff (void)
{
  g_autoptr (GArray) a = NULL;
  g_autoptr (GArray) b = NULL;
  g_autoptr (GArray) c = NULL;
  g_autoptr (GArray) d = NULL;
  RafilmTextRange *range;

  rafilm_text_diff ("one two three", "one 2 two three four five", &a, &b);
  g_assert_cmpuint (a->len, ==, 0);
  g_assert_cmpuint (b->len, ==, 2);
  range = &g_array_index (b, RafilmTextRange, 0);
  g_assert_cmpuint (range->start, ==, 4);
  g_assert_cmpuint (range->end, ==, 5);
  range = &g_array_index (b, RafilmTextRange, 1);
  g_assert_cmpuint (range->start, ==, 16);
  g_assert_cmpuint (range->end, ==, 25);

  rafilm_text_diff ("", "  \n", &c, &d);
  g_assert_cmpuint (c->len + d->len, ==, 0);
}

static void
choose (const char *action, const char *expected, gboolean spoiler)
{
  Fixture fixture = { 0 };
  GtkWidget *page;

  set_up (&fixture);
  g_assert_cmpuint (count_versions (&fixture), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.versions", NULL);
  page = wait_for (&fixture, RAFILM_TYPE_VERSIONS_PAGE, TRUE);
  for (guint i = 0; i < 100 && count_versions (&fixture) > 0; i++)
    {
      gtk_widget_activate_action (page, action, NULL);
      rafilm_test_sleep (20);
    }
  wait_for (&fixture, RAFILM_TYPE_VERSIONS_PAGE, FALSE);
  g_assert_cmpuint (count_versions (&fixture), ==, 0);
  assert_review (&fixture, expected, spoiler);
  tear_down (&fixture);
}

static void
test_versions (void)
{
  choose ("version.keep", PRESENT, TRUE);
  choose ("version.use", OTHER, FALSE);
  choose ("version.both", PRESENT "\n\n" OTHER, TRUE);

  /* A text keeps its own mark, and of two each one's. */
  present_spoils = FALSE;
  other_spoils = TRUE;
  choose ("version.keep", PRESENT, FALSE);
  choose ("version.use", OTHER, TRUE);
  choose ("version.both", PRESENT "\n\n" OTHER, TRUE);
  present_spoils = TRUE;
  other_spoils = FALSE;
}

/* A spoiler is veiled; deleting closes the page, and the trash gives it back. */
static void
test_viewing_and_trash (void)
{
  Fixture fixture = { 0 };
  GtkWidget *page;
  GtkWidget *review;
  g_autoptr (RafilmViewing) gone = NULL;
  g_autoptr (RafilmViewing) back = NULL;

  set_up (&fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.open-viewing", "s", "v");
  page = wait_for (&fixture, RAFILM_TYPE_VIEWING_PAGE, TRUE);
  review = find (page, RAFILM_TYPE_REVIEW);
  g_assert_false (rafilm_review_is_open (RAFILM_REVIEW (review)));
  g_signal_emit_by_name (find (review, GTK_TYPE_BUTTON), "clicked");
  g_assert_true (rafilm_review_is_open (RAFILM_REVIEW (review)));
  g_assert_nonnull (rafilm_window_get_current_viewing (fixture.window));

  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.delete", NULL);
  wait_for (&fixture, RAFILM_TYPE_VIEWING_PAGE, FALSE);
  gone = dex_await_object (rafilm_store_get_viewing (fixture.store, "v"), NULL);
  g_assert_true (rafilm_viewing_get_deleted (gone));

  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.trash", NULL);
  page = wait_for (&fixture, RAFILM_TYPE_TRASH_PAGE, TRUE);
  gtk_widget_activate_action (page, "trash.restore", "s", "v");
  rafilm_test_sleep (100);
  back = dex_await_object (rafilm_store_get_viewing (fixture.store, "v"), NULL);
  g_assert_false (rafilm_viewing_get_deleted (back));
  tear_down (&fixture);
}

/* What waits is listed, and no longer so when it is sent. */
static void
test_changes (void)
{
  Fixture fixture = { 0 };
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Rate");
  GtkWidget *dialog;

  set_up (&fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.changes", NULL);
  dialog = wait_for (&fixture, RAFILM_TYPE_CHANGES_DIALOG, TRUE);
  rafilm_test_sleep (50);
  g_assert_null (find (dialog, ADW_TYPE_ACTION_ROW));
  rafilm_edit_rate_film (edit, 949, 9);
  dex_await (rafilm_store_apply (fixture.store, edit), NULL);
  wait_for (&fixture, ADW_TYPE_ACTION_ROW, TRUE);
  g_assert_cmpstr (
      adw_preferences_row_get_title (ADW_PREFERENCES_ROW (find (dialog, ADW_TYPE_ACTION_ROW))), ==,
      "Heat");
  tear_down (&fixture);
}

static void
test_search (void)
{
  Fixture fixture = { 0 };
  GtkWidget *page;
  GtkWidget *view;
  guint n_found = 0;

  set_up (&fixture);
  rafilm_window_search (fixture.window, "heat");
  page = wait_for (&fixture, RAFILM_TYPE_SEARCH_PAGE, TRUE);
  view = find (page, GTK_TYPE_LIST_VIEW);
  for (guint i = 0; i < 200 && n_found == 0; i++)
    {
      rafilm_test_sleep (10);
      n_found =
          g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view))));
    }
  g_assert_cmpuint (n_found, ==, 2);
  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.back", NULL);
  g_assert_false (gtk_search_bar_get_search_mode (
      GTK_SEARCH_BAR (find (GTK_WIDGET (fixture.window), GTK_TYPE_SEARCH_BAR))));
  tear_down (&fixture);
}

/* Without a service the answer is made on this computer. */
static void
test_chat (void)
{
  Fixture fixture = { 0 };
  RafilmConversation *conversation;
  GtkWidget *pane;
  GtkTextBuffer *buffer;
  GtkTextIter start;
  GtkTextIter end;

  set_up (&fixture);
  conversation = rafilm_app_context_get_conversation (fixture.context);
  gtk_widget_activate_action (GTK_WIDGET (fixture.window), "win.chat", NULL);
  pane = wait_for (&fixture, RAFILM_TYPE_CHAT_PANE, TRUE);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (find (pane, GTK_TYPE_TEXT_VIEW)));

  /* Nothing but blanks is not sent, and stays. */
  gtk_text_buffer_set_text (buffer, "  ", -1);
  gtk_widget_activate_action (pane, "chat.send", NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 0);

  gtk_text_buffer_set_text (buffer, "How many films have I seen?", -1);
  gtk_widget_activate_action (pane, "chat.send", NULL);
  dex_await (rafilm_conversation_wait (conversation), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (conversation)), ==, 2);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_assert_true (gtk_text_iter_equal (&start, &end));
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

  g_test_add_func ("/ui/pages/diff", test_diff);
  rafilm_test_add_fiber ("/ui/pages/versions", test_versions);
  rafilm_test_add_fiber ("/ui/pages/viewing-and-trash", test_viewing_and_trash);
  rafilm_test_add_fiber ("/ui/pages/changes", test_changes);
  rafilm_test_add_fiber ("/ui/pages/search", test_search);
  rafilm_test_add_fiber ("/ui/pages/chat", test_chat);

  return g_test_run ();
}
