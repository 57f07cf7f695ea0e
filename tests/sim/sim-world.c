/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim-world.h"

#include "sim-history.h"
#include "sim-mix.h"
#include "sim-random.h"
#include "sim-report.h"

#define BEGIN G_GINT64_CONSTANT (1700000000000)
#define HOUR G_GINT64_CONSTANT (3600000)
#define DAY (24 * HOUR)
#define MIN_STEPS 50
#define MAX_STEPS 400
#define MAX_PEACE 20000 /* steps until everything must be at rest */
#define MAX_DEVICES 7
#define TIMEOUT 30000 /* a server sees no request after it */
#define FATE_LOST 120
#define FATE_DIES 150
#define VERSIONS G_GUINT64_CONSTANT (0x7665720000000541) /* no step has this number */
#define SOME_ARE_OLD 200

/* A request or an answer under way. */
typedef struct
{
  SimDevice *device;
  guint64 request;
  gboolean is_answer;
  guint status;
  char *text;
  gint64 sent;
} Message;

static SimWorld *the_world;

gint64
sim_now (void)
{
  return the_world->now;
}

static void
free_message (gpointer data)
{
  Message *message = data;

  g_free (message->text);
  g_free (message);
}

static SimDevice *
pick_device (SimWorld *world)
{
  return g_ptr_array_index (world->devices, sim_random_pick ((int) world->devices->len));
}

static void
pass_time (SimWorld *world, gboolean long_too)
{
  static const gint64 spans[] = { 1, 50, 1000, 60000, HOUR, DAY / 2 };

  world->now += spans[sim_random_pick (long_too ? G_N_ELEMENTS (spans) : 2)];
}

/* The network */

/* Takes what computers have just sent, and what the function has just answered. */
static void
collect (SimWorld *world)
{
  SimReply *reply;

  for (guint i = 0; i < world->devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (world->devices, i);
      Message *message;

      if (device->request_text == NULL)
        continue;
      message = g_new0 (Message, 1);
      message->device = device;
      message->request = device->request;
      message->text = g_steal_pointer (&device->request_text);
      message->sent = world->now;
      /* It may have stopped waiting already. */
      if (device->request == 0)
        free_message (message);
      else
        g_ptr_array_add (world->network, message);
    }
  while ((reply = sim_server_take_reply (world->server)) != NULL)
    {
      Message *message = g_new0 (Message, 1);

      message->request = reply->request;
      message->is_answer = TRUE;
      message->status = reply->status;
      message->text = g_steal_pointer (&reply->text);
      sim_reply_free (reply);
      if (message->status == 0)
        free_message (message);
      else
        g_ptr_array_add (world->network, message);
    }
}

static void
deliver_answer (SimWorld *world, const Message *message)
{
  for (guint i = 0; i < world->devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (world->devices, i);

      if (device->request != message->request)
        continue;
      sim_say ("  answer %u to computer %u: %.2000s", message->status, device->index,
               message->text != NULL ? message->text : "");
      if (message->status == 409 && strstr (message->text, "\"fork\"") != NULL)
        sim_tally.forked = TRUE;
      sim_device_deliver (device, message->request, message->status, message->text);
      return;
    }
}

static void
deliver (SimWorld *world, gboolean faults)
{
  guint which = (guint) sim_random_pick ((int) world->network->len);
  Message *message = g_ptr_array_index (world->network, which);
  gboolean stays = faults && sim_random_strikes (sim_mix_get ()->duplicates);

  if (faults && sim_random_strikes (FATE_LOST))
    stays = FALSE;
  else if (message->is_answer)
    deliver_answer (world, message);
  else if (!world->calm || world->now - message->sent <= TIMEOUT)
    {
      sim_say ("  request of computer %u: %.2000s", message->device->index, message->text);
      sim_server_begin (world->server, message->request, message->text);
    }
  if (!stays)
    g_ptr_array_remove (world->network, message);
}

static void
go_on (SimWorld *world, gboolean faults)
{
  guint running = sim_server_count_running (world->server);
  guint which = (guint) sim_random_pick ((int) (running + world->network->len));

  if (which >= running)
    deliver (world, faults);
  else if (faults && sim_random_strikes (FATE_DIES))
    sim_server_kill (world->server, which);
  else
    sim_server_go_on (world->server, which);
}

