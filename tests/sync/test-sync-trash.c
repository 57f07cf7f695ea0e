/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The trash is the same on all computers: what one deletes, another can bring back. */

#include "rafilm-store-lists.h"
#include "rafilm-store-viewings.h"
#include "rafilm-sync-cycle.h"
#include "rafilm-test.h"
#include "sync-pipe.h"

#define UID "u-1"

typedef struct
{
  RafilmStore *store;
  SyncPipe *pipe;
} Computer;

static void
computer_init (Computer *self, SyncServer *server, guint32 seed)
{
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (GError) error = NULL;

  self->store = dex_await_object (rafilm_store_open (path), &error);
  g_assert_no_error (error);
  self->pipe = sync_pipe_new (server, UID, seed);
}

static void
computer_clear (Computer *self)
{
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);
  g_clear_object (&self->pipe);
}

static void
sync_computer (Computer *self)
{
  g_autoptr (RafilmSyncCycle) cycle =
      rafilm_sync_cycle_new (self->store, RAFILM_SYNC_TRANSPORT (self->pipe), UID, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmSyncState) state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);

  g_assert_no_error (error);
  g_assert_false (state->digest_differs);
  g_assert_cmpuint (state->pending, ==, 0);
}

static void
apply (Computer *self, RafilmEdit *edit)
{
  g_autoptr (RafilmEdit) owned = edit;
  g_autoptr (GError) error = NULL;

  dex_await_int64 (rafilm_store_apply (self->store, owned), &error);
  g_assert_no_error (error);
}

static guint
count (DexFuture *future)
{
  g_autoptr (GListModel) model = dex_await_object (future, NULL);

  return g_list_model_get_n_items (model);
}

static char *
join_entries (Computer *self, const char *list)
{
  g_autoptr (GListModel) films =
      dex_await_object (rafilm_store_list_entries (self->store, list), NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (films); i++)
    {
      g_autoptr (RafilmFilm) film = g_list_model_get_item (films, i);

      g_string_append_printf (text, "%" G_GINT64_FORMAT " ", rafilm_film_get_id (film));
    }
  return g_string_free (text, FALSE);
}

/* Deleted here, brought back there; one film was added by a third computer, which is an edit of an
 * entry and not of the list, so the list stays deleted until somebody wants it. */
static void
test_list (void)
{
  g_autoptr (SyncServer) server = sync_server_new (1);
  Computer a, b, c;
  RafilmEdit *edit = rafilm_edit_new ("create");
  g_autofree char *list = g_strdup (rafilm_edit_create_list (edit, "Nights", NULL, TRUE, FALSE));
  g_autofree char *films = NULL;

  computer_init (&a, server, 1);
  computer_init (&b, server, 2);
  computer_init (&c, server, 3);
  for (gint64 film = 30; film > 0; film -= 10)
    rafilm_edit_add_to_list (edit, list, film, NULL);
  apply (&a, edit);
  sync_computer (&a);
  sync_computer (&b);
  sync_computer (&c);

  edit = rafilm_edit_new ("delete");
  rafilm_edit_delete_list (edit, list);
  apply (&a, edit);
  sync_computer (&a);
  edit = rafilm_edit_new ("add");
  rafilm_edit_add_to_list (edit, list, 5, NULL);
  apply (&c, edit);
  sync_computer (&c);
  sync_computer (&b);
  g_assert_cmpuint (count (rafilm_store_list_lists (b.store)), ==, 0);
  g_assert_cmpuint (count (rafilm_store_list_trash_lists (b.store)), ==, 1);
  g_assert_cmpuint (count (rafilm_store_list_trash_lists (c.store)), ==, 1);

  edit = rafilm_edit_new ("restore");
  rafilm_edit_restore_list (edit, list);
  apply (&b, edit);
  sync_computer (&b);
  sync_computer (&a);
  g_assert_cmpuint (count (rafilm_store_list_trash_lists (a.store)), ==, 0);
  g_assert_cmpuint (count (rafilm_store_list_lists (a.store)), ==, 1);
  films = join_entries (&a, list);
  g_assert_cmpstr (films, ==, "30 20 10 5 ");
  computer_clear (&a);
  computer_clear (&b);
  computer_clear (&c);
}

static void
test_viewing (void)
{
  g_autoptr (SyncServer) server = sync_server_new (1);
  Computer a, b;
  g_autoptr (RafilmFilm) film = rafilm_film_new (949);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);
  g_autoptr (RafilmViewing) restored = NULL;
  RafilmEdit *edit = rafilm_edit_new ("log");
  g_autofree char *id = NULL;

  computer_init (&a, server, 1);
  computer_init (&b, server, 2);
  g_object_set (viewing, "date", "2026-03-03", "review", "The coffee", NULL);
  id = g_strdup (rafilm_edit_log_viewing (edit, viewing));
  apply (&a, edit);
  edit = rafilm_edit_new ("delete");
  rafilm_edit_delete_viewing (edit, id);
  apply (&a, edit);
  sync_computer (&a);
  sync_computer (&b);
  g_assert_cmpuint (count (rafilm_store_list_trash (b.store)), ==, 1);

  edit = rafilm_edit_new ("restore");
  rafilm_edit_restore_viewing (edit, id);
  apply (&b, edit);
  sync_computer (&b);
  sync_computer (&a);
  g_assert_cmpuint (count (rafilm_store_list_trash (a.store)), ==, 0);
  restored = dex_await_object (rafilm_store_get_viewing (a.store, id), NULL);
  g_assert_cmpstr (rafilm_viewing_get_review (restored), ==, "The coffee");
  computer_clear (&a);
  computer_clear (&b);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/trash/list", test_list);
  rafilm_test_add_fiber ("/sync/trash/viewing", test_viewing);

  return g_test_run ();
}
