/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-test.h"

#include "rafilm-spawn.h"

#define CASE_SECONDS 60

typedef struct
{
  RafilmTestFunc func;
  GMainLoop *loop;
} FiberCase;

static DexFuture *
case_fiber (gpointer data)
{
  FiberCase *fiber_case = data;

  fiber_case->func ();
  g_main_loop_quit (fiber_case->loop);

  return dex_future_new_true ();
}

static gboolean
case_timed_out_cb (gpointer data)
{
  g_error ("The test did not end within %d seconds", CASE_SECONDS);

  return G_SOURCE_REMOVE;
}

static void
run_case (gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (DexFuture) future = NULL;
  FiberCase fiber_case = { .func = (RafilmTestFunc) data, .loop = loop };
  guint timer;

  timer = g_timeout_add_seconds (CASE_SECONDS, case_timed_out_cb, NULL);
  future = rafilm_spawn (case_fiber, &fiber_case, NULL);
  g_main_loop_run (loop);
  g_source_remove (timer);
}

void
rafilm_test_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  dex_init ();
}

void
rafilm_test_add_fiber (const char *path, RafilmTestFunc func)
{
  g_test_add_data_func (path, (gconstpointer) func, run_case);
}

void
rafilm_test_sleep (guint milliseconds)
{
  dex_await (dex_timeout_new_msec (milliseconds), NULL);
}

char *
rafilm_test_make_dir (void)
{
  g_autoptr (GError) error = NULL;
  char *path = g_dir_make_tmp ("rafilm-test-XXXXXX", &error);

  g_assert_no_error (error);

  return path;
}

guint32
rafilm_test_seed (void)
{
  const char *given = g_getenv ("RAFILM_TEST_SEED");
  guint32 seed = given != NULL ? (guint32) g_ascii_strtoull (given, NULL, 10) : g_random_int ();

  g_test_message ("RAFILM_TEST_SEED=%u", seed);
  g_print ("# RAFILM_TEST_SEED=%u\n", seed);

  return seed;
}

char *
rafilm_test_shared_data (const char *relative_path)
{
  const char *folder = g_getenv ("RAFILM_SHARED_DATA");
  g_autofree char *path = NULL;

  if (folder != NULL)
    path = g_build_filename (folder, relative_path, NULL);

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("shared data not found");
      return NULL;
    }

  return g_steal_pointer (&path);
}
