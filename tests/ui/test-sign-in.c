/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What somebody sees of signing in and of syncing. */

#include "rafilm-arrival-page.h"
#include "rafilm-attention.h"
#include "rafilm-sync-words.h"
#include "rafilm-test.h"
#include "rafilm-ui.h"

#define MINUTE (G_GINT64_CONSTANT (60) * 1000)

/* ---- The page with the numbers ---- */

static gboolean
says (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return gtk_widget_get_child_visible (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_get_visible (child) && gtk_widget_get_child_visible (child)
        && says (child, text))
      return TRUE;

  return FALSE;
}

static RafilmArrivalPage *
make_page (void)
{
  return g_object_ref_sink (g_object_new (RAFILM_TYPE_ARRIVAL_PAGE, NULL));
}

static void
test_numbers (void)
{
  const RafilmArrivalPlan plan = {
    .here = 12,
    .there = 40,
    .same = 3,
    .added = 9,
    .lists = 1,
    .films = 5,
  };
  RafilmArrivalPage *page = make_page ();
  GtkWidget *widget = GTK_WIDGET (page);

  rafilm_arrival_page_show_plan (page, &plan, "/somewhere/aside");
  g_assert_true (says (widget, "12 viewings"));
  g_assert_true (says (widget, "40 viewings"));
  g_assert_true (says (widget, "3 viewings"));
  g_assert_true (says (widget, "49 viewings"));
  g_assert_true (says (widget, "Also 1 list, and ratings, likes and watchlist marks of 5 films"));
  g_assert_true (says (widget, "The account gets 9 viewings more."));
  g_assert_true (says (widget, "kept aside, unchanged, in /somewhere/aside"));
  g_assert_finalize_object (page);
}

static void
test_nothing_to_add (void)
{
  const RafilmArrivalPlan plan = { .here = 1, .there = 1, .same = 1 };
  RafilmArrivalPage *page = make_page ();

  rafilm_arrival_page_show_plan (page, &plan, "/a & b");
  g_assert_true (says (GTK_WIDGET (page), "has all of these viewings already"));
  g_assert_true (says (GTK_WIDGET (page), "in /a & b"));
  g_assert_false (says (GTK_WIDGET (page), "Also"));
  g_assert_finalize_object (page);
}

/* Without numbers there is no choice but to try again or to leave. */
static void
test_no_numbers (void)
{
  RafilmArrivalPage *page = make_page ();

  rafilm_arrival_page_show_failure (page, "You are offline");
  g_assert_true (says (GTK_WIDGET (page), "You are offline"));
  g_assert_false (says (GTK_WIDGET (page), "to the Account"));
  rafilm_arrival_page_show_comparing (page);
  g_assert_false (says (GTK_WIDGET (page), "You are offline"));
  g_assert_finalize_object (page);
}

/* ---- Who looks ---- */

static void
test_attention (void)
{
  g_autoptr (RafilmAttention) attention = rafilm_attention_new (60);

  g_assert_false (rafilm_attention_get_away (attention));
  rafilm_attention_set_shown (attention, FALSE);
  rafilm_test_sleep (30);
  /* Told again, it does not begin anew; a glance does. */
  rafilm_attention_set_shown (attention, FALSE);
  rafilm_attention_set_shown (attention, TRUE);
  rafilm_attention_set_shown (attention, FALSE);
  rafilm_test_sleep (40);
  g_assert_false (rafilm_attention_get_away (attention));
  for (guint i = 0; i < 200 && !rafilm_attention_get_away (attention); i++)
    rafilm_test_sleep (10);
  g_assert_true (rafilm_attention_get_away (attention));
  rafilm_attention_set_shown (attention, TRUE);
  g_assert_false (rafilm_attention_get_away (attention));
}

/* ---- How the diary stands ---- */

static void
assert_detail (RafilmSyncEngineState state, guint unsent, gint64 minutes, const char *expected)
{
  g_autofree char *detail =
      rafilm_sync_words_dup_detail (state, unsent, 1000, 1000 + minutes * MINUTE);

  g_assert_cmpstr (detail, ==, expected);
}

static void
test_words (void)
{
  g_autofree char *never = rafilm_sync_words_dup_detail (RAFILM_SYNC_SYNCED, 0, 0, 1000);

  assert_detail (RAFILM_SYNC_SYNCED, 0, 0, "Everything was on the server a moment ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 5, "Everything was on the server 5 minutes ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 180, "Everything was on the server 3 hours ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 3 * 24 * 60, "Everything was on the server 3 days ago.");
  assert_detail (RAFILM_SYNC_WAITING, 1, 0, "1 change waits on this computer. Nothing is lost.");
  assert_detail (RAFILM_SYNC_SENDING, 2, 0, "2 changes are being sent.");
  assert_detail (RAFILM_SYNC_SENDING, 0, 0, "Asking the server for what is new.");
  assert_detail (RAFILM_SYNC_OFFLINE, 2, 0,
                 "The server cannot be reached. It is tried again by itself. "
                 "2 changes wait on this computer. Nothing is lost.");
  assert_detail (RAFILM_SYNC_OFF, 7, 0, "Sign in to have the same diary on all your computers.");
  g_assert_cmpstr (never, ==, "Nothing waits on this computer.");
}

/* Each state says something else, in its title already. */
static void
test_titles (void)
{
  for (guint a = RAFILM_SYNC_OFF; a <= RAFILM_SYNC_FAILED; a++)
    for (guint b = a + 1; b <= RAFILM_SYNC_FAILED; b++)
      g_assert_cmpstr (rafilm_sync_words_get_title (a), !=, rafilm_sync_words_get_title (b));
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  adw_init ();
  rafilm_ui_init ();

  g_test_add_func ("/ui/sign-in/numbers", test_numbers);
  g_test_add_func ("/ui/sign-in/nothing-to-add", test_nothing_to_add);
  g_test_add_func ("/ui/sign-in/no-numbers", test_no_numbers);
  rafilm_test_add_fiber ("/ui/sign-in/attention", test_attention);
  g_test_add_func ("/ui/sign-in/words", test_words);
  g_test_add_func ("/ui/sign-in/titles", test_titles);

  return g_test_run ();
}
