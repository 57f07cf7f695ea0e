/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-run.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "rafilm-wire-mutant.h"
#include "sim-disk.h"
#include "sim-random.h"
#include "sim-world.h"

/* Of one run, whose computing takes less than one; on a busy machine it may wait long. */
#define MAX_CPU_SECONDS 60
#define MAX_SECONDS 240
#define MAX_FAULT 8000
#define REPORT 9 /* the descriptor that a run reports to */

SimTally sim_tally;
gboolean sim_is_verbose;
gboolean sim_may_cut;
guint sim_cut;

static const char *mutant; /* nullable: the rule that is broken */
static int report = -1;    /* to the process that began this one */
static GMainLoop *loop;

bool
rafilm_mutant (const char *name)
{
  return mutant != NULL && g_str_equal (mutant, name);
}

/* The run's side */

static void G_NORETURN
end_run (const void *data, gsize size, int status)
{
  fflush (stdout);
  if (write (report, data, size) != (gssize) size)
    status = 2;
  _exit (status);
}

void
sim_fail (const char *format, ...)
{
  char text[MAX_FAULT];
  va_list args;

  va_start (args, format);
  g_vsnprintf (text, sizeof text, format, args);
  va_end (args);
  end_run (text, strlen (text), 1);
}

void
sim_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  if (!sim_tally.forked && !sim_tally.restored)
    sim_fail ("%s", text);
  sim_say ("not counted: %s", text);
  sim_tally.soft++;
}

void
sim_say (const char *format, ...)
{
  va_list args;

  if (!sim_is_verbose)
    return;
  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
}

/* A warning of the program is a fault; above all the one that the digest differs. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    for (gsize i = 0; i < n_fields; i++)
      if (g_str_equal (fields[i].key, "MESSAGE"))
        {
          const char *text = fields[i].value;

          sim_fail ("%s%s", strstr (text, "what the server has") != NULL ? "I9 " : "", text);
        }
  return G_LOG_WRITER_HANDLED;
}

static DexFuture *
world_fiber (gpointer data)
{
  sim_world_run (data);
  g_main_loop_quit (loop);
  return dex_future_new_true ();
}

void
sim_run_here (const SimPlan *plan, int fd)
{
  const struct rlimit limit = { MAX_CPU_SECONDS, MAX_CPU_SECONDS + 5 };

  report = fd;
  sim_cut = plan->cut;
  mutant = plan->mutant;
  setrlimit (RLIMIT_CPU, &limit);
  alarm (MAX_SECONDS);
  g_log_set_writer_func (write_log, NULL, NULL);
  sim_random_begin_step (0, 0);
  sim_disk_install ();
  sim_device_prepare ();
  rafilm_id_set_random (sim_random_fill);
  loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (rafilm_spawn (world_fiber, (gpointer) plan, NULL));
  g_main_loop_run (loop);
  sim_tally.disk_writes = sim_disk_count_writes ();
  end_run (&sim_tally, sizeof sim_tally, 0);
}

/* The other side */

typedef struct
{
  SimRun run;
  pid_t process;
  int pipe;
} Slot;

static void
add_option (GPtrArray *arguments, const char *name, char *value)
{
  g_ptr_array_add (arguments, g_strconcat (name, "=", value, NULL));
  g_free (value);
}

/* This program again, for one run. */
static char **
make_arguments (const SimPlan *plan, int report_to)
{
  GPtrArray *arguments = g_ptr_array_new ();

  g_ptr_array_add (arguments, g_strdup (g_get_prgname ()));
  add_option (arguments, "--replay", g_strdup_printf ("%" G_GUINT64_FORMAT, plan->seed));
  add_option (arguments, "--devices", g_strdup_printf ("%u", plan->devices));
  add_option (arguments, "--steps", g_strdup_printf ("%u", plan->max_steps));
  add_option (arguments, "--cut", g_strdup_printf ("%u", plan->cut));
  add_option (arguments, "--report", g_strdup_printf ("%d", report_to));
  if (plan->left_out != NULL && plan->left_out->len > 0)
    add_option (arguments, "--without", sim_plan_format_steps (plan->left_out));
  if (plan->mutant != NULL)
    add_option (arguments, "--mutant", g_strdup (plan->mutant));
  if (sim_is_verbose)
    g_ptr_array_add (arguments, g_strdup ("--verbose"));
  g_ptr_array_add (arguments, NULL);
  return (char **) g_ptr_array_free (arguments, FALSE);
}

static void
begin (Slot *slot, const SimPlan *plan)
{
  g_auto (GStrv) arguments = NULL;
  posix_spawn_file_actions_t actions;
  int ends[2];

  slot->run = (SimRun) { .plan = *plan };
  if (!g_unix_open_pipe (ends, O_CLOEXEC, NULL))
    g_error ("No pipe");
  fflush (stdout);
  arguments = make_arguments (plan, REPORT);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, ends[1], REPORT);
  if (posix_spawn (&slot->process, "/proc/self/exe", &actions, NULL, arguments, environ) != 0)
    g_error ("No process");
  posix_spawn_file_actions_destroy (&actions);
  close (ends[1]);
  slot->pipe = ends[0];
}

static gboolean
is_hang (int number)
{
  return number == SIGALRM || number == SIGXCPU;
}

static void
finish (Slot *slot, int status)
{
  char text[MAX_FAULT + 1];
  gssize length = read (slot->pipe, text, MAX_FAULT);

  close (slot->pipe);
  slot->process = 0;
  if (WIFSIGNALED (status))
    slot->run.fault =
        g_strdup_printf ("%s (signal %d)", is_hang (WTERMSIG (status)) ? SIM_HANGS : "it crashed",
                         WTERMSIG (status));
  else if (WEXITSTATUS (status) == 0 && length == sizeof slot->run.tally)
    memcpy (&slot->run.tally, text, sizeof slot->run.tally);
  else
    slot->run.fault = g_strndup (text, (gsize) MAX (length, 0));
}

/* What else runs is of no interest any more. */
static void
kill_all (Slot *slots, guint jobs)
{
  for (guint i = 0; i < jobs; i++)
    if (slots[i].process > 0)
      {
        kill (slots[i].process, SIGKILL);
        waitpid (slots[i].process, NULL, 0);
        close (slots[i].pipe);
      }
}

void
sim_run_all (const SimPlan *plans, guint n_plans, guint jobs, SimRunDone done, gpointer data,
             const gboolean *stop)
{
  g_autofree Slot *slots = g_new0 (Slot, jobs);
  guint next = 0;
  guint running = 0;

  for (;;)
    {
      pid_t process;
      int status;

      for (guint i = 0; i < jobs; i++)
        if (slots[i].process == 0 && next < n_plans && !*stop)
          {
            begin (&slots[i], &plans[next++]);
            running++;
          }
      if (running == 0)
        break;
      if (*stop)
        {
          kill_all (slots, jobs);
          break;
        }
      process = waitpid (-1, &status, 0);
      for (guint i = 0; i < jobs; i++)
        if (slots[i].process == process)
          {
            finish (&slots[i], status);
            running--;
            done (&slots[i].run, data);
            g_free (slots[i].run.fault);
          }
    }
}

static void
keep_run (SimRun *run, gpointer data)
{
  *(SimRun *) data = *run;
  run->fault = NULL;
}

char *
sim_run_one (const SimPlan *plan, SimTally *ret_tally)
{
  const gboolean stop = FALSE;
  SimRun run = { 0 };

  sim_run_all (plan, 1, 1, keep_run, &run, &stop);
  if (ret_tally != NULL)
    *ret_tally = run.tally;
  return run.fault;
}
