/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-mutants.h"

#include "sim-run.h"

typedef struct
{
  char *name;
  guint64 seed;
} Mutant;

static void
clear_mutant (gpointer data)
{
  g_free (((Mutant *) data)->name);
}

static GArray *
read_mutants (const char *path)
{
  GArray *mutants = g_array_new (FALSE, FALSE, sizeof (Mutant));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  g_array_set_clear_func (mutants, clear_mutant);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);
      Mutant mutant = { 0 };

      if (!g_ascii_isalpha (lines[i][0]) || g_strv_length (words) < 2)
        continue;
      mutant.name = g_strdup (words[0]);
      mutant.seed = g_ascii_strtoull (words[1], NULL, 10);
      g_array_append_val (mutants, mutant);
    }
  return mutants;
}

/* The rule is noticed by the seed, and the seed holds when no rule is broken. */
static gboolean
try_mutant (const Mutant *mutant)
{
  SimPlan plan = { .seed = mutant->seed, .mutant = mutant->name };
  g_autofree char *noticed = sim_run_one (&plan, NULL);
  g_autofree char *fault = NULL;

  plan.mutant = NULL;
  fault = sim_run_one (&plan, NULL);
  g_print ("%-12s seed %-8" G_GUINT64_FORMAT " %s\n", mutant->name, mutant->seed,
           noticed != NULL ? noticed : "NOT NOTICED");
  if (fault != NULL)
    g_print ("%-12s without it: %s\n", mutant->name, fault);
  return noticed != NULL && !g_str_has_prefix (noticed, SIM_HANGS) && fault == NULL;
}

int
sim_mutants_run (const char *path)
{
  g_autoptr (GArray) mutants = read_mutants (path);
  guint noticed = 0;

  for (guint i = 0; i < mutants->len; i++)
    noticed += try_mutant (&g_array_index (mutants, Mutant, i));
  g_print ("%u of %u broken rules are noticed\n", noticed, mutants->len);
  return noticed < mutants->len;
}

/* Slowness is no proof. */
static void
count_cb (SimRun *run, gpointer data)
{
  guint64 *faults = data;

  if (run->fault == NULL || g_str_has_prefix (run->fault, SIM_HANGS))
    return;
  if (faults[0]++ == 0 || run->plan.seed < faults[1])
    faults[1] = run->plan.seed;
}

static void
score_mutant (const char *name, guint64 first_seed, guint rounds, guint jobs)
{
  const gboolean stop = FALSE;
  g_autofree SimPlan *plans = g_new0 (SimPlan, rounds);
  guint64 faults[2] = { 0 }; /* how many, and the first seed */

  for (guint i = 0; i < rounds; i++)
    {
      plans[i].seed = first_seed + i;
      plans[i].mutant = name;
    }
  sim_run_all (plans, rounds, jobs, count_cb, faults, &stop);
  g_print ("%-12s %5" G_GUINT64_FORMAT " of %u", name, faults[0], rounds);
  if (faults[0] > 0)
    g_print (", first %" G_GUINT64_FORMAT, faults[1]);
  g_print ("\n");
}

int
sim_mutants_score (const char *path, guint64 first_seed, guint rounds, guint jobs)
{
  g_autoptr (GArray) mutants = read_mutants (path);

  g_print ("seeds from %" G_GUINT64_FORMAT " that notice\n", first_seed);
  for (guint i = 0; i < mutants->len; i++)
    score_mutant (g_array_index (mutants, Mutant, i).name, first_seed, rounds, jobs);
  return 0;
}
