/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deleting an account: all of it goes, also when it is interrupted, and nothing of others. */
#include "cloud-world.h"

#include "rafilm-erasure.h"
#include "rafilm-jobs.h"
#include "rafilm-profile.h"
#include "rafilm-publication.h"
#include "rafilm-publisher.h"
#include "rafilm-time.h"

#include <string.h>

#define ROWS 130 /* more than a page */

static CloudWorld *world;

static RafilmDynamodb *
get_dynamodb (void)
{
  return world->fixture->context->dynamodb;
}

static void
put (const char *pk, const char *sk, json_t *fields)
{
  json_auto_t *item = rafilm_item_key (pk, sk);

  rafilm_item_set_int (item, "q", 1);
  if (fields != NULL)
    rafilm_item_set_json (item, "f", fields);
  json_decref (fields);
  g_assert_cmpint (rafilm_dynamodb_put_item (get_dynamodb (), item, NULL, NULL, NULL), ==,
                   RAFILM_DYNAMODB_OK);
}

static void
report (const char *uid, const char *owner)
{
  char id[RAFILM_PUBLICATION_ID_SIZE];
  json_auto_t *answer = NULL;

  rafilm_publication_make_id (owner, "v1", id);
  answer = cloud_fixture_call (world->fixture, rafilm_reviews_handler,
                               cloud_rest_event ("POST", "/v1/reviews/{id}/report", uid,
                                                 json_pack ("{s:s}", "id", id), NULL, NULL));
  g_assert_cmpint (cloud_answer_status (answer), ==, 202);
}

/* A diary with everything that an account can have. */
static void
live (const char *uid, const char *handle, guint rows)
{
  gint64 now = rafilm_time_now ();
  g_autofree char *pk = g_strconcat ("U#", uid, NULL);
  g_autofree char *chat = g_strconcat ("H#", uid, NULL);
  g_autofree char *socket = g_strconcat (uid, "=", NULL);

  put (pk, "M", NULL);
  put (pk, "R", NULL);
  put (pk, "x#1", NULL);
  put (chat, "S#m_1", NULL);
  for (guint i = 0; i < rows; i++)
    {
      g_autofree char *sk = g_strdup_printf ("f#%u", i + 1);

      put (pk, sk, json_pack ("{s:b}", "like", 1));
    }
  put (pk, "d#v1", json_pack ("{s:i, s:b, s:s}", "film", 603, "public", 1, "rv", "Mine"));
  rafilm_connections_add (world->fixture->context->connections, socket, uid, "", now + 900, now);
  g_assert_cmpint (rafilm_profile_set_handle (get_dynamodb (), uid, NULL, handle), ==,
                   RAFILM_ACCOUNT_OK);
  g_assert_true (rafilm_publisher_update_all (get_dynamodb (), uid));
}

