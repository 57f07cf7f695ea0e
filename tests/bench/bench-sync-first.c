/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sync-first.h"

#include "rafilm-bench-cpu.h"

#define COUNTED 450 /* viewings whose push is counted in capacity units */
#define AWAY 2000
#define RATED 10000 /* viewings of a diary of the size, whose goals these are */
#define HURRY 100   /* times as fast as the engine would wait */
#define GOAL_REQUESTS 4
#define GOAL_BYTES 750000
#define GOAL_AWAY_MS 2000

/* Who worked how long, in ms of CPU time; all zero but the computer's with moto. */
typedef struct
{
  double computer;
  double gateway;
  double function;
  double table;
} Costs;

static void
take_costs (const BenchDiary *diary, Costs *costs)
{
  const char *cloud = g_subprocess_get_identifier (diary->cloud->process);
  GSubprocess *table = diary->cloud->table;

  *costs = (Costs) { .computer = rafilm_bench_cpu_own_ms (),
                     .gateway = rafilm_bench_cpu_ms (cloud),
                     .function = rafilm_bench_cpu_children_ms (cloud, "bootstrap") };
  if (table != NULL)
    costs->table = rafilm_bench_cpu_ms (g_subprocess_get_identifier (table));
}

static void
subtract_costs (Costs *costs, const Costs *before)
{
  costs->computer -= before->computer;
  costs->gateway -= before->gateway;
  costs->function -= before->function;
  costs->table -= before->table;
}

static void
print_costs (const BenchDiary *diary, const char *what, const Costs *costs)
{
  const struct
  {
    const char *who;
    double ms;
  } lines[] = {
    { "computer", costs->computer },
    { "gateway", costs->gateway },
    { "function", costs->function },
    { "table", costs->table },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *name = g_strdup_printf ("%s_cpu_%s_ms", what, lines[i].who);

      bench_diary_print (diary, name, lines[i].ms);
    }
}

static void
print_if_rated (const BenchDiary *diary, const char *what, double value, double goal)
{
  if (diary->n == RATED)
    bench_diary_print_at_most (diary, what, value, goal);
  else
    bench_diary_print (diary, what, value);
}

/* First push */

static void
push (BenchDiary *diary, guint count)
{
  RafilmBenchWireFigures wire = { 0 };
  double began = 0;
  double took = 0;

  bench_diary_log (diary, count);
  /* Paced, the largest would take a quarter of an hour. */
  if (diary->n > RATED)
    rafilm_sync_engine_set_speed (diary->here->engine, HURRY);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  began = bench_wall_ms ();
  bench_computer_sync (diary->here);
  took = bench_wall_ms () - began;
  rafilm_sync_engine_set_speed (diary->here->engine, 1);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  bench_diary_print (diary, diary->n > RATED ? "push_unpaced_wall_ms" : "push_wall_ms", took);
  bench_diary_print (diary, "push_viewings_per_s", count / took * 1e3);
  bench_diary_print (diary, "push_requests", wire.requests);
  bench_diary_print (diary, "push_bytes", (double) (wire.sent + wire.received));
}

/* Apart, since counting asks the table for each item before and after. */
static void
push_counted (BenchDiary *diary, guint count)
{
  RafilmBenchWireFigures wire = { 0 };
  RafilmMeterFigures meter = { 0 };

  bench_diary_log (diary, count);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  rafilm_meter_set_counting (diary->cloud->meter, TRUE);
  rafilm_meter_take (diary->cloud->meter, &meter);
  bench_computer_sync (diary->here);
  rafilm_meter_take (diary->cloud->meter, &meter);
  rafilm_meter_set_counting (diary->cloud->meter, FALSE);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  bench_diary_print (diary, "push_batches_counted", wire.requests);
  bench_diary_print (diary, "push_write_units_per_viewing", meter.capacity.writes / count);
  bench_diary_print (diary, "push_read_units_per_viewing", meter.capacity.reads / count);
  bench_diary_print (diary, "push_write_units_per_batch", meter.capacity.writes / wire.requests);
}

void
bench_sync_push (BenchDiary *diary)
{
  if (diary->cloud->meter == NULL)
    {
      push (diary, diary->n);
      return;
    }
  push (diary, diary->n - COUNTED);
  push_counted (diary, COUNTED);
}

/* First pull */

typedef struct
{
  double began;
  double first; /* until something showed */
} Watch;

static void
first_change_cb (RafilmStore *store, RafilmStoreChange *change, Watch *watch)
{
  if (watch->first == 0 && (change->kinds & RAFILM_STORE_CHANGE_VIEWINGS) != 0)
    watch->first = bench_wall_ms () - watch->began;
}

void
bench_sync_pull (BenchDiary *diary, BenchPull *ret_pull)
{
  RafilmBenchWireFigures wire = { 0 };
  Watch watch = { 0 };
  Costs before = { 0 };
  Costs costs = { 0 };
  gulong handler = 0;

  bench_diary_add_computer (diary);
  handler = g_signal_connect (diary->there->store, "changed", G_CALLBACK (first_change_cb), &watch);
  take_costs (diary, &before);
  watch.began = bench_wall_ms ();
  bench_computer_sync (diary->there);
  ret_pull->pull_ms = bench_wall_ms () - watch.began;
  take_costs (diary, &costs);
  g_signal_handler_disconnect (diary->there->store, handler);
  subtract_costs (&costs, &before);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  ret_pull->cpu_ms = costs.computer + costs.gateway + costs.function;
  ret_pull->pull_bytes = wire.sent + wire.received;
  ret_pull->pull_requests = wire.requests;
  bench_diary_print (diary, "pull_wall_ms", ret_pull->pull_ms);
  bench_diary_print (diary, "pull_first_rows_ms", watch.first);
  print_costs (diary, "pull", &costs);
  print_if_rated (diary, "pull_requests", wire.requests, GOAL_REQUESTS);
  print_if_rated (diary, "pull_bytes", (double) ret_pull->pull_bytes, GOAL_BYTES);
}

/* A year away */

void
bench_sync_come_back (BenchDiary *diary)
{
  guint changes = MIN (AWAY, diary->n / 3 * 2);
  RafilmBenchWireFigures wire = { 0 };
  Costs before = { 0 };
  Costs costs = { 0 };
  double began = 0;
  double took = 0;

  bench_diary_rate (diary, diary->here->store, 0, changes, 3);
  bench_computer_sync (diary->here);
  bench_diary_rate (diary, diary->there->store, changes / 2, changes, 4);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  take_costs (diary, &before);
  began = bench_wall_ms ();
  bench_computer_sync (diary->there);
  took = bench_wall_ms () - began;
  take_costs (diary, &costs);
  subtract_costs (&costs, &before);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  print_if_rated (diary, "away_wall_ms", took, GOAL_AWAY_MS);
  print_costs (diary, "away", &costs);
  bench_diary_print (diary, "away_changes_each", changes);
  bench_diary_print (diary, "away_requests", wire.requests);
  bench_diary_print (diary, "away_bytes", (double) (wire.sent + wire.received));
}
