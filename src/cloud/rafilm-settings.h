/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the environment of a function says. Read once, at the start of the sandbox. */
#pragma once

#include <stdint.h>

typedef enum
{
  RAFILM_SERVICE_DYNAMODB,
  RAFILM_SERVICE_SSM,
  RAFILM_SERVICE_LAMBDA,
  RAFILM_SERVICE_BEDROCK_RUNTIME,
  RAFILM_SERVICE_PERSONALIZE_RUNTIME,
  RAFILM_SERVICE_COGNITO,
  RAFILM_SERVICE_S3,
  RAFILM_SERVICE_PERSONALIZE_EVENTS,
  RAFILM_N_SERVICES
} RafilmService;

/* Every text is owned by the struct; one that is not set is NULL, unless its default stands here.
 */
typedef struct
{
  char *region;        /* AWS_REGION, us-east-1 */
  char *access_key;    /* AWS_ACCESS_KEY_ID */
  char *secret_key;    /* AWS_SECRET_ACCESS_KEY */
  char *session_token; /* AWS_SESSION_TOKEN */

  char *endpoints[RAFILM_N_SERVICES]; /* AWS_ENDPOINT_URL_…, or AWS's own of the region */

  char *table;              /* RAFILM_TABLE */
  char *pool_id;            /* RAFILM_POOL_ID */
  char *client_id;          /* RAFILM_CLIENT_ID */
  char *issuer;             /* RAFILM_ISSUER, or Cognito's for pool_id */
  char *tmdb_url;           /* RAFILM_TMDB_URL, https://api.themoviedb.org/3 */
  char *tmdb_key_name;      /* RAFILM_TMDB_KEY_PARAMETER: name of an SSM SecureString */
  char *connections_url;    /* RAFILM_CONNECTIONS_URL: endpoint of @connections with the stage */
  char *bedrock_model;      /* RAFILM_BEDROCK_MODEL */
  char *chat_worker;        /* RAFILM_CHAT_WORKER: name of the function */
  char *account_worker;     /* RAFILM_ACCOUNT_WORKER: name of the function */
  char *takeout_bucket;     /* RAFILM_TAKEOUT_BUCKET: where archives for users go */
  char *training_bucket;    /* RAFILM_TRAINING_BUCKET: what Personalize reads and writes */
  char *event_tracker;      /* RAFILM_EVENT_TRACKER: id of Personalize's tracker; NULL = none */
  char *campaign_arn;       /* RAFILM_CAMPAIGN_ARN; NULL = no Personalize campaign */
  int64_t training_hours;   /* RAFILM_TRAINING_HOURS, 15 hours of training in a month */
  int64_t chat_daily_quota; /* RAFILM_CHAT_DAILY_QUOTA, 50 messages per user and UTC day */
} RafilmSettings;

RafilmSettings *rafilm_settings_new_from_environment (void);
void rafilm_settings_free (RafilmSettings *self);
