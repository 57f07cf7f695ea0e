/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a computer shows while it fetches a long diary for the first time. */

#include "rafilm-error.h"
#include "rafilm-profile.h"
#include "rafilm-store-arrival.h"
#include "rafilm-store-test.h"
#include "rafilm-store-viewings.h"
#include "rafilm-sync-cycle.h"
#include "sync-pipe.h"

#define UID "u-1"
#define N_VIEWINGS 330
#define PAGE 20000 /* bytes: some hundred rows */

/* Number 0 was watched first. */
static char *
make_date (guint number)
{
  return g_strdup_printf ("20%02u-%02u-%02u", 10 + number / 60, 1 + number % 60 / 5,
                          1 + number % 5);
}

static void
log_viewing (RafilmStore *store, guint number)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("log");
  g_autoptr (RafilmFilm) film = rafilm_film_new (1 + number);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);
  g_autofree char *date = make_date (number);
  g_autoptr (GError) error = NULL;

  g_object_set (viewing, "date", date, "review", "A word or two about it", NULL);
  rafilm_edit_log_viewing (edit, viewing);
  dex_await_int64 (rafilm_store_apply (store, edit), &error);
  g_assert_no_error (error);
}

static RafilmSyncState *
sync_store (RafilmStore *store, SyncPipe *pipe, GError **error)
{
  g_autoptr (RafilmSyncCycle) cycle =
      rafilm_sync_cycle_new (store, RAFILM_SYNC_TRANSPORT (pipe), UID, NULL);

  return dex_await_boxed (rafilm_sync_cycle_run (cycle), error);
}

static void
push_all (RafilmStore *store, SyncPipe *pipe)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmSyncState) state = sync_store (store, pipe, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (state->pending, ==, 0);
}

static guint
count_viewings (RafilmStore *store)
{
  g_autoptr (GListModel) viewings =
      dex_await_object (rafilm_store_list_viewings (store, 0, 0, 0), NULL);

  return g_list_model_get_n_items (viewings);
}

/* The diary begins with the newest viewings, without a gap. */
static void
check_newest (RafilmStore *store, guint n)
{
  g_autoptr (GListModel) viewings =
      dex_await_object (rafilm_store_list_viewings (store, 0, n, 0), NULL);

  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      g_autofree char *date = make_date (N_VIEWINGS - 1 - i);

      g_assert_cmpstr (rafilm_viewing_get_date (viewing), ==, date);
    }
}

/* A computer that gets no further than the first answer. */
static RafilmStore *
fetch_first_page (SyncServer *server, SyncPipe **ret_pipe)
{
  RafilmStore *store = store_test_open_new ();
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  *ret_pipe = sync_pipe_new (server, UID, 1);
  sync_pipe_set_page (*ret_pipe, PAGE);
  sync_pipe_set_allowance (*ret_pipe, 1);
  state = sync_store (store, *ret_pipe, &error);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_OFFLINE);
  return store;
}

static void
finish (RafilmStore *store, SyncPipe *pipe)
{
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  sync_pipe_set_allowance (pipe, G_MAXUINT);
  state = sync_store (store, pipe, &error);
  g_assert_no_error (error);
  g_assert_false (state->digest_differs);
  g_assert_cmpuint (count_viewings (store), ==, N_VIEWINGS);
  check_newest (store, N_VIEWINGS);
}

/* A diary that grew over the years: what was logged last is seen after the first answer. */
static void
test_grown (void)
{
  g_autoptr (SyncServer) server = sync_server_new (1);
  g_autoptr (SyncPipe) pipe = sync_pipe_new (server, UID, 1);
  g_autoptr (SyncPipe) other_pipe = NULL;
  RafilmStore *store = store_test_open_new ();
  RafilmStore *other;
  guint shown;

  for (guint i = 0; i < N_VIEWINGS; i++)
    log_viewing (store, i);
  push_all (store, pipe);
  other = fetch_first_page (server, &other_pipe);
  shown = count_viewings (other);
  g_assert_cmpuint (shown, <, N_VIEWINGS / 2);
  check_newest (other, 30);
  finish (other, other_pipe);
  store_test_close (other);
  store_test_close (store);
}

/* One that was kept without an account goes up with its newest viewings first, so that they are in
 * the first answer too, although much else was sent after them. */
static void
test_arrived (void)
{
  g_autoptr (SyncServer) server = sync_server_new (1);
  g_autoptr (SyncPipe) pipe = sync_pipe_new (server, UID, 1);
  g_autoptr (SyncPipe) other_pipe = NULL;
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  RafilmStore *store = dex_await_object (rafilm_profile_open (folder, NULL), &error);
  RafilmStore *other;

  g_assert_no_error (error);
  for (guint i = 0; i < N_VIEWINGS; i++)
    log_viewing (store, i);
  store_test_close (store);
  store = dex_await_object (rafilm_profile_open (folder, UID), &error);
  g_assert_no_error (error);
  push_all (store, pipe);
  other = fetch_first_page (server, &other_pipe);
  g_assert_cmpuint (count_viewings (other), <, N_VIEWINGS / 2);
  check_newest (other, 30);
  finish (other, other_pipe);
  store_test_close (other);
  store_test_close (store);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/newest/grown", test_grown);
  rafilm_test_add_fiber ("/sync/newest/arrived", test_arrived);

  return g_test_run ();
}
