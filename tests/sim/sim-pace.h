/* SPDX-License-Identifier: GPL-3.0-or-later */

/* I17: a computer asks for a reason, and not before its time; and I11: when it has a reason it
 * asks, not later than it must. What the engine should do is said here once more, from the
 * paragraph "When" of docs/sync.md. */

#pragma once

#include <glib.h>

/* What is known of one computer's reasons. Times are those of sim_now (). */
typedef struct
{
  guint index;
  gboolean begins;    /* the program has begun and not asked yet */
  gboolean goes_on;   /* the last answer said that there is more, or that something is wrong */
  gboolean is_asking; /* its exchange isn't over */
  gint64 hinted;      /* the newest head that it was told of */
  gint64 waiting;     /* since when edits wait; 0 = none does */
  gint64 told;        /* since when it knows of something newer; 0 = it doesn't */
  gint64 began;       /* its last exchange */
  gint64 ended;
  guint failures; /* in a row */
  char *batch;    /* that was answered last */
  guint requests;
} SimPace;

/* It asks now, from `cursor`, with a batch or without. Ends the process when it should not. */
void sim_pace_ask (SimPace *self, gint64 cursor, const char *batch);
/* It got an answer; `more`: it is to ask again at once. */
void sim_pace_answer (SimPace *self, const char *batch, gboolean more);
/* It got none, or that the service has no time. */
void sim_pace_fail (SimPace *self);
/* It was told of `head`, while it has everything up to `cursor`. */
void sim_pace_hint (SimPace *self, gint64 head, gint64 cursor);
/* Its exchange is over or not; so much waits, and it has everything up to `cursor`. */
void sim_pace_rest (SimPace *self, gboolean is_asking, guint pending, gint64 cursor);
/* Ends the process when it should have asked by now. */
void sim_pace_check (const SimPace *self);
