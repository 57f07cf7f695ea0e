/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloud-world.h"

#include <string.h>
#include <zlib.h>

/* Four films are known; the rest does not exist. */
static const struct
{
  int id, genre;
  const char *title, *date;
} films[] = {
  { 949, 80, "Heat", "1995-12-15" },
  { 603, 878, "The Matrix", "1999-03-31" },
  { 680, 80, "Pulp Fiction", "1994-09-10" },
  { 807, 80, "Se7en", "1995-09-22" },
};

static json_t *
make_film (guint i)
{
  return json_pack ("{s:i, s:s, s:s, s:s, s:s, s:[i], s:s, s:f}", "id", films[i].id, "title",
                    films[i].title, "original_title", films[i].title, "original_language", "en",
                    "release_date", films[i].date, "genre_ids", films[i].genre, "overview",
                    "A story.", "popularity", 50.0);
}

static json_t *
make_page (const char *only)
{
  json_t *results = json_array ();

  for (guint i = 0; i < G_N_ELEMENTS (films); i++)
    if (only == NULL || strstr (films[i].title, only) != NULL)
      json_array_append_new (results, make_film (i));
  return json_pack ("{s:i, s:i, s:i, s:o}", "page", 1, "total_pages", 1, "total_results",
                    (int) json_array_size (results), "results", results);
}

static json_t *
make_details (int id)
{
  for (guint i = 0; i < G_N_ELEMENTS (films); i++)
    if (films[i].id == id)
      {
        json_t *film = make_film (i);

        json_object_del (film, "genre_ids");
        json_object_set_new (film, "runtime", json_integer (120));
        json_object_set_new (film, "genres",
                             json_pack ("[{s:i, s:s}]", "id", films[i].genre, "name",
                                        films[i].genre == 80 ? "Crime" : "Science Fiction"));
        json_object_set_new (film, "similar", make_page (NULL));
        return film;
      }
  return NULL;
}

static void
answer_json (CloudPeerAnswer *answer, json_t *json)
{
  g_autofree char *text = json != NULL ? json_dumps (json, 0) : NULL;

  if (text != NULL)
    cloud_peer_answer_text (answer, 200, text);
  else
    cloud_peer_answer_text (answer, 404, "{\"status_code\":34,\"success\":false}");
  json_decref (json);
}

static void
play_tmdb (CloudWorld *self, const CloudPeerRequest *request, CloudPeerAnswer *answer)
{
  const char *path = request->path + strlen ("/3");
  g_autofree char *key = g_strconcat ("api_key=", self->tmdb_key, NULL);

  if (self->tmdb_status != 200)
    {
      cloud_peer_answer_header (answer, "Retry-After", "3");
      cloud_peer_answer_text (answer, self->tmdb_status, "{}");
      return;
    }
  if (self->tmdb_refusals > 0)
    {
      self->tmdb_refusals--;
      cloud_peer_answer_header (answer, "Retry-After", "1");
      cloud_peer_answer_text (answer, 429, "{}");
      return;
    }
  if (request->query == NULL || strstr (request->query, key) == NULL)
    {
      cloud_peer_answer_text (answer, 401, "{\"status_code\":7,\"success\":false}");
      return;
    }
  if (g_str_equal (path, "/genre/movie/list"))
    {
      answer_json (answer, json_pack ("{s:[{s:i,s:s},{s:i,s:s}]}", "genres", "id", 80, "name",
                                      "Crime", "id", 878, "name", "Science Fiction"));
      return;
    }
  self->tmdb_calls++;
  if (g_str_has_prefix (path, "/movie/"))
    answer_json (answer, make_details (atoi (path + strlen ("/movie/"))));
  else if (g_str_equal (path, "/search/movie"))
    answer_json (answer, make_page (strstr (request->query, "query=Heat") ? "Heat" : "Nothing"));
  else
    answer_json (answer, make_page (NULL));
}

