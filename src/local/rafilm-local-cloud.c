/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-local-cloud.h"

#include "rafilm-local-bedrock.h"
#include "rafilm-local-cognito.h"
#include "rafilm-local-error.h"
#include "rafilm-local-event.h"
#include "rafilm-local-gateway.h"
#include "rafilm-local-http.h"
#include "rafilm-local-images.h"
#include "rafilm-local-lambda.h"
#include "rafilm-local-moto.h"
#include "rafilm-local-personalize.h"
#include "rafilm-local-socket.h"
#include "rafilm-local-state.h"
#include "rafilm-local-stream.h"
#include "rafilm-local-table.h"
#include "rafilm-local-tmdb.h"

#include "rafilm-spawn.h"

#define TABLE "rafilm"
#define BUCKET "rafilm-data"
#define TMDB_KEY_PARAMETER "/rafilm/tmdb-key"
#define BEDROCK_MODEL "rafilm.stand-in-v1:0"
#define MAX_BODY_BYTES (10 * 1024 * 1024)
#define TMDB_REQUESTS_PER_SECOND 50
#define SAVE_SECONDS 3
/* Saving may take this part of the time at most, however large the table is. */
#define SAVE_SHARE 10

static const struct
{
  const char *name;
  guint max_sandboxes;
} function_table[] = {
  { "authorizer", 2 },      { "connect", 3 },   { "sync", 4 },           { "films", 4 },
  { "recommendations", 2 }, { "chat", 2 },      { "chat-worker", 4 },    { "reviews", 2 },
  { "account", 2 },         { "publisher", 1 }, { "account-worker", 2 },
};

struct _RafilmLocalCloud
{
  SoupServer *server;
  SoupSession *session;
  char *address;
  char *tmdb_key;
  RafilmLocalCatalogue *catalogue;
  RafilmLocalMoto *moto;
  RafilmLocalState *state;
  RafilmLocalTable *table; /* only with a state */
  RafilmLocalCognito *cognito;
  RafilmLocalTmdb *tmdb;
  RafilmLocalImages *images;
  RafilmLocalBedrock *bedrock;
  RafilmLocalPersonalize *personalize;
  GHashTable *functions;
  RafilmLocalGateway *gateway;
  RafilmLocalSocket *socket;
  RafilmLocalLambda *lambda;
  RafilmLocalStream *stream;
  guint save_timer;
  gint64 save_after; /* monotonic microseconds */
  gboolean saving;
  gboolean is_open;
};

/* Whatever asks a function may change the table. */
static RafilmLocalFunction *
find_function (const char *name, gpointer data)
{
  RafilmLocalCloud *self = data;

  rafilm_local_stream_wake (self->stream);

  return g_hash_table_lookup (self->functions, name);
}

static JsonObject *
authorize (const char *authorization, gboolean *ret_expired, gpointer data)
{
  RafilmLocalCloud *self = data;

  return rafilm_local_cognito_authorize (self->cognito, authorization, ret_expired);
}

/* Before the answer goes out: Cognito forgets nobody either. */
static void
users_changed_cb (gpointer data)
{
  RafilmLocalCloud *self = data;
  g_autoptr (JsonObject) users = NULL;
  g_autoptr (GError) error = NULL;

  if (self->state == NULL)
    return;
  users = rafilm_local_cognito_save (self->cognito);
  if (!rafilm_local_state_save_users (self->state, users, &error))
    g_warning ("The users cannot be saved: %s", error->message);
}

static DexFuture *
save_fiber (gpointer data)
{
  RafilmLocalCloud *self = data;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  self->saving = TRUE;
  if (!rafilm_local_table_save (self->table, &error))
    g_warning ("The table cannot be saved: %s", error->message);
  self->saving = FALSE;
  self->save_after = g_get_monotonic_time () + (g_get_monotonic_time () - start) * (SAVE_SHARE - 1);

  return dex_future_new_true ();
}

