/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-images.h"

#include <glib/gstdio.h>
#include <string.h>

#include "rafilm-clock.h"
#include "rafilm-error.h"
#include "rafilm-fake-server.h"
#include "rafilm-test.h"

#define PICTURE_BYTES 10000

typedef struct
{
  SoupServer *server;
  RafilmEndpoints *endpoints;
  RafilmHttp *http;
  RafilmImages *images;
  char *folder;
  GPtrArray *waiting;
  guint requests;
  guint most_at_once;
  guint failures;
  gboolean paused;
} Fixture;

static void
answer_picture (SoupServerMessage *message)
{
  g_autofree char *picture = g_malloc0 (PICTURE_BYTES);

  memcpy (picture, "\xff\xd8\xff\xe0", 4);
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "image/jpeg", SOUP_MEMORY_COPY, picture,
                                    PICTURE_BYTES);
}

static void
pictures_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
             gpointer data)
{
  Fixture *fixture = data;

  fixture->requests++;
  if (fixture->failures > 0)
    {
      fixture->failures--;
      rafilm_fake_server_answer (message, 503, "text/plain", "later");
    }
  else if (strstr (path, "missing") != NULL)
    rafilm_fake_server_answer (message, 404, "text/plain", "no");
  else if (strstr (path, "html") != NULL)
    rafilm_fake_server_answer (message, 200, "image/jpeg", "<p>Sign in to this network</p>");
  else if (fixture->paused)
    {
      soup_server_message_pause (message);
      g_ptr_array_add (fixture->waiting, g_object_ref (message));
      fixture->most_at_once = MAX (fixture->most_at_once, fixture->waiting->len);
    }
  else
    answer_picture (message);
}

static void
resume (Fixture *fixture)
{
  fixture->paused = FALSE;
  for (guint i = 0; i < fixture->waiting->len; i++)
    {
      answer_picture (g_ptr_array_index (fixture->waiting, i));
      soup_server_message_unpause (g_ptr_array_index (fixture->waiting, i));
    }
  g_ptr_array_set_size (fixture->waiting, 0);
}

static void
restart (Fixture *fixture)
{
  g_clear_object (&fixture->images);
  fixture->images = rafilm_images_new (fixture->http, fixture->endpoints, fixture->folder);
}

static Fixture *
fixture_new (void)
{
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->server = rafilm_fake_server_new ();
  soup_server_add_handler (fixture->server, "/pictures", pictures_cb, fixture, NULL);
  fixture->endpoints = rafilm_fake_server_dup_endpoints (fixture->server);
  fixture->http = rafilm_http_new ();
  fixture->folder = rafilm_test_make_dir ();
  restart (fixture);

  return fixture;
}

