/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a run is made from. */

#pragma once

#include <glib.h>

typedef struct
{
  guint64 seed;
  guint devices;      /* 0 = as the seed says */
  guint max_steps;    /* 0 = as the seed says */
  guint cut;          /* 0 = by chance; else the power is cut before this write, and then only */
  const char *mutant; /* nullable: a rule that is switched off */
  GArray *left_out;   /* nullable: guint, the steps that are left out, in order */
} SimPlan;

gboolean sim_plan_leaves_out (const SimPlan *self, guint step);

/* Steps as "3-10,15". */
char *sim_plan_format_steps (const GArray *steps);
GArray *sim_plan_parse_steps (const char *text);
