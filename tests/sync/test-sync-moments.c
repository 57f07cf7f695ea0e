/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the engine asks and when it doesn't: the hour, the pace of a long push, an account that is
 * no more; and what it tells of the way. */

#include "rafilm-error.h"
#include "rafilm-store-sync.h"
#include "rafilm-sync-backoff.h"
#include "rafilm-sync-cycle.h"
#include "rafilm-sync-engine.h"
#include "rafilm-test.h"
#include "sync-pipe.h"

#define UID "u_1"
#define BATCHES 28 /* of a long push */
#define HOUR (60 * 60 * 1000)

/* ---- a way to a service that may have no such account any more ---- */

#define TEST_TYPE_WAY (test_way_get_type ())
G_DECLARE_FINAL_TYPE (TestWay, test_way, TEST, WAY, GObject)

struct _TestWay
{
  GObject parent_instance;

  SyncPipe *pipe;
  guint asked;
  gboolean gone;
};

static void way_iface_init (RafilmSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestWay, test_way, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_SYNC_TRANSPORT, way_iface_init))

static DexFuture *
test_way_send (RafilmSyncTransport *transport, JsonNode *request)
{
  TestWay *self = TEST_WAY (transport);

  self->asked++;
  if (self->gone)
    return dex_future_new_take_boxed (RAFILM_TYPE_SYNC_RESPONSE,
                                      rafilm_sync_response_new (410, NULL, "account_deleted", 0));
  return rafilm_sync_transport_send (RAFILM_SYNC_TRANSPORT (self->pipe), request);
}

static void
test_way_finalize (GObject *object)
{
  g_clear_object (&TEST_WAY (object)->pipe);
  G_OBJECT_CLASS (test_way_parent_class)->finalize (object);
}

static void
test_way_class_init (TestWayClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_way_finalize;
}

static void
test_way_init (TestWay *self)
{
}

static void
way_iface_init (RafilmSyncTransportInterface *iface)
{
  iface->send = test_way_send;
}

/* ---- a computer ---- */

typedef struct
{
  SyncServer *server;
  TestWay *way;
  char *path;
  RafilmStore *store;
  RafilmSyncEngine *engine;
} Setup;

static void
open_setup (Setup *setup)
{
  g_autoptr (GError) error = NULL;

  setup->store = dex_await_object (rafilm_store_open (setup->path), &error);
  g_assert_no_error (error);
  setup->engine =
      rafilm_sync_engine_new_for_transport (setup->store, RAFILM_SYNC_TRANSPORT (setup->way), UID);
}

static void
close_setup (Setup *setup)
{
  rafilm_sync_engine_stop (setup->engine);
  rafilm_test_sleep (20);
  g_assert_finalize_object (g_steal_pointer (&setup->engine));
  dex_await (rafilm_store_close (setup->store), NULL);
  g_clear_object (&setup->store);
}

static void
setup_init (Setup *setup)
{
  g_autofree char *folder = rafilm_test_make_dir ();

  setup->server = sync_server_new (1);
  setup->way = g_object_new (TEST_TYPE_WAY, NULL);
  setup->way->pipe = sync_pipe_new (setup->server, UID, 1);
  setup->path = g_build_filename (folder, "diary.db", NULL);
  open_setup (setup);
}

static void
setup_clear (Setup *setup)
{
  close_setup (setup);
  g_clear_object (&setup->way);
  g_clear_pointer (&setup->path, g_free);
  g_clear_pointer (&setup->server, sync_server_free);
}

static void
like_films (Setup *setup, gint64 first, gint64 last)
{
  g_autoptr (GError) error = NULL;

  for (gint64 film = first; film <= last; film++)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("like");

      rafilm_edit_like_film (edit, film, TRUE);
      dex_await_int64 (rafilm_store_apply (setup->store, edit), &error);
      g_assert_no_error (error);
    }
}

static void
wait_for (Setup *setup, RafilmSyncEngineState state)
{
  for (guint i = 0; i < 500 && rafilm_sync_engine_get_state (setup->engine) != state; i++)
    rafilm_test_sleep (20);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup->engine), ==, state);
}

static void
sync_now (Setup *setup)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (dex_await_boolean (rafilm_sync_engine_sync_now (setup->engine), &error));
  g_assert_no_error (error);
}

/* ---- the hour ---- */

/* With nothing to do it asks again after an hour, and not before. */
static void
test_hour (void)
{
  const guint speed = 3600;
  Setup setup;
  gint64 since;

  setup_init (&setup);
  rafilm_sync_engine_set_speed (setup.engine, speed);
  since = g_get_monotonic_time ();
  rafilm_sync_engine_start (setup.engine);
  for (guint request = 1; request <= 3; request++)
    {
      for (guint i = 0; i < 2000 && setup.way->asked < request; i++)
        rafilm_test_sleep (5);
      g_assert_cmpuint (setup.way->asked, ==, request);
      g_assert_cmpint (g_get_monotonic_time () - since, >=,
                       (request - 1) * (HOUR / speed) * G_GINT64_CONSTANT (1000));
    }
  setup_clear (&setup);
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
  Setup setup;
  Told told = { 0 };
  gint64 since;

  setup_init (&setup);
  like_films (&setup, 1, BATCHES * RAFILM_WIRE_MAX_OPS);
  rafilm_sync_engine_set_speed (setup.engine, speed);
  g_signal_connect (setup.engine, "notify::sent", G_CALLBACK (sent_cb), &told);
  since = g_get_monotonic_time ();
  sync_now (&setup);
  g_assert_cmpint (g_get_monotonic_time () - since, >=,
                   (BATCHES - 24) * (RAFILM_SYNC_BATCH_PACE / speed) * G_GINT64_CONSTANT (1000));
  g_assert_cmpuint (setup.way->asked, ==, BATCHES);
  g_assert_cmpuint (told.steps, >=, BATCHES);
  g_assert_cmpuint (told.last, ==, BATCHES * RAFILM_WIRE_MAX_OPS);
  g_assert_cmpuint (told.to_send, ==, BATCHES * RAFILM_WIRE_MAX_OPS);
  g_assert_cmpuint (rafilm_sync_engine_get_to_send (setup.engine), ==, 0);
  setup_clear (&setup);
}

