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
  g_autoptr (RafilmAttention) attention = rafilm_attention_new (900);

  g_assert_false (rafilm_attention_get_away (attention));
  rafilm_attention_set_shown (attention, FALSE);
  rafilm_test_sleep (450);
  /* Told again, it does not begin anew; a glance does. */
  rafilm_attention_set_shown (attention, FALSE);
  rafilm_attention_set_shown (attention, TRUE);
  rafilm_attention_set_shown (attention, FALSE);
  rafilm_test_sleep (600);
  g_assert_false (rafilm_attention_get_away (attention));
  for (guint i = 0; i < 1000 && !rafilm_attention_get_away (attention); i++)
    rafilm_test_sleep (10);
  g_assert_true (rafilm_attention_get_away (attention));
  rafilm_attention_set_shown (attention, TRUE);
  g_assert_false (rafilm_attention_get_away (attention));
}

/* ---- How the diary stands ---- */

static void
assert_detail (RafilmSyncEngineState state, guint unsent, guint refused, gint64 minutes,
               const char *expected)
{
  RafilmSyncFacts facts = { state, unsent, refused, 1000, 1000 + minutes * MINUTE };
  g_autofree char *detail = rafilm_sync_words_dup_detail (&facts);

  g_assert_cmpstr (detail, ==, expected);
}

static void
assert_first_detail (RafilmSyncEngineState state, const char *expected)
{
  RafilmSyncFacts facts = { state, 0, 0, 0, 1000 };
  g_autofree char *detail = rafilm_sync_words_dup_detail (&facts);

  g_assert_cmpstr (detail, ==, expected);
}

static void
test_words (void)
{
  RafilmSyncFacts many = { .state = RAFILM_SYNC_SENDING, 1804, .sent = 180, .to_send = 1984 };
  g_autofree char *sending = rafilm_sync_words_dup_detail (&many);

  g_assert_cmpstr (sending, ==, "Sending 180 of 1984 changes.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 0, 0, "Last synced a moment ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 0, 5, "Last synced 5 minutes ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 0, 180, "Last synced 3 hours ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 0, 3 * 24 * 60, "Last synced 3 days ago.");
  assert_detail (RAFILM_SYNC_SYNCED, 0, 1, 0,
                 "The server did not accept 1 change. It is kept on this computer until you "
                 "decide.");
  assert_detail (RAFILM_SYNC_WAITING, 1, 0, 0, "1 change waits on this computer. Nothing is lost.");
  assert_detail (RAFILM_SYNC_SENDING, 2, 0, 0, "Sending 2 changes.");
  assert_detail (RAFILM_SYNC_SENDING, 0, 0, 0, "Asking the server for news.");
  assert_detail (RAFILM_SYNC_OFFLINE, 2, 0, 0,
                 "The server cannot be reached. Rafilm keeps trying. "
                 "2 changes wait on this computer. Nothing is lost. Last synced a moment ago.");
  assert_detail (RAFILM_SYNC_OFFLINE, 0, 0, 1,
                 "The server cannot be reached. Rafilm keeps trying. Last synced 1 minute ago.");
  assert_detail (RAFILM_SYNC_OFF, 7, 0, 0, "Sign in to have the same diary on all your computers.");
  assert_first_detail (RAFILM_SYNC_SYNCED, "Nothing waits on this computer.");
  assert_first_detail (RAFILM_SYNC_SENDING, "Getting your diary from the server.");
}

/* Each state says something else, in its title already. */
static void
test_titles (void)
{
  RafilmSyncFacts synced = { .state = RAFILM_SYNC_SYNCED };
  RafilmSyncFacts refused = { .state = RAFILM_SYNC_SYNCED, .refused = 1 };

  for (guint a = RAFILM_SYNC_OFF; a <= RAFILM_SYNC_FAILED; a++)
    for (guint b = a + 1; b <= RAFILM_SYNC_FAILED; b++)
      {
        RafilmSyncFacts one = { .state = a };
        RafilmSyncFacts other = { .state = b };

        g_assert_cmpstr (rafilm_sync_words_get_title (&one), !=,
                         rafilm_sync_words_get_title (&other));
      }
  g_assert_cmpstr (rafilm_sync_words_get_title (&synced), !=,
                   rafilm_sync_words_get_title (&refused));
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
