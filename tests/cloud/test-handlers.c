/* SPDX-License-Identifier: GPL-3.0-or-later */
/* films, recommendations, authorizer, connect. */
#include "cloud-world.h"

#include "rafilm-time.h"

static CloudWorld *world;

static json_t *
get (RafilmHandlerFunc handler, const char *resource, const char *uid, json_t *parameters,
     json_t *query, int status)
{
  json_auto_t *answer = cloud_fixture_call (
      world->fixture, handler, cloud_rest_event ("GET", resource, uid, parameters, query, NULL));
  json_t *body = cloud_answer_body (answer);

  g_assert_cmpint (cloud_answer_status (answer), ==, status);
  if (status >= 400)
    {
      cloud_assert_json (answer, "headers.Content-Type", "application/problem+json");
      g_assert_cmpint (json_integer_value (json_object_get (body, "status")), ==, status);
    }
  return body;
}

static json_t *
get_film (const char *id, int status)
{
  return get (rafilm_films_handler, "/v1/films/{id}", NULL, json_pack ("{s:s}", "id", id), NULL,
              status);
}

static void
test_film (void)
{
  json_auto_t *film = get_film ("949", 200), *again = NULL, *none = NULL, *wrong = NULL;

  cloud_assert_json (film, "title", "Heat");
  cloud_assert_json (film, "runtime", "120");
  cloud_assert_json (film, "genres", "[\"Crime\"]");
  cloud_assert_json (film, "similar.1.genres", "[\"Science Fiction\"]");
  g_assert_cmpuint (world->tmdb_calls, ==, 1);
  again = get_film ("949", 200);
  g_assert_true (json_equal (film, again));
  g_assert_cmpuint (world->tmdb_calls, ==, 1);

  /* That there is no such film is remembered too. */
  none = get_film ("12345", 404);
  cloud_assert_json (none, "code", "not_found");
  json_decref (get_film ("12345", 404));
  g_assert_cmpuint (world->tmdb_calls, ==, 2);
  wrong = get_film ("12x", 404);
  json_decref (get_film ("99999999999", 404));
  g_assert_cmpuint (world->tmdb_calls, ==, 2);
}

/* Moves what the cache holds of a key into the past, together with who fetched it. */
static void
age_cache (const char *key, int64_t seconds)
{
  g_autofree char *pk = g_strdup_printf ("T#%s", key);
  json_auto_t *values =
      json_pack ("{s:o}", ":at", rafilm_attribute_int (rafilm_time_now () - seconds));
  json_auto_t *names = json_pack ("{s:s}", "#at", "at");

  g_assert_cmpint (rafilm_dynamodb_update_item (world->fixture->context->dynamodb, pk, "M",
                                                "SET #at = :at", "attribute_exists(pk)", names,
                                                values, NULL),
                   ==, RAFILM_DYNAMODB_OK);
  rafilm_dynamodb_delete_item (world->fixture->context->dynamodb, pk, "L");
}

static void
test_stale (void)
{
  json_auto_t *film = get_film ("949", 200), *stale = NULL, *problem = NULL;
  int64_t refused;

  age_cache ("film/949", 8 * 24 * 3600);
  world->tmdb_status = 500;
  stale = get_film ("949", 200);
  g_assert_true (json_equal (film, stale));
  problem = get_film ("603", 503);
  cloud_assert_json (problem, "code", "catalogue_unavailable");

  /* After a 429 TMDb is left alone, for as long as it asked: three seconds, if this computer has
   * not been busy with other things for so long. */
  refused = rafilm_time_now ();
  world->tmdb_status = 429;
  json_decref (get_film ("603", 503));
  world->tmdb_status = 200;
  if (rafilm_time_now () <= refused + 1)
    json_decref (get_film ("603", 503));
  g_assert_cmpuint (world->tmdb_calls, ==, 1);
  g_usleep (3100000);
  json_decref (get_film ("603", 200));
  json_decref (get_film ("949", 200));
  g_assert_cmpuint (world->tmdb_calls, ==, 3);
}

static json_t *
get_batch (const char *ids, int status)
{
  return get (rafilm_films_handler, "/v1/films", NULL, NULL, json_pack ("{s:s}", "ids", ids),
              status);
}

/* A short pause is waited out, so that hundreds of films come in one go. */
static void
test_busy (void)
{
  json_auto_t *batch = NULL;

  json_decref (get_film ("949", 200));
  world->tmdb_refusals = 1;
  batch = get_batch ("949,603", 200);
  g_assert_cmpuint (json_array_size (json_object_get (batch, "results")), ==, 2);
  g_assert_cmpuint (world->tmdb_refusals, ==, 0);
}