/* What is short waits for nothing, however slow the pace. */
static void
test_no_pace (void)
{
  Setup setup;
  g_autoptr (RafilmSyncCycle) cycle = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  setup_init (&setup);
  like_films (&setup, 1, 3 * RAFILM_WIRE_MAX_OPS);
  cycle = rafilm_sync_cycle_new (setup.store, RAFILM_SYNC_TRANSPORT (setup.way), UID, NULL);
  cycle->pace = HOUR;
  state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_cmpuint (setup.way->asked, ==, 3);
  setup_clear (&setup);
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
  Setup setup;
  Setup other;
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (double));

  setup_init (&setup);
  like_films (&setup, 1, 1500);
  rafilm_sync_engine_set_speed (setup.engine, 400);
  sync_now (&setup);

  setup_init (&other);
  g_clear_object (&other.way->pipe);
  other.way->pipe = sync_pipe_new (setup.server, UID, 2);
  sync_pipe_set_page (other.way->pipe, RAFILM_WIRE_PAGE_HARD);
  g_signal_connect (other.engine, "notify::progress", G_CALLBACK (progress_cb), seen);
  sync_now (&other);
  g_assert_cmpuint (other.way->asked, ==, 1);
  g_assert_cmpuint (seen->len, >=, 5);
  g_assert_cmpfloat (g_array_index (seen, double, 0), ==, 0);
  g_assert_cmpfloat (g_array_index (seen, double, seen->len - 1), ==, 1);
  setup_clear (&other);
  setup_clear (&setup);
}

/* ---- a service that asks for time ---- */

/* What it asks for is kept to, though the engine's own patience is far shorter; a person needn't
 * wait. */
static void
test_retry_after (void)
{
  const guint speed = 100;
  const guint seconds = 60;
  Setup setup;
  gint64 since;

  setup_init (&setup);
  rafilm_sync_engine_set_speed (setup.engine, speed);
  sync_pipe_set_status (setup.way->pipe, 503, seconds);
  like_films (&setup, 1, 3);
  rafilm_sync_engine_start (setup.engine);
  wait_for (&setup, RAFILM_SYNC_FAILED);
  since = g_get_monotonic_time ();
  sync_pipe_set_status (setup.way->pipe, 0, 0);
  like_films (&setup, 4, 4);
  g_assert_cmpuint (setup.way->asked, ==, 1);
  for (guint i = 0; i < 1000 && setup.way->asked == 1; i++)
    rafilm_test_sleep (5);
  g_assert_cmpint (g_get_monotonic_time () - since, >=,
                   (seconds * 1000 / speed - 30) * G_GINT64_CONSTANT (1000));
  wait_for (&setup, RAFILM_SYNC_SYNCED);
  g_assert_cmpuint (sync_server_count_rows (setup.server, UID, "f"), ==, 4);

  sync_pipe_set_status (setup.way->pipe, 429, 3600);
  like_films (&setup, 5, 5);
  wait_for (&setup, RAFILM_SYNC_FAILED);
  sync_pipe_set_status (setup.way->pipe, 0, 0);
  sync_now (&setup);
  setup_clear (&setup);
}

/* ---- an account that is no more ---- */

static void
test_account_deleted (void)
{
  Setup setup;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) again = NULL;

  setup_init (&setup);
  rafilm_sync_engine_set_speed (setup.engine, HOUR);
  sync_now (&setup);
  setup.way->gone = TRUE;
  like_films (&setup, 1, 3);
  rafilm_sync_engine_start (setup.engine);
  wait_for (&setup, RAFILM_SYNC_ACCOUNT_DELETED);
  g_assert_cmpuint (setup.way->asked, ==, 2);

  /* Neither an edit nor a hint nor the hour has it ask; the edits wait. */
  like_films (&setup, 4, 5);
  rafilm_sync_engine_hint (setup.engine, "e_any", 1000);
  rafilm_test_sleep (300);
  g_assert_cmpuint (setup.way->asked, ==, 2);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_ACCOUNT_DELETED);
  g_assert_cmpuint (rafilm_sync_engine_get_pending (setup.engine), ==, 5);

  /* Nor does the next start; only a person. */
  close_setup (&setup);
  open_setup (&setup);
  rafilm_sync_engine_start (setup.engine);
  wait_for (&setup, RAFILM_SYNC_ACCOUNT_DELETED);
  g_assert_cmpuint (setup.way->asked, ==, 2);
  g_assert_false (dex_await_boolean (rafilm_sync_engine_sync_now (setup.engine), &error));
  g_assert_error (error, RAFILM_ERROR, RAFILM_ERROR_ACCOUNT_DELETED);
  g_assert_cmpuint (setup.way->asked, ==, 3);

  /* An operator brought it back. */
  setup.way->gone = FALSE;
  sync_now (&setup);
  g_assert_cmpint (rafilm_sync_engine_get_state (setup.engine), ==, RAFILM_SYNC_SYNCED);
  g_assert_cmpuint (sync_server_count_rows (setup.server, UID, "f"), ==, 5);
  close_setup (&setup);
  open_setup (&setup);
  rafilm_sync_engine_start (setup.engine);
  wait_for (&setup, RAFILM_SYNC_SYNCED);
  setup_clear (&setup);
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
