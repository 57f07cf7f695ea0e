/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What people do and what goes wrong in a run, and how often. Half of the runs have the usual mix.
 * In the others everyone is at one record, or the server is restored again and again, or chance
 * leaves things out and does others far more often, so that what takes several rare things at once
 * happens too (swarm testing: Groce and others, 2012). */

#pragma once

#include <glib.h>

typedef enum
{
  SIM_LOG,
  SIM_CHANGE_VIEWING,
  SIM_MARK_FILM,
  SIM_MARK_WATCHLIST,
  SIM_CREATE_LIST,
  SIM_CHANGE_LIST,
  SIM_CHANGE_PROFILE,
  SIM_SETTLE_VERSION,
  SIM_RESTORE,
  SIM_REVERT,
  SIM_N_ACTS,
} SimAct;

typedef enum
{
  SIM_KILL,
  SIM_STEP_CLOCK,
  SIM_PURGE,
  SIM_BACK_UP,
  SIM_PUT_BACK,
  SIM_COPY,
  SIM_BACK_UP_SERVER,
  SIM_RESTORE_SERVER,
  SIM_N_FAULTS,
} SimFault;

typedef enum
{
  SIM_PERSON,
  SIM_SYNC,
  SIM_NETWORK,
  SIM_FAULT,
  SIM_N_STEPS,
} SimStep;

typedef struct
{
  guint acts[SIM_N_ACTS];
  guint faults[SIM_N_FAULTS];
  guint steps[SIM_N_STEPS];
  int crowding;      /* of 1000 choices among records, so many fall on the first one */
  int duplicates;    /* of 1000 messages, so many come again */
  guint shortening;  /* a run has so many times fewer steps: what happens early is not covered up */
  gboolean restores; /* the server may be restored, whatever else is chosen */
} SimMix;

/* Chooses the mix of a run, from its seed alone. */
void sim_mix_choose (guint64 seed);
const SimMix *sim_mix_get (void);

/* One of `n` things, each as often as its weight says. */
guint sim_mix_pick (const guint *weights, guint n);