static void
test_batch (void)
{
  json_auto_t *batch = get_batch ("603,5,949,603", 200), *again = NULL;
  g_autoptr (GString) many = g_string_new ("1");

  g_assert_cmpuint (json_array_size (json_object_get (batch, "results")), ==, 2);
  cloud_assert_json (batch, "results.0.title", "The Matrix");
  cloud_assert_json (batch, "results.1.title", "Heat");
  cloud_assert_json (batch, "results.0.similar", "");
  g_assert_cmpuint (world->tmdb_calls, ==, 3);
  again = get_batch ("949,603,5", 200);
  g_assert_cmpuint (world->tmdb_calls, ==, 3);
  /* What the cache holds is whole, though a batch leaves something out. */
  {
    json_auto_t *film = get_film ("603", 200);

    cloud_assert_json (film, "similar.0.title", "Heat");
  }

  for (guint i = 2; i <= 41; i++)
    g_string_append_printf (many, ",%u", i);
  json_decref (get_batch (many->str, 400));
  json_decref (get_batch ("1,,2", 400));
  json_decref (get_batch ("", 400));
  json_decref (get_batch ("0", 400));
  json_decref (get_batch ("1, 2", 400));
  json_decref (get_batch ("+1", 400));
  json_decref (get_batch ("01", 400));
}

static void
test_lists (void)
{
  RafilmHandlerFunc films = rafilm_films_handler;
  json_auto_t *found =
      get (films, "/v1/films/search", NULL, NULL, json_pack ("{s:s}", "query", "Heat"), 200);
  json_auto_t *trending = get (films, "/v1/films/trending", NULL, NULL, NULL, 200);
  json_auto_t *crime = get (films, "/v1/films/discover", NULL, NULL,
                            json_pack ("{s:s, s:s}", "genre", "crime", "year", "1995"), 200);
  g_auto (GStrv) lines = NULL;

  cloud_assert_json (found, "total", "1");
  cloud_assert_json (found, "results.0.id", "949");
  cloud_assert_json (found, "results.0.cast", "");
  g_assert_cmpuint (json_array_size (json_object_get (trending, "results")), ==, 4);
  g_assert_cmpuint (json_array_size (json_object_get (crime, "results")), ==, 4);
  lines = cloud_peer_dup_lines (world->peer);
  g_assert_nonnull (
      strstr (lines[g_strv_length (lines) - 1], "primary_release_year=1995&with_genres=80"));

  json_decref (get (films, "/v1/films/search", NULL, NULL, NULL, 400));
  json_decref (get (films, "/v1/films/search", NULL, NULL,
                    json_pack ("{s:s, s:s}", "query", "a", "page", "501"), 400));
  json_decref (
      get (films, "/v1/films/discover", NULL, NULL, json_pack ("{s:s}", "genre", "Jazz"), 400));
  json_decref (get (films, "/v1/films/other", NULL, NULL, NULL, 404));
}

static void
put_row (const char *sk, json_t *fields, gboolean deleted)
{
  json_auto_t *item = rafilm_item_key ("U#u1", sk);

  rafilm_item_set_json (item, "f", fields);
  rafilm_item_set_bool (item, "x", deleted);
  json_decref (fields);
  g_assert_cmpint (
      rafilm_dynamodb_put_item (world->fixture->context->dynamodb, item, NULL, NULL, NULL), ==,
      RAFILM_DYNAMODB_OK);
}

static json_t *
recommend (int status)
{
  return get (rafilm_recommendations_handler, "/v1/recommendations", "u1", NULL,
              json_pack ("{s:s}", "limit", "3"), status);
}

