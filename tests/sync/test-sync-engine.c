/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-error.h"
#include "rafilm-store-sync.h"
#include "rafilm-sync-engine.h"
#include "rafilm-test.h"
#include "sync-setup.h"

static void
test_start (void)
{
  SyncSetup setup;

  sync_setup_init (&setup);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_OFF);
  rafilm_sync_engine_start (setup.engine);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_SENDING);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  g_assert_cmpint (rafilm_sync_engine_get_last_synced (setup.engine), >, 0);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 1);
  sync_setup_clear (&setup);
}

/* Nothing to do, no request. An edit after a while: one request at once; those that follow are
 * gathered for two seconds. */
static void
test_edit_is_one_request (void)
{
  SyncSetup setup;
  gint64 since;

  sync_setup_init (&setup);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  rafilm_test_sleep (2500);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 1);

  since = g_get_monotonic_time ();
  sync_setup_like (&setup, 1, 1);
  for (guint i = 0; i < 500 && sync_pipe_get_sent (setup.pipe) < 2; i++)
    rafilm_test_sleep (20);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 2);
  sync_setup_like (&setup, 2, 2);
  sync_setup_like (&setup, 3, 3);
  sync_setup_await (&setup, RAFILM_SYNC_WAITING);
  rafilm_test_sleep (200);
  g_assert_cmpuint (rafilm_sync_engine_get_pending (setup.engine), ==, 2);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  g_assert_cmpint (g_get_monotonic_time () - since, >=, 1900000);
  g_assert_cmpuint (rafilm_sync_engine_get_pending (setup.engine), ==, 0);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 3);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 3);
  sync_setup_clear (&setup);
}

static void
progress_cb (RafilmSyncEngine *engine, GParamSpec *pspec, GArray *seen)
{
  double progress = rafilm_sync_engine_get_progress (engine);

  g_array_append_val (seen, progress);
}

/* From 0 to 1, never back, and with steps between when it takes several requests. */
static void
test_progress (void)
{
  SyncSetup setup;
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  g_assert_cmpfloat (rafilm_sync_engine_get_progress (setup.engine), ==, 1);
  for (gint64 film = 1; film <= 300; film++)
    sync_setup_like (&setup, film, film);
  g_signal_connect (setup.engine, "notify::progress", G_CALLBACK (progress_cb), seen);
  dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (seen->len, >, 3);
  g_assert_cmpfloat (g_array_index (seen, double, 0), ==, 0);
  for (guint i = 1; i < seen->len; i++)
    g_assert_cmpfloat (g_array_index (seen, double, i), >=, g_array_index (seen, double, i - 1));
  g_assert_cmpfloat (g_array_index (seen, double, 1), <, 1);
  g_assert_cmpfloat (g_array_index (seen, double, seen->len - 1), ==, 1);
  sync_setup_clear (&setup);
}

static void
test_sync_now (void)
{
  SyncSetup setup;
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  sync_setup_like (&setup, 1, 1);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 1);

  sync_pipe_set_offline (setup.pipe, TRUE);
  g_assert_false (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_OFFLINE);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_OFFLINE);
  sync_setup_clear (&setup);
}

/* After a failure with something waiting, it is tried again without anybody asking. */
static void
test_tries_again (void)
{
  SyncSetup setup;

  sync_setup_init (&setup);
  sync_pipe_set_offline (setup.pipe, TRUE);
  sync_setup_like (&setup, 1, 1);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_OFFLINE);
  sync_pipe_set_offline (setup.pipe, FALSE);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 1);
  sync_setup_clear (&setup);
}

static void
test_statuses (void)
{
  const struct
  {
    guint status;
    RafilmSyncEngineState state;
    RafilmError code;
  } cases[] = {
    { 401, RAFILM_SYNC_NEEDS_SIGN_IN, RAFILM_ERROR_SIGN_IN_EXPIRED },
    { 426, RAFILM_SYNC_UPGRADE, RAFILM_ERROR_UPGRADE_NEEDED },
    { 429, RAFILM_SYNC_FAILED, RAFILM_ERROR_THROTTLED },
    { 503, RAFILM_SYNC_FAILED, RAFILM_ERROR_UNAVAILABLE },
    { 400, RAFILM_SYNC_FAILED, RAFILM_ERROR_REFUSED },
  };
  SyncSetup setup;

  sync_setup_init (&setup);
  sync_setup_like (&setup, 1, 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      sync_pipe_set_status (setup.pipe, cases[i].status, 1);
      dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error);
      g_assert_error (error, RAFILM_ERROR, (int) cases[i].code);
      g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, cases[i].state);
    }
  /* Whatever was refused, the change is still there and goes when it can. */
  sync_pipe_set_status (setup.pipe, 0, 0);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), NULL));
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 1);
  sync_setup_clear (&setup);
}

