/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the engine asks and when it doesn't: the hour, the pace of a long push, an account that is
 * no more; and what it tells of the way. */

#include "rafilm-error.h"
#include "rafilm-store-sync.h"
#include "rafilm-sync-backoff.h"
#include "rafilm-sync-cycle.h"
#include "rafilm-sync-engine.h"
#include "rafilm-test.h"
#include "sync-setup.h"

#define BATCHES 28 /* of a long push */
#define HOUR (60 * 60 * 1000)

/* ---- the hour ---- */

/* With nothing to do it asks again after an hour, and not before. */
static void
test_hour (void)
{
  const guint speed = 3600;
  SyncSetup setup;
  gint64 since;

  sync_setup_init (&setup);
  rafilm_sync_engine_set_speed (setup.engine, speed);
  since = g_get_monotonic_time ();
  rafilm_sync_engine_start (setup.engine);
  for (guint request = 1; request <= 3; request++)
    {
      for (guint i = 0; i < 2000 && sync_pipe_get_sent (setup.pipe) < request; i++)
        rafilm_test_sleep (5);
      g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, request);
      g_assert_cmpint (g_get_monotonic_time () - since, >=,
                       (request - 1) * (HOUR / speed) * G_GINT64_CONSTANT (1000));
    }
  sync_setup_clear (&setup);
}

/* ---- a long push ---- */

typedef struct
{
  guint steps;
  guint last;
  guint to_send;
} Told;

static void
sent_cb (RafilmSyncEngine *engine, GParamSpec *pspec, Told *told)
{
  guint sent = rafilm_sync_engine_get_sent (engine);

  if (rafilm_sync_engine_get_to_send (engine) == 0)
    return;
  g_assert_cmpuint (sent, >=, told->last);
  g_assert_cmpuint (sent, <=, rafilm_sync_engine_get_to_send (engine));
  told->steps += sent > told->last;
  told->last = sent;
  told->to_send = rafilm_sync_engine_get_to_send (engine);
}

/* Full batches, of which the first 24 go at once, and each other a pace after the one before. What
 * was sent and what there is to send is told on the way. */
static void
test_pace (void)
{
  const guint speed = 4;
  SyncSetup setup;
  Told told = { 0 };
  gint64 since;

  sync_setup_init (&setup);
  sync_setup_like (&setup, 1, BATCHES * RAFILM_WIRE_MAX_OPS);
  rafilm_sync_engine_set_speed (setup.engine, speed);
  g_signal_connect (setup.engine, "notify::sent", G_CALLBACK (sent_cb), &told);
  since = g_get_monotonic_time ();
  sync_setup_sync (&setup);
  g_assert_cmpint (g_get_monotonic_time () - since, >=,
                   (BATCHES - 24) * (RAFILM_SYNC_BATCH_PACE / speed) * G_GINT64_CONSTANT (1000));
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, BATCHES);
  g_assert_cmpuint (told.steps, >=, BATCHES);
  g_assert_cmpuint (told.last, ==, BATCHES * RAFILM_WIRE_MAX_OPS);
  g_assert_cmpuint (told.to_send, ==, BATCHES * RAFILM_WIRE_MAX_OPS);
  g_assert_cmpuint (rafilm_sync_engine_get_to_send (setup.engine), ==, 0);
  sync_setup_clear (&setup);
}

/* What is short waits for nothing, however slow the pace. */
static void
test_no_pace (void)
{
  SyncSetup setup;
  g_autoptr (RafilmSyncCycle) cycle = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  sync_setup_init (&setup);
  sync_setup_like (&setup, 1, 3 * RAFILM_WIRE_MAX_OPS);
  cycle =
      rafilm_sync_cycle_new (setup.store, RAFILM_SYNC_TRANSPORT (setup.pipe), SYNC_SETUP_UID, NULL);
  cycle->pace = HOUR;
  state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 3);
  sync_setup_clear (&setup);
}

static void
progress_cb (RafilmSyncEngine *engine, GParamSpec *pspec, GArray *seen)
{
  double progress = rafilm_sync_engine_get_progress (engine);

  if (seen->len > 0)
    g_assert_cmpfloat (progress, >=, g_array_index (seen, double, seen->len - 1));
  g_array_append_val (seen, progress);
}