static void
test_recommendations (void)
{
  json_auto_t *popular = NULL, *batch = NULL, *stored = NULL;

  put_row ("d#a", json_pack ("{s:i}", "film", 603), FALSE);
  put_row ("d#b", json_pack ("{s:i}", "film", 680), TRUE);
  put_row ("f#807", json_pack ("{s:b}", "hide", 1), FALSE);
  popular = recommend (200);
  cloud_assert_json (popular, "source", "popular");
  cloud_assert_json (popular, "items.0.film.title", "Heat");
  cloud_assert_json (popular, "items.1.film.title", "Pulp Fiction");
  cloud_assert_json (popular, "items.2", "");

  stored = rafilm_item_key ("U#u1", "R");
  {
    json_auto_t *items =
        json_pack ("[{s:i,s:f,s:[i]},{s:i,s:f},{s:i,s:f}]", "id", 680, "score", 0.9, "because", 603,
                   "id", 603, "score", 0.8, "id", 949, "score", 0.7);

    rafilm_item_set_json (stored, "items", items);
  }
  rafilm_dynamodb_put_item (world->fixture->context->dynamodb, stored, NULL, NULL, NULL);
  batch = recommend (200);
  cloud_assert_json (batch, "source", "personalize");
  cloud_assert_json (batch, "items.0.film.title", "Pulp Fiction");
  cloud_assert_json (batch, "items.0.because", "[603]");
  cloud_assert_json (batch, "items.1.film.title", "Heat");
  cloud_assert_json (batch, "items.2", "");

  json_decref (get (rafilm_recommendations_handler, "/v1/recommendations", NULL, NULL, NULL, 401));
  json_decref (get (rafilm_recommendations_handler, "/v1/recommendations", "u1", NULL,
                    json_pack ("{s:s}", "limit", "41"), 400));
}

static void
test_campaign (void)
{
  json_auto_t *ranked = NULL, *fallback = NULL;

  g_setenv ("RAFILM_CAMPAIGN_ARN", "arn:aws:personalize:us-east-1:1:campaign/a", TRUE);
  cloud_world_reset (world);
  world->ranking = "{\"itemList\":[{\"itemId\":\"807\",\"score\":0.5},{\"itemId\":\"x\"},"
                   "{\"itemId\":\"12345\"},{\"itemId\":\"949\",\"score\":0.25}]}";
  ranked = recommend (200);
  cloud_assert_json (ranked, "source", "personalize");
  cloud_assert_json (ranked, "items.0.film.title", "Se7en");
  cloud_assert_json (ranked, "items.0.score", "0.5");
  cloud_assert_json (ranked, "items.1.film.title", "Heat");
  world->ranking = NULL;
  fallback = recommend (200);
  cloud_assert_json (fallback, "source", "popular");
  g_unsetenv ("RAFILM_CAMPAIGN_ARN");
}

static void
test_authorizer (void)
{
  json_t *event = json_pack ("{s:s, s:s, s:{s:s}}", "type", "REQUEST", "methodArn",
                             "arn:x/$connect", "headers", "authorization", "Bearer not.a.token");
  json_auto_t *denied = cloud_fixture_call (world->fixture, rafilm_authorizer_handler, event);
  json_auto_t *broken =
      cloud_fixture_call (world->fixture, rafilm_authorizer_handler, json_object ());

  cloud_assert_json (denied, "policyDocument.Statement.0.Effect", "Deny");
  cloud_assert_json (denied, "policyDocument.Statement.0.Resource", "arn:x/$connect");
  g_assert_null (broken);
}

static int
send (const char *route, const char *uid, gint64 expires)
{
  json_auto_t *answer = cloud_fixture_call (world->fixture, rafilm_connect_handler,
                                            cloud_socket_event (route, "Xy=", uid, expires, NULL));

  return cloud_answer_status (answer);
}

static void
test_connect (void)
{
  gint64 expires = rafilm_time_now () + 900;
  g_autofree char *told = NULL;
  RafilmConnection found;
  json_auto_t *message = json_pack ("{s:s, s:i}", "t", "sync.changed", "head", 5);
  RafilmConnections *connections;

  connections = world->fixture->context->connections;
  g_assert_cmpint (send ("$connect", NULL, 0), ==, 401);
  g_assert_cmpint (send ("$connect", "u1", expires), ==, 200);
  g_assert_cmpint (send ("ping", "u1", expires), ==, 200);
  /* Without the authorizer's words the row says who it is. */
  g_assert_cmpint (send ("ping", NULL, 0), ==, 200);
  g_assert_cmpint (send ("$default", NULL, 0), ==, 200);
  g_assert_cmpuint (rafilm_connections_post_all (connections, "u1", NULL, message), ==, 1);
  g_assert_cmpuint (rafilm_connections_post_all (connections, "u2", NULL, message), ==, 0);
  told = cloud_world_dup_told (world, "Xy=");
  g_assert_cmpstr (told, ==, "pong|pong|error unknown_action|sync.changed 5");

  g_assert_cmpint (send ("$disconnect", "u1", expires), ==, 200);
  rafilm_connections_find (connections, "Xy=", &found);
  g_assert_null (found.uid);
  g_assert_cmpint (send ("ping", NULL, 0), ==, 410);
}

