/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-settings.h"

#include "rafilm-memory.h"

#include <errno.h>

/* How AWS names a service in the environment and in a host name. */
static const struct
{
  const char *variable;
  const char *host;
} services[RAFILM_N_SERVICES] = {
  [RAFILM_SERVICE_DYNAMODB] = { "AWS_ENDPOINT_URL_DYNAMODB", "dynamodb" },
  [RAFILM_SERVICE_SSM] = { "AWS_ENDPOINT_URL_SSM", "ssm" },
  [RAFILM_SERVICE_LAMBDA] = { "AWS_ENDPOINT_URL_LAMBDA", "lambda" },
  [RAFILM_SERVICE_BEDROCK_RUNTIME] = { "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "bedrock-runtime" },
  [RAFILM_SERVICE_PERSONALIZE_RUNTIME] = { "AWS_ENDPOINT_URL_PERSONALIZE_RUNTIME",
                                           "personalize-runtime" },
  [RAFILM_SERVICE_COGNITO] = { "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "cognito-idp" },
  [RAFILM_SERVICE_S3] = { "AWS_ENDPOINT_URL_S3", "s3" },
  [RAFILM_SERVICE_PERSONALIZE_EVENTS] = { "AWS_ENDPOINT_URL_PERSONALIZE_EVENTS",
                                          "personalize-events" },
};

/* An empty variable is one that is not set: templates cannot leave one out. */
static char *
read_text (const char *variable, const char *fallback)
{
  const char *value = getenv (variable);

  if (value == NULL || *value == '\0')
    value = fallback;
  return rafilm_strdup (value);
}

static int64_t
read_number (const char *variable, int64_t fallback)
{
  const char *value = getenv (variable);
  char *end = NULL;
  long long number;

  if (value == NULL || *value == '\0')
    return fallback;
  errno = 0;
  number = strtoll (value, &end, 10);
  return errno == 0 && *end == '\0' && number >= 0 ? number : fallback;
}

RafilmSettings *
rafilm_settings_new_from_environment (void)
{
  RafilmSettings *self = rafilm_alloc0 (sizeof *self);

  self->region = read_text ("AWS_REGION", "us-east-1");
  self->access_key = read_text ("AWS_ACCESS_KEY_ID", NULL);
  self->secret_key = read_text ("AWS_SECRET_ACCESS_KEY", NULL);
  self->session_token = read_text ("AWS_SESSION_TOKEN", NULL);
  for (unsigned i = 0; i < RAFILM_N_SERVICES; i++)
    {
      rafilm_autofree char *own =
          rafilm_printf ("https://%s.%s.amazonaws.com", services[i].host, self->region);

      self->endpoints[i] = read_text (services[i].variable, own);
    }

  self->table = read_text ("RAFILM_TABLE", "rafilm");
  self->pool_id = read_text ("RAFILM_POOL_ID", NULL);
  self->client_id = read_text ("RAFILM_CLIENT_ID", NULL);
  self->issuer = read_text ("RAFILM_ISSUER", NULL);
  if (self->issuer == NULL && self->pool_id != NULL)
    self->issuer =
        rafilm_printf ("https://cognito-idp.%s.amazonaws.com/%s", self->region, self->pool_id);
  self->tmdb_url = read_text ("RAFILM_TMDB_URL", "https://api.themoviedb.org/3");
  self->tmdb_key_name = read_text ("RAFILM_TMDB_KEY_PARAMETER", NULL);
  self->connections_url = read_text ("RAFILM_CONNECTIONS_URL", NULL);
  self->bedrock_model = read_text ("RAFILM_BEDROCK_MODEL", NULL);
  self->chat_worker = read_text ("RAFILM_CHAT_WORKER", NULL);
  self->account_worker = read_text ("RAFILM_ACCOUNT_WORKER", NULL);
  self->takeout_bucket = read_text ("RAFILM_TAKEOUT_BUCKET", NULL);
  self->training_bucket = read_text ("RAFILM_TRAINING_BUCKET", NULL);
  self->event_tracker = read_text ("RAFILM_EVENT_TRACKER", NULL);
  self->campaign_arn = read_text ("RAFILM_CAMPAIGN_ARN", NULL);
  self->training_hours = read_number ("RAFILM_TRAINING_HOURS", 15);
  self->chat_daily_quota = read_number ("RAFILM_CHAT_DAILY_QUOTA", 50);
  return self;
}

void
rafilm_settings_free (RafilmSettings *self)
{
  if (self == NULL)
    return;
  for (unsigned i = 0; i < RAFILM_N_SERVICES; i++)
    free (self->endpoints[i]);
  free (self->region);
  free (self->access_key);
  free (self->secret_key);
  free (self->session_token);
  free (self->table);
  free (self->pool_id);
  free (self->client_id);
  free (self->issuer);
  free (self->tmdb_url);
  free (self->tmdb_key_name);
  free (self->connections_url);
  free (self->bedrock_model);
  free (self->chat_worker);
  free (self->account_worker);
  free (self->takeout_bucket);
  free (self->training_bucket);
  free (self->event_tracker);
  free (self->campaign_arn);
  free (self);
}
