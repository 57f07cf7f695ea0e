/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table's stream: what a function is told of what was written, and how often. */

#include "local-client.h"
#include "rafilm-local-http.h"
#include "rafilm-local-stream.h"

#include "rafilm-test.h"

#define TABLE "rafilm"

static JsonArray *
parse_records (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));

  return json_node_dup_array (json_parser_get_root (parser));
}

/* Viewings, names and accounts only, and images only where there are some. */
static void
test_event (void)
{
  g_autoptr (JsonArray) records = parse_records (
      "[{\"eventName\":\"INSERT\",\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":\"U#1\"},"
      "\"sk\":{\"S\":\"d#1\"}},"
      "\"OldImage\":{},\"NewImage\":{\"q\":{\"N\":\"1\"}}}},"
      "{\"eventName\":\"REMOVE\",\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":\"U#2\"},"
      "\"sk\":{\"S\":\"M\"}},"
      "\"OldImage\":{\"q\":{\"N\":\"1\"}},\"NewImage\":{}}},"
      "{\"eventName\":\"INSERT\",\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":\"U#1\"},"
      "\"sk\":{\"S\":\"C#socket\"}}}},"
      "{\"eventName\":\"INSERT\",\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":\"T#search\"}}}},"
      "{\"eventName\":\"INSERT\",\"dynamodb\":{\"Keys\":{}}},"
      "{\"eventName\":\"INSERT\"}]");
  g_autoptr (GBytes) event = rafilm_local_stream_make_event (records);
  g_autoptr (JsonObject) object = rafilm_local_json_parse (event);
  JsonArray *kept = rafilm_local_json_get_array (object, "Records");
  JsonObject *first;
  JsonObject *second;

  g_assert_cmpuint (json_array_get_length (kept), ==, 2);
  first = rafilm_local_json_get_object (json_array_get_object_element (kept, 0), "dynamodb");
  second = rafilm_local_json_get_object (json_array_get_object_element (kept, 1), "dynamodb");
  g_assert_false (json_object_has_member (first, "OldImage"));
  g_assert_true (json_object_has_member (first, "NewImage"));
  g_assert_true (json_object_has_member (second, "OldImage"));
  g_assert_false (json_object_has_member (second, "NewImage"));
}

static void
test_no_event (void)
{
  static const char *const none[] = { "[]", "[{\"dynamodb\":{\"Keys\":{\"pk\":{\"S\":\"T#1\"}}}}]",
                                      "[{\"dynamodb\":{\"Keys\":{\"pk\":{\"N\":\"1\"}}}}]",
                                      "[{\"dynamodb\":{}}]" };

  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (JsonArray) records = parse_records (none[i]);

      g_assert_null (rafilm_local_stream_make_event (records));
    }
}

/* ---- with a table --------------------------------------------------------------------------- */

typedef struct
{
  SoupSession *session;
  RafilmLocalMoto *moto;
  RafilmLocalFunction *function;
  RafilmLocalStream *stream;
  char *log;
} World;

static World *
world_new (const char *answer)
{
  World *world = g_new0 (World, 1);
  g_autofree char *folder = rafilm_test_make_dir ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) environment = NULL;

  world->log = g_build_filename (folder, "events", NULL);
  environment = g_environ_setenv (NULL, "FAKE_LOG", world->log, TRUE);
  environment = g_environ_setenv (environment, "FAKE_ANSWER", answer, TRUE);
  world->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  world->moto = rafilm_local_moto_start (world->session, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (rafilm_local_moto_create_table (world->moto, TABLE, &error));
  world->function =
      rafilm_local_function_new ("publisher", FAKE_FUNCTION, (const char *const *) environment, 1);
  world->stream = rafilm_local_stream_start (world->moto, TABLE, world->function, &error);
  g_assert_no_error (error);

  return world;
}

static void
world_free (World *world)
{
  g_clear_pointer (&world->stream, rafilm_local_stream_stop);
  rafilm_local_function_free (world->function);
  rafilm_test_sleep (700); /* a reading that was under way ends meanwhile */
  rafilm_local_moto_free (world->moto);
  g_object_unref (world->session);
  g_free (world->log);
  g_free (world);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

static void
put (World *world, const char *pk, const char *sk)
{
  JsonObject *input = json_object_new ();
  JsonObject *item = json_object_new ();
  const char *keys[][2] = { { "pk", pk }, { "sk", sk } };
  g_autoptr (JsonObject) output = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      JsonObject *value = json_object_new ();

      json_object_set_string_member (value, "S", keys[i][1]);
      json_object_set_object_member (item, keys[i][0], value);
    }
  json_object_set_string_member (input, "TableName", TABLE);
  json_object_set_object_member (input, "Item", item);
  output = rafilm_local_moto_call (world->moto, "DynamoDB_20120810.PutItem", input, &error);
  g_assert_no_error (error);
}

