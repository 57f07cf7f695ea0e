/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The other kind of world: the engine itself decides when to ask, hour after hour, while people
 * edit, hints come or are lost, and the service is out of reach now and then. */

#include "sim-world.h"

#include "rafilm-sync-engine.h"
#include "sim-alarm.h"
#include "sim-history.h"
#include "sim-mix.h"
#include "sim-pace.h"
#include "sim-random.h"
#include "sim-report.h"
#include "sim-transport.h"

#define BEGIN G_GINT64_CONSTANT (1700000000000)
#define SECOND G_GINT64_CONSTANT (1000)
#define HOUR (3600 * SECOND)
#define TIMEOUT (30 * SECOND)
#define AFTERMATH (2 * HOUR) /* in which all must come to rest */
#define MAX_COMPUTERS 4
#define LOST 10 /* of 1000 messages */

typedef enum
{
  REQUEST,
  ANSWER,
  GIVE_UP,
  HINT,
  EDIT,
  RESTART,
} EventKind;

typedef struct
{
  EventKind kind;
  gint64 at;
  guint number; /* for an order among those of one time */
  guint computer;
  guint64 request;
  guint status;
  char *text; /* nullable */
  gint64 head;
} Event;

typedef struct
{
  SimDevice *device;
  RafilmSyncEngine *engine;
  SimPace pace;
} Computer;

typedef struct
{
  SimWorld world;
  Computer computers[MAX_COMPUTERS];
  guint n_computers;
  GPtrArray *events;
  guint n_events;
  guint n_planned;
  gint64 head;
  gint64 outage; /* when it begins */
  gint64 outage_end;
  gboolean is_busy; /* the service answers that it has no time; else not at all */
} Paced;

static Paced *paced;

gint64
sim_now (void)
{
  return paced->world.now;
}

static gint64
pick_time (gint64 from, gint64 to)
{
  return from + (gint64) (sim_random_next () % (guint64) (to - from + 1));
}

static Event *
add_event (EventKind kind, gint64 at, guint computer)
{
  Event *event = g_new0 (Event, 1);

  event->kind = kind;
  event->at = at;
  event->number = paced->n_events++;
  event->computer = computer;
  g_ptr_array_add (paced->events, event);
  return event;
}

static void
free_event (gpointer data)
{
  Event *event = data;

  g_free (event->text);
  g_free (event);
}

static gboolean
is_out_of_reach (void)
{
  return paced->world.now >= paced->outage && paced->world.now < paced->outage_end;
}

/* Computers */

static void
begin_engine (Computer *computer)
{
  g_autoptr (RafilmSyncTransport) transport = sim_transport_new (computer->device);

  computer->engine =
      rafilm_sync_engine_new_for_transport (computer->device->store, transport, SIM_ACCOUNT);
  computer->pace = (SimPace) { .index = computer->device->index,
                               .begins = TRUE,
                               .ended = paced->world.now,
                               .requests = computer->pace.requests };
  rafilm_sync_engine_start (computer->engine);
}

/* What a computer has just sent is on its way. */
static void
take_request (Computer *computer)
{
  SimDevice *device = computer->device;
  g_autoptr (JsonNode) json = json_from_string (device->request_text, NULL);
  JsonObject *body = json_node_get_object (json);
  JsonObject *batch =
      json_object_has_member (body, "batch") ? json_object_get_object_member (body, "batch") : NULL;
  Event *event;

  sim_say ("%d ms: computer %u asks: %.300s", (int) (paced->world.now - BEGIN), device->index,
           device->request_text);
  sim_pace_ask (&computer->pace, json_object_get_int_member (body, "cursor"),
                batch != NULL ? json_object_get_string_member (batch, "id") : NULL);
  event = add_event (GIVE_UP, paced->world.now + TIMEOUT, device->index);
  event->request = device->request;
  event =
      add_event (REQUEST, pick_time (paced->world.now + 5, paced->world.now + 400), device->index);
  event->request = device->request;
  event->text = g_steal_pointer (&device->request_text);
}