static gboolean
save_timer_cb (gpointer data)
{
  RafilmLocalCloud *self = data;

  if (!self->saving && g_get_monotonic_time () >= self->save_after
      && rafilm_local_table_wants_saving (self->table))
    dex_future_disown (rafilm_spawn (save_fiber, self, NULL));

  return G_SOURCE_CONTINUE;
}

/* As AWS does while a service cannot be reached: whoever comes before all is there, or after the
 * end has begun, is not told that there is no such thing. */
static void
early_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
          gpointer data)
{
  RafilmLocalCloud *self = data;

  if (self->is_open)
    return;
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                "1");
  rafilm_local_http_reply_problem (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "unavailable",
                                   "The service is not ready");
}

static gboolean
listen (RafilmLocalCloud *self, guint port, GError **error)
{
  g_autoslist (GUri) uris = NULL;

  self->server = soup_server_new ("server-header", "rafilm-local", NULL);
  rafilm_local_http_bound (self->server, MAX_BODY_BYTES);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  if (!soup_server_listen_local (self->server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  uris = soup_server_get_uris (self->server);
  self->address = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));

  return TRUE;
}

static gboolean
prepare_storage (RafilmLocalCloud *self, const char *dynamodb, GError **error)
{
  self->moto = rafilm_local_moto_start (self->session, dynamodb, error);
  if (self->moto == NULL)
    return FALSE;
  if (!rafilm_local_moto_create_table (self->moto, TABLE, error)
      || !rafilm_local_moto_put_bucket (self->moto, BUCKET, error)
      || !rafilm_local_moto_put_secret (self->moto, TMDB_KEY_PARAMETER, self->tmdb_key, error))
    return FALSE;

  if (self->state != NULL)
    self->table = rafilm_local_table_start (self->moto, self->state, TABLE, error);

  return self->state == NULL || self->table != NULL;
}

static const char *
get_dynamodb (RafilmLocalCloud *self)
{
  return self->table != NULL ? rafilm_local_table_get_address (self->table)
                             : rafilm_local_moto_get_dynamodb (self->moto);
}

static guint
read_seconds (const char *variable, guint fallback)
{
  const char *text = g_getenv (variable);
  guint64 seconds = 0;

  if (text != NULL && g_ascii_string_to_unsigned (text, 10, 1, 86400, &seconds, NULL))
    return (guint) seconds;

  return fallback;
}

static void
start_cognito (RafilmLocalCloud *self)
{
  RafilmLocalCognitoTimes times = RAFILM_LOCAL_COGNITO_TIMES;
  g_autoptr (JsonObject) kept = NULL;

  times.token = read_seconds ("RAFILM_LOCAL_TOKEN_SECONDS", times.token);
  times.code = read_seconds ("RAFILM_LOCAL_CODE_SECONDS", times.code);
  if (self->state != NULL)
    kept = rafilm_local_state_load_users (self->state);
  self->cognito =
      rafilm_local_cognito_new (self->server, self->address, times, kept, users_changed_cb, self);
}

