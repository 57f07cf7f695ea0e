/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-error.h"
#include "rafilm-profile.h"
#include "rafilm-sign-in.h"
#include "rafilm-spawn.h"
#include "rafilm-store-sync.h"
#include "rafilm-sync-cycle.h"
#include "rafilm-test.h"
#include "sync-pipe.h"

/* Diaries that were kept without an account, on several computers, come together in one account.
 * Real stores, the engine's cycle and the function's own source, over a network that loses and
 * repeats, and with other computers that sign in between any two requests. */

#define UID "u-1"
#define MAX_COMPUTERS 4
#define N_FILMS 8
#define N_DAYS 4

typedef struct
{
  char *folder;
  RafilmStore *store;
  SyncPipe *pipe;
  guint counts[N_FILMS + 1][N_DAYS + 1];
  gboolean busy;
} Computer;

typedef struct
{
  GRand *rand;
  SyncServer *server;
  Computer computers[MAX_COMPUTERS];
  guint n_computers;
  guint interruptions;
} World;

/* ---- a way on which others are faster ----------------------------------------------------- */

#define TEST_TYPE_LINK (test_link_get_type ())
G_DECLARE_FINAL_TYPE (TestLink, test_link, TEST, LINK, GObject)

struct _TestLink
{
  GObject parent_instance;

  World *world;
  SyncPipe *pipe;
};

typedef struct
{
  TestLink *link;
  JsonNode *request;
} Send;

static void link_iface_init (RafilmSyncTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestLink, test_link, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (RAFILM_TYPE_SYNC_TRANSPORT, link_iface_init))

static gboolean sync_computer (World *world, Computer *computer);

static void
free_send (gpointer data)
{
  Send *send = data;

  g_clear_object (&send->link);
  g_clear_pointer (&send->request, json_node_unref);
  g_free (send);
}

static DexFuture *
send_fiber (gpointer data)
{
  Send *send = data;
  World *world = send->link->world;
  Computer *other =
      &world->computers[g_rand_int_range (world->rand, 0, (gint32) world->n_computers)];

  if (world->interruptions > 0 && !other->busy && g_rand_int_range (world->rand, 0, 100) < 30)
    {
      world->interruptions--;
      sync_computer (world, other);
    }
  return rafilm_sync_transport_send (RAFILM_SYNC_TRANSPORT (send->link->pipe), send->request);
}

static DexFuture *
test_link_send (RafilmSyncTransport *transport, JsonNode *request)
{
  Send *send = g_new0 (Send, 1);

  send->link = g_object_ref (TEST_LINK (transport));
  send->request = json_node_ref (request);
  return rafilm_spawn (send_fiber, send, free_send);
}

static void
test_link_class_init (TestLinkClass *klass)
{
}

static void
test_link_init (TestLink *self)
{
}

static void
link_iface_init (RafilmSyncTransportInterface *iface)
{
  iface->send = test_link_send;
}

/* Runs the cycle; with faults it may fail, which is what they are for. */
static gboolean
sync_computer (World *world, Computer *computer)
{
  static const guint sizes[] = { 1, 3, 90 };
  g_autoptr (TestLink) link = g_object_new (TEST_TYPE_LINK, NULL);
  g_autoptr (RafilmSyncCycle) cycle = NULL;
  g_autoptr (RafilmSyncState) state = NULL;
  g_autoptr (GError) error = NULL;

  link->world = world;
  link->pipe = computer->pipe;
  cycle =
      rafilm_sync_cycle_new (computer->store, RAFILM_SYNC_TRANSPORT (link), UID, computer->folder);
  cycle->max_ops = sizes[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (sizes))];
  computer->busy = TRUE;
  state = dex_await_boxed (rafilm_sync_cycle_run (cycle), &error);
  computer->busy = FALSE;
  if (state == NULL)
    {
      if (!g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_TIMED_OUT)
          && !g_error_matches (error, RAFILM_ERROR, RAFILM_ERROR_UNAVAILABLE))
        g_error ("%s", error->message);
      return FALSE;
    }
  g_assert_cmpuint (state->pending, ==, 0);
  g_assert_cmpuint (state->dead, ==, 0);
  g_assert_false (state->digest_differs);
  return TRUE;
}