static void
play_bedrock (CloudWorld *self, const CloudPeerRequest *request, CloudPeerAnswer *answer)
{
  g_assert_cmpstr (request->path, ==, "/model/test.model:0/converse-stream");
  g_ptr_array_add (self->requests, g_strndup (request->body, request->body_length));
  if (self->stop_after_reply != NULL)
    {
      /* As the route chat.stop would, but from another thread: a client of its own. */
      RafilmHttpClient *http = rafilm_http_client_new ();
      RafilmAws *aws = rafilm_aws_new (self->fixture->settings, http);
      RafilmDynamodb *dynamodb = rafilm_dynamodb_new (aws, self->fixture->settings->table);
      g_autofree char *sk = g_strdup_printf ("S#%s", self->stop_after_reply);
      json_auto_t *item = rafilm_item_key ("H#u1", sk);

      rafilm_dynamodb_put_item (dynamodb, item, NULL, NULL, NULL);
      rafilm_dynamodb_free (dynamodb);
      rafilm_aws_free (aws);
      rafilm_http_client_free (http);
    }
  if (self->reply_status != 200)
    {
      cloud_peer_answer_header (answer, "x-amzn-errortype", "ThrottlingException:http://a/");
      cloud_peer_answer_text (answer, self->reply_status, "{\"message\":\"no\"}");
      return;
    }
  g_assert_cmpuint (self->replies->len, >, 0);
  answer->content_type = "application/vnd.amazon.eventstream";
  answer->chunks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  {
    g_autoptr (GBytes) reply = g_ptr_array_steal_index (self->replies, 0);
    gsize length = g_bytes_get_size (reply);

    for (gsize at = 0; at < length; at += 100)
      g_ptr_array_add (answer->chunks, g_bytes_new_from_bytes (reply, at, MIN (100, length - at)));
  }
}

static void
play_connections (CloudWorld *self, const CloudPeerRequest *request, CloudPeerAnswer *answer)
{
  const char *connection = request->path + strlen ("/prod/@connections/");

  if (g_hash_table_contains (self->gone, connection))
    {
      cloud_peer_answer_text (answer, 410, "{}");
      return;
    }
  g_ptr_array_add (self->messages, g_strdup_printf ("%s %.*s", connection,
                                                    (int) request->body_length, request->body));
}

static void
play_cb (CloudPeer *peer, const CloudPeerRequest *request, CloudPeerAnswer *answer, gpointer data)
{
  CloudWorld *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (g_str_has_prefix (request->path, "/3/"))
    {
      play_tmdb (self, request, answer);
      return;
    }
  /* All of AWS's own are signed. */
  g_assert_true (g_str_has_prefix (g_hash_table_lookup (request->headers, "authorization"),
                                   "AWS4-HMAC-SHA256 "));
  if (g_str_has_prefix (request->path, "/prod/@connections/"))
    play_connections (self, request, answer);
  else if (g_str_has_prefix (request->path, "/model/"))
    play_bedrock (self, request, answer);
  else if (g_str_equal (request->path, "/"))
    {
      g_assert_cmpstr (g_hash_table_lookup (request->headers, "x-amz-target"), ==,
                       "AWSCognitoIdentityProviderService.AdminDeleteUser");
      g_ptr_array_add (self->deletions, g_strndup (request->body, request->body_length));
      cloud_peer_answer_text (
          answer, self->deletion_status,
          self->deletion_status == 400 ? "{\"__type\":\"UserNotFoundException\"}" : "{}");
    }
  else if (g_str_equal (request->path, "/2015-03-31/functions/worker/invocations"))
    {
      g_assert_cmpstr (g_hash_table_lookup (request->headers, "x-amz-invocation-type"), ==,
                       "Event");
      answer->status = self->invoke_status;
      g_ptr_array_add (self->invocations, g_strndup (request->body, request->body_length));
    }
  else if (g_str_equal (request->path, "/recommendations") && self->ranking != NULL)
    cloud_peer_answer_text (answer, 200, self->ranking);
  else
    cloud_peer_answer_text (answer, 500, "{}");
}

