/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-mix.h"

#include "sim-random.h"

#define STREAM G_GUINT64_CONSTANT (0x6d69780000000541) /* no step has this number */

static const SimMix usual = {
  .acts = {
    [SIM_LOG] = 18, [SIM_CHANGE_VIEWING] = 32, [SIM_MARK_FILM] = 11, [SIM_MARK_WATCHLIST] = 8,
    [SIM_CREATE_LIST] = 5, [SIM_CHANGE_LIST] = 15, [SIM_CHANGE_PROFILE] = 3,
    [SIM_SETTLE_VERSION] = 2, [SIM_RESTORE] = 3, [SIM_REVERT] = 3,
  },
  .faults = {
    [SIM_KILL] = 50, [SIM_STEP_CLOCK] = 10, [SIM_PURGE] = 10, [SIM_BACK_UP] = 8,
    [SIM_PUT_BACK] = 6, [SIM_COPY] = 4, [SIM_BACK_UP_SERVER] = 6, [SIM_RESTORE_SERVER] = 6,
  },
  .steps = { [SIM_PERSON] = 38, [SIM_SYNC] = 17, [SIM_NETWORK] = 38, [SIM_FAULT] = 7 },
  .duplicates = 120,
  .shortening = 1,
};

/* Everyone at one record: edits, deletions and an emptied Trash meet. */
static const SimMix grave = {
  .acts = { [SIM_LOG] = 5, [SIM_CHANGE_VIEWING] = 90, [SIM_RESTORE] = 5 },
  .faults = { [SIM_KILL] = 10, [SIM_PURGE] = 90 },
  .steps = { [SIM_PERSON] = 38, [SIM_SYNC] = 14, [SIM_NETWORK] = 26, [SIM_FAULT] = 22 },
  .crowding = 980,
  .duplicates = 250,
  .shortening = 3,
};

/* Everyone at one text. */
static const SimMix prose = {
  .acts = { [SIM_MARK_WATCHLIST] = 20, [SIM_CHANGE_PROFILE] = 75, [SIM_SETTLE_VERSION] = 5 },
  .faults = { [SIM_KILL] = 90, [SIM_PURGE] = 10 },
  .steps = { [SIM_PERSON] = 60, [SIM_SYNC] = 14, [SIM_NETWORK] = 24, [SIM_FAULT] = 2 },
  .crowding = 980,
  .duplicates = 250,
  .shortening = 3,
};

/* The server is restored again and again. */
static const SimMix restored = {
  .acts = { [SIM_LOG] = 30,
            [SIM_CHANGE_VIEWING] = 30,
            [SIM_MARK_FILM] = 20,
            [SIM_MARK_WATCHLIST] = 20 },
  .faults = { [SIM_KILL] = 10,
              [SIM_PURGE] = 5,
              [SIM_BACK_UP_SERVER] = 45,
              [SIM_RESTORE_SERVER] = 40 },
  .steps = { [SIM_PERSON] = 30, [SIM_SYNC] = 22, [SIM_NETWORK] = 38, [SIM_FAULT] = 10 },
  .duplicates = 120,
  .shortening = 2,
  .restores = TRUE,
};

static SimMix mix;

static void
vary (guint *weights, guint n)
{
  static const guint factors[] = { 0, 1, 1, 5 };

  for (guint i = 0; i < n; i++)
    weights[i] *= factors[sim_random_pick (G_N_ELEMENTS (factors))];
}

static void
vary_all (void)
{
  static const int crowding[] = { 0, 500, 900, 980 };

  vary (mix.acts, SIM_N_ACTS);
  vary (mix.faults, SIM_N_FAULTS);
  mix.acts[SIM_LOG] = MAX (mix.acts[SIM_LOG], 3);
  mix.faults[SIM_KILL] = MAX (mix.faults[SIM_KILL], 5);
  mix.steps[SIM_FAULT] *= sim_random_strikes (300) ? 3 : 1;
  mix.duplicates = sim_random_strikes (300) ? 400 : mix.duplicates;
  mix.shortening = (guint) (1 + sim_random_pick (4));
  mix.crowding = crowding[sim_random_pick (G_N_ELEMENTS (crowding))];
}

void
sim_mix_choose (guint64 seed)
{
  int which;

  mix = usual;
  sim_random_begin_step (seed, STREAM);
  if (sim_random_strikes (500))
    return;
  which = sim_random_pick (10);
  if (which < 3)
    mix = grave;
  else if (which < 5)
    mix = prose;
  else if (which < 7)
    mix = restored;
  else
    vary_all ();
}

const SimMix *
sim_mix_get (void)
{
  return &mix;
}

guint
sim_mix_pick (const guint *weights, guint n)
{
  guint sum = 0;
  guint left;
  guint i = 0;

  for (guint k = 0; k < n; k++)
    sum += weights[k];
  left = (guint) sim_random_pick ((int) sum);
  while (left >= weights[i])
    left -= weights[i++];
  return i;
}
