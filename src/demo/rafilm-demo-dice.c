/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-demo-dice.h"

#include <math.h>

typedef struct
{
  double key;
  guint index;
} Ticket;

gboolean
rafilm_demo_dice_chance (GRand *rand, double p)
{
  return g_rand_double (rand) < p;
}

double
rafilm_demo_dice_normal (GRand *rand)
{
  double u = 1 - g_rand_double (rand);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * g_rand_double (rand));
}

static int
compare_tickets (gconstpointer a, gconstpointer b)
{
  const Ticket *x = a;
  const Ticket *y = b;

  if (x->key != y->key)
    return x->key > y->key ? -1 : 1;

  return (x->index > y->index) - (x->index < y->index);
}

GArray *
rafilm_demo_dice_draw (GRand *rand, const double *logits, guint n, guint count)
{
  g_autoptr (GArray) tickets = g_array_sized_new (FALSE, FALSE, sizeof (Ticket), n);
  GArray *drawn = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < n; i++)
    {
      double noise = -log (-log (g_rand_double_range (rand, 1e-12, 1)));
      Ticket ticket = { logits[i] + noise, i };

      if (isfinite (logits[i]))
        g_array_append_val (tickets, ticket);
    }
  g_array_sort (tickets, compare_tickets);
  for (guint i = 0; i < tickets->len && i < count; i++)
    g_array_append_val (drawn, g_array_index (tickets, Ticket, i).index);

  return drawn;
}

guint
rafilm_demo_dice_pick (GRand *rand, const double *weights, guint n)
{
  double sum = 0;
  double mark;

  g_return_val_if_fail (n > 0, 0);

  for (guint i = 0; i < n; i++)
    sum += weights[i];
  mark = g_rand_double (rand) * sum;
  for (guint i = 0; i < n; i++)
    {
      mark -= weights[i];
      if (mark < 0)
        return i;
    }

  return n - 1;
}