static void
clear_past (CloudWorld *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->tmdb_status = self->reply_status = 200;
  self->tmdb_key = "k%20y";
  self->invoke_status = 202;
  self->deletion_status = 200;
  self->tmdb_calls = 0;
  self->ranking = NULL;
  self->stop_after_reply = NULL;
  g_hash_table_remove_all (self->gone);
  g_ptr_array_set_size (self->messages, 0);
  g_ptr_array_set_size (self->invocations, 0);
  g_ptr_array_set_size (self->deletions, 0);
  g_ptr_array_set_size (self->replies, 0);
  g_ptr_array_set_size (self->requests, 0);
}

void
cloud_world_put_key (CloudWorld *self, const char *key)
{
  json_auto_t *request = json_pack ("{s:s, s:s, s:s, s:b}", "Name", "/rafilm/tmdb", "Value", key,
                                    "Type", "SecureString", "Overwrite", 1);
  RafilmHttpResponse response = { 0 };

  g_assert_cmpint (rafilm_aws_call_target (self->fixture->context->aws, RAFILM_SERVICE_SSM,
                                           "AmazonSSM.PutParameter", "application/x-amz-json-1.1",
                                           request, &response),
                   ==, RAFILM_HTTP_OK);
  g_assert_cmpint (response.status, ==, 200);
  rafilm_http_response_clear (&response);
}

void
cloud_world_reset (CloudWorld *self)
{
  clear_past (self);
  cloud_fixture_new_table (self->fixture);
}

typedef struct
{
  CloudWorld *world;
  void (*func) (void);
} Test;

static void
run_test (gconstpointer data)
{
  const Test *test = data;

  cloud_world_reset (test->world);
  test->func ();
}

void
cloud_world_add_test (CloudWorld *self, const char *path, void (*func) (void))
{
  Test *test = g_new0 (Test, 1);

  test->world = self;
  test->func = func;
  g_test_add_data_func_full (path, test, run_test, g_free);
}

static void
set_to_peer (CloudWorld *self, const char *variable, const char *path)
{
  g_autofree char *url = g_strconcat (cloud_peer_get_url (self->peer), path, NULL);

  g_setenv (variable, url, TRUE);
}

