/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TMDb's limit and its leases, which all sandboxes share; and what is told when time is short. */
#include "cloud-world.h"

#include "rafilm-time.h"
#include "rafilm-tmdb-gate.h"

#include <string.h>

#define LIMIT RAFILM_TMDB_GATE_LIMIT

static CloudWorld *world;

static RafilmDynamodb *
get_dynamodb (void)
{
  return world->fixture->context->dynamodb;
}

static json_t *
get_batch (const char *ids, int status, const char *cache)
{
  json_auto_t *answer = cloud_fixture_call (
      world->fixture, rafilm_films_handler,
      cloud_rest_event ("GET", "/v1/films", NULL, NULL, json_pack ("{s:s}", "ids", ids), NULL));

  g_assert_cmpint (cloud_answer_status (answer), ==, status);
  cloud_assert_json (answer, "headers.Cache-Control", cache);
  return cloud_answer_body (answer);
}

static json_t *
get_film (const char *id)
{
  json_auto_t *answer = cloud_fixture_call (
      world->fixture, rafilm_films_handler,
      cloud_rest_event ("GET", "/v1/films/{id}", NULL, json_pack ("{s:s}", "id", id), NULL, NULL));

  g_assert_cmpint (cloud_answer_status (answer), ==, 200);
  return cloud_answer_body (answer);
}

/* As another sandbox sees it. */
static size_t
take_elsewhere (size_t wanted, int64_t now, int64_t *ret_until)
{
  RafilmContext *other = rafilm_context_new (world->fixture->settings);
  size_t taken = rafilm_tmdb_gate_take (other->dynamodb, wanted, now, ret_until);

  rafilm_context_free (other);
  return taken;
}

static void
test_limit (void)
{
  int64_t now = rafilm_time_now (), until;

  g_assert_cmpuint (rafilm_tmdb_gate_take (get_dynamodb (), 20, now, &until), ==, 20);
  g_assert_cmpuint (take_elsewhere (10, now, &until), ==, 10);
  g_assert_cmpuint (rafilm_tmdb_gate_take (get_dynamodb (), 20, now, &until), ==, LIMIT - 30);
  g_assert_cmpuint (take_elsewhere (1, now, &until), ==, 0);
  g_assert_cmpint (until, ==, now + 1);
  /* The next second begins anew, for whoever comes first; a clock that is behind joins it. */
  g_assert_cmpuint (take_elsewhere (100, now + 1, &until), ==, LIMIT);
  g_assert_cmpuint (rafilm_tmdb_gate_take (get_dynamodb (), 1, now, &until), ==, 0);
  g_assert_cmpuint (rafilm_tmdb_gate_take (get_dynamodb (), 1, now + 2, &until), ==, 1);
  g_assert_cmpuint (rafilm_tmdb_gate_take (get_dynamodb (), 1, now + 1, &until), ==, 1);
}

static void
test_pause (void)
{
  int64_t now = rafilm_time_now (), until;

  rafilm_tmdb_gate_pause (get_dynamodb (), now + 30);
  rafilm_tmdb_gate_pause (get_dynamodb (), now + 5); /* the longer one stays */
  g_assert_cmpuint (take_elsewhere (1, now, &until), ==, 0);
  g_assert_cmpint (until, ==, now + 30);
  g_assert_cmpuint (take_elsewhere (1, now + 30, &until), ==, 1);
}

/* What TMDb tells one sandbox, all know. */
static void
test_pause_is_shared (void)
{
  int64_t until;

  json_decref (get_film ("949"));
  world->tmdb_status = 429;
  json_decref (get_batch ("603", 503, "no-store"));
  world->tmdb_status = 200;
  g_assert_cmpuint (take_elsewhere (1, rafilm_time_now (), &until), ==, 0);
  g_assert_cmpint (until, >, rafilm_time_now ());
}

/* An answer that lacks something says so, and is kept by nobody. */
static void
test_later (void)
{
  json_auto_t *whole = NULL, *part = NULL, *none = NULL;

  whole = get_batch ("949,5", 200, "public, max-age=3600");
  cloud_assert_json (whole, "later", "");
  rafilm_tmdb_gate_pause (get_dynamodb (), rafilm_time_now () + 60);
  part = get_batch ("603,949,5,807", 200, "no-store");
  g_assert_cmpuint (json_array_size (json_object_get (part, "results")), ==, 1);
  cloud_assert_json (part, "results.0.id", "949");
  cloud_assert_json (part, "later", "[603,807]");
  none = get_batch ("603,807", 503, "no-store");
  cloud_assert_json (none, "code", "catalogue_unavailable");
}

/* More than the limit of a second in one go: the rest comes in the next. */
static void
test_beyond_the_limit (void)
{
  g_autoptr (GString) ids = g_string_new ("949");
  json_auto_t *batch = NULL;
  int64_t begin = rafilm_time_now ();

  for (guint i = 2; i <= 40; i++)
    g_string_append_printf (ids, ",%u", 600 + i);
  batch = get_batch (ids->str, 200, "public, max-age=3600");
  cloud_assert_json (batch, "results.0.id", "949");
  g_assert_cmpuint (world->tmdb_calls, ==, 40);
  g_assert_cmpint (rafilm_time_now (), >, begin);
}

