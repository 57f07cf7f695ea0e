/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-run.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rafilm-id.h"
#include "rafilm-spawn.h"
#include "sim-disk.h"
#include "sim-random.h"

#define MAX_SECONDS 60
#define MAX_FAULT 8000

SimTally sim_tally;
gboolean sim_is_verbose;
gboolean sim_may_cut;

static int report = -1; /* to the process that began this one */
static GMainLoop *loop;

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

static void G_NORETURN
run_here (SimPlan *plan, int pipe)
{
  report = pipe;
  alarm (MAX_SECONDS);
  g_log_set_writer_func (write_log, NULL, NULL);
  rafilm_id_set_random (sim_random_fill);
  dex_init ();
  loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (rafilm_spawn (world_fiber, plan, NULL));
  g_main_loop_run (loop);
  end_run (&sim_tally, sizeof sim_tally, 0);
}

/* The other side */

typedef struct
{
  SimRun run;
  pid_t process;
  int pipe;
} Slot;

void
sim_run_prepare (void)
{
  sim_random_begin_step (0, 0);
  sim_disk_install ();
  sim_device_prepare ();
}

static void
begin (Slot *slot, const SimPlan *plan)
{
  int ends[2];

  slot->run = (SimRun) { .plan = *plan };
  if (pipe (ends) != 0)
    g_error ("No pipe");
  fflush (stdout);
  slot->process = fork ();
  if (slot->process < 0)
    g_error ("No process");
  if (slot->process == 0)
    {
      close (ends[0]);
      run_here (&slot->run.plan, ends[1]);
    }
  close (ends[1]);
  slot->pipe = ends[0];
}

static void
finish (Slot *slot, int status)
{
  char text[MAX_FAULT + 1];
  gssize length = read (slot->pipe, text, MAX_FAULT);

  close (slot->pipe);
  slot->process = 0;
  if (WIFSIGNALED (status))
    slot->run.fault = g_strdup_printf ("%s (signal %d)",
                                       WTERMSIG (status) == SIGALRM ? "I11 it hangs" : "it crashed",
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
keep_fault (SimRun *run, gpointer data)
{
  *(char **) data = g_steal_pointer (&run->fault);
}

char *
sim_run_one (const SimPlan *plan)
{
  const gboolean stop = FALSE;
  char *fault = NULL;

  sim_run_all (plan, 1, 1, keep_fault, &fault, &stop);
  return fault;
}
