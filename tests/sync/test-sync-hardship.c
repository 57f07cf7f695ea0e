/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-store-sync.h"
#include "rafilm-sync-cycle.h"
#include "rafilm-test.h"
#include "rafilm-viewing.h"
#include "sync-pipe.h"

/* What people do to their computers, and operators to the table: a profile folder copied to another
 * machine, clocks that are decades wrong, a table put back under computers that go on, and all that
 * while the pages of an answer are still arriving. Nothing that was written may be missing. */

#define UID "u_1"
#define YEAR (G_GINT64_CONSTANT (365) * 24 * 60 * 60 * 1000)
#define SMALL_PAGE 1

typedef struct
{
  char *path;
  RafilmStore *store;
  SyncPipe *pipe;
  gint64 clock; /* how wrong it is, ms */
} Computer;

static void
open_computer (Computer *self, SyncServer *server, const Computer *copied_from)
{
  static guint32 seed;
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autoptr (GError) error = NULL;

  *self = (Computer) { .path = g_build_filename (folder, "diary.db", NULL) };
  if (copied_from != NULL)
    {
      g_autoptr (GFile) from = g_file_new_for_path (copied_from->path);
      g_autoptr (GFile) to = g_file_new_for_path (self->path);

      g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
      g_assert_no_error (error);
    }
  self->store = dex_await_object (rafilm_store_open (self->path), &error);
  g_assert_no_error (error);
  self->pipe = sync_pipe_new (server, UID, ++seed);
}

static void
close_store (Computer *self)
{
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);
}

static void
reopen_store (Computer *self)
{
  g_autoptr (GError) error = NULL;

  self->store = dex_await_object (rafilm_store_open (self->path), &error);
  g_assert_no_error (error);
}

static void
close_computer (Computer *self)
{
  close_store (self);
  g_clear_object (&self->pipe);
  g_free (self->path);
}

static void
log_film (Computer *self, gint64 film_id, const char *review)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("log");
  g_autoptr (RafilmFilm) film = rafilm_film_new (film_id);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);
  g_autoptr (GError) error = NULL;

  rafilm_clock_set_offset (self->clock);
  g_object_set (viewing, "date", "2026-03-01", "review", review, NULL);
  rafilm_edit_log_viewing (edit, viewing);
  dex_await_int64 (rafilm_store_apply (self->store, edit), &error);
  g_assert_no_error (error);
}

static void
rate_film (Computer *self, gint64 film, int rating)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("rate");
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, film);
  g_autoptr (GError) error = NULL;

  rafilm_clock_set_offset (self->clock);
  rafilm_edit_set (edit, "f", id, "rating", rafilm_wire_int (rating));
  dex_await_int64 (rafilm_store_apply (self->store, edit), &error);
  g_assert_no_error (error);
}

/* One exchange; FALSE when the network went. */
static gboolean
sync_once (Computer *self)
{
  g_autoptr (RafilmSyncCycle) cycle =
      rafilm_sync_cycle_new (self->store, RAFILM_SYNC_TRANSPORT (self->pipe), UID, "A computer");
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  cycle->reads_ahead = TRUE;
  rafilm_clock_set_offset (self->clock);
  state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
  if (state == NULL)
    {
      g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_OFFLINE);
      return FALSE;
    }
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_cmpuint (state->dead, ==, 0);
  return TRUE;
}

static void
sync_all (Computer *computers, guint n)
{
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < n; i++)
      g_assert_true (sync_once (&computers[i]));
}

/* As "film review", sorted. */
static char *
describe_viewings (Computer *self)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GListModel) viewings = NULL;
  g_autoptr (GError) error = NULL;

  viewings = dex_await_object (rafilm_store_list_viewings (self->store, 0, 0, 0), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);

      g_ptr_array_add (lines,
                       g_strdup_printf ("%" G_GINT64_FORMAT " %s",
                                        rafilm_film_get_id (rafilm_viewing_get_film (viewing)),
                                        rafilm_viewing_get_review (viewing)));
    }
  g_ptr_array_sort_values (lines, (GCompareFunc) strcmp);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv (", ", (char **) lines->pdata);
}

static void
assert_viewings (Computer *computers, guint n, const char *expected)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *found = describe_viewings (&computers[i]);

      g_assert_cmpstr (found, ==, expected);
    }
}

static char *
dup_device (Computer *self)
{
  g_autoptr (RafilmSyncState) state = dex_await_boxed (rafilm_store_sync_state (self->store), NULL);

  return g_strdup (state->dev);
}

/* A profile folder is copied, with a change that waits, and both machines go on. */
static void
test_copied_profile (void)
{
  g_autoptr (SyncServer) server = sync_server_new (1);
  Computer computers[2];
  g_autofree char *one = NULL;
  g_autofree char *other = NULL;

  open_computer (&computers[0], server, NULL);
  log_film (&computers[0], 1, "sent");
  g_assert_true (sync_once (&computers[0]));
  log_film (&computers[0], 2, "waiting when copied");
  close_store (&computers[0]);
  open_computer (&computers[1], server, &computers[0]);
  reopen_store (&computers[0]);

  log_film (&computers[0], 3, "here");
  log_film (&computers[1], 4, "there");
  sync_all (computers, 2);
  log_film (&computers[0], 5, "here again");
  log_film (&computers[1], 6, "there again");
  sync_all (computers, 2);
  assert_viewings (computers, 2,
                   "1 sent, 2 waiting when copied, 3 here, 4 there, 5 here again, 6 there again");
  one = dup_device (&computers[0]);
  other = dup_device (&computers[1]);
  g_assert_cmpstr (one, !=, other);
  close_computer (&computers[0]);
  close_computer (&computers[1]);
}