static void
test_gone (void)
{
  gint64 now = rafilm_time_now ();
  RafilmConnections *connections = world->fixture->context->connections;
  json_auto_t *message = json_pack ("{s:s}", "t", "pong");
  RafilmConnection found;

  rafilm_connections_add (connections, "A=", "u1", "k7Qm2xPa", now + 900, now - 60);
  rafilm_connections_add (connections, "B=", "u1", "", now + 900, now - 60);
  g_assert_cmpuint (rafilm_connections_post_all (connections, "u1", "k7Qm2xPa", message), ==, 1);
  g_mutex_lock (&world->lock);
  g_hash_table_add (world->gone, (gpointer) "B=");
  g_mutex_unlock (&world->lock);
  g_assert_cmpuint (rafilm_connections_post_all (connections, "u1", NULL, message), ==, 1);
  rafilm_connections_find (connections, "B=", &found);
  g_assert_null (found.uid);
  rafilm_connections_find (connections, "A=", &found);
  g_assert_cmpstr (found.uid, ==, "u1");
  rafilm_connection_clear (&found);
}

/* Messages are refused until $connect has answered, and the socket lives on. */
static void
test_opening (void)
{
  gint64 now = rafilm_time_now ();
  RafilmConnections *connections = world->fixture->context->connections;
  json_auto_t *message = json_pack ("{s:s}", "t", "pong");
  RafilmConnection found;

  rafilm_connections_add (connections, "C=", "u3", "", now + 900, now);
  g_mutex_lock (&world->lock);
  g_hash_table_add (world->gone, (gpointer) "C=");
  g_mutex_unlock (&world->lock);
  g_assert_cmpuint (rafilm_connections_post_all (connections, "u3", NULL, message), ==, 0);
  rafilm_connections_find (connections, "C=", &found);
  g_assert_cmpstr (found.uid, ==, "u3");
  rafilm_connection_clear (&found);
}

/* Who has just come is told where the account stands. */
static void
test_pong (void)
{
  json_auto_t *item = rafilm_item_key ("U#u4", "M");
  g_autofree char *told = NULL;

  rafilm_item_set_text (item, "e", "e_1");
  rafilm_item_set_int (item, "h", 7);
  g_assert_cmpint (
      rafilm_dynamodb_put_item (world->fixture->context->dynamodb, item, NULL, NULL, NULL), ==,
      RAFILM_DYNAMODB_OK);
  g_assert_cmpint (send ("$connect", "u4", rafilm_time_now () + 900), ==, 200);
  g_assert_cmpint (send ("ping", "u4", rafilm_time_now () + 900), ==, 200);
  told = cloud_world_dup_told (world, "Xy=");
  g_assert_cmpstr (told, ==, "pong 7");
}

/* Who waits for an answer is told that there is none; hints are no answers. */
static void
test_late (void)
{
  json_auto_t *message = json_pack ("{s:s}", "t", "pong");
  RafilmContext *context = world->fixture->context;

  g_assert_cmpint (send ("$connect", "u1", rafilm_time_now () + 900), ==, 200);
  rafilm_aws_set_deadline (context->aws, rafilm_time_now_ms () - 100);
  g_assert_cmpint (rafilm_connections_post (context->connections, "u1", "Xy=", message), ==,
                   RAFILM_POST_SENT);
  g_assert_cmpuint (rafilm_connections_post_all (context->connections, "u1", NULL, message), ==, 0);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  world = cloud_world_new ();
  cloud_world_add_test (world, "/cloud/films/film", test_film);
  cloud_world_add_test (world, "/cloud/films/stale", test_stale);
  cloud_world_add_test (world, "/cloud/films/busy", test_busy);
  cloud_world_add_test (world, "/cloud/films/batch", test_batch);
  cloud_world_add_test (world, "/cloud/films/lists", test_lists);
  cloud_world_add_test (world, "/cloud/recommendations/sources", test_recommendations);
  cloud_world_add_test (world, "/cloud/recommendations/campaign", test_campaign);
  cloud_world_add_test (world, "/cloud/authorizer/refusals", test_authorizer);
  cloud_world_add_test (world, "/cloud/connect/routes", test_connect);
  cloud_world_add_test (world, "/cloud/connect/gone", test_gone);
  cloud_world_add_test (world, "/cloud/connect/opening", test_opening);
  cloud_world_add_test (world, "/cloud/connect/pong", test_pong);
  cloud_world_add_test (world, "/cloud/connect/late", test_late);
  result = g_test_run ();
  cloud_world_free (world);
  return result;
}
