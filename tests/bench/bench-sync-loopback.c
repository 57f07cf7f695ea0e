/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-sync-loopback.h"

#include <time.h>

#include "rafilm-bench.h"
#include "rafilm-id.h"
#include "rafilm-store-private.h"

#define EDIT_VIEWINGS 50 /* logged in one edit */
#define COUNTED 450      /* viewings whose first push is counted in capacity units */
#define CHANGES 11
#define AWAY 2000
#define IDLE_SECONDS 5
#define SMALL 1000
#define LARGE 10000

typedef struct
{
  BenchCloud *cloud;
  guint n;
  char *email;
  BenchComputer *here;
  BenchComputer *there;
  GPtrArray *ids;
  GRand *random;
} Diary;

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static double
wall_ms (void)
{
  return (double) g_get_monotonic_time () / 1e3;
}

static void
print (const Diary *diary, const char *what, double value)
{
  g_autofree char *name = g_strdup_printf ("%s_%u", what, diary->n);

  rafilm_bench_print (name, value);
}

/* The diary */

/* A fifth of the viewings have some words. */
static char *
make_review (GRand *random)
{
  static const char *const words[] = {
    "the",   "film",     "a",       "of",     "and",    "quiet",   "rain",   "city",
    "again", "saw",      "it",      "with",   "light",  "music",   "last",   "shot",
    "never", "slow",     "warm",    "friend", "cut",    "scene",   "long",   "night",
    "train", "voice",    "colours", "story",  "ending", "perfect", "tired",  "but",
    "then",  "suddenly", "only",    "actor",  "mother", "sea",     "window", "summer",
  };
  GString *text = g_string_new ("Seen");

  for (int i = g_rand_int_range (random, 4, 50); i > 0; i--)
    g_string_append_printf (text, " %s",
                            words[g_rand_int_range (random, 0, (gint32) G_N_ELEMENTS (words))]);
  return g_string_free (text, FALSE);
}

/* Only the record itself, as in the goal: 10,000 viewings are 10,000 rows. */
static void
add_viewing (Diary *diary, RafilmEdit *edit)
{
  char *id = rafilm_id_new ();
  g_autofree char *date = g_strdup_printf (
      "20%02d-%02d-%02d", g_rand_int_range (diary->random, 5, 26),
      g_rand_int_range (diary->random, 1, 13), g_rand_int_range (diary->random, 1, 29));

  rafilm_edit_create (edit, "d", id);
  rafilm_edit_set (edit, "d", id, "film",
                   rafilm_wire_int (g_rand_int_range (diary->random, 1, 1200000)));
  rafilm_edit_set (edit, "d", id, "on", rafilm_wire_text (date));
  if (g_rand_int_range (diary->random, 0, 4) > 0)
    rafilm_edit_set (edit, "d", id, "rating",
                     rafilm_wire_int (g_rand_int_range (diary->random, 1, 11)));
  rafilm_edit_set (edit, "d", id, "finished", rafilm_wire_bool (true));
  if (g_rand_int_range (diary->random, 0, 5) == 0)
    {
      g_autofree char *text = make_review (diary->random);

      rafilm_edit_set (edit, "d", id, "rv", rafilm_wire_review (text, false, NULL));
    }
  g_ptr_array_add (diary->ids, id);
}

static void
log_viewings (Diary *diary, guint count)
{
  while (count > 0)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Log");

      for (guint i = 0; i < EDIT_VIEWINGS && count > 0; i++, count--)
        add_viewing (diary, edit);
      bench_await (rafilm_store_apply (diary->here->store, edit));
    }
}

static void
rate_viewings (RafilmStore *store, Diary *diary, guint first, guint count, int rating)
{
  for (guint done = 0; done < count;)
    {
      g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Rate");

      for (guint i = 0; i < EDIT_VIEWINGS && done < count; i++, done++)
        rafilm_edit_set (edit, "d", g_ptr_array_index (diary->ids, first + done), "rating",
                         rafilm_wire_int (rating));
      bench_await (rafilm_store_apply (store, edit));
    }
}

/* For the peer: what a document of each viewing would hold. */

typedef struct
{
  GString *text;
} Dump;

static void
dump_work (RafilmMirror *mirror, gpointer data)
{
  g_autoptr (RafilmStatement) query = rafilm_database_query (
      mirror->db,
      "SELECT json_object ('_id', id, 'film', film, 'on', watched_on, 'rating', rating,"
      " 'finished', json (CASE WHEN finished THEN 'true' ELSE 'false' END), 'review', review)"
      " FROM viewing",
      "");

  while (rafilm_database_next (mirror->db, query))
    g_string_append_printf (((Dump *) data)->text, "%s\n", rafilm_statement_text (query, 0));
}

static void
dump_reply (RafilmStore *store, gpointer data, DexPromise *promise)
{
  dex_promise_resolve_boolean (promise, TRUE);
}

static void
dump_viewings (Diary *diary, const char *path)
{
  Dump dump = { g_string_new (NULL) };

  bench_await (rafilm_store_read (diary->here->store, dump_work, dump_reply, &dump, NULL));
  if (!g_file_set_contents (path, dump.text->str, (gssize) dump.text->len, NULL))
    g_error ("%s cannot be written", path);
  g_string_free (dump.text, TRUE);
}

