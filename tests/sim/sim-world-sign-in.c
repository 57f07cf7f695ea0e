/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Worlds in which people sign in: diaries that were kept without an account arrive in one of two
 * accounts, while other computers do the same and write, and while people go from one account to
 * the other on one computer.
 *
 * I14: of each film and day an account has as many viewings as the diary with most had, and every
 * review is there. I10: nothing of one account comes to the other. */

#include "sim-world.h"

#include "rafilm-id.h"
#include "rafilm-store-arrival.h"
#include "sim-history.h"
#include "sim-random.h"
#include "sim-report.h"

#define BEGIN G_GINT64_CONSTANT (1700000000000)
#define ACCOUNTS 2
#define MAX_COMPUTERS 4
#define FILMS 4
#define DAYS 3
#define MAX_PEACE 20000
#define FATE_LOST 100
#define FATE_TWICE 100
#define FATE_OTHER_TOKEN 20

static const char *const account_names[ACCOUNTS] = { "u_ada", "u_grace" };

typedef struct
{
  SimWorld world;
  guint most[FILMS][DAYS]; /* viewings in the diary with most */
  GPtrArray *reviews;      /* what arrived in words */
} Account;

typedef struct
{
  SimDevice *local;              /* nullable: the diary without an account */
  SimDevice *accounts[ACCOUNTS]; /* nullable */
  guint counts[FILMS][DAYS];     /* of `local` */
  GPtrArray *reviews;            /* of `local` */
  int current;                   /* who is signed in; -1 = nobody */
} Computer;

typedef struct
{
  SimDevice *device;
  guint64 request;
  guint account; /* whose token came along, or whose answer it is */
  gboolean is_answer;
  guint status;
  char *text;
} Message;

static struct
{
  const SimPlan *plan;
  Account accounts[ACCOUNTS];
  Computer computers[MAX_COMPUTERS];
  guint n_computers;
  guint n_files;
  GPtrArray *network;
  gint64 now;
  guint batch;
  int page;
} town;

gint64
sim_now (void)
{
  return town.now;
}

static void
free_message (gpointer data)
{
  Message *message = data;

  g_free (message->text);
  g_free (message);
}

/* Diaries */

static SimDevice *
new_diary (void)
{
  return sim_device_new (town.n_files++, sim_random_pick (7200001) - 3600000, town.batch,
                         town.page);
}

/* A viewing that other diaries may have too. */
static void
log_common (Computer *computer)
{
  g_autofree char *id = rafilm_id_new ();
  int film = sim_random_pick (FILMS);
  int day = sim_random_pick (DAYS);
  g_autofree char *date = g_strdup_printf ("2031-03-%02d", day + 1);
  RafilmEdit *edit = rafilm_edit_new ("log");

  rafilm_edit_create (edit, "d", id);
  rafilm_edit_set (edit, "d", id, "film", rafilm_wire_int (film + 1));
  rafilm_edit_set (edit, "d", id, "on", rafilm_wire_text (date));
  if (sim_random_strikes (500))
    rafilm_edit_set (edit, "d", id, "rating", rafilm_wire_int (1 + sim_random_pick (10)));
  if (sim_random_strikes (400))
    {
      char *text = g_strdup_printf ("words %08x", (guint) sim_random_next ());

      rafilm_edit_set (edit, "d", id, "rv", rafilm_wire_review (text, FALSE, NULL));
      g_ptr_array_add (computer->reviews, text);
    }
  computer->counts[film][day]++;
  sim_device_apply (computer->local, edit);
}

static void
begin_local (Computer *computer, guint viewings)
{
  RafilmEdit *edit;

  computer->local = new_diary ();
  memset (computer->counts, 0, sizeof computer->counts);
  computer->reviews = g_ptr_array_new ();
  for (guint i = 0; i < viewings; i++)
    log_common (computer);
  edit = rafilm_edit_new ("more");
  rafilm_edit_set (edit, "f", "1", "rating", rafilm_wire_int (1 + sim_random_pick (10)));
  rafilm_edit_create_list (edit, "Winter", NULL, FALSE, FALSE);
  sim_device_apply (computer->local, edit);
}