static void
fixture_free (Fixture *fixture)
{
  rafilm_clock_set_offset (0);
  /* A fiber lets go of what it holds a turn after its promise. */
  rafilm_test_sleep (20);
  g_assert_finalize_object (fixture->images);
  g_assert_finalize_object (fixture->http);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_ptr_array_unref (fixture->waiting);
  rafilm_endpoints_free (fixture->endpoints);
  g_free (fixture->folder);
  g_free (fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static char *
fetch (Fixture *fixture, const char *path)
{
  g_autoptr (GError) error = NULL;
  char *file = dex_await_string (rafilm_images_fetch (fixture->images, path, "w342"), &error);

  g_assert_no_error (error);

  return file;
}

static void
assert_refused (Fixture *fixture, const char *path, const char *size, RafilmError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file =
      dex_await_string (rafilm_images_fetch (fixture->images, path, size), &error);

  g_assert_null (file);
  g_assert_error (error, RAFILM_ERROR, (int) code);
}

static void
test_fetch (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *expected = g_build_filename (fixture->folder, "w342", "abc.jpg", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *peeked = NULL;
  GStatBuf status;

  g_assert_null (rafilm_images_peek (fixture->images, "/abc.jpg", "w342"));
  first = fetch (fixture, "/abc.jpg");
  g_assert_cmpstr (first, ==, expected);
  g_assert_cmpint (g_stat (first, &status), ==, 0);
  g_assert_cmpint (status.st_size, ==, PICTURE_BYTES);
  peeked = rafilm_images_peek (fixture->images, "/abc.jpg", "w342");
  g_assert_cmpstr (peeked, ==, expected);

  second = fetch (fixture, "/abc.jpg");
  restart (fixture);
  third = fetch (fixture, "/abc.jpg");
  g_assert_cmpstr (third, ==, expected);
  g_assert_cmpuint (fixture->requests, ==, 1);
}

static void
test_coalesced (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  DexFuture *futures[30];

  fixture->paused = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autofree char *path = g_strdup_printf ("/p%u.jpg", i % 10);

      futures[i] = rafilm_images_fetch (fixture->images, path, "w342");
    }
  for (guint i = 0; i < 500 && fixture->waiting->len < 6; i++)
    rafilm_test_sleep (10);
  rafilm_test_sleep (50);
  g_assert_cmpuint (fixture->most_at_once, ==, 6);
  resume (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (futures); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *file = dex_await_string (futures[i], &error);

      g_assert_no_error (error);
    }
  g_assert_cmpuint (fixture->requests, ==, 10);
}

static void
test_missing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  assert_refused (fixture, "/missing.jpg", "w342", RAFILM_ERROR_NOT_FOUND);
  assert_refused (fixture, "/missing.jpg", "w342", RAFILM_ERROR_NOT_FOUND);
  g_assert_cmpuint (fixture->requests, ==, 1);
  rafilm_clock_set_offset (61 * 60 * 1000);
  assert_refused (fixture, "/missing.jpg", "w342", RAFILM_ERROR_NOT_FOUND);
  g_assert_cmpuint (fixture->requests, ==, 2);
}

static void
test_failures (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *file = NULL;

  fixture->failures = 2;
  file = fetch (fixture, "/a.jpg");
  g_assert_cmpuint (fixture->requests, ==, 3);

  fixture->failures = 100;
  assert_refused (fixture, "/b.jpg", "w342", RAFILM_ERROR_UNAVAILABLE);
  g_assert_cmpuint (fixture->requests, ==, 6);

  fixture->failures = 0;
  assert_refused (fixture, "/html.jpg", "w342", RAFILM_ERROR_MALFORMED);
  g_assert_null (rafilm_images_peek (fixture->images, "/html.jpg", "w342"));

  soup_server_disconnect (fixture->server);
  assert_refused (fixture, "/c.jpg", "w342", RAFILM_ERROR_OFFLINE);
}

static void
test_names (void)
{
  const char *const paths[] = { "",         "/",         "abc.jpg", "/../abc.jpg",
                                "/a/b.jpg", "/a.exe",    "/.jpg",   "/a.jpg\n",
                                "/a b.jpg", "/a%2f.jpg", "/a.jpg?", "/a..jpg.png" };
  const char *const sizes[] = { "", "w", "x342", "w12345", "../w342", "w34 ", "Original" };
  g_autoptr (Fixture) fixture = fixture_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    assert_refused (fixture, paths[i], "w342", RAFILM_ERROR_INVALID);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    assert_refused (fixture, "/abc.jpg", sizes[i], RAFILM_ERROR_INVALID);
  g_assert_cmpuint (fixture->requests, ==, 0);
}

static gboolean
is_on_disk (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, "w342", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_eviction (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  rafilm_images_set_limit (fixture->images, 5 * PICTURE_BYTES);
  for (gint64 i = 0; i < 5; i++)
    {
      g_autofree char *path = g_strdup_printf ("/e%d.jpg", (int) i);
      g_autofree char *file = NULL;

      rafilm_clock_set_offset ((i - 1000) * 60 * 60 * 1000);
      file = fetch (fixture, path);
    }

  /* The oldest was used again, and that outlives the program. */
  rafilm_clock_set_offset (0);
  g_free (fetch (fixture, "/e0.jpg"));
  restart (fixture);
  rafilm_images_set_limit (fixture->images, 5 * PICTURE_BYTES);
  g_free (fetch (fixture, "/e9.jpg"));

  g_assert_true (is_on_disk (fixture, "e0.jpg"));
  g_assert_true (is_on_disk (fixture, "e9.jpg"));
  g_assert_cmpint (is_on_disk (fixture, "e1.jpg") + is_on_disk (fixture, "e2.jpg")
                       + is_on_disk (fixture, "e3.jpg") + is_on_disk (fixture, "e4.jpg"),
                   ==, 2);
}

/* Somebody emptied the folder. */
static void
test_lost_file (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *first = fetch (fixture, "/abc.jpg");
  g_autofree char *second = NULL;

  g_assert_cmpint (g_unlink (first), ==, 0);
  second = fetch (fixture, "/abc.jpg");
  g_assert_true (g_file_test (second, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (fixture->requests, ==, 2);
}

static void
test_disk_full (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *path = g_build_filename (fixture->folder, "w342", NULL);
  g_autoptr (GError) error = NULL;

  /* A file is where the folder should be, which no write can get past. */
  g_file_set_contents (path, "", 0, &error);
  g_assert_no_error (error);
  assert_refused (fixture, "/abc.jpg", "w342", RAFILM_ERROR_DISK_FULL);
  g_assert_null (rafilm_images_peek (fixture->images, "/abc.jpg", "w342"));
}

int
main (int argc, char **argv)
{
  rafilm_test_init (&argc, &argv);

  rafilm_test_add_fiber ("/net/images/fetch", test_fetch);
  rafilm_test_add_fiber ("/net/images/coalesced", test_coalesced);
  rafilm_test_add_fiber ("/net/images/missing", test_missing);
  rafilm_test_add_fiber ("/net/images/failures", test_failures);
  rafilm_test_add_fiber ("/net/images/names", test_names);
  rafilm_test_add_fiber ("/net/images/eviction", test_eviction);
  rafilm_test_add_fiber ("/net/images/lost-file", test_lost_file);
  rafilm_test_add_fiber ("/net/images/disk-full", test_disk_full);

  return g_test_run ();
}