/* How often the function was told of the row. */
static guint
count (World *world, const char *sk)
{
  g_autofree char *text = NULL;
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", sk);
  g_auto (GStrv) events = NULL;
  guint found = 0;

  if (!g_file_get_contents (world->log, &text, NULL, NULL))
    return 0;
  events = g_strsplit (text, "\n", -1);
  for (gsize i = 0; events[i] != NULL; i++)
    if (strstr (events[i], quoted) != NULL)
      found++;

  return found;
}

static void
await_count (World *world, const char *sk, guint wanted)
{
  for (int i = 0; i < 1000 && count (world, sk) < wanted; i++)
    rafilm_test_sleep (20);
  g_assert_cmpuint (count (world, sk), >=, wanted);
}

/* In order, each once when all goes well, and nothing that is no diary's. */
static void
test_told (void)
{
  g_autoptr (World) world = world_new ("{\"batchItemFailures\":[]}");

  put (world, "U#1", "d#first");
  put (world, "T#search", "d#cache");
  rafilm_local_stream_wake (world->stream);
  await_count (world, "d#first", 1);
  put (world, "U#1", "d#second");
  await_count (world, "d#second", 1);
  rafilm_test_sleep (500);
  g_assert_cmpuint (count (world, "d#first"), ==, 1);
  g_assert_cmpuint (count (world, "d#second"), ==, 1);
  g_assert_cmpuint (count (world, "d#cache"), ==, 0);
}

/* A function may write long after it was asked. */
static void
test_late (void)
{
  g_autoptr (World) world = world_new ("{\"batchItemFailures\":[]}");

  rafilm_local_stream_wake (world->stream);
  rafilm_test_sleep (6500);
  put (world, "U#1", "d#late");
  await_count (world, "d#late", 1);
}

static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return strstr (message, "given up") == NULL;
}

static void
count_warning (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  if (strstr (message, "given up") != NULL)
    ++*(guint *) data;
}

/* A batch that failed comes again, and after five times the next one has its turn. */
static void
test_retried (void)
{
  g_autoptr (World) world = world_new ("{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"}]}");
  guint warnings = 0;
  guint handler = g_log_set_handler ("rafilm-local", G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL,
                                     count_warning, &warnings);

  g_test_log_set_fatal_handler (is_fatal, NULL);
  put (world, "U#1", "d#first");
  rafilm_local_stream_wake (world->stream);
  await_count (world, "d#first", 5);
  rafilm_test_sleep (300);
  g_assert_cmpuint (count (world, "d#first"), ==, 5);
  rafilm_local_stream_wake (world->stream);
  put (world, "U#1", "d#second");
  await_count (world, "d#second", 1);
  g_assert_cmpuint (count (world, "d#first"), ==, 5);
  g_assert_cmpuint (warnings, ==, 1);
  g_clear_pointer (&world->stream, rafilm_local_stream_stop);
  g_log_remove_handler ("rafilm-local", handler);
}

/* Once stopped it tells no more, whatever is written. */
static void
test_stopped (void)
{
  g_autoptr (World) world = world_new ("{\"batchItemFailures\":[]}");

  rafilm_local_stream_wake (world->stream);
  g_clear_pointer (&world->stream, rafilm_local_stream_stop);
  put (world, "U#1", "d#late");
  rafilm_test_sleep (800);
  g_assert_cmpuint (count (world, "d#late"), ==, 0);
}

int
main (int argc, char *argv[])
{
  rafilm_test_init (&argc, &argv);
  g_test_add_func ("/local/stream/event", test_event);
  g_test_add_func ("/local/stream/no-event", test_no_event);
  rafilm_test_add_fiber ("/local/stream/told", test_told);
  rafilm_test_add_fiber ("/local/stream/late", test_late);
  rafilm_test_add_fiber ("/local/stream/retried", test_retried);
  rafilm_test_add_fiber ("/local/stream/stopped", test_stopped);

  return g_test_run ();
}
