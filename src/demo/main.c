/* SPDX-License-Identifier: GPL-3.0-or-later */

/* rafilm-demo: makes the demo diary, or the ratings that the sample's model is trained on. */

#include <stdlib.h>

#include "rafilm-clock.h"
#include "rafilm-date.h"
#include "rafilm-demo-diary.h"
#include "rafilm-demo-neighbours.h"
#include "rafilm-demo-sample.h"
#include "rafilm-profile.h"
#include "rafilm-spawn.h"

#define DEFAULT_SEED 1995

typedef struct
{
  GMainLoop *loop;
  char *sample;
  char *profile;
  char *neighbours;
  char *today;
  int seed;
  int status;
} Demo;

static gboolean
write_diary (Demo *self, GPtrArray *films, GError **error)
{
  g_autoptr (RafilmDemoPlan) plan = rafilm_demo_plan_new (films, self->today, (guint32) self->seed);
  g_autoptr (RafilmStore) store = NULL;

  store = dex_await_object (rafilm_profile_open (self->profile, NULL), error);

  return store != NULL && dex_await (rafilm_demo_diary_write (store, plan), error)
         && dex_await (rafilm_store_close (store), error);
}

static gboolean
run (Demo *self, GError **error)
{
  g_autoptr (GPtrArray) films = rafilm_demo_sample_read (self->sample, error);
  g_autofree char *csv = NULL;

  if (films == NULL)
    return FALSE;
  if (self->neighbours == NULL)
    return write_diary (self, films, error);

  csv = rafilm_demo_neighbours_write (films, (guint32) self->seed);

  return g_file_set_contents (self->neighbours, csv, -1, error);
}

static DexFuture *
demo_fiber (gpointer data)
{
  Demo *self = data;
  g_autoptr (GError) error = NULL;

  if (!run (self, &error))
    {
      g_printerr ("rafilm-demo: %s\n", error->message);
      self->status = EXIT_FAILURE;
    }
  g_main_loop_quit (self->loop);

  return dex_future_new_true ();
}

int
main (int argc, char **argv)
{
  Demo self = { .seed = DEFAULT_SEED };
  GOptionEntry entries[] = {
    { "sample", 0, 0, G_OPTION_ARG_FILENAME, &self.sample, "The sample catalogue", "DIR" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &self.profile,
      "Make the demo diary in this data folder", "DIR" },
    { "neighbours", 0, 0, G_OPTION_ARG_FILENAME, &self.neighbours,
      "Write made-up people's ratings as CSV", "FILE" },
    { "today", 0, 0, G_OPTION_ARG_STRING, &self.today, "When the diary ends, if not today",
      "YYYY-MM-DD" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &self.seed, "Chance's beginning", "N" },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;

  dex_init ();
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc > 1 || self.sample == NULL
      || (self.profile == NULL) == (self.neighbours == NULL)
      || (self.today != NULL && !rafilm_date_is_valid (self.today)))
    {
      g_printerr ("usage: rafilm-demo --sample DIR (--profile DIR | --neighbours FILE)"
                  " [--today DATE] [--seed N]\n");
      return 2;
    }

  if (self.today == NULL)
    self.today = rafilm_clock_dup_today ();
  self.loop = loop;
  dex_future_disown (rafilm_spawn (demo_fiber, &self, NULL));
  g_main_loop_run (loop);
  g_free (self.sample);
  g_free (self.profile);
  g_free (self.neighbours);
  g_free (self.today);

  return self.status;
}
