/* SPDX-License-Identifier: GPL-3.0-or-later */

/* rafilm-sim: many runs, one for each seed, and what did not hold in them. */

#include <locale.h>

#include "sim-mutants.h"
#include "sim-run.h"
#include "sim-shrink.h"

static gint64 first_seed = 1;
static int rounds = 100;
static int devices;
static int steps;
static int cut;
static int stride;
static int jobs;
static gint64 replay = -1;
static char *mutant;
static char *left_out;
static char *corpus;
static char *mutants;
static gboolean verbose;
static gboolean no_shrink;
static gboolean score;
static int report;

static const GOptionEntry options[] = {
  { "seed", 's', 0, G_OPTION_ARG_INT64, &first_seed, "The first seed", "S" },
  { "rounds", 'n', 0, G_OPTION_ARG_INT, &rounds, "How many seeds", "N" },
  { "devices", 'd', 0, G_OPTION_ARG_INT, &devices, "Computers; else the seed says", "D" },
  { "steps", 0, 0, G_OPTION_ARG_INT, &steps, "At most so many steps", "N" },
  { "replay", 'r', 0, G_OPTION_ARG_INT64, &replay, "Run one seed and tell its story", "SEED" },
  { "cut", 0, 0, G_OPTION_ARG_INT, &cut, "Cut the power before the Nth write only", "N" },
  { "cut-each", 0, 0, G_OPTION_ARG_INT, &stride,
    "Run --seed once for each Nth write, the power cut before it", "N" },
  { "without", 0, 0, G_OPTION_ARG_STRING, &left_out, "Leave steps out, as 3-10,15", "STEPS" },
  { "mutant", 'm', 0, G_OPTION_ARG_STRING, &mutant, "Break a rule; stop at the first fault",
    "NAME" },
  { "mutants", 0, 0, G_OPTION_ARG_FILENAME, &mutants,
    "Break each rule of a file, which names a seed that notices it", "FILE" },
  { "score", 0, 0, G_OPTION_ARG_NONE, &score,
    "With --mutants: break each rule with --rounds seeds, and count which notice", NULL },
  { "corpus", 0, 0, G_OPTION_ARG_FILENAME, &corpus, "Run the seeds of a file too", "FILE" },
  { "jobs", 'j', 0, G_OPTION_ARG_INT, &jobs, "Runs at a time", "N" },
  { "no-shrink", 0, 0, G_OPTION_ARG_NONE, &no_shrink, "Leave failing seeds as they are", NULL },
  { "report", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &report, NULL, "FD" },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Tell everything", NULL },
  { NULL },
};

typedef struct
{
  SimTally sum;
  guint runs;
  guint forks;
  guint restores;
  guint faults;
  gboolean stop;
  SimPlan failing; /* the first one */
  char *fault;
  gint64 begun;
} Summary;

static void
note_run (SimRun *run, gpointer data)
{
  Summary *summary = data;

  summary->runs++;
  if (run->fault == NULL)
    {
      summary->sum.steps += run->tally.steps;
      summary->sum.writes += run->tally.writes;
      summary->sum.devices += run->tally.devices;
      summary->sum.requests += run->tally.requests;
      summary->sum.versions += run->tally.versions;
      summary->sum.cuts += run->tally.cuts;
      summary->sum.soft += run->tally.soft;
      summary->forks += run->tally.forked;
      summary->restores += run->tally.restored;
      return;
    }
  if (summary->faults++ == 0)
    {
      summary->failing = run->plan;
      summary->fault = g_strdup (run->fault);
    }
  g_print ("seed %" G_GUINT64_FORMAT, run->plan.seed);
  if (run->plan.cut > 0)
    g_print (", cut before write %u", run->plan.cut);
  g_print (": %s\n", run->fault);
  /* Slowness is no proof that a broken rule is noticed. */
  summary->stop = mutant != NULL && !g_str_has_prefix (run->fault, SIM_HANGS);
}

