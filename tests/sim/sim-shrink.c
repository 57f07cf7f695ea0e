/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-shrink.h"

#include "sim-run.h"

#define MAX_TRIES 400
#define MAX_STEPS 400
#define SAME 3 /* bytes that name an invariant */

typedef struct
{
  SimPlan plan;
  gboolean without[MAX_STEPS];
  guint tries;
  char *fault;
} Shrink;

static GArray *
list_left_out (const gboolean *without, guint n)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < n; i++)
    if (without[i])
      g_array_append_val (steps, i);
  return steps;
}

static gboolean
still_fails (Shrink *self)
{
  g_autoptr (GArray) steps = list_left_out (self->without, self->plan.max_steps);
  SimPlan plan = self->plan;
  char *fault;

  if (self->tries >= MAX_TRIES)
    return FALSE;
  self->tries++;
  plan.left_out = steps;
  fault = sim_run_one (&plan, NULL);
  /* Another fault would be another story. */
  if (fault == NULL || (self->fault != NULL && strncmp (fault, self->fault, SAME) != 0))
    {
      g_free (fault);
      return FALSE;
    }
  g_free (self->fault);
  self->fault = fault;
  return TRUE;
}

/* Fewer computers; the others then act differently, which may fail or not. */
static void
drop_devices (Shrink *self)
{
  for (guint n = 2; n <= 4; n++)
    {
      guint before = self->plan.devices;

      self->plan.devices = n;
      if (still_fails (self))
        return;
      self->plan.devices = before;
    }
}

static void
drop_end (Shrink *self)
{
  for (guint length = self->plan.max_steps; length > 1;)
    {
      guint before = self->plan.max_steps;

      self->plan.max_steps = before - MIN (length / 2, before - 1);
      if (!still_fails (self))
        {
          self->plan.max_steps = before;
          length /= 2;
        }
    }
}

/* Ranges of steps, ever smaller ones. */
static void
drop_ranges (Shrink *self)
{
  for (guint length = self->plan.max_steps / 2; length > 0; length /= 2)
    for (guint first = 0; first < self->plan.max_steps; first += length)
      {
        gboolean before[MAX_STEPS];

        memcpy (before, self->without, sizeof before);
        for (guint i = first; i < MIN (first + length, self->plan.max_steps); i++)
          self->without[i] = TRUE;
        if (memcmp (before, self->without, sizeof before) != 0 && !still_fails (self))
          memcpy (self->without, before, sizeof before);
      }
}

void
sim_shrink (const SimPlan *plan, const char *fault)
{
  Shrink self = { .plan = *plan, .fault = g_strdup (fault) };
  g_autoptr (GArray) steps = NULL;
  g_autofree char *text = NULL;

  self.plan.max_steps = plan->max_steps > 0 ? MIN (plan->max_steps, MAX_STEPS) : MAX_STEPS;
  g_print ("shrinking seed %" G_GUINT64_FORMAT "\n", plan->seed);
  drop_devices (&self);
  drop_end (&self);
  drop_ranges (&self);
  steps = list_left_out (self.without, self.plan.max_steps);
  text = sim_plan_format_steps (steps);
  g_print ("after %u runs, %u steps are left: %s\n", self.tries, self.plan.max_steps - steps->len,
           self.fault);
  g_print ("build-aux/dev shell build/tests/sim/%s --replay %" G_GUINT64_FORMAT
           " --devices %u --steps %u --cut %u%s%s\n",
           g_get_prgname (), plan->seed, self.plan.devices, self.plan.max_steps, self.plan.cut,
           *text != '\0' ? " --without " : "", text);
  g_free (self.fault);
}
