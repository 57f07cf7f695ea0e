/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How long the window keeps somebody waiting over a diary of 10,000 viewings: the longest turn of
 * the main loop, which is how long a key may go unanswered, and what all turns took together; both
 * in processor time of the main thread, so that other programs do not count. */

#include <stdlib.h>
#include <time.h>

#include "rafilm-bench.h"
#include "rafilm-spawn.h"
#include "rafilm-store-sync.h"
#include "rafilm-ui.h"
#include "rafilm-window.h"

#define VIEWINGS 10000
#define FILMS 2000
#define ANSWERS 4
/* Quiet for so long, what was begun is over. */
#define QUIET_MS 400

typedef struct
{
  GMainLoop *loop;
  RafilmStore *store;
  RafilmWindow *window;
} Bench;

/* ---- The turns of the main loop ---- */

static gint64 turn_began;
static gint64 longest;
static gint64 busy;

static gint64
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);

  return now.tv_sec * G_GINT64_CONSTANT (1000000) + now.tv_nsec / 1000;
}

static int
poll_func (GPollFD *fds, guint n_fds, int timeout)
{
  gint64 took = get_time () - turn_began;
  int result;

  if (turn_began != 0)
    {
      longest = MAX (longest, took);
      busy += took;
    }
  result = g_poll (fds, n_fds, timeout);
  turn_began = get_time ();

  return result;
}

/* In a fiber: until nothing has happened for a while. */
static void
await_quiet (void)
{
  gint64 before;

  do
    {
      before = busy;
      dex_await (dex_timeout_new_msec (QUIET_MS), NULL);
    }
  while (busy - before > QUIET_MS * 100);
}

static void
begin (void)
{
  longest = 0;
  busy = 0;
}

static void
report (const char *what)
{
  g_autofree char *turn = g_strdup_printf ("window_%s_longest_turn_ms", what);
  g_autofree char *all = g_strdup_printf ("window_%s_busy_ms", what);

  await_quiet ();
  rafilm_bench_print (turn, (double) longest / 1000);
  rafilm_bench_print (all, (double) busy / 1000);
}

/* ---- The diary ---- */

static void
put_films (RafilmStore *store)
{
  g_autoptr (GPtrArray) films = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 1; i <= FILMS; i++)
    {
      g_auto (RafilmFilmFacts) facts = { 0 };
      RafilmFilm *film = rafilm_film_new (i);

      facts.title = g_strdup_printf ("The Film Number %u", i);
      facts.release_date = g_strdup_printf ("%u-05-01", 1930 + i % 95);
      facts.fetched_at = 1;
      rafilm_film_take_facts (film, &facts);
      g_ptr_array_add (films, film);
    }
  dex_await (rafilm_store_put_films (store, films), NULL);
}

static void
set_field (RafilmWireRow *row, const char *name, RafilmWireValue value)
{
  RafilmWireStamp stamp = { .fseq = row->q, .h = 1000, .dev = "otherdev", .n = 1 };

  rafilm_wire_fields_take (&row->fields, name, value, &stamp);
}

/* What the server sends: one part of the viewings, newest first. */
static RafilmSyncAnswer *
make_answer (guint part)
{
  RafilmSyncAnswer *answer = rafilm_sync_answer_new ();

  answer->acct = g_strdup ("user");
  answer->epoch = g_strdup ("epoch");
  answer->server_now = 1790000000000;
  answer->head = VIEWINGS;
  answer->cursor = (part + 1) * (VIEWINGS / ANSWERS);
  answer->more = part + 1 < ANSWERS;
  for (guint i = part * (VIEWINGS / ANSWERS); i < (part + 1) * (VIEWINGS / ANSWERS); i++)
    {
      g_autofree char *id = g_strdup_printf ("viewing%06u", i);
      g_autofree char *day =
          g_strdup_printf ("%u-%02u-%02u", 2025 - i / 336, 12 - i / 28 % 12, 28 - i % 28);
      RafilmWireRow *row = rafilm_wire_row_new ("d", id);

      row->q = i + 1;
      set_field (row, "film", rafilm_wire_int (1 + i * 7 % FILMS));
      set_field (row, "on", rafilm_wire_text (day));
      set_field (row, "rating", rafilm_wire_int (1 + i % 10));
      if (i % 5 == 0)
        set_field (row, "rv", rafilm_wire_review ("Better than I remembered it.", false, "en"));
      g_ptr_array_add (answer->rows, row);
    }

  return answer;
}

static void
sync_first (Bench *self)
{
  g_autoptr (RafilmSyncState) bound =
      dex_await_boxed (rafilm_store_bind_account (self->store, "user"), NULL);

  for (guint part = 0; part < ANSWERS; part++)
    {
      RafilmSyncAnswer *answer = make_answer (part);
      g_autoptr (RafilmSyncState) state = NULL;
      g_autoptr (GError) error = NULL;

      /* Making it is not the window's work. */
      turn_began = get_time ();
      state = dex_await_boxed (rafilm_store_apply_answer (self->store, answer), &error);
      if (state == NULL)
        g_error ("%s", error->message);
    }
}

static void
log_one (Bench *self)
{
  g_autoptr (RafilmFilm) film = dex_await_object (rafilm_store_get_film (self->store, 7), NULL);
  g_autoptr (RafilmViewing) viewing = rafilm_viewing_new ("one", film);
  g_autoptr (RafilmEdit) edit = rafilm_edit_new ("Log");

  g_object_set (viewing, "date", "2026-01-01", "rating", 8, NULL);
  rafilm_edit_log_viewing (edit, viewing);
  dex_await (rafilm_store_apply (self->store, edit), NULL);
}

/* ---- The scenes ---- */

static void
show_page (Bench *self, const char *page, const char *what)
{
  begin ();
  rafilm_window_show_page (self->window, page);
  report (what);
}

static DexFuture *
bench_fiber (gpointer user_data)
{
  Bench *self = user_data;
  g_autofree char *folder = g_dir_make_tmp ("rafilm-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "diary.db", NULL);
  g_autoptr (RafilmAppContext) context = NULL;

  self->store = dex_await_object (rafilm_store_open (path), NULL);
  put_films (self->store);
  context = rafilm_app_context_new (self->store);
  self->window = rafilm_window_new (NULL, context);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1180, 800);
  gtk_window_present (GTK_WINDOW (self->window));
  await_quiet ();

  show_page (self, "diary", "empty_diary");
  begin ();
  sync_first (self);
  report ("first_sync");
  show_page (self, "films", "films_page");
  show_page (self, "statistics", "statistics_page");
  show_page (self, "diary", "diary_page");
  begin ();
  log_one (self);
  report ("log_one");

  gtk_window_destroy (GTK_WINDOW (self->window));
  await_quiet ();
  dex_await (rafilm_store_close (self->store), NULL);
  g_clear_object (&self->store);
  g_main_loop_quit (self->loop);

  return NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Bench self = { .loop = loop };

  dex_init ();
  if (!gtk_init_check ())
    {
      g_printerr ("bench-window: there is no display\n");
      return EXIT_FAILURE;
    }
  adw_init ();
  rafilm_ui_init ();
  g_main_context_set_poll_func (NULL, poll_func);
  dex_future_disown (rafilm_spawn (bench_fiber, &self, NULL));
  g_main_loop_run (loop);

  return EXIT_SUCCESS;
}
