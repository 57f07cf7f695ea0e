/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A DynamoDB that is busy: what is tried again, how often, after how long, and when it ends. */
#include "cloud-peer.h"

#include "rafilm-dynamodb.h"
#include "rafilm-time.h"

#include <string.h>

#define TRIES 5
#define TABLE "table"

typedef struct
{
  CloudPeer *peer;
  RafilmHttpClient *http;
  RafilmSettings settings;
  RafilmAws *aws;
  RafilmDynamodb *dynamodb;

  GMutex lock; /* of what follows */
  guint refusals;
  guint status;
  const char *refusal; /* body */
  const char *answers[8];
  guint n_answers;
  guint next; /* the last answer is repeated */
  GArray *times;
} Fixture;

static void
answer_cb (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer, gpointer data)
{
  Fixture *self = data;
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_array_append_val (self->times, now);
  if (self->refusals > 0)
    {
      self->refusals--;
      cloud_peer_answer_text (answer, self->status, self->refusal);
      return;
    }
  cloud_peer_answer_text (answer, 200, self->answers[self->next]);
  if (self->next + 1 < self->n_answers)
    self->next++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->peer = cloud_peer_new (answer_cb, self);
  self->http = rafilm_http_client_new ();
  self->settings.region = (char *) "us-east-1";
  self->settings.endpoints[RAFILM_SERVICE_DYNAMODB] = (char *) cloud_peer_get_url (self->peer);
  self->aws = rafilm_aws_new (&self->settings, self->http);
  self->dynamodb = rafilm_dynamodb_new (self->aws, TABLE);
  self->status = 400;
  self->answers[0] = "{}";
  self->n_answers = 1;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  rafilm_dynamodb_free (self->dynamodb);
  rafilm_aws_free (self->aws);
  rafilm_http_client_free (self->http);
  cloud_peer_free (self->peer);
  g_array_unref (self->times);
}

static RafilmDynamodbStatus
get (Fixture *self)
{
  json_auto_t *item = NULL;

  return rafilm_dynamodb_get_item (self->dynamodb, "pk", "sk", true, &item);
}

static RafilmDynamodbStatus
refuse (Fixture *self, guint times, guint status, const char *body)
{
  self->refusals = times;
  self->status = status;
  self->refusal = body;
  cloud_peer_forget (self->peer);
  g_array_set_size (self->times, 0);
  return get (self);
}