/* Waits until the engine waits for an answer or for nothing. */
static void
settle (Computer *computer)
{
  SimDevice *device = computer->device;
  guint quiet = 0;

  while (quiet < 3)
    {
      g_autoptr (RafilmSyncState) state = sim_device_get_state (device);
      gboolean is_asking = rafilm_sync_engine_get_state (computer->engine) == RAFILM_SYNC_SENDING;

      quiet = is_asking && device->request == 0 ? 0 : quiet + 1;
      if (device->request_text != NULL)
        take_request (computer);
      if (quiet == 3)
        sim_pace_rest (&computer->pace, is_asking, state->pending, state->cursor);
    }
}

/* The service */

/* Those who didn't write are told; the message may be lost, or come twice. */
static void
post_hints (guint writer)
{
  gint64 head = sim_server_get_head (paced->world.server);

  if (head == paced->head)
    return;
  paced->head = head;
  for (guint i = 0; i < paced->n_computers; i++)
    for (guint times = sim_random_strikes (100) ? 0 : 1 + sim_random_strikes (150);
         i != writer && times > 0; times--)
      {
        gint64 latest = paced->world.now + (times > 1 ? 60 : 1) * SECOND;

        add_event (HINT, pick_time (paced->world.now + 10, latest), i)->head = head;
      }
}

static void
serve (const Event *event)
{
  g_autofree char *text = NULL;
  guint status = 503;
  SimReply *reply;
  Event *answer;

  if (sim_random_strikes (LOST) || (is_out_of_reach () && !paced->is_busy))
    return;
  if (!is_out_of_reach ())
    {
      sim_server_begin (paced->world.server, event->request, event->text);
      reply = sim_server_take_reply (paced->world.server);
      status = reply->status;
      text = g_steal_pointer (&reply->text);
      sim_reply_free (reply);
      post_hints (event->computer);
    }
  if (sim_random_strikes (LOST))
    return;
  answer =
      add_event (ANSWER, pick_time (paced->world.now + 5, paced->world.now + 400), event->computer);
  answer->request = event->request;
  answer->status = status;
  answer->text = g_steal_pointer (&text);
}

static void
deliver (Computer *computer, const Event *event)
{
  SimDevice *device = computer->device;

  if (device->request != event->request)
    return;
  sim_say ("%d ms: computer %u is answered %u: %.300s", (int) (paced->world.now - BEGIN),
           device->index, event->status, event->text != NULL ? event->text : "");
  if (event->status >= 500)
    sim_pace_fail (&computer->pace);
  else
    {
      g_autoptr (JsonNode) json = json_from_string (event->text, NULL);
      JsonObject *body = json_node_get_object (json);
      JsonObject *ack =
          json_object_has_member (body, "ack") ? json_object_get_object_member (body, "ack") : NULL;

      sim_pace_answer (&computer->pace,
                       ack != NULL ? json_object_get_string_member (ack, "batch") : NULL,
                       event->status != 200
                           || json_object_get_boolean_member_with_default (body, "more", FALSE));
    }
  sim_device_deliver (device, event->request, event->status, event->text);
}

static void
give_up (Computer *computer, const Event *event)
{
  if (computer->device->request != event->request)
    return;
  sim_pace_fail (&computer->pace);
  sim_device_give_up (computer->device);
}

static void
hint (Computer *computer, const Event *event)
{
  g_autoptr (RafilmSyncState) state = sim_device_get_state (computer->device);

  sim_pace_hint (&computer->pace, event->head, state->cursor);
  rafilm_sync_engine_hint (computer->engine, sim_server_get_epoch (paced->world.server),
                           event->head);
}

/* The program is killed and begins again. */
static void
restart (Computer *computer)
{
  rafilm_sync_engine_stop (computer->engine);
  g_clear_object (&computer->engine);
  sim_device_crash (computer->device, sim_random_strikes (500));
  begin_engine (computer);
}

/* Time */

/* One of the things that are planned, unless the run does without it. */
static void
plan_event (EventKind kind, gint64 at, guint computer)
{
  const SimPlan *plan = paced->world.plan;
  guint step = paced->n_planned++;

  if ((plan->max_steps == 0 || step < plan->max_steps) && !sim_plan_leaves_out (plan, step))
    add_event (kind, at, computer);
}