/* ---- diaries ------------------------------------------------------------------------------ */

static void
open_diary (Computer *computer, const char *uid)
{
  g_autoptr (GError) error = NULL;

  computer->store = dex_await_object (rafilm_profile_open (computer->folder, uid), &error);
  g_assert_no_error (error);
}

static void
close_diary (Computer *computer)
{
  g_assert_true (dex_await (rafilm_store_close (computer->store), NULL));
  g_clear_object (&computer->store);
}

static void
apply (Computer *computer, RafilmEdit *edit)
{
  g_autoptr (GError) error = NULL;

  dex_await_int64 (rafilm_store_apply (computer->store, edit), &error);
  g_assert_no_error (error);
}

static void
log_film (Computer *computer, gint64 film_id, guint day, const char *review, int rating)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("log");
  g_autoptr (RafilmFilm) film = rafilm_film_new (film_id);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new (NULL, film);
  g_autofree char *date = day > 0 ? g_strdup_printf ("2026-03-%02u", day) : NULL;

  g_object_set (viewing, "date", date, "review", review, "rating", rating, NULL);
  rafilm_edit_log_viewing (edit, viewing);
  apply (computer, edit);
}

static void
computer_init (Computer *computer, SyncServer *server, guint32 seed)
{
  *computer =
      (Computer) { .folder = rafilm_test_make_dir (), .pipe = sync_pipe_new (server, UID, seed) };
  open_diary (computer, NULL);
}

static void
computer_clear (Computer *computer)
{
  close_diary (computer);
  g_clear_object (&computer->pipe);
  g_clear_pointer (&computer->folder, g_free);
}

static void
world_init (World *world, guint32 seed)
{
  *world = (World) { .rand = g_rand_new_with_seed (seed), .server = sync_server_new (seed) };
  world->n_computers = (guint) g_rand_int_range (world->rand, 2, MAX_COMPUTERS + 1);
  world->interruptions = 8;
  for (guint i = 0; i < world->n_computers; i++)
    computer_init (&world->computers[i], world->server, seed + i);
}

static void
world_clear (World *world)
{
  for (guint i = 0; i < world->n_computers; i++)
    computer_clear (&world->computers[i]);
  g_clear_pointer (&world->server, sync_server_free);
  g_rand_free (world->rand);
}

static void
fill_diaries (World *world)
{
  guint pool = (guint) g_rand_int_range (world->rand, 3, 20);

  for (guint p = 0; p < pool; p++)
    {
      guint film = (guint) g_rand_int_range (world->rand, 1, N_FILMS + 1);
      guint day = (guint) g_rand_int_range (world->rand, 0, N_DAYS + 1);

      for (guint i = 0; i < world->n_computers; i++)
        for (guint n = g_rand_double (world->rand) < 0.7 ? 1 + (g_rand_double (world->rand) < 0.15)
                                                         : 0;
             n > 0; n--)
          {
            log_film (&world->computers[i], film, day, NULL, 5);
            world->computers[i].counts[film][day]++;
          }
    }
}

static void
count_viewings (Computer *computer, guint counts[N_FILMS + 1][N_DAYS + 1])
{
  g_autoptr (GListModel) viewings =
      dex_await_object (rafilm_store_list_viewings (computer->store, 0, 0, 0), NULL);

  memset (counts, 0, sizeof (guint) * (N_FILMS + 1) * (N_DAYS + 1));
  for (guint i = 0; i < g_list_model_get_n_items (viewings); i++)
    {
      g_autoptr (RafilmViewing) viewing = g_list_model_get_item (viewings, i);
      const char *date = rafilm_viewing_get_date (viewing);
      gint64 film = rafilm_film_get_id (rafilm_viewing_get_film (viewing));

      counts[film][date != NULL ? g_ascii_strtoull (date + 8, NULL, 10) : 0]++;
    }
}

/* Of each film and day as many as the diary with most had; and all see the same. */
static void
check_counts (World *world)
{
  for (guint c = 0; c < world->n_computers; c++)
    {
      guint counts[N_FILMS + 1][N_DAYS + 1];

      count_viewings (&world->computers[c], counts);
      for (guint film = 1; film <= N_FILMS; film++)
        for (guint day = 0; day <= N_DAYS; day++)
          {
            guint most = 0;

            for (guint i = 0; i < world->n_computers; i++)
              most = MAX (most, world->computers[i].counts[film][day]);
            g_assert_cmpuint (counts[film][day], ==, most);
          }
    }
}