static void
test_tried_again (Fixture *self, gconstpointer data)
{
  static const char *const kinds[] = {
    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\"}",
    "{\"__type\":\"com.amazon.coral.availability#ThrottlingException\"}",
    "{\"__type\":\"RequestLimitExceeded\"}",
    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionInProgressException\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_assert_cmpint (refuse (self, 2, 400, kinds[i]), ==, RAFILM_DYNAMODB_OK);
      g_assert_cmpuint (self->times->len, ==, 3);
    }
  g_assert_cmpint (refuse (self, TRIES, 400, kinds[0]), ==, RAFILM_DYNAMODB_THROTTLED);
  g_assert_cmpuint (self->times->len, ==, TRIES);
  g_assert_cmpint (refuse (self, 1, 500, "{\"__type\":\"InternalServerError\"}"), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpint (refuse (self, 1, 503, "not JSON"), ==, RAFILM_DYNAMODB_OK);
  g_assert_cmpint (refuse (self, TRIES, 500, "{}"), ==, RAFILM_DYNAMODB_FAILED);
  /* What is wrong stays wrong. */
  g_assert_cmpint (refuse (self, 1, 400, "{\"__type\":\"ValidationException\"}"), ==,
                   RAFILM_DYNAMODB_INVALID);
  g_assert_cmpuint (self->times->len, ==, 1);
  self->refusals = 0;
}

static gint64
get_time (Fixture *self, guint i)
{
  return g_array_index (self->times, gint64, i);
}

/* Full jitter: any time up to 25 ms, doubled; so that many who were refused together do not come
 * back together. */
static void
test_jitter (Fixture *self, gconstpointer data)
{
  gint64 least[TRIES - 1], most[TRIES - 1] = { 0 };
  guint runs = 30;

  for (guint i = 0; i < TRIES - 1; i++)
    least[i] = G_MAXINT64;
  for (guint run = 0; run < runs; run++)
    {
      refuse (self, TRIES, 400, "{\"__type\":\"ThrottlingException\"}");
      for (guint i = 0; i < TRIES - 1; i++)
        {
          gint64 wait = get_time (self, i + 1) - get_time (self, i);

          least[i] = MIN (least[i], wait);
          most[i] = MAX (most[i], wait);
        }
    }
  for (guint i = 0; i < TRIES - 1; i++)
    {
      gint64 bound = (gint64) (25000u << i);

      /* The chance that 30 are all in one half is one of a thousand million. */
      g_assert_cmpint (least[i], <, bound / 2 + 20000);
      g_assert_cmpint (most[i], >, bound / 2);
    }
}

/* Nothing is tried for which there is no time. */
static void
test_deadline (Fixture *self, gconstpointer data)
{
  gint64 begin = g_get_monotonic_time ();

  rafilm_aws_set_deadline (self->aws, rafilm_time_now_ms ());
  g_assert_cmpint (refuse (self, TRIES, 400, "{\"__type\":\"ThrottlingException\"}"), !=,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 500000);
  g_assert_cmpuint (self->times->len, <, TRIES);
}

/* What a batch left over is asked for again, and nothing else. */
static void
test_left_over (Fixture *self, gconstpointer data)
{
  json_auto_t *keys = json_pack ("[o, o]", rafilm_item_key ("p", "a"), rafilm_item_key ("p", "b"));
  json_auto_t *items = NULL;
  g_auto (GStrv) bodies = NULL;

  self->answers[0] = "{\"Responses\":{\"" TABLE "\":[{\"sk\":{\"S\":\"a\"}}]},\"UnprocessedKeys\":{"
                     "\"" TABLE "\":{\"Keys\":[{\"pk\":{\"S\":\"p\"},\"sk\":{\"S\":\"b\"}}]}}}";
  self->answers[1] =
      "{\"Responses\":{\"" TABLE "\":[{\"sk\":{\"S\":\"b\"}}]},\"UnprocessedKeys\":{}}";
  self->n_answers = 2;
  g_assert_cmpint (rafilm_dynamodb_batch_get (self->dynamodb, keys, true, &items), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpuint (json_array_size (items), ==, 2);
  bodies = cloud_peer_dup_bodies (self->peer);
  g_assert_cmpuint (g_strv_length (bodies), ==, 2);
  g_assert_null (strstr (bodies[1], "\"a\""));
}

static void
test_never_gets_on (Fixture *self, gconstpointer data)
{
  json_auto_t *keys = json_pack ("[o]", rafilm_item_key ("p", "a"));
  json_auto_t *items = NULL;

  self->answers[0] = "{\"Responses\":{},\"UnprocessedKeys\":{\"" TABLE
                     "\":{\"Keys\":[{\"pk\":{\"S\":\"p\"},\"sk\":{\"S\":\"a\"}}]}}}";
  g_assert_cmpint (rafilm_dynamodb_batch_get (self->dynamodb, keys, true, &items), ==,
                   RAFILM_DYNAMODB_THROTTLED);
  g_assert_null (items);
  g_assert_cmpuint (self->times->len, ==, TRIES);

  self->answers[0] = "{\"UnprocessedItems\":{\"" TABLE "\":[{\"DeleteRequest\":{\"Key\":{"
                     "\"pk\":{\"S\":\"p\"},\"sk\":{\"S\":\"a\"}}}}]}}";
  g_assert_cmpint (rafilm_dynamodb_batch_delete (self->dynamodb, keys), ==,
                   RAFILM_DYNAMODB_THROTTLED);
}

static RafilmDynamodbStatus
transact (Fixture *self, guint times, const char *first, const char *second, guint *ret_tries)
{
  g_autofree char *body =
      g_strdup_printf ("{\"__type\":\"TransactionCanceledException\",\"CancellationReasons\":["
                       "{\"Code\":\"%s\"},{\"Code\":\"%s\"}]}",
                       first, second);
  json_auto_t *actions =
      json_pack ("[{s:{s:o}}, {s:{s:o}}]", "Delete", "Key", rafilm_item_key ("p", "a"), "Delete",
                 "Key", rafilm_item_key ("p", "b"));
  json_auto_t *reasons = NULL;
  RafilmDynamodbStatus status;

  self->refusals = times;
  self->refusal = body;
  g_array_set_size (self->times, 0);
  status = rafilm_dynamodb_transact_patiently (self->dynamodb, actions, &reasons);
  g_assert_cmpuint (json_array_size (reasons), ==, status == RAFILM_DYNAMODB_CANCELLED ? 2 : 0);
  *ret_tries = self->times->len;
  self->refusals = 0;
  return status;
}

/* Another transaction at the same items is waited for, a condition that does not hold is not. */
static void
test_conflicts (Fixture *self, gconstpointer data)
{
  guint tries;

  g_assert_cmpint (transact (self, 2, "None", "TransactionConflict", &tries), ==,
                   RAFILM_DYNAMODB_OK);
  g_assert_cmpuint (tries, ==, 3);
  g_assert_cmpint (transact (self, 9, "TransactionConflict", "None", &tries), ==,
                   RAFILM_DYNAMODB_CANCELLED);
  g_assert_cmpuint (tries, ==, TRIES);
  g_assert_cmpint (transact (self, 9, "TransactionConflict", "ConditionalCheckFailed", &tries), ==,
                   RAFILM_DYNAMODB_CANCELLED);
  g_assert_cmpuint (tries, ==, 1);
}

int
main (int argc, char *argv[])
{
#define ADD(name, func)                                                                            \
  g_test_add ("/cloud/throttling/" name, Fixture, NULL, set_up, func, tear_down)
  g_test_init (&argc, &argv, NULL);
  ADD ("tried-again", test_tried_again);
  ADD ("jitter", test_jitter);
  ADD ("deadline", test_deadline);
  ADD ("left-over", test_left_over);
  ADD ("never-gets-on", test_never_gets_on);
  ADD ("conflicts", test_conflicts);
  return g_test_run ();
}
