/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-cloud-table.h"

#include "rafilm-bench.h"

#include <gio/gio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* moto copies its whole content for each transaction, so it must stay small; with so few rounds,
 * p99 is the slowest. */
#define ROUNDS 50
#define CHANGES 25
#define PULLED 500
#define TABLE "rafilm"
#define START_SECONDS 60

/* One device of one account, as it would synchronise. */
typedef struct
{
  RafilmStand *stand;
  const char *account;
  char *epoch;
  gint64 cursor;
  gint64 n; /* of its last operation */
  guint batches;
} Device;

typedef struct
{
  double all[ROUNDS];
  double own[ROUNDS]; /* without moto's share */
} Times;

static const char table_text[] =
    "{\"TableName\":\"" TABLE "\",\"BillingMode\":\"PAY_PER_REQUEST\",\"AttributeDefinitions\":["
    "{\"AttributeName\":\"pk\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"sk\",\"AttributeType\":\"S\"},"
    "{\"AttributeName\":\"q\",\"AttributeType\":\"N\"}],\"KeySchema\":["
    "{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"sk\",\"KeyType\":"
    "\"RANGE\"}],\"LocalSecondaryIndexes\":[{\"IndexName\":\"bySeq\",\"KeySchema\":["
    "{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"},{\"AttributeName\":\"q\",\"KeyType\":"
    "\"RANGE\"}],\"Projection\":{\"ProjectionType\":\"ALL\"}}]}";

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* False while nobody answers there. */
static gboolean
make_table (const char *url)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *address = g_strconcat (url, "/", NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", address);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autoptr (GBytes) body = g_bytes_new_static (table_text, strlen (table_text));
  g_autoptr (GBytes) answer = NULL;

  soup_message_headers_replace (headers, "X-Amz-Target", "DynamoDB_20120810.CreateTable");
  soup_message_headers_replace (headers, "Authorization",
                                "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/dynamodb/"
                                "aws4_request, SignedHeaders=host, Signature=0");
  soup_message_set_request_body_from_bytes (message, "application/x-amz-json-1.0", body);
  answer = soup_session_send_and_read (session, message, NULL, NULL);
  return answer != NULL && soup_message_get_status (message) == 200;
}

static GPid
start_moto (char **ret_url)
{
  g_autofree char *port = g_strdup_printf ("%d", g_random_int_range (10000, 32000));
  const char *arguments[] = { "moto_server", "-H", "127.0.0.1", "-p", port, NULL };
  GPid moto;

  if (!g_spawn_async (NULL, (char **) arguments, NULL,
                      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL
                          | G_SPAWN_STDERR_TO_DEV_NULL,
                      NULL, NULL, &moto, NULL))
    return 0;
  *ret_url = g_strdup_printf ("http://127.0.0.1:%s", port);
  for (int i = 0; i < START_SECONDS * 10; i++)
    {
      if (make_table (*ret_url))
        return moto;
      g_usleep (100000);
    }
  g_error ("moto does not answer");
}

static char *
make_event (const Device *device, const char *body)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "httpMethod");
  json_builder_add_string_value (builder, "POST");
  json_builder_set_member_name (builder, "resource");
  json_builder_add_string_value (builder, "/v1/sync");
  json_builder_set_member_name (builder, "body");
  json_builder_add_string_value (builder, body);
  json_builder_set_member_name (builder, "requestContext");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "authorizer");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "claims");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "sub");
  json_builder_add_string_value (builder, device->account);
  for (int i = 0; i < 4; i++)
    json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

/* A viewing of the usual size; every fifth has a review. */
static void
add_change (GString *body, Device *device, gint64 viewing)
{
  gint64 clock = (g_get_real_time () / 1000) << 16;

  g_string_append_printf (
      body,
      "%s{\"n\":%" G_GINT64_FORMAT ",\"k\":\"d\",\"id\":\"viewing%" G_GINT64_FORMAT
      "\",\"base\":%" G_GINT64_FORMAT ",\"full\":true,\"h\":\"%016" G_GINT64_MODIFIER
      "x\",\"set\":{\"film\":%" G_GINT64_FORMAT ",\"on\":\"2024-03-%02d\",\"rating\":%d,"
      "\"finished\":true,\"rewatch\":false%s}}",
      body->str[body->len - 1] == '[' ? "" : ",", device->n + 1, viewing, device->cursor, clock,
      600 + viewing, (int) (viewing % 28) + 1, (int) (device->n % 10) + 1,
      viewing % 5 == 0 ? ",\"rv\":\"Seen on a rainy evening, and it stays with me: the streets, "
                         "the music, the very last shot.\""
                       : "");
  device->n++;
}