/* A hint of news asks once; one of old news, or a false one, doesn't ask for ever. */
static void
test_hints (void)
{
  SyncSetup setup;
  g_autoptr (RafilmSyncState) state = NULL;

  sync_setup_init (&setup);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  sync_setup_like (&setup, 1, 1);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), NULL));
  state = dex_await_boxed (rafilm_store_sync_state (setup.store), NULL);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 2);

  rafilm_sync_engine_hint (setup.engine, state->epoch, state->cursor);
  rafilm_test_sleep (700);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 2);

  rafilm_sync_engine_hint (setup.engine, state->epoch, state->cursor + 1000);
  rafilm_test_sleep (700);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 3);
  sync_setup_clear (&setup);
}

/* A batch that is refused for its size goes in parts, and nothing of it is sent twice. */
static void
test_too_large (void)
{
  SyncSetup setup;
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  sync_pipe_set_max_ops (setup.pipe, 3);
  for (gint64 film = 1; film <= 20; film++)
    sync_setup_like (&setup, film, film);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 20);
  g_assert_cmpuint (rafilm_sync_engine_get_refused (setup.engine), ==, 0);
  sync_setup_clear (&setup);
}

static void
write_note (SyncSetup *setup, gint64 film, const char *note)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("note");
  g_autoptr (GError) error = NULL;

  rafilm_edit_set_watchlist (edit, film, TRUE, note);
  dex_await_int64 (rafilm_store_apply (setup->store, edit), &error);
  g_assert_no_error (error);
}

/* One change that the service never takes holds up no other, and is put where it is seen. */
static void
test_poison (void)
{
  SyncSetup setup;
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  sync_pipe_set_poison (setup.pipe, "poisonous");
  for (gint64 film = 1; film <= 20; film++)
    {
      sync_setup_like (&setup, film, film);
      if (film == 9 || film == 16)
        write_note (&setup, film, "poisonous");
    }
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 20);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "w"), ==, 0);
  g_assert_cmpuint (rafilm_sync_engine_get_refused (setup.engine), ==, 2);
  g_assert_cmpuint (rafilm_sync_engine_get_pending (setup.engine), ==, 0);

  /* What is edited afterwards goes on in the order of numbers. */
  sync_setup_like (&setup, 21, 21);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 21);
  sync_setup_clear (&setup);
}

/* When the service minds every request, no change is to blame. */
static void
test_all_refused (void)
{
  SyncSetup setup;
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  sync_pipe_set_poison (setup.pipe, "proto");
  for (gint64 film = 1; film <= 5; film++)
    sync_setup_like (&setup, film, film);
  g_assert_false (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_REFUSED);
  g_assert_cmpuint (rafilm_sync_engine_get_refused (setup.engine), ==, 0);
  g_assert_cmpuint (rafilm_sync_engine_get_pending (setup.engine), ==, 5);
  sync_pipe_set_poison (setup.pipe, NULL);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), NULL));
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 5);
  sync_setup_clear (&setup);
}

/* An account never gets another one's diary. */
static void
test_other_account (void)
{
  SyncSetup setup;
  g_autoptr (RafilmSyncEngine) other = NULL;
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), NULL));
  other =
      rafilm_sync_engine_new_for_transport (setup.store, RAFILM_SYNC_TRANSPORT (setup.pipe), "u_2");
  dex_await_boolean (rafilm_sync_engine_sync_now (other), &error);
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_REFUSED);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 1);
  sync_setup_clear (&setup);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/engine/start", test_start);
  rafilm_test_add_fiber ("/sync/engine/edit-is-one-request", test_edit_is_one_request);
  rafilm_test_add_fiber ("/sync/engine/sync-now", test_sync_now);
  rafilm_test_add_fiber ("/sync/engine/progress", test_progress);
  rafilm_test_add_fiber ("/sync/engine/tries-again", test_tries_again);
  rafilm_test_add_fiber ("/sync/engine/statuses", test_statuses);
  rafilm_test_add_fiber ("/sync/engine/hints", test_hints);
  rafilm_test_add_fiber ("/sync/engine/too-large", test_too_large);
  rafilm_test_add_fiber ("/sync/engine/poison", test_poison);
  rafilm_test_add_fiber ("/sync/engine/all-refused", test_all_refused);
  rafilm_test_add_fiber ("/sync/engine/other-account", test_other_account);

  return g_test_run ();
}
