/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-bench-cloud.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>

#include "rafilm-api.h"

#define PASSWORD "Correct-Horse-7-Battery"

void
bench_await (DexFuture *future)
{
  g_autoptr (GError) error = NULL;

  if (!dex_await (future, &error))
    g_error ("%s", error->message);
}

/* The cloud */

static char *
find_beside (const char *path)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program);

  return g_build_filename (folder, "..", "..", path, NULL);
}

/* Beside this program; it ends with its standard input, which ends with us. */
static char *
start_table (BenchCloud *self)
{
  g_autofree char *program = find_beside ("tests/bench/table-stand-in");
  g_autoptr (GDataInputStream) lines = NULL;
  g_autoptr (GError) error = NULL;
  char *address = NULL;

  self->table = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                  &error, program, NULL);
  if (self->table == NULL)
    g_error ("%s", error->message);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->table));
  address = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  if (address == NULL)
    g_error ("The table's stand-in does not start");
  return address;
}

static void
read_endpoints (BenchCloud *self)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
      char *value = NULL;

      if (line == NULL)
        g_error ("The local cloud does not start");
      if (line[0] == '\0')
        return;
      value = strchr (line, '=');
      if (value == NULL)
        continue;
      *value++ = '\0';
      g_setenv (line, value, TRUE);
      g_hash_table_insert (self->endpoints, g_strdup (line), g_strdup (value));
    }
}

static void
start_cloud (BenchCloud *self)
{
  g_autofree char *program = find_beside ("src/local/rafilm-local");
  g_autofree char *functions = find_beside ("src/cloud/bootstrap");
  g_autofree char *log = g_build_filename (self->folder, "cloud.log", NULL);
  const char *arguments[] = { program,      "--port", "0", "--functions", functions, "--sample",
                              BENCH_SAMPLE, "--log",  log, NULL,          NULL,      NULL };
  g_autoptr (GError) error = NULL;

  if (self->meter != NULL)
    {
      arguments[9] = "--dynamodb";
      arguments[10] = rafilm_meter_get_url (self->meter);
    }
  self->process = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  if (self->process == NULL)
    g_error ("%s", error->message);
  g_setenv ("RAFILM_KEYRING", "file", TRUE);
  read_endpoints (self);
}

BenchCloud *
bench_cloud_start (const char *folder, gboolean with_moto)
{
  BenchCloud *self = g_new0 (BenchCloud, 1);

  g_mkdir_with_parents (folder, 0700);
  self->folder = g_strdup (folder);
  self->endpoints = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (!with_moto)
    {
      g_autofree char *address = start_table (self);

      self->meter = rafilm_meter_new (address);
    }
  start_cloud (self);
  return self;
}

void
bench_cloud_stop (BenchCloud *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_object_unref (self->process);
  rafilm_meter_free (self->meter);
  if (self->table != NULL)
    g_subprocess_force_exit (self->table);
  g_clear_object (&self->table);
  g_hash_table_unref (self->endpoints);
  g_free (self->folder);
  g_free (self);
}

static char *
read_code (BenchCloud *self, RafilmHttp *http, const char *email)
{
  g_autofree char *uri = g_strdup_printf (
      "%s?to=%s", (char *) g_hash_table_lookup (self->endpoints, "RAFILM_MAIL_URL"), email);
  RafilmHttpRequest request = { .method = "GET", .uri = uri };
  g_autoptr (RafilmHttpAnswer) answer = dex_await_boxed (rafilm_http_send (http, &request), NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (answer == NULL)
    g_error ("There is no mail");
  text = g_strndup (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body));
  node = json_from_string (text, NULL);
  if (node == NULL)
    g_error ("The mail is no JSON");
  return g_strdup (json_object_get_string_member (json_node_get_object (node), "code"));
}

/* Computers */

static guint
get_port (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);

  return (guint) g_uri_get_port (parsed);
}

static BenchComputer *
open_computer (BenchCloud *cloud, const char *name)
{
  BenchComputer *self = g_new0 (BenchComputer, 1);
  g_autoptr (GUri) api = NULL;
  g_autoptr (GUri) counted = NULL;
  GError *error = NULL;

  self->folder = g_build_filename (cloud->folder, name, NULL);
  g_mkdir_with_parents (self->folder, 0700);
  self->endpoints = rafilm_endpoints_new_from_environment (&error);
  if (self->endpoints == NULL)
    g_error ("%s", error->message);
  self->wire = rafilm_bench_wire_new (cloud->tls_port != 0 ? cloud->tls_port
                                                           : get_port (self->endpoints->api),
                                      cloud->tls_port != 0);
  api = g_uri_parse (self->endpoints->api, G_URI_FLAGS_NONE, NULL);
  counted = g_uri_build (G_URI_FLAGS_NONE, cloud->tls_port != 0 ? "https" : g_uri_get_scheme (api),
                         NULL, g_uri_get_host (api), (int) rafilm_bench_wire_get_port (self->wire),
                         g_uri_get_path (api), NULL, NULL);
  g_free (self->endpoints->api);
  self->endpoints->api = g_uri_to_string (counted);
  self->keyring = rafilm_keyring_new (self->folder);
  self->http = rafilm_http_new ();
  self->account = rafilm_account_new (self->http, self->endpoints, self->keyring);
  self->api = rafilm_api_new (self->http, self->endpoints, self->account);
  self->socket = rafilm_socket_new (self->http, self->endpoints, self->account);
  return self;
}

void
bench_cloud_sign_up (BenchCloud *self, const char *email)
{
  BenchComputer *computer = open_computer (self, "sign-up");
  g_autofree char *code = NULL;

  bench_await (rafilm_account_sign_up (computer->account, email, PASSWORD));
  code = read_code (self, computer->http, email);
  bench_await (rafilm_account_confirm (computer->account, email, code));
  bench_computer_free (computer);
}

BenchComputer *
bench_computer_new (BenchCloud *cloud, const char *name, const char *email)
{
  BenchComputer *self = open_computer (cloud, name);
  g_autofree char *path = g_build_filename (self->folder, "diary.db", NULL);

  bench_await (rafilm_account_sign_in (self->account, email, PASSWORD));
  self->store = dex_await_object (rafilm_store_open (path), NULL);
  if (self->store == NULL)
    g_error ("%s cannot be opened", path);
  self->engine = rafilm_sync_engine_new (self->store, self->api, self->account, self->socket);
  return self;
}

void
bench_computer_sync (BenchComputer *self)
{
  bench_await (rafilm_sync_engine_sync_now (self->engine));
}

void
bench_computer_free (BenchComputer *self)
{
  if (self->engine != NULL)
    rafilm_sync_engine_stop (self->engine);
  g_clear_object (&self->engine);
  if (self->store != NULL)
    bench_await (rafilm_store_close (self->store));
  g_clear_object (&self->store);
  g_clear_object (&self->socket);
  g_clear_object (&self->api);
  g_clear_object (&self->account);
  g_clear_object (&self->keyring);
  g_clear_object (&self->http);
  rafilm_endpoints_free (self->endpoints);
  rafilm_bench_wire_free (self->wire);
  g_free (self->folder);
  g_free (self);
}
