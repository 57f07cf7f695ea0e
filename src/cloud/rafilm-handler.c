/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rafilm-handler.h"

#include <string.h>

static const struct
{
  const char *name;
  RafilmHandlerFunc func;
} handlers[] = {
  { "account", rafilm_account_handler },
  { "account-worker", rafilm_account_worker_handler },
  { "authorizer", rafilm_authorizer_handler },
  { "connect", rafilm_connect_handler },
  { "films", rafilm_films_handler },
  { "publisher", rafilm_publisher_handler },
  { "recommendations", rafilm_recommendations_handler },
  { "reviews", rafilm_reviews_handler },
  { "chat", rafilm_chat_handler },
  { "chat-worker", rafilm_chat_worker_handler },
  { "sync", rafilm_sync_handler },
  { "interactions", rafilm_interactions_handler },
  { "training-clean", rafilm_training_clean_handler },
  { "training-export", rafilm_training_export_handler },
  { "training-guard", rafilm_training_guard_handler },
  { "training-load", rafilm_training_load_handler },
};

RafilmHandlerFunc
rafilm_handler_find (const char *name)
{
  for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
    if (strcmp (handlers[i].name, name) == 0)
      return handlers[i].func;
  return NULL;
}

RafilmContext *
rafilm_context_new (const RafilmSettings *settings)
{
  RafilmContext *self = rafilm_alloc0 (sizeof *self);

  self->settings = settings;
  self->http = rafilm_http_client_new ();
  self->stream_http = rafilm_http_client_new ();
  self->aws = rafilm_aws_new (settings, self->http);
  self->dynamodb = rafilm_dynamodb_new (self->aws, settings->table);
  self->connections = rafilm_connections_new (self->aws, self->dynamodb, settings->connections_url);
  self->tmdb = rafilm_tmdb_new (self->aws, self->dynamodb);
  self->jwt = rafilm_jwt_new (self->http, settings->issuer, settings->client_id);
  self->route = "";
  return self;
}

void
rafilm_context_free (RafilmContext *self)
{
  if (self == NULL)
    return;
  rafilm_jwt_free (self->jwt);
  rafilm_tmdb_free (self->tmdb);
  rafilm_connections_free (self->connections);
  rafilm_dynamodb_free (self->dynamodb);
  rafilm_aws_free (self->aws);
  rafilm_http_client_free (self->stream_http);
  rafilm_http_client_free (self->http);
  free (self);
}
