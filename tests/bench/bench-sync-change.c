/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sync-change.h"

#include "rafilm-bench.h"

#define QUIET_MS 2300 /* longer than the engine gathers edits that follow one another */
#define IDLE_SECONDS 5
#define GOAL_REQUESTS 1
#define GOAL_BYTES 1500
#define GOAL_SEEN_MS 500

/* Where the time of a change goes, in the order in which it passes. */
typedef enum
{
  STAGE_GATHER, /* from the edit until the request leaves */
  STAGE_SERVE,  /* until its answer has come */
  STAGE_HINT,   /* until the other computer asks: stream, publisher, socket, and its delay */
  STAGE_FETCH,  /* until it has its answer */
  STAGE_SHOW,   /* until it shows the change */
  N_STAGES,
} Stage;

typedef struct
{
  guint count;
  double *seen;
  double *stages[N_STAGES];
} Times;

typedef struct
{
  DexPromise *seen;
} Sight;

static void
seen_cb (RafilmStore *store, RafilmStoreChange *change, Sight *sight)
{
  if (sight->seen != NULL && (change->kinds & RAFILM_STORE_CHANGE_VIEWINGS) != 0
      && dex_future_is_pending (DEX_FUTURE (sight->seen)))
    dex_promise_resolve_boolean (sight->seen, TRUE);
}

static void
wait_for_sockets (BenchDiary *diary)
{
  while (!rafilm_socket_get_connected (diary->here->socket)
         || !rafilm_socket_get_connected (diary->there->socket))
    dex_await (dex_timeout_new_msec (20), NULL);
}

static void
wait_for_peace (BenchDiary *diary)
{
  while (rafilm_sync_engine_get_state (diary->here->engine) != RAFILM_SYNC_SYNCED
         || rafilm_sync_engine_get_state (diary->there->engine) != RAFILM_SYNC_SYNCED
         || rafilm_sync_engine_get_pending (diary->here->engine) > 0)
    dex_await (dex_timeout_new_msec (20), NULL);
  dex_await (dex_timeout_new_msec (QUIET_MS), NULL);
}

static double
to_ms (gint64 time)
{
  return (double) time / 1e3;
}

static void
change_once (BenchDiary *diary, Sight *sight, Times *times, guint i)
{
  double moments[N_STAGES + 1] = { bench_wall_ms () };

  sight->seen = dex_promise_new ();
  bench_diary_rate (diary, diary->here->store, i, 1, 1 + (int) i % 8);
  dex_await (dex_ref (DEX_FUTURE (sight->seen)), NULL);
  moments[STAGE_SHOW + 1] = bench_wall_ms ();
  dex_clear (&sight->seen);
  moments[STAGE_GATHER + 1] = to_ms (rafilm_bench_wire_get_asked (diary->here->wire));
  moments[STAGE_SERVE + 1] = to_ms (rafilm_bench_wire_get_answered (diary->here->wire));
  moments[STAGE_HINT + 1] = to_ms (rafilm_bench_wire_get_asked (diary->there->wire));
  moments[STAGE_FETCH + 1] = to_ms (rafilm_bench_wire_get_answered (diary->there->wire));
  for (guint stage = 0; stage < N_STAGES; stage++)
    times->stages[stage][i] = moments[stage + 1] - moments[stage];
  times->seen[i] = moments[N_STAGES] - moments[0];
  wait_for_peace (diary);
}

static void
print_times (const BenchDiary *diary, Times *times)
{
  static const char *const names[] = {
    [STAGE_GATHER] = "change_stage_gather_ms", [STAGE_SERVE] = "change_stage_serve_ms",
    [STAGE_HINT] = "change_stage_hint_ms",     [STAGE_FETCH] = "change_stage_fetch_ms",
    [STAGE_SHOW] = "change_stage_show_ms",
  };

  rafilm_bench_sort (times->seen, times->count);
  bench_diary_print_at_most (diary, "change_seen_p50_ms", times->seen[times->count / 2],
                             GOAL_SEEN_MS);
  bench_diary_print (diary, "change_seen_p95_ms", times->seen[times->count * 95 / 100]);
  for (guint stage = 0; stage < N_STAGES; stage++)
    {
      rafilm_bench_sort (times->stages[stage], times->count);
      bench_diary_print (diary, names[stage], times->stages[stage][times->count / 2]);
    }
}