/* A diary of this computer is still on its way. */
static gboolean
is_arriving (SimDevice *device)
{
  g_autoptr (GPtrArray) found = sim_device_list (device, "SELECT id FROM arrival LIMIT 1");

  return found->len > 0;
}

/* Words about a viewing that seems to have none; another diary's may come, from here or elsewhere.
 * What is edited on its way is not matched any more, so nothing is on its way. */
static void
write_review (Account *account, SimDevice *device)
{
  g_autoptr (GPtrArray) found =
      sim_device_list (device, "SELECT id FROM viewing WHERE deleted_at IS NULL"
                               " AND watched_on >= '2031' AND review IS NULL ORDER BY id");
  RafilmEdit *edit = rafilm_edit_new ("review");
  char *text;

  if (found->len > 0)
    {
      text = g_strdup_printf ("own words %08x", (guint) sim_random_next ());
      rafilm_edit_set (edit, "d", found->pdata[sim_random_pick ((int) found->len)], "rv",
                       rafilm_wire_review (text, FALSE, NULL));
      g_ptr_array_add (account->reviews, text);
    }
  sim_device_apply (device, edit);
}

/* Something of one's own, which no other diary has. */
static void
write_own (SimDevice *device)
{
  g_autofree char *id = rafilm_id_new ();
  g_autofree char *text = g_strdup_printf ("note %08x", (guint) sim_random_next ());
  g_autofree char *film = g_strdup_printf ("%d", 1 + sim_random_pick (FILMS));
  RafilmEdit *edit = rafilm_edit_new ("own");
  int what = sim_random_pick (3);

  if (what == 0)
    {
      rafilm_edit_create (edit, "d", id);
      rafilm_edit_set (edit, "d", id, "film", rafilm_wire_int (1 + sim_random_pick (FILMS)));
      rafilm_edit_set (edit, "d", id, "on", rafilm_wire_text ("1999-01-01"));
    }
  else if (what == 1)
    rafilm_edit_set (edit, "f", film, "rating", rafilm_wire_int (1 + sim_random_pick (10)));
  else
    rafilm_edit_set (edit, "w", film, "note", rafilm_wire_text (text));
  sim_device_apply (device, edit);
}

/* Signing in */

static void
expect_arrival (Account *account, const Computer *computer)
{
  for (guint film = 0; film < FILMS; film++)
    for (guint day = 0; day < DAYS; day++)
      account->most[film][day] = MAX (account->most[film][day], computer->counts[film][day]);
  for (guint i = 0; i < computer->reviews->len; i++)
    g_ptr_array_add (account->reviews, computer->reviews->pdata[i]);
}

static void
take_arrival (SimDevice *device, GPtrArray *records, const char *from)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmSyncState) state =
      dex_await_boxed (rafilm_store_take_arrival (device->store, records, from), &error);

  if (state == NULL)
    sim_fail ("I14 an arrival is not taken: %s", error->message);
}

/* The file itself becomes the account's (`local` is `device`), or its records come to the account's
 * file. The program may end between, and then all this is done again. */
static void
arrive (SimDevice *local, SimDevice *device)
{
  guint times = sim_random_strikes (300) ? 2 : 1;

  for (guint i = 0; i < times; i++)
    {
      g_autoptr (RafilmSyncState) state = sim_device_get_state (local);
      g_autoptr (GPtrArray) records =
          dex_await_boxed (rafilm_store_list_records (local->store), NULL);

      take_arrival (device, records, state->dev);
      if (i + 1 < times)
        sim_device_crash (device, sim_random_strikes (500));
    }
}

static void
bind (SimDevice *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RafilmSyncState) state =
      dex_await_boxed (rafilm_store_bind_account (device->store, device->account), &error);

  if (state == NULL)
    sim_fail ("I10 a diary is not bound: %s", error->message);
}