/* "pk sk" of all that is in the table, sorted, one to a line. */
static char *
dump (const char *without)
{
  json_auto_t *request = json_object (), *answer = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  json_t *item;
  size_t i;

  g_assert_cmpint (rafilm_dynamodb_call (get_dynamodb (), "Scan", request, &answer), ==,
                   RAFILM_DYNAMODB_OK);
  json_array_foreach (json_object_get (answer, "Items"), i, item)
  {
    char *text = json_dumps (item, JSON_COMPACT | JSON_SORT_KEYS);

    if (without == NULL || strstr (text, without) == NULL)
      g_ptr_array_add (lines, g_strdup (text));
    free (text);
  }
  g_ptr_array_sort_values (lines, (GCompareFunc) strcmp);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static void
ask_for_deletion (const char *uid)
{
  json_auto_t *answer =
      cloud_fixture_call (world->fixture, rafilm_account_handler,
                          cloud_rest_event ("DELETE", "/v1/account", uid, NULL, NULL, NULL));

  g_assert_cmpint (cloud_answer_status (answer), ==, 202);
}

static char *
work (const char *uid)
{
  json_auto_t *answer = cloud_fixture_call (world->fixture, rafilm_account_worker_handler,
                                            json_pack ("{s:s, s:s}", "job", "erase", "uid", uid));

  return cloud_json_at (answer, "state");
}

/* What is left tells nothing but that the account was deleted. */
static void
assert_erased (const char *others)
{
  g_autofree char *left = dump (NULL);
  g_autofree char *rest = dump ("ann-uid");
  json_auto_t *mark = NULL;
  RafilmConnection found;

  g_assert_cmpstr (rest, ==, others);
  rafilm_dynamodb_get_item (get_dynamodb (), "U#ann-uid", "M", true, &mark);
  g_assert_cmpuint (json_object_size (mark), ==, 4);
  g_assert_true (rafilm_item_get_bool (mark, "gone", false));
  g_assert_cmpint (rafilm_item_get_int (mark, "ttl", 0), >, rafilm_time_now () + 28 * 24 * 3600);
  /* One line more than the others have. */
  g_assert_cmpuint (strlen (left), <, strlen (others) + 200);
  g_assert_null (strstr (left, "\"ann\""));
  rafilm_connections_find (world->fixture->context->connections, "ann-uid=", &found);
  g_assert_null (found.uid);
}

static void
test_everything (void)
{
  g_autofree char *others = NULL, *state = NULL, *again = NULL;

  live ("bob-uid", "bob", 3);
  others = dump (NULL);
  live ("ann-uid", "ann", ROWS);
  report ("ann-uid", "bob-uid");
  report ("bob-uid", "ann-uid");
  ask_for_deletion ("ann-uid");
  g_assert_cmpuint (world->invocations->len, ==, 1);
  g_assert_cmpstr (world->invocations->pdata[0], ==, "{\"job\":\"erase\",\"uid\":\"ann-uid\"}");
  state = work ("ann-uid");
  g_assert_cmpstr (state, ==, "done");
  g_assert_cmpuint (world->deletions->len, ==, 1);
  g_assert_cmpstr (world->deletions->pdata[0], ==,
                   "{\"UserPoolId\":\"us-east-1_test\",\"Username\":\"ann-uid\"}");
  {
    /* Of the others' items two are otherwise: the count of reports, which stays, and the pointer to
     * the review that is gone. */
    char id[RAFILM_PUBLICATION_ID_SIZE], mine[RAFILM_PUBLICATION_ID_SIZE];
    g_autofree char *pointer = NULL, *pk = NULL;
    json_auto_t *names = json_pack ("{s:s}", "#r", "reports");

    rafilm_publication_make_id ("bob-uid", "v1", id);
    rafilm_publication_make_id ("ann-uid", "v1", mine);
    pk = g_strconcat ("V#", id, NULL);
    pointer = g_strconcat ("P#", mine, NULL);
    rafilm_dynamodb_delete_item (get_dynamodb (), "U#bob-uid", pointer);
    g_assert_cmpint (rafilm_dynamodb_update_item (get_dynamodb (), pk, "M", "REMOVE #r", NULL,
                                                  names, NULL, NULL),
                     ==, RAFILM_DYNAMODB_OK);
  }
  assert_erased (others);

  /* Once more does no harm, though Cognito no longer knows the user. */
  world->deletion_status = 400;
  again = work ("ann-uid");
  g_assert_cmpstr (again, ==, "done");
  assert_erased (others);
}

/* Stopped at any time, it is begun again and ends the same. */
static void
test_interrupted (void)
{
  g_autofree char *others = NULL, *state = NULL;
  guint runs = 0;
  RafilmErasureStatus status;

  live ("bob-uid", "bob", 3);
  others = dump (NULL);
  live ("ann-uid", "ann", ROWS);
  ask_for_deletion ("ann-uid");
  rafilm_aws_set_deadline (world->fixture->context->aws, 0);
  do
    {
      g_assert_cmpuint (++runs, <, 200);
      status = rafilm_erasure_run (world->fixture->context->aws, get_dynamodb (), "ann-uid",
                                   rafilm_time_now_ms () + 15 + runs);
      g_assert_cmpint (status, !=, RAFILM_ERASURE_FAILED);
    }
  while (status == RAFILM_ERASURE_UNFINISHED);
  g_assert_cmpuint (runs, >, 2);
  assert_erased (others);
}

/* The mark stays without the user's end, so that asking again goes on. */
static void
test_cognito_fails (void)
{
  g_autofree char *others = dump (NULL), *failed = NULL, *state = NULL;

  live ("ann-uid", "ann", 2);
  ask_for_deletion ("ann-uid");
  world->deletion_status = 503;
  failed = work ("ann-uid");
  g_assert_cmpstr (failed, ==, "");
  world->deletion_status = 200;
  ask_for_deletion ("ann-uid");
  state = work ("ann-uid");
  g_assert_cmpstr (state, ==, "done");
  assert_erased (others);
}

/* Nobody's account is deleted by a stray event, and what is marked takes nothing new. */
static void
test_guards (void)
{
  g_autofree char *before = NULL, *after = NULL, *state = NULL;
  json_auto_t *refused = NULL, *sync = NULL, *body = NULL, *broken = NULL;

  live ("bob-uid", "bob", 2);
  before = dump (NULL);
  state = work ("bob-uid");
  g_assert_cmpstr (state, ==, "");
  broken = cloud_fixture_call (world->fixture, rafilm_account_worker_handler, json_object ());
  g_assert_null (broken);
  after = dump (NULL);
  g_assert_cmpstr (before, ==, after);
  refused = cloud_fixture_call (world->fixture, rafilm_account_handler,
                                cloud_rest_event ("DELETE", "/v1/account", NULL, NULL, NULL, NULL));
  g_assert_cmpint (cloud_answer_status (refused), ==, 401);

  ask_for_deletion ("bob-uid");
  sync = cloud_fixture_call (
      world->fixture, rafilm_sync_handler,
      cloud_rest_event ("POST", "/v1/sync", "bob-uid", NULL, NULL,
                        json_pack ("{s:i, s:s, s:s, s:i, s:n, s:I}", "proto", 1, "acct", "bob-uid",
                                   "dev", "AAAAAAAA", "cursor", 0, "epoch", "now",
                                   (json_int_t) rafilm_time_now_ms ())));
  g_assert_cmpint (cloud_answer_status (sync), ==, 410);
  body = cloud_answer_body (sync);
  cloud_assert_json (body, "code", "account_deleted");
  g_assert_cmpint (rafilm_profile_set_handle (get_dynamodb (), "bob-uid", "bob", "bobby"), ==,
                   RAFILM_ACCOUNT_GONE);
}

/* An access token outlives its account by a quarter of an hour. */
static void
test_stale_tokens (void)
{
  const char *uid = "ann-uid";
  gint64 now = rafilm_time_now ();
  g_autofree char *empty = NULL, *after = NULL, *state = NULL;
  json_t *chat = json_pack ("{s:s, s:s, s:s, s:s}", "action", "chat", "id", "m_1", "conversation",
                            "c_1", "text", "Hello?");
  char id[RAFILM_PUBLICATION_ID_SIZE];
  struct
  {
    RafilmHandlerFunc handler;
    json_t *event;
    int status;
  } calls[] = {
    { rafilm_account_handler,
      cloud_rest_event ("PUT", "/v1/profile", uid, NULL, NULL,
                        json_pack ("{s:s}", "handle", "ann")),
      410 },
    { rafilm_account_handler, cloud_rest_event ("POST", "/v1/takeout", uid, NULL, NULL, NULL),
      410 },
    { rafilm_connect_handler, cloud_socket_event ("$connect", "late=", uid, now + 600, NULL), 403 },
    { rafilm_chat_handler, cloud_socket_event ("chat", "late=", uid, now + 600, chat), 200 },
    { rafilm_chat_handler,
      cloud_socket_event ("chat.stop", "late=", uid, now + 600,
                          json_pack ("{s:s, s:s}", "action", "chat.stop", "id", "m_1")),
      200 },
    { rafilm_recommendations_handler,
      cloud_rest_event ("GET", "/v1/recommendations", uid, NULL, NULL, NULL), 200 },
  };

  live ("ann-uid", "ann", 2);
  live ("bob-uid", "bob", 2);
  ask_for_deletion ("ann-uid");
  state = work ("ann-uid");
  g_assert_cmpstr (state, ==, "done");
  empty = dump ("T#");
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      json_auto_t *answer = cloud_fixture_call (world->fixture, calls[i].handler, calls[i].event);

      g_assert_cmpint (cloud_answer_status (answer), ==, calls[i].status);
    }
  rafilm_publication_make_id ("bob-uid", "v1", id);
  {
    json_auto_t *reported =
        cloud_fixture_call (world->fixture, rafilm_reviews_handler,
                            cloud_rest_event ("POST", "/v1/reviews/{id}/report", uid,
                                              json_pack ("{s:s}", "id", id), NULL, NULL));

    g_assert_cmpint (cloud_answer_status (reported), ==, 410);
  }
  after = dump ("T#");
  g_assert_cmpstr (after, ==, empty);
}

