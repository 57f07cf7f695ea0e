/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync-setup.h"

#include "rafilm-test.h"

static void
open_store (SyncSetup *self)
{
  g_autoptr (GError) error = NULL;

  self->store = dex_await_object (rafilm_store_open (self->path), &error);
  g_assert_no_error (error);
  self->engine = rafilm_sync_engine_new_for_transport (
      self->store, RAFILM_SYNC_TRANSPORT (self->pipe), SYNC_SETUP_UID);
}

static void
close_store (SyncSetup *self)
{
  rafilm_sync_engine_stop (self->engine);
  rafilm_test_sleep (20);
  g_assert_finalize_object (g_steal_pointer (&self->engine));
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);
}

static void
init_at (SyncSetup *self, SyncServer *server)
{
  g_autofree char *folder = rafilm_test_make_dir ();

  self->server = server;
  self->pipe = sync_pipe_new (server, SYNC_SETUP_UID, 1);
  self->path = g_build_filename (folder, "diary.db", NULL);
  open_store (self);
}

void
sync_setup_init (SyncSetup *self)
{
  self->borrows = FALSE;
  init_at (self, sync_server_new (1));
}

void
sync_setup_init_beside (SyncSetup *self, const SyncSetup *other)
{
  self->borrows = TRUE;
  init_at (self, other->server);
}

void
sync_setup_clear (SyncSetup *self)
{
  close_store (self);
  g_clear_object (&self->pipe);
  g_clear_pointer (&self->path, g_free);
  if (!self->borrows)
    sync_server_free (self->server);
  self->server = NULL;
}

void
sync_setup_restart (SyncSetup *self)
{
  close_store (self);
  open_store (self);
}

void
sync_setup_like (SyncSetup *self, gint64 first, gint64 last)
{
  for (gint64 film = first; film <= last; film++)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("like");
      g_autoptr (GError) error = NULL;

      rafilm_edit_like_film (edit, film, TRUE);
      dex_await_int64 (rafilm_store_apply (self->store, edit), &error);
      g_assert_no_error (error);
    }
}

void
sync_setup_await (SyncSetup *self, RafilmSyncEngineState state)
{
  for (guint i = 0; i < 500 && rafilm_sync_engine_get_state (self->engine) != state; i++)
    rafilm_test_sleep (20);
  g_assert_cmpint (rafilm_sync_engine_get_state (self->engine), ==, state);
}

void
sync_setup_sync (SyncSetup *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (self->engine), &error));
  g_assert_no_error (error);
}