/* Pushes `changes` to viewings from `first` on (none: only pulls), and takes the answer. */
static double
synchronise (Device *device, int changes, gint64 first, gint64 cursor)
{
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *event = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (JsonNode) page = NULL;
  JsonObject *object;
  double ms;

  g_string_append_printf (
      body,
      "{\"proto\":1,\"acct\":\"%s\",\"dev\":\"aaaaaaaa\",\"cursor\":%" G_GINT64_FORMAT
      ",\"now\":%" G_GINT64_FORMAT ",\"max\":1000000",
      device->account, cursor, g_get_real_time () / 1000);
  if (device->epoch != NULL)
    g_string_append_printf (body, ",\"epoch\":\"%s\"", device->epoch);
  if (changes > 0)
    {
      g_string_append_printf (body, ",\"batch\":{\"id\":\"b_%u\",\"ops\":[", ++device->batches);
      for (int i = 0; i < changes; i++)
        add_change (body, device, first + i);
      g_string_append (body, "]}");
    }
  g_string_append_c (body, '}');
  event = make_event (device, body->str);
  text = rafilm_stand_invoke (device->stand, event, &ms);
  answer = json_from_string (text, NULL);
  object = json_node_get_object (answer);
  if (json_object_get_int_member (object, "statusCode") != 200)
    g_error ("Refused: %s", text);
  page = json_from_string (json_object_get_string_member (object, "body"), NULL);
  object = json_node_get_object (page);
  g_set_str (&device->epoch, json_object_get_string_member (object, "epoch"));
  device->cursor = json_object_get_int_member (object, "cursor");
  if (changes == 0 && cursor == 0
      && json_array_get_length (json_object_get_array_member (object, "rows")) != PULLED)
    g_error ("The page has not %d rows", PULLED);
  return ms;
}

static void
fill (Device *device)
{
  for (int i = 0; i < PULLED / CHANGES; i++)
    synchronise (device, CHANGES, i * CHANGES, device->cursor);
}

static void
take_time (Times *times, int round, double ms, RafilmMeter *meter)
{
  RafilmMeterFigures figures;

  rafilm_meter_take (meter, &figures);
  times->all[round] = ms;
  times->own[round] = ms - figures.emulator_ms;
}

static void
print_times (const char *name, Times *times)
{
  const struct
  {
    const char *what;
    double *values;
    int at;
  } lines[] = {
    { "p50_ms", times->all, ROUNDS / 2 },
    { "p99_ms", times->all, ROUNDS * 99 / 100 },
    { "without_moto_p50_ms", times->own, ROUNDS / 2 },
    { "without_moto_p99_ms", times->own, ROUNDS * 99 / 100 },
  };

  qsort (times->all, ROUNDS, sizeof *times->all, compare);
  qsort (times->own, ROUNDS, sizeof *times->own, compare);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *line = g_strconcat (name, "_", lines[i].what, NULL);

      rafilm_bench_print (line, lines[i].values[lines[i].at]);
    }
}

static void
time_calls (Device *full, RafilmMeter *meter)
{
  Device writer = { .stand = full->stand, .account = "writer" };
  RafilmMeterFigures before;
  Times push, pull;

  synchronise (&writer, CHANGES, 0, 0);
  rafilm_meter_take (meter, &before);
  for (int round = 0; round < ROUNDS; round++)
    {
      take_time (&push, round, synchronise (&writer, CHANGES, round * CHANGES, writer.cursor),
                 meter);
      take_time (&pull, round, synchronise (full, 0, 0, 0), meter);
    }
  print_times ("push_25", &push);
  print_times ("pull_500", &pull);
}

static void
print_units (const char *name, RafilmMeter *meter, int changes)
{
  g_autofree char *reads = g_strconcat (name, "_read_units", NULL);
  g_autofree char *writes = g_strconcat (name, "_write_units", NULL);
  RafilmMeterFigures figures;

  rafilm_meter_take (meter, &figures);
  rafilm_bench_print (reads, figures.capacity.reads / changes);
  rafilm_bench_print (writes, figures.capacity.writes / changes);
}

static void
count_units (Device *device, RafilmMeter *meter)
{
  rafilm_meter_set_counting (meter, TRUE);
  fill (device);
  print_units ("change_new_of_25", meter, PULLED);
  synchronise (device, CHANGES, 0, device->cursor);
  print_units ("change_edit_of_25", meter, CHANGES);
  synchronise (device, 1, 7, device->cursor);
  print_units ("change_alone", meter, 1);
  synchronise (device, 0, 0, 0);
  print_units ("pull_500", meter, 1);
  synchronise (device, 0, 0, device->cursor);
  print_units ("pull_nothing", meter, 1);
  rafilm_meter_set_counting (meter, FALSE);
}

void
rafilm_bench_table (const char *bootstrap)
{
  g_autoptr (RafilmStand) stand = rafilm_stand_new ();
  Device full = { .stand = stand, .account = "full" };
  g_autofree char *url = NULL;
  GPid moto = start_moto (&url), pid;
  g_autoptr (RafilmMeter) meter = NULL;
  g_autofree char *endpoint = NULL;
  const char *arguments[] = { bootstrap, NULL };
  const char *variables[] = { "_HANDLER=sync",
                              "AWS_REGION=us-east-1",
                              "AWS_ACCESS_KEY_ID=AKIDEXAMPLE",
                              "AWS_SECRET_ACCESS_KEY=secret",
                              "RAFILM_TABLE=" TABLE,
                              NULL,
                              NULL };

  if (moto == 0)
    {
      g_print ("no figures of synchronisation: moto_server is missing\n");
      return;
    }
  meter = rafilm_meter_new (url);
  endpoint = g_strconcat ("AWS_ENDPOINT_URL_DYNAMODB=", rafilm_meter_get_url (meter), NULL);
  variables[G_N_ELEMENTS (variables) - 2] = endpoint;
  pid = rafilm_stand_start (stand, arguments, variables);
  count_units (&full, meter);
  time_calls (&full, meter);
  rafilm_bench_print ("sync_memory_mib", rafilm_stand_stop (stand, pid));
  kill (moto, SIGKILL);
  waitpid (moto, NULL, 0);
}
