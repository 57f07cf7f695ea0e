/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-stream.h"

#include "rafilm-local-error.h"
#include "rafilm-local-http.h"

#include "rafilm-spawn.h"

#define DYNAMODB "DynamoDB_20120810."
#define STREAMS "DynamoDBStreams_20120810."
#define BATCH 100
#define POLL_MS 100
#define RETRY_MS 500
#define MAX_TRIES 5
#define TIMEOUT_MS 60000
/* How long after the last event the table is looked at often, and then now and then: a function may
 * go on writing until its time is over. */
#define BUSY_SECONDS 5
#define AWAKE_SECONDS 65
#define IDLE_MS 1000

struct _RafilmLocalStream
{
  RafilmLocalMoto *moto;
  RafilmLocalFunction *function;
  char *arn;
  char *shard;
  char *last;        /* sequence number; NULL before the first record */
  gint64 last_event; /* monotonic */
  DexPromise *woken; /* while it waits */
  guint tries;
  gboolean polls;
  gboolean stopped;
};

static void
stream_clear (gpointer data)
{
  RafilmLocalStream *self = data;

  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->shard, g_free);
  g_clear_pointer (&self->last, g_free);
  dex_clear (&self->woken);
}

static void
stream_unref (gpointer data)
{
  g_rc_box_release_full (data, stream_clear);
}

/* AWS leaves out the image that there is none of. */
static void
drop_empty_image (JsonObject *change, const char *name)
{
  JsonObject *image = rafilm_local_json_get_object (change, name);

  if (image != NULL && json_object_get_size (image) == 0)
    json_object_remove_member (change, name);
}

static const char *
get_key (JsonObject *change, const char *name)
{
  JsonObject *keys = rafilm_local_json_get_object (change, "Keys");
  JsonObject *key = keys != NULL ? rafilm_local_json_get_object (keys, name) : NULL;
  const char *text = key != NULL ? rafilm_local_json_get_text (key, "S") : NULL;

  return text != NULL ? text : "";
}

/* The filter of the mapping in infra/template.yaml. */
static gboolean
is_followed (JsonObject *change)
{
  const char *sk = get_key (change, "sk");

  return g_str_has_prefix (get_key (change, "pk"), "U#")
         && (g_str_equal (sk, "M") || g_str_equal (sk, "N") || g_str_has_prefix (sk, "d#"));
}

GBytes *
rafilm_local_stream_make_event (JsonArray *records)
{
  g_autoptr (JsonObject) event = json_object_new ();
  JsonArray *kept = json_array_new ();

  g_return_val_if_fail (records != NULL, NULL);

  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonObject *record = json_array_get_object_element (records, i);
      JsonObject *change = rafilm_local_json_get_object (record, "dynamodb");

      if (change == NULL || !is_followed (change))
        continue;
      drop_empty_image (change, "OldImage");
      drop_empty_image (change, "NewImage");
      json_array_add_object_element (kept, json_object_ref (record));
    }
  json_object_set_array_member (event, "Records", kept);

  return json_array_get_length (kept) > 0 ? rafilm_local_json_to_bytes (event) : NULL;
}

/* Whether all of the batch is done. What is not comes again as a whole: records may come twice. */
static gboolean
is_done (GBytes *payload)
{
  g_autoptr (JsonObject) answer = payload != NULL ? rafilm_local_json_parse (payload) : NULL;
  JsonArray *failures =
      answer != NULL ? rafilm_local_json_get_array (answer, "batchItemFailures") : NULL;

  return failures != NULL && json_array_get_length (failures) == 0;
}

/* TRUE when the next batch may be read. */
static gboolean
deliver (RafilmLocalStream *self, GBytes *event)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) payload = NULL;

  payload =
      dex_await_boxed (rafilm_local_function_invoke (self->function, event, TIMEOUT_MS), &error);
  if (is_done (payload))
    {
      self->tries = 0;
      return TRUE;
    }
  if (self->stopped || ++self->tries < MAX_TRIES)
    return FALSE;
  g_warning ("The stream's records were given up: %s",
             error != NULL ? error->message : "the function failed");
  self->tries = 0;

  return TRUE;
}

/* Made anew for every reading: a transaction that moto rolls back leaves the iterators of before
 * with a stream that nobody writes to. */
static char *
make_iterator (RafilmLocalStream *self, GError **error)
{
  JsonObject *input = json_object_new ();
  g_autoptr (JsonObject) output = NULL;

  json_object_set_string_member (input, "StreamArn", self->arn);
  json_object_set_string_member (input, "ShardId", self->shard);
  json_object_set_string_member (input, "ShardIteratorType",
                                 self->last != NULL ? "AFTER_SEQUENCE_NUMBER" : "TRIM_HORIZON");
  if (self->last != NULL)
    json_object_set_string_member (input, "SequenceNumber", self->last);
  output = rafilm_local_moto_call (self->moto, STREAMS "GetShardIterator", input, error);

  return output != NULL ? g_strdup (rafilm_local_json_get_text (output, "ShardIterator")) : NULL;
}

static JsonObject *
get_records (RafilmLocalStream *self, GError **error)
{
  g_autofree char *iterator = make_iterator (self, error);
  JsonObject *input;

  if (iterator == NULL || self->stopped)
    return NULL;
  input = json_object_new ();
  json_object_set_string_member (input, "ShardIterator", iterator);
  json_object_set_int_member (input, "Limit", BATCH);

  return rafilm_local_moto_call (self->moto, STREAMS "GetRecords", input, error);
}