static void
run_world (guint32 seed)
{
  World world;

  g_test_message ("world %u", seed);
  world_init (&world, seed);
  fill_diaries (&world);
  for (guint i = 0; i < world.n_computers; i++)
    {
      sync_pipe_set_faults (world.computers[i].pipe, 12);
      close_diary (&world.computers[i]);
      open_diary (&world.computers[i], UID);
    }
  for (guint i = 0; i < 12; i++)
    sync_computer (&world,
                   &world.computers[g_rand_int_range (world.rand, 0, (gint32) world.n_computers)]);
  world.interruptions = 0;
  for (guint i = 0; i < world.n_computers; i++)
    sync_pipe_set_faults (world.computers[i].pipe, 0);
  for (guint round = 0; round < 3; round++)
    for (guint i = 0; i < world.n_computers; i++)
      g_assert_true (sync_computer (&world, &world.computers[i]));
  check_counts (&world);
  world_clear (&world);
}

static void
test_worlds (void)
{
  const char *given = g_getenv ("RAFILM_TEST_WORLDS");
  guint worlds = given != NULL ? (guint) g_ascii_strtoull (given, NULL, 10) : 12;
  guint32 seed = rafilm_test_seed ();

  for (guint32 i = 0; i < worlds; i++)
    run_world (seed + i);
}

/* ---- one by one --------------------------------------------------------------------------- */

static void
make_list (Computer *computer, const char *name)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("list");
  const char *list = rafilm_edit_create_list (edit, name, NULL, FALSE, FALSE);

  rafilm_edit_add_to_list (edit, list, 3, NULL);
  apply (computer, edit);
}

static void
fill_account (World *world)
{
  Computer *first = &world->computers[0];

  log_film (first, 1, 1, "Seen there", 0);
  log_film (first, 2, 2, NULL, 7);
  log_film (first, 2, 3, NULL, 0);
  make_list (first, "Winter");
  close_diary (first);
  open_diary (first, UID);
  g_assert_true (sync_computer (world, first));
}

static void
fill_local (Computer *computer)
{
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("watchlist");

  log_film (computer, 1, 1, "Seen here", 9);
  log_film (computer, 2, 2, NULL, 4);
  log_film (computer, 4, 2, NULL, 0);
  make_list (computer, "Winter");
  rafilm_edit_set_watchlist (edit, 6, TRUE, NULL);
  apply (computer, edit);
  close_diary (computer);
}

static void
two_init (World *world)
{
  *world = (World) { .rand = g_rand_new_with_seed (1), .server = sync_server_new (1) };
  world->n_computers = 2;
  for (guint i = 0; i < 2; i++)
    computer_init (&world->computers[i], world->server, i);
  fill_account (world);
  fill_local (&world->computers[1]);
}

static guint
count_asides (Computer *computer)
{
  g_autofree char *path = g_build_filename (computer->folder, "aside", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static void
run_sign_in (Computer *computer, gboolean merge)
{
  g_autoptr (GError) error = NULL;

  computer->store =
      dex_await_object (rafilm_sign_in_merge_run (computer->folder, UID, merge), &error);
  g_assert_no_error (error);
}

static void
test_plan (void)
{
  World world;
  g_autoptr (RafilmArrivalPlan) plan = NULL;
  g_autoptr (RafilmArrivalPlan) none = NULL;
  g_autoptr (GError) error = NULL;

  two_init (&world);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&plan, rafilm_arrival_plan_free);
      plan = dex_await_boxed (
          rafilm_sign_in_merge_plan (world.computers[1].folder, UID,
                                     RAFILM_SYNC_TRANSPORT (world.computers[1].pipe)),
          &error);
      g_assert_no_error (error);
      g_assert_cmpuint (plan->here, ==, 3);
      g_assert_cmpuint (plan->there, ==, 3);
      g_assert_cmpuint (plan->same, ==, 2);
      g_assert_cmpuint (plan->added, ==, 1);
      g_assert_cmpuint (plan->lists, ==, 1);
    }
  /* Nothing was merged by planning. */
  g_assert_cmpuint (sync_server_count_rows (world.server, UID, "d"), ==, 3);
  g_assert_cmpuint (count_asides (&world.computers[1]), ==, 0);
  run_sign_in (&world.computers[1], TRUE);
  none =
      dex_await_boxed (rafilm_sign_in_merge_plan (world.computers[1].folder, UID,
                                                  RAFILM_SYNC_TRANSPORT (world.computers[1].pipe)),
                       &error);
  g_assert_no_error (error);
  g_assert_null (none);
  world_clear (&world);
}