static int
get_rating (Computer *self, gint64 film_id)
{
  g_autoptr (RafilmFilm) film = NULL;
  g_autoptr (GError) error = NULL;

  film = dex_await_object (rafilm_store_get_film (self->store, film_id), &error);
  g_assert_no_error (error);
  return rafilm_film_get_state (film)->rating;
}

/* A clock decades wrong decides nothing that a right one would not, and is forgotten when it is set
 * right. */
static void
test_clocks (gint64 error_of_clock)
{
  g_autoptr (SyncServer) server = sync_server_new (2);
  Computer computers[2];

  open_computer (&computers[0], server, NULL);
  open_computer (&computers[1], server, NULL);
  computers[0].clock = error_of_clock;
  log_film (&computers[0], 1, "by the wrong clock");
  log_film (&computers[1], 2, "by the right clock");
  sync_all (computers, 2);

  /* Concurrent edits: the later one stays, whoever made it. */
  rate_film (&computers[0], 7, 3);
  rafilm_test_sleep (20);
  rate_film (&computers[1], 7, 4);
  rate_film (&computers[1], 8, 5);
  rafilm_test_sleep (20);
  rate_film (&computers[0], 8, 6);
  sync_all (computers, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (get_rating (&computers[i], 7), ==, 4);
      g_assert_cmpint (get_rating (&computers[i], 8), ==, 6);
    }

  /* Set right, it goes on as if nothing had been, from the next answer on. */
  computers[0].clock = 0;
  sync_all (computers, 2);
  rate_film (&computers[0], 9, 1);
  rafilm_test_sleep (20);
  rate_film (&computers[1], 9, 2);
  sync_all (computers, 2);
  g_assert_cmpint (get_rating (&computers[0], 9), ==, 2);
  assert_viewings (computers, 2, "1 by the wrong clock, 2 by the right clock");
  rafilm_clock_set_offset (0);
  close_computer (&computers[0]);
  close_computer (&computers[1]);
}

static void
test_clock_2099 (void)
{
  test_clocks (73 * YEAR);
}

static void
test_clock_1970 (void)
{
  test_clocks (-rafilm_clock_now () + 1000);
}

/* The table is put back twice under two computers that go on writing. */
static void
test_restored_table (void)
{
  g_autoptr (SyncServer) server = sync_server_new (3);
  Computer computers[2];

  open_computer (&computers[0], server, NULL);
  open_computer (&computers[1], server, NULL);
  log_film (&computers[0], 1, "before");
  sync_all (computers, 2);
  sync_server_keep (server);
  log_film (&computers[0], 2, "after the backup");
  log_film (&computers[1], 3, "after the backup too");
  g_assert_true (sync_once (&computers[0]));
  g_assert_true (sync_once (&computers[1]));
  log_film (&computers[1], 4, "waiting");
  sync_server_restore (server);
  g_assert_true (sync_once (&computers[0]));
  sync_server_keep (server);
  log_film (&computers[0], 5, "after another backup");
  g_assert_true (sync_once (&computers[0]));
  sync_server_restore (server);
  sync_all (computers, 2);
  assert_viewings (computers, 2,
                   "1 before, 2 after the backup, 3 after the backup too, 4 waiting,"
                   " 5 after another backup");
  close_computer (&computers[0]);
  close_computer (&computers[1]);
}

/* A copied file, a restored table and one more while the pages of an answer arrive. */
static void
test_while_pages_arrive (void)
{
  g_autoptr (SyncServer) server = sync_server_new (4);
  Computer computers[3];
  g_autofree char *all = NULL;

  open_computer (&computers[0], server, NULL);
  for (gint64 film = 1; film <= 12; film++)
    {
      log_film (&computers[0], film, "of many");
      g_assert_true (sync_once (&computers[0]));
    }
  sync_server_keep (server);
  open_computer (&computers[1], server, NULL);
  log_film (&computers[1], 20, "of the copied file");
  close_store (&computers[1]);
  open_computer (&computers[2], server, &computers[1]);
  reopen_store (&computers[1]);
  g_assert_true (sync_once (&computers[2]));
  log_film (&computers[2], 21, "of the copy");

  /* Each time it gets a few pages further before the next thing happens. */
  sync_pipe_set_page (computers[1].pipe, SMALL_PAGE);
  sync_pipe_set_allowance (computers[1].pipe, 4);
  g_assert_false (sync_once (&computers[1]));
  sync_server_restore (server);
  sync_pipe_set_allowance (computers[1].pipe, 4);
  g_assert_false (sync_once (&computers[1]));
  log_film (&computers[1], 22, "while pages arrive");
  sync_server_keep (server);
  sync_server_restore (server);
  sync_pipe_set_allowance (computers[1].pipe, 5);
  g_assert_false (sync_once (&computers[1]));
  sync_pipe_set_allowance (computers[1].pipe, G_MAXUINT);
  sync_all (computers, 3);
  all = describe_viewings (&computers[0]);
  g_assert_nonnull (strstr (all, "20 of the copied file"));
  g_assert_nonnull (strstr (all, "21 of the copy"));
  g_assert_nonnull (strstr (all, "22 while pages arrive"));
  g_assert_cmpuint (sync_server_count_rows (server, UID, "d"), ==, 15);
  assert_viewings (computers, 3, all);
  for (guint i = 0; i < 3; i++)
    close_computer (&computers[i]);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/hardship/copied-profile", test_copied_profile);
  rafilm_test_add_fiber ("/sync/hardship/clock-2099", test_clock_2099);
  rafilm_test_add_fiber ("/sync/hardship/clock-1970", test_clock_1970);
  rafilm_test_add_fiber ("/sync/hardship/restored-table", test_restored_table);
  rafilm_test_add_fiber ("/sync/hardship/while-pages-arrive", test_while_pages_arrive);
  return g_test_run ();
}