static void
plan_day (gint64 end)
{
  guint edits = (guint) (5 + sim_random_pick (60));

  for (guint i = 0; i < edits; i++)
    {
      gint64 at = pick_time (BEGIN, end);
      guint computer = (guint) sim_random_pick ((int) paced->n_computers);

      for (guint more = (guint) sim_random_pick (4); more > 0; more--)
        plan_event (EDIT, at += pick_time (20, 3 * SECOND), computer);
    }
  for (guint i = (guint) sim_random_pick (3); i > 0; i--)
    plan_event (RESTART, pick_time (BEGIN, end),
                (guint) sim_random_pick ((int) paced->n_computers));
  paced->outage = pick_time (BEGIN, end);
  paced->outage_end = paced->outage + pick_time (SECOND, HOUR);
  paced->is_busy = sim_random_strikes (500);
}

static Event *
take_next (void)
{
  guint next = 0;

  if (paced->events->len == 0)
    return NULL;
  for (guint i = 1; i < paced->events->len; i++)
    {
      const Event *one = paced->events->pdata[i];
      const Event *other = paced->events->pdata[next];

      if (one->at < other->at || (one->at == other->at && one->number < other->number))
        next = i;
    }
  if (((Event *) paced->events->pdata[next])->at > sim_alarm_get_next ())
    return NULL;
  return g_ptr_array_steal_index (paced->events, next);
}

static void
happen (Event *event)
{
  Computer *computer = &paced->computers[event->computer];

  if (event->kind == REQUEST)
    serve (event);
  else if (event->kind == ANSWER)
    deliver (computer, event);
  else if (event->kind == GIVE_UP)
    give_up (computer, event);
  else if (event->kind == HINT)
    hint (computer, event);
  else if (event->kind == EDIT)
    sim_user_act (computer->device);
  else
    restart (computer);
  free_event (event);
}

/* FALSE when nothing comes before `end`. */
static gboolean
pass (gint64 end)
{
  Event *event = take_next ();
  gint64 at = event != NULL ? event->at : sim_alarm_get_next ();

  if (at > end)
    {
      if (event != NULL)
        g_ptr_array_add (paced->events, event);
      return FALSE;
    }
  paced->world.now = MAX (paced->world.now, at);
  sim_random_begin_step (paced->world.plan->seed, ++sim_tally.steps);
  if (event != NULL)
    happen (event);
  else
    sim_alarm_run ();
  for (guint i = 0; i < paced->n_computers; i++)
    settle (&paced->computers[i]);
  for (guint i = 0; i < paced->n_computers; i++)
    sim_pace_check (&paced->computers[i].pace);
  return TRUE;
}

static void
begin_paced (const SimPlan *plan)
{
  paced->world.plan = plan;
  paced->world.now = BEGIN;
  paced->events = g_ptr_array_new ();
  sim_history_begin ();
  sim_mix_choose (plan->seed);
  sim_random_begin_step (plan->seed, 0);
  paced->outage = G_MAXINT64;
  paced->world.server = sim_server_new (SIM_ACCOUNT, 500, FALSE);
  sim_server_heal (paced->world.server);
  paced->world.devices = g_ptr_array_new ();
  paced->n_computers = (guint) (2 + sim_random_pick (MAX_COMPUTERS - 1));
  if (plan->devices > 0)
    paced->n_computers = MIN (plan->devices, MAX_COMPUTERS);
  for (guint i = 0; i < paced->n_computers; i++)
    {
      static const int pages[] = { 500, 20000, 1000000 };

      paced->computers[i].device = sim_device_new (i, 0, 90, pages[sim_random_pick (3)]);
      g_ptr_array_add (paced->world.devices, paced->computers[i].device);
    }
}

void
sim_world_run (const SimPlan *plan)
{
  Paced self = { 0 };
  gint64 end;

  paced = &self;
  begin_paced (plan);
  end = pick_time (BEGIN + HOUR, BEGIN + 6 * HOUR);
  plan_day (end);
  for (guint i = 0; i < self.n_computers; i++)
    {
      begin_engine (&self.computers[i]);
      settle (&self.computers[i]);
    }
  while (pass (MAX (end, self.outage_end) + AFTERMATH))
    ;
  for (guint i = 0; i < self.n_computers; i++)
    {
      rafilm_sync_engine_stop (self.computers[i].engine);
      g_clear_object (&self.computers[i].engine);
    }
  sim_tally.devices = self.n_computers;
  sim_tally.writes = sim_history_size ();
  sim_check_world (&self.world);
}