static void
sign_in (Computer *computer, guint which)
{
  Account *account = &town.accounts[which];
  SimDevice *local = computer->local;
  SimDevice *device = computer->accounts[which];
  gboolean is_new = device == NULL;

  if (local != NULL && device != NULL && is_arriving (device))
    return;

  sim_say ("computer %u: %s signs in%s", (guint) (computer - town.computers), account_names[which],
           local != NULL ? ", with a diary" : "");
  for (guint i = 0; i < ACCOUNTS; i++)
    if (computer->accounts[i] != NULL)
      sim_device_give_up (computer->accounts[i]);
  computer->current = (int) which;
  if (is_new)
    {
      device = local != NULL ? local : new_diary ();
      device->account = account_names[which];
      device->may_be_refused = TRUE;
      computer->accounts[which] = device;
      g_ptr_array_add (account->world.devices, device);
    }
  if (local != NULL)
    {
      arrive (local, device);
      expect_arrival (account, computer);
      computer->local = NULL;
    }
  bind (device);
}

/* Whoever has the token of one account can't send the diary of another. */
static void
sync_with_wrong_account (SimDevice *device)
{
  const char *own = device->account;
  guint before = sim_tally.requests;

  if (device->syncing)
    return;
  device->account = account_names[own == account_names[0]];
  sim_device_sync (device);
  device->account = own;
  if (device->syncing || sim_tally.requests != before)
    sim_fail ("I10 a diary of %s is sent for another account", own);
}

/* The network */

static void
collect (void)
{
  for (guint a = 0; a < ACCOUNTS; a++)
    {
      Account *account = &town.accounts[a];
      SimReply *reply;

      for (guint i = 0; i < account->world.devices->len; i++)
        {
          SimDevice *device = g_ptr_array_index (account->world.devices, i);
          Message *message;

          if (device->request_text == NULL)
            continue;
          message = g_new0 (Message, 1);
          message->device = device;
          message->request = device->request;
          message->account = sim_random_strikes (FATE_OTHER_TOKEN) ? 1 - a : a;
          message->text = g_steal_pointer (&device->request_text);
          g_ptr_array_add (town.network, message);
        }
      while ((reply = sim_server_take_reply (account->world.server)) != NULL)
        {
          Message *message = g_new0 (Message, 1);

          message->request = reply->request;
          message->account = a;
          message->is_answer = TRUE;
          message->status = reply->status;
          message->text = g_steal_pointer (&reply->text);
          sim_reply_free (reply);
          if (message->status == 0)
            free_message (message);
          else
            g_ptr_array_add (town.network, message);
        }
    }
}

/* An answer finds whoever waits for it; request numbers are of the whole town. */
static void
deliver_answer (const Message *message)
{
  for (guint a = 0; a < ACCOUNTS; a++)
    for (guint i = 0; i < town.accounts[a].world.devices->len; i++)
      {
        SimDevice *device = g_ptr_array_index (town.accounts[a].world.devices, i);

        if (device->request != message->request)
          continue;
        sim_say ("  answer %u to file %u: %.1000s", message->status, device->index, message->text);
        sim_device_deliver (device, message->request, message->status, message->text);
        return;
      }
}

static void
deliver (gboolean faults)
{
  Message *message = g_ptr_array_index (town.network, sim_random_pick ((int) town.network->len));
  gboolean stays = faults && sim_random_strikes (FATE_TWICE);

  if (faults && sim_random_strikes (FATE_LOST))
    stays = FALSE;
  else if (message->is_answer)
    deliver_answer (message);
  else
    {
      sim_say ("  request of file %u: %.1000s", message->device->index, message->text);
      sim_server_begin (town.accounts[message->account].world.server, message->request,
                        message->text);
    }
  if (!stays)
    g_ptr_array_remove (town.network, message);
}