/* Faults */

static void
step_clock (SimDevice *device)
{
  static const int days[] = { -2, -1, 1, 2 };
  gint64 step = days[sim_random_pick (4)] * DAY;

  device->skew += sim_random_strikes (500) ? step : step / 24;
  sim_say ("computer %u: its clock is %d h wrong", device->index, (int) (device->skew / HOUR));
}

static void
clone_device (SimWorld *world, SimDevice *device)
{
  if (world->devices->len >= MAX_DEVICES)
    return;
  sim_say ("computer %u: copied to computer %u", device->index, world->devices->len);
  g_ptr_array_add (world->devices, sim_device_clone (device, world->devices->len));
  sim_tally.copied = TRUE;
}

static void
restore_server (SimWorld *world)
{
  if (!world->may_restore || !sim_random_strikes (600) || !sim_server_restore (world->server))
    return;
  sim_say ("the server is restored: epoch %s", sim_server_get_epoch (world->server));
  sim_tally.restored = TRUE;
}

static void
go_wrong (SimWorld *world)
{
  SimDevice *device = pick_device (world);

  switch ((SimFault) sim_mix_pick (sim_mix_get ()->faults, SIM_N_FAULTS))
    {
    case SIM_STEP_CLOCK:
      if (!world->calm)
        {
          step_clock (device);
          break;
        }
      G_GNUC_FALLTHROUGH;
    case SIM_PURGE:
      sim_say ("the Trash is emptied of %u", sim_server_purge (world->server));
      break;
    case SIM_BACK_UP:
      sim_device_back_up (device);
      break;
    case SIM_PUT_BACK:
      if (world->may_back_up)
        {
          world->lost = sim_device_put_back (device) || world->lost;
          sim_tally.copied = sim_tally.copied || world->lost;
          sim_say ("computer %u: a backup is put back", device->index);
          break;
        }
      G_GNUC_FALLTHROUGH;
    case SIM_COPY:
      if (world->may_clone)
        {
          clone_device (world, device);
          break;
        }
      G_GNUC_FALLTHROUGH;
    case SIM_BACK_UP_SERVER:
      sim_server_back_up (world->server);
      break;
    case SIM_RESTORE_SERVER:
      restore_server (world);
      break;
    case SIM_KILL:
    case SIM_N_FAULTS:
    default:
      sim_say ("computer %u: is killed", device->index);
      sim_device_crash (device, sim_random_strikes (700));
    }
}

/* Steps */

static void
begin_sync (SimWorld *world)
{
  SimDevice *device = pick_device (world);

  if (sim_random_strikes (100))
    sim_device_give_up (device);
  sim_say ("computer %u: syncs", device->index);
  sim_device_sync (device);
}

static void
act (SimWorld *world, guint step)
{
  SimDevice *device = pick_device (world);

  sim_say ("%u. computer %u: a person acts", step, device->index);
  sim_user_act (device);
}

/* I16: those that have the earlier version of the program get the later one in the middle of all
 * this, or at the end. */
static void
choose_versions (SimWorld *world, guint steps)
{
  sim_random_begin_step (world->plan->seed, VERSIONS);
  if (!sim_random_strikes (SOME_ARE_OLD))
    return;
  for (guint i = 0; i < world->devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (world->devices, i);

      device->grows_at = (guint) sim_random_pick ((int) steps * 2);
      if (sim_random_strikes (600))
        sim_device_install (device, TRUE);
    }
}

static void
bring_up_to_date (SimWorld *world, guint step)
{
  for (guint i = 0; i < world->devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (world->devices, i);

      if (!device->is_old || device->grows_at > step)
        continue;
      sim_say ("computer %u: gets the later version", device->index);
      sim_device_install (device, FALSE);
    }
}

static void
run_step (SimWorld *world, guint step)
{
  SimStep what;

  bring_up_to_date (world, step);
  sim_random_begin_step (world->plan->seed, step + 1);
  what = (SimStep) sim_mix_pick (sim_mix_get ()->steps, SIM_N_STEPS);
  if (!world->calm || what == SIM_PERSON)
    pass_time (world, TRUE);
  if (what == SIM_PERSON)
    act (world, step);
  else if (what == SIM_SYNC)
    begin_sync (world);
  else if (what == SIM_FAULT)
    go_wrong (world);
  else if (world->network->len + sim_server_count_running (world->server) > 0)
    go_on (world, TRUE);
  collect (world);
  if (sim_random_strikes (20))
    sim_device_check_overlay (pick_device (world));
  sim_tally.steps++;
}