/* First push and first pull */

static BenchComputer *
new_computer (Diary *diary, const char *where)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", where, diary->n);

  return bench_computer_new (diary->cloud, name, diary->email);
}

static void
push (Diary *diary, guint counted)
{
  RafilmBenchWireFigures wire = { 0 };
  RafilmMeterFigures meter = { 0 };
  double began = 0;

  log_viewings (diary, diary->n - counted);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  rafilm_meter_take (diary->cloud->meter, &meter);
  began = wall_ms ();
  bench_computer_sync (diary->here);
  print (diary, "push_wall_ms", wall_ms () - began);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  rafilm_meter_take (diary->cloud->meter, &meter);
  print (diary, "push_requests", wire.requests);
  print (diary, "push_bytes", (double) (wire.sent + wire.received));
  print (diary, "push_emulator_ms", meter.emulator_ms);
}

/* Apart, since counting asks the emulator for each item before and after. */
static void
push_counted (Diary *diary, guint count)
{
  RafilmBenchWireFigures wire = { 0 };
  RafilmMeterFigures meter = { 0 };

  log_viewings (diary, count);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  rafilm_meter_set_counting (diary->cloud->meter, TRUE);
  rafilm_meter_take (diary->cloud->meter, &meter);
  bench_computer_sync (diary->here);
  rafilm_meter_take (diary->cloud->meter, &meter);
  rafilm_meter_set_counting (diary->cloud->meter, FALSE);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  print (diary, "push_batches_counted", wire.requests);
  print (diary, "push_write_units_per_viewing", meter.capacity.writes / count);
  print (diary, "push_read_units_per_viewing", meter.capacity.reads / count);
  print (diary, "push_write_units_per_batch", meter.capacity.writes / wire.requests);
}

typedef struct
{
  double began;
  double first; /* until something showed */
} Watch;

static void
first_change_cb (RafilmStore *store, RafilmStoreChange *change, Watch *watch)
{
  if (watch->first == 0 && (change->kinds & RAFILM_STORE_CHANGE_VIEWINGS) != 0)
    watch->first = wall_ms () - watch->began;
}

static void
pull (Diary *diary, BenchPull *ret_pull)
{
  RafilmBenchWireFigures wire = { 0 };
  RafilmMeterFigures meter = { 0 };
  Watch watch = { 0 };
  double cpu = 0;
  gulong handler = 0;

  diary->there = new_computer (diary, "there");
  handler = g_signal_connect (diary->there->store, "changed", G_CALLBACK (first_change_cb), &watch);
  rafilm_meter_take (diary->cloud->meter, &meter);
  cpu = cpu_ms ();
  watch.began = wall_ms ();
  bench_computer_sync (diary->there);
  ret_pull->pull_ms = wall_ms () - watch.began;
  ret_pull->cpu_ms = cpu_ms () - cpu;
  print (diary, "pull_cpu_ms", ret_pull->cpu_ms);
  g_signal_handler_disconnect (diary->there->store, handler);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  rafilm_meter_take (diary->cloud->meter, &meter);
  ret_pull->pull_bytes = wire.sent + wire.received;
  ret_pull->pull_requests = wire.requests;
  ret_pull->emulator_ms = meter.emulator_ms;
  print (diary, "pull_wall_ms", ret_pull->pull_ms);
  print (diary, "pull_first_rows_ms", watch.first);
  print (diary, "pull_emulator_ms", meter.emulator_ms);
  print (diary, "pull_requests", wire.requests);
  print (diary, "pull_bytes", (double) ret_pull->pull_bytes);
}

/* One change, until another computer shows it */

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

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static void
wait_for_sockets (Diary *diary)
{
  while (!rafilm_socket_get_connected (diary->here->socket)
         || !rafilm_socket_get_connected (diary->there->socket))
    dex_await (dex_timeout_new_msec (20), NULL);
  dex_await (dex_timeout_new_msec (500), NULL);
}

static void
wait_for_peace (Diary *diary)
{
  while (rafilm_sync_engine_get_state (diary->here->engine) != RAFILM_SYNC_SYNCED
         || rafilm_sync_engine_get_state (diary->there->engine) != RAFILM_SYNC_SYNCED
         || rafilm_sync_engine_get_pending (diary->here->engine) > 0)
    dex_await (dex_timeout_new_msec (20), NULL);
}

static void
print_one_change (Diary *diary, const double *from_edit, const double *from_request)
{
  RafilmBenchWireFigures wire = { 0 };

  rafilm_bench_wire_take (diary->here->wire, &wire);
  print (diary, "change_requests", (double) wire.requests / CHANGES);
  print (diary, "change_bytes", (double) (wire.sent + wire.received) / CHANGES);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  print (diary, "change_there_requests", (double) wire.requests / CHANGES);
  print (diary, "change_there_bytes", (double) (wire.sent + wire.received) / CHANGES);
  print (diary, "change_seen_after_edit_ms", from_edit[CHANGES / 2]);
  print (diary, "change_seen_after_request_ms", from_request[CHANGES / 2]);
}