static void
go_on (void)
{
  for (guint a = 0; a < ACCOUNTS; a++)
    {
      SimServer *server = town.accounts[a].world.server;

      if (sim_server_count_running (server) > 0 && sim_random_strikes (500))
        {
          sim_server_go_on (server,
                            (guint) sim_random_pick ((int) sim_server_count_running (server)));
          return;
        }
    }
  if (town.network->len > 0)
    deliver (TRUE);
}

/* Steps */

static SimDevice *
find_current (const Computer *computer)
{
  return computer->current >= 0 ? computer->accounts[computer->current] : computer->local;
}

static void
leave (Computer *computer)
{
  SimDevice *device = find_current (computer);

  sim_device_give_up (device);
  computer->current = -1;
  if (computer->local == NULL)
    begin_local (computer, (guint) sim_random_pick (3));
}

static void
run_step (guint step)
{
  Computer *computer;
  SimDevice *device;
  int what;

  sim_random_begin_step (town.plan->seed, step + 1);
  town.now += 1 + sim_random_pick (20000);
  computer = &town.computers[sim_random_pick ((int) town.n_computers)];
  device = find_current (computer);
  what = sim_random_pick (100);
  if (what < 8)
    sign_in (computer, (guint) sim_random_pick (ACCOUNTS));
  else if (what < 10 && computer->current >= 0)
    leave (computer);
  else if (what < 25)
    {
      if (computer->current < 0)
        log_common (computer);
      else if (sim_random_strikes (300) && !is_arriving (device))
        write_review (&town.accounts[computer->current], device);
      else
        write_own (device);
    }
  else if (what < 45 && computer->current >= 0)
    sim_device_sync (device);
  else if (what < 48 && computer->current >= 0)
    sync_with_wrong_account (device);
  else if (what < 51)
    sim_device_crash (device, sim_random_strikes (700));
  else
    go_on ();
  collect ();
  sim_tally.steps++;
}

/* The end */

static gboolean
is_at_rest (const Account *account)
{
  for (guint i = 0; i < account->world.devices->len; i++)
    {
      SimDevice *device = g_ptr_array_index (account->world.devices, i);
      g_autoptr (RafilmSyncState) state = NULL;

      if (device->syncing)
        return FALSE;
      state = sim_device_get_state (device);
      if (state->pending > 0 || state->staged || state->epoch == NULL
          || state->cursor != sim_server_get_head (account->world.server))
        return FALSE;
    }
  return TRUE;
}

static void
make_peace (Account *account, guint first_step)
{
  SimWorld *world = &account->world;

  for (guint step = 0; step < MAX_PEACE; step++)
    {
      sim_random_begin_step (town.plan->seed, first_step + step);
      town.now += 1 + sim_random_pick (1000);
      if (town.network->len > 0)
        deliver (FALSE);
      else if (world->devices->len == 0 || is_at_rest (account))
        return;
      else
        {
          SimDevice *device =
              g_ptr_array_index (world->devices, sim_random_pick ((int) world->devices->len));

          sim_device_give_up (device);
          sim_device_sync (device);
        }
      collect ();
    }
  sim_fail ("I11 no rest");
}

