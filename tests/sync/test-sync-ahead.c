/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking for the next page while one is being applied. What may go wrong with that, the worlds of
 * test-sync-converge and test-sync-hardship look for; here it is that it happens at all. */

#include "rafilm-store-test.h"
#include "rafilm-store-viewings.h"
#include "rafilm-sync-cycle.h"
#include "sync-pipe.h"

#define UID "u-1"
#define N_VIEWINGS 300
#define PAGE 10000 /* bytes: some fifty rows */

/* One computer's run. */
typedef struct
{
  RafilmStore *store;
  SyncPipe *pipe;
  gboolean edits;   /* logs something as soon as a page is there */
  guint moved;      /* pages that were applied */
  guint first_sent; /* requests that had been sent when the first of them was */
} Run;

static DexFuture *
log_viewings (RafilmStore *store, guint first, guint count)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("log");

  for (guint i = first; i < first + count; i++)
    {
      g_autoptr (RafilmFilm) film = rafilm_film_new (1 + (int) i);
      g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);

      g_object_set (viewing, "date", "2026-03-01", "review", "A word or two about it", NULL);
      rafilm_edit_log_viewing (edit, viewing);
    }
  return rafilm_store_apply (store, edit);
}

static void
moved_cb (const RafilmSyncState *state, gint64 head, gpointer data)
{
  Run *run = data;

  if (run->moved++ > 0)
    return;
  run->first_sent = sync_pipe_get_sent (run->pipe);
  if (run->edits)
    dex_future_disown (log_viewings (run->store, N_VIEWINGS, 1));
}

static void
sync_run (Run *run, gboolean reads_ahead)
{
  g_autoptr (RafilmSyncCycle) cycle =
      rafilm_sync_cycle_new (run->store, RAFILM_SYNC_TRANSPORT (run->pipe), UID, NULL);
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  cycle->reads_ahead = reads_ahead;
  cycle->moved = moved_cb;
  cycle->moved_data = run;
  state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_false (state->digest_differs);
}

static guint
count_viewings (RafilmStore *store)
{
  g_autoptr (GListModel) viewings =
      dex_await_object (rafilm_store_list_viewings (store, 0, 0, 0), NULL);

  return g_list_model_get_n_items (viewings);
}

/* A server with the diary of another computer. */
static SyncServer *
fill_server (void)
{
  SyncServer *server = sync_server_new (1);
  Run run = { .store = store_test_open_new (), .pipe = sync_pipe_new (server, UID, 1) };
  g_autoptr (GError) error = NULL;

  dex_await_int64 (log_viewings (run.store, 0, N_VIEWINGS), &error);
  g_assert_no_error (error);
  sync_run (&run, TRUE);
  store_test_close (run.store);
  g_object_unref (run.pipe);
  return server;
}

static void
fetch (SyncServer *server, Run *run, gboolean reads_ahead)
{
  run->store = store_test_open_new ();
  run->pipe = sync_pipe_new (server, UID, 2);
  sync_pipe_set_page (run->pipe, PAGE);
  sync_run (run, reads_ahead);
}

static void
clear_run (Run *run)
{
  store_test_close (run->store);
  g_object_unref (run->pipe);
}

/* One page is asked for beforehand, and none twice. */
static void
test_pages (void)
{
  g_autoptr (SyncServer) server = fill_server ();
  Run one_by_one = { 0 };
  Run ahead = { 0 };

  fetch (server, &one_by_one, FALSE);
  fetch (server, &ahead, TRUE);
  g_assert_cmpuint (one_by_one.first_sent, ==, 1);
  g_assert_cmpuint (ahead.first_sent, ==, 2);
  g_assert_cmpuint (sync_pipe_get_sent (one_by_one.pipe), >, 3);
  g_assert_cmpuint (sync_pipe_get_sent (ahead.pipe), ==, sync_pipe_get_sent (one_by_one.pipe));
  g_assert_cmpuint (count_viewings (ahead.store), ==, N_VIEWINGS);
  clear_run (&one_by_one);
  clear_run (&ahead);
}

/* What is edited while a page is under way that was asked for before goes up all the same. */
static void
test_edit (void)
{
  g_autoptr (SyncServer) server = fill_server ();
  Run run = { .edits = TRUE };

  fetch (server, &run, TRUE);
  g_assert_cmpuint (count_viewings (run.store), ==, N_VIEWINGS + 1);
  g_assert_cmpuint (sync_server_count_rows (server, UID, "d"), ==, N_VIEWINGS + 1);
  clear_run (&run);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/ahead/pages", test_pages);
  rafilm_test_add_fiber ("/sync/ahead/edit", test_edit);

  return g_test_run ();
}