/* One long answer moves the bar too, as its parts come into the store. */
static void
test_progress_of_one_answer (void)
{
  SyncSetup setup;
  SyncSetup other;
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (double));

  sync_setup_init (&setup);
  sync_setup_like (&setup, 1, 1500);
  rafilm_sync_engine_set_speed (setup.engine, 400);
  sync_setup_sync (&setup);

  sync_setup_init_beside (&other, &setup);
  sync_pipe_set_page (other.pipe, RAFILM_WIRE_PAGE_HARD);
  g_signal_connect (other.engine, "notify::progress", G_CALLBACK (progress_cb), seen);
  sync_setup_sync (&other);
  g_assert_cmpuint (sync_pipe_get_sent (other.pipe), ==, 1);
  g_assert_cmpuint (seen->len, >=, 5);
  g_assert_cmpfloat (g_array_index (seen, double, 0), ==, 0);
  g_assert_cmpfloat (g_array_index (seen, double, seen->len - 1), ==, 1);
  sync_setup_clear (&other);
  sync_setup_clear (&setup);
}

/* ---- a service that asks for time ---- */

/* What it asks for is kept to, though the engine's own patience is far shorter; a person needn't
 * wait. */
static void
test_retry_after (void)
{
  const guint speed = 100;
  const guint seconds = 60;
  SyncSetup setup;
  gint64 since;

  sync_setup_init (&setup);
  rafilm_sync_engine_set_speed (setup.engine, speed);
  sync_pipe_set_status (setup.pipe, 503, seconds);
  sync_setup_like (&setup, 1, 3);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_FAILED);
  since = g_get_monotonic_time ();
  sync_pipe_set_status (setup.pipe, 0, 0);
  sync_setup_like (&setup, 4, 4);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 1);
  for (guint i = 0; i < 1000 && sync_pipe_get_sent (setup.pipe) == 1; i++)
    rafilm_test_sleep (5);
  g_assert_cmpint (g_get_monotonic_time () - since, >=,
                   (seconds * 1000 / speed - 30) * G_GINT64_CONSTANT (1000));
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 4);

  sync_pipe_set_status (setup.pipe, 429, 3600);
  sync_setup_like (&setup, 5, 5);
  sync_setup_await (&setup, RAFILM_SYNC_FAILED);
  sync_pipe_set_status (setup.pipe, 0, 0);
  sync_setup_sync (&setup);
  sync_setup_clear (&setup);
}

/* ---- an account that is no more ---- */

static void
test_account_deleted (void)
{
  SyncSetup setup;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  sync_setup_init (&setup);
  rafilm_sync_engine_set_speed (setup.engine, HOUR);
  sync_setup_sync (&setup);
  sync_pipe_set_gone (setup.pipe, TRUE);
  sync_setup_like (&setup, 1, 3);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_ACCOUNT_DELETED);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 2);

  /* Neither an edit nor a hint nor the hour has it ask; the edits wait. */
  sync_setup_like (&setup, 4, 5);
  rafilm_sync_engine_hint (setup.engine, "e_any", 1000);
  rafilm_test_sleep (300);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 2);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_ACCOUNT_DELETED);
  g_assert_cmpuint (rafilm_sync_engine_get_pending (setup.engine), ==, 5);

  /* Nor does the next start; only a person. */
  sync_setup_restart (&setup);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_ACCOUNT_DELETED);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 2);
  g_assert_false (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_ACCOUNT_DELETED);
  g_assert_cmpuint (sync_pipe_get_sent (setup.pipe), ==, 3);

  /* An operator brought it back. */
  sync_pipe_set_gone (setup.pipe, FALSE);
  sync_setup_sync (&setup);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_SYNCED);
  g_assert_cmpuint (sync_server_count_rows (setup.server, SYNC_SETUP_UID, "f"), ==, 5);
  sync_setup_restart (&setup);
  rafilm_sync_engine_start (setup.engine);
  sync_setup_await (&setup, RAFILM_SYNC_SYNCED);
  sync_setup_clear (&setup);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/moments/hour", test_hour);
  rafilm_test_add_fiber ("/sync/moments/pace", test_pace);
  rafilm_test_add_fiber ("/sync/moments/no-pace", test_no_pace);
  rafilm_test_add_fiber ("/sync/moments/progress-of-one-answer", test_progress_of_one_answer);
  rafilm_test_add_fiber ("/sync/moments/retry-after", test_retry_after);
  rafilm_test_add_fiber ("/sync/moments/account-deleted", test_account_deleted);

  return g_test_run ();
}