static RafilmViewing *
find_viewing (Computer *computer, gint64 film)
{
  g_autoptr (GListModel) viewings =
      dex_await_object (rafilm_store_list_viewings (computer->store, film, 0, 0), NULL);

  g_assert_cmpuint (g_list_model_get_n_items (viewings), >, 0);
  return g_list_model_get_item (viewings, g_list_model_get_n_items (viewings) - 1);
}

/* Both reviews are kept; the account's rating stays, a missing one is filled; lists of one name
 * can be told apart. */
static void
test_merge (void)
{
  World world;
  g_autoptr (RafilmViewing) reviewed = NULL;
  g_autoptr (RafilmViewing) rated = NULL;
  g_autoptr (GListModel) lists = NULL;
  g_autoptr (GString) names = g_string_new (NULL);

  two_init (&world);
  run_sign_in (&world.computers[1], TRUE);
  g_assert_cmpuint (count_asides (&world.computers[1]), ==, 1);
  g_assert_true (sync_computer (&world, &world.computers[1]));
  g_assert_true (sync_computer (&world, &world.computers[0]));
  g_assert_cmpuint (sync_server_count_rows (world.server, UID, "d"), ==, 4);

  reviewed = find_viewing (&world.computers[0], 1);
  g_assert_cmpuint (rafilm_viewing_get_versions (reviewed), ==, 1);
  g_assert_cmpint (rafilm_viewing_get_rating (reviewed), ==, 9);
  rated = find_viewing (&world.computers[0], 2);
  g_assert_cmpint (rafilm_viewing_get_rating (rated), ==, 7);

  lists = dex_await_object (rafilm_store_list_lists (world.computers[0].store), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (lists), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (RafilmList) list = g_list_model_get_item (lists, i);

      g_string_append_printf (names, "[%s]", rafilm_list_get_name (list));
    }
  g_assert_nonnull (strstr (names->str, "[Winter]"));
  g_assert_nonnull (strstr (names->str, "[Winter (from this computer)]"));
  g_clear_object (&lists);
  g_clear_object (&reviewed);
  g_clear_object (&rated);
  world_clear (&world);
}

static void
test_use_account (void)
{
  World world;
  g_autoptr (GListModel) viewings = NULL;

  two_init (&world);
  run_sign_in (&world.computers[1], FALSE);
  g_assert_cmpuint (count_asides (&world.computers[1]), ==, 1);
  g_assert_true (sync_computer (&world, &world.computers[1]));
  g_assert_cmpuint (sync_server_count_rows (world.server, UID, "d"), ==, 3);
  viewings =
      dex_await_object (rafilm_store_list_viewings (world.computers[1].store, 0, 0, 0), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (viewings), ==, 3);
  g_clear_object (&viewings);
  world_clear (&world);
}

/* A second diary without an account, kept after a sign-out, arrives too; and what is edited before
 * it was sent stays edited. */
