/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-random.h"

static guint64 state;

/* SplitMix64 (Steele, Lea, Flood 2014). */
guint64
sim_random_next (void)
{
  guint64 z = state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void
sim_random_begin_step (guint64 seed, guint64 step)
{
  state = seed;
  state = sim_random_next () ^ step * G_GUINT64_CONSTANT (0xd1342543de82ef95);
  g_random_set_seed ((guint32) sim_random_next ());
}

int
sim_random_pick (int n)
{
  g_assert (n > 0);
  return (int) (sim_random_next () % (guint64) n);
}

gboolean
sim_random_strikes (int permille)
{
  return sim_random_pick (1000) < permille;
}

void
sim_random_fill (guint8 *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (sim_random_next () >> 24);
}