/* Peace */

static gboolean
is_at_rest (SimWorld *world)
{
  if (world->network->len > 0)
    return FALSE;
  for (guint i = 0; i < world->devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (world->devices, i);
      g_autoptr (RafilmSyncState) state = NULL;

      if (device->syncing)
        return FALSE;
      state = sim_device_get_state (device);
      if (state->pending > 0 || state->staged || state->epoch == NULL
          || !g_str_equal (state->epoch, sim_server_get_epoch (world->server))
          || state->cursor != sim_server_get_head (world->server))
        return FALSE;
    }
  return TRUE;
}

/* Every computer that has a reason asks until it has none; I11 and I17: that takes few requests. */
static void
make_peace (SimWorld *world)
{
  guint first = sim_tally.requests;

  sim_may_cut = FALSE;
  sim_server_heal (world->server);
  collect (world);
  for (guint i = world->network->len; i-- > 0;)
    if (sim_random_strikes (500))
      g_ptr_array_remove_index (world->network, i);
  for (guint step = 0; step < MAX_PEACE; step++)
    {
      sim_random_begin_step (world->plan->seed, G_MAXUINT32 + (guint64) step);
      if (!world->calm)
        pass_time (world, FALSE);
      if (world->network->len > 0)
        deliver (world, FALSE);
      else if (is_at_rest (world))
        return;
      else
        {
          SimDevice *device = pick_device (world);

          sim_device_give_up (device);
          sim_device_sync (device);
        }
      collect (world);
    }
  sim_fail ("I11 no rest after %u requests", sim_tally.requests - first);
}

/* The world */

static gint64
choose_skew (void)
{
  static const int days[] = { 0, 0, 1, -1, 3, -3 };

  return days[sim_random_pick (6)] * DAY + sim_random_pick (10001) - 5000;
}

static void
begin_world (SimWorld *world, const SimPlan *plan)
{
  static const guint batches[] = { 1, 2, 5, 20 };
  static const int pages[] = { 1, 500, 2000, 20000 };
  guint batch;
  guint devices;
  int page;

  sim_mix_choose (plan->seed);
  sim_random_begin_step (plan->seed, 0);
  the_world = world;
  world->plan = plan;
  world->now = BEGIN;
  world->calm = sim_random_strikes (350);
  world->may_restore = (sim_random_strikes (250) || sim_mix_get ()->restores) && !world->calm;
  world->may_clone = sim_random_strikes (300) && !world->calm;
  world->may_back_up = sim_random_strikes (300) && !world->calm;
  sim_may_cut = sim_random_strikes (500);
  world->server = sim_server_new (SIM_ACCOUNT, (guint) (1 + sim_random_pick (6)), world->calm);
  world->devices = g_ptr_array_new ();
  world->network = g_ptr_array_new_with_free_func (free_message);
  batch = batches[sim_random_pick (4)];
  page = pages[sim_random_pick (4)];
  devices = (guint) (2 + sim_random_pick (4));
  if (plan->devices > 0)
    devices = plan->devices;
  for (guint i = 0; i < devices; i++)
    g_ptr_array_add (world->devices, sim_device_new (i, choose_skew (), batch, page));
}

void
sim_world_run (const SimPlan *plan)
{
  SimWorld world = { 0 };
  guint steps;

  sim_history_begin ();
  begin_world (&world, plan);
  sim_disk_begin_count ();
  steps = (guint) (MIN_STEPS + sim_random_pick (MAX_STEPS - MIN_STEPS + 1));
  steps /= sim_mix_get ()->shortening;
  choose_versions (&world, steps);
  if (plan->max_steps > 0)
    steps = MIN (steps, plan->max_steps);
  for (guint step = 0; step < steps; step++)
    if (!sim_plan_leaves_out (plan, step))
      run_step (&world, step);
  make_peace (&world);
  bring_up_to_date (&world, G_MAXUINT);
  sim_tally.devices = world.devices->len;
  sim_tally.writes = sim_history_size ();
  sim_check_world (&world);
}