/* Nor does the stream, which may be late, publish what has been erased. */
static void
test_late_stream (void)
{
  char id[RAFILM_PUBLICATION_ID_SIZE];
  g_autofree char *pk = NULL;
  json_auto_t *found = NULL;

  live ("ann-uid", "ann", 1);
  ask_for_deletion ("ann-uid");
  g_assert_cmpint (rafilm_profile_remove (get_dynamodb (), "ann-uid", "ann"), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_true (rafilm_publisher_update_viewing (get_dynamodb (), "ann-uid", "v1"));
  rafilm_publication_make_id ("ann-uid", "v1", id);
  pk = g_strconcat ("V#", id, NULL);
  rafilm_dynamodb_get_item (get_dynamodb (), pk, "M", true, &found);
  g_assert_null (found);
}

/* Whether the worker was never begun or has failed three times: the sweeper begins it anew. */
static void
test_sweeper (void)
{
  g_autofree char *others = dump (NULL), *state = NULL;
  RafilmAws *aws = world->fixture->context->aws;
  gint64 now = rafilm_time_now ();

  live ("ann-uid", "ann", 2);
  world->invoke_status = 500;
  ask_for_deletion ("ann-uid");
  world->invoke_status = 202;
  world->deletion_status = 503;
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *nothing = work ("ann-uid");

      g_assert_cmpstr (nothing, ==, "");
    }
  g_ptr_array_set_size (world->invocations, 0);
  rafilm_aws_set_deadline (aws, 0);
  g_assert_true (rafilm_jobs_sweep (aws, get_dynamodb (), now + 3500, G_MAXINT64));
  g_assert_cmpuint (world->invocations->len, ==, 0);
  /* However often it takes: a deletion is never given up, nor does its mark expire. */
  for (guint hour = 1; hour <= 30; hour++)
    g_assert_true (rafilm_jobs_sweep (aws, get_dynamodb (), now + hour * 3700, G_MAXINT64));
  g_assert_cmpuint (world->invocations->len, ==, 30);
  g_assert_cmpstr (world->invocations->pdata[0], ==, "{\"job\":\"erase\",\"uid\":\"ann-uid\"}");
  {
    json_auto_t *mark = NULL;

    rafilm_dynamodb_get_item (get_dynamodb (), "U#ann-uid", "M", true, &mark);
    g_assert_true (rafilm_item_get_bool (mark, "gone", false));
    g_assert_null (json_object_get (mark, "ttl"));
  }
  world->deletion_status = 200;
  state = work ("ann-uid");
  g_assert_cmpstr (state, ==, "done");
  assert_erased (others);
  g_ptr_array_set_size (world->invocations, 0);
  g_assert_true (rafilm_jobs_sweep (aws, get_dynamodb (), now + 40 * 3700, G_MAXINT64));
  g_assert_cmpuint (world->invocations->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  world = cloud_world_new ();
  cloud_world_add_test (world, "/cloud/erasure/everything", test_everything);
  cloud_world_add_test (world, "/cloud/erasure/interrupted", test_interrupted);
  cloud_world_add_test (world, "/cloud/erasure/cognito", test_cognito_fails);
  cloud_world_add_test (world, "/cloud/erasure/guards", test_guards);
  cloud_world_add_test (world, "/cloud/erasure/stale-tokens", test_stale_tokens);
  cloud_world_add_test (world, "/cloud/erasure/late-stream", test_late_stream);
  cloud_world_add_test (world, "/cloud/erasure/sweeper", test_sweeper);
  result = g_test_run ();
  cloud_world_free (world);
  return result;
}