static double
print_bytes (const BenchDiary *diary, guint count)
{
  RafilmBenchWireFigures here = { 0 };
  RafilmBenchWireFigures there = { 0 };
  double bytes = 0;

  rafilm_bench_wire_take (diary->here->wire, &here);
  rafilm_bench_wire_take (diary->there->wire, &there);
  bytes = (double) (here.sent + here.received) / count;
  bench_diary_print_at_most (diary, "change_requests", (double) here.requests / count,
                             GOAL_REQUESTS);
  bench_diary_print_at_most (diary, "change_bytes_http1", bytes, GOAL_BYTES);
  bench_diary_print (diary, "change_bytes_token", (double) here.tokens / count);
  bench_diary_print (diary, "change_bytes_request_head",
                     (double) (here.sent_heads - here.tokens) / count);
  bench_diary_print (diary, "change_bytes_request_body",
                     (double) (here.sent - here.sent_heads) / count);
  bench_diary_print (diary, "change_bytes_answer_head", (double) here.received_heads / count);
  bench_diary_print (diary, "change_bytes_answer_body",
                     (double) (here.received - here.received_heads) / count);
  bench_diary_print (diary, "change_there_requests", (double) there.requests / count);
  bench_diary_print (diary, "change_there_bytes_http1",
                     (double) (there.sent + there.received) / count);
  return bytes;
}

static double
print_units (BenchDiary *diary)
{
  RafilmMeterFigures meter = { 0 };

  bench_diary_rate (diary, diary->here->store, 0, 1, 9);
  rafilm_meter_set_counting (diary->cloud->meter, TRUE);
  rafilm_meter_take (diary->cloud->meter, &meter);
  bench_computer_sync (diary->here);
  rafilm_meter_take (diary->cloud->meter, &meter);
  rafilm_meter_set_counting (diary->cloud->meter, FALSE);
  bench_diary_print (diary, "change_write_units", meter.capacity.writes);
  bench_diary_print (diary, "change_read_units", meter.capacity.reads);
  return meter.capacity.writes;
}

void
bench_sync_change (BenchDiary *diary, guint count, BenchChange *ret_change)
{
  RafilmBenchWireFigures wire = { 0 };
  Times times = { .count = count, .seen = g_new0 (double, count) };
  Sight sight = { 0 };
  gulong handler = 0;

  for (guint stage = 0; stage < N_STAGES; stage++)
    times.stages[stage] = g_new0 (double, count);
  /* No change comes that is none: what has a rating already gets another one. */
  bench_diary_rate (diary, diary->here->store, 0, count, 10);
  bench_computer_sync (diary->here);
  ret_change->write_units = print_units (diary);
  rafilm_sync_engine_start (diary->here->engine);
  rafilm_sync_engine_start (diary->there->engine);
  wait_for_sockets (diary);
  wait_for_peace (diary);
  handler = g_signal_connect (diary->there->store, "changed", G_CALLBACK (seen_cb), &sight);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  for (guint i = 0; i < count; i++)
    change_once (diary, &sight, &times, i);
  g_signal_handler_disconnect (diary->there->store, handler);
  print_times (diary, &times);
  ret_change->seen_ms = times.seen[count / 2];
  ret_change->bytes = print_bytes (diary, count);
  rafilm_sync_engine_stop (diary->here->engine);
  rafilm_sync_engine_stop (diary->there->engine);
  g_free (times.seen);
  for (guint stage = 0; stage < N_STAGES; stage++)
    g_free (times.stages[stage]);
}

void
bench_sync_idle (BenchDiary *diary)
{
  RafilmBenchWireFigures here = { 0 };
  RafilmBenchWireFigures there = { 0 };

  rafilm_sync_engine_start (diary->here->engine);
  rafilm_sync_engine_start (diary->there->engine);
  wait_for_sockets (diary);
  wait_for_peace (diary);
  rafilm_bench_wire_take (diary->here->wire, &here);
  rafilm_bench_wire_take (diary->there->wire, &there);
  dex_await (dex_timeout_new_seconds (IDLE_SECONDS), NULL);
  rafilm_bench_wire_take (diary->here->wire, &here);
  rafilm_bench_wire_take (diary->there->wire, &there);
  bench_diary_print_at_most (diary, "idle_requests", here.requests + there.requests, 0);
  rafilm_sync_engine_stop (diary->here->engine);
  rafilm_sync_engine_stop (diary->there->engine);
}
