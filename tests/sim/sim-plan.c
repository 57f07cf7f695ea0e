/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-plan.h"

gboolean
sim_plan_leaves_out (const SimPlan *self, guint step)
{
  for (guint i = 0; self->left_out != NULL && i < self->left_out->len; i++)
    if (g_array_index (self->left_out, guint, i) == step)
      return TRUE;
  return FALSE;
}

char *
sim_plan_format_steps (const GArray *steps)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++)
    {
      guint first = g_array_index (steps, guint, i);
      guint last = first;

      while (i + 1 < steps->len && g_array_index (steps, guint, i + 1) == last + 1)
        last = g_array_index (steps, guint, ++i);
      g_string_append_printf (text, "%s%u", text->len > 0 ? "," : "", first);
      if (last > first)
        g_string_append_printf (text, "-%u", last);
    }
  return g_string_free (text, FALSE);
}

GArray *
sim_plan_parse_steps (const char *text)
{
  g_auto (GStrv) ranges = g_strsplit (text, ",", -1);
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; ranges[i] != NULL; i++)
    {
      char *end;
      guint first = (guint) g_ascii_strtoull (ranges[i], &end, 10);
      guint last = *end == '-' ? (guint) g_ascii_strtoull (end + 1, NULL, 10) : first;

      for (guint step = first; step <= last; step++)
        g_array_append_val (steps, step);
    }
  return steps;
}