static void
hold_lease (const char *key)
{
  g_assert_true (rafilm_tmdb_gate_lease (get_dynamodb (), key, rafilm_time_now ()));
  g_assert_false (rafilm_tmdb_gate_lease (get_dynamodb (), key, rafilm_time_now ()));
}

static void
put_cached (RafilmDynamodb *dynamodb, int64_t at)
{
  json_auto_t *item = rafilm_item_key ("T#film/603", "M");

  rafilm_item_set_text (item, "body", "{\"id\":603,\"title\":\"By another\"}");
  rafilm_item_set_int (item, "at", at);
  rafilm_item_set_int (item, "ttl", at + 30 * 24 * 3600);
  rafilm_item_set_int (item, "v", 1);
  g_assert_cmpint (rafilm_dynamodb_put_item (dynamodb, item, NULL, NULL, NULL), ==,
                   RAFILM_DYNAMODB_OK);
}

static gpointer
put_cached_soon (gpointer data)
{
  RafilmContext *other = rafilm_context_new (world->fixture->settings);

  g_usleep (400000);
  put_cached (other->dynamodb, rafilm_time_now ());
  rafilm_context_free (other);
  return NULL;
}

static void
test_waits_for_another (void)
{
  json_auto_t *film = NULL;
  GThread *thread;

  json_decref (get_film ("949")); /* the names of genres are there */
  hold_lease ("film/603");
  thread = g_thread_new ("another", put_cached_soon, NULL);
  film = get_film ("603");
  g_thread_join (thread);
  cloud_assert_json (film, "title", "By another");
  g_assert_cmpuint (world->tmdb_calls, ==, 1);
}

/* The other one came to nothing. */
static void
test_waits_in_vain (void)
{
  json_auto_t *film = NULL;
  gint64 begin;

  json_decref (get_film ("949"));
  hold_lease ("film/603");
  begin = g_get_monotonic_time ();
  film = get_film ("603");
  cloud_assert_json (film, "title", "The Matrix");
  g_assert_cmpint (g_get_monotonic_time () - begin, >, G_USEC_PER_SEC);
  g_assert_cmpuint (world->tmdb_calls, ==, 2);
}

/* What failed is given back: the next one asks at once. */
static void
test_given_back (void)
{
  gint64 begin;

  json_decref (get_film ("949"));
  world->tmdb_status = 500;
  for (guint i = 0; i < 2; i++)
    {
      json_auto_t *answer =
          cloud_fixture_call (world->fixture, rafilm_films_handler,
                              cloud_rest_event ("GET", "/v1/films/{id}", NULL,
                                                json_pack ("{s:s}", "id", "603"), NULL, NULL));

      g_assert_cmpint (cloud_answer_status (answer), ==, 503);
    }
  world->tmdb_status = 200;
  begin = g_get_monotonic_time ();
  json_decref (get_film ("603"));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, G_USEC_PER_SEC);
}

/* Nobody waits where something older is at hand. */
static void
test_stale_meanwhile (void)
{
  json_auto_t *film = NULL;

  json_decref (get_film ("949"));
  put_cached (get_dynamodb (), rafilm_time_now () - 8 * 24 * 3600);
  hold_lease ("film/603");
  film = get_film ("603");
  cloud_assert_json (film, "title", "By another");
  g_assert_cmpuint (world->tmdb_calls, ==, 1);
}

/* A key that TMDb no longer takes is read anew for the next request, without a new sandbox. */
static void
test_changed_key (void)
{
  json_decref (get_film ("949"));
  cloud_world_put_key (world, "other");
  json_decref (get_batch ("603", 200, "public, max-age=3600"));
  world->tmdb_key = "other";
  json_decref (get_batch ("807", 503, "no-store"));
  json_decref (get_batch ("807", 200, "public, max-age=3600"));
  cloud_world_put_key (world, "k y");
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  world = cloud_world_new ();
  cloud_world_add_test (world, "/cloud/tmdb/limit", test_limit);
  cloud_world_add_test (world, "/cloud/tmdb/pause", test_pause);
  cloud_world_add_test (world, "/cloud/tmdb/pause-is-shared", test_pause_is_shared);
  cloud_world_add_test (world, "/cloud/tmdb/later", test_later);
  cloud_world_add_test (world, "/cloud/tmdb/beyond-the-limit", test_beyond_the_limit);
  cloud_world_add_test (world, "/cloud/tmdb/waits-for-another", test_waits_for_another);
  cloud_world_add_test (world, "/cloud/tmdb/waits-in-vain", test_waits_in_vain);
  cloud_world_add_test (world, "/cloud/tmdb/given-back", test_given_back);
  cloud_world_add_test (world, "/cloud/tmdb/stale-meanwhile", test_stale_meanwhile);
  cloud_world_add_test (world, "/cloud/tmdb/changed-key", test_changed_key);
  result = g_test_run ();
  cloud_world_free (world);
  return result;
}