static GStrv
make_environment (RafilmLocalCloud *self)
{
  const char *storage = rafilm_local_moto_get_address (self->moto);
  g_autofree char *tmdb = g_strconcat (self->address, "/3", NULL);
  g_autofree char *connections = g_strconcat (self->address, "/" RAFILM_LOCAL_SOCKET_STAGE, NULL);
  const struct
  {
    const char *name;
    const char *value;
  } variables[] = {
    { "AWS_REGION", RAFILM_LOCAL_REGION },
    { "AWS_DEFAULT_REGION", RAFILM_LOCAL_REGION },
    { "AWS_ACCESS_KEY_ID", "local" },
    { "AWS_SECRET_ACCESS_KEY", "local" },
    { "AWS_SESSION_TOKEN", "local" },
    { "AWS_ENDPOINT_URL_DYNAMODB", get_dynamodb (self) },
    { "AWS_ENDPOINT_URL_S3", storage },
    { "AWS_ENDPOINT_URL_SSM", storage },
    { "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", self->address },
    { "AWS_ENDPOINT_URL_LAMBDA", self->address },
    { "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", self->address },
    { "AWS_ENDPOINT_URL_PERSONALIZE_RUNTIME", self->address },
    { "RAFILM_TABLE", TABLE },
    { "RAFILM_POOL_ID", rafilm_local_cognito_get_pool (self->cognito) },
    { "RAFILM_CLIENT_ID", rafilm_local_cognito_get_client (self->cognito) },
    { "RAFILM_ISSUER", rafilm_local_cognito_get_issuer (self->cognito) },
    { "RAFILM_TMDB_URL", tmdb },
    { "RAFILM_TMDB_KEY_PARAMETER", TMDB_KEY_PARAMETER },
    { "RAFILM_CONNECTIONS_URL", connections },
    { "RAFILM_BEDROCK_MODEL", BEDROCK_MODEL },
    { "RAFILM_CHAT_WORKER", "chat-worker" },
    { "RAFILM_ACCOUNT_WORKER", "account-worker" },
    { "RAFILM_TAKEOUT_BUCKET", BUCKET },
    { "RAFILM_CHAT_DAILY_QUOTA", "200" },
  };
  GStrv environment = g_new0 (char *, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    environment = g_environ_setenv (environment, variables[i].name, variables[i].value, TRUE);

  return environment;
}

static gboolean
start_functions (RafilmLocalCloud *self, const char *program, GError **error)
{
  g_auto (GStrv) environment = make_environment (self);

  for (gsize i = 0; i < G_N_ELEMENTS (function_table); i++)
    {
      RafilmLocalFunction *function = rafilm_local_function_new (function_table[i].name, program,
                                                                 (const char *const *) environment,
                                                                 function_table[i].max_sandboxes);

      g_hash_table_replace (self->functions, (gpointer) rafilm_local_function_get_name (function),
                            function);
      if (!rafilm_local_function_warm (function, error))
        return FALSE;
    }

  return TRUE;
}

static void
start_services (RafilmLocalCloud *self)
{
  start_cognito (self);
  self->tmdb = rafilm_local_tmdb_new (self->server, self->catalogue, self->tmdb_key, self->address,
                                      TMDB_REQUESTS_PER_SECOND);
  self->images = rafilm_local_images_new (self->server, self->catalogue);
  self->bedrock = rafilm_local_bedrock_new (self->server);
  self->personalize = rafilm_local_personalize_new (self->server, self->catalogue);
}

RafilmLocalCloud *
rafilm_local_cloud_start (const RafilmLocalOptions *options, GError **error)
{
  g_autoptr (RafilmLocalCloud) self = g_new0 (RafilmLocalCloud, 1);

  g_return_val_if_fail (options != NULL, NULL);

  self->functions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                           (GDestroyNotify) rafilm_local_function_free);
  self->session = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
  self->tmdb_key = g_uuid_string_random ();
  self->catalogue = rafilm_local_catalogue_new (options->sample, error);
  if (self->catalogue == NULL || !listen (self, options->port, error))
    return NULL;
  if (options->state != NULL)
    {
      self->state = rafilm_local_state_new (options->state, error);
      if (self->state == NULL)
        return NULL;
    }
  if (!prepare_storage (self, options->dynamodb, error))
    return NULL;

  start_services (self);
  if (!start_functions (self, options->functions, error))
    return NULL;
  self->stream = rafilm_local_stream_start (
      self->moto, TABLE, g_hash_table_lookup (self->functions, "publisher"), error);
  if (self->stream == NULL)
    return NULL;
  self->gateway = rafilm_local_gateway_new (self->server, find_function, authorize, self);
  self->socket =
      rafilm_local_socket_new (self->server, RAFILM_LOCAL_SOCKET_TIMES, find_function, self);
  self->lambda = rafilm_local_lambda_new (self->server, find_function, self);
  users_changed_cb (self);
  self->is_open = TRUE;
  if (self->table != NULL)
    self->save_timer = g_timeout_add_seconds (SAVE_SECONDS, save_timer_cb, self);

  return g_steal_pointer (&self);
}