static void
change_one_by_one (Diary *diary)
{
  RafilmBenchWireFigures wire = { 0 };
  double from_edit[CHANGES];
  double from_request[CHANGES];
  Sight sight = { 0 };
  gulong handler = 0;

  handler = g_signal_connect (diary->there->store, "changed", G_CALLBACK (seen_cb), &sight);
  rafilm_bench_wire_take (diary->here->wire, &wire);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  for (guint i = 0; i < CHANGES; i++)
    {
      double began = wall_ms ();

      sight.seen = dex_promise_new ();
      rate_viewings (diary->here->store, diary, i, 1, 1 + (int) i % 9);
      dex_await (dex_ref (DEX_FUTURE (sight.seen)), NULL);
      from_edit[i] = wall_ms () - began;
      from_request[i] = wall_ms () - (double) rafilm_bench_wire_get_last (diary->here->wire) / 1e3;
      dex_clear (&sight.seen);
      wait_for_peace (diary);
    }
  g_signal_handler_disconnect (diary->there->store, handler);
  qsort (from_edit, CHANGES, sizeof *from_edit, compare_doubles);
  qsort (from_request, CHANGES, sizeof *from_request, compare_doubles);
  print_one_change (diary, from_edit, from_request);
}

static void
change_counted (Diary *diary)
{
  RafilmMeterFigures meter = { 0 };

  rate_viewings (diary->here->store, diary, 0, 1, 10);
  rafilm_meter_set_counting (diary->cloud->meter, TRUE);
  rafilm_meter_take (diary->cloud->meter, &meter);
  bench_computer_sync (diary->here);
  rafilm_meter_take (diary->cloud->meter, &meter);
  rafilm_meter_set_counting (diary->cloud->meter, FALSE);
  print (diary, "change_write_units", meter.capacity.writes);
  print (diary, "change_read_units", meter.capacity.reads);
}

static void
idle (Diary *diary)
{
  RafilmBenchWireFigures here = { 0 };
  RafilmBenchWireFigures there = { 0 };

  wait_for_peace (diary);
  rafilm_bench_wire_take (diary->here->wire, &here);
  rafilm_bench_wire_take (diary->there->wire, &there);
  dex_await (dex_timeout_new_seconds (IDLE_SECONDS), NULL);
  rafilm_bench_wire_take (diary->here->wire, &here);
  rafilm_bench_wire_take (diary->there->wire, &there);
  print (diary, "idle_requests", here.requests + there.requests);
}

/* A year away: both have changed half of the same viewings. */
static void
come_back (Diary *diary)
{
  RafilmBenchWireFigures wire = { 0 };
  RafilmMeterFigures meter = { 0 };
  double began = 0;
  double cpu = 0;

  rate_viewings (diary->here->store, diary, 0, AWAY, 3);
  bench_computer_sync (diary->here);
  rate_viewings (diary->there->store, diary, AWAY / 2, AWAY, 4);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  rafilm_meter_take (diary->cloud->meter, &meter);
  cpu = cpu_ms ();
  began = wall_ms ();
  bench_computer_sync (diary->there);
  print (diary, "away_wall_ms", wall_ms () - began);
  print (diary, "away_cpu_ms", cpu_ms () - cpu);
  rafilm_bench_wire_take (diary->there->wire, &wire);
  rafilm_meter_take (diary->cloud->meter, &meter);
  print (diary, "away_emulator_ms", meter.emulator_ms);
  print (diary, "away_requests", wire.requests);
  print (diary, "away_bytes", (double) (wire.sent + wire.received));
}

static void
measure_steady (Diary *diary)
{
  change_counted (diary);
  rafilm_sync_engine_start (diary->here->engine);
  rafilm_sync_engine_start (diary->there->engine);
  wait_for_sockets (diary);
  wait_for_peace (diary);
  change_one_by_one (diary);
  idle (diary);
  rafilm_sync_engine_stop (diary->here->engine);
  rafilm_sync_engine_stop (diary->there->engine);
}

void
bench_sync_loopback (BenchCloud *cloud, guint n_viewings, const char *dump, BenchPull *ret_pull)
{
  Diary diary = { .cloud = cloud, .n = n_viewings };

  diary.email = g_strdup_printf ("bench%u@example.org", n_viewings);
  diary.ids = g_ptr_array_new_with_free_func (g_free);
  diary.random = g_rand_new_with_seed (n_viewings);
  bench_cloud_sign_up (cloud, diary.email);
  diary.here = new_computer (&diary, "here");
  push (&diary, COUNTED);
  push_counted (&diary, COUNTED);
  if (dump != NULL)
    dump_viewings (&diary, dump);
  pull (&diary, ret_pull);
  if (n_viewings <= SMALL)
    measure_steady (&diary);
  else if (n_viewings <= LARGE)
    come_back (&diary);
  bench_computer_free (diary.here);
  bench_computer_free (diary.there);
  g_rand_free (diary.random);
  g_ptr_array_unref (diary.ids);
  g_free (diary.email);
}
