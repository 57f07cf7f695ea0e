/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-pace.h"

#include "sim-report.h"

#define EDIT 100       /* from an edit to its being sent */
#define GATHERED 2000  /* between the beginnings of two exchanges for edits */
#define HINT 50        /* from a hint to the question */
#define POLL 3600000   /* without a reason */
#define FIRST 5000     /* after a failure; doubled with each, and half of it random */
#define LONGEST 900000 /* after many */

static gint64
retry_delay (guint failures)
{
  gint64 delay = FIRST;

  while (--failures > 0 && delay < LONGEST)
    delay *= 2;
  return MIN (delay, LONGEST);
}

/* Nothing failed before. */
static void
check_reason (const SimPace *self, gint64 cursor, const char *batch)
{
  gint64 now = sim_now ();
  gboolean has_news = self->hinted > cursor;

  if (batch != NULL && g_strcmp0 (batch, self->batch) == 0)
    sim_fail ("I17 computer %u sends a batch again that was answered", self->index);
  if (self->begins || self->goes_on || has_news || now - self->ended >= POLL)
    return;
  if (batch == NULL)
    sim_fail ("I17 computer %u asks for no reason, %d ms after its last exchange", self->index,
              (int) (now - self->ended));
  if (!self->is_asking && now - self->began < GATHERED)
    sim_fail ("I17 computer %u sends edits %d ms after the exchange before", self->index,
              (int) (now - self->began));
}

void
sim_pace_ask (SimPace *self, gint64 cursor, const char *batch)
{
  gint64 now = sim_now ();

  self->requests++;
  if (self->failures == 0)
    check_reason (self, cursor, batch);
  else if (now - self->ended < retry_delay (self->failures) / 2)
    sim_fail ("I17 computer %u asks again %d ms after failure %u", self->index,
              (int) (now - self->ended), self->failures);
  if (!self->is_asking)
    self->began = now;
  self->is_asking = TRUE;
  self->begins = FALSE;
  self->goes_on = FALSE;
  self->waiting = 0;
  self->told = 0;
}

void
sim_pace_answer (SimPace *self, const char *batch, gboolean more)
{
  g_free (self->batch);
  self->batch = g_strdup (batch);
  self->failures = 0;
  self->goes_on = more;
}

void
sim_pace_fail (SimPace *self)
{
  self->failures++;
  self->ended = sim_now ();
  g_clear_pointer (&self->batch, g_free);
}

void
sim_pace_hint (SimPace *self, gint64 head, gint64 cursor)
{
  self->hinted = MAX (self->hinted, head);
  if (head > cursor && self->told == 0)
    self->told = sim_now ();
}

void
sim_pace_rest (SimPace *self, gboolean is_asking, guint pending, gint64 cursor)
{
  if (self->is_asking && !is_asking)
    self->ended = sim_now ();
  self->is_asking = is_asking;
  if (pending == 0)
    self->waiting = 0;
  else if (self->waiting == 0)
    self->waiting = sim_now ();
  if (self->hinted <= cursor)
    self->told = 0;
}

void
sim_pace_check (const SimPace *self)
{
  gint64 now = sim_now ();

  if (self->is_asking)
    return;
  if (self->failures > 0)
    {
      if (now - self->ended > retry_delay (self->failures))
        sim_fail ("I11 computer %u doesn't try again after failure %u", self->index,
                  self->failures);
      return;
    }
  if (self->told > 0 && now - self->told > HINT)
    sim_fail ("I11 computer %u was told of something and doesn't ask", self->index);
  if (self->waiting > 0 && now > MAX (self->waiting + EDIT, self->began + GATHERED))
    sim_fail ("I11 computer %u has edits and doesn't send them", self->index);
  if (now - self->ended > POLL)
    sim_fail ("I11 computer %u doesn't ask for more than an hour", self->index);
}