static void
test_again (void)
{
  World world;
  Computer *second;
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("rate");
  g_autoptr (RafilmViewing) before = NULL;
  g_autoptr (RafilmViewing) after = NULL;

  two_init (&world);
  second = &world.computers[1];
  run_sign_in (second, TRUE);
  g_assert_true (sync_computer (&world, second));
  close_diary (second);
  open_diary (second, NULL);
  log_film (second, 4, 2, NULL, 0);
  log_film (second, 5, 2, NULL, 3);
  close_diary (second);
  open_diary (second, UID);
  g_assert_cmpuint (count_asides (second), ==, 2);
  before = find_viewing (second, 5);
  after = rafilm_viewing_copy (before);
  g_object_set (after, "rating", 8, NULL);
  rafilm_edit_update_viewing (edit, before, after);
  apply (second, edit);
  log_film (&world.computers[0], 7, 1, NULL, 0);
  g_assert_true (sync_computer (&world, &world.computers[0]));
  g_assert_true (sync_computer (&world, second));
  g_assert_true (sync_computer (&world, &world.computers[0]));
  g_assert_cmpuint (sync_server_count_rows (world.server, UID, "d"), ==, 6);
  g_clear_object (&before);
  before = find_viewing (&world.computers[0], 5);
  g_assert_cmpint (rafilm_viewing_get_rating (before), ==, 8);
  g_clear_object (&before);
  g_clear_object (&after);
  world_clear (&world);
}

/* Two diaries of one computer arrive one after the other, with other words on the same evening: the
 * second is not an edit of the first by who wrote it. */
static void
test_other_words (void)
{
  World world;
  Computer *second;
  g_autoptr (RafilmViewing) viewing = NULL;

  two_init (&world);
  second = &world.computers[1];
  run_sign_in (second, TRUE);
  g_assert_true (sync_computer (&world, second));
  close_diary (second);
  open_diary (second, NULL);
  log_film (second, 1, 1, "Seen here once more", 0);
  close_diary (second);
  open_diary (second, UID);
  g_assert_true (sync_computer (&world, second));
  g_assert_true (sync_computer (&world, &world.computers[0]));
  viewing = find_viewing (&world.computers[0], 1);
  g_assert_cmpuint (rafilm_viewing_get_versions (viewing), ==, 2);
  g_assert_cmpuint (sync_server_count_rows (world.server, UID, "d"), ==, 4);
  g_clear_object (&viewing);
  world_clear (&world);
}

/* The same while the words in the account are not sent yet, since more waits before them than goes
 * into one batch. */
static void
test_unsent_words (void)
{
  World world;
  Computer *second;
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("review");
  g_autoptr (RafilmViewing) viewing = NULL;
  g_autoptr (RafilmViewing) merged = NULL;

  two_init (&world);
  second = &world.computers[1];
  run_sign_in (second, TRUE);
  g_assert_true (sync_computer (&world, second));
  viewing = find_viewing (second, 2);
  for (gint64 film = 100; film < 200; film++)
    rafilm_edit_rate_film (edit, film, 5);
  apply (second, edit);
  g_clear_pointer (&edit, rafilm_edit_unref);
  edit = rafilm_edit_new ("review");
  rafilm_edit_set (edit, "d", rafilm_viewing_get_id (viewing), "rv",
                   rafilm_wire_review ("Signed in", false, NULL));
  apply (second, edit);
  close_diary (second);
  open_diary (second, NULL);
  log_film (second, 2, 2, "Signed out", 0);
  log_film (second, 2, 3, "Signed out", 0);
  close_diary (second);
  open_diary (second, UID);
  g_assert_true (sync_computer (&world, second));
  g_assert_true (sync_computer (&world, &world.computers[0]));
  merged = dex_await_object (
      rafilm_store_get_viewing (world.computers[0].store, rafilm_viewing_get_id (viewing)), NULL);
  g_assert_cmpuint (rafilm_viewing_get_versions (merged), ==, 1);
  g_assert_cmpuint (sync_server_count_rows (world.server, UID, "d"), ==, 4);
  g_clear_object (&viewing);
  g_clear_object (&merged);
  world_clear (&world);
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);
  rafilm_test_add_fiber ("/sync/sign-in/plan", test_plan);
  rafilm_test_add_fiber ("/sync/sign-in/merge", test_merge);
  rafilm_test_add_fiber ("/sync/sign-in/use-account", test_use_account);
  rafilm_test_add_fiber ("/sync/sign-in/again", test_again);
  rafilm_test_add_fiber ("/sync/sign-in/other-words", test_other_words);
  rafilm_test_add_fiber ("/sync/sign-in/unsent-words", test_unsent_words);
  rafilm_test_add_fiber ("/sync/sign-in/worlds", test_worlds);

  return g_test_run ();
}