static void
stop_gateways (RafilmLocalCloud *self)
{
  g_clear_pointer (&self->lambda, rafilm_local_lambda_free);
  g_clear_pointer (&self->socket, rafilm_local_socket_free);
  g_clear_pointer (&self->gateway, rafilm_local_gateway_free);
  g_clear_pointer (&self->stream, rafilm_local_stream_stop);
}

void
rafilm_local_cloud_stop (RafilmLocalCloud *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (self != NULL);

  self->is_open = FALSE;
  g_clear_handle_id (&self->save_timer, g_source_remove);
  stop_gateways (self);
  g_hash_table_remove_all (self->functions);
  if (self->table == NULL)
    return;

  while (self->saving)
    dex_await (dex_timeout_new_msec (20), NULL);
  if (rafilm_local_table_save (self->table, &error))
    rafilm_local_state_finish (self->state);
  else
    g_warning ("The table cannot be saved: %s", error->message);
}

void
rafilm_local_cloud_free (RafilmLocalCloud *self)
{
  g_return_if_fail (self != NULL);

  g_clear_handle_id (&self->save_timer, g_source_remove);
  stop_gateways (self);
  g_clear_pointer (&self->functions, g_hash_table_unref);
  g_clear_pointer (&self->personalize, rafilm_local_personalize_free);
  g_clear_pointer (&self->bedrock, rafilm_local_bedrock_free);
  g_clear_pointer (&self->images, rafilm_local_images_free);
  g_clear_pointer (&self->tmdb, rafilm_local_tmdb_free);
  g_clear_pointer (&self->cognito, rafilm_local_cognito_free);
  g_clear_pointer (&self->table, rafilm_local_table_stop);
  g_clear_pointer (&self->state, rafilm_local_state_free);
  g_clear_pointer (&self->moto, rafilm_local_moto_free);
  g_clear_pointer (&self->catalogue, rafilm_local_catalogue_free);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->session);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->tmdb_key, g_free);
  g_free (self);
}

char *
rafilm_local_cloud_describe (RafilmLocalCloud *self)
{
  const char *storage = rafilm_local_moto_get_address (self->moto);
  const char *host = self->address + strlen ("http://");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "RAFILM_API_URL=%s/" RAFILM_LOCAL_STAGE "\n", self->address);
  g_string_append_printf (text, "RAFILM_SOCKET_URL=ws://%s/" RAFILM_LOCAL_SOCKET_STAGE "\n", host);
  g_string_append_printf (text, "RAFILM_COGNITO_URL=%s/\n", self->address);
  g_string_append_printf (text, "RAFILM_COGNITO_CLIENT=%s\n",
                          rafilm_local_cognito_get_client (self->cognito));
  g_string_append_printf (text, "RAFILM_COGNITO_POOL=%s\n",
                          rafilm_local_cognito_get_pool (self->cognito));
  g_string_append_printf (text, "RAFILM_IMAGES_URL=%s/t/p\n", self->address);
  g_string_append_printf (text, "RAFILM_DYNAMODB_URL=%s\n", get_dynamodb (self));
  g_string_append_printf (text, "RAFILM_S3_URL=%s\n", storage);
  g_string_append_printf (text, "RAFILM_TABLE=%s\n", TABLE);
  g_string_append_printf (text, "RAFILM_TMDB_URL=%s/3\n", self->address);
  g_string_append_printf (text, "RAFILM_BEDROCK_URL=%s\n", self->address);
  g_string_append_printf (text, "RAFILM_MAIL_URL=%s/mail\n", self->address);

  return g_string_free (text, FALSE);
}