static gboolean
has_words (GPtrArray *rows, const char *words)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = rows->pdata[i];
      const RafilmWireField *field =
          rafilm_wire_row_get (row, g_str_equal (row->kind, "x") ? "text" : "rv");
      const char *found = field != NULL ? rafilm_wire_value_peek_text (&field->value) : NULL;

      if (g_strcmp0 (found, words) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_arrivals (const Account *account, GPtrArray *rows, const char *name)
{
  guint counts[FILMS][DAYS] = { 0 };

  for (guint i = 0; i < rows->len; i++)
    {
      const RafilmWireRow *row = rows->pdata[i];
      const RafilmWireField *film = rafilm_wire_row_get (row, "film");
      const RafilmWireField *on = rafilm_wire_row_get (row, "on");

      if (g_str_equal (row->kind, "d") && film != NULL && on != NULL
          && g_str_has_prefix (rafilm_wire_value_peek_text (&on->value), "2031"))
        counts[film->value.integer - 1][on->value.text[9] - '1']++;
    }
  for (guint film = 0; film < FILMS; film++)
    for (guint day = 0; day < DAYS; day++)
      if (counts[film][day] != account->most[film][day])
        sim_fail ("I14 %s has film %u of day %u %u times and not %u times", name, film + 1, day + 1,
                  counts[film][day], account->most[film][day]);
  for (guint i = 0; i < account->reviews->len; i++)
    if (!has_words (rows, account->reviews->pdata[i]))
      sim_fail ("I14 %s has lost \"%s\"", name, (char *) account->reviews->pdata[i]);
}

/* I10: ids are random, so that a record in both came from one to the other. Of a diary that arrives
 * only in one of them, that holds for its records too. */
static void
check_apart (GPtrArray *rows, GPtrArray *others)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < rows->len; i++)
    if (strchr ("dlx", *((RafilmWireRow *) rows->pdata[i])->kind) != NULL)
      g_hash_table_add (ids, ((RafilmWireRow *) rows->pdata[i])->id);
  for (guint i = 0; i < others->len; i++)
    if (g_hash_table_contains (ids, ((RafilmWireRow *) others->pdata[i])->id))
      sim_fail ("I10 both accounts have %s", ((RafilmWireRow *) others->pdata[i])->id);
}

static void
check_town (void)
{
  GPtrArray *rows[ACCOUNTS];

  for (guint a = 0; a < ACCOUNTS; a++)
    {
      Account *account = &town.accounts[a];

      rows[a] = g_ptr_array_new ();
      if (account->world.devices->len == 0)
        continue;
      rows[a] = sim_server_list_rows (account->world.server);
      sim_check_agreement (&account->world);
      check_arrivals (account, rows[a], account_names[a]);
      sim_tally.devices += account->world.devices->len;
    }
  check_apart (rows[0], rows[1]);
}

/* The world */

static void
begin_town (const SimPlan *plan)
{
  static const guint batches[] = { 1, 3, 20, 90 };
  static const int pages[] = { 500, 2000, 1000000 };

  town.plan = plan;
  town.now = BEGIN;
  town.network = g_ptr_array_new_with_free_func (free_message);
  sim_history_begin ();
  sim_random_begin_step (plan->seed, 0);
  sim_may_cut = FALSE;
  town.batch = batches[sim_random_pick (4)];
  town.page = pages[sim_random_pick (3)];
  for (guint a = 0; a < ACCOUNTS; a++)
    {
      town.accounts[a].world.plan = plan;
      town.accounts[a].world.server =
          sim_server_new (account_names[a], (guint) (1 + sim_random_pick (6)), FALSE);
      town.accounts[a].world.devices = g_ptr_array_new ();
      town.accounts[a].reviews = g_ptr_array_new ();
    }
  town.n_computers = (guint) (2 + sim_random_pick (MAX_COMPUTERS - 1));
  if (plan->devices > 0)
    town.n_computers = MIN (plan->devices, MAX_COMPUTERS);
  for (guint i = 0; i < town.n_computers; i++)
    {
      town.computers[i].current = -1;
      begin_local (&town.computers[i], (guint) sim_random_pick (10));
    }
}

void
sim_world_run (const SimPlan *plan)
{
  guint steps;

  begin_town (plan);
  sim_random_begin_step (plan->seed, G_MAXUINT32);
  steps = (guint) (60 + sim_random_pick (240));
  if (plan->max_steps > 0)
    steps = MIN (steps, plan->max_steps);
  for (guint step = 0; step < steps; step++)
    if (!sim_plan_leaves_out (plan, step))
      run_step (step);
  for (guint a = 0; a < ACCOUNTS; a++)
    sim_server_heal (town.accounts[a].world.server);
  collect ();
  for (guint a = 0; a < ACCOUNTS; a++)
    make_peace (&town.accounts[a], 1000000 * (a + 1));
  sim_tally.writes = sim_history_size ();
  check_town ();
}