static void
remember_last (RafilmLocalStream *self, JsonArray *records)
{
  JsonObject *record = json_array_get_object_element (records, json_array_get_length (records) - 1);
  JsonObject *change = rafilm_local_json_get_object (record, "dynamodb");

  if (change != NULL)
    g_set_str (&self->last, rafilm_local_json_get_text (change, "SequenceNumber"));
}

/* The milliseconds until the stream is read again. */
static guint
poll_once (RafilmLocalStream *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) output = get_records (self, &error);
  g_autoptr (GBytes) event = NULL;
  JsonArray *records;

  if (self->stopped || output == NULL)
    return RETRY_MS;
  records = rafilm_local_json_get_array (output, "Records");
  if (records == NULL || json_array_get_length (records) == 0)
    return POLL_MS;
  event = rafilm_local_stream_make_event (records);
  if (event != NULL && !deliver (self, event))
    return RETRY_MS;
  remember_last (self, records);
  if (event != NULL)
    self->last_event = g_get_monotonic_time ();

  return 0;
}

static gboolean
happened_within (RafilmLocalStream *self, gint64 seconds)
{
  return g_get_monotonic_time () - self->last_event < seconds * G_USEC_PER_SEC;
}

static void
interrupt (RafilmLocalStream *self)
{
  if (self->woken != NULL && dex_future_is_pending (DEX_FUTURE (self->woken)))
    dex_promise_resolve_boolean (self->woken, TRUE);
}

/* For so long, or until something else happens in the cloud. */
static void
wait_for (RafilmLocalStream *self, guint milliseconds)
{
  if (!happened_within (self, BUSY_SECONDS))
    milliseconds = MAX (milliseconds, IDLE_MS);
  dex_clear (&self->woken);
  self->woken = dex_promise_new ();
  dex_await (dex_future_first (dex_ref (DEX_FUTURE (self->woken)),
                               dex_timeout_new_msec ((int) milliseconds), NULL),
             NULL);
}

static DexFuture *
poll_fiber (gpointer data)
{
  RafilmLocalStream *self = data;

  while (!self->stopped && happened_within (self, AWAKE_SECONDS))
    {
      guint wait = poll_once (self);

      if (wait > 0 && !self->stopped)
        wait_for (self, wait);
    }
  self->polls = FALSE;

  return dex_future_new_true ();
}

void
rafilm_local_stream_wake (RafilmLocalStream *self)
{
  gboolean was_busy;

  g_return_if_fail (self != NULL);

  was_busy = happened_within (self, BUSY_SECONDS);
  self->last_event = g_get_monotonic_time ();
  if (!self->polls)
    {
      self->polls = TRUE;
      dex_future_disown (rafilm_spawn (poll_fiber, g_rc_box_acquire (self), stream_unref));
    }
  else if (!was_busy)
    interrupt (self);
}

/* The stream's only shard. */
static char *
find_shard (RafilmLocalMoto *moto, const char *arn, GError **error)
{
  JsonObject *input = json_object_new ();
  g_autoptr (JsonObject) output = NULL;
  JsonObject *description;
  JsonArray *shards;

  json_object_set_string_member (input, "StreamArn", arn);
  output = rafilm_local_moto_call (moto, STREAMS "DescribeStream", input, error);
  if (output == NULL)
    return NULL;
  description = rafilm_local_json_get_object (output, "StreamDescription");
  shards = description != NULL ? rafilm_local_json_get_array (description, "Shards") : NULL;
  if (shards == NULL || json_array_get_length (shards) != 1)
    return NULL;

  return g_strdup (
      rafilm_local_json_get_text (json_array_get_object_element (shards, 0), "ShardId"));
}

static char *
enable_stream (RafilmLocalMoto *moto, const char *table, GError **error)
{
  JsonObject *specification = json_object_new ();
  JsonObject *input = json_object_new ();
  g_autoptr (JsonObject) output = NULL;
  JsonObject *description;

  json_object_set_boolean_member (specification, "StreamEnabled", TRUE);
  json_object_set_string_member (specification, "StreamViewType", "NEW_AND_OLD_IMAGES");
  json_object_set_string_member (input, "TableName", table);
  json_object_set_object_member (input, "StreamSpecification", specification);
  output = rafilm_local_moto_call (moto, DYNAMODB "UpdateTable", input, error);
  if (output == NULL)
    return NULL;
  description = rafilm_local_json_get_object (output, "TableDescription");

  return g_strdup (rafilm_local_json_get_text (description, "LatestStreamArn"));
}

RafilmLocalStream *
rafilm_local_stream_start (RafilmLocalMoto *moto, const char *table, RafilmLocalFunction *function,
                           GError **error)
{
  g_autofree char *arn = NULL;
  g_autofree char *shard = NULL;
  RafilmLocalStream *self;

  g_return_val_if_fail (moto != NULL && table != NULL && function != NULL, NULL);

  arn = enable_stream (moto, table, error);
  shard = arn != NULL ? find_shard (moto, arn, error) : NULL;
  if (shard == NULL)
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, RAFILM_LOCAL_ERROR, RAFILM_LOCAL_ERROR_FAILED,
                     "The table has no stream");
      return NULL;
    }

  self = g_rc_box_new0 (RafilmLocalStream);
  self->moto = moto;
  self->function = function;
  self->arn = g_steal_pointer (&arn);
  self->shard = g_steal_pointer (&shard);

  return self;
}

void
rafilm_local_stream_stop (RafilmLocalStream *self)
{
  g_return_if_fail (self != NULL);

  self->stopped = TRUE;
  interrupt (self);
  stream_unref (self);
}