CloudWorld *
cloud_world_new (void)
{
  CloudWorld *self = g_new0 (CloudWorld, 1);

  g_mutex_init (&self->lock);
  self->gone = g_hash_table_new (g_str_hash, g_str_equal);
  self->messages = g_ptr_array_new_with_free_func (g_free);
  self->invocations = g_ptr_array_new_with_free_func (g_free);
  self->deletions = g_ptr_array_new_with_free_func (g_free);
  self->replies = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  self->requests = g_ptr_array_new_with_free_func (g_free);
  clear_past (self);
  self->peer = cloud_peer_new (play_cb, self);
  set_to_peer (self, "RAFILM_TMDB_URL", "/3");
  set_to_peer (self, "RAFILM_CONNECTIONS_URL", "/prod");
  set_to_peer (self, "AWS_ENDPOINT_URL_LAMBDA", "");
  set_to_peer (self, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "");
  set_to_peer (self, "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "");
  set_to_peer (self, "AWS_ENDPOINT_URL_PERSONALIZE_RUNTIME", "");
  g_setenv ("RAFILM_TMDB_KEY_PARAMETER", "/rafilm/tmdb", TRUE);
  g_setenv ("RAFILM_BEDROCK_MODEL", "test.model:0", TRUE);
  g_setenv ("RAFILM_CHAT_WORKER", "worker", TRUE);
  g_setenv ("RAFILM_ACCOUNT_WORKER", "worker", TRUE);
  g_setenv ("RAFILM_POOL_ID", "us-east-1_test", TRUE);
  g_setenv ("RAFILM_CHAT_DAILY_QUOTA", "2", TRUE);
  self->fixture = cloud_fixture_new ();
  cloud_world_put_key (self, "k y");
  return self;
}

void
cloud_world_free (CloudWorld *self)
{
  g_clear_pointer (&self->fixture, cloud_fixture_free);
  cloud_peer_free (self->peer);
  g_hash_table_unref (self->gone);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->invocations);
  g_ptr_array_unref (self->deletions);
  g_ptr_array_unref (self->replies);
  g_ptr_array_unref (self->requests);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static const char *
main_member (const char *type)
{
  static const char *const members[][2] = {
    { "chat.delta", "text" }, { "chat.film", "film.id" }, { "chat.done", "stop" },
    { "chat.error", "code" }, { "error", "code" },        { "sync.changed", "head" },
    { "pong", "head" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (g_str_equal (type, members[i][0]))
      return members[i][1];
  return NULL;
}

char *
cloud_world_dup_told (CloudWorld *self, const char *connection)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autofree char *prefix = g_strconcat (connection, " ", NULL);
  json_int_t seq = 0;

  for (guint i = 0; i < self->messages->len; i++)
    if (g_str_has_prefix (self->messages->pdata[i], prefix))
      {
        json_auto_t *message =
            json_loads ((char *) self->messages->pdata[i] + strlen (prefix), 0, NULL);
        g_autofree char *type = cloud_json_at (message, "t");
        const char *member = main_member (type);
        g_autofree char *value = member != NULL ? cloud_json_at (message, member) : NULL;

        if (g_str_has_prefix (type, "chat."))
          g_assert_cmpint (json_integer_value (json_object_get (message, "seq")), ==, ++seq);
        g_string_append_printf (told, "%s%s%s%s", told->len > 0 ? "|" : "", type,
                                value != NULL && *value != '\0' ? " " : "",
                                value != NULL ? value : "");
      }
  return g_string_free_and_steal (g_steal_pointer (&told));
}

static void
append_u32 (GByteArray *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (bytes, (guint8 *) &value, 4);
}

static void
append_header (GByteArray *bytes, const char *name, const char *value)
{
  guint8 head[3] = { 7, 0, (guint8) strlen (value) };
  guint8 length = (guint8) strlen (name);

  g_byte_array_append (bytes, &length, 1);
  g_byte_array_append (bytes, (const guint8 *) name, length);
  g_byte_array_append (bytes, head, 3);
  g_byte_array_append (bytes, (const guint8 *) value, head[2]);
}

static void
append_message (GByteArray *stream, const char *type, const char *payload)
{
  gboolean is_exception = g_str_has_suffix (type, "Exception");
  g_autoptr (GByteArray) headers = g_byte_array_new ();
  guint begin = stream->len;

  append_header (headers, ":message-type", is_exception ? "exception" : "event");
  append_header (headers, is_exception ? ":exception-type" : ":event-type", type);
  append_u32 (stream, (guint32) (16 + headers->len + strlen (payload)));
  append_u32 (stream, headers->len);
  append_u32 (stream, (guint32) crc32 (0, stream->data + begin, 8));
  g_byte_array_append (stream, headers->data, headers->len);
  g_byte_array_append (stream, (const guint8 *) payload, (guint) strlen (payload));
  append_u32 (stream, (guint32) crc32 (0, stream->data + begin, stream->len - begin));
}

void
cloud_world_add_reply (CloudWorld *self, const char *lines)
{
  g_auto (GStrv) parts = g_strsplit (lines, "\n", -1);
  GByteArray *stream = g_byte_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *space = strchr (parts[i], ' ');

      g_assert_nonnull (space);
      *space = '\0';
      append_message (stream, parts[i], space + 1);
    }
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->replies, g_byte_array_free_to_bytes (stream));
  g_mutex_unlock (&self->lock);
}