static void
print_summary (const Summary *summary)
{
  double seconds = (double) (g_get_monotonic_time () - summary->begun) / G_USEC_PER_SEC;

  g_print ("%u seeds, %u with faults, %.1f s; %u computers, %u steps, %u requests, %u writes,"
           " %u versions, %u cuts, %u runs with a copied file and %u with a restored server,"
           " %u unfair choices there\n",
           summary->runs, summary->faults, seconds, summary->sum.devices, summary->sum.steps,
           summary->sum.requests, summary->sum.writes, summary->sum.versions, summary->sum.cuts,
           summary->forks, summary->restores, summary->sum.soft);
}

static char **
read_lines (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  return g_strsplit (text, "\n", -1);
}

/* Lines are a seed each; what follows a number sign is a remark. */
static void
add_corpus (GArray *plans)
{
  g_auto (GStrv) lines = read_lines (corpus);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_ascii_isdigit (lines[i][0]))
      {
        SimPlan plan = { .seed = g_ascii_strtoull (lines[i], NULL, 10), .mutant = mutant };

        g_array_append_val (plans, plan);
      }
}

static void
add_rounds (GArray *plans)
{
  for (int i = 0; i < rounds; i++)
    {
      SimPlan plan = { .seed = (guint64) first_seed + (guint64) i,
                       .devices = (guint) devices,
                       .max_steps = (guint) steps,
                       .mutant = mutant };

      g_array_append_val (plans, plan);
    }
}

/* The same run for every write, as many as a run without cuts has. */
static void
add_cuts (GArray *plans)
{
  SimPlan plan = { .seed = (guint64) first_seed,
                   .devices = (guint) devices,
                   .max_steps = (guint) steps,
                   .mutant = mutant,
                   .cut = G_MAXINT };
  SimTally tally;
  g_autofree char *fault = sim_run_one (&plan, &tally);

  if (fault != NULL)
    g_print ("without a cut: %s\n", fault);
  for (plan.cut = 1; plan.cut <= tally.disk_writes; plan.cut += (guint) stride)
    g_array_append_val (plans, plan);
}

static int
run_many (void)
{
  g_autoptr (GArray) plans = g_array_new (FALSE, FALSE, sizeof (SimPlan));
  Summary summary = { .begun = g_get_monotonic_time () };

  if (corpus != NULL)
    add_corpus (plans);
  if (stride > 0)
    add_cuts (plans);
  else
    add_rounds (plans);
  sim_run_all ((const SimPlan *) plans->data, plans->len, (guint) jobs, note_run, &summary,
               &summary.stop);
  print_summary (&summary);
  if (mutant != NULL)
    return summary.stop ? 0 : 1;
  if (summary.faults > 0 && !no_shrink)
    sim_shrink (&summary.failing, summary.fault);
  return summary.faults > 0;
}

static int
run_replay (void)
{
  SimPlan plan = { .seed = (guint64) replay,
                   .devices = (guint) devices,
                   .max_steps = (guint) steps,
                   .cut = (guint) cut,
                   .mutant = mutant,
                   .left_out = left_out != NULL ? sim_plan_parse_steps (left_out) : NULL };
  g_autofree char *fault = NULL;

  if (report > 0)
    sim_run_here (&plan, report);
  sim_is_verbose = TRUE;
  fault = sim_run_one (&plan, NULL);
  g_print ("%s\n", fault != NULL ? fault : "all holds");
  return fault != NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- simulate synchronisation");
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  if (jobs <= 0)
    jobs = (int) g_get_num_processors ();
  sim_is_verbose = verbose;
  if (mutants != NULL && score)
    return sim_mutants_score (mutants, (guint64) first_seed, (guint) rounds, (guint) jobs);
  if (mutants != NULL)
    return sim_mutants_run (mutants);
  return replay >= 0 ? run_replay () : run_many ();
}
